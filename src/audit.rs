//! What an audit keeps of the subjects it has seen: counts for each rule and a few examples, however many there are.
//!
//! The parts of a [`Digest`] are collectors. A collector has `add(&Seen)` and `merge(Self)`, and is written and read
//! by serde, so that the digests of shards add up to that of one run. What it says must not depend on which subjects
//! came first, only on their places: [`First`] keeps the first items of several shards.

mod ages;
mod first;
pub mod flow;
mod frame;
mod gaps;
mod history;
pub mod levels;
pub mod plan;
pub mod remedies;
mod seen;
mod table;
mod tally;
mod teams;

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};

pub use ages::{AgeTally, Ages, Worst};
pub use first::{First, Placed};
pub use flow::Flow;
pub use frame::{Frame, RanRule};
pub use gaps::{GapTally, Gaps};
pub use history::{BurnDown, Damaged, Entry, Found, History, Point};
pub use levels::Levels;
pub use plan::Plan;
pub use seen::{Profile, Seen};
pub use table::{MOST_ROWS, Row, Table};
pub use tally::RuleTally;
pub use teams::{Family, TEAM_PREFIXES, TeamTally, Teams};

use crate::diagnostic::Severity;
use crate::finding::{Finding, NotChecked, Suppression};
use crate::hygiene::Hygiene;
use crate::policy::Survey;

/// The sum of an audit.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Digest {
    /// The day the rules took for today, `YYYY-MM-DD`.
    pub today: String,
    /// Number of rules that were switched on.
    pub rules: usize,
    /// Number of subjects.
    pub subjects: usize,
    /// Bytes of text.
    pub bytes: usize,
    /// Number of subjects of each kind, by its name.
    pub kinds: BTreeMap<String, usize>,
    /// Number of subjects with a finding that counts.
    pub with_findings: usize,
    /// What each rule found, by its id.
    pub found: BTreeMap<String, RuleTally>,
    /// What could not be checked.
    #[serde(flatten)]
    pub gaps: Gaps,
    /// Labels and milestones, where they were looked at.
    pub hygiene: Option<Hygiene>,
    /// The policies of the project, where it has any.
    pub policies: Option<Survey>,
    /// States and moves, for each machine that a rule declares.
    pub flow: Flow,
    /// How the time limits of the rules are kept.
    pub levels: Levels,
    /// What was found for each team.
    pub teams: Teams,
    /// How old the open subjects with findings are.
    pub ages: Ages,
    /// Why the source was not read to its end; the counts are those of what was read before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broken: Option<String>,
    /// What changed since an earlier audit that it was held against, as a sentence without its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<String>,
    /// What was audited, and by which rules; only where a page tells it.
    #[serde(skip)]
    pub frame: Frame,
    /// What was said about something that subjects share: the rule and what it is.
    #[serde(skip)]
    said: HashSet<(String, String)>,
    /// The findings one by one, where a report shows them.
    #[serde(skip)]
    table: Option<Table>,
    /// In a shard: subjects whose findings wait until it is known whether another shard said them before.
    #[serde(skip)]
    deferred: Option<Vec<Seen>>,
}

impl Digest {
    /// An empty digest of an audit with `rules` rules on the day `today`.
    pub fn new(today: String, rules: usize) -> Self {
        let prefixes = TEAM_PREFIXES.map(str::to_owned);
        let (teams, ages) = (Teams::new(&prefixes), Ages::new(today.parse().ok()));
        Self { today, rules, teams, ages, ..Self::default() }
    }

    /// The same digest as that of a shard: the findings of a subject wait where others may share one of them.
    #[must_use]
    pub fn deferring(self) -> Self {
        Self { deferred: Some(Vec::new()), ..self }
    }

    /// The same digest by teams whose labels start as `prefixes` do.
    #[must_use]
    pub fn by_teams(self, prefixes: &[String]) -> Self {
        Self { teams: Teams::new(prefixes), ..self }
    }

    /// The same digest with a table of the findings.
    #[must_use]
    pub fn with_table(self, table: Table) -> Self {
        Self { table: Some(table), ..self }
    }

    /// The findings one by one, where they are kept.
    pub fn table(&self) -> Option<&Table> {
        self.table.as_ref()
    }

    /// Takes out of `seen` what was said before about something that subjects share, and counts the rest.
    pub fn add(&mut self, seen: &mut Seen) {
        self.count_record(seen);
        self.say_once(seen);
        let shares = seen.checked.findings.iter().any(|finding| finding.shared.is_some());
        match &mut self.deferred {
            Some(deferred) if shares => deferred.push(seen.without_secrets()),
            _ => self.count_findings(seen),
        }
    }

    /// Counts what could not be checked.
    pub fn gap(&mut self, gap: &NotChecked) {
        if let Some(hygiene) = self.hygiene.as_mut().filter(|_| gap.rule.is_none()) {
            hygiene.complete = false;
        }
        self.gaps.add(gap);
    }

    /// Adds the digest of another shard of the same audit.
    pub fn merge(&mut self, other: Self) {
        self.subjects = self.subjects.saturating_add(other.subjects);
        self.bytes = self.bytes.saturating_add(other.bytes);
        for (kind, number) in other.kinds {
            let kind = self.kinds.entry(kind).or_default();
            *kind = kind.saturating_add(number);
        }
        self.with_findings = self.with_findings.saturating_add(other.with_findings);
        for (rule, tally) in other.found {
            self.found.entry(rule).or_default().merge(tally);
        }
        self.gaps.merge(other.gaps);
        if let (Some(own), Some(other)) = (&mut self.hygiene, other.hygiene) {
            own.merge(other);
        }
        if let (Some(own), Some(other)) = (&mut self.policies, other.policies) {
            own.merge(other);
        }
        self.flow.merge(other.flow);
        self.levels.merge(other.levels);
        self.teams.merge(other.teams);
        self.ages.merge(&other.ages);
        self.broken = self.broken.take().or(other.broken);
        if let Some(table) = other.table {
            self.table.get_or_insert_default().merge(table);
        }
        if let Some(others) = other.deferred {
            self.deferred.get_or_insert_default().extend(others);
        }
    }

    /// Counts the findings that waited and judges what was collected: of what subjects share, the first of all shards is kept.
    #[must_use]
    pub fn settled(mut self) -> Self {
        let mut deferred = self.deferred.take().unwrap_or_default();
        deferred.sort_by_key(|seen| seen.place);
        self.said.clear();
        for mut seen in deferred {
            self.say_once(&mut seen);
            self.count_findings(&seen);
        }
        if let Some(hygiene) = &mut self.hygiene {
            hygiene.settle(&self.today);
        }
        self
    }

    /// The subjects whose findings wait; none outside a shard.
    pub fn deferred(&self) -> &[Seen] {
        self.deferred.as_deref().unwrap_or_default()
    }

    /// The digest of a shard whose findings in `deferred` wait.
    #[must_use]
    pub(crate) fn with_deferred(self, deferred: Vec<Seen>) -> Self {
        Self { deferred: Some(deferred), ..self }
    }

    /// Number of findings of `severity`.
    pub fn count(&self, severity: Severity) -> usize {
        self.found.values().map(|tally| tally.count(severity)).sum()
    }

    /// Number of flaws of labels and milestones, and of policies, of `severity`.
    pub fn flaws(&self, severity: Severity) -> usize {
        let hygiene = self.hygiene.as_ref().map_or(0, |hygiene| hygiene.count(severity));
        hygiene + self.policies.as_ref().map_or(0, |survey| survey.count(severity))
    }

    /// Feeds the collectors that read what the record says of itself; every subject passes here as soon as it is seen.
    fn count_record(&mut self, seen: &Seen) {
        self.subjects += 1;
        self.bytes += seen.checked.bytes;
        match self.kinds.get_mut(seen.checked.kind.name()) {
            Some(number) => *number += 1,
            None => drop(self.kinds.insert(seen.checked.kind.name().to_owned(), 1)),
        }
        if let Some(hygiene) = &mut self.hygiene {
            let of = &seen.profile;
            hygiene.record(&of.labels, of.milestone.as_deref(), of.confidential);
        }
        if let (Some(survey), Some(verdicts)) = (&mut self.policies, &seen.policies) {
            survey.take(seen.place, &seen.checked.name, verdicts);
        }
        self.flow.add(seen);
        self.levels.add(seen, self.today.parse().ok());
    }

    /// Feeds the collectors that read findings; what was said before is gone by then. A confidential subject may come
    /// without its labels and its milestone.
    fn count_findings(&mut self, seen: &Seen) {
        let checked = &seen.checked;
        if let (Some(survey), Some(reach)) = (&mut self.policies, seen.reach) {
            survey.cover(reach, checked.findings.iter().map(|finding| finding.rule.id.as_str()));
        }
        self.with_findings += usize::from(!checked.findings.is_empty());
        for (at, finding) in checked.findings.iter().enumerate() {
            let said_before = checked.findings.iter().take(at).any(|of| of.rule.id == finding.rule.id);
            self.tally(finding, |tally| tally.add(seen, finding, !said_before));
        }
        for of in &checked.suppressed {
            if matches!(of.suppression, Suppression::Waiver { .. }) {
                self.tally(&of.finding, |tally| tally.waived += 1);
            }
        }
        checked.not_checked.iter().for_each(|gap| self.gap(gap));
        self.teams.add(seen);
        self.ages.add(seen);
        if let Some(table) = &mut self.table {
            table.add(seen, &self.teams);
        }
    }

    fn say_once(&mut self, seen: &mut Seen) {
        let said = &mut self.said;
        seen.checked.findings.retain(|finding| {
            let key = finding.shared.clone().map(|shared| (finding.rule.id.clone(), shared));
            key.is_none_or(|key| said.insert(key))
        });
    }

    /// Lets `count` add to what is known of the rule of `finding`.
    fn tally(&mut self, finding: &Finding, count: impl FnOnce(&mut RuleTally)) {
        let rule = &finding.rule;
        match self.found.get_mut(&rule.id) {
            Some(tally) => count(tally),
            None => count(self.found.entry(rule.id.clone()).or_insert_with(|| RuleTally::of(rule))),
        }
    }
}

#[cfg(test)]
mod tests;
