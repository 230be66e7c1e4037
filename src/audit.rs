//! What an audit keeps of the subjects it has seen: counts for each rule and a few examples, however many there are.

mod seen;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde::Serialize;

pub use seen::{Profile, Seen};

use crate::diagnostic::Severity;
use crate::engine::trial::Example;
use crate::finding::{Finding, NotChecked, Suppression};

/// The most examples of a rule.
const EXAMPLES: usize = 5;

/// The most reasons for gaps that are told apart; a record may make them up.
const REASONS: usize = 200;

/// The sum of an audit.
#[derive(Debug, Default, Serialize)]
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
    pub kinds: BTreeMap<&'static str, usize>,
    /// Number of subjects with a finding that counts.
    pub with_findings: usize,
    /// What each rule found, by its id.
    pub found: BTreeMap<String, RuleTally>,
    /// What could not be checked, by the reason.
    pub not_checked: BTreeMap<String, GapTally>,
    /// Number of gaps whose reasons were too many to tell apart.
    pub other_gaps: usize,
    #[serde(skip)]
    said: HashSet<(String, String)>,
}

/// What one rule found.
#[derive(Debug, Default, Serialize)]
pub struct RuleTally {
    /// What the rule is about.
    pub title: String,
    /// The page it cites.
    pub url: String,
    /// Findings that count, by severity.
    pub error: usize,
    /// Warnings among them.
    pub warning: usize,
    /// Hints among them.
    pub info: usize,
    /// Subjects with a finding that counts.
    pub subjects: usize,
    /// Findings that a waiver allows.
    pub waived: usize,
    /// The first findings.
    pub examples: Vec<Example>,
}

/// What could not be checked for one reason.
#[derive(Debug, Default, Serialize)]
pub struct GapTally {
    /// How often.
    pub times: usize,
    /// The rules it kept from judging.
    pub rules: BTreeSet<String>,
}

impl Digest {
    /// An empty digest of an audit with `rules` rules on the day `today`.
    pub fn new(today: String, rules: usize) -> Self {
        Self { today, rules, ..Self::default() }
    }

    /// Takes out of `seen` what was said before about something that subjects share, and counts the rest.
    pub fn add(&mut self, seen: &mut Seen) {
        let checked = &mut seen.checked;
        self.subjects += 1;
        self.bytes += checked.bytes;
        *self.kinds.entry(checked.kind.name()).or_default() += 1;
        let said = &mut self.said;
        checked.findings.retain(|finding| {
            let key = finding.shared.clone().map(|shared| (finding.rule.id.clone(), shared));
            key.is_none_or(|key| said.insert(key))
        });
        self.with_findings += usize::from(!checked.findings.is_empty());
        let mut rules = BTreeSet::new();
        for finding in &checked.findings {
            let tally = self.tally(finding);
            match finding.severity {
                Severity::Error => tally.error += 1,
                Severity::Warning => tally.warning += 1,
                Severity::Info => tally.info += 1,
            }
            tally.subjects += usize::from(rules.insert(&finding.rule.id));
            if tally.examples.len() < EXAMPLES {
                tally.examples.push(Example::of(&checked.name, finding));
            }
        }
        for of in &checked.suppressed {
            if matches!(of.suppression, Suppression::Waiver { .. }) {
                self.tally(&of.finding).waived += 1;
            }
        }
        checked.not_checked.iter().for_each(|gap| self.gap(gap));
    }

    /// Counts what could not be checked.
    pub fn gap(&mut self, gap: &NotChecked) {
        if self.not_checked.len() >= REASONS && !self.not_checked.contains_key(&gap.reason) {
            self.other_gaps += 1;
            return;
        }
        let tally = self.not_checked.entry(gap.reason.clone()).or_default();
        tally.times += 1;
        tally.rules.extend(gap.rule.clone());
    }

    /// Number of findings of `severity`.
    pub fn count(&self, severity: Severity) -> usize {
        let of = |tally: &RuleTally| match severity {
            Severity::Error => tally.error,
            Severity::Warning => tally.warning,
            Severity::Info => tally.info,
        };
        self.found.values().map(of).sum()
    }

    fn tally(&mut self, finding: &Finding) -> &mut RuleTally {
        self.found.entry(finding.rule.id.clone()).or_insert_with(|| RuleTally {
            title: finding.rule.title.clone(),
            url: finding.rule.url.clone(),
            ..RuleTally::default()
        })
    }
}

impl RuleTally {
    /// Number of findings that count.
    pub fn findings(&self) -> usize {
        self.error + self.warning + self.info
    }
}
