//! The moment after which a run looks at nothing more.

use std::time::{Duration, Instant};

use proclint::finding::NotChecked;

/// When the time of a run is used up. It is asked between subjects: what is being read or checked comes to its end.
#[derive(Clone, Copy, Debug, Default)]
pub struct Deadline {
    /// Seconds that were given, and the moment they end; `None` for as long as it takes.
    end: Option<(u64, Instant)>,
}

impl Deadline {
    /// A deadline `seconds` after `start`.
    pub fn after(start: Instant, seconds: Option<u64>) -> Self {
        let end = |seconds| Some((seconds, start.checked_add(Duration::from_secs(seconds))?));
        Self { end: seconds.and_then(end) }
    }

    /// Whether there is one at all.
    pub fn is_set(&self) -> bool {
        self.end.is_some()
    }

    /// The moment it ends.
    pub fn moment(&self) -> Option<Instant> {
        self.end.map(|(_, end)| end)
    }

    /// Why nothing more is looked at; `None` while there is time.
    pub fn passed(&self) -> Option<String> {
        let (seconds, end) = self.end?;
        (Instant::now() >= end).then(|| format!("the time of {seconds} s is used up"))
    }

    /// That `subject` is not checked, where the time is used up.
    pub fn gap(&self, subject: &str) -> Option<NotChecked> {
        Some(NotChecked { subject: subject.to_owned(), rule: None, reason: self.passed()? })
    }
}
