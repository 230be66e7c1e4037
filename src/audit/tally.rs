//! What one rule found in an audit.

use serde::{Deserialize, Serialize};

use super::{First, Seen};
use crate::diagnostic::{RuleHeader, Severity};
use crate::engine::trial::Example;
use crate::finding::Finding;

/// The most examples of a rule.
const EXAMPLES: usize = 5;

/// What one rule found.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct RuleTally {
    /// What the rule is about.
    pub title: String,
    /// The page it cites.
    pub url: String,
    /// Findings that count, by severity.
    pub error: usize,
    /// Warnings among them.
    pub warning: usize,
    /// Hints among them.
    pub info: usize,
    /// Subjects with a finding that counts.
    pub subjects: usize,
    /// Findings that a waiver allows.
    pub waived: usize,
    /// The first findings.
    pub examples: First<Example, EXAMPLES>,
}

impl RuleTally {
    /// The tally of `rule`, which has found nothing yet.
    pub(super) fn of(rule: &RuleHeader) -> Self {
        Self { title: rule.title.clone(), url: rule.url.clone(), ..Self::default() }
    }

    /// Counts `finding`, one of those in `seen`; `is_first` says that the rule has no other before it there.
    pub(super) fn add(&mut self, seen: &Seen, finding: &Finding, is_first: bool) {
        match finding.severity {
            Severity::Error => self.error += 1,
            Severity::Warning => self.warning += 1,
            Severity::Info => self.info += 1,
        }
        self.subjects += usize::from(is_first);
        self.examples.add(seen.place, || Example::of(&seen.checked.name, finding));
    }

    /// Adds what the rule found in another shard.
    pub(super) fn merge(&mut self, other: Self) {
        if self.title.is_empty() {
            (self.title, self.url) = (other.title, other.url);
        }
        for (own, other) in [
            (&mut self.error, other.error),
            (&mut self.warning, other.warning),
            (&mut self.info, other.info),
            (&mut self.subjects, other.subjects),
            (&mut self.waived, other.waived),
        ] {
            *own = own.saturating_add(other);
        }
        self.examples.merge(other.examples);
    }

    /// Number of findings of `severity` that count.
    pub fn count(&self, severity: Severity) -> usize {
        match severity {
            Severity::Error => self.error,
            Severity::Warning => self.warning,
            Severity::Info => self.info,
        }
    }

    /// Number of findings that count.
    pub fn findings(&self) -> usize {
        self.error.saturating_add(self.warning).saturating_add(self.info)
    }
}
