//! The policies of gitlab-triage: what they would touch, where they contradict each other, what they leave alone.

pub mod braces;
mod clash;
mod condition;
mod facts;
mod read;
mod survey;
mod together;
mod truth;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use clash::{Clash, ClashKind};
pub use condition::{Asked, Condition, Effect};
pub use facts::Facts;
pub use survey::{Cover, Reach, Survey, Touch, Verdicts};
pub use truth::{Reason, Truth};

use crate::finding::Place;
use crate::subject::{Kind, Subject};
use crate::text::Span;

/// The file that gitlab-triage reads where none is named.
pub const FILE: &str = ".triage-policies.yml";

/// A file of policies.
#[derive(Clone, Debug, Default)]
pub struct Policies {
    /// The file.
    pub path: String,
    /// Its rules, in their order; those of summaries included.
    pub policies: Vec<Policy>,
    /// What is wrong with the file.
    pub mistakes: Vec<Mistake>,
}

/// What is wrong in a file of policies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mistake {
    /// Where.
    pub place: Place,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

/// One rule of the file.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub place: Place,
    /// What it is about.
    pub resource: Resource,
    /// Its conditions, all of which hold, with the places of their keys.
    pub conditions: Vec<(Condition, Span)>,
    /// How many it acts on in one run.
    pub limit: Option<Limit>,
    /// What it changes.
    pub effect: Effect,
    /// The names of its actions.
    pub does: Vec<String>,
    /// It only lists what it finds in the issue of a summary.
    pub summed: bool,
}

/// How many items a policy acts on in one run, by the day they were created.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// The newest, not the oldest.
    pub most_recent: bool,
    /// How many.
    pub number: usize,
}

/// What a policy is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resource {
    /// Epics.
    Epics,
    /// Issues.
    Issues,
    /// Merge requests.
    MergeRequests,
    /// Branches, which are no records.
    Branches,
}

impl Resource {
    /// The names in the file.
    pub const NAMES: [&str; 4] = ["epics", "issues", "merge_requests", "branches"];

    /// The resource called `name` in the file.
    pub fn from_name(name: &str) -> Option<Self> {
        let all = [Self::Epics, Self::Issues, Self::MergeRequests, Self::Branches];
        all.into_iter().zip(Self::NAMES).find(|(_, known)| *known == name).map(|(resource, _)| resource)
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Epics => "epics",
            Self::Issues => "issues",
            Self::MergeRequests => "merge requests",
            Self::Branches => "branches",
        }
    }

    /// Whether records of `kind` are such items.
    pub fn has(self, kind: Kind) -> bool {
        match self {
            Self::Epics => kind == Kind::Epic,
            Self::Issues => kind == Kind::Issue,
            Self::MergeRequests => kind == Kind::MergeRequest,
            Self::Branches => false,
        }
    }
}

impl Policy {
    /// Whether it asks for labels, a milestone by its title and the state only, and acts on all that it finds.
    pub fn is_simple(&self) -> bool {
        let is_simple = |condition: &Condition| match condition {
            Condition::Milestone(asked) => !matches!(asked, Asked::Upcoming | Asked::Started),
            Condition::Labels(_) | Condition::NoLabels | Condition::AnyLabel | Condition::Forbidden(_) => {
                true
            }
            Condition::State(_) => true,
            _ => false,
        };
        self.limit.is_none()
            && !self.summed
            && self.conditions.iter().all(|(condition, _)| is_simple(condition))
    }
}

impl Policies {
    /// The policies in `text`, the content of the file at `path`; what cannot be read is told as a mistake.
    pub fn read(path: &str, text: &str) -> Self {
        read::read(path, text)
    }

    /// What they would do to the record `subject` on the day `today`; `None` for what is no record.
    pub fn judge(&self, clashes: &[Clash], subject: &Subject, today: Date) -> Option<Verdicts> {
        let facts = Facts::of(subject, today)?;
        let touch = |policy: &Policy| match policy.resource.has(facts.kind()) {
            true => facts.hold(&policy.conditions),
            false => Truth::No,
        };
        let touched: Vec<_> = self.policies.iter().map(touch).collect();
        let clashing = clashes.iter().map(|clash| clash.happens(self, &facts, &touched)).collect();
        Some(Verdicts { kind: facts.kind(), created: facts.created().to_owned(), touched, clashing })
    }
}

#[cfg(test)]
mod tests;
