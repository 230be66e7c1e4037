//! Quick actions that a page shows in code.

use crate::document::Document;
use crate::document::outline::{BlockKind, Class};
use crate::document::quick_action::{QuickLine, lines_in};
use crate::text::Span;

/// The commands of code spans and fences that start with a slash.
pub fn lines(doc: &Document<'_>) -> Vec<QuickLine> {
    let text = doc.text();
    if !text.contains("`/") && !text.contains("` /") && !text.contains("\n/") {
        return Vec::new();
    }
    let mut lines = Vec::new();
    for outline in doc.outlines() {
        for piece in outline.pieces.iter().filter(|piece| piece.class == Class::Code) {
            let block = outline.block_of(piece);
            let content = match block.is_some_and(|block| block.kind == BlockKind::Code) {
                true => fenced(text, piece.span),
                false => Some(trimmed(text, piece.span, &['`', ' '])),
            };
            if let Some(content) = content.filter(|content| content.of(text).starts_with('/')) {
                lines.extend(lines_in(text, content));
            }
        }
    }
    lines
}

/// The content of a fence from its first word on; nothing for indented code, which nobody marked.
fn fenced(text: &str, span: Span) -> Option<Span> {
    let source = span.of(text);
    let mark = ["```", "~~~"].into_iter().find(|mark| source.starts_with(mark))?;
    let first = source.find('\n')? + 1;
    let content = Span::new(span.start as usize + first, span.end as usize);
    let mark = mark.chars().next()?;
    Some(trimmed(text, content, &[mark, ' ', '\t', '\r', '\n']))
}

fn trimmed(text: &str, span: Span, marks: &[char]) -> Span {
    let source = span.of(text);
    let start = span.start as usize + (source.len() - source.trim_start_matches(marks).len());
    Span::new(start, (span.start as usize + source.trim_end_matches(marks).len()).max(start))
}
