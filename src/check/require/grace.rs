//! The time that authors have before a condition is asked for.

use jiff::Span;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::check::View;
use crate::cond::{date_of, days_between};
use crate::document::event::{end_of, timestamp};
use crate::document::field::Presence;

/// A time since a label was added; a record that does not tell when has no grace.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Grace {
    /// Full hours that the condition may stay unmet.
    hours: Option<i64>,
    /// Days that must have passed.
    days: Option<i64>,
    /// Days more than which must have passed.
    more_than_days: Option<i64>,
    /// The labels whose latest addition starts it; of several that the subject has, the one that came first.
    #[serde(default)]
    labels: Vec<String>,
    /// Fields with a date that starts it where no label event does; the first that has one.
    #[serde(default)]
    or: Vec<String>,
}

impl Grace {
    /// Whether the time has not passed yet at the end of today, UTC.
    pub fn lasts(&self, view: View<'_>) -> bool {
        let Some(start) = self.start(view) else { return false };
        let hours = self.hours.is_some_and(|hours| {
            let elapsed = timestamp(&start)
                .zip(end_of(view.world.today))
                .map(|(start, now)| now.as_second() - start.as_second());
            elapsed.is_some_and(|elapsed| elapsed <= hours.saturating_mul(3600))
        });
        let passed = date_of(&start).map(|start| days_between(start, view.world.today));
        let days = self.days.zip(passed).is_some_and(|(days, passed)| passed < days);
        let more = self.more_than_days.zip(passed).is_some_and(|(days, passed)| passed <= days);
        hours || days || more
    }

    /// The last day on which it lasts; `None` where the record does not tell when it started.
    pub fn last(&self, view: View<'_>) -> Option<Date> {
        let start = self.start(view)?;
        let after = |days: i64| date_of(&start)?.checked_add(Span::new().try_days(days).ok()?).ok();
        let hours = |hours: i64| {
            let end = timestamp(&start)?.checked_add(Span::new().try_hours(hours).ok()?).ok()?;
            end.to_zoned(TimeZone::UTC).date().yesterday().ok()
        };
        let days = self.days.and_then(|days| after(days - 1));
        days.max(self.more_than_days.and_then(after)).max(self.hours.and_then(hours))
    }

    fn start(&self, view: View<'_>) -> Option<String> {
        let events = view.doc.label_events();
        let carried = view.doc.field("labels");
        let is_carried = |label: &&String| {
            carried.presence == Presence::Absent || carried.values.iter().any(|mark| mark.text == **label)
        };
        let latest = |label: &String| {
            let added = events.iter().filter(|event| event.added && event.label == label.as_str());
            added.max_by_key(|event| timestamp(event.at))
        };
        let added = self.labels.iter().filter(is_carried).filter_map(latest);
        let first = added.min_by_key(|event| timestamp(event.at)).map(|event| event.at.to_owned());
        first.or_else(|| {
            self.or.iter().find_map(|path| Some(view.doc.field(path).first()?.text.clone().into_owned()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::load::record_subject;
    use crate::subject::Kind;
    use crate::world::World;

    const TODAY: Date = jiff::civil::date(2020, 3, 10);

    fn seen<T>(record: &serde_json::Value, today: Date, look: impl Fn(View<'_>) -> T) -> T {
        let subject = record_subject(record, Kind::Issue, None);
        look(View::new(&Document::new(&subject), &World::on(today)))
    }

    fn lasts(grace: &Grace, record: serde_json::Value) -> bool {
        seen(&record, TODAY, |view| grace.lasts(view))
    }

    fn added(at: &[&str]) -> serde_json::Value {
        let event =
            |at: &&str| serde_json::json!({"action": "add", "created_at": at, "label": {"name": "a"}});
        serde_json::json!({"label_events": at.iter().map(event).collect::<Vec<_>>()})
    }

    #[test]
    fn hours_are_counted_to_the_end_of_today() {
        let grace = Grace { hours: Some(24), labels: vec!["a".to_owned()], ..Grace::default() };
        assert!(lasts(&grace, added(&["2020-03-10T00:00:00.000Z"])));
        assert!(!lasts(&grace, added(&["2020-03-09T23:59:59Z"])));
        assert!(lasts(&grace, added(&["2020-03-09T23:30:00-02:00"])));
        assert!(lasts(&grace, added(&["2020-03-10T09:00Z", "2020-03-01"])));
        assert!(!lasts(&grace, serde_json::json!({})));
    }

    #[test]
    fn days_are_counted_by_the_calendar() {
        let created = |at: &str| serde_json::json!({ "created_at": at });
        let grace = Grace { days: Some(7), or: vec!["created_at".to_owned()], ..Grace::default() };
        assert!(lasts(&grace, created("2020-03-04T23:00:00Z")));
        assert!(!lasts(&grace, created("2020-03-03")));
        let grace = Grace { days: None, more_than_days: Some(7), ..grace };
        assert!(lasts(&grace, created("2020-03-03T23:00:00Z")));
        assert!(!lasts(&grace, created("2020-03-02")));
    }

    #[test]
    fn the_last_day_is_the_last_one_on_which_it_lasts() {
        let hours = |hours| Grace { hours: Some(hours), ..Grace::default() };
        let days = |days| Grace { days: Some(days), ..Grace::default() };
        let more = |days| Grace { more_than_days: Some(days), ..Grace::default() };
        let both = Grace { hours: Some(72), ..days(2) };
        for (grace, last) in [
            (hours(24), "2020-02-28"),
            (hours(48), "2020-02-29"),
            (days(1), "2020-02-28"),
            (days(7), "2020-03-05"),
            (more(7), "2020-03-06"),
            (both, "2020-03-01"),
        ] {
            let grace = Grace { or: vec!["created_at".to_owned()], ..grace };
            let record = serde_json::json!({ "created_at": "2020-02-28T10:00:00Z" });
            let told = seen(&record, TODAY, |view| grace.last(view)).unwrap();
            assert_eq!(told.to_string(), last, "{grace:?}");
            let on = |day| seen(&record, day, |view| grace.lasts(view));
            assert!(on(told) && !on(told.tomorrow().unwrap()), "{grace:?}");
        }
        assert_eq!(seen(&serde_json::json!({}), TODAY, |view| days(7).last(view)), None);
    }
}
