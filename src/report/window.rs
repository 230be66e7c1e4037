//! The lines of an excerpt that are worth showing, and the places in them that are worth marking.

use std::ops::Range;

use super::Style;
use super::layout::Room;
use crate::finding::{Excerpt, Finding, RelatedPlace};
use crate::text::{LineIndex, Span};

/// Lines of a span that are shown; who marks a whole section need not see all of it.
const LINES: usize = 6;

/// Whole lines of an excerpt.
#[derive(Debug)]
pub(super) struct Window {
    pub(super) text: String,
    pub(super) first_line: usize,
    /// The finding's span goes on below the window.
    pub(super) is_cut: bool,
    span: Range<usize>,
}

/// A stretch of the window to underline: the finding's own, or a related place.
#[derive(Debug)]
pub(super) struct Mark<'a> {
    pub(super) span: Range<usize>,
    pub(super) place: Option<&'a RelatedPlace>,
}

impl Window {
    /// The excerpt without the end of an overlong span. The lines around an added line of a diff are those of the
    /// record, whose numbers are not those of the file, so that line is shown alone.
    pub(super) fn new(finding: &Finding, is_diff: bool) -> Self {
        let Excerpt { text, first_line, span: (start, end), .. } = &finding.excerpt;
        let start = boundary(text, *start);
        let end = boundary(text, *end).max(start);
        let index = LineIndex::new(text);
        let first = index.line_of(Span::at(start).start);
        let last = index.line_of(Span::at(end.saturating_sub(1).max(start)).start);
        let is_cut = last >= first + LINES;
        let last = if is_cut { first + LINES - 1 } else { last };
        let from = if is_diff { index.line_span(first, text).range().start } else { 0 };
        let to = if is_diff || is_cut { index.line_span(last, text).range().end } else { text.len() };
        Self {
            text: text.get(from..to).unwrap_or_default().to_owned(),
            first_line: if is_diff { finding.start.line } else { *first_line }.max(1),
            is_cut,
            span: start - from..end.min(to) - from,
        }
    }

    /// The finding's own mark, then those of its related places; and the places that cannot be marked.
    pub(super) fn marks<'a>(&self, finding: &'a Finding) -> (Vec<Mark<'a>>, Vec<&'a RelatedPlace>) {
        let mut marks = vec![Mark { span: self.span.clone(), place: None }];
        let mut outside = Vec::new();
        for place in &finding.related {
            match self.locate(place, finding) {
                // miette draws overlapping marks one behind the other, under text neither is about.
                Some(span) if !marks.iter().any(|mark| overlap(&mark.span, &span)) => {
                    marks.push(Mark { span, place: Some(place) });
                }
                _ => outside.push(place),
            }
        }
        (marks, outside)
    }

    /// What miette's line numbers and gutters leave of the width.
    pub(super) fn room(&self, marks: &[Range<usize>], style: &Style) -> Room {
        let digits = (self.first_line + self.text.lines().count()).to_string().len();
        let breaks = |mark: &&Range<usize>| {
            self.text.get((*mark).clone()).is_some_and(|text| text.contains(['\n', '\r']))
        };
        let gutter = match marks.iter().filter(breaks).count() {
            0 => 0,
            count => count + 3,
        };
        // The last column is for the mark of an empty span at the end of a line.
        let columns = style.width.saturating_sub(digits + 4 + gutter + 1).max(8);
        Room { columns, ellipsis: if style.unicode { "…" } else { "..." } }
    }

    /// Where `place` stands in the window, if it is there and no cut lies between it and the finding.
    fn locate(&self, place: &RelatedPlace, finding: &Finding) -> Option<Range<usize>> {
        let start = (self.span.start + place.start.byte).checked_sub(finding.start.byte)?;
        let span = start..start + place.end.byte.checked_sub(place.start.byte)?;
        let line = self.first_line + LineIndex::new(&self.text).line_of(Span::at(start).start);
        (self.text.get(span.clone())? == place.text && line == place.start.line).then_some(span)
    }
}

fn boundary(text: &str, offset: usize) -> usize {
    (0..=offset.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default()
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end.max(b.start + 1) && b.start < a.end.max(a.start + 1)
}
