//! Entries about something that is not there yet, and the issue that tells about it.

use serde::Deserialize;

use super::piece::Piece;
use crate::check::{Hit, Sink, View};
use crate::document::field::Presence;
use crate::pattern::Pattern;
use crate::text::Span;
use crate::yaml::Node;

/// What [`Lacking`] may report.
pub(super) const VARIANTS: [&str; 1] = ["description"];

/// Keys that say whether it is there, and the link to the issue.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lacking {
    /// Keys whose value is true where it is there.
    tier_keys: Vec<String>,
    /// The address of an issue.
    issue_pattern: Pattern,
    /// The address of an issue, or a full reference to one, in the description of a merge request.
    mention: Pattern,
}

impl Lacking {
    /// The keys it looks at.
    pub(super) fn keys(&self) -> Vec<String> {
        self.tier_keys.clone()
    }

    /// Whether no tier has what `entry` is about; without any tier nobody knows.
    pub(super) fn lacks(&self, entry: &Node) -> bool {
        let tiers: Vec<_> = self.tier_keys.iter().filter_map(|key| entry.get(key)).collect();
        let absent = |node: &&Node| {
            node.is_null()
                || node
                    .as_str()
                    .is_some_and(|value| matches!(value.to_lowercase().as_str(), "false" | "no" | ""))
        };
        !tiers.is_empty() && tiers.iter().all(absent)
    }

    /// Reports an entry without the link to its issue.
    pub(super) fn check(&self, piece: &Piece<'_>, sink: &mut Sink<'_>) {
        let node = piece.entry.node;
        if !piece.is_complete() || !self.lacks(node) {
            return;
        }
        let title = node.get("title").filter(|title| !title.span.is_empty());
        let name = title.and_then(Node::as_str).unwrap_or(piece.entry.key());
        let span = match node.get("link").filter(|link| !link.is_null()) {
            Some(link) if link.as_str().is_some_and(|link| self.issue_pattern.is_match(link.trim())) => {
                return;
            }
            Some(link) => piece.value_span(link),
            None => title.map_or(piece.name_span(), |title| title.span),
        };
        piece.report(sink, span, "", &[("hit", span.of(piece.text)), ("entry", name)], None);
    }

    /// Reports a merge request that adds such entries alone and mentions no issue.
    pub(super) fn check_description(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let field = view.doc.field("description");
        let (span, text) = match field.presence {
            Presence::Absent => return sink.not_checked("the record has no `description`"),
            _ => field.first().map_or((field.place, ""), |mark| (mark.span, &*mark.text)),
        };
        if self.mention.is_match(text) {
            return;
        }
        let line = text.lines().next().unwrap_or_default().trim_end();
        let span = if text.is_empty() { span } else { Span { end: span.start, ..span } };
        let span = Span { end: span.end + u32::try_from(line.len()).unwrap_or_default(), ..span };
        sink.report(Hit::at(span, &[("hit", line)]).variant("description"));
    }
}
