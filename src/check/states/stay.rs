//! How long a subject may stay in a state, in business days.

use jiff::civil::{Date, Weekday};

use super::States;
use crate::check::{Hit, Sink, View};
use crate::cond::date_of;
use crate::document::field::Presence;

impl States {
    /// Reports the states in which the subject has stayed for too long.
    pub(super) fn stays(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let labels = view.doc.field("labels");
        if labels.presence == Presence::Absent {
            return sink.not_checked("the record has no `labels`");
        }
        for state in &self.states {
            let (Some(limit), Some(present)) = (state.stay, self.present(state, &labels.values)) else {
                continue;
            };
            let Some(since) = since(view, &present.mark.text) else {
                sink.not_checked("the record has neither label events nor `created_at`");
                continue;
            };
            let days = self.business_days(since, view.world.today);
            if days > limit {
                let count = days.to_string();
                let values = [
                    ("hit", present.mark.span.of(view.doc.text())),
                    ("label", &present.mark.text),
                    ("other", &count),
                ];
                sink.report(Hit::at(present.mark.span, &values).variant("stay"));
            }
        }
    }

    /// The business days after `since`, today included.
    fn business_days(&self, since: Date, today: Date) -> i64 {
        let mut days = 0;
        let mut day = since;
        // A year tells as much as a century.
        while day < today && days <= 366 {
            let Ok(next) = day.tomorrow() else { break };
            day = next;
            let free = self.weekend.iter().any(|name| weekday(name) == Some(day.weekday()))
                || self.holidays.contains(&day.to_string());
            days += i64::from(!free);
        }
        days
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
