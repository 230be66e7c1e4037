//! Two captures of a subject that must say the same.

use serde::Deserialize;

use super::{Hit, Sink, View};
use crate::document::Document;
use crate::document::field::Presence;
use crate::pattern::Pattern;
use crate::scan::Need;
use crate::subject::{Detail, Details};
use crate::text::Span;

/// Two captures; where one is missing, or several differ, there is nothing to compare.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Agree {
    /// The first.
    left: Capture,
    /// The second.
    right: Capture,
    /// The one that a finding points at.
    #[serde(default)]
    at: Side,
    /// The variant that is reported.
    #[serde(default)]
    variant: String,
}

/// What a pattern captures in a field.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Capture {
    field: String,
    pattern: Pattern,
    /// Words right before a capture that make it mean something else.
    #[serde(default)]
    not_after: Vec<String>,
}

/// One of the two captures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Side {
    #[default]
    Left,
    Right,
}

impl Agree {
    /// The values that messages may name.
    pub const VALUES: &'static [&'static str] = &["hit", "left", "right"];

    /// The variants the check may report.
    pub fn variants(&self) -> Vec<&str> {
        Some(self.variant.as_str()).filter(|name| !name.is_empty()).into_iter().collect()
    }

    /// The details of a record that it looks at.
    pub fn details(&self) -> Details {
        [&self.left, &self.right].into_iter().filter_map(|capture| Detail::of_field(&capture.field)).collect()
    }

    /// Fields are looked at, whatever the text holds.
    pub fn need(&self) -> Need {
        Need::Nothing
    }

    /// Reports the side at fault where both say something and not the same.
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        for capture in [&self.left, &self.right] {
            if view.doc.field(&capture.field).presence == Presence::Absent {
                return sink.not_checked(format!("the record has no `{}`", capture.field));
            }
        }
        let (Some(left), Some(right)) = (self.left.only(view.doc), self.right.only(view.doc)) else { return };
        if left.1 == right.1 {
            return;
        }
        let (span, other) = match self.at {
            Side::Left => (left.0, right.0),
            Side::Right => (right.0, left.0),
        };
        let hit = span.of(view.doc.text());
        let values = [("hit", hit), ("left", left.1.as_str()), ("right", right.1.as_str())];
        let says = format!("this says `{}`", if self.at == Side::Left { &right.1 } else { &left.1 });
        sink.report(Hit::at(span, &values).variant(&self.variant).related(other, says));
    }
}

impl Capture {
    /// The first capture with its place, if all captures are equal.
    fn only(&self, document: &Document<'_>) -> Option<(Span, String)> {
        let field = document.field(&self.field);
        let mut only: Option<(Span, String)> = None;
        for mark in field.values.iter() {
            let verbatim = mark.span.of(document.text()) == mark.text;
            for found in self.pattern.hits(&mark.text) {
                if self.means_something_else(mark.text.get(..found.start()).unwrap_or_default()) {
                    continue;
                }
                match &only {
                    Some((_, text)) if text != found.as_str() => return None,
                    Some(_) => {}
                    None => {
                        let part = Span::from(found.range()).shifted(mark.span.start as usize);
                        only = Some((if verbatim { part } else { mark.span }, found.as_str().to_owned()));
                    }
                }
            }
        }
        only
    }

    /// Whether one of the words leads to the capture behind `before`, as in `Ruby 3.2`, `Ruby version 3.2` and, for
    /// the second number, `Ruby 3.2 and 3.3`.
    fn means_something_else(&self, before: &str) -> bool {
        let mut before = before.trim_end_matches(['v', 'V']);
        loop {
            let lead = before.trim_end_matches(is_gap);
            let lead = lead.strip_suffix("version").map_or(lead, |lead| lead.trim_end_matches(is_gap));
            if self.not_after.iter().any(|word| ends_with_word(lead, word)) {
                return true;
            }
            let joined = ["/", ",", "&", "–", "-", "and", "or"].iter();
            let Some(list) = joined.filter_map(|joint| before.trim_end().strip_suffix(joint)).next() else {
                return false;
            };
            let list = list.trim_end();
            before =
                list.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.').trim_end_matches(['v', 'V']);
            if before.len() == list.len() {
                return false;
            }
        }
    }
}

/// What may stand between a product's name and its version.
fn is_gap(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '_' | '/' | '@' | '>' | '=' | '~')
}

fn ends_with_word(text: &str, word: &str) -> bool {
    let Some(start) = text.len().checked_sub(word.len()) else { return false };
    let left = text.get(..start).and_then(|rest| rest.chars().next_back());
    text.get(start..).is_some_and(|last| last.eq_ignore_ascii_case(word))
        && left.is_none_or(|c| !c.is_alphanumeric())
}
