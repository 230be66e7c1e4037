//! A table cell as words: its markup is blanked in place, so that every byte stays where it is.

use std::ops::Range;

use crate::document::flat::without_ticks;
use crate::document::outline::{Cell, Class, Outline};
use crate::text::Span;

/// The words of a cell; its bytes are those of the source from `start` on.
#[derive(Debug)]
pub struct CellText {
    /// The source with blanks for all that is no text, as long as the source.
    pub text: String,
    start: usize,
}

impl CellText {
    /// The words of `cell`: text and the content of code spans, without struck-out words.
    pub fn new(source: &str, outline: &Outline, cell: &Cell) -> Self {
        let mut bytes = vec![b' '; cell.span.len()];
        let start = cell.span.start as usize;
        for piece in outline.pieces_in(cell.span) {
            let span = match piece.class {
                Class::Text => piece.span,
                Class::Code => without_ticks(source, piece.span),
                _ => continue,
            };
            if outline.struck.iter().any(|struck| struck.contains(span)) {
                continue;
            }
            let at = span.start as usize - start;
            if let Some(place) = bytes.get_mut(at..at + span.len()) {
                place.copy_from_slice(span.of(source).as_bytes());
            }
        }
        Self { text: String::from_utf8(bytes).unwrap_or_default(), start }
    }

    /// Where the words stand in the cell, without surrounding white space.
    pub fn words(&self) -> Range<usize> {
        let start = self.text.len() - self.text.trim_start().len();
        start..(start + self.text.trim().len())
    }

    /// The text at `range`.
    pub fn slice(&self, range: &Range<usize>) -> &str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    /// Where `range` stands in the source.
    pub fn span(&self, range: &Range<usize>) -> Span {
        Span::from(range.clone()).shifted(self.start)
    }
}
