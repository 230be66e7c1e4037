//! The keys that a run with fixes adds to the JSON document: what was made, what was left, and what was only shown.

use std::collections::BTreeSet;

use serde::Serialize;

use super::Subject;
use crate::finding::{Checked, Finding, Report};
use crate::text::Position;

#[derive(Serialize)]
pub(super) struct Fixes<'a> {
    pub(super) fixed: Vec<Fixed<'a>>,
    pub(super) left: Vec<Fixed<'a>>,
    pub(super) diffs: Vec<Change<'a>>,
    pub(super) remedies: Vec<Remedy<'a>>,
}

/// A fix that was made or left; the place is that of the finding before any fix.
#[derive(Serialize)]
pub(super) struct Fixed<'a> {
    rule: &'a str,
    subject: Subject<'a>,
    title: &'a str,
    safe: bool,
    text: &'a str,
    start: Position,
    end: Position,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

/// A change that was not made.
#[derive(Serialize)]
pub(super) struct Change<'a> {
    subject: Subject<'a>,
    diff: &'a str,
}

/// What an author can do who cannot write to GitLab through us.
#[derive(Serialize)]
pub(super) struct Remedy<'a> {
    subject: Subject<'a>,
    /// The rules whose findings it mends.
    rules: BTreeSet<&'a str>,
    /// One a line, to be pasted into a comment or the description.
    quick_actions: &'a [String],
    description_diff: &'a str,
}

/// The numbers of fixes in the summary.
#[derive(Serialize)]
pub(super) struct FixCounts {
    fixed: usize,
    proposed: usize,
    left: usize,
    #[serde(rename = "unsafe")]
    withheld: usize,
}

impl<'a> Fixes<'a> {
    pub(super) fn of(report: &'a Report) -> Self {
        let mut fixes = Self { fixed: Vec::new(), left: Vec::new(), diffs: Vec::new(), remedies: Vec::new() };
        for (subject, repair) in report.repairs() {
            fixes.fixed.extend(repair.fixed.iter().map(|finding| Fixed::of(subject, finding, None)));
            let left = repair.left.iter().map(|left| Fixed::of(subject, &left.finding, Some(&left.reason)));
            fixes.left.extend(left);
            if !repair.proposed.is_empty() {
                let rules: BTreeSet<_> =
                    repair.proposed.iter().map(|finding| finding.rule.id.as_str()).collect();
                fixes.remedies.push(Remedy {
                    subject: name(subject),
                    rules,
                    quick_actions: &repair.quick_actions,
                    description_diff: &repair.diff,
                });
            } else if !repair.diff.is_empty() {
                fixes.diffs.push(Change { subject: name(subject), diff: &repair.diff });
            }
        }
        fixes
    }
}

impl<'a> Fixed<'a> {
    fn of(subject: &'a Checked, finding: &'a Finding, reason: Option<&'a str>) -> Self {
        let fix = finding.fix.as_ref();
        Self {
            rule: &finding.rule.id,
            subject: name(subject),
            title: fix.map_or("", |fix| &fix.title),
            safe: fix.is_some_and(|fix| fix.safe),
            text: &finding.text,
            start: finding.start,
            end: finding.end,
            reason,
        }
    }
}

impl FixCounts {
    /// The numbers, where fixes were asked for.
    pub(super) fn of(report: &Report) -> Option<Self> {
        report.fixes.map(|_| Self {
            fixed: report.fixed(),
            proposed: report.proposed(),
            left: report.left(),
            withheld: report.withheld(),
        })
    }
}

fn name(subject: &Checked) -> Subject<'_> {
    Subject { kind: subject.kind, name: &subject.name }
}
