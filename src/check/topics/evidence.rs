//! What shows that a topic is addressed: words, links, labels, or enough of them.

use serde::Deserialize;

use super::unit::{Unit, Units};
use crate::check::View;
use crate::pattern::Pattern;

/// One way to address a topic; all that is given has to hold.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Evidence {
    /// Counts only under one of these labels.
    given: Option<Vec<String>>,
    /// Counts under none of these labels only.
    unless: Vec<String>,
    /// The subject carries one of these labels.
    labels: Option<Vec<String>>,
    /// The description holds all of these, in any letter case.
    words: Option<Vec<String>>,
    /// The description holds one of these, in any letter case.
    one_of: Option<Vec<String>>,
    /// How much text the following is looked for in.
    within: Reach,
    /// What is said there, all of it.
    says: Vec<Pattern>,
    /// What a link there leads to.
    links: Option<Pattern>,
    /// A part of the address that a link there leads to.
    link_part: Option<String>,
    /// The text is a task.
    task: bool,
    /// How often it has to be there: tasks, links, and what matches `dates`.
    at_least: Option<usize>,
    /// What counts besides tasks and links.
    dates: Option<Pattern>,
}

/// How much text belongs together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Reach {
    /// The whole description.
    #[default]
    Text,
    /// A paragraph, list item or table row, with the heading and the line with a colon above it.
    Paragraph,
    /// A sentence or list item.
    Sentence,
}

impl Evidence {
    /// Whether the description or the labels show it.
    pub(super) fn is_given(&self, view: View<'_>, units: &Units) -> bool {
        let own = view.doc.field("labels");
        let labelled =
            |labels: &[String]| own.values.iter().any(|own| labels.iter().any(|label| *label == own.text));
        if self.given.as_ref().is_some_and(|given| !labelled(given)) || labelled(&self.unless) {
            return false;
        }
        let text = || units.text.text.to_lowercase();
        let holds = |word: &String| text().contains(&word.to_lowercase());
        let by_label = self.labels.as_ref().is_none_or(|labels| labelled(labels));
        by_label
            && self.words.as_ref().is_none_or(|words| words.iter().all(holds))
            && self.one_of.as_ref().is_none_or(|words| words.iter().any(holds))
            && self.is_said(units)
    }

    fn is_said(&self, units: &Units) -> bool {
        let among = match self.within {
            Reach::Text => std::slice::from_ref(&units.text),
            Reach::Paragraph => &units.paragraphs,
            Reach::Sentence => &units.sentences,
        };
        let says = |unit: &&Unit| {
            (!self.task || unit.task) && self.says.iter().all(|pattern| pattern.is_match(&unit.text))
        };
        let saying: Vec<&Unit> = among.iter().filter(says).collect();
        match self.at_least {
            Some(least) => saying.iter().map(|unit| self.count(unit)).sum::<usize>() >= least,
            None => saying.iter().any(|unit| self.links(unit).next().is_some() || !self.asks_for_links()),
        }
    }

    fn asks_for_links(&self) -> bool {
        self.links.is_some() || self.link_part.is_some()
    }

    fn links<'u>(&self, unit: &'u Unit) -> impl Iterator<Item = &'u String> {
        unit.links.iter().filter(|link| {
            self.links.as_ref().is_none_or(|pattern| pattern.is_match(link))
                && self.link_part.as_ref().is_none_or(|part| link.contains(part.as_str()))
        })
    }

    /// The tasks, links and dates of `unit`; a task with its link or date is one.
    fn count(&self, unit: &Unit) -> usize {
        let dates = self.dates.as_ref().map_or(0, |dates| dates.hits(&unit.text).len());
        (self.links(unit).count() + dates).max(usize::from(unit.task))
    }
}
