//! Whether a listed issue ships by a date of the record.

use jiff::civil::Date;
use serde::Deserialize;

use crate::cond::{date_of, folded};
use crate::document::{Document, Field, field::Presence};
use crate::yaml::Node;

/// The variant for an entry that is planned for no time at all.
pub(super) const UNSCHEDULED: &str = "unscheduled";

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
    /// The record's date.
    pub(super) fn day(&self, document: &Document<'_>) -> Option<Date> {
        date_of(&document.field(&self.by).first()?.text)
    }

    /// Whether `entry` ships too late: on which day, or `Some(None)` where it is not planned at all. A milestone
    /// without a date says neither, and an entry with neither field is one that could not be read.
    pub(super) fn late(&self, document: &Document<'_>, entry: &Node) -> Option<Option<Date>> {
        let by = self.day(document)?;
        let field = |path| Field::of_node(entry, path);
        let day = |path| field(path).first().and_then(|mark| date_of(&mark.text));
        let milestone = field("milestone");
        let planned = milestone
            .first()
            .is_some_and(|title| !self.unscheduled.iter().any(|other| folded(other) == folded(&title.text)));
        let end = day("milestone.due_date").filter(|_| planned);
        match day("due_date").or(end) {
            Some(day) => (day > by).then_some(Some(day)),
            None if planned => None,
            None => {
                let unread =
                    milestone.presence == Presence::Absent && field("due_date").presence == Presence::Absent;
                (!unread).then_some(None)
            }
        }
    }
}
