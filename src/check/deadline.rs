//! A day by which work is to be done: that it has not passed, and that the milestone does not end after it.

use std::collections::BTreeMap;

use jiff::Span as Time;
use jiff::civil::Date;
use serde::Deserialize;

use super::clock::{Clock, End, Timed};
use super::{Hit, Sink, View};
use crate::cond::{date_of, days_between};
use crate::document::Document;
use crate::document::event::timestamp;
use crate::document::field::{Mark, Presence};
use crate::scan::Need;
use crate::subject::{Detail, Details};
use crate::text::Span;

/// The deadline of a record, and what is held against it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub struct Deadline {
    /// Where the deadline comes from.
    by: Source,
    /// Days before the deadline from which it is near.
    #[serde(default)]
    warn_before_days: i64,
    /// Days from the end of a milestone to its release.
    #[serde(default)]
    release_offset_days: i64,
    /// The days of releases whose milestones have no date, by title.
    #[serde(default)]
    release_dates: BTreeMap<String, String>,
    /// The variant for a milestone that ends after the deadline.
    #[serde(default = "late")]
    late: String,
}

/// Where a deadline comes from.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Source {
    /// A field with a date.
    Field(String),
    /// Days that the label allows since it was added; of several labels the one with the fewest.
    Days(BTreeMap<String, i64>),
}

/// A deadline and the place that says it.
struct Due {
    day: Date,
    place: Span,
    label: String,
}

/// A deadline that is missed, or soon will be.
struct Miss<'m> {
    variant: &'m str,
    place: Span,
    /// The day on which the record ships, where that is what comes too late.
    release: Option<Date>,
    days: i64,
}

fn late() -> String {
    "late".to_owned()
}

impl Deadline {
    /// The values that messages may name: the deadline, the label that sets it, the end of the milestone, and the days
    /// by which one of them is missed.
    pub const VALUES: &'static [&'static str] = &["hit", "deadline", "label", "release", "days"];

    /// The variants the check may report.
    pub fn variants(&self) -> Vec<&str> {
        vec!["overdue", "due-soon", self.late.as_str()]
    }

    /// The details of a record that it looks at.
    pub fn details(&self) -> Details {
        match &self.by {
            Source::Field(path) => Detail::of_field(path).into_iter().collect(),
            Source::Days(_) => Detail::LabelEvents.into(),
        }
    }

    /// Labels that set a deadline are found in the text; a field may be called anything.
    pub fn need(&self) -> Need {
        match &self.by {
            Source::Field(_) => Need::Nothing,
            Source::Days(days) => Need::Any(days.keys().cloned().collect()),
        }
    }

    /// Holds today and the milestone against the deadline.
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let due = match self.due(view.doc) {
            Ok(Some(due)) => due,
            Ok(None) => return,
            Err(field) => return sink.not_checked(format!("the record has no `{field}`")),
        };
        let left = days_between(view.world.today, due.day);
        if left < 0 {
            let miss = Miss { variant: "overdue", place: due.place, release: None, days: -left };
            miss.report(view, &due, sink);
        } else if left < self.warn_before_days {
            let miss = Miss { variant: "due-soon", place: due.place, release: None, days: left };
            miss.report(view, &due, sink);
        }
        let milestone = view.doc.field("milestone");
        if let Some(title) = milestone.first()
            && let Some(release) = self.release(view.doc, &title.text)
            && release > due.day
        {
            let days = days_between(due.day, release);
            let miss = Miss { variant: &self.late, place: title.span, release: Some(release), days };
            miss.report(view, &due, sink);
        }
    }

    /// Where the subject stands with its deadline, and the label that sets it.
    pub(super) fn clock(&self, view: View<'_>, end: End) -> Option<Timed<'_>> {
        match self.due(view.doc) {
            Ok(due) => {
                let Due { day, label, .. } = due?;
                let label = match &self.by {
                    Source::Days(days) => days.keys().find(|key| **key == label).map_or("", String::as_str),
                    Source::Field(_) => "",
                };
                Some((label, Clock::until(day, end, view.world.today)))
            }
            Err(_) => Some(("", Clock::Unknown)),
        }
    }

    /// The deadline, or the field that the record lacks to tell it.
    fn due(&self, document: &Document<'_>) -> Result<Option<Due>, &str> {
        match &self.by {
            Source::Field(path) => {
                let field = document.field(path);
                if field.presence == Presence::Absent {
                    return Err(path);
                }
                let due = |mark: &Mark<'_>| {
                    Some(Due { day: date_of(&mark.text)?, place: mark.span, label: String::new() })
                };
                Ok(field.first().and_then(due))
            }
            Source::Days(days) => {
                let labels = document.field("labels");
                let allowed = labels.values.iter().filter_map(|mark| Some((*days.get(&*mark.text)?, mark)));
                let Some((days, mark)) = allowed.min_by_key(|(days, _)| *days) else { return Ok(None) };
                let start = start(document, &mark.text).ok_or("created_at")?;
                Ok(later(start, days).map(|day| Due { day, place: mark.span, label: mark.text.to_string() }))
            }
        }
    }

    /// The day on which what is planned for the record's milestone ships.
    fn release(&self, document: &Document<'_>, title: &str) -> Option<Date> {
        let written = document.field("milestone.due_date");
        let end = written.first().and_then(|mark| date_of(&mark.text));
        let end = end.or_else(|| date_of(self.release_dates.get(title)?))?;
        later(end, self.release_offset_days)
    }
}

impl Miss<'_> {
    fn report(&self, view: View<'_>, due: &Due, sink: &mut Sink<'_>) {
        let deadline = due.day.to_string();
        let days = format!("{} day{}", self.days, if self.days == 1 { "" } else { "s" });
        let release = self.release.map(|day| day.to_string()).unwrap_or_default();
        let values = [
            ("hit", self.place.of(view.doc.text())),
            ("deadline", &deadline),
            ("label", &due.label),
            ("release", &release),
            ("days", &days),
        ];
        let hit = Hit::at(self.place, &values).variant(self.variant);
        let elsewhere = self.place != due.place;
        sink.report(if elsewhere { hit.related(due.place, format!("due {deadline}")) } else { hit });
    }
}

fn later(day: Date, days: i64) -> Option<Date> {
    day.checked_add(Time::new().try_days(days).ok()?).ok()
}

/// The day on which the label was last added, else the day the record was made.
fn start(document: &Document<'_>, label: &str) -> Option<Date> {
    let added = document.label_events().into_iter().filter(|event| event.added && event.label == label);
    let latest = added.max_by_key(|event| timestamp(event.at)).and_then(|event| date_of(event.at));
    latest.or_else(|| date_of(&document.field("created_at").first()?.text))
}
