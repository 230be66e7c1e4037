//! How long a subject stays open, counted from the day of a launch.

use jiff::civil::Date;
use serde::Deserialize;

use super::clock::{Clock, End, Timed};
use super::require::Place;
use super::{Hit, Sink, View};
use crate::cond::{Cond, Verdict, date_of, days_between};
use crate::document::Document;
use crate::document::field::Presence;
use crate::document::outline::Class;
use crate::pattern::Pattern;
use crate::scan::Need;
use crate::subject::{Detail, Details};
use crate::text::Span;

/// A time frame after a launch.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Launch {
    /// Where the day of the launch stands; the first that says one.
    launch: Vec<Source>,
    /// The days of the time frame.
    #[serde(deserialize_with = "super::range::days")]
    days: i64,
    /// The field with the day of the end, which is early before the time frame has passed; without it today is late.
    end: Option<String>,
    /// Where a finding points where today is late; at the state where nothing is said.
    #[serde(default)]
    at: Vec<Place>,
    /// What excuses a subject that is out of its time frame.
    #[serde(default)]
    unless: Option<Cond>,
    /// The variant that is reported.
    variant: String,
}

/// Where a day stands.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Source {
    /// In a field; one that is there and empty says that there is no such day yet.
    Field(String),
    /// In a line of the main text, in the group `day` of its pattern; the group `hit` is reported.
    Line(Pattern),
}

/// A day with its place, if the text has it.
struct Day {
    date: Date,
    line: Option<Span>,
}

impl Launch {
    /// The values that messages may name.
    pub const VALUES: &'static [&'static str] = &["hit", "launch"];

    /// The variants the check may report.
    pub fn variants(&self) -> Vec<&str> {
        vec![&self.variant]
    }

    /// The details of a record that it looks at.
    pub fn details(&self) -> Details {
        let launch = self.launch.iter().filter_map(|source| match source {
            Source::Field(path) => Detail::of_field(path),
            Source::Line(_) => None,
        });
        let end = self.end.as_deref().and_then(Detail::of_field);
        let places = self.at.iter().filter_map(Place::detail);
        let unless = self.unless.as_ref().map(Cond::details).unwrap_or_default();
        unless.and(launch.chain(end).chain(places).collect())
    }

    /// A missing day is found by its absence.
    pub fn need(&self) -> Need {
        Need::Nothing
    }

    /// Reports an end before the time frame has passed, or that today is after it.
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let Some(launch) = self.launched(view.doc) else { return };
        let (place, days) = match &self.end {
            None => (self.place(view.doc), days_between(launch.date, view.world.today)),
            Some(path) => {
                let end = view.doc.field(path);
                let Some(mark) = end.first() else { return };
                let Some(day) = date_of(&mark.text) else { return };
                (launch.line.or(Some(mark.span)), days_between(launch.date, day))
            }
        };
        let Some(place) = place.filter(|_| self.is_out(days)) else { return };
        match self.unless.as_ref().map(|cond| cond.holds(view.doc, view.world)) {
            None | Some(Verdict::False) => {}
            Some(Verdict::True) => return,
            Some(Verdict::Unknown(field)) => return sink.not_checked(format!("the record has no `{field}`")),
        }
        let date = launch.date.to_string();
        let values = [("hit", place.of(view.doc.text())), ("launch", &*date)];
        sink.report(Hit::at(place, &values).variant(&self.variant));
    }

    /// Whether `days` after the launch are out of the time frame; what ended before its launch was called off.
    fn is_out(&self, days: i64) -> bool {
        if self.end.is_some() { (0..self.days).contains(&days) } else { days > self.days }
    }

    /// Whether a record is to last as long as the time frame.
    pub(super) fn asks_to_last(&self) -> bool {
        self.end.is_some()
    }

    /// Where the subject stands with the time frame: that it lasts as long, or not longer.
    pub(super) fn clock(&self, view: View<'_>, end: End) -> Option<Timed<'_>> {
        let launch = self.launched(view.doc)?.date;
        let due = launch.checked_add(jiff::Span::new().try_days(self.days).ok()?).ok()?;
        let today = view.world.today;
        let clock = if self.end.is_some() {
            match End::of(view.doc) {
                End::Untold => Clock::Unknown,
                End::Open if today < due => Clock::Running(Some(due)),
                End::Open => Clock::Met,
                End::On(day) if day < launch => return None,
                End::On(day) if self.is_out(days_between(launch, day)) => {
                    Clock::Missed(days_between(day, due))
                }
                End::On(_) => Clock::Met,
            }
        } else {
            self.place(view.doc)?;
            let excuse = self.unless.as_ref().map(|cond| cond.holds(view.doc, view.world));
            match (Clock::until(due, end, today), excuse) {
                (Clock::Overdue(_), Some(Verdict::True)) => Clock::Running(None),
                (Clock::Overdue(_), Some(Verdict::Unknown(_))) | (Clock::Missed(_), Some(_)) => {
                    Clock::Unknown
                }
                (clock, _) => clock,
            }
        };
        Some((&self.variant, clock))
    }

    fn place(&self, doc: &Document<'_>) -> Option<Span> {
        let state = || doc.field("state").first().map(|mark| mark.span);
        let place = self.at.iter().find_map(|place| Some(place.find(doc)?.span));
        if self.at.is_empty() { state() } else { place }
    }

    fn launched(&self, doc: &Document<'_>) -> Option<Day> {
        for source in &self.launch {
            match source {
                Source::Field(path) => {
                    let field = doc.field(path);
                    if let Some(mark) = field.first() {
                        return Some(Day { date: date_of(&mark.text)?, line: None });
                    }
                    let own = !path.contains('.') && field.presence == Presence::Empty;
                    if own {
                        return None;
                    }
                }
                Source::Line(pattern) => {
                    if let Some(day) = line(doc, pattern) {
                        return Some(day);
                    }
                }
            }
        }
        None
    }
}

/// The first day that a line outside of code and comments says.
fn line(doc: &Document<'_>, pattern: &Pattern) -> Option<Day> {
    let (text, outline) = (doc.text(), doc.body()?);
    pattern.all_captures(outline.span.of(text)).into_iter().find_map(|captures| {
        let (hit, day) = (captures.name("hit").or(captures.get(0))?, captures.name("day")?);
        let span = Span::from(hit.range()).shifted(outline.span.start as usize);
        let at = day.start() + outline.span.start as usize;
        let seen = outline.piece_at(at).is_none_or(|piece| piece.class == Class::Text);
        Some(Day { date: date_of(day.as_str())?, line: Some(span) }).filter(|_| seen)
    })
}
