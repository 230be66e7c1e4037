//! Where a subject stands with the time limit of a rule, as the kinds that know one see it themselves.

use jiff::civil::Date;

use super::{Check, View};
use crate::cond::{date_of, days_between};
use crate::document::Document;

/// A time limit of one subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// It runs until the end of this day; where none is given, the limit has not begun to run out.
    Running(Option<Date>),
    /// It ended in time.
    Met,
    /// It ended by so many days too late, or too early where a subject was to last.
    Missed(i64),
    /// It runs, and so many days have passed since the last that was allowed.
    Overdue(i64),
    /// The record does not tell.
    Unknown,
}

/// A time limit with what tells it from the others of its rule: a variant, a label, a state.
pub type Timed<'c> = (&'c str, Clock);

impl Clock {
    /// The clock of what is to be done by `due`, and was done at `end` where it is over.
    pub fn until(due: Date, end: End, today: Date) -> Self {
        match end {
            End::Open if today > due => Self::Overdue(days_between(due, today)),
            End::Open => Self::Running(Some(due)),
            End::On(day) if day > due => Self::Missed(days_between(due, day)),
            End::On(_) => Self::Met,
            End::Untold => Self::Unknown,
        }
    }
}

/// Whether a record is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It is not.
    Open,
    /// It was closed or merged on this day.
    On(Date),
    /// It is, and does not tell since when.
    Untold,
}

impl End {
    /// Of the record in `document`; one that does not tell its state is open.
    pub fn of(document: &Document<'_>) -> Self {
        let state = document.field("state");
        let field = match state.first().map(|mark| &*mark.text) {
            Some("closed") => "closed_at",
            Some("merged") => "merged_at",
            _ => return Self::Open,
        };
        let day = document.field(field).first().and_then(|mark| date_of(&mark.text));
        day.map_or(Self::Untold, Self::On)
    }
}

impl Check {
    /// Whether it judges by a time limit that a record may keep.
    pub fn has_clock(&self) -> bool {
        match self {
            Self::Deadline(_) | Self::Launch(_) => true,
            Self::Require(require) => require.has_clock(),
            Self::States(states) => states.has_limits(),
            Self::Window(window) => window.has_clock(),
            _ => false,
        }
    }

    /// The variant that it reports of a record that is over its time.
    pub fn late_variant(&self) -> &str {
        match self {
            Self::Deadline(_) => "overdue",
            Self::Launch(launch) => launch.variants().first().copied().unwrap_or_default(),
            Self::Require(require) => require.variants().first().copied().unwrap_or_default(),
            Self::States(_) => "stay",
            Self::Window(_) => "issue",
            _ => "",
        }
    }

    /// Whether it asks a record to last, so that its time runs while the record is open.
    pub fn asks_to_last(&self) -> bool {
        matches!(self, Self::Launch(launch) if launch.asks_to_last())
    }

    /// The time limits of the subject, as it judges them, with the `end` that stops them.
    pub fn clocks(&self, view: View<'_>, end: End) -> Vec<Timed<'_>> {
        match self {
            Self::Deadline(deadline) => deadline.clock(view, end).into_iter().collect(),
            Self::Launch(launch) => launch.clock(view, end).into_iter().collect(),
            Self::Require(require) => require.clock(view, end).into_iter().collect(),
            Self::States(states) if end == End::Open => states.clocks(view),
            Self::Window(window) => window.clock(view, end).into_iter().collect(),
            _ => Vec::new(),
        }
    }
}
