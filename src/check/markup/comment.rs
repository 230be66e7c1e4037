//! HTML comments that swallow what follows them.

use crate::check::{Hit, Sink};
use crate::document::Outline;
use crate::document::outline::Class;
use crate::text::Span;

const OPEN: &str = "<!--";

/// Reports the start of every comment that does not end, or that ends where another one was meant to.
pub(super) fn check(text: &str, outline: &Outline, sink: &mut Sink<'_>) {
    for comment in outline.pieces.iter().filter(|piece| piece.class == Class::Comment) {
        let source = comment.span.of(text);
        let Some(inner) = source.strip_prefix(OPEN) else { continue };
        if !source.ends_with("-->") || holds_another(inner) {
            let start = comment.span.start as usize;
            sink.report(Hit::at(Span::new(start, start + OPEN.len()), &[("hit", OPEN)]));
        }
    }
}

/// Whether a later line starts a comment: a mark within a line only talks about comments.
fn holds_another(inner: &str) -> bool {
    let starts = |line: &str| line.trim_start_matches([' ', '\t', '>', '-', '*', '+', '|']).starts_with(OPEN);
    inner.lines().skip(1).any(starts)
}
