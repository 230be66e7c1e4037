//! The product categories of a definition: there, and known.

use serde::Deserialize;

use super::piece::{Piece, is_empty, nearest};
use crate::check::{Sink, View};
use crate::text::Span;
use crate::yaml::{Node, Value};

/// What [`Product`] may report.
pub(super) const VARIANTS: [&str; 4] = ["missing", "empty", "unknown", "old-name"];

/// The keys with the categories, and the file that lists all of them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Product {
    /// The keys that may hold categories; the first one is today's.
    fields: Vec<String>,
    /// The file whose keys are the categories.
    categories_file: String,
    /// Names of definitions, or their first parts, that belong to no category.
    allow_missing_for: Vec<String>,
}

impl Product {
    /// Reports missing and unknown categories of a definition that is in use.
    pub(super) fn check(&self, piece: &Piece<'_>, view: View<'_>, sink: &mut Sink<'_>) {
        let node = piece.entry.node;
        if node.get("status").and_then(Node::as_str) != Some("active") {
            return;
        }
        let name = ["key_path", "action"].iter().find_map(|key| node.get(key)?.as_str()).unwrap_or_default();
        let current = self.fields.first().map_or("", String::as_str);
        let Some(found) = self.fields.iter().find_map(|field| node.entry(field)) else {
            if piece.is_complete() && !self.is_exempt(name) {
                let span = ["product_group", "key_path", "action"].iter().find_map(|key| node.entry(key));
                let span = span.or(node.entries().first()).map_or(node.span, |entry| Span {
                    end: entry.value.span.end.max(entry.key_span.end),
                    ..entry.key_span
                });
                let span = with_quote(piece.text, span);
                let values = [("hit", span.of(piece.text)), ("entry", name), ("key", current)];
                piece.report(sink, span, "missing", &values, None);
            }
            return;
        };
        let values = [("hit", found.key.as_str()), ("entry", name), ("key", current)];
        if found.key != current {
            let fix = matches!(found.value.value, Value::List(_))
                .then(|| piece.fix(format!("Write `{current}`"), false, found.key_span, current.to_owned()));
            piece.report(sink, found.key_span, "old-name", &values, fix.flatten());
        }
        if is_empty(&found.value) {
            if !self.is_exempt(name) {
                let span = piece.value_span(&found.value);
                let span = if span.is_empty() { found.key_span } else { span };
                piece.report(sink, span, "empty", &values, None);
            }
            return;
        }
        let Some(categories) = view.world.tree(&self.categories_file) else {
            return sink.not_checked(format!("{} is not in the working directory", self.categories_file));
        };
        let own = std::slice::from_ref(&found.value);
        let items = if found.value.items().is_empty() { own } else { found.value.items() };
        for item in items {
            let value = item.as_str().unwrap_or_default();
            if categories.get(value).is_some() {
                continue;
            }
            let other = nearest(value, categories.entries().iter().map(|entry| entry.key.as_str()));
            let fix = other
                .and_then(|other| piece.fix(format!("Write `{other}`"), false, item.span, other.to_owned()));
            let values = [
                ("hit", item.span.of(piece.text)),
                ("entry", name),
                ("key", current),
                ("other", self.categories_file.as_str()),
            ];
            piece.report(sink, item.span, "unknown", &values, fix);
        }
    }

    fn is_exempt(&self, name: &str) -> bool {
        let first = name.split('.').next().unwrap_or_default();
        self.allow_missing_for.iter().any(|exempt| exempt == name || exempt == first)
    }
}

/// `span` with the quote that ends the value.
fn with_quote(text: &str, span: Span) -> Span {
    let closes = text.get(span.end as usize..).is_some_and(|rest| rest.starts_with(['"', '\'']));
    Span { end: span.end + u32::from(closes), ..span }
}
