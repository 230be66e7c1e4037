//! Lines and columns of bytes near a finding, worked out from its excerpt: for edits, and for columns counted in bytes.

use crate::finding::{Checked, Excerpt, Finding};
use crate::text::{LineIndex, Position, Span};

/// A place in the file a finding lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Line, from 1.
    pub(super) line: usize,
    /// Column in Unicode scalar values, from 1.
    pub(super) column: usize,
    /// Column in bytes of UTF-8, from 1.
    pub(super) byte_column: usize,
}

/// Whether `finding` lies in the diff of a merge request: its lines are those of the file, its bytes those of the record.
pub(super) fn is_in_diff(subject: &Checked, finding: &Finding) -> bool {
    finding.path.as_ref().is_some_and(|path| *path != subject.name)
}

/// Where byte `at` of the subject's text stands; `None` where the finding's excerpt does not tell.
pub(super) fn place(subject: &Checked, finding: &Finding, at: usize) -> Option<Place> {
    near(&finding.excerpt, finding.start, is_in_diff(subject, finding), at)
}

fn near(excerpt: &Excerpt, start: Position, in_diff: bool, at: usize) -> Option<Place> {
    let text = excerpt.text.as_str();
    let own = excerpt.span.0;
    let offset = (at + own).checked_sub(start.byte).filter(|offset| text.is_char_boundary(*offset))?;
    let index = LineIndex::new(text);
    let line_of = |offset: usize| index.line_of(Span::at(offset).start);
    let before = |offset: usize| text.get(index.line_span(line_of(offset), text).range().start..offset);
    let (here, there) = (line_of(own), line_of(offset));
    if here != there {
        // In a diff other lines have other numbers, and a cut line has columns nobody can count.
        let is_known = !in_diff && (there > 0 || excerpt.cut == 0);
        let before = before(offset).filter(|_| is_known)?;
        let line = (start.line + there).checked_sub(here)?;
        return Some(Place { line, column: before.chars().count() + 1, byte_column: before.len() + 1 });
    }
    let before = before(own)?;
    let counted = start.column.saturating_sub(1);
    let bytes = match before.chars().count().checked_sub(counted) {
        // What the column does not count, the sign of a line in a diff or a byte-order mark, takes no byte either.
        Some(uncounted) => before.chars().skip(uncounted).map(char::len_utf8).sum(),
        None => (before.len() + excerpt.cut).saturating_sub(usize::from(in_diff)),
    };
    let line = start.line;
    let (column, byte_column) = (counted + 1, bytes + 1);
    match text.get(own..offset) {
        Some(behind) => {
            let (chars, bytes) = (behind.chars().count(), behind.len());
            Some(Place { line, column: column + chars, byte_column: byte_column + bytes })
        }
        None => {
            let between = text.get(offset..own)?;
            let column = column.checked_sub(between.chars().count()).filter(|column| *column > 0)?;
            Some(Place { line, column, byte_column: byte_column.checked_sub(between.len())? })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excerpt(text: &str, cut: usize, own: usize) -> Excerpt {
        Excerpt { text: text.to_owned(), first_line: 3, cut, span: (own, own) }
    }

    fn at(line: usize, column: usize, byte_column: usize) -> Option<Place> {
        Some(Place { line, column, byte_column })
    }

    #[test]
    fn columns_are_counted_in_scalars_and_in_bytes() {
        let excerpt = excerpt("äö #1\nnext ü x\n", 0, 5);
        let start = Position { line: 3, column: 4, byte: 105 };
        let place = |byte| near(&excerpt, start, false, byte);
        assert_eq!(place(105), at(3, 4, 6));
        assert_eq!(place(102), at(3, 2, 3));
        assert_eq!(place(116), at(4, 8, 9));
        assert_eq!(place(101), None, "inside a character");
        assert_eq!(place(99), None, "before the excerpt");
        assert_eq!(place(999), None, "behind it");
    }

    #[test]
    fn a_cut_line_and_a_line_of_a_diff_are_counted_from_their_start() {
        let start = Position { line: 9, column: 301, byte: 400 };
        assert_eq!(near(&excerpt("ü see #1\n", 300, 7), start, false, 402), at(9, 303, 310));
        assert_eq!(
            near(&excerpt("cut\nü #1\n", 300, 7), start, false, 394),
            None,
            "on another line that is cut"
        );
        let start = Position { line: 9, column: 1, byte: 31 };
        assert_eq!(near(&excerpt("+limit = 1\n+x\n", 0, 1), start, true, 36), at(9, 6, 6));
        assert_eq!(
            near(&excerpt("+limit = 1\n+x\n", 0, 1), start, true, 42),
            None,
            "on another line of a diff"
        );
    }
}
