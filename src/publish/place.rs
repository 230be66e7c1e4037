//! Where a finding lies in the diff, and the pair of line numbers that GitLab knows that place by.

use crate::finding::{Checked, Finding};
use crate::subject::{Change, DiffFile, DiffLine};
use crate::text::LineIndex;

/// A line of the diff.
#[derive(Clone, Copy, Debug)]
pub struct Lines<'d> {
    /// The file.
    pub file: &'d DiffFile,
    /// Which of its lines.
    pub index: usize,
    line: DiffLine,
}

impl<'d> Lines<'d> {
    fn new(file: &'d DiffFile, index: usize) -> Option<Self> {
        let line = *file.lines.get(index)?;
        Some(Self { file, index, line })
    }

    /// The line itself.
    pub fn line(&self) -> DiffLine {
        self.line
    }

    /// Its numbers before and after the change: only the new one of an added line, only the old one of a removed one.
    pub fn pair(&self) -> (Option<u32>, Option<u32>) {
        let DiffLine { old, new, .. } = self.line;
        match self.line.change {
            Change::Added => (None, Some(new)),
            Change::Removed => (Some(old), None),
            Change::Context | Change::Hunk => (Some(old), Some(new)),
        }
    }
}

/// The line of `diffs` at which `finding` begins; `text` is the merge request's, which `diffs` refer to. `None` where it
/// lies outside the hunks.
pub fn lines<'d>(
    subject: &Checked,
    finding: &Finding,
    diffs: &'d [DiffFile],
    text: &str,
) -> Option<Lines<'d>> {
    if subject.kind.is_record() {
        return in_record(finding, diffs);
    }
    let path = finding.path.as_deref()?;
    let file = diffs.iter().find(|file| file.new_path == path && !file.deleted)?;
    let is_it = |line: &DiffLine| {
        matches!(line.change, Change::Added | Change::Context) && line.new as usize == finding.start.line
    };
    let place = Lines::new(file, file.lines.iter().position(is_it)?)?;
    // A file that is not the one of the diff, as after a merge of the target branch, has other lines there.
    let content = place.line.span.of(text);
    content.contains(first_line(finding)).then_some(place)
}

/// A finding in the diff of the merge request's own text.
fn in_record<'d>(finding: &Finding, diffs: &'d [DiffFile]) -> Option<Lines<'d>> {
    let at = finding.start.byte;
    diffs.iter().find_map(|file| {
        let holds = |line: &DiffLine| {
            line.change != Change::Hunk && (line.span.start as usize..=line.span.end as usize).contains(&at)
        };
        Lines::new(file, file.lines.iter().position(holds)?)
    })
}

/// The line of the excerpt in which the finding begins, without its break.
fn first_line(finding: &Finding) -> &str {
    let text = finding.excerpt.text.as_str();
    let index = LineIndex::new(text);
    let at = u32::try_from(finding.excerpt.span.0).unwrap_or(u32::MAX);
    index.line_span(index.line_of(at), text).of(text).trim_end_matches(['\r', '\n'])
}
