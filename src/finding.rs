//! A finding as reports need it: owned, with its positions worked out, so that the subject's text can be dropped.

mod most;
mod part;
mod place;
mod preview;
mod repair;

use std::path::PathBuf;
use std::sync::Arc;

pub use most::MOST_FINDINGS;
pub use part::{Part, STALE_ENTRY, Shard};
pub use place::Place;
pub use preview::{Preview, Previewed};
pub use repair::{Fixes, Left, Repair};

use crate::diagnostic::{Fix, RuleHeader, Severity};
use crate::subject::{Kind, Subject};
use crate::text::Position;

/// A diagnostic with everything a report shows.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Finding {
    /// The rule that found it.
    pub rule: Arc<RuleHeader>,
    /// How grave it is.
    pub severity: Severity,
    /// One sentence that says what to do.
    pub message: String,
    /// The concrete edit, in words; may be empty.
    pub help: String,
    /// The file it lies in, repository-relative with `/`; `None` for a record's own text.
    pub path: Option<String>,
    /// The path of the record's REST key or the front-matter key it lies in.
    pub field: Option<String>,
    /// Exactly what the span covers.
    pub text: String,
    /// Where the span starts; line and column count in `path` where the finding lies in an added line of a diff.
    pub start: Position,
    /// Where the span ends, exclusive.
    pub end: Position,
    /// Other places of the same subject that belong to it.
    pub related: Vec<RelatedPlace>,
    /// The edit that would mend it.
    pub fix: Option<Fix>,
    /// What several subjects share: only its first finding is kept.
    pub shared: Option<String>,
    /// The subject is older than the rule, so that the finding is a hint only.
    pub grace: bool,
    /// Stable when lines move, unique in a run, hexadecimal.
    pub fingerprint: String,
    /// The lines around the span, for reports that show source; not written down with the rest.
    #[serde(skip)]
    pub excerpt: Excerpt,
}

/// Another place that belongs to a finding.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct RelatedPlace {
    /// What it has to do with the finding.
    pub message: String,
    /// What the place says.
    pub text: String,
    /// Where it starts.
    pub start: Position,
    /// Where it ends, exclusive.
    pub end: Position,
}

/// A window of whole lines, long ones cut, that holds a finding's span.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Excerpt {
    /// The lines of the window.
    pub text: String,
    /// The number of its first line in the subject, from 1.
    pub first_line: usize,
    /// Bytes cut off the start of that line.
    pub cut: usize,
    /// Where the finding's span stands in `text`: bytes, start and end.
    pub span: (usize, usize),
}

/// A check, or a whole subject, that could not be judged.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct NotChecked {
    /// The subject's name.
    pub subject: String,
    /// The rule that could not run; `None` where nothing of the subject was checked.
    pub rule: Option<String>,
    /// Why, in words.
    pub reason: String,
}

/// A finding that is not held against anybody, and why.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Suppressed {
    /// What was found.
    pub finding: Finding,
    /// Why it does not count.
    pub suppression: Suppression,
}

/// Why a finding does not count.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Suppression {
    /// Somebody allowed it, with a reason.
    Waiver {
        /// The words of the waiver.
        reason: String,
        /// Who answers for it.
        owner: Option<String>,
        /// The last day it holds, `YYYY-MM-DD`.
        until: Option<String>,
        /// The line of the waiver, from 1, in the text that holds it.
        line: usize,
    },
    /// The baseline lists it.
    Baseline,
}

/// One subject after its check; its text is gone unless a report asked to keep it.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Checked {
    /// What it is.
    pub kind: Kind,
    /// The path, or `group/project!7`.
    pub name: String,
    /// Size of the text as linted, in bytes.
    pub bytes: usize,
    /// What was found, sorted by start, then rule.
    pub findings: Vec<Finding>,
    /// What was found and does not count, in the same order.
    pub suppressed: Vec<Suppressed>,
    /// Number of findings left out because they lie on lines that did not change.
    pub unchanged: usize,
    /// What could not be checked.
    pub not_checked: Vec<NotChecked>,
    /// The canonical text of a record with findings, kept only where a report writes it beside itself.
    pub canonical: Option<String>,
    /// What was checked, kept only where its fixes are to be made.
    #[serde(skip)]
    pub source: Option<Source>,
    /// What became of its fixes, where they were asked for.
    #[serde(skip)]
    pub repair: Option<Repair>,
}

/// A subject that is kept, and where it came from.
#[derive(Clone, Debug)]
pub struct Source {
    /// The subject.
    pub subject: Subject,
    /// The file it was read from; `None` for a record and for standard input.
    pub file: Option<PathBuf>,
}

/// The outcome of a run; every report is rendered from it alone.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The subjects with findings, suppressed ones included, or gaps; sorted by name.
    pub subjects: Vec<Checked>,
    /// Number of subjects linted.
    pub checked: usize,
    /// Bytes of text linted.
    pub bytes: usize,
    /// Number of rules that were switched on.
    pub rules: usize,
    /// The day the rules took for today, `YYYY-MM-DD`.
    pub today: String,
    /// What could not be checked outside any subject (unreadable files, missing input).
    pub not_checked: Vec<NotChecked>,
    /// What was done with fixes, where they were asked for.
    pub fixes: Option<Fixes>,
    /// Which part of the input it is about, where it is not about all of it.
    pub part: Option<Part>,
    /// What would change under the rules that a merge request brings along.
    pub preview: Option<Preview>,
}

impl Checked {
    /// Whether a report has nothing to say about it.
    pub fn is_silent(&self) -> bool {
        self.findings.is_empty()
            && self.suppressed.is_empty()
            && self.unchanged == 0
            && self.not_checked.is_empty()
            && self.repair.as_ref().is_none_or(Repair::is_silent)
    }

    /// Counts what was waived as if no waiver stood there.
    pub fn ignore_waivers(&mut self) {
        let waived = |of: &mut Suppressed| matches!(of.suppression, Suppression::Waiver { .. });
        self.findings.extend(self.suppressed.extract_if(.., waived).map(|of| of.finding));
        self.findings.sort_by(|a, b| a.place().cmp(&b.place()));
    }
}

impl Finding {
    /// What findings of one subject are sorted by: start, then rule.
    pub(crate) fn place(&self) -> (usize, &str, usize, &str) {
        (self.start.byte, &self.rule.id, self.end.byte, &self.message)
    }
}

impl Report {
    /// All findings, in the order of the report.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.subjects.iter().flat_map(|subject| &subject.findings)
    }

    /// All findings that do not count, in the order of the report.
    pub fn suppressed(&self) -> impl Iterator<Item = &Suppressed> {
        self.subjects.iter().flat_map(|subject| &subject.suppressed)
    }

    /// Number of findings somebody allowed.
    pub fn waived(&self) -> usize {
        self.suppressed().filter(|of| matches!(of.suppression, Suppression::Waiver { .. })).count()
    }

    /// Number of findings the baseline lists.
    pub fn in_baseline(&self) -> usize {
        self.suppressed().filter(|of| of.suppression == Suppression::Baseline).count()
    }

    /// Number of findings left out because they lie on lines that did not change.
    pub fn unchanged(&self) -> usize {
        self.subjects.iter().map(|subject| subject.unchanged).sum()
    }

    /// What became of the fixes, where they were asked for, in the order of the report.
    pub fn repairs(&self) -> impl Iterator<Item = (&Checked, &Repair)> {
        self.subjects.iter().filter_map(|subject| Some((subject, subject.repair.as_ref()?)))
    }

    /// Number of findings whose fixes were made, or would be.
    pub fn fixed(&self) -> usize {
        self.repairs().map(|(_, repair)| repair.fixed.len()).sum()
    }

    /// Number of findings in records for which quick actions or a change of the description are proposed.
    pub fn proposed(&self) -> usize {
        self.repairs().map(|(_, repair)| repair.proposed.len()).sum()
    }

    /// Number of fixes that were asked for and not made.
    pub fn left(&self) -> usize {
        self.repairs().map(|(_, repair)| repair.left.len()).sum()
    }

    /// Number of findings whose fix is no safe one, where only those were asked for.
    pub fn withheld(&self) -> usize {
        self.repairs().map(|(_, repair)| repair.withheld).sum()
    }

    /// All gaps, those of the run first.
    pub fn gaps(&self) -> impl Iterator<Item = &NotChecked> {
        self.not_checked.iter().chain(self.subjects.iter().flat_map(|subject| &subject.not_checked))
    }

    /// Number of findings of `severity`.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings().filter(|finding| finding.severity == severity).count()
    }
}
