//! What happened to a record: moves between milestones, changes of guarded fields, and what was said about them.

mod guarded;
mod rationale;
mod shift;

use serde::Deserialize;

use super::{Sink, View};
use crate::document::Document;
use crate::document::event::timestamp;
use crate::document::milestone_event::{MilestoneEvent, Stop};
use crate::scan::Need;
use crate::subject::{Detail, Details};

/// What a rule looks for in the events of a record.
#[derive(Debug, Deserialize)]
#[serde(tag = "find", rename_all = "kebab-case")]
pub enum History {
    /// Moves to a milestone without a plan that nobody explained.
    Rationale(rationale::Moves),
    /// Moves in the middle of a milestone that left the label of a commitment where it was.
    Shift(shift::Shifts),
    /// Changes that only others make.
    Guarded(guarded::Guarded),
}

impl History {
    /// The values that messages may name.
    pub const VALUES: &'static [&'static str] = &["hit", "from", "to", "at", "user"];

    /// The variants the check may report.
    pub fn variants(&self) -> Vec<&str> {
        match self {
            Self::Rationale(_) => rationale::Moves::VARIANTS.to_vec(),
            Self::Shift(_) => shift::Shifts::VARIANTS.to_vec(),
            Self::Guarded(_) => guarded::Guarded::VARIANTS.to_vec(),
        }
    }

    /// The details of a record that it looks at.
    pub fn details(&self) -> Details {
        let looked_at: &[Detail] = match self {
            Self::Rationale(_) => &[Detail::MilestoneEvents, Detail::Notes],
            Self::Shift(_) => &[Detail::MilestoneEvents, Detail::LabelEvents, Detail::Notes],
            Self::Guarded(_) => &[Detail::LabelEvents, Detail::Notes],
        };
        looked_at.iter().copied().collect()
    }

    /// Events have no words of their own, and where they are missing it is said.
    pub fn need(&self) -> Need {
        match self {
            Self::Guarded(guarded) => guarded.need(),
            _ => Need::Nothing,
        }
    }

    /// Finds it.
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        match self {
            Self::Rationale(moves) => moves.run(view, sink),
            Self::Shift(shifts) => shifts.run(view, sink),
            Self::Guarded(guarded) => guarded.run(view, sink),
        }
    }
}

/// Seconds of an hour.
const HOUR: i64 = 3600;

/// The moves between milestones that lasted, the earliest first; what was corrected within the hour is one move.
fn moves<'d>(document: &'d Document<'_>) -> Option<Vec<MilestoneEvent<'d>>> {
    let mut lasting: Vec<MilestoneEvent<'d>> = Vec::new();
    for event in document.milestone_events()? {
        let soon = |last: &MilestoneEvent<'_>| {
            let apart = timestamp(event.at)?.as_second() - timestamp(last.at)?.as_second();
            Some(apart <= HOUR)
        };
        match lasting.pop_if(|last| soon(last) == Some(true)) {
            Some(last) => lasting.push(MilestoneEvent { from: last.from, ..event }),
            None => lasting.push(event),
        }
    }
    lasting.retain(|event| event.from.map(|stop| stop.title) != event.to.map(|stop| stop.title));
    Some(lasting)
}

/// The release `X.Y` that a milestone is called after.
fn release(stop: Option<Stop<'_>>) -> Option<(u32, u32)> {
    let (major, minor) = stop?.title.trim().split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}
