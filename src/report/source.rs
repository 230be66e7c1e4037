//! An excerpt as miette reads source: a few lines that know their place in the file.

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use crate::text::{LineIndex, Position, Span};

/// Lines of a file, each ended by a line break.
#[derive(Debug)]
pub(super) struct Source {
    name: String,
    text: String,
    index: LineIndex,
    first_line: usize,
    places: Vec<(usize, Position)>,
}

impl Source {
    /// The lines `text`, the first of which is `first_line` (from 1) of the file called `name`. `places` are the
    /// positions to tell for offsets in `text`: its lines may be cut, so columns cannot be counted in it.
    pub(super) fn new(name: String, text: String, first_line: usize, places: Vec<(usize, Position)>) -> Self {
        Self { name, index: LineIndex::new(&text), text, first_line, places }
    }

    fn place(&self, offset: usize) -> Option<Position> {
        self.places.iter().find(|(at, _)| *at == offset).map(|(_, position)| *position)
    }
}

impl SourceCode for Source {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (start, end) = (span.offset(), span.offset() + span.len());
        if end > self.text.len() {
            return Err(MietteError::OutOfBounds);
        }
        let last = if span.is_empty() { start } else { end - 1 };
        let above = self.index.line_of(Span::at(start).start);
        let below = self.index.line_of(Span::at(last).start);
        let first = above.saturating_sub(before);
        let lines = Span {
            start: self.index.line_span(first, &self.text).start,
            end: self.index.line_span(below + after, &self.text).end,
        };
        // Without context miette asks only for the position it writes above the lines.
        let place = if before == 0 { self.place(start) } else { None };
        let line = place.map_or(self.first_line + first, |place| place.line).saturating_sub(1);
        let column = place.map_or(0, |place| place.column.saturating_sub(1));
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            lines.of(&self.text).as_bytes(),
            (lines.range().start, lines.len()).into(),
            line,
            column,
            below + after + 1 - first,
        )))
    }
}
