//! Policies that contradict each other: what one does, another undoes, at once or in turn.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::condition::{Condition, rivals};
use super::facts::Facts;
use super::together::Need;
use super::truth::Truth;
use super::{Policies, Policy};
use crate::finding::Place;
use crate::text::{LineIndex, Span};

/// The most policies that are compared with each other.
const MOST: usize = 1_000;

/// The longest circle of policies that is looked for.
const LONGEST: usize = 6;

/// The most contradictions that are told.
const TOLD: usize = 200;

/// How policies contradict each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClashKind {
    /// One undoes what the other does to the same item in the same run.
    Opposed,
    /// What one does makes the other undo it, and the other way round, run after run.
    PingPong,
    /// Labels of a scope follow each other in a circle.
    Circle,
    /// No item can meet the conditions of one policy.
    Impossible,
}

/// One contradiction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Clash {
    /// How.
    pub kind: ClashKind,
    /// The policies, by their number in the file from 0.
    pub policies: Vec<usize>,
    /// One sentence that says what happens.
    pub message: String,
    /// What contradicts, one place a policy.
    pub places: Vec<Place>,
    /// Items that it happens to now.
    pub now: usize,
    /// Items of which nobody can tell.
    pub unknown: usize,
    /// The first items that it happens to now: place in the source and name.
    pub examples: BTreeSet<(usize, String)>,
}

impl Clash {
    /// Whether it happens to the item of `facts`, of which `touched` says which policies touch it.
    pub(super) fn happens(&self, policies: &Policies, facts: &Facts<'_>, touched: &[Truth]) -> Truth {
        let touches = |at: usize| touched.get(at).copied().unwrap_or(Truth::No);
        match self.kind {
            ClashKind::Impossible => Truth::No,
            ClashKind::Opposed => self.policies.iter().map(|at| touches(*at)).fold(Truth::Yes, Truth::and),
            ClashKind::PingPong | ClashKind::Circle => {
                let next = self.policies.iter().cycle().skip(1);
                let steps = self.policies.iter().zip(next).map(|(first, second)| {
                    let first_touches = touches(*first);
                    let pair = policies.policies.get(*first).zip(policies.policies.get(*second));
                    match pair {
                        Some((first, second)) if first_touches != Truth::No => {
                            first_touches.and(facts.after(&first.effect).hold(&second.conditions))
                        }
                        _ => Truth::No,
                    }
                });
                steps.fold(Truth::No, Truth::or)
            }
        }
    }
}

impl Policies {
    /// The contradictions among the policies, by names alone; and whether all were looked for. `text` is the file's.
    pub fn clashes(&self, text: &str) -> (Vec<Clash>, bool) {
        let lines = LineIndex::new(text);
        let place = |span: Span| Place::of(&self.path, &lines, text, span);
        let mut found = Vec::new();
        let few = self.policies.len() <= MOST;
        let acting: Vec<_> = self.policies.iter().enumerate().take(MOST).collect();
        for (at, policy) in &acting {
            if !Need::of(policy).is_possible() {
                let message = format!("`{}` never acts: no item can meet all of its conditions", policy.name);
                found.push(clash(ClashKind::Impossible, vec![*at], message, vec![policy.place.clone()]));
            }
        }
        let acting: Vec<_> = acting
            .into_iter()
            .filter(|(_, policy)| {
                !policy.effect.is_nothing() && !policy.summed && Need::of(policy).is_possible()
            })
            .collect();
        for (number, (at, one)) in acting.iter().enumerate() {
            for (other_at, other) in acting.iter().skip(number + 1) {
                if one.resource != other.resource || found.len() >= TOLD {
                    continue;
                }
                let Some((here, there, words)) = oppose(one, other) else { continue };
                let kind = if Need::of(one).and(Need::of(other)).is_possible() {
                    ClashKind::Opposed
                } else if leads_to(one, other) && leads_to(other, one) {
                    ClashKind::PingPong
                } else {
                    continue;
                };
                let how = match kind {
                    ClashKind::Opposed => "one item can meet the conditions of both",
                    _ => "each makes the other act again",
                };
                let message = format!("`{}` {words} `{}`: {how}", one.name, other.name);
                found.push(clash(kind, vec![*at, *other_at], message, vec![place(here), place(there)]));
            }
        }
        let circles = circles(&acting);
        for circle in circles.into_iter().take(TOLD.saturating_sub(found.len())) {
            let steps: Vec<_> = circle.iter().filter_map(|at| self.policies.get(*at)).collect();
            let names: Vec<_> = steps.iter().map(|policy| format!("`{}`", policy.name)).collect();
            let places =
                steps.iter().filter_map(|policy| policy.effect.adds.first()).map(|(_, span)| place(*span));
            let message = format!(
                "{} lead in a circle: each sets the label that the next one waits for",
                names.join(", ")
            );
            found.push(clash(ClashKind::Circle, circle, message, places.collect()));
        }
        let complete = few && found.len() < TOLD;
        (found, complete)
    }
}

fn clash(kind: ClashKind, policies: Vec<usize>, message: String, places: Vec<Place>) -> Clash {
    Clash { kind, policies, message, places, now: 0, unknown: 0, examples: BTreeSet::new() }
}

/// Whether an item that `one` acted on can meet the conditions of `other`.
fn leads_to(one: &Policy, other: &Policy) -> bool {
    Need::of(one).after(&one.effect).and(Need::of(other)).is_possible()
}

/// What of `one` and what of `other` undo each other, and how in words.
fn oppose(one: &Policy, other: &Policy) -> Option<(Span, Span, String)> {
    let (first, second) = (&one.effect, &other.effect);
    let taken = |adds: &[(String, Span)], removes: &[(String, Span)]| {
        adds.iter().find_map(|(label, here)| {
            let (_, there) = removes.iter().find(|(gone, _)| gone == label)?;
            Some((label.clone(), *here, *there))
        })
    };
    if let Some((label, here, there)) = taken(&first.adds, &second.removes) {
        return Some((here, there, format!("adds the label `{label}`, which is removed by")));
    }
    if let Some((label, there, here)) = taken(&second.adds, &first.removes) {
        return Some((here, there, format!("removes the label `{label}`, which is added by")));
    }
    for (label, here) in &first.adds {
        if let Some((rival, there)) = second.adds.iter().find(|(rival, _)| rivals(label, rival)) {
            return Some((
                *here,
                *there,
                format!("sets the label `{label}`, which is replaced with `{rival}` by"),
            ));
        }
    }
    match (first.state, second.state) {
        (Some((state, here)), Some((other, there))) if state != other => {
            let words =
                if state == "closed" { "closes what is reopened by" } else { "reopens what is closed by" };
            Some((here, there, words.to_owned()))
        }
        _ => None,
    }
}

/// The circles of three and more policies, each from its first policy on, in which every one requires a label of a
/// scope that the one before it sets.
fn circles(acting: &[(usize, &Policy)]) -> Vec<Vec<usize>> {
    let steps = |from: usize| -> Vec<usize> {
        let Some((_, one)) = acting.get(from) else { return Vec::new() };
        let next = acting.iter().enumerate().filter(|(at, (_, other))| {
            *at != from && one.resource == other.resource && waits_for(one, other) && leads_to(one, other)
        });
        next.map(|(at, _)| at).collect()
    };
    let next: Vec<Vec<usize>> = (0..acting.len()).map(steps).collect();
    let mut found = Vec::new();
    for start in 0..acting.len() {
        let mut open = vec![vec![start]];
        while let Some(path) = open.pop() {
            if found.len() >= TOLD || open.len() > 10_000 {
                return found;
            }
            for &step in path.last().and_then(|last| next.get(*last)).into_iter().flatten() {
                if step == start && path.len() > 2 {
                    found.push(path.iter().filter_map(|at| acting.get(*at)).map(|(at, _)| *at).collect());
                } else if step > start && !path.contains(&step) && path.len() < LONGEST {
                    open.push(path.iter().copied().chain([step]).collect());
                }
            }
        }
    }
    found
}

/// Whether `other` requires a scoped label that `one` sets in the place of another one.
fn waits_for(one: &Policy, other: &Policy) -> bool {
    let required = |policy: &Policy, is: &dyn Fn(&str) -> bool| {
        policy.conditions.iter().any(|(condition, _)| match condition {
            Condition::Labels(wanted) => wanted.iter().any(|any| any.iter().any(|label| is(label))),
            _ => false,
        })
    };
    one.effect.adds.iter().any(|(label, _)| {
        required(other, &|wanted| wanted == label) && required(one, &|wanted| rivals(wanted, label))
    })
}
