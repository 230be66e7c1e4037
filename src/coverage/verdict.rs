//! What became of sentences, one by one and counted.

use serde::Serialize;

use super::Sentence;

/// What became of a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Verdict {
    /// Rules enforce it.
    Enforced {
        /// Their ids.
        rules: Vec<String>,
        /// What they leave to people.
        reason: Option<String>,
    },
    /// People judge it.
    Judged {
        /// Why no rule does.
        reason: String,
    },
    /// Nobody has looked at it.
    Open {
        /// Rules that are named for it and do not exist.
        missing: Vec<String>,
    },
}

impl Verdict {
    /// The state's name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Enforced { .. } => "enforced",
            Self::Judged { .. } => "judged",
            Self::Open { .. } => "open",
        }
    }
}

/// How many sentences there are in each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Enforced by rules.
    pub enforced: usize,
    /// Judged for humans.
    pub judged: usize,
    /// Neither.
    pub open: usize,
}

impl Counts {
    /// Counts sentences.
    pub fn of<'s>(sentences: impl IntoIterator<Item = &'s Sentence>) -> Self {
        let mut counts = Self::default();
        for sentence in sentences {
            match sentence.verdict {
                Verdict::Enforced { .. } => counts.enforced += 1,
                Verdict::Judged { .. } => counts.judged += 1,
                Verdict::Open { .. } => counts.open += 1,
            }
        }
        counts
    }

    /// Adds other counts.
    pub fn add(&mut self, other: Self) {
        self.enforced += other.enforced;
        self.judged += other.judged;
        self.open += other.open;
    }

    /// All of them.
    pub fn total(self) -> usize {
        self.enforced + self.judged + self.open
    }
}
