//! The steps from state to state that the label events of a record tell, held against those the machine allows.

use super::States;
use super::flaw::Flaw;
use super::replay::Change;
use crate::check::{Hit, Sink, View};
use crate::cond::{date_of, days_between};
use crate::document::Document;
use crate::document::event::timestamp;

/// What the machine says of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ruling {
    /// It has the steps.
    Allowed,
    /// It does not.
    Forbidden,
    /// The change leads out of an end, and nobody reopened the record.
    NotReopened,
    /// It is a change of somebody whose steps are not looked at.
    Ignored,
    /// The record does not tell whether it was reopened.
    Untold,
}

impl States {
    /// Reports every step that the machine does not have.
    pub(super) fn transitions(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let events = self.events(view.doc);
        let changes = self.replay(&events);
        let end = changes.last().map_or(&[][..], |change| &change.present);
        let flaw = self.gap(view.doc, &events).or_else(|| self.astray(view.doc, end));
        if let Some(flaw) = flaw.filter(|flaw| *flaw == Flaw::NoEvents || !events.is_empty()) {
            return sink.not_checked(flaw.reason());
        }
        for change in &changes {
            let (Some((from, _)), Some(step)) = (change.known, change.steps.last()) else { continue };
            let old = date_of(step.event.at).is_none_or(|day| {
                self.since_days.is_some_and(|days| days_between(day, view.world.today) > days)
            });
            if old {
                continue;
            }
            let variant = match self.ruling(change, view.doc) {
                Ruling::Allowed | Ruling::Ignored => continue,
                Ruling::Untold => {
                    sink.not_checked("the record has no `resource_state_events`");
                    continue;
                }
                Ruling::Forbidden => "step",
                Ruling::NotReopened => "reopen",
            };
            let other = format!("{}{}", self.prefix, from.name);
            let values = [("hit", step.event.label), ("label", step.event.label), ("other", other.as_str())];
            sink.report(Hit::at(step.event.place, &values).variant(variant));
        }
    }

    /// Whether the machine has what leads from the last known state to the one that a change ends in.
    pub(super) fn ruling(&self, change: &Change<'_, '_>, document: &Document<'_>) -> Ruling {
        let (Some((from, since)), Some(step)) = (change.known, change.steps.last()) else {
            return Ruling::Allowed;
        };
        let named: Vec<_> = change.steps.iter().map(|step| step.state).collect();
        if step.state.name == from.name || self.leads(from, step.state, &named) {
            return Ruling::Allowed;
        }
        if step.event.by.is_some_and(|by| self.ignore_actors.iter().any(|name| name == by)) {
            return Ruling::Ignored;
        }
        if !from.terminal {
            return Ruling::Forbidden;
        }
        let Some(reopened) = document.reopenings() else { return Ruling::Untold };
        let at = timestamp(step.event.at).unwrap_or(change.last);
        let until = at.as_second().saturating_add(self.fold_minutes.saturating_mul(60));
        let between = |at: &jiff::Timestamp| *at >= since && at.as_second() <= until;
        if reopened.into_iter().filter_map(timestamp).any(|at| between(&at)) {
            Ruling::Allowed
        } else {
            Ruling::NotReopened
        }
    }
}
