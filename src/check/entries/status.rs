//! A key of an entry that has one of a few values, byte for byte.

use serde::Deserialize;

use super::piece::{Piece, is_empty, nearest};
use crate::check::Sink;
use crate::pattern::Pattern;
use crate::yaml::{Style, Value};

/// What [`Status`] may report.
pub(super) const VARIANTS: [&str; 6] = ["boolean", "null", "case", "extra", "no-issue", "no-key"];

/// The key, its values, and what goes with some of them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Status {
    /// The key.
    key: String,
    /// Its values.
    values: Vec<String>,
    /// Values that need an issue.
    open: Vec<String>,
    /// The key with that issue.
    issue_key: String,
    /// The address of an issue.
    issue: Pattern,
    /// Whether the issue is asked for.
    require_issue: bool,
    /// Whether an entry that a merge request changes needs the key.
    require_key: bool,
}

impl Status {
    /// The key it looks at, unless it may be missing.
    pub(super) fn keys(&self) -> Option<Vec<String>> {
        (!self.require_key).then(|| vec![self.key.clone()])
    }

    /// Reports a value that is none of the values.
    pub(super) fn check(&self, piece: &Piece<'_>, sink: &mut Sink<'_>) {
        let name = piece.entry.key();
        let Some(found) = piece.entry.node.entry(&self.key) else {
            if self.require_key && piece.changed.is_some() && piece.is_complete() {
                let values = [("hit", name), ("entry", name), ("key", &self.key)];
                piece.report(sink, piece.name_span(), "no-key", &values, None);
            }
            return;
        };
        let node = &found.value;
        let plain = matches!(&node.value, Value::Scalar(scalar) if scalar.style == Style::Plain);
        let text = node.as_str().unwrap_or_default();
        if self.values.iter().any(|value| value == text) {
            if self.require_issue && self.open.iter().any(|open| open == text) && self.lacks_issue(piece) {
                let values = [("hit", text), ("entry", name), ("key", self.issue_key.as_str())];
                piece.report(sink, node.span, "no-issue", &values, None);
            }
            return;
        }
        let folded = text.to_lowercase();
        let first =
            self.values.iter().find(|value| folded.starts_with(&format!("{} ", value.to_lowercase())));
        let bool_words = ["no", "yes", "true", "false", "on", "off", "y", "n"];
        let (variant, other) = if is_empty(node) {
            ("null", None)
        } else if plain && bool_words.contains(&folded.as_str()) {
            ("boolean", None)
        } else if let Some(value) = self.values.iter().find(|value| value.eq_ignore_ascii_case(text.trim())) {
            ("case", Some(value.as_str()))
        } else if let Some(value) = first {
            ("extra", Some(value.as_str()))
        } else {
            ("", nearest(text, self.values.iter().map(String::as_str)))
        };
        let span = match piece.value_span(node) {
            span if span.is_empty() => found.key_span,
            span => span,
        };
        let fix = other.filter(|_| !node.span.is_empty()).and_then(|value| {
            piece.fix(format!("Write `{value}`"), variant != "extra", node.span, value.to_owned())
        });
        let hit = span.of(piece.text);
        let values =
            [("hit", hit), ("entry", name), ("key", &self.key), ("other", other.unwrap_or_default())];
        piece.report(sink, span, variant, &values, fix);
    }

    fn lacks_issue(&self, piece: &Piece<'_>) -> bool {
        match piece.entry.node.get(&self.issue_key) {
            Some(node) => !node.as_str().is_some_and(|url| self.issue.is_match(url)),
            None => piece.is_complete(),
        }
    }
}
