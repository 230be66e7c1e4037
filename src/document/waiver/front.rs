//! Waivers in front matter: `proclint: {allow: [{RULE: reason}]}`, for the whole page.

use super::directive::{self, Directive};
use super::{Flaw, Scope, TAG, Waiver, Waivers};
use crate::document::Document;
use crate::text::Span;
use crate::yaml::{Entry, Node};

/// Adds the waivers under the key of the front matter to `found`.
pub(super) fn collect(document: &Document<'_>, found: &mut Waivers) {
    let Some(entry) = document.node().and_then(|node| node.entry(TAG)) else { return };
    let Some(allow) = entry.value.get("allow").filter(|_| entry.value.entries().len() == 1) else {
        let why = "in front matter it is `proclint: {allow: [{RULE: reason}]}`".to_owned();
        found.flaws.push(Flaw { span: entry.key_span, why });
        return;
    };
    let text = document.text();
    let items = allow.items().iter().flat_map(|item| match item.as_str() {
        Some(_) => vec![words(text, item)],
        None => item.entries().iter().map(|entry| pair(text, entry)).collect(),
    });
    let lines = document.lines();
    let line = |at: u32| lines.line_span(lines.line_of(at), text);
    // The only entry goes with the lines of its key; one of several takes a person.
    let is_only = allow.items().len() + allow.entries().len() == 1
        && allow.items().iter().all(|item| item.entries().len() < 2)
        && line(entry.key_span.start).start == entry.key_span.start;
    let last = entry.value.span.end.saturating_sub(1).max(entry.key_span.start);
    let whole = Span { start: entry.key_span.start, end: line(last).end };
    let removal: Vec<_> = is_only.then_some(whole).into_iter().collect();
    let before = found.waivers.len() + found.flaws.len();
    for (span, names, reason) in allow.entries().iter().map(|entry| pair(text, entry)).chain(items) {
        match directive::allow(text, span, Scope::File, names, reason) {
            Ok(Directive::Allow { scope, rules, reason }) => {
                let covers = Span::new(0, text.len());
                found.waivers.push(Waiver { span, scope, rules, reason, covers, removal: removal.clone() });
            }
            Ok(Directive::End(_)) => {}
            Err(flaw) => found.flaws.push(flaw),
        }
    }
    if before == found.waivers.len() + found.flaws.len() {
        let why = "it allows nothing; write a list of `RULE: reason`".to_owned();
        found.flaws.push(Flaw { span: entry.key_span, why });
    }
}

/// `RULE: reason` as key and value, as they stand in `text`.
fn pair<'t>(text: &'t str, entry: &Entry) -> (Span, &'t str, &'t str) {
    let span = Span { start: entry.key_span.start, end: entry.value.span.end.max(entry.key_span.end) };
    let reason = if entry.value.as_str().is_some() { entry.value.span.of(text) } else { "" };
    (span, entry.key_span.of(text), reason)
}

/// `"RULE: reason"` as one string.
fn words<'t>(text: &'t str, item: &Node) -> (Span, &'t str, &'t str) {
    let words = item.span.of(text);
    let (names, reason) = words.split_once(':').unwrap_or((words, ""));
    (item.span, names, reason)
}
