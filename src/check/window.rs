//! Time windows of milestones: quarters of a fiscal year, and sprints.

mod dates;
pub(super) mod quarter;
mod rollover;
mod scope;

use serde::Deserialize;

use super::clock::{End, Timed};
use super::{Sink, View};
use crate::scan::Need;
use crate::subject::{Detail, Details};

/// What a rule looks for in the windows that a subject names.
#[derive(Debug, Deserialize)]
#[serde(tag = "find", rename_all = "kebab-case")]
pub enum Window {
    /// Work that stays in a quarter that is over.
    Rollover(rollover::Rollover),
    /// Dates of milestones that are missing, or that do not fit the kind of window.
    Dates(dates::Dates),
    /// Work that joins a sprint after its planning.
    Scope(scope::Scope),
}

impl Window {
    /// The values that messages may name: the text at the place, the window's title, and what it is held against.
    pub const VALUES: &'static [&'static str] = &["hit", "title", "other"];

    /// The variants the check may report.
    pub fn variants(&self) -> Vec<&str> {
        match self {
            Self::Rollover(_) => rollover::Rollover::VARIANTS.to_vec(),
            Self::Dates(_) => dates::Dates::VARIANTS.to_vec(),
            Self::Scope(_) => Vec::new(),
        }
    }

    /// The details of a record that it looks at.
    pub fn details(&self) -> Details {
        match self {
            Self::Rollover(rollover) if rollover.looks_back() => Detail::MilestoneEvents.into(),
            Self::Scope(_) => Detail::MilestoneEvents.into(),
            Self::Rollover(_) | Self::Dates(_) => Details::NONE,
        }
    }

    /// What a text must contain: a fiscal year, or a date of a milestone.
    pub fn need(&self) -> Need {
        let literals: &[&str] = match self {
            Self::Rollover(_) => &["fy"],
            Self::Dates(_) => &["start_date", "due_date", "milestone"],
            Self::Scope(_) => &["milestone_events", "iteration_events"],
        };
        Need::Any(literals.iter().map(|&literal| literal.to_owned()).collect())
    }

    /// Whether it judges by a time limit.
    pub(super) fn has_clock(&self) -> bool {
        matches!(self, Self::Rollover(_))
    }

    /// Where a record stands with the end of its quarter.
    pub(super) fn clock(&self, view: View<'_>, end: End) -> Option<Timed<'_>> {
        match self {
            Self::Rollover(rollover) => Some(("", rollover.clock(view, end)?)),
            _ => None,
        }
    }

    /// Finds it.
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        match self {
            Self::Rollover(rollover) => rollover.run(view, sink),
            Self::Dates(dates) => dates.run(view, sink),
            Self::Scope(scope) => scope.run(view, sink),
        }
    }
}
