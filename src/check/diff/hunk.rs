//! The hunks of a changed file as two texts, before and after, with the way back to the diff.

use std::ops::Range;

use super::scope::{Follower, Scope};
use crate::subject::{Change, DiffFile, DiffLine};
use crate::text::Span;

/// A hunk, before and after the change.
#[derive(Debug, Default)]
pub struct Hunk {
    /// Context and removed lines.
    pub old: Side,
    /// Context and added lines.
    pub new: Side,
}

/// One side of a hunk: its lines, joined, so that what spans several lines can be seen.
#[derive(Debug, Default)]
pub struct Side {
    /// The lines, each with its line feed.
    pub text: String,
    lines: Vec<Line>,
}

/// A line of a side.
#[derive(Debug)]
struct Line {
    /// Where it starts in the side's text.
    at: usize,
    /// Where it stands in the diff.
    span: Span,
    changed: bool,
    /// It counts; other lines are there for those that do.
    counts: bool,
}

/// The hunks of `file`; lines inside `scope` do not count.
pub fn of_file(text: &str, file: &DiffFile, scope: Option<&Scope>) -> Vec<Hunk> {
    let mut follower = Follower::new(scope);
    let mut hunks = vec![Hunk::default()];
    for line in &file.lines {
        if line.change == Change::Hunk {
            follower.hunk(line.span.of(text));
            hunks.push(Hunk::default());
            continue;
        }
        let Some(hunk) = hunks.last_mut() else { continue };
        if line.change != Change::Added {
            hunk.old.push(text, line, true);
        }
        if line.change != Change::Removed {
            let counts = !follower.line(line.span.of(text));
            hunk.new.push(text, line, counts);
        }
    }
    hunks
}

impl Side {
    fn push(&mut self, text: &str, line: &DiffLine, counts: bool) {
        let changed = line.change != Change::Context;
        self.lines.push(Line { at: self.text.len(), span: line.span, changed, counts });
        self.text.extend([line.span.of(text), "\n"]);
    }

    /// Whether one of the lines of `range` is changed and counts.
    pub fn touches(&self, range: &Range<usize>) -> bool {
        let first = self.lines.partition_point(|line| line.at <= range.start).saturating_sub(1);
        let lines = self.lines.iter().skip(first).take_while(|line| line.at < range.end);
        lines.into_iter().any(|line| line.changed && line.counts)
    }

    /// The lines of `range` and the one above.
    pub fn lines_of(&self, range: &Range<usize>) -> &str {
        let first = self.lines.partition_point(|line| line.at <= range.start).saturating_sub(2);
        let start = self.lines.get(first).map_or(0, |line| line.at);
        let end = self
            .text
            .get(range.end..)
            .and_then(|rest| rest.find('\n'))
            .map_or(self.text.len(), |at| range.end + at);
        self.text.get(start..end).unwrap_or_default()
    }

    /// Where `range`, which lies in one line, stands in the diff.
    pub fn span(&self, range: &Range<usize>) -> Option<Span> {
        let index = self.lines.partition_point(|line| line.at <= range.start).checked_sub(1)?;
        let line = self.lines.get(index)?;
        let start = line.span.start as usize;
        Some(Span::new(start + range.start - line.at, start + range.end - line.at))
    }
}
