//! What an audit found for each team, by the labels that name one.

use std::collections::BTreeMap;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use super::Seen;
use crate::diagnostic::Severity;

/// How the labels of teams start, where nobody says otherwise.
pub const TEAM_PREFIXES: [&str; 3] = ["group::", "devops::", "team::"];

/// The most teams of a prefix that are told apart, the first by name; a record may make labels up.
const MOST: usize = 500;

/// The findings for each team, apart for each prefix of labels.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Teams(pub Vec<Family>);

/// The teams whose labels start alike.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Family {
    /// How their labels start, as in `group::`.
    pub prefix: String,
    /// What was found for each, by its whole label. A subject with two labels counts for both.
    pub teams: BTreeMap<String, TeamTally>,
    /// The teams too many to tell apart.
    #[serde(default, skip_serializing_if = "TeamTally::is_empty")]
    pub others: TeamTally,
    /// Records without such a label.
    #[serde(default, skip_serializing_if = "TeamTally::is_empty")]
    pub without: TeamTally,
    /// Confidential records, whose labels are not shown.
    #[serde(default, skip_serializing_if = "TeamTally::is_empty")]
    pub hidden: TeamTally,
}

/// What was found for one team.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamTally {
    /// Number of its subjects.
    pub subjects: usize,
    /// Number of those with a finding that counts.
    pub with_findings: usize,
    /// Errors in them.
    pub error: usize,
    /// Warnings in them.
    pub warning: usize,
    /// Hints in them.
    pub info: usize,
    /// Number of findings of each rule, by its id.
    pub rules: BTreeMap<String, usize>,
}

impl Teams {
    /// No findings yet, for labels that start as `prefixes` do.
    pub fn new(prefixes: &[String]) -> Self {
        let mut families: Vec<Family> = Vec::new();
        for prefix in prefixes.iter().filter(|prefix| !prefix.is_empty()) {
            if families.iter().all(|family| family.prefix != *prefix) {
                families.push(Family { prefix: prefix.clone(), ..Family::default() });
            }
        }
        Self(families)
    }

    /// Counts `seen`, where it is a record.
    pub fn add(&mut self, seen: &Seen) {
        if !seen.checked.kind.is_record() {
            return;
        }
        self.0.iter_mut().for_each(|family| family.add(seen));
    }

    /// Adds what another part of the input holds, which was counted with the same prefixes.
    pub fn merge(&mut self, other: Self) {
        for from in other.0 {
            match self.0.iter_mut().find(|family| family.prefix == from.prefix) {
                Some(family) => family.merge(from),
                None => self.0.push(from),
            }
        }
    }

    /// The labels of `seen` that name a team, in its own order; none of a confidential record.
    pub fn of<'s>(&self, seen: &'s Seen) -> impl Iterator<Item = &'s str> {
        let labels = seen.profile.labels.iter().filter(|_| !seen.profile.is_hidden());
        labels.map(CompactString::as_str).filter(|label| self.0.iter().any(|family| family.names(label)))
    }
}

impl Family {
    /// Whether `label` names one of its teams.
    fn names(&self, label: &str) -> bool {
        label.starts_with(self.prefix.as_str()) && label.len() > self.prefix.len()
    }

    fn add(&mut self, seen: &Seen) {
        if seen.profile.is_hidden() {
            return self.hidden.count(seen);
        }
        let labels = &seen.profile.labels;
        let mut has_team = false;
        for (at, label) in labels.iter().enumerate() {
            let said_before = || labels.iter().take(at).any(|other| other == label);
            if self.names(label) && !said_before() {
                has_team = true;
                self.team(label, |team| team.count(seen));
            }
        }
        if !has_team {
            self.without.count(seen);
        }
        self.bound();
    }

    fn merge(&mut self, other: Self) {
        for (label, tally) in &other.teams {
            self.team(label, |team| team.merge(tally));
        }
        self.others.merge(&other.others);
        self.without.merge(&other.without);
        self.hidden.merge(&other.hidden);
        self.bound();
    }

    /// Lets `count` add to the team of `label`.
    fn team(&mut self, label: &str, count: impl FnOnce(&mut TeamTally)) {
        match self.teams.get_mut(label) {
            Some(team) => count(team),
            None => count(self.teams.entry(label.to_owned()).or_default()),
        }
    }

    /// The first teams by name are kept, whatever the order they came in, so that parts add up to the whole.
    fn bound(&mut self) {
        while self.teams.len() > MOST {
            if let Some((_, last)) = self.teams.pop_last() {
                self.others.merge(&last);
            }
        }
    }
}

impl TeamTally {
    /// Whether it has no subject.
    fn is_empty(&self) -> bool {
        self.subjects == 0
    }

    /// Number of findings that count.
    pub fn findings(&self) -> usize {
        self.error.saturating_add(self.warning).saturating_add(self.info)
    }

    /// The rules with most findings, at most `most`, each with its number of findings.
    pub fn top(&self, most: usize) -> Vec<(&str, usize)> {
        let mut rules: Vec<_> = self.rules.iter().map(|(rule, number)| (rule.as_str(), *number)).collect();
        rules.sort_by_key(|(rule, number)| (std::cmp::Reverse(*number), *rule));
        rules.truncate(most);
        rules
    }

    /// Counts one subject.
    fn count(&mut self, seen: &Seen) {
        let findings = &seen.checked.findings;
        self.subjects = self.subjects.saturating_add(1);
        self.with_findings = self.with_findings.saturating_add(usize::from(!findings.is_empty()));
        for finding in findings {
            let number = match finding.severity {
                Severity::Error => &mut self.error,
                Severity::Warning => &mut self.warning,
                Severity::Info => &mut self.info,
            };
            *number = number.saturating_add(1);
            self.rule(&finding.rule.id, 1);
        }
    }

    fn rule(&mut self, id: &str, number: usize) {
        match self.rules.get_mut(id) {
            Some(own) => *own = own.saturating_add(number),
            None => drop(self.rules.insert(id.to_owned(), number)),
        }
    }

    fn merge(&mut self, other: &Self) {
        self.subjects = self.subjects.saturating_add(other.subjects);
        self.with_findings = self.with_findings.saturating_add(other.with_findings);
        self.error = self.error.saturating_add(other.error);
        self.warning = self.warning.saturating_add(other.warning);
        self.info = self.info.saturating_add(other.info);
        other.rules.iter().for_each(|(id, number)| self.rule(id, *number));
    }
}
