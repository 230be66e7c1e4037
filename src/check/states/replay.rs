//! The label events of a record, played from the first to the last: from which state to which it went, and when.

use jiff::Timestamp;

use super::{State, States};
use crate::document::Document;
use crate::document::event::{LabelEvent, timestamp};
use crate::document::metadata::scope;

/// A label of a state that was added or removed.
pub(super) struct Event<'d, 'm> {
    pub at: Timestamp,
    pub state: &'m State,
    pub event: LabelEvent<'d>,
}

/// A state that a label added, with what was known then.
pub(super) struct Step<'d, 'm> {
    pub state: &'m State,
    pub event: LabelEvent<'d>,
    /// The state before was left in the same second, or not yet, so that nothing lies between the two.
    pub linked: bool,
}

/// Events that count as one.
pub(super) struct Change<'d, 'm> {
    /// When the last of them took place.
    pub last: Timestamp,
    /// The last state known before, and since when.
    pub known: Option<(&'m State, Timestamp)>,
    /// The state before; none where no label said one.
    pub before: Option<&'m State>,
    /// The state after.
    pub after: Option<&'m State>,
    /// The states that were added.
    pub steps: Vec<Step<'d, 'm>>,
    /// The states whose labels there are after it.
    pub present: Vec<&'m State>,
}

/// Where the subject stands while its events pass by.
#[derive(Default)]
struct Walk<'m> {
    present: Vec<&'m State>,
    /// The labels removed, each with the last time.
    removed: Vec<(&'m State, Timestamp)>,
    state: Option<(&'m State, Timestamp)>,
}

impl States {
    /// The events of `document` that are about states, the earliest first; what the same second adds and removes is left
    /// out.
    pub(super) fn events<'d>(&self, document: &'d Document<'_>) -> Vec<Event<'d, '_>> {
        let mut events = Vec::new();
        for event in document.label_events() {
            let name = event.label.strip_prefix(self.prefix.as_str());
            let state = self.states.iter().find(|state| Some(state.name.as_str()) == name);
            if let (Some(state), Some(at)) = (state, timestamp(event.at)) {
                events.push(Event { at, state, event });
            }
        }
        events.sort_by_key(|event| event.at);
        let undone: Vec<bool> = events
            .iter()
            .map(|event| {
                let opposite = |other: &Event<'_, '_>| {
                    other.event.added != event.event.added
                        && other.state.name == event.state.name
                        && other.at.as_second() == event.at.as_second()
                };
                same_second(&events, event.at).iter().any(opposite)
            })
            .collect();
        let mut undone = undone.into_iter();
        events.retain(|_| undone.next() == Some(false));
        events
    }

    /// The changes that `events` tell, the earliest first.
    pub(super) fn replay<'d, 'm>(&'m self, events: &[Event<'d, 'm>]) -> Vec<Change<'d, 'm>> {
        let window = self.fold_minutes.saturating_mul(60);
        let mut walk = Walk::default();
        let mut changes = Vec::new();
        let mut rest = events;
        while let Some(first) = rest.first() {
            let end = first.at.as_second().saturating_add(window);
            let (folded, later) = rest.split_at(rest.partition_point(|event| event.at.as_second() <= end));
            let (known, before) = (walk.state, walk.current());
            let steps = folded.iter().filter_map(|event| self.pass(event, &mut walk)).collect();
            changes.push(Change {
                last: folded.last().map_or(first.at, |event| event.at),
                known,
                before,
                after: walk.current(),
                steps,
                present: walk.present.clone(),
            });
            rest = later;
        }
        changes
    }

    /// Lets an event pass; the step that it is.
    fn pass<'d, 'm>(&self, event: &Event<'d, 'm>, walk: &mut Walk<'m>) -> Option<Step<'d, 'm>> {
        let (state, current) = (event.state, walk.state.map(|(state, _)| state));
        if event.event.added {
            let linked = current.is_none_or(|current| walk.had(current, event.at));
            // GitLab lets a label take the place of the other one of its scope.
            let of = |state: &State| scope(&format!("{}{}", self.prefix, state.name)).map(str::to_owned);
            walk.present.retain(|other| of(other).is_none() || of(other) != of(state));
            walk.present.push(state);
            let stays = current.is_some_and(|current| {
                self.is_within(current, state) && walk.present.iter().any(|p| p.name == current.name)
            });
            if stays {
                return None;
            }
            walk.state = Some((state, event.at));
            return Some(Step { state, event: event.event, linked });
        }
        walk.present.retain(|other| other.name != state.name);
        walk.removed.retain(|(other, _)| other.name != state.name);
        walk.removed.push((state, event.at));
        let parent = |current: &State| {
            walk.present.iter().find(|other| Some(&other.name) == current.parent.as_ref()).copied()
        };
        if let Some(parent) = current.filter(|current| current.name == state.name).and_then(parent) {
            walk.state = Some((parent, event.at));
        }
        None
    }

    /// Whether allowed steps through `named` states lead from one state to the other.
    pub(super) fn leads(&self, from: &State, to: &State, named: &[&State]) -> bool {
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
}

impl<'m> Walk<'m> {
    /// The state whose label there is.
    fn current(&self) -> Option<&'m State> {
        let (state, _) = self.state?;
        self.present.iter().find(|present| present.name == state.name).copied()
    }

    /// Whether the label of `state` is there, or was until the second of `at`.
    fn had(&self, state: &State, at: Timestamp) -> bool {
        let left = |(other, left): &(&State, Timestamp)| {
            other.name == state.name && left.as_second() == at.as_second()
        };
        self.present.iter().any(|other| other.name == state.name) || self.removed.iter().any(left)
    }
}

/// The events in the second of `at`; `events` are sorted by time.
pub(super) fn same_second<'e, 'd, 'm>(events: &'e [Event<'d, 'm>], at: Timestamp) -> &'e [Event<'d, 'm>] {
    let second = at.as_second();
    let start = events.partition_point(|event| event.at.as_second() < second);
    let end = events.partition_point(|event| event.at.as_second() <= second);
    events.get(start..end).unwrap_or_default()
}
