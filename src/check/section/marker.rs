//! The headings of a template, which tell whether a text was made from it.

use serde::Deserialize;

use super::title;
use crate::check::require::Place;
use crate::check::{Hit, Sink, View};

/// A template and how much of it is found again.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Markers {
    /// The template's path in the working directory.
    template: String,
    /// Its headings, where the working directory lacks it.
    headings: Vec<String>,
    /// The key of a record that brings the headings along.
    key: String,
    /// How many of them are enough.
    min: usize,
    /// Where a finding points.
    at: Vec<Place>,
}

impl Markers {
    /// Reports a text with too few of the headings.
    pub(super) fn check(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let Some(spot) = self.at.iter().find_map(|place| place.find(view.doc)) else { return };
        let wanted = self.wanted(view);
        if wanted.is_empty() {
            return sink.not_checked(format!("the headings of `{}` are not known", self.template));
        }
        let text = view.doc.text();
        let found = view.doc.body().map(|body| {
            let titles = title::headings(text, body).into_iter().chain(title::bold_leads(text, body));
            titles.map(|title| folded(&title.words)).collect::<Vec<_>>()
        });
        let found = found.unwrap_or_default();
        if wanted.iter().filter(|heading| found.contains(heading)).count() < self.min.min(wanted.len()) {
            let (hit, missing) = (spot.span.of(text), self.template.as_str());
            sink.report(Hit::at(spot.span, &[("hit", hit), ("missing", missing)]));
        }
    }

    /// The headings of the template, as far as they are known.
    fn wanted(&self, view: View<'_>) -> Vec<String> {
        if let Some(template) = view.world.files.get(&self.template) {
            let words = title::headings_of(template).into_iter();
            return words.map(|words| folded(&words)).filter(|words| !words.is_empty()).collect();
        }
        let own =
            view.doc.node().and_then(|node| node.get(&self.key)).map(|list| list.items()).unwrap_or_default();
        let own = own.iter().filter_map(|item| item.as_str());
        let plain = |heading: &str| Some(folded(&title::headings_of(&format!("# {heading}")).pop()?));
        self.headings.iter().map(String::as_str).chain(own).filter_map(plain).collect()
    }
}

/// `words` in one letter case, blanks made single.
fn folded(words: &str) -> String {
    words.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}
