//! Whether one item can meet the conditions of two policies, now or after one of them acted.

use super::Policy;
use super::condition::{Asked, Condition, Effect, rivals};

/// What is known of an item that meets the conditions of policies.
#[derive(Clone, Debug, Default)]
pub(super) struct Need<'p> {
    /// Of each of these lists it has a label.
    wanted: Vec<Vec<&'p str>>,
    /// These labels it has not.
    forbidden: Vec<&'p str>,
    /// It has no label.
    none: bool,
    /// It has no labels but these, where a policy says so.
    only: Vec<Vec<&'p str>>,
    /// Its state.
    states: Vec<&'p str>,
    /// What else holds.
    others: Vec<&'p Condition>,
}

impl<'p> Need<'p> {
    /// What an item is that meets the conditions of `policy`.
    pub(super) fn of(policy: &'p Policy) -> Self {
        let mut need = Self::default();
        let mut only = false;
        for (condition, _) in &policy.conditions {
            match condition {
                Condition::Labels(wanted) => need.wanted.extend(wanted.iter().map(|any| strs(any))),
                Condition::NoLabels => need.none = true,
                Condition::Forbidden(forbidden) => need.forbidden.extend(strs(forbidden)),
                Condition::NoAdditional => only = true,
                Condition::State(state) => need.states.push(state),
                other => need.others.push(other),
            }
        }
        if only {
            need.only.push(need.wanted.iter().flatten().copied().collect());
        }
        need
    }

    /// An item that is both.
    #[must_use]
    pub(super) fn and(mut self, other: Self) -> Self {
        self.wanted.extend(other.wanted);
        self.forbidden.extend(other.forbidden);
        self.none |= other.none;
        self.only.extend(other.only);
        self.states.extend(other.states);
        self.others.extend(other.others);
        self
    }

    /// The item after a policy with `effect` acted on it.
    #[must_use]
    pub(super) fn after(mut self, effect: &'p Effect) -> Self {
        for (label, _) in &effect.adds {
            self.none = false;
            // Where any of several labels was there, the one that is replaced may have been it.
            self.wanted.retain(|any| !any.iter().any(|other| rivals(other, label)));
            self.wanted.push(vec![label]);
            self.forbidden.retain(|other| other != label);
            self.only.iter_mut().for_each(|only| only.push(label));
        }
        for (label, _) in &effect.removes {
            self.wanted.retain(|any| !any.contains(&label.as_str()));
            self.forbidden.push(label);
        }
        if let Some((state, _)) = &effect.state {
            self.states = vec![state];
        }
        self
    }

    /// Whether there can be such an item, as far as names tell.
    pub(super) fn is_possible(&self) -> bool {
        let left = |any: &Vec<&'p str>| -> Vec<&'p str> {
            let fits = |label: &&str| self.only.iter().all(|only| only.contains(label));
            any.iter().copied().filter(|label| !self.forbidden.contains(label)).filter(fits).collect()
        };
        let wanted: Vec<_> = self.wanted.iter().map(left).collect();
        let apart = |one: &Vec<&str>, other: &Vec<&str>| {
            one.iter().all(|label| other.iter().all(|rival| rivals(label, rival)))
        };
        let any = self.others.iter().any(|condition| **condition == Condition::AnyLabel);
        !(wanted.iter().any(Vec::is_empty)
            || (self.none && (any || !wanted.is_empty()))
            || pairs(&wanted).any(|(one, other)| apart(one, other))
            || pairs(&self.states).any(|(one, other)| one != other)
            || pairs(&self.others).any(|(one, other)| exclude(one, other)))
    }
}

fn strs(labels: &[String]) -> Vec<&str> {
    labels.iter().map(String::as_str).collect()
}

fn pairs<T>(items: &[T]) -> impl Iterator<Item = (&T, &T)> {
    items.iter().enumerate().flat_map(|(at, one)| items.iter().skip(at + 1).map(move |other| (one, other)))
}

/// Whether two conditions cannot hold of one item.
fn exclude(one: &Condition, other: &Condition) -> bool {
    use Condition as C;
    match (one, other) {
        (C::Milestone(one), C::Milestone(other))
        | (C::Iteration(one), C::Iteration(other))
        | (C::Health(one), C::Health(other))
        | (C::Weight(one), C::Weight(other))
        | (C::Reviewer(one), C::Reviewer(other)) => differ(one, other),
        (C::Author(one), C::Author(other))
        | (C::SourceBranch(one), C::SourceBranch(other))
        | (C::TargetBranch(one), C::TargetBranch(other))
        | (C::IssueType(one), C::IssueType(other)) => one != other,
        (C::Draft(one), C::Draft(other)) => one != other,
        (C::Member { whose: one, not }, C::Member { whose: other, not: other_not }) => {
            one == other && not != other_not
        }
        (
            C::Count { of: one, less: true, threshold: below },
            C::Count { of: other, less: false, threshold: above },
        )
        | (
            C::Count { of: other, less: false, threshold: above },
            C::Count { of: one, less: true, threshold: below },
        ) => one == other && below <= &above.saturating_add(1),
        (
            C::Date { attribute, older, unit, interval },
            C::Date { attribute: other, older: other_older, unit: other_unit, interval: other_interval },
        ) => {
            let (old, new) = if *older { (interval, other_interval) } else { (other_interval, interval) };
            attribute == other && older != other_older && unit == other_unit && old >= new
        }
        _ => false,
    }
}

fn differ(one: &Asked, other: &Asked) -> bool {
    match (one, other) {
        (Asked::Is(one), Asked::Is(other)) => one != other,
        (Asked::Nothing, other) | (other, Asked::Nothing) => *other != Asked::Nothing,
        (Asked::Upcoming, Asked::Started) | (Asked::Started, Asked::Upcoming) => true,
        _ => false,
    }
}
