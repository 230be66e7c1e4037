//! Lays source lines out for a terminal: harmless, tabs expanded, cut to the width around what is marked.

use std::ops::Range;

use textwrap::core::display_width;

use super::plain;
use crate::text::LineIndex;

const TAB: usize = 4;

/// Lines as they are shown, and where every byte of the original went.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// The lines, each ended by `\n`.
    pub(super) text: String,
    /// Pairs of an original and a shown offset, one for every character that is shown.
    moves: Vec<(usize, usize)>,
}

/// How wide a line may get, and what stands for the rest.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    pub(super) columns: usize,
    pub(super) ellipsis: &'static str,
}

/// One character and how it is shown.
struct Cell {
    at: usize,
    column: usize,
    width: usize,
    glyph: Glyph,
}

enum Glyph {
    Same(char),
    Blank,
    Escape(char),
}

impl Layout {
    /// Lays out `text`; a line that is too wide keeps the part around the first of `marks` that touches it.
    pub(super) fn new(text: &str, marks: &[Range<usize>], room: Room) -> Self {
        let mut layout = Self::default();
        let index = LineIndex::new(text);
        for number in 0..index.count() {
            let span = index.line_span(number, text);
            let line = span.of(text).trim_end_matches(['\r', '\n']);
            let (start, end) = (span.range().start, span.range().start + line.len());
            // After the last line break there is a line only if a mark stands in it.
            if number > 0 && span.is_empty() && marks.iter().all(|mark| mark.start < start) {
                break;
            }
            let cells = cells(line, start);
            let focus = marks.iter().find(|mark| mark.start <= end && start <= mark.end);
            layout.push_line(&cells, focus, room);
            layout.moves.push((end, layout.text.len()));
            layout.text.push('\n');
            if span.range().end > end {
                layout.moves.push((span.range().end, layout.text.len()));
            }
        }
        layout
    }

    /// Where the original byte `offset` is shown; what is cut off is where its ellipsis is.
    pub(super) fn shown(&self, offset: usize) -> usize {
        let next = self.moves.partition_point(|(from, _)| *from <= offset);
        next.checked_sub(1).and_then(|at| self.moves.get(at)).map_or(0, |(_, to)| *to)
    }

    /// The column, from 0, after the part of a shown `span` that lies on its first line.
    pub(super) fn column_after(&self, span: &Range<usize>) -> usize {
        let (before, after) = self.text.split_at_checked(span.start).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        let part = after.get(..span.len()).unwrap_or_default().split('\n').next().unwrap_or_default();
        display_width(line) + display_width(part)
    }

    fn push_line(&mut self, cells: &[Cell], focus: Option<&Range<usize>>, room: Room) {
        let kept = window(cells, focus, room);
        if kept.start > 0 {
            self.moves.push((cells[0].at, self.text.len()));
            self.text.push_str(room.ellipsis);
        }
        for cell in &cells[kept.clone()] {
            self.moves.push((cell.at, self.text.len()));
            match cell.glyph {
                Glyph::Same(c) => self.text.push(c),
                Glyph::Blank => self.text.extend(std::iter::repeat_n(' ', cell.width)),
                Glyph::Escape(c) => self.text.extend(c.escape_default()),
            }
        }
        if let Some(cell) = cells.get(kept.end) {
            self.moves.push((cell.at, self.text.len()));
            self.text.push_str(room.ellipsis);
        }
    }
}

fn cells(line: &str, start: usize) -> Vec<Cell> {
    let mut cells = Vec::with_capacity(line.len());
    let (mut column, mut previous) = (0, ' ');
    for (at, c) in line.char_indices() {
        let (width, glyph) = match c {
            '\t' => (TAB - column % TAB, Glyph::Blank),
            // A byte-order mark takes no column where it belongs.
            '\u{feff}' if start + at == 0 => (0, Glyph::Blank),
            c if plain::is_harmful(c, previous) => (c.escape_default().len(), Glyph::Escape(c)),
            ' '..='~' => (1, Glyph::Same(c)),
            c => (display_width(c.encode_utf8(&mut [0; 4])), Glyph::Same(c)),
        };
        cells.push(Cell { at: start + at, column, width, glyph });
        column += width;
        previous = c;
    }
    cells
}

/// The cells of a line that are shown in `room`.
fn window(cells: &[Cell], focus: Option<&Range<usize>>, room: Room) -> Range<usize> {
    let total = cells.last().map_or(0, |cell| cell.column + cell.width);
    if total <= room.columns {
        return 0..cells.len();
    }
    let cut = display_width(room.ellipsis);
    let (from, to) = focus.map_or((0, 0), |focus| (column(cells, focus.start), column(cells, focus.end)));
    let inner = room.columns.saturating_sub(2 * cut).max(1);
    let centred = from.saturating_sub(inner.saturating_sub(to.saturating_sub(from)) / 2);
    let left = match centred.min(total.saturating_sub(inner + cut)) {
        _ if to + cut <= room.columns => 0,
        left => left,
    };
    let right = if left == 0 { inner + cut } else { left + inner };
    let right = if right + cut >= total { total } else { right };
    let start = cells.partition_point(|cell| cell.column < left);
    let end = cells.partition_point(|cell| cell.column + cell.width <= right);
    start..end.max(start)
}

/// The column of the original byte `offset`, clamped to the line.
fn column(cells: &[Cell], offset: usize) -> usize {
    match cells.get(cells.partition_point(|cell| cell.at < offset)) {
        Some(cell) => cell.column,
        None => cells.last().map_or(0, |cell| cell.column + cell.width),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(text: &str, mark: Range<usize>, columns: usize) -> (String, String) {
        let layout = Layout::new(text, std::slice::from_ref(&mark), Room { columns, ellipsis: "…" });
        let shown = layout.text.get(layout.shown(mark.start)..layout.shown(mark.end));
        (layout.text.clone(), shown.unwrap_or("not a range").to_owned())
    }

    #[test]
    fn marks_follow_tabs_escapes_and_line_breaks() {
        assert_eq!(marked("\u{feff}a\tb", 5..6, 80), ("a   b\n".into(), "b".into()));
        assert_eq!(marked("a\u{202e}b\r\ncd\re", 7..9, 80), ("a\\u{202e}b\ncd\ne\n".into(), "cd".into()));
        assert_eq!(marked("a\n", 2..2, 80), ("a\n\n".into(), String::new()));
        assert_eq!(marked("", 0..0, 80), ("\n".into(), String::new()));
    }

    #[test]
    fn wide_lines_are_cut_around_the_mark() {
        let text = "0123456789abcdefghij";
        assert_eq!(marked(text, 2..4, 10), ("012345678…\n".into(), "23".into()));
        assert_eq!(marked(text, 10..12, 10), ("…789abcde…\n".into(), "ab".into()));
        assert_eq!(marked(text, 19..20, 10), ("…bcdefghij\n".into(), "j".into()));
        assert_eq!(marked(text, 5..20, 10).0, "…56789abc…\n");
    }

    #[test]
    fn any_room_will_do() {
        for columns in 0..12 {
            for start in 0..7 {
                let (text, _) = marked("日本語\tx\u{1b}[0mlong enough", start * 3..20, columns);
                assert!(display_width(&text) <= columns.max(4) + 2, "{columns}: {text}");
            }
        }
    }
}
