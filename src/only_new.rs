//! Only what is new: what the baseline lists and what lies on lines that did not change is not held against anybody.

use crate::baseline::Baseline;
use crate::finding::{Checked, Finding, Suppressed, Suppression};
use crate::load::{ChangedFile, Changes};

/// What counts as old.
#[derive(Debug, Default)]
pub struct OnlyNew {
    /// Findings taken over from the past.
    pub baseline: Option<Baseline>,
    /// The lines that changed; all of them where `None`.
    pub changes: Option<Changes>,
}

impl OnlyNew {
    /// Sets apart what is old of `checked`, whose text is `text`.
    pub fn sift(&self, checked: &mut Checked, text: &str) {
        if let Some(baseline) = &self.baseline {
            baseline.judged(checked);
        }
        let file = self.changes.as_ref().filter(|_| !checked.kind.is_record());
        let file = file.and_then(|changes| changes.file(&checked.name));
        let found = std::mem::take(&mut checked.findings);
        let new: Vec<_> =
            found.iter().map(|finding| file.is_none_or(|file| is_new(file, finding, text))).collect();
        let mut passed = vec![false; found.len()];
        // Of equal findings the old ones are those that the baseline means.
        let (young, old): (Vec<_>, Vec<_>) = (0..found.len()).partition(|at| new[*at]);
        for at in old.into_iter().chain(young) {
            let passes = |baseline: &Baseline| baseline.lets_pass(&checked.name, &found[at]);
            passed[at] = self.baseline.as_ref().is_some_and(passes);
        }
        for ((finding, passed), new) in found.into_iter().zip(passed).zip(new) {
            if passed {
                checked.suppressed.push(Suppressed { finding, suppression: Suppression::Baseline });
            } else if new {
                checked.findings.push(finding);
            } else {
                checked.unchanged += 1;
            }
        }
        checked.suppressed.sort_by(|a, b| place(&a.finding).cmp(&place(&b.finding)));
    }
}

fn place(finding: &Finding) -> (usize, &str) {
    (finding.start.byte, &finding.rule.id)
}

/// Whether the finding, or a place that belongs to it, lies on a line that was added. What is missing has no line of
/// its own: it is new where the line it points at is, or where lines were taken away beside it.
fn is_new(file: &ChangedFile, finding: &Finding, text: &str) -> bool {
    // git ends lines at `\n` alone.
    let line = |byte: usize| {
        let before = text.as_bytes().get(..byte).unwrap_or(text.as_bytes());
        memchr::memchr_iter(b'\n', before).count() + 1
    };
    let lines = |start: usize, end: usize| line(start)..=line(end.saturating_sub(1).max(start));
    let related = finding.related.iter().map(|place| (place.start.byte, place.end.byte));
    let mut places = [(finding.start.byte, finding.end.byte)].into_iter().chain(related);
    let missing = finding.text.is_empty() && file.was_cut_at(line(finding.start.byte));
    missing || places.any(|(start, end)| file.has_new(lines(start, end)))
}
