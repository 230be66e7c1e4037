//! Links in sections that look further ahead than what they link to is planned.

use serde::Deserialize;

use super::content;
use super::title::{self, Title};
use crate::check::link::leads_to_work;
use crate::check::{Hit, Sink, View};
use crate::document::flat::Flat;
use crate::pattern::Pattern;
use crate::scan::Need;

/// Which sections look far ahead, and which of their links do not fit.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Horizon {
    /// Headings of such sections.
    far: Pattern,
    /// Headings of sections that do not, wherever they stand.
    near: Pattern,
    /// Headings of sections that are not looked at.
    skip: Pattern,
    /// Where the links lead, of all that lead to work.
    target: Pattern,
    /// Where they do not lead.
    except: Pattern,
    /// Literals of which every such target holds one.
    literals: Vec<String>,
    /// Texts of links that only point to a place to follow the work.
    pointer: Pattern,
    /// What is asked of GitLab instead.
    facts: Facts,
}

/// The plan of a linked issue, which GitLab knows.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Facts {
    /// Whether it is asked.
    api: bool,
    /// Months that issues may lie ahead.
    horizon_months: u32,
    /// Milestones that are no plan.
    unscheduled_milestones: Vec<String>,
}

impl Facts {
    /// Why it cannot be told from a page.
    fn gap(&self) -> String {
        format!(
            "GitLab would be asked which linked issues are planned for the next {} months and not in {}",
            self.horizon_months,
            self.unscheduled_milestones.join(", ")
        )
    }
}

impl Horizon {
    /// What a text must contain.
    pub(super) fn need(&self) -> Need {
        Need::Any(self.literals.clone())
    }

    /// Reports links of the sections that look far ahead.
    pub(super) fn check(&self, view: View<'_>, sink: &mut Sink<'_>) {
        if self.facts.api {
            return sink.not_checked(self.facts.gap());
        }
        let Some(outline) = view.doc.body() else { return };
        let text = view.doc.text();
        let titles = title::headings(text, outline);
        for (target, shown) in content::links(text, outline, outline.span) {
            let words = Flat::new(text, outline, shown, true).text;
            let words = words.trim_end_matches(|c: char| !c.is_alphanumeric());
            let is_meant = leads_to_work(target, view.world)
                && self.target.is_match(target)
                && !self.except.is_match(target);
            if !is_meant || self.pointer.is_match(words) {
                continue;
            }
            let around = titles
                .iter()
                .rev()
                .filter(|title| title.section.contains(shown) || title.span.contains(shown));
            if let Some(title) = self.far(around) {
                let values = [("hit", shown.of(text)), ("heading", title.words.as_str())];
                let hit = Hit::at(shown, &values).related(title.span, "this section looks further ahead");
                sink.report(hit);
            }
        }
    }

    /// The innermost of the titles around a link that speaks about time, if that time is far away.
    fn far<'t>(&self, mut around: impl Iterator<Item = &'t Title>) -> Option<&'t Title> {
        let says_when = |title: &&Title| {
            [&self.far, &self.near, &self.skip].iter().any(|pattern| pattern.is_match(&title.words))
        };
        let title = around.find(says_when)?;
        let other = [&self.near, &self.skip].iter().any(|pattern| pattern.is_match(&title.words));
        (!other).then_some(title)
    }
}
