//! Why a rule fired or stayed silent: every gate between a subject and a finding, in the order the engine opens them.

use serde::Serialize;

use super::{boilerplate, created, diagnose};
use crate::check::{Check, Sink, View};
use crate::cond::Cond;
use crate::cond::trace::Trace;
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::Document;
use crate::finding::Suppression;
use crate::rule::conditions::{CheckConditions, Conditions};
use crate::rule::{Rule, RuleSet};
use crate::scan::{Need, Prefilter};
use crate::subject::Kind;
use crate::text::Position;
use crate::world::World;
use crate::yaml::DecodeError;

/// What became of a rule on a subject, and by which way.
#[derive(Debug, Serialize)]
pub struct Explanation {
    /// The rule's id.
    pub rule: String,
    /// The subject's name.
    pub subject: String,
    /// What the subject is.
    pub kind: Kind,
    /// How it ended.
    pub outcome: Outcome,
    /// The first reason for it, in words.
    pub because: String,
    /// Whether the rule reads subjects of this kind.
    pub reads_kind: bool,
    /// Whether the rule reads the file; a record has none and is always read.
    pub reads_path: bool,
    /// The literals of which the text or the name must hold one; `None` where the rule needs none.
    pub needs: Option<Vec<String>>,
    /// Whether it does.
    pub touched: bool,
    /// The condition of the rule.
    pub when: Vec<Trace>,
    /// Its checks.
    pub checks: Vec<CheckTrace>,
    /// What it found.
    pub findings: Vec<Found>,
    /// What it could not check.
    pub not_checked: Vec<String>,
}

/// How a rule ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It has a finding that counts.
    Fired,
    /// All that it found is waived.
    Waived,
    /// It found nothing and could not check everything.
    NotChecked,
    /// It found nothing.
    Silent,
}

/// One check of a rule.
#[derive(Debug, Serialize)]
pub struct CheckTrace {
    /// Its kind, such as `require`.
    pub kind: String,
    /// Whether it ran.
    pub ran: bool,
    /// Its own condition.
    pub when: Vec<Trace>,
    /// What it requires, where its kind consists of conditions.
    pub requires: Vec<Trace>,
    /// Why it asked nothing although it ran.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spared: Option<&'static str>,
    /// Its variants that are switched off.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub off: Vec<String>,
    /// How much it found.
    pub found: usize,
    /// How much of that stands in the template and is not the author's.
    pub in_template: usize,
}

/// A finding of the rule.
#[derive(Debug, Serialize)]
pub struct Found {
    /// How grave it is.
    pub severity: Severity,
    /// What it says.
    pub message: String,
    /// Where it starts.
    pub start: Position,
    /// What the span covers.
    pub text: String,
    /// The subject is older than the rule, so that it is a hint only.
    pub grace: bool,
    /// Why it does not count.
    pub suppression: Option<Suppression>,
}

/// Explains what `rule`, whose file says `conditions`, does on `document`; `rules` are those of the run, with `rule`
/// among them.
///
/// # Errors
/// Where a condition cannot be read; those of a compiled rule can.
pub fn explain(
    rule: &Rule,
    conditions: &Conditions,
    document: &Document<'_>,
    rules: &RuleSet,
    world: &World,
) -> Result<Explanation, DecodeError> {
    let subject = document.subject;
    let id = rule.voice.header.id.clone();
    let trace = |node: &Option<_>| {
        node.as_ref().map_or_else(|| Ok(Vec::new()), |node| Cond::trace(node, document, world))
    };
    // What the fields of a record must say is told by the traces.
    let need = match subject.kind.is_record() {
        true => rule.need_of_checks(),
        false => rule.need(subject.kind),
    };
    let touched = Prefilter::new(vec![need.clone()]).touched(document.haystack()).all(|touched| touched);
    let template = boilerplate(document, world);
    let view = View { boilerplate: template.as_ref(), ..View::new(document, world) };
    let reads_kind = rule.on.has(subject.kind);
    let reads_path = rule.reads(subject.path.as_deref());
    let when = trace(&conditions.when)?;
    let open = reads_kind && reads_path && touched && all_hold(&when);
    let mut checks = Vec::new();
    for (asked, (_, check)) in conditions.checks.iter().zip(&rule.checks) {
        let own = trace(&asked.when)?;
        let ran = open && all_hold(&own);
        checks.push(CheckTrace { when: own, ..told(rule, check, asked, view, ran)? });
    }
    let diagnosis = diagnose(document, rules, world);
    let found = diagnosis.found.into_iter().zip(diagnosis.suppressions);
    let found = found.filter(|(found, _)| found.rule.id == id);
    let findings: Vec<Found> =
        found.map(|(found, suppression)| shown(document, found, suppression)).collect();
    let gaps = diagnosis.not_checked.into_iter();
    let gaps = gaps.filter(|gap| gap.rule.as_ref().is_none_or(|rule| *rule == id));
    let needs = match need {
        Need::Nothing => None,
        Need::Sigil => Some(["#", "!", "&"].map(|sigil| format!("{sigil}<digit>")).to_vec()),
        Need::Any(words) => Some(words),
    };
    let outcome = Outcome::Silent;
    let (kind, not_checked) = (subject.kind, gaps.map(|gap| gap.reason).collect());
    let (rule, subject, because) = (id, subject.name.clone(), String::new());
    let mut told = Explanation {
        rule,
        subject,
        kind,
        outcome,
        because,
        reads_kind,
        reads_path,
        needs,
        touched,
        when,
        checks,
        findings,
        not_checked,
    };
    told.conclude(created(document).zip(rules.get(&told.rule).and_then(|rule| rule.since)));
    Ok(told)
}

fn all_hold(traces: &[Trace]) -> bool {
    traces.iter().all(|trace| trace.holds == Some(true))
}

fn told(
    rule: &Rule,
    check: &Check,
    asked: &CheckConditions,
    view: View<'_>,
    ran: bool,
) -> Result<CheckTrace, DecodeError> {
    let (mut found, mut gaps) = (Vec::new(), Vec::new());
    if ran {
        check.run(view, &mut Sink::new(&rule.voice, view.doc, &mut found, &mut gaps));
    }
    let template = view.boilerplate.filter(|_| check.judges_words());
    let in_template =
        template.map_or(0, |template| found.iter().filter(|found| template.holds(found.span)).count());
    let mut requires = Vec::new();
    for (name, cond) in &asked.duties {
        let parts = Cond::trace(cond, view.doc, view.world)?;
        let read = Cond::read(cond, true)?;
        let verdict = read.holds(view.doc, view.world);
        requires.push(Trace { parts, ..Trace::told(name.as_str(), verdict) });
    }
    let off = check.variants().into_iter().filter(|variant| rule.voice.words(variant).is_none());
    Ok(CheckTrace {
        kind: asked.kind.clone(),
        ran,
        when: Vec::new(),
        requires,
        spared: if let (Check::Require(check), true) = (check, ran) { check.spared(view) } else { None },
        off: off.map(str::to_owned).collect(),
        found: found.len(),
        in_template,
    })
}

fn shown(document: &Document<'_>, found: Diagnostic, suppression: Option<Suppression>) -> Found {
    Found {
        start: document.lines().position(found.span.start, document.text()),
        text: found.span.of(document.text()).to_owned(),
        severity: found.severity,
        message: found.message,
        grace: found.grace,
        suppression,
    }
}

impl Explanation {
    /// Says how it ended, and the first reason for it. `dates` are the record's day and the rule's first one.
    fn conclude(&mut self, dates: Option<(jiff::civil::Date, jiff::civil::Date)>) {
        let lacking = |traces: &[Trace]| traces.iter().any(|trace| trace.holds.is_none());
        let failing = |traces: &[Trace]| traces.iter().any(|trace| trace.holds == Some(false));
        let counting = self.findings.iter().filter(|found| found.suppression.is_none()).count();
        (self.outcome, self.because) = if counting > 0 {
            let lenient = dates.filter(|(created, since)| created < since).map(|(_, since)| {
                format!("; a hint only, as the record is older than the rule, which counts from {since} on")
            });
            let what = "its conditions hold and a check found something".to_owned();
            (Outcome::Fired, what + lenient.as_deref().unwrap_or_default())
        } else if !self.findings.is_empty() {
            (Outcome::Waived, "a waiver in the text allows what it found".to_owned())
        } else if !self.reads_kind {
            (Outcome::Silent, format!("it does not read subjects of the kind {}", self.kind.name()))
        } else if !self.reads_path {
            (Outcome::Silent, "its `paths`, or those of the configuration, leave the file out".to_owned())
        } else if !self.touched {
            (Outcome::Silent, "the text holds none of the words it looks for".to_owned())
        } else if failing(&self.when) {
            (Outcome::Silent, "its `when` does not hold".to_owned())
        } else if !self.not_checked.is_empty() || lacking(&self.when) {
            (Outcome::NotChecked, "the subject does not tell what the rule asks for".to_owned())
        } else if self.checks.iter().all(|check| !check.ran) {
            (Outcome::Silent, "the `when` of none of its checks holds".to_owned())
        } else if self.checks.iter().any(|check| check.in_template > 0) {
            (Outcome::Silent, "what it found stands in the template, so it is not the author's".to_owned())
        } else {
            let ran = || self.checks.iter().filter(|check| check.ran);
            let spared =
                ran().find_map(|check| check.spared).filter(|_| ran().all(|check| check.spared.is_some()));
            let requires = ran().all(|check| !check.requires.is_empty());
            let why = match spared {
                Some(spared) => spared,
                None if requires => "what it requires is there",
                None => "its checks ran and found nothing",
            };
            (Outcome::Silent, why.to_owned())
        };
    }
}
