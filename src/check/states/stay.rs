//! How long a subject may stay in a state, in business days.

use jiff::civil::{Date, Weekday};

use super::{Find, Present, State, States};
use crate::check::clock::{Clock, End, Timed};
use crate::check::{Hit, Sink, View};
use crate::cond::date_of;
use crate::document::field::Presence;

/// The days after which a stay is looked at no more.
const MOST: usize = 4000;

/// A stay that lasts too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overstay<'s> {
    /// The name of the state.
    pub state: &'s str,
    /// The day since when.
    pub since: Date,
    /// Business days that it has lasted.
    pub days: i64,
    /// Business days that it may last.
    pub limit: i64,
}

impl States {
    /// Reports the states in which the subject has stayed for too long.
    pub(super) fn stays(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let labels = view.doc.field("labels");
        if labels.presence == Presence::Absent {
            return sink.not_checked("the record has no `labels`");
        }
        for state in &self.states {
            let (Some(_), Some(present)) = (state.stay, self.present(state, &labels.values)) else {
                continue;
            };
            let Some(since) = since(view, &present.mark.text) else {
                sink.not_checked("the record has neither label events nor `created_at`");
                continue;
            };
            if let Some(over) = self.overstay(state, since, view.world.today) {
                let count = over.days.to_string();
                let values = [
                    ("hit", present.mark.span.of(view.doc.text())),
                    ("label", &present.mark.text),
                    ("other", &count),
                ];
                sink.report(Hit::at(present.mark.span, &values).variant("stay"));
            }
        }
    }

    fn overstay<'s>(&self, state: &'s State, since: Date, today: Date) -> Option<Overstay<'s>> {
        let (limit, days) = (state.stay?, self.business_days(since, today));
        (days > limit).then_some(Overstay { state: &state.name, since, days, limit })
    }

    /// Whether it limits how long a state lasts.
    pub fn has_limits(&self) -> bool {
        self.find == Find::Stay && self.states.iter().any(|state| state.stay.is_some())
    }

    /// The states in which the subject has stayed for too long.
    pub fn overstays(&self, view: View<'_>) -> Vec<Overstay<'_>> {
        let lasting = self.lasting(view).into_iter();
        lasting.filter_map(|(state, since)| self.overstay(state, since?, view.world.today)).collect()
    }

    /// Where the subject stands with the states that it is in, and whose time is limited.
    pub fn clocks(&self, view: View<'_>) -> Vec<Timed<'_>> {
        let clock = |state: &State, since: Option<Date>| match since {
            None => Some(Clock::Unknown),
            Some(since) => Some(Clock::until(self.due(since, state.stay?)?, End::Open, view.world.today)),
        };
        let lasting = self.lasting(view).into_iter();
        lasting.filter_map(|(state, since)| Some((state.name.as_str(), clock(state, since)?))).collect()
    }

    /// The clock of a stay from one day to another; `None` where the time of the state called `name` is not limited.
    pub fn clock_of(&self, name: &str, from: Date, to: Date) -> Option<Timed<'_>> {
        let state = self.states.iter().find(|state| state.name == name)?;
        let due = self.due(from, state.stay?)?;
        Some((&state.name, Clock::until(due, End::On(to), to)))
    }

    /// The states of limited time that the subject is in, each with the day since when, where it is known.
    fn lasting(&self, view: View<'_>) -> Vec<(&State, Option<Date>)> {
        let labels = view.doc.field("labels");
        let limited = self.states.iter().filter(|state| state.stay.is_some());
        let lasting = limited.filter_map(|state| {
            let Present { mark, .. } = self.present(state, &labels.values)?;
            Some((state, since(view, &mark.text)))
        });
        lasting.collect()
    }

    /// The last day on which no more than `limit` business days after `since` are over.
    fn due(&self, since: Date, limit: i64) -> Option<Date> {
        let (mut day, mut days) = (since, 0);
        for _ in 0..MOST {
            let next = day.tomorrow().ok()?;
            days += i64::from(!self.is_free(next));
            if days > limit {
                return Some(day);
            }
            day = next;
        }
        None
    }

    /// The business days after `since`, today included.
    fn business_days(&self, since: Date, today: Date) -> i64 {
        let mut days = 0;
        let mut day = since;
        // A year tells as much as a century.
        while day < today && days <= 366 {
            let Ok(next) = day.tomorrow() else { break };
            day = next;
            days += i64::from(!self.is_free(day));
        }
        days
    }

    fn is_free(&self, day: Date) -> bool {
        self.weekend.iter().any(|name| weekday(name) == Some(day.weekday()))
            || self.holidays.contains(&day.to_string())
    }
}

/// When `label` was added, the last time, else when the subject was created.
fn since(view: View<'_>, label: &str) -> Option<Date> {
    let events = view.doc.label_events().into_iter();
    let added = events.filter(|event| event.added && event.label == label);
    let added = added.filter_map(|event| date_of(event.at)).max();
    let field = |path| view.doc.field(path).first().and_then(|mark| date_of(&mark.text));
    added.or_else(|| field("label_added")).or_else(|| field("created_at"))
}

fn weekday(name: &str) -> Option<Weekday> {
    let days = [
        ("mon", Weekday::Monday),
        ("tue", Weekday::Tuesday),
        ("wed", Weekday::Wednesday),
        ("thu", Weekday::Thursday),
        ("fri", Weekday::Friday),
        ("sat", Weekday::Saturday),
        ("sun", Weekday::Sunday),
    ];
    let lower = name.to_ascii_lowercase();
    days.into_iter().find(|(short, _)| lower.starts_with(short)).map(|(_, day)| day)
}
