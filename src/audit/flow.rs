//! States and moves, as an audit sums them up: how many are in each state, how they got there, and for how long.

mod days;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::plan::{Passed, Shape};
use super::{First, Seen};
use crate::check::states::machine::{Flaw, Legality};
use days::Days;

/// The most subjects that are named for anything.
pub const NAMED: usize = 5;

/// The machines of an audit, by the name of the rule that declares each; only those with a subject.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Flow {
    /// The machines.
    pub machines: BTreeMap<String, MachineTally>,
}

/// What became of the subjects in one machine.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct MachineTally {
    /// The rules that declare it.
    pub rules: Vec<String>,
    /// What the names of its labels have before the name of the state.
    pub prefix: String,
    /// Whether a rule that is switched on says which moves there are; without, no move is illegal.
    pub has_moves: bool,
    /// Subjects that are, or were, in one of its states.
    pub subjects: usize,
    /// The states in the order of the declaration.
    pub states: Vec<StateTally>,
    /// The moves, sorted by their states and whether the machine has them.
    pub moves: Vec<Move>,
    /// Whose history is known.
    pub history: History,
}

/// What is known of one state.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct StateTally {
    /// Its name, the label without the prefix.
    pub name: String,
    /// It is an end.
    pub terminal: bool,
    /// Subjects that are in it now.
    pub now: usize,
    /// Those of them that are neither closed nor merged.
    pub open: usize,
    /// Stays that are over.
    pub stays: usize,
    /// Whole days that at most half of them exceeded.
    pub median_days: Option<i64>,
    /// Whole days that at most a tenth of them exceeded.
    pub p90_days: Option<i64>,
    /// How many of them lasted so many days; more than a year in steps of 30 days, more than ten years as ten.
    pub days: Days,
    /// Subjects that are in it for longer than a rule allows.
    pub stuck: usize,
    /// Those of them that have been so since the earliest days.
    pub oldest: Vec<Stuck>,
}

/// A subject that is in a state for longer than a rule allows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Stuck {
    /// The day since when, `YYYY-MM-DD`.
    pub since: String,
    /// The subject's name.
    pub subject: String,
    /// Days that it has lasted, as the rule counts them: without weekends and holidays where the rule names some.
    pub days: i64,
    /// Days that it may last.
    pub limit: i64,
}

/// A move from one state to another.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Move {
    /// The state before; `None` where there was none.
    pub from: Option<String>,
    /// The state after; `None` where none followed.
    pub to: Option<String>,
    /// Whether the machine has it.
    pub legality: Legality,
    /// How often.
    pub count: usize,
    /// The first subjects.
    pub examples: First<Named, NAMED>,
}

/// A subject, as an example.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Its name.
    pub subject: String,
}

/// Of how many subjects the history is known.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct History {
    /// Of so many.
    pub known: usize,
    /// Of how many it is not, by the reason; their moves and stays are counted nowhere.
    pub unknown: BTreeMap<String, Unknown>,
}

/// Subjects whose history is unknown for one reason.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Unknown {
    /// How many.
    pub count: usize,
    /// The first of them.
    pub examples: First<Named, NAMED>,
}

impl Flow {
    /// Counts how a subject passed through the machines.
    pub fn add(&mut self, seen: &Seen) {
        for passed in &seen.observed.passed {
            let shape = &passed.shape;
            let machine = self.machines.entry(shape.name.clone());
            machine.or_insert_with(|| MachineTally::new(shape)).add(seen, passed);
        }
    }

    /// Adds what another shard of the same audit counted.
    pub fn merge(&mut self, other: Self) {
        for (name, machine) in other.machines {
            match self.machines.get_mut(&name) {
                Some(known) => known.merge(machine),
                None => drop(self.machines.insert(name, machine)),
            }
        }
    }
}

impl MachineTally {
    fn new(shape: &Shape) -> Self {
        let state = |(name, terminal): &(String, bool)| StateTally {
            name: name.clone(),
            terminal: *terminal,
            ..StateTally::default()
        };
        Self {
            rules: shape.rules.clone(),
            prefix: shape.prefix.clone(),
            has_moves: shape.has_moves,
            states: shape.states.iter().map(state).collect(),
            ..Self::default()
        }
    }

    fn add(&mut self, seen: &Seen, passed: &Passed) {
        let name = &seen.checked.name;
        let passage = &passed.passage;
        self.subjects += 1;
        if let Some(state) = passage.now.and_then(|now| self.states.get_mut(now)) {
            state.now += 1;
            state.open += usize::from(passed.open);
        }
        let several = passage.unclear.then_some(Flaw::Several);
        match passage.flaw.or(several) {
            Some(flaw) => {
                let unknown = self.history.unknown.entry(flaw.reason().to_owned()).or_default();
                unknown.count += 1;
                unknown.examples.add(seen.place, || Named { subject: name.clone() });
            }
            None => self.history.known += 1,
        }
        let called = |place: Option<usize>| Some(passed.shape.states.get(place?)?.0.clone());
        for (from, to, legality) in &passage.moves {
            let (from, to) = (called(*from), called(*to));
            let made = self.made(Move { from, to, legality: *legality, ..Move::default() });
            made.count += 1;
            if made.examples.iter().all(|known| known.subject != *name) {
                made.examples.add(seen.place, || Named { subject: name.clone() });
            }
        }
        for stay in &passage.stays {
            if let Some(state) = self.states.get_mut(stay.state) {
                state.days.add(stay.days);
                state.weigh();
            }
        }
        for (place, since, days, limit) in &passed.stuck {
            if let Some(state) = self.states.get_mut(*place) {
                let (since, subject) = (since.clone(), name.clone());
                state.stuck += 1;
                state.hold([Stuck { since, subject, days: *days, limit: *limit }]);
            }
        }
    }

    fn merge(&mut self, other: Self) {
        self.subjects += other.subjects;
        for state in other.states {
            match self.states.iter_mut().find(|known| known.name == state.name) {
                Some(known) => known.merge(state),
                None => self.states.push(state),
            }
        }
        for made in other.moves {
            let Move { from, to, legality, count, examples } = made;
            let known = self.made(Move { from, to, legality, ..Move::default() });
            known.count += count;
            known.examples.merge(examples);
        }
        self.history.known += other.history.known;
        for (reason, unknown) in other.history.unknown {
            let known = self.history.unknown.entry(reason).or_default();
            known.count += unknown.count;
            known.examples.merge(unknown.examples);
        }
    }

    /// The move like `made`, which is put in its place where there is none.
    fn made(&mut self, made: Move) -> &mut Move {
        let key = |made: &Move| (made.from.clone(), made.to.clone(), made.legality);
        let at = self.moves.binary_search_by_key(&key(&made), key).unwrap_or_else(|at| {
            self.moves.insert(at, made);
            at
        });
        &mut self.moves[at]
    }
}

impl StateTally {
    fn merge(&mut self, other: Self) {
        self.now += other.now;
        self.open += other.open;
        self.days.merge(&other.days);
        self.weigh();
        self.stuck += other.stuck;
        self.hold(other.oldest);
    }

    /// Works out what the days say.
    fn weigh(&mut self) {
        self.stays = self.days.count();
        self.median_days = self.days.share(50);
        self.p90_days = self.days.share(90);
    }

    fn hold(&mut self, stuck: impl IntoIterator<Item = Stuck>) {
        self.oldest.extend(stuck);
        self.oldest.sort();
        self.oldest.truncate(NAMED);
    }
}
