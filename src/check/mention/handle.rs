//! Where a user or group is named: live, so that GitLab notifies them, or in code.

use crate::document::Outline;
use crate::document::outline::Class;
use crate::text::Span;

/// The places of a name.
#[derive(Debug, Default)]
pub(super) struct Occurrences {
    /// Where GitLab reads it as a mention.
    pub(super) live: Vec<Span>,
    /// Where it stands in code.
    pub(super) code: Vec<Span>,
}

/// The places of `handle`, in any letter case; a longer name that contains it is another one.
pub(super) fn find(text: &str, outline: &Outline, handle: &str) -> Occurrences {
    let (lower, handle) = (outline.span.of(text).to_ascii_lowercase(), handle.to_ascii_lowercase());
    let base = outline.span.start as usize;
    let mut found = Occurrences::default();
    for (at, _) in lower.match_indices(&handle) {
        let before = lower.get(..at).and_then(|before| before.chars().next_back());
        let mut after = lower.get(at + handle.len()..).unwrap_or_default().chars();
        let next = after.next();
        let goes_on = match next {
            Some('.' | '/') => after.next().is_some_and(|c| c.is_ascii_alphanumeric() || c == '_'),
            Some(c) => c.is_ascii_alphanumeric() || matches!(c, '-' | '_'),
            None => false,
        };
        if goes_on || before.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '@' | '/' | '_')) {
            continue;
        }
        let span = Span::new(base + at, base + at + handle.len());
        match outline.piece_at(span.start as usize) {
            Some(piece) if piece.class == Class::Code => found.code.push(span),
            Some(piece) if piece.class == Class::Text && !piece.link && !outline.is_quoted(span.start) => {
                found.live.push(span);
            }
            _ => {}
        }
    }
    found
}
