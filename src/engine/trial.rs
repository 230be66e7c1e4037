//! A rule tried over subjects of the past: how often it would have spoken, and where it differs from the present one.

use std::collections::{BTreeSet, HashSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{check, created};
use crate::check::{Check, View};
use crate::cond::{Verdict, days_between};
use crate::document::Document;
use crate::finding::{Checked, Finding};
use crate::rule::{Rule, RuleSet};
use crate::subject::Subject;
use crate::text::Position;
use crate::world::World;

/// The most examples that are kept of anything.
const EXAMPLES: usize = 5;

/// A rule under trial; what it keeps does not grow with the number of subjects.
pub struct Trial<'t> {
    rule: &'t Rule,
    rules: &'t RuleSet,
    present: Option<&'t RuleSet>,
    world: &'t World,
    since: Option<Date>,
    show_confidential: bool,
    said: HashSet<String>,
    first: Option<Date>,
    last: Option<Date>,
    /// Findings in subjects that say when they were created.
    dated: usize,
    told: Outcome,
}

/// What came of a trial.
#[derive(Debug, Default, Serialize)]
pub struct Outcome {
    /// The rule's id.
    pub rule: String,
    /// Subjects that were looked at.
    pub seen: usize,
    /// Records left out because they are older than asked for, or do not say how old they are.
    pub left_out: usize,
    /// Subjects of a kind, and at a path, that the rule reads.
    pub read: usize,
    /// Subjects in which its conditions held.
    pub applied: usize,
    /// Subjects that lack what its conditions, or its checks, ask for.
    pub untold: usize,
    /// What they lack, the first reasons.
    pub lacking: BTreeSet<String>,
    /// Subjects with a finding that counts.
    pub hit: usize,
    /// Findings that count.
    pub findings: usize,
    /// Findings that a waiver allows.
    pub waived: usize,
    /// Of the subjects in which its conditions held, the share with a finding, from 0 to 1.
    pub rate: Option<f64>,
    /// The day of the first and the last record, `YYYY-MM-DD`.
    pub days: Option<(String, String)>,
    /// Findings in a week, over the weeks in which the records were created; `None` without evidence.
    pub per_week: Option<f64>,
    /// The first findings.
    pub examples: Vec<Example>,
    /// How it differs from the present rule of its id, where there is one.
    pub difference: Option<Difference>,
}

/// How a changed rule differs from the present one.
#[derive(Debug, Default, Serialize)]
pub struct Difference {
    /// Findings of the present rule.
    pub present: usize,
    /// Findings of both.
    pub both: usize,
    /// Findings of the changed rule alone.
    pub added: usize,
    /// Findings of the present rule alone.
    pub removed: usize,
    /// The first of those added.
    pub added_examples: Vec<Example>,
    /// The first of those removed.
    pub removed_examples: Vec<Example>,
}

/// A finding, for people to judge.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Example {
    /// The subject's name.
    pub subject: String,
    /// Where it starts.
    pub start: Position,
    /// What the rule says; of a confidential subject only the rule's title.
    pub message: String,
    /// What the span covers; nothing of a confidential subject.
    pub text: String,
}

impl<'t> Trial<'t> {
    /// A trial of `rule`, which is all of `rules`, beside the one of `present`, if there is one; records created
    /// before `since` are left out.
    pub fn new(
        rule: &'t Rule,
        rules: &'t RuleSet,
        present: Option<&'t RuleSet>,
        world: &'t World,
        since: Option<Date>,
    ) -> Self {
        let told = Outcome {
            rule: rule.voice.header.id.clone(),
            difference: present.map(|_| Difference::default()),
            ..Outcome::default()
        };
        let (show_confidential, said) = (false, HashSet::new());
        let (first, last, dated) = (None, None, 0);
        Self { rule, rules, present, world, since, show_confidential, said, first, last, dated, told }
    }

    /// The same trial with the words of confidential subjects in its examples.
    #[must_use]
    pub fn showing_confidential(self, show_confidential: bool) -> Self {
        Self { show_confidential, ..self }
    }

    /// Tries the rule on `subject`.
    pub fn take(&mut self, subject: &Subject) {
        let document = Document::new(subject);
        let day = created(&document);
        if self.since.is_some_and(|since| subject.kind.is_record() && day.is_none_or(|day| day < since)) {
            self.told.left_out += 1;
            return;
        }
        self.told.seen += 1;
        if let Some(day) = day {
            self.first = Some(self.first.map_or(day, |first| first.min(day)));
            self.last = Some(self.last.map_or(day, |last| last.max(day)));
        }
        let present = self.present.map(|rules| self.checked(subject, rules)).unwrap_or_default();
        let reads = self.rule.on.has(subject.kind) && self.rule.reads(subject.path.as_deref());
        self.told.read += usize::from(reads);
        let applies = if reads { self.applies(&document) } else { Some(false) };
        let mut checked = check(subject, self.rules, self.world, false);
        self.told.waived += checked.suppressed.len();
        let gaps: Vec<_> = checked.not_checked.iter().filter(|gap| gap.rule.is_some()).collect();
        self.told.untold += usize::from(applies.is_none() || !gaps.is_empty());
        for gap in gaps.into_iter().take(EXAMPLES) {
            if self.told.lacking.len() < EXAMPLES {
                self.told.lacking.insert(gap.reason.clone());
            }
        }
        self.redact(subject, &mut checked);
        let found = checked.findings;
        if let Some(difference) = &mut self.told.difference {
            difference.compare(subject, &found, &present);
        }
        let said = &mut self.said;
        let counts =
            |finding: &&Finding| finding.shared.as_ref().is_none_or(|shared| said.insert(shared.clone()));
        let found: Vec<_> = found.iter().filter(counts).collect();
        // A finding is evidence, whatever the account of the conditions says.
        self.told.applied += usize::from(applies == Some(true) || !found.is_empty());
        self.told.hit += usize::from(!found.is_empty());
        self.told.findings += found.len();
        self.dated += if day.is_some() { found.len() } else { 0 };
        let room = EXAMPLES.saturating_sub(self.told.examples.len());
        self.told
            .examples
            .extend(found.into_iter().take(room).map(|finding| Example::of(&subject.name, finding)));
    }

    fn checked(&self, subject: &Subject, rules: &RuleSet) -> Vec<Finding> {
        let mut checked = check(subject, rules, self.world, false);
        self.redact(subject, &mut checked);
        checked.findings
    }

    fn redact(&self, subject: &Subject, checked: &mut Checked) {
        if !self.show_confidential {
            super::redact::redact(subject, checked);
        }
    }

    /// Whether the conditions of the rule hold, and a check has something to look at; `None` where the subject does
    /// not tell.
    fn applies(&self, document: &Document<'_>) -> Option<bool> {
        let told = |verdict| match verdict {
            Verdict::True => Some(true),
            Verdict::False => Some(false),
            Verdict::Unknown(_) => None,
        };
        let own = told(self.rule.when.holds(document, self.world));
        if own != Some(true) {
            return own;
        }
        let view = View::new(document, self.world);
        let mut all =
            self.rule.checks.iter().map(|(when, check)| match told(when.holds(document, self.world)) {
                Some(true) => Some(!matches!(check, Check::Require(check) if check.spared(view).is_some())),
                other => other,
            });
        let mut unknown = false;
        let any = all.any(|applies| {
            unknown |= applies.is_none();
            applies == Some(true)
        });
        if any { Some(true) } else { (!unknown).then_some(false) }
    }

    /// What came of it.
    pub fn outcome(mut self) -> Outcome {
        let share = |applied: usize| self.told.hit as f64 / applied as f64;
        self.told.rate = Some(self.told.applied).filter(|applied| *applied > 0).map(share);
        if let (Some(first), Some(last)) = (self.since.or(self.first), self.last) {
            let first = first.min(last);
            // A few days are no week, and what is rare is not made frequent by them.
            let days = days_between(first, last).saturating_add(1).max(7);
            let per_week = self.dated as f64 * 7.0 / days as f64;
            self.told.per_week = Some(per_week).filter(|_| self.told.applied > 0);
            self.told.days = Some((first.to_string(), last.to_string()));
        }
        self.told
    }
}

impl Difference {
    fn compare(&mut self, subject: &Subject, changed: &[Finding], present: &[Finding]) {
        let place = |finding: &Finding| (finding.start.byte, finding.end.byte);
        let among =
            |finding: &Finding, others: &[Finding]| others.iter().any(|of| place(of) == place(finding));
        self.present += present.len();
        for finding in changed {
            if among(finding, present) {
                self.both += 1;
            } else {
                self.added += 1;
                keep(&mut self.added_examples, subject, finding);
            }
        }
        for finding in present.iter().filter(|finding| !among(finding, changed)) {
            self.removed += 1;
            keep(&mut self.removed_examples, subject, finding);
        }
    }
}

fn keep(examples: &mut Vec<Example>, subject: &Subject, finding: &Finding) {
    if examples.len() < EXAMPLES {
        examples.push(Example::of(&subject.name, finding));
    }
}

impl Example {
    /// `finding` in the subject called `subject`.
    pub fn of(subject: &str, finding: &Finding) -> Self {
        Self {
            subject: subject.to_owned(),
            start: finding.start,
            message: finding.message.clone(),
            text: finding.text.clone(),
        }
    }
}
