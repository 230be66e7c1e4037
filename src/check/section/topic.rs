//! Topics that a text gives a section to.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::title::{self, Title};
use super::{content, page};
use crate::check::freshness::category::is_direction_of;
use crate::check::require::Place;
use crate::check::{Hit, Sink, View};
use crate::diagnostic::Severity;
use crate::document::Outline;
use crate::globs::Globs;
use crate::pattern::Pattern;

/// Topics, and what is asked of their sections.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Topics {
    /// The topics by name.
    topics: BTreeMap<String, Topic>,
    /// Lines that start in bold are titles, too.
    #[serde(default)]
    bold: bool,
    /// A section holds something.
    #[serde(default)]
    filled: bool,
    /// What does not count as something.
    #[serde(default)]
    empty_words: Vec<String>,
    /// The first cells of table rows that stand for a topic.
    #[serde(default)]
    rows: BTreeMap<String, Pattern>,
    /// What the links of a topic's section lead to.
    #[serde(default)]
    links: BTreeMap<String, Pattern>,
    /// The pages that are read, besides the direction pages of categories; everything where absent.
    pages: Option<Globs>,
    /// Where one finding for all that is missing points; without it each topic has its own, at the page's title.
    #[serde(default)]
    at: Vec<Place>,
}

/// A topic, told by the titles of its sections.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Topic {
    /// What a title matches.
    pattern: Option<Pattern>,
    /// What it does not match.
    exclude: Option<Pattern>,
    /// How a title starts; it may go on with anything but a letter.
    #[serde(default)]
    phrases: Vec<String>,
    /// A section for it, with what it asks of its author.
    #[serde(default)]
    section: String,
    /// How grave it is that the topic is missing.
    severity: Option<Severity>,
}

impl Topics {
    /// The variants it may report.
    pub(super) fn variants(&self) -> Vec<&str> {
        let each = self.at.is_empty();
        let variants =
            [("missing", each), ("empty", each && self.filled), ("unlinked", !self.links.is_empty())];
        variants.into_iter().filter(|(_, reported)| *reported).map(|(name, _)| name).collect()
    }

    /// Reports the topics that are missing, empty or without links.
    pub(super) fn check(&self, view: View<'_>, sink: &mut Sink<'_>) {
        if !self.reads(view) {
            return;
        }
        let text = view.doc.text();
        let empty = Outline::default();
        let outline = view.doc.body().unwrap_or(&empty);
        let mut titles = title::headings(text, outline);
        if self.bold {
            titles.extend(title::bold_leads(text, outline));
        }
        if self.at.is_empty() {
            return self.each(view, outline, &titles, sink);
        }
        let filled = |title: &&Title| {
            !self.filled || content::is_filled(text, outline, title.section, &self.empty_words)
        };
        let has =
            |topic: &Topic| titles.iter().filter(|title| topic.is_named(&title.words)).any(|t| filled(&t));
        let missing: Vec<_> = self.topics.iter().filter(|(_, topic)| !has(topic)).collect();
        let Some(spot) = self.at.iter().find_map(|place| place.find(view.doc)) else { return };
        if !missing.is_empty() {
            let names: Vec<_> = missing.iter().map(|(name, _)| name.as_str()).collect();
            let sections: Vec<_> = missing.iter().map(|(_, topic)| topic.section.trim()).collect();
            let (names, sections) = (names.join(" and "), sections.join("\n\n"));
            let values = [("hit", spot.span.of(text)), ("missing", &*names), ("sections", &*sections)];
            sink.report(Hit::at(spot.span, &values));
        }
    }

    fn reads(&self, view: View<'_>) -> bool {
        let path = view.doc.subject.path.as_deref().unwrap_or_default();
        let direction = || view.world.categories().is_some_and(|list| is_direction_of(list, path));
        self.pages.as_ref().is_none_or(|pages| pages.has(path) || direction())
    }

    /// Reports each topic on its own.
    fn each(&self, view: View<'_>, outline: &Outline, titles: &[Title], sink: &mut Sink<'_>) {
        let text = view.doc.text();
        let partials = page::partials(text, outline);
        for (name, topic) in &self.topics {
            let row = self.rows.get(name).is_some_and(|row| page::has_row(text, outline, row));
            let sections: Vec<&Title> = titles.iter().filter(|title| topic.is_named(&title.words)).collect();
            if row || partials.iter().any(|partial| topic.is_named(partial)) {
                continue;
            }
            let Some(first) = sections.first() else {
                let place = page::title(view, outline);
                let values =
                    [("hit", place.of(text)), ("missing", name.as_str()), ("sections", topic.section.trim())];
                let mut hit = Hit::at(place, &values).variant("missing");
                hit.severity = topic.severity;
                sink.report(hit);
                continue;
            };
            let (hit, values) = (first.span, [("hit", first.span.of(text)), ("missing", name.as_str())]);
            let filled =
                |title: &&&Title| content::is_filled(text, outline, title.section, &self.empty_words);
            if self.filled && !sections.iter().any(|section| filled(&section)) {
                sink.report(Hit::at(hit, &values).variant("empty"));
            } else if let Some(target) = self.links.get(name) {
                let linked = |title: &&Title| {
                    content::links(text, outline, title.section).iter().any(|(link, _)| target.is_match(link))
                        || content::is_generated(outline, title.section)
                };
                if !sections.iter().any(linked) {
                    sink.report(Hit::at(hit, &values).variant("unlinked"));
                }
            }
        }
    }
}

impl Topic {
    fn is_named(&self, title: &str) -> bool {
        let phrase = |phrase: &String| {
            let rest = title.get(..phrase.len()).filter(|lead| lead.eq_ignore_ascii_case(phrase));
            rest.is_some()
                && !title.get(phrase.len()..).is_some_and(|rest| rest.starts_with(char::is_alphabetic))
        };
        (self.pattern.as_ref().is_some_and(|pattern| pattern.is_match(title))
            || self.phrases.iter().any(phrase))
            && !self.exclude.as_ref().is_some_and(|exclude| exclude.is_match(title))
    }
}
