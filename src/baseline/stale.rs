//! Entries of a baseline that nothing answers to any more: what was mended must not come back unseen.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::{Baseline, Slot};
use crate::diagnostic::{Diagnostic, RuleHeader, Severity};
use crate::finding::{NotChecked, STALE_ENTRY};
use crate::rule::RuleSet;
use crate::split::Split;
use crate::subject::Kind;

/// What a run can say about entries: one about a file or a rule it did not look at is not stale.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'s> {
    /// The rules of the run.
    pub rules: &'s RuleSet,
    /// Rules were chosen for this run alone.
    pub chosen: bool,
    /// The folders the run has read in full, relative to the root of the repository; `.` is the root.
    pub folders: &'s [String],
    /// What could not be checked outside of any subject.
    pub gaps: &'s [NotChecked],
    /// Which subjects the run answers for; all of them where `None`.
    pub split: Option<&'s Split>,
}

impl Scope<'_> {
    /// Whether the run has judged what the entry is about.
    pub(super) fn holds(&self, slot: &Slot) -> bool {
        let entry = &slot.entry;
        if self.chosen && !self.rules.has(&entry.rule) {
            return false;
        }
        let owns = || self.split.is_none_or(|split| split.owns(&entry.subject));
        let gone = || !slot.met.load(Ordering::Relaxed) && owns() && self.covers(&entry.subject, entry.kind);
        slot.judged.load(Ordering::Relaxed) || gone()
    }

    /// Whether the run would have met the file if it were still there.
    fn covers(&self, subject: &str, kind: Kind) -> bool {
        if kind.is_record() || kind == Kind::Commit {
            return false;
        }
        let below = |folder: &str| {
            let rest = subject.strip_prefix(folder);
            folder == "." || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.folders.iter().any(|folder| below(folder)) && !self.gaps.iter().any(|gap| below(&gap.subject))
    }
}

impl Baseline {
    /// A finding, in the text of the baseline, about every entry that counts more than there is.
    pub fn stale(&self, scope: &Scope<'_>) -> Vec<Diagnostic> {
        let rule = Arc::new(RuleHeader {
            id: STALE_ENTRY.to_owned(),
            title: "An entry of the baseline that counts more than is found".to_owned(),
            ..RuleHeader::default()
        });
        let stale = |slot: &Slot| {
            let left = slot.left.load(Ordering::Relaxed);
            (left > 0 && scope.holds(slot)).then(|| {
                let entry = &slot.entry;
                let message = match entry.count - left {
                    0 => {
                        format!("Take `{}` in {} out of the baseline: it is gone", entry.rule, entry.subject)
                    }
                    found => format!(
                        "Count `{}` in {} down from {} to {found} in the baseline",
                        entry.rule, entry.subject, entry.count
                    ),
                };
                Diagnostic {
                    rule: rule.clone(),
                    severity: Severity::Error,
                    span: slot.span,
                    message,
                    help: "Run `proclint baseline update`, and commit the file.".to_owned(),
                    related: Vec::new(),
                    fix: None,
                    shared: None,
                    grace: false,
                }
            })
        };
        self.slots.iter().filter_map(stale).collect()
    }
}
