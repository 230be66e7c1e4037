//! Whether a listed issue ships by a date of the record.

use jiff::civil::Date;
use serde::Deserialize;

use crate::cond::{date_of, folded};
use crate::document::{Document, Field, field::Presence};
use crate::subject::Detail;
use crate::yaml::Node;

/// The variant for an entry that is planned for no time at all.
pub(super) const UNSCHEDULED: &str = "unscheduled";

/// The variant for an entry that is planned for the record's own milestone.
pub(super) const SAME_MILESTONE: &str = "same-milestone";

/// What is wrong with the plan of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slip {
    /// It ships after the record's date.
    Late(Date),
    /// It is not planned.
    Unscheduled,
    /// It ends with the record's own milestone, which leaves no time.
    SameMilestone,
    /// The record does not carry its plan.
    Unread,
}

/// The date by which entries ship.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ship {
    /// The record's field with the date.
    by: String,
    /// Milestones that are no plan.
    unscheduled: Vec<String>,
}

impl Ship {
    /// The detail of a record that its date lies in.
    pub(super) fn detail(&self) -> Option<Detail> {
        Detail::of_field(&self.by)
    }

    /// The record's date.
    pub(super) fn day(&self, document: &Document<'_>) -> Option<Date> {
        date_of(&document.field(&self.by).first()?.text)
    }

    /// What is wrong with the plan of `entry`, if anything; a milestone without a date says nothing.
    pub(super) fn slip(&self, document: &Document<'_>, entry: &Node) -> Option<Slip> {
        let by = self.day(document)?;
        let field = |path| Field::of_node(entry, path);
        let day = |path| field(path).first().and_then(|mark| date_of(&mark.text));
        let milestone = field("milestone");
        let planned = milestone.first().map(|title| folded(&title.text));
        let planned = planned.filter(|title| !self.unscheduled.iter().any(|other| folded(other) == *title));
        let end = day("milestone.due_date").filter(|_| planned.is_some());
        let own = document.field("milestone").first().map(|title| folded(&title.text));
        match day("due_date").or(end) {
            Some(day) if day > by => Some(Slip::Late(day)),
            _ if planned.is_some() => (planned == own).then_some(Slip::SameMilestone),
            Some(_) => None,
            None => {
                let unread =
                    milestone.presence == Presence::Absent && field("due_date").presence == Presence::Absent;
                Some(if unread { Slip::Unread } else { Slip::Unscheduled })
            }
        }
    }
}
