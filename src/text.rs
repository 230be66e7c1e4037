//! Positions in text: byte spans, and the index that turns a byte into a line and a column.

use std::ops::Range;

/// A half-open range of bytes in one subject's text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte, 0-based.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
}

impl Span {
    /// A span from byte `start` to byte `end` (exclusive). Subjects are limited to 4 GiB when they are read.
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end, "span {start}..{end} runs backwards");
        Self { start: saturate(start), end: saturate(end) }
    }

    /// The empty span at byte `offset`.
    pub fn at(offset: usize) -> Self {
        Self::new(offset, offset)
    }

    /// The span as a range of bytes.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        self.range().len()
    }

    /// Whether the span covers no byte.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether `other` lies inside this span.
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The text this span covers, or the empty string where it does not fit `text`.
    pub fn of(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or_default()
    }

    /// The span moved by `offset` bytes to the right.
    pub fn shifted(self, offset: usize) -> Self {
        Self::new(self.start as usize + offset, self.end as usize + offset)
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}

fn saturate(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

/// A place as people count: lines and columns from 1, columns in Unicode scalar values; the byte from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(from = "Place")]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in Unicode scalar values, from 1.
    pub column: usize,
    /// Byte in the subject's text, from 0.
    pub byte: usize,
}

/// A position as it is read; a text has less than 4 GiB.
#[derive(serde::Deserialize)]
struct Place {
    line: u32,
    column: u32,
    byte: u32,
}

impl From<Place> for Position {
    fn from(Place { line, column, byte }: Place) -> Self {
        Self { line: line as usize, column: column as usize, byte: byte as usize }
    }
}

/// Where every line of a text starts. A line ends at `\n`, `\r\n` or a lone `\r`.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Indexes `text` in one pass.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = Vec::with_capacity(memchr::memchr_iter(b'\n', bytes).count() + 1);
        starts.push(0);
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            if bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n') {
                starts.push(saturate(at + 1));
            }
        }
        Self { starts }
    }

    /// Number of lines; a text that ends in a line break has an empty last one.
    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// The 0-based line that holds byte `offset`.
    pub fn line_of(&self, offset: u32) -> usize {
        self.starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// The bytes of 0-based `line`, its line break included.
    pub fn line_span(&self, line: usize, text: &str) -> Span {
        let start = self.starts.get(line).map_or(text.len(), |start| *start as usize);
        let end = self.starts.get(line + 1).map_or(text.len(), |start| *start as usize);
        Span::new(start, end)
    }

    /// Line and column of byte `offset` in `text`. A byte-order mark takes no column.
    pub fn position(&self, offset: u32, text: &str) -> Position {
        let line = self.line_of(offset);
        let start = self.starts.get(line).copied().unwrap_or_default() as usize;
        let before = text.get(start..offset as usize).unwrap_or_default();
        let before = if start == 0 { before.trim_start_matches('\u{feff}') } else { before };
        Position { line: line + 1, column: before.chars().count() + 1, byte: offset as usize }
    }
}

/// Positions in one text, cheap where they are asked for in its order: a line of megabytes is counted once.
#[derive(Clone, Debug)]
pub struct Positions<'t> {
    text: &'t str,
    lines: &'t LineIndex,
    last: Position,
}

impl<'t> Positions<'t> {
    /// Positions in `text`, whose lines are `lines`.
    pub fn new(text: &'t str, lines: &'t LineIndex) -> Self {
        Self { text, lines, last: Position::default() }
    }

    /// Line and column of byte `offset`.
    pub fn at(&mut self, offset: u32) -> Position {
        let line = self.lines.line_of(offset) + 1;
        let behind = self.text.get(self.last.byte..offset as usize).filter(|_| line == self.last.line);
        self.last = match behind {
            Some(chars) => {
                let chars = if self.last.byte == 0 { chars.trim_start_matches('\u{feff}') } else { chars };
                Position { line, column: self.last.column + chars.chars().count(), byte: offset as usize }
            }
            None => self.lines.position(offset, self.text),
        };
        self.last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_line_break_starts_a_line() {
        let text = "a\nb\r\nc\rd";
        let index = LineIndex::new(text);
        let lines: Vec<_> = (0..index.count()).map(|line| index.line_span(line, text).of(text)).collect();
        assert_eq!(lines, ["a\n", "b\r\n", "c\r", "d"]);
    }

    #[test]
    fn columns_count_scalar_values_and_skip_the_byte_order_mark() {
        let text = "\u{feff}ä🎉#1\nx";
        let index = LineIndex::new(text);
        let at = text.find('#').map_or(0, |at| at as u32);
        assert_eq!(index.position(at, text), Position { line: 1, column: 3, byte: at as usize });
        assert_eq!(index.position(text.len() as u32, text).line, 2);
        let mut positions = Positions::new(text, &index);
        for offset in [0, 3, 5, 9, 5, 9, 11, 12] {
            assert_eq!(positions.at(offset), index.position(offset, text), "{offset}");
        }
    }
}
