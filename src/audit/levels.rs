//! Service levels: how many subjects keep the time limits of the rules.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Seen;
use super::plan::Ticking;
use crate::check::clock::Clock;
use crate::cond::days_between;

/// The most subjects that are named for a limit.
const NAMED: usize = 5;

/// Days before a limit from which it is near.
const SOON: i64 = 7;

/// The time limits of an audit, by `rule` or `rule/part`; only those with a subject.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Levels {
    /// The limits.
    pub limits: BTreeMap<String, Level>,
}

/// How one time limit is kept.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Level {
    /// The rule's id.
    pub rule: String,
    /// What tells it from the others of its rule: a label, a state, a variant; empty where there is one only.
    pub part: String,
    /// What the rule is about.
    pub title: String,
    /// The page it cites.
    pub url: String,
    /// Subjects whose time runs and is not over.
    pub running: usize,
    /// Those of them whose time is over within seven days.
    pub due_soon: usize,
    /// Subjects whose time runs although it is over.
    pub overdue: usize,
    /// The most days by which one of them is.
    pub worst_days: Option<i64>,
    /// Those of them that are it for the longest time.
    pub worst: Vec<Late>,
    /// Times the limit was kept.
    pub met: usize,
    /// Times it was not, and what it limited is over.
    pub missed: usize,
    /// Subjects that do not tell.
    pub unknown: usize,
}

/// A subject that is over its time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Late {
    /// The subject's name.
    pub subject: String,
    /// Days since the last that was allowed.
    pub days: i64,
}

impl Levels {
    /// Counts the time limits of a subject on the day `today`.
    pub fn add(&mut self, seen: &Seen, today: Option<Date>) {
        let name = &seen.checked.name;
        for Ticking { of, part, clock } in &seen.observed.clocks {
            let key = if part.is_empty() { of.rule.clone() } else { format!("{}/{part}", of.rule) };
            let level = self.limits.entry(key).or_insert_with(|| Level {
                rule: of.rule.clone(),
                part: part.clone(),
                title: of.title.clone(),
                url: of.url.clone(),
                ..Level::default()
            });
            match clock {
                Clock::Running(due) => {
                    level.running += 1;
                    let left = due.zip(today).map(|(due, today)| days_between(today, due));
                    level.due_soon += usize::from(left.is_some_and(|left| left <= SOON));
                }
                Clock::Overdue(days) => {
                    level.overdue += 1;
                    level.hold([Late { subject: name.clone(), days: *days }]);
                }
                Clock::Met => level.met += 1,
                Clock::Missed(_) => level.missed += 1,
                Clock::Unknown => level.unknown += 1,
            }
        }
    }

    /// Adds what another shard of the same audit counted.
    pub fn merge(&mut self, other: Self) {
        for (key, level) in other.limits {
            match self.limits.get_mut(&key) {
                Some(known) => known.merge(level),
                None => drop(self.limits.insert(key, level)),
            }
        }
    }
}

impl Level {
    fn merge(&mut self, other: Self) {
        self.running += other.running;
        self.due_soon += other.due_soon;
        self.overdue += other.overdue;
        self.met += other.met;
        self.missed += other.missed;
        self.unknown += other.unknown;
        self.hold(other.worst);
    }

    fn hold(&mut self, late: impl IntoIterator<Item = Late>) {
        self.worst.extend(late);
        self.worst.sort_by(|a, b| b.days.cmp(&a.days).then_with(|| a.subject.cmp(&b.subject)));
        self.worst.truncate(NAMED);
        self.worst_days = self.worst.first().map(|late| late.days);
    }
}
