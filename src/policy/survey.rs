//! What the policies would do to the records of an audit, counted one after the other in bounded memory.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Clash, Limit, Mistake, Policies, Resource, Truth};
use crate::diagnostic::Severity;
use crate::finding::Place;
use crate::subject::Kind;

/// The most examples of a policy or a contradiction.
const EXAMPLES: usize = 5;

/// What the policies would do to one record.
#[derive(Clone, Debug)]
pub struct Verdicts {
    /// The kind of the record.
    pub kind: Kind,
    /// When it was created, as it is written.
    pub created: String,
    /// Whether each policy would touch it.
    pub touched: Vec<Truth>,
    /// Whether each contradiction happens to it.
    pub clashing: Vec<Truth>,
}

/// Whether any policy would touch a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// One would.
    Touched,
    /// None would.
    LeftAlone,
    /// Nobody can tell.
    Unknown,
}

impl Verdicts {
    /// Whether any policy would touch the record.
    pub fn reach(&self) -> Reach {
        match self.touched.iter().copied().fold(Truth::No, Truth::or) {
            Truth::Yes => Reach::Touched,
            Truth::No => Reach::LeftAlone,
            Truth::Unknown(_) => Reach::Unknown,
        }
    }
}

/// What the policies would do to all records. Two of them can be merged: the file is the same, the records are not.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Survey {
    /// The file of the policies.
    pub path: String,
    /// What is wrong with it.
    pub mistakes: Vec<Mistake>,
    /// What each policy would touch, in the order of the file.
    pub policies: Vec<Touch>,
    /// The policies that contradict each other.
    pub clashes: Vec<Clash>,
    /// By the id of each rule with findings, how many of their records a policy would touch.
    pub covered: BTreeMap<String, Cover>,
    /// What was not looked at, in words.
    pub not_checked: Vec<String>,
}

/// What one policy would touch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Touch {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub place: Place,
    /// What it is about.
    pub resource: Resource,
    /// Its actions.
    pub does: Vec<String>,
    /// It only lists what it finds in the issue of a summary.
    pub summed: bool,
    /// How many it acts on in one run.
    pub limit: Option<Limit>,
    /// Records of its kind.
    pub seen: usize,
    /// Records that meet its conditions.
    pub matches: usize,
    /// Records of which nobody can tell.
    pub unknown: usize,
    /// Why, and of how many.
    pub reasons: BTreeMap<String, usize>,
    /// The first records that meet its conditions, those that its limit would take first: day of creation and name.
    pub examples: BTreeSet<(String, String)>,
}

/// How many of the records with findings of one rule a policy would touch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cover {
    /// Records with findings.
    pub subjects: usize,
    /// Those that meet the conditions of a policy.
    pub touched: usize,
    /// Those of which nobody can tell.
    pub unknown: usize,
}

impl Touch {
    /// Records that it would act on in one run, at most.
    pub fn now(&self) -> usize {
        self.limit.map_or(self.matches, |limit| limit.number.min(self.matches))
    }

    fn keep(&mut self, created: String, name: String) {
        self.examples.insert((created, name));
        if self.examples.len() > EXAMPLES {
            // The oldest come first, unless the newest are wanted.
            match self.limit.is_some_and(|limit| limit.most_recent) {
                true => self.examples.pop_first(),
                false => self.examples.pop_last(),
            };
        }
    }
}

impl Clash {
    fn keep(&mut self, example: (usize, String)) {
        self.examples.insert(example);
        if self.examples.len() > EXAMPLES {
            self.examples.pop_last();
        }
    }
}

impl Survey {
    /// A survey of `policies`, read from `text`, before any record was seen.
    pub fn new(policies: &Policies, text: &str) -> Self {
        let (clashes, complete) = policies.clashes(text);
        let touch = |policy: &super::Policy| Touch {
            name: policy.name.clone(),
            place: policy.place.clone(),
            resource: policy.resource,
            does: policy.does.clone(),
            summed: policy.summed,
            limit: policy.limit,
            seen: 0,
            matches: 0,
            unknown: 0,
            reasons: BTreeMap::new(),
            examples: BTreeSet::new(),
        };
        let mut not_checked = Vec::new();
        if !complete {
            not_checked.push("all contradictions among the policies: they are too many".to_owned());
        }
        if policies.policies.iter().any(|policy| policy.resource == Resource::Branches) {
            not_checked.push("policies on branches: branches are not among the records".to_owned());
        }
        Self {
            path: policies.path.clone(),
            mistakes: policies.mistakes.clone(),
            policies: policies.policies.iter().map(touch).collect(),
            clashes,
            covered: BTreeMap::new(),
            not_checked,
        }
    }

    /// Takes what the policies would do to the record called `name` at `place` of the source.
    pub fn take(&mut self, place: usize, name: &str, verdicts: &Verdicts) {
        for (touch, truth) in self.policies.iter_mut().zip(&verdicts.touched) {
            touch.seen += usize::from(touch.resource.has(verdicts.kind));
            match truth {
                Truth::Yes => {
                    touch.matches += 1;
                    touch.keep(verdicts.created.clone(), name.to_owned());
                }
                Truth::No => {}
                Truth::Unknown(reason) => {
                    touch.unknown += 1;
                    *touch.reasons.entry(reason.to_string()).or_default() += 1;
                }
            }
        }
        for (clash, truth) in self.clashes.iter_mut().zip(&verdicts.clashing) {
            clash.now += usize::from(*truth == Truth::Yes);
            clash.unknown += usize::from(matches!(truth, Truth::Unknown(_)));
            if *truth == Truth::Yes {
                clash.keep((place, name.to_owned()));
            }
        }
    }

    /// Takes that a record with findings of `rules`, each counted once, is within `reach` of the policies.
    pub fn cover<'r>(&mut self, reach: Reach, rules: impl Iterator<Item = &'r str>) {
        for rule in rules.collect::<BTreeSet<_>>() {
            let cover = self.covered.entry(rule.to_owned()).or_default();
            cover.subjects += 1;
            cover.touched += usize::from(reach == Reach::Touched);
            cover.unknown += usize::from(reach == Reach::Unknown);
        }
    }

    /// Number of mistakes and contradictions of `severity`: what happens to no record now is a hint.
    pub fn count(&self, severity: Severity) -> usize {
        let happens = self.clashes.iter().filter(|clash| clash.now > 0).count();
        match severity {
            Severity::Error => 0,
            Severity::Warning => self.mistakes.len() + happens,
            Severity::Info => self.clashes.len() - happens,
        }
    }

    /// Adds what another part of the same audit saw.
    pub fn merge(&mut self, other: Self) {
        for (touch, more) in self.policies.iter_mut().zip(other.policies) {
            touch.seen += more.seen;
            touch.matches += more.matches;
            touch.unknown += more.unknown;
            for (reason, times) in more.reasons {
                *touch.reasons.entry(reason).or_default() += times;
            }
            more.examples.into_iter().for_each(|(created, name)| touch.keep(created, name));
        }
        for (clash, more) in self.clashes.iter_mut().zip(other.clashes) {
            clash.now += more.now;
            clash.unknown += more.unknown;
            more.examples.into_iter().for_each(|example| clash.keep(example));
        }
        for (rule, more) in other.covered {
            let cover = self.covered.entry(rule).or_default();
            cover.subjects += more.subjects;
            cover.touched += more.touched;
            cover.unknown += more.unknown;
        }
    }
}
