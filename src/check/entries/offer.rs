//! Where a feature is offered: on every platform, or on some only.

use serde::Deserialize;

use super::route::Entry;
use crate::check::{Hit, Sink, View};
use crate::pattern::Pattern;
use crate::subject::Role;
use crate::yaml::{Node, Value};

/// The platforms that a feature comes to at the same time, and what excuses another plan.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Offer {
    /// Keys that are false where the item lacks a platform.
    switches: Vec<String>,
    /// Keys with the list of platforms.
    lists: Vec<String>,
    /// For each platform the names that lists call it by, compared by letters and digits.
    platforms: Vec<Vec<String>>,
    /// Categories and stages that belong to one platform by nature.
    exempt_categories: Vec<String>,
    /// A reason in the text.
    reason: Pattern,
}

impl Offer {
    /// The keys it looks at.
    pub(super) fn keys(&self) -> Vec<String> {
        self.switches.iter().chain(&self.lists).cloned().collect()
    }

    /// Reports the value that leaves a platform out.
    pub(super) fn check(&self, entry: &Entry<'_>, view: View<'_>, sink: &mut Sink<'_>) {
        let off = self
            .switches
            .iter()
            .filter_map(|key| entry.node.get(key))
            .find(|node| node.as_str().is_some_and(|value| value.eq_ignore_ascii_case("false")));
        let partial =
            || self.lists.iter().filter_map(|key| entry.node.get(key)).find(|node| self.is_partial(node));
        let Some(node) = off.or_else(partial) else { return };
        if self.is_exempt(entry) || self.has_reason(entry, view) {
            return;
        }
        let name =
            ["name", "title"].iter().find_map(|key| entry.node.get(key)?.as_str()).unwrap_or(entry.key());
        let values = [("hit", node.span.of(view.doc.text())), ("entry", name)];
        sink.report(Hit::at(node.span, &values));
    }

    /// Whether a list names some of the platforms and not all.
    fn is_partial(&self, list: &Node) -> bool {
        let names: Vec<String> = texts(list).into_iter().map(folded).collect();
        let named =
            self.platforms.iter().filter(|platform| platform.iter().any(|own| names.contains(&folded(own))));
        let count = named.count();
        count > 0 && count < self.platforms.len()
    }

    fn is_exempt(&self, entry: &Entry<'_>) -> bool {
        let own =
            ["categories", "category", "stage"].iter().filter_map(|key| entry.node.get(key)).flat_map(texts);
        let exempt: Vec<String> = self.exempt_categories.iter().map(|name| folded(name)).collect();
        own.map(folded).any(|name| exempt.contains(&name))
    }

    /// Whether the item's own text gives a reason; a Markdown file is one item.
    fn has_reason(&self, entry: &Entry<'_>, view: View<'_>) -> bool {
        let own = entry
            .node
            .get("description")
            .and_then(Node::as_str)
            .is_some_and(|text| self.reason.is_match(text));
        let file =
            view.doc.subject.parts.iter().filter(|part| entry.keys.is_empty() && part.role == Role::Body);
        own || file.map(|part| part.span.of(view.doc.text())).any(|text| self.reason.is_match(text))
    }
}

/// A scalar, or the scalars of a list.
fn texts(node: &Node) -> Vec<&str> {
    match node.value {
        Value::List(_) => node.items().iter().filter_map(Node::as_str).collect(),
        _ => node.as_str().into_iter().flat_map(|text| text.split(',')).collect(),
    }
}

/// Letters and digits in lower case.
fn folded(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
