//! How old the open subjects are in which an audit found something.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Seen;
use crate::cond::days_between;
use crate::diagnostic::Severity;

/// The first day that no longer belongs to each bucket but the last.
const ENDS: [i64; 4] = [7, 30, 90, 365];

/// Open subjects with findings, by their age in days.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ages {
    /// Number of open records.
    pub open: usize,
    /// By the days since they were created.
    pub created: AgeTally,
    /// By the days since their last change.
    pub updated: AgeTally,
    #[serde(skip)]
    today: Option<Date>,
}

/// How many subjects are how old.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgeTally {
    /// Younger than 7, 30, 90, 365 days, and older, each apart from those before.
    pub buckets: [Worst; 5],
    /// Those that do not say.
    pub unknown: usize,
}

/// Subjects by the gravest of their findings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Worst {
    /// With an error.
    pub error: usize,
    /// With a warning and no error.
    pub warning: usize,
    /// With hints only.
    pub info: usize,
}

impl Ages {
    /// What the buckets are called, in their order.
    pub const NAMES: [&str; 5] = ["under 7", "7 to 29", "30 to 89", "90 to 364", "365 or more"];

    /// No subjects yet; ages count up to `today`.
    pub fn new(today: Option<Date>) -> Self {
        Self { today, ..Self::default() }
    }

    /// Counts `seen`, where it is an open record.
    pub fn add(&mut self, seen: &Seen) {
        if seen.profile.state.as_deref() != Some("opened") {
            return;
        }
        self.open += 1;
        let Some(worst) = seen.checked.findings.iter().map(|finding| finding.severity).max() else { return };
        let age = |day: Option<Date>| Some(days_between(day?, self.today?));
        let (created, updated) = (age(seen.profile.created), age(seen.profile.updated));
        self.created.count(created, worst);
        self.updated.count(updated, worst);
    }

    /// Adds what another part of the input holds.
    pub fn merge(&mut self, other: &Self) {
        self.open = self.open.saturating_add(other.open);
        self.created.merge(&other.created);
        self.updated.merge(&other.updated);
    }
}

impl AgeTally {
    fn count(&mut self, days: Option<i64>, worst: Severity) {
        let Some(days) = days else {
            self.unknown += 1;
            return;
        };
        let at = ENDS.iter().take_while(|end| days >= **end).count();
        let bucket = &mut self.buckets[at];
        match worst {
            Severity::Error => bucket.error += 1,
            Severity::Warning => bucket.warning += 1,
            Severity::Info => bucket.info += 1,
        }
    }

    fn merge(&mut self, other: &Self) {
        for (into, from) in self.buckets.iter_mut().zip(&other.buckets) {
            into.error = into.error.saturating_add(from.error);
            into.warning = into.warning.saturating_add(from.warning);
            into.info = into.info.saturating_add(from.info);
        }
        self.unknown = self.unknown.saturating_add(other.unknown);
    }
}

impl Worst {
    /// Number of subjects.
    pub fn subjects(self) -> usize {
        self.error.saturating_add(self.warning).saturating_add(self.info)
    }
}
