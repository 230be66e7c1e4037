//! Runs the rules over one subject and turns what they found into findings.

mod fingerprint;
pub mod redact;
mod resolve;
pub mod trace;
pub mod trial;
mod waive;

use std::collections::HashSet;
use std::mem;

use jiff::civil::Date;

pub use fingerprint::{distinguish, family};
pub(crate) use resolve::resolve;

use crate::check::{Sink, View};
use crate::cond::Verdict;
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::Document;
use crate::document::boilerplate::Boilerplate;
use crate::finding::{Checked, Finding, NotChecked, Suppressed, Suppression};
use crate::rule::{Rule, RuleSet};
use crate::subject::Subject;
use crate::world::World;

/// Checks one subject. With `keep_text`, a record with findings keeps its canonical text for reports that need a file.
pub fn check(subject: &Subject, rules: &RuleSet, world: &World, keep_text: bool) -> Checked {
    check_document(&Document::new(subject), rules, world, keep_text)
}

/// Checks the subject of `document`, as [`check`] does.
pub fn check_document(document: &Document<'_>, rules: &RuleSet, world: &World, keep_text: bool) -> Checked {
    let subject = document.subject;
    let Diagnosis { found, suppressions, not_checked } = diagnose(document, rules, world);
    let keep = keep_text && subject.path.is_none() && !found.is_empty();
    let (mut findings, mut suppressed) = (resolve(document, found), Vec::new());
    if suppressions.iter().any(Option::is_some) {
        for (finding, suppression) in mem::take(&mut findings).into_iter().zip(suppressions) {
            match suppression {
                None => findings.push(finding),
                Some(suppression) => suppressed.push(Suppressed { finding, suppression }),
            }
        }
    }
    Checked {
        kind: subject.kind,
        name: subject.name.clone(),
        bytes: subject.text.len(),
        findings,
        suppressed,
        unchanged: 0,
        not_checked,
        canonical: keep.then(|| subject.text.clone()),
        source: None,
        repair: None,
    }
}

/// What the rules have to say about a document.
#[derive(Debug, Default)]
pub struct Diagnosis {
    /// What they find, sorted by start, rule and end.
    pub found: Vec<Diagnostic>,
    /// For each of it, why it does not count.
    pub suppressions: Vec<Option<Suppression>>,
    /// What they could not check.
    pub not_checked: Vec<NotChecked>,
}

/// Runs the rules over `document`, those about its waivers last.
pub fn diagnose(document: &Document<'_>, rules: &RuleSet, world: &World) -> Diagnosis {
    let subject = document.subject;
    let (touched, broken) = rules.touched(document);
    let gap =
        |rule: Option<String>, reason: String| NotChecked { subject: subject.name.clone(), rule, reason };
    let mut not_checked = unreadable_fields(document);
    not_checked.extend(broken.into_iter().map(|reason| gap(None, format!("a fault of proclint: {reason}"))));
    let (mut found, mut gaps) = (Vec::new(), Vec::new());
    let boilerplate = boilerplate(document, world);
    let view = View { boilerplate: boilerplate.as_ref(), ..View::new(document, world) };
    for rule in touched.iter().filter(|rule| !rule.judges_waivers) {
        run(rule, view, &mut found, &mut gaps);
    }
    sort(&mut found);
    let unjudged = gaps.iter().map(|(rule, _)| rule.clone()).collect();
    let waive::Ledger { suppressions, remarks } =
        waive::judge(document, rules, world.today, &found, &unjudged);
    let mut about = Vec::new();
    for rule in touched.iter().filter(|rule| rule.judges_waivers) {
        run(rule, View { waivers: &remarks, ..view }, &mut about, &mut gaps);
    }
    sort(&mut about);
    not_checked.extend(gaps.into_iter().map(|(rule, reason)| gap(Some(rule), reason)));
    if about.is_empty() {
        return Diagnosis { found, suppressions, not_checked };
    }
    let mut all: Vec<_> =
        found.into_iter().zip(suppressions).chain(about.into_iter().map(|found| (found, None))).collect();
    all.sort_by(|(a, _), (b, _)| order(a).cmp(&order(b)));
    let (found, suppressions) = all.into_iter().unzip();
    Diagnosis { found, suppressions, not_checked }
}

/// What the description of a record has from its template.
fn boilerplate(document: &Document<'_>, world: &World) -> Option<Boilerplate> {
    let forms = world.forms(document.subject.kind);
    let body = (!forms.is_empty()).then(|| document.body()).flatten();
    body.and_then(|body| Boilerplate::of(document.text(), body.span, forms))
}

/// What diagnostics are sorted by: start, then rule.
fn order(found: &Diagnostic) -> (u32, &str, u32, &str) {
    (found.span.start, &found.rule.id, found.span.end, &found.message)
}

/// Sorts what was found, and drops what is said twice.
fn sort(found: &mut Vec<Diagnostic>) {
    found.sort_by(|a, b| order(a).cmp(&order(b)));
    found.dedup_by(|a, b| order(a) == order(b));
}

/// Findings of one rule in one subject that are kept; a text of millions of them must not take gigabytes.
const MOST: usize = 25_000;

/// Runs one rule; `gaps` are rules and what the subject lacks for them.
fn run(rule: &Rule, view: View<'_>, found: &mut Vec<Diagnostic>, gaps: &mut Vec<(String, String)>) {
    if !rule.reads(view.doc.subject.path.as_deref()) {
        return;
    }
    let (mut lacking, first, mut left_out) = (Vec::new(), found.len(), 0);
    let applies = |cond: &crate::cond::Cond, lacking: &mut Vec<String>| match cond.holds(view.doc, view.world)
    {
        Verdict::True => true,
        Verdict::False => false,
        Verdict::Unknown(field) => {
            lacking.push(format!("the record has no `{field}`"));
            false
        }
    };
    if applies(&rule.when, &mut lacking) {
        for (when, check) in &rule.checks {
            if applies(when, &mut lacking) {
                let before = found.len();
                let room = MOST.saturating_sub(before - first);
                let mut sink = Sink::new(&rule.voice, view.doc, found, &mut lacking).with_room(room);
                check.run(view, &mut sink);
                left_out += sink.left_out();
                if let Some(boilerplate) = view.boilerplate.filter(|_| check.judges_words()) {
                    found.extract_if(before.., |found| boilerplate.holds(found.span)).for_each(drop);
                }
            }
        }
    }
    if let Some(since) = rule.since.filter(|since| created(view.doc).is_some_and(|day| day < *since)) {
        found.iter_mut().skip(first).for_each(|found| be_lenient(found, since));
    }
    if left_out > 0 {
        lacking.push(format!("{left_out} more findings, after the first {MOST}"));
    }
    lacking.dedup();
    gaps.extend(lacking.into_iter().map(|reason| (rule.voice.header.id.clone(), reason)));
}

/// The day a record was created.
fn created(document: &Document<'_>) -> Option<Date> {
    let stamp = document.subject.header.as_ref()?.get("created_at")?.as_str()?;
    stamp.get(..10)?.parse().ok()
}

/// What a rule says about a subject from before its first day is a hint.
fn be_lenient(found: &mut Diagnostic, since: Date) {
    found.severity = Severity::Info;
    found.grace = true;
    let gap = if found.help.is_empty() || found.help.ends_with('.') { "" } else { "." };
    let space = if found.help.is_empty() { "" } else { " " };
    found.help.push_str(&format!("{gap}{space}It is older than the rule, which counts from {since} on."));
}

/// Broken YAML costs the rules their fields, so it is said; the text is still linted.
fn unreadable_fields(document: &Document<'_>) -> Vec<NotChecked> {
    let subject = document.subject;
    if subject.header.is_some() {
        return Vec::new();
    }
    let Some(error) = &document.fields().error else { return Vec::new() };
    let what = if subject.format == crate::subject::Format::Yaml { "the file" } else { "the front matter" };
    let line = document.lines().position(error.span.start, &subject.text).line;
    let reason = format!("{what} is not valid YAML at line {line}: {error}");
    vec![NotChecked { subject: subject.name.clone(), rule: None, reason }]
}

/// Findings about `subject` that no rule of the catalogue makes, with their places worked out.
pub fn located(subject: &Subject, found: Vec<Diagnostic>) -> Vec<Finding> {
    resolve(&Document::new(subject), found)
}

/// Drops what was said before about something that several subjects share; `subjects` are in the order of the report.
pub fn say_once(subjects: &mut Vec<Checked>) {
    let key = |finding: &Finding| Some((finding.rule.id.clone(), finding.shared.clone()?));
    // The baseline lists it at the first subject only; it is not new at the others.
    let known = subjects.iter().flat_map(|subject| &subject.suppressed);
    let known = known.filter(|of| of.suppression == Suppression::Baseline);
    let mut said: HashSet<_> = known.filter_map(|of| key(&of.finding)).collect();
    for subject in &mut *subjects {
        subject.findings.retain(|finding| key(finding).is_none_or(|key| said.insert(key)));
    }
    subjects.retain(|subject| !subject.is_silent());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::record_subject;
    use crate::subject::Kind;

    #[test]
    fn what_subjects_share_is_said_at_the_first_of_them() {
        let rules = RuleSet::all().unwrap();
        let world = World::on(jiff::civil::date(2020, 4, 20));
        let issue = |iid: u32, title: &str| {
            let milestone = serde_json::json!({"title": title, "start_date": "2020-04-13", "due_date": "2020-05-08", "state": "active"});
            let record = serde_json::json!({"iid": iid, "milestone": milestone});
            check(&record_subject(&record, Kind::Issue, None), &rules, &world, false)
        };
        let mut subjects = vec![issue(9, "Sprint 13"), issue(10, "Sprint 13"), issue(11, "Sprint 14")];
        say_once(&mut subjects);
        let windows =
            |subject: &Checked| subject.findings.iter().filter(|f| f.rule.id == "sprint-window").count();
        let found: Vec<_> =
            subjects.iter().map(|subject| (subject.name.as_str(), windows(subject))).collect();
        assert_eq!(
            found.iter().filter(|(_, count)| *count > 0).collect::<Vec<_>>(),
            [&("#9", 1), &("#11", 1)]
        );
    }
}
