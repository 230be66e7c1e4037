//! What shows that the label events of a record are not its whole history.

use jiff::Timestamp;

use super::replay::{Change, Event, same_second};
use super::{State, States};
use crate::document::Document;
use crate::document::event::timestamp;
use crate::document::field::Presence;

/// Why nothing is said about what happened to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// The record carries no events.
    NoEvents,
    /// An event does not name its label, which was deleted.
    Nameless,
    /// An event does not say when it took place.
    Undated,
    /// An event is about a label of the machine that is none of its states, such as one that was renamed.
    Undeclared,
    /// A label was removed, and no event added it.
    Unadded,
    /// A label was added twice, and no event removed it in between.
    Unremoved,
    /// More than one state at a time.
    Several,
    /// The events lead to other labels than the record has.
    Astray,
}

impl Flaw {
    /// What completes "not checked: " and "unknown: ".
    pub fn reason(self) -> &'static str {
        match self {
            Self::NoEvents => "the record has no `resource_label_events`",
            Self::Nameless => "the label of an event was deleted",
            Self::Undated => "a label event has no time",
            Self::Undeclared => "a label event is about no state of the machine",
            Self::Unadded => "a label was removed that no event added",
            Self::Unremoved => "a label was added again that no event removed",
            Self::Several => "the label events lead to more than one state at a time",
            Self::Astray => "the label events do not lead to the labels of the record",
        }
    }
}

impl States {
    /// The first thing in which the history of `document` is not whole, where every change is held against what GitLab
    /// writes down: each label that goes and each that comes.
    pub(super) fn flaw(
        &self,
        document: &Document<'_>,
        events: &[Event<'_, '_>],
        changes: &[Change<'_, '_>],
    ) -> Option<Flaw> {
        self.gap(document, events).or_else(|| {
            let (mut present, mut rest): (Vec<&State>, _) = (Vec::new(), events);
            let mut several = false;
            while let Some(first) = rest.first() {
                let group = same_second(rest, first.at);
                if let Some(flaw) = happen(group, &mut present) {
                    return Some(flaw);
                }
                // What is corrected within the time of one change is no state that anybody meant.
                let ends = |change: &Change<'_, '_>| change.last.as_second() == first.at.as_second();
                several |= changes.iter().any(ends) && !self.is_one(&present);
                rest = rest.get(group.len()..).unwrap_or_default();
            }
            several.then_some(Flaw::Several).or_else(|| self.astray(document, &present))
        })
    }

    /// A gap that leaves what led from one state to another open, however little the record tells.
    pub(super) fn gap(&self, document: &Document<'_>, events: &[Event<'_, '_>]) -> Option<Flaw> {
        if !document.has_label_events() {
            return Some(Flaw::NoEvents);
        }
        if document.has_nameless_label_events() {
            return Some(Flaw::Nameless);
        }
        for event in document.label_events() {
            let Some(name) = event.label.strip_prefix(self.prefix.as_str()) else { continue };
            let declared = self.states.iter().any(|state| state.name == name);
            if declared && timestamp(event.at).is_none() {
                return Some(Flaw::Undated);
            }
            if !declared && !self.prefix.is_empty() {
                return Some(Flaw::Undeclared);
            }
        }
        let added = |at: Timestamp, state: &State| {
            events.iter().any(|event| event.event.added && event.state.name == state.name && event.at <= at)
        };
        let unadded = events.iter().any(|event| !event.event.added && !added(event.at, event.state));
        unadded.then_some(Flaw::Unadded)
    }

    /// Whether the labels in the record are others than those in `present`.
    pub(super) fn astray(&self, document: &Document<'_>, present: &[&State]) -> Option<Flaw> {
        let labels = document.field("labels");
        if labels.presence == Presence::Absent {
            return None;
        }
        let same = self.states.iter().all(|state| {
            let played = present.iter().any(|other| other.name == state.name);
            played == self.present(state, &labels.values).is_some()
        });
        (!same).then_some(Flaw::Astray)
    }

    /// Whether the states agree with each other.
    fn is_one(&self, present: &[&State]) -> bool {
        present.iter().all(|one| present.iter().all(|other| self.agree(one, other)))
    }
}

/// Lets the events of one second happen, in whichever order they are listed.
fn happen<'m>(group: &[Event<'_, 'm>], present: &mut Vec<&'m State>) -> Option<Flaw> {
    let before = present.clone();
    let had = |state: &State| before.iter().any(|other| other.name == state.name);
    for event in group {
        match (event.event.added, had(event.state)) {
            (true, true) => return Some(Flaw::Unremoved),
            (false, false) => return Some(Flaw::Unadded),
            (true, false) => {
                if !present.iter().any(|other| other.name == event.state.name) {
                    present.push(event.state);
                }
            }
            (false, true) => present.retain(|other| other.name != event.state.name),
        }
    }
    None
}
