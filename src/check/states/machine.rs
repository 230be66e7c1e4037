//! A machine as an audit looks at it: what the declarations of one prefix say together, and how a record passed through.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

pub use super::flaw::Flaw;
use super::replay::Change;
use super::transition::Ruling;
use super::{State, States};
use crate::cond::date_of;
use crate::document::Document;
use crate::document::event::{end_of, timestamp};
use crate::document::field::Presence;

/// A machine.
#[derive(Debug)]
pub struct Machine {
    states: States,
}

/// How a record passed through a machine; states are their places among those of the machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Passage {
    /// The state its labels say.
    pub now: Option<usize>,
    /// Its labels say more than one state, or the record does not carry its labels.
    pub unclear: bool,
    /// What its history lacks; then nothing is said of it.
    pub flaw: Option<Flaw>,
    /// Its moves, the earliest first.
    pub moves: Vec<(Option<usize>, Option<usize>, Legality)>,
    /// The stays that are over.
    pub stays: Vec<Stay>,
}

/// A stay in a state that is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stay {
    /// The place of the state.
    pub state: usize,
    /// Its first day, UTC.
    pub from: Date,
    /// Its last day, UTC.
    pub to: Date,
    /// Whole days from its first moment to its last.
    pub days: i64,
}

/// Whether a machine has a move.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Legality {
    /// It has.
    #[default]
    Legal,
    /// It has not.
    Illegal,
    /// No rule that is switched on says so, or the record does not tell enough.
    Unknown,
}

impl Machine {
    /// What `parts` say together; they have the same prefix, and of two that disagree the first one counts.
    pub fn join(parts: &[&States]) -> Option<Self> {
        let (first, rest) = parts.split_first()?;
        let mut states = States {
            find: first.find,
            prefix: first.prefix.clone(),
            states: first.states.clone(),
            last_stands: first.last_stands,
            require_parent_label: first.require_parent_label,
            extra: first.extra.clone(),
            fold_minutes: first.fold_minutes,
            since_days: None,
            ignore_actors: first.ignore_actors.clone(),
            weekend: Vec::new(),
            holidays: Vec::new(),
        };
        for part in rest {
            part.states.iter().for_each(|state| add(&mut states.states, state));
            for (from, to) in &part.extra {
                states.extra.entry(from.clone()).or_default().extend(to.iter().cloned());
            }
            states.fold_minutes = states.fold_minutes.max(part.fold_minutes);
            states.ignore_actors.extend(part.ignore_actors.iter().cloned());
        }
        Some(Self { states })
    }

    /// What the names of the labels have before the name of the state.
    pub fn prefix(&self) -> &str {
        &self.states.prefix
    }

    /// The names of the states, and whether each is an end.
    pub fn states(&self) -> impl Iterator<Item = (&str, bool)> {
        self.states.states.iter().map(|state| (state.name.as_str(), state.terminal))
    }

    /// Whether it says which moves there are.
    pub fn has_moves(&self) -> bool {
        !self.states.extra.is_empty() || self.states.states.iter().any(|state| !state.next.is_empty())
    }

    /// How the record in `document` passed through, seen at the end of `today`; `None` where it never was in a state.
    pub fn passage(&self, document: &Document<'_>, today: Date) -> Option<Passage> {
        let labels = document.field("labels");
        let events = self.states.events(document);
        let is_in = |state: &&State| self.states.present(state, &labels.values).is_some();
        // Most records have no label of the machine at all.
        let has_label = labels.values.iter().any(|mark| mark.text.starts_with(self.prefix()));
        let present: Vec<_> = self.states.states.iter().filter(|_| has_label).filter(is_in).collect();
        if present.is_empty() && events.is_empty() {
            return None;
        }
        let one = self.innermost(&present);
        let unclear = (one.is_none() && !present.is_empty()) || labels.presence == Presence::Absent;
        let now = one.and_then(|state| self.place(state));
        let changes = self.states.replay(&events);
        let flaw = self.states.flaw(document, &events, &changes);
        let mut passage = Passage { now, unclear, flaw, ..Passage::default() };
        if flaw.is_none() && !unclear {
            for change in &changes {
                passage.moves.extend(self.step(change, document));
            }
            passage.stays = self.stays(&changes, ended(document).filter(|end| Some(*end) <= end_of(today)));
        }
        Some(passage)
    }

    /// The state that is within all others, where they agree.
    fn innermost<'m>(&self, present: &[&'m State]) -> Option<&'m State> {
        let within = |inner: &&&State| present.iter().all(|outer| self.states.is_within(inner, outer));
        present.iter().find(within).copied()
    }

    fn place(&self, state: &State) -> Option<usize> {
        self.states.states.iter().position(|other| other.name == state.name)
    }

    /// The move that a change is; where something may lie between two states, the one is left, and the other entered.
    fn step(
        &self,
        change: &Change<'_, '_>,
        document: &Document<'_>,
    ) -> Vec<(Option<usize>, Option<usize>, Legality)> {
        let (from, to) =
            (change.before.and_then(|s| self.place(s)), change.after.and_then(|s| self.place(s)));
        if from == to {
            return Vec::new();
        }
        if from.is_none() || to.is_none() || change.steps.is_empty() {
            return vec![(from, to, Legality::Legal)];
        }
        if !change.steps.iter().all(|step| step.linked) {
            return vec![(from, None, Legality::Legal), (None, to, Legality::Legal)];
        }
        let legality = match self.states.ruling(change, document) {
            _ if !self.has_moves() => Legality::Unknown,
            Ruling::Allowed => Legality::Legal,
            Ruling::Forbidden | Ruling::NotReopened => Legality::Illegal,
            Ruling::Ignored | Ruling::Untold => Legality::Unknown,
        };
        vec![(from, to, legality)]
    }

    /// The stays that are over: by a change, or by the `end` of the record.
    fn stays(&self, changes: &[Change<'_, '_>], end: Option<Timestamp>) -> Vec<Stay> {
        let mut stays = Vec::new();
        let mut open: Option<(&State, Timestamp)> = None;
        for change in changes {
            if open.map(|(state, _)| &state.name) == change.after.map(|state| &state.name) {
                continue;
            }
            stays.extend(open.and_then(|(state, since)| Some(stay(self.place(state)?, since, change.last))));
            open = change.after.map(|state| (state, change.last));
        }
        let closed = open.filter(|(state, _)| !state.terminal).zip(end);
        stays.extend(closed.and_then(|((state, since), end)| {
            (end >= since).then_some(())?;
            Some(stay(self.place(state)?, since, end))
        }));
        stays
    }
}

/// Adds to `states` what `state` says and none of them does.
fn add(states: &mut Vec<State>, state: &State) {
    let Some(known) = states.iter_mut().find(|known| known.name == state.name) else {
        states.push(state.clone());
        return;
    };
    known.parent = known.parent.take().or_else(|| state.parent.clone());
    known.terminal |= state.terminal;
    let new = state.next.iter().filter(|name| !known.next.contains(name)).cloned().collect::<Vec<_>>();
    known.next.extend(new);
    known.stay = known.stay.or(state.stay);
}

/// When a record that is not open was closed or merged.
fn ended(document: &Document<'_>) -> Option<Timestamp> {
    let text = |path| document.field(path).first().map(|mark| mark.text.clone().into_owned());
    let field = match text("state")?.as_str() {
        "closed" => "closed_at",
        "merged" => "merged_at",
        _ => return None,
    };
    let at = text(field)?;
    timestamp(&at).or_else(|| end_of(date_of(&at)?))
}

fn stay(state: usize, from: Timestamp, to: Timestamp) -> Stay {
    let day = |at: Timestamp| at.to_zoned(TimeZone::UTC).date();
    let days = ((to.as_second() - from.as_second()) / 86_400).max(0);
    Stay { state, from: day(from), to: day(to), days }
}
