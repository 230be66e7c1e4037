//! Conditions on the time between two dates.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use serde::Deserialize;

use super::{Scope, Verdict, date_of, days_between};
use crate::document::field::Presence;
use crate::subject::{Detail, Details};
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
    /// Only days from Monday to Friday count, the first date included.
    #[serde(default)]
    business: bool,
    /// At least so many days lie between them.
    min: Option<i64>,
    /// At most so many days lie between them.
    max: Option<i64>,
    /// More than so many days lie between them.
    over: Option<i64>,
}

impl Days {
    pub(super) fn holds(&self, scope: Scope<'_>, world: &World) -> Verdict<'_> {
        let days = match self.between(scope, world) {
            Ok(days) => days,
            Err(verdict) => return verdict,
        };
        let fits = self.min.is_none_or(|min| days >= min)
            && self.max.is_none_or(|max| days <= max)
            && self.over.is_none_or(|over| days > over);
        fits.into()
    }

    /// The days between the dates; where one is missing, what that makes of the condition.
    pub(super) fn between(&self, scope: Scope<'_>, world: &World) -> Result<i64, Verdict<'_>> {
        let end = match self.to.as_str() {
            "today" => world.today,
            path => date(scope, path, world)?,
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
        let start = start.or_else(|| self.added(scope));
        let days = |start| if self.business { business_days(start, end) } else { days_between(start, end) };
        start.map(days).ok_or_else(|| verdict.unwrap_or(Verdict::False))
    }

    /// The fields it reads.
    pub(super) fn fields(&self) -> impl Iterator<Item = &str> {
        self.from.iter().chain([&self.to]).map(String::as_str).filter(|path| *path != "today")
    }

    /// The details of a record that it asks for.
    pub(super) fn details(&self) -> Details {
        let fields = self.fields().filter_map(Detail::of_field);
        fields.chain((!self.or_added.is_empty()).then_some(Detail::LabelEvents)).collect()
    }

    fn added(&self, scope: Scope<'_>) -> Option<Date> {
        let Scope::Document(document) = scope else { return None };
        let events = document.label_events().into_iter();
        let added =
            events.filter(|event| event.added && self.or_added.iter().any(|name| name == event.label));
        added.filter_map(|event| date_of(event.at)).max()
    }
}

fn date<'p>(scope: Scope<'_>, path: &'p str, world: &World) -> Result<Date, Verdict<'p>> {
    let field = scope.field(path, world);
    if field.presence == Presence::Absent {
        return Err(Verdict::Unknown(path));
    }
    field.first().and_then(|mark| date_of(&mark.text)).ok_or(Verdict::False)
}

/// The days from Monday to Friday from `start` on and before `end`.
fn business_days(start: Date, end: Date) -> i64 {
    // More than a few weeks make no difference to anybody.
    let days = start.series(1.day()).take_while(|day| *day < end).take(60);
    let works = |day: &Date| !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    days.filter(works).count() as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_weekend_is_no_business() {
        // The 13th of June 2025 is a Friday.
        let days = |from, to| business_days(date(2025, 6, from), date(2025, 6, to));
        assert_eq!([days(13, 16), days(14, 16), days(15, 17), days(16, 16), days(17, 16)], [1, 0, 1, 0, 0]);
        assert_eq!(days(9, 16), 5);
    }
}
