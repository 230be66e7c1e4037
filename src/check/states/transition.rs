//! The steps from state to state that the label events of a record tell, held against those the machine allows.

use jiff::Timestamp;

use super::{State, States};
use crate::check::{Hit, Sink, View};
use crate::cond::{date_of, days_between};
use crate::document::event::{LabelEvent, timestamp};
use crate::document::metadata::scope;

/// A label of a state that was added or removed.
struct Event<'d, 'm> {
    at: Timestamp,
    state: &'m State,
    event: LabelEvent<'d>,
}

/// Where the subject stands while its events pass by.
#[derive(Default)]
struct Walk<'m> {
    /// The states whose labels it has.
    present: Vec<&'m State>,
    /// The last state known, and since when.
    state: Option<(&'m State, Timestamp)>,
}

impl States {
    /// Reports every step that the machine does not have.
    pub(super) fn transitions(&self, view: View<'_>, sink: &mut Sink<'_>) {
        if !view.doc.has_label_events() {
            return sink.not_checked("the record has no `resource_label_events`");
        }
        let mut events = Vec::new();
        for event in view.doc.label_events() {
            let name = event.label.strip_prefix(self.prefix.as_str());
            let state = self.states.iter().find(|state| Some(state.name.as_str()) == name);
            if let (Some(state), Some(at)) = (state, timestamp(event.at)) {
                events.push(Event { at, state, event });
            }
        }
        events.sort_by_key(|event| event.at);
        let window = self.fold_minutes.saturating_mul(60);
        let mut walk = Walk::default();
        let mut rest = events.as_slice();
        while let Some(first) = rest.first() {
            let end = first.at.as_second().saturating_add(window);
            let (change, later) = rest.split_at(rest.partition_point(|event| event.at.as_second() <= end));
            let before = walk.state;
            let steps = self.pass(change, &mut walk);
            if let (Some(before), Some((step, event))) = (before, steps.last()) {
                let named: Vec<_> = steps.iter().map(|(state, _)| *state).collect();
                if step.name != before.0.name && !self.leads(before.0, step, &named) {
                    self.report(before, event, view, sink);
                }
            }
            rest = later;
        }
    }

    /// Lets events that count as one change pass; the states that they led to.
    fn pass<'e, 'd, 'm>(
        &self,
        change: &'e [Event<'d, 'm>],
        walk: &mut Walk<'m>,
    ) -> Vec<(&'m State, &'e Event<'d, 'm>)> {
        let mut steps = Vec::new();
        for event in change {
            let (state, current) = (event.state, walk.state.map(|(state, _)| state));
            if event.event.added {
                // GitLab lets a label take the place of the other one of its scope.
                let of = |state: &State| scope(&format!("{}{}", self.prefix, state.name)).map(str::to_owned);
                walk.present.retain(|other| of(other).is_none() || of(other) != of(state));
                walk.present.push(state);
                let stays = current.is_some_and(|current| {
                    self.is_within(current, state) && walk.present.iter().any(|p| p.name == current.name)
                });
                if !stays {
                    walk.state = Some((state, event.at));
                    steps.push((state, event));
                }
            } else {
                walk.present.retain(|other| other.name != state.name);
                let parent = |current: &State| {
                    walk.present.iter().find(|other| Some(&other.name) == current.parent.as_ref()).copied()
                };
                if let Some(parent) = current.filter(|current| current.name == state.name).and_then(parent) {
                    walk.state = Some((parent, event.at));
                }
            }
        }
        steps
    }

    /// Whether allowed steps through `named` states lead from one state to the other.
    fn leads(&self, from: &State, to: &State, named: &[&State]) -> bool {
        let mut reached = vec![from];
        let mut next = 0;
        while let Some(state) = reached.get(next).copied() {
            if state.name == to.name && next > 0 {
                return true;
            }
            for other in named {
                if self.allows(state, other) && !reached.iter().any(|known| known.name == other.name) {
                    reached.push(other);
                }
            }
            next += 1;
        }
        false
    }

    /// Whether the machine has a step; a part of a state may leave it as the state itself may.
    fn allows(&self, from: &State, to: &State) -> bool {
        let mut state = Some(from);
        for _ in &self.states {
            let Some(found) = state else { return false };
            let own = found.name == from.name;
            let extra = self.extra.get(&found.name).into_iter().flatten();
            let listed = found.next.iter().chain(extra).any(|name| match name.strip_suffix('*') {
                Some(start) => to.name.starts_with(start),
                None => *name == to.name,
            });
            if listed && (own || !self.is_within(to, found)) {
                return true;
            }
            state = found.parent.as_ref().and_then(|name| self.states.iter().find(|s| s.name == *name));
        }
        false
    }

    fn report(
        &self,
        before: (&State, Timestamp),
        event: &Event<'_, '_>,
        view: View<'_>,
        sink: &mut Sink<'_>,
    ) {
        let (from, since) = before;
        let ignored = event.event.by.is_some_and(|by| self.ignore_actors.iter().any(|name| name == by));
        let old = date_of(event.event.at)
            .is_none_or(|day| self.since_days.is_some_and(|days| days_between(day, view.world.today) > days));
        if ignored || old {
            return;
        }
        if from.terminal {
            let Some(reopened) = view.doc.reopenings() else {
                return sink.not_checked("the record has no `resource_state_events`");
            };
            let until = event.at.as_second().saturating_add(self.fold_minutes.saturating_mul(60));
            let between = |at: &Timestamp| *at >= since && at.as_second() <= until;
            if reopened.into_iter().filter_map(timestamp).any(|at| between(&at)) {
                return;
            }
        }
        let other = format!("{}{}", self.prefix, from.name);
        let values = [("hit", event.event.label), ("label", event.event.label), ("other", other.as_str())];
        let variant = if from.terminal { "reopen" } else { "step" };
        sink.report(Hit::at(event.event.place, &values).variant(variant));
    }
}
