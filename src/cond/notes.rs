//! Conditions on the comments of a record.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::{Scope, Verdict, date_of, days_between};
use crate::document::Document;
use crate::document::event::timestamp;
use crate::document::flat::{Flat, count_words};
use crate::document::note::Note;
use crate::pattern::Pattern;
use crate::subject::{Detail, Details};
use crate::world::World;

/// That a comment by a person says something, or that there was one lately.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Notes {
    /// Only so many of the last ones count.
    last: Option<usize>,
    /// One that matches this.
    matches: Option<Pattern>,
    /// It has at least so many words.
    #[serde(default)]
    min_words: usize,
    /// It is at most so many days old.
    within_days: Option<i64>,
    /// It was written after one of these labels was added, the last time.
    #[serde(default)]
    since_added: Vec<String>,
    /// It was written at most so many hours before this moment, or after it.
    #[serde(default)]
    before: Option<Before>,
}

/// A stretch of time before a moment.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Before {
    /// The field with the moment.
    of: String,
    /// Full hours.
    hours: i64,
}

impl Notes {
    /// The details of a record that it asks for.
    pub(super) fn details(&self) -> Details {
        let events = (!self.since_added.is_empty()).then_some(Detail::LabelEvents);
        let before = self.before.as_ref().and_then(|before| Detail::of_field(&before.of));
        events.into_iter().chain(before).chain([Detail::Notes]).collect()
    }

    pub(super) fn holds(&self, scope: Scope<'_>, world: &World) -> Verdict<'_> {
        let Scope::Document(document) = scope else { return Verdict::False };
        let unknown = || Verdict::Unknown("notes");
        let Some(notes) = document.notes() else {
            return self.without_notes(document, world).unwrap_or_else(unknown);
        };
        let human: Vec<&Note<'_>> = notes.iter().filter(|note| note.is_human()).collect();
        let mut latest = human.clone();
        latest.sort_by_key(|note| note.at.map(str::to_owned));
        let skipped = self.last.map_or(0, |last| latest.len().saturating_sub(last));
        if self.within_days.is_some() && human.iter().any(|note| note.at.is_none()) {
            return unknown();
        }
        let fitting = latest.into_iter().skip(skipped).filter(|note| self.fits(document, note, world));
        let fitting: Vec<_> = fitting.collect();
        // Without such a comment it does not matter from when on comments count.
        match self.earliest(document) {
            _ if fitting.is_empty() => Verdict::False,
            Err(unknown) => unknown,
            Ok(None) => Verdict::True,
            Ok(after) if fitting.iter().any(|note| note.at.and_then(timestamp) >= after) => Verdict::True,
            Ok(_) => Verdict::False,
        }
    }

    /// The moment from which comments count, if there is one.
    fn earliest(&self, document: &Document<'_>) -> Result<Option<Timestamp>, Verdict<'_>> {
        if !self.since_added.is_empty() && !document.has_label_events() {
            return Err(Verdict::Unknown("resource_label_events"));
        }
        let events = document.label_events().into_iter();
        let added = events.filter(|event| event.added && self.since_added.iter().any(|l| l == event.label));
        let added = added.filter_map(|event| timestamp(event.at)).max();
        let Some(before) = &self.before else { return Ok(added) };
        let moment = document.field(&before.of);
        let moment = moment.first().and_then(|mark| timestamp(&mark.text));
        let moment = moment.ok_or(Verdict::Unknown(before.of.as_str()))?;
        let start = moment.checked_sub(SignedDuration::from_hours(before.hours)).unwrap_or(moment);
        Ok(added.max(Some(start)))
    }

    /// A record that nobody touched lately has no comment of late, whoever would have written it.
    fn without_notes(&self, document: &Document<'_>, world: &World) -> Option<Verdict<'static>> {
        let days = self.within_days?;
        let updated = document.field("updated_at");
        let updated = date_of(&updated.first()?.text)?;
        (days_between(updated, world.today) > days).then_some(Verdict::False)
    }

    fn fits(&self, document: &Document<'_>, note: &Note<'_>, world: &World) -> bool {
        let text = document.text();
        let words = || Flat::new(text, note.body, note.body.span, true).text;
        let recent = |days| note.at.and_then(date_of).is_some_and(|at| days_between(at, world.today) <= days);
        self.within_days.is_none_or(recent)
            && self.matches.as_ref().is_none_or(|pattern| pattern.is_match(note.body.span.of(text)))
            && (self.min_words == 0 || count_words(&words()) >= self.min_words)
    }
}
