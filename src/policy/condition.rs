//! The conditions of a policy.

use crate::document::metadata::scope;
use crate::text::Span;

/// One condition; a policy acts where all of its conditions hold.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// A date lies before or after a moment in the past.
    Date {
        /// The record's key.
        attribute: &'static str,
        /// Before, not after.
        older: bool,
        /// The unit of `interval`.
        unit: Unit,
        /// How long before now.
        interval: i64,
    },
    /// The milestone's title.
    Milestone(Asked),
    /// The iteration's title.
    Iteration(Asked),
    /// The state.
    State(String),
    /// A number is below or above a threshold.
    Count {
        /// What is counted.
        of: Counted,
        /// Below, not above.
        less: bool,
        /// The threshold itself is neither.
        threshold: u64,
    },
    /// Each of these is there; each may be one of several.
    Labels(Vec<Vec<String>>),
    /// There is no label at all.
    NoLabels,
    /// There is any label.
    AnyLabel,
    /// None of these is there.
    Forbidden(Vec<String>),
    /// No labels but those asked for.
    NoAdditional,
    /// The author's username.
    Author(String),
    /// The author, or an assignee, belongs or does not belong to a group or project.
    Member {
        /// Whose membership, and of what.
        whose: String,
        /// It is wanted that they do not belong to it.
        not: bool,
    },
    /// Whether the merge request is a draft.
    Draft(bool),
    /// The source branch.
    SourceBranch(String),
    /// The target branch.
    TargetBranch(String),
    /// The id of a reviewer.
    Reviewer(Asked),
    /// The health of an issue.
    Health(Asked),
    /// The weight of an issue.
    Weight(Asked),
    /// The type of an issue.
    IssueType(String),
    /// An expression in Ruby, which is never run.
    Ruby,
    /// A condition on branches, which are no records.
    Branch,
    /// A condition whose value cannot be read; it is told as a mistake.
    Unreadable,
}

/// The value a field is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// No value.
    Nothing,
    /// Any value.
    Anything,
    /// An open milestone that has not started and is the next one due.
    Upcoming,
    /// An open milestone that has started.
    Started,
    /// This value.
    Is(String),
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// Thumbs up.
    Upvotes,
    /// Thumbs down.
    Downvotes,
    /// Comments.
    Notes,
    /// Threads of comments.
    Threads,
}

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Minutes.
    Minutes,
    /// Hours.
    Hours,
    /// Days.
    Days,
    /// Weeks.
    Weeks,
    /// Months of the calendar.
    Months,
    /// Years of the calendar.
    Years,
}

/// What a policy changes of an item.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Effect {
    /// Labels it sets, with their places.
    pub adds: Vec<(String, Span)>,
    /// Labels it takes off.
    pub removes: Vec<(String, Span)>,
    /// The state it leaves the item in, `closed` or `opened`.
    pub state: Option<(&'static str, Span)>,
}

impl Effect {
    /// Whether it changes neither labels nor the state.
    pub fn is_nothing(&self) -> bool {
        self.adds.is_empty() && self.removes.is_empty() && self.state.is_none()
    }

    /// `labels` as they are afterwards: of one scope the label that came last stays.
    pub fn labels(&self, labels: &[String]) -> Vec<String> {
        let mut after = labels.to_vec();
        for (label, _) in &self.adds {
            after.retain(|other| other != label && !rivals(other, label));
            after.push(label.clone());
        }
        after.retain(|label| !self.removes.iter().any(|(gone, _)| gone == label));
        after
    }
}

/// Whether an item can carry only one of two different labels: they share a scope.
pub fn rivals(one: &str, other: &str) -> bool {
    one != other && scope(one).is_some_and(|own| Some(own) == scope(other))
}
