//! Conditions on the time between two dates.

use jiff::civil::Date;
use serde::Deserialize;

use super::{Scope, Verdict, date_of, days_between};
use crate::document::field::Presence;
use crate::world::World;

/// The days from one date to another; it does not hold where a date is empty.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Days {
    /// Fields with the first date; the first that has one.
    from: Vec<String>,
    /// Labels whose latest addition is the first date where no field has one.
    #[serde(default)]
    or_added: Vec<String>,
    /// The field with the second date, or `today`.
    to: String,
    /// At least so many days lie between them.
    min: Option<i64>,
    /// At most so many days lie between them.
    max: Option<i64>,
    /// More than so many days lie between them.
    over: Option<i64>,
}

impl Days {
    pub(super) fn holds(&self, scope: Scope<'_>, world: &World) -> Verdict {
        let end = match self.to.as_str() {
            "today" => Ok(world.today),
            path => date(scope, path, world),
        };
        let end = match end {
            Ok(end) => end,
            Err(verdict) => return verdict,
        };
        let (mut verdict, mut start) = (None, None);
        for path in &self.from {
            match date(scope, path, world) {
                Ok(date) => {
                    start = Some(date);
                    break;
                }
                Err(Verdict::False) => verdict = Some(Verdict::False),
                Err(unknown) => verdict = verdict.or(Some(unknown)),
            }
        }
        let Some(start) = start.or_else(|| self.added(scope)) else {
            return verdict.unwrap_or(Verdict::False);
        };
        let days = days_between(start, end);
        let fits = self.min.is_none_or(|min| days >= min)
            && self.max.is_none_or(|max| days <= max)
            && self.over.is_none_or(|over| days > over);
        if fits { Verdict::True } else { Verdict::False }
    }

    fn added(&self, scope: Scope<'_>) -> Option<Date> {
        let Scope::Document(document) = scope else { return None };
        let events = document.label_events().into_iter();
        let added =
            events.filter(|event| event.added && self.or_added.iter().any(|name| name == event.label));
        added.filter_map(|event| date_of(event.at)).max()
    }
}

fn date(scope: Scope<'_>, path: &str, world: &World) -> Result<Date, Verdict> {
    let field = scope.field(path, world);
    if field.presence == Presence::Absent {
        return Err(Verdict::Unknown(path.to_owned()));
    }
    field.first().and_then(|mark| date_of(&mark.text)).ok_or(Verdict::False)
}
