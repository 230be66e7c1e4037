//! A safe fix as a suggestion, which GitLab applies at the press of a button.
//!
//! A suggestion replaces whole lines around the line of its thread. Only lines of the diff can be told for certain, so
//! one that would reach out of its hunk is not made.

use std::fmt::Write;

use super::place::Lines;
use super::prose;
use crate::diagnostic::Edit;
use crate::finding::{Checked, Finding};
use crate::subject::{Change, DiffLine};

/// How many lines above and below GitLab lets a suggestion reach.
const REACH: usize = 100;

/// The longest suggestion, in bytes.
const LONGEST: usize = 8_000;

/// Lines of the file that follow each other, with what comes in which byte of it.
struct Run {
    text: String,
    /// Where each line starts in `text`.
    starts: Vec<usize>,
    /// Which of them the thread is at.
    anchor: usize,
    /// Where `text` starts in the file, or in the merge request's text.
    base: usize,
}

/// The safe fix of `finding` as a block of Markdown, where it changes nothing but lines of its hunk; `text` is the
/// merge request's.
pub(super) fn suggestion(
    subject: &Checked,
    finding: &Finding,
    place: &Lines<'_>,
    text: &str,
) -> Option<String> {
    let fix = finding.fix.as_ref().filter(|fix| fix.safe && !fix.edits.is_empty())?;
    if place.line().new == 0 {
        return None;
    }
    let run =
        if subject.kind.is_record() { Run::single(place, text) } else { Run::around(finding, place, text)? };
    let mut edits: Vec<(usize, usize, &str)> =
        fix.edits.iter().map(|edit| run.locate(edit)).collect::<Option<_>>()?;
    edits.sort_unstable();
    edits.dedup();
    let first = edits.iter().map(|edit| run.first_line(edit)).min()?.min(run.anchor);
    let last = edits.iter().map(|edit| run.last_line(edit)).max()?.max(run.anchor);
    let replaced = replaced(&run, &edits, first, last)?;
    // A tab may indent.
    let is_plain = |line: &str| prose::is_plain(&line.replace('\t', " "));
    if replaced.len() > LONGEST || !replaced.split('\n').all(is_plain) {
        return None;
    }
    let fence = prose::fence(&replaced);
    let mut block = String::new();
    let (above, below) = (run.anchor - first, last - run.anchor);
    write!(block, "{fence}suggestion:-{above}+{below}\n{replaced}{fence}").ok()?;
    Some(block)
}

/// The lines from `first` to `last` with the edits made; each ends in a line feed.
fn replaced(run: &Run, edits: &[(usize, usize, &str)], first: usize, last: usize) -> Option<String> {
    let (from, to) = (*run.starts.get(first)?, run.end_of(last));
    let mut out = String::new();
    let mut at = from;
    for (start, end, text) in edits {
        out.push_str(run.text.get(at..*start)?);
        out.push_str(text);
        at = *end;
    }
    out.push_str(run.text.get(at..to)?);
    if !out.is_empty() && !out.ends_with('\n') {
        // What is added behind the last line ends one; what takes its break away joins it to a line nobody sees here.
        let (start, end, _) = edits.last()?;
        if start < end {
            return None;
        }
        out.push('\n');
    }
    (out != run.text.get(from..to)?).then_some(out)
}

impl Run {
    /// The line alone, where it lies in the merge request's own text.
    fn single(place: &Lines<'_>, text: &str) -> Self {
        let span = place.line().span;
        let text = format!("{}\n", span.of(text));
        Self { text, starts: vec![0], anchor: 0, base: span.start as usize }
    }

    /// The lines of the hunk around `place`; `None` where the file is not, byte for byte, what the diff shows.
    fn around(finding: &Finding, place: &Lines<'_>, text: &str) -> Option<Self> {
        let is_kept = |line: &&DiffLine| line.change != Change::Removed;
        let is_next = |line: &&DiffLine| line.change != Change::Hunk;
        let (above, below) = place.file.lines.split_at_checked(place.index)?;
        let above: Vec<_> = above.iter().rev().filter(is_kept).take_while(is_next).take(REACH).collect();
        let below = below.iter().filter(is_kept).take_while(is_next).take(REACH + 1);
        let mut run = Self { text: String::new(), starts: Vec::new(), anchor: above.len(), base: 0 };
        for line in above.into_iter().rev().chain(below) {
            run.starts.push(run.text.len());
            run.text.extend([line.span.of(text), "\n"]);
        }
        let content = place.line().span.of(text);
        let mark = content.len() - content.trim_start_matches('\u{feff}').len();
        let before = content.get(mark..)?.chars().take(finding.start.column.checked_sub(1)?);
        let before: usize = before.map(char::len_utf8).sum();
        let own = run.starts.get(run.anchor)? + mark + before;
        run.base = finding.start.byte.checked_sub(own)?;
        run.agrees(finding, own).then_some(run)
    }

    /// Whether the excerpt, whose finding begins at `own`, says the same as these lines where both say something.
    fn agrees(&self, finding: &Finding, own: usize) -> bool {
        let (excerpt, at) = (finding.excerpt.text.as_bytes(), finding.excerpt.span.0);
        let text = self.text.as_bytes();
        let before = own.min(at);
        let after = (text.len().saturating_sub(own)).min(excerpt.len().saturating_sub(at));
        text.get(own - before..own + after) == excerpt.get(at - before..at + after)
    }

    /// `edit` in these lines.
    fn locate<'e>(&self, edit: &'e Edit) -> Option<(usize, usize, &'e str)> {
        let start = (edit.span.start as usize).checked_sub(self.base)?;
        let end = (edit.span.end as usize).checked_sub(self.base)?;
        self.text.get(start..end)?;
        Some((start, end, &edit.text))
    }

    fn line_of(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at).saturating_sub(1)
    }

    fn end_of(&self, line: usize) -> usize {
        self.starts.get(line + 1).copied().unwrap_or(self.text.len())
    }

    /// The first line that `edit` touches: what is put in as whole lines belongs to the line above.
    fn first_line(&self, edit: &(usize, usize, &str)) -> usize {
        let &(start, end, text) = edit;
        let line = self.line_of(start);
        let is_behind = start == end && text.ends_with('\n') && self.starts.get(line) == Some(&start);
        if is_behind { line.saturating_sub(1) } else { line }
    }

    fn last_line(&self, edit: &(usize, usize, &str)) -> usize {
        let &(start, end, _) = edit;
        if start == end { self.first_line(edit) } else { self.line_of(end) }
    }
}
