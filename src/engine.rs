//! Runs the rules over one subject and turns what they found into findings.

pub mod redact;
pub mod trace;
pub mod trial;
mod waive;

use std::collections::{HashMap, HashSet};
use std::mem;

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use crate::check::{Sink, View};
use crate::cond::Verdict;
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::Document;
use crate::document::boilerplate::Boilerplate;
use crate::finding::{Checked, Excerpt, Finding, NotChecked, RelatedPlace, Report, Suppressed, Suppression};
use crate::rule::{Rule, RuleSet};
use crate::subject::Subject;
use crate::text::{LineIndex, Position, Positions, Span};
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
    let (touched, broken) = rules.touched(subject);
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

/// What all findings of `rule` about the same words of the subject called `subject` share: the fingerprint of the first.
pub fn family(rule: &str, subject: &str, text: &str) -> String {
    fingerprint(&key(rule, subject, text), 0)
}

fn key(rule: &str, subject: &str, text: &str) -> String {
    let mut key = String::with_capacity(rule.len() + subject.len() + text.len() + 2);
    key.extend([rule, "\0", subject, "\0"]);
    for (at, word) in text.split_whitespace().enumerate() {
        key.extend([if at > 0 { " " } else { "" }, word]);
    }
    key
}

/// What was found, with everything a report shows.
pub(crate) fn resolve(document: &Document<'_>, found: Vec<Diagnostic>) -> Vec<Finding> {
    if found.is_empty() {
        return Vec::new();
    }
    let mut ordinals = HashMap::new();
    let mut positions = Positions::new(document.text(), document.lines());
    found.into_iter().map(|diagnostic| finding(document, diagnostic, &mut ordinals, &mut positions)).collect()
}

fn finding(
    document: &Document<'_>,
    found: Diagnostic,
    ordinals: &mut HashMap<String, usize>,
    positions: &mut Positions<'_>,
) -> Finding {
    let (text, lines) = (document.text(), document.lines());
    let covered = found.span.of(text).to_owned();
    let (path, field) = place(document, found.span);
    let key = key(&found.rule.id, &document.subject.name, &covered);
    let ordinal = ordinals.get(&key).copied().unwrap_or(0);
    let fingerprint = fingerprint(&key, ordinal);
    ordinals.insert(key, ordinal + 1);
    let in_diff = diff_line(document, found.span);
    // The next finding may start before this one ends.
    let (start, end) = (positions.at(found.span.start), positions.clone().at(found.span.end));
    let (start, end) = match in_diff {
        None => (start, end),
        Some((line, first)) => {
            let before = lines.position(first, text);
            let in_file = |at: Position| {
                // A lone carriage return inside a diff's line is part of the line.
                let inside = || text.get(first as usize..at.byte).map_or(1, |text| text.chars().count() + 1);
                let column = if at.line == before.line { at.column + 1 - before.column } else { inside() };
                Position { line, column, ..at }
            };
            (in_file(start), in_file(end))
        }
    };
    let related = found
        .related
        .into_iter()
        .map(|related| RelatedPlace {
            message: related.message,
            text: related.span.of(text).to_owned(),
            start: lines.position(related.span.start, text),
            end: lines.position(related.span.end, text),
        })
        .collect();
    Finding {
        excerpt: excerpt(text, lines, found.span),
        rule: found.rule,
        severity: found.severity,
        message: found.message,
        help: found.help,
        path,
        field,
        text: covered,
        start,
        end,
        related,
        fix: found.fix,
        shared: found.shared,
        grace: found.grace,
        fingerprint,
    }
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

/// Makes the fingerprints of a report unique where two subjects share a name.
pub fn distinguish(report: &mut Report) {
    let mut seen = HashMap::new();
    let all = report.subjects.iter_mut().flat_map(|subject| {
        let suppressed = subject.suppressed.iter_mut().map(|of| &mut of.finding);
        subject.findings.iter_mut().chain(suppressed)
    });
    for finding in all {
        let times = seen.entry(finding.fingerprint.clone()).or_insert(0_usize);
        if *times > 0 {
            finding.fingerprint = fingerprint(&finding.fingerprint, *times);
        }
        *times += 1;
    }
}

/// The first 32 hexadecimal digits of SHA-256 over a named scheme, the key and its ordinal.
fn fingerprint(key: &str, ordinal: usize) -> String {
    let digest = Sha256::new()
        .chain_update("proclint/1\0")
        .chain_update(key)
        .chain_update([0])
        .chain_update(ordinal.to_le_bytes());
    let digits = digest.finalize().into_iter().take(16).flat_map(|byte| [byte >> 4, byte & 15]);
    let mut fingerprint = String::with_capacity(32);
    fingerprint.extend(digits.filter_map(|digit| char::from_digit(digit.into(), 16)));
    fingerprint
}

/// The file and the field a span lies in.
fn place(document: &Document<'_>, span: Span) -> (Option<String>, Option<String>) {
    let subject = document.subject;
    if subject.path.is_some() {
        let front = subject.format == crate::subject::Format::Markdown;
        let field =
            document.node().filter(|_| front).map(|node| node.path_to(span)).filter(|path| !path.is_empty());
        return (subject.path.clone(), field);
    }
    for file in subject.diffs.iter().flatten() {
        let whole = file
            .lines
            .last()
            .map_or(file.path_span, |last| Span { start: file.path_span.start, end: last.span.end });
        if whole.contains(span) {
            return (Some(file.new_path.clone()), Some("diffs".to_owned()));
        }
    }
    if let Some(part) = subject.parts.iter().find(|part| part.span.contains(span)) {
        return (None, Some(part.field.clone()));
    }
    let field = subject.header.as_ref().map(|node| node.path_to(span)).filter(|path| !path.is_empty());
    (None, field)
}

/// For a span in a diff: its line in the new file (1 for the path itself), and where that line's content starts.
fn diff_line(document: &Document<'_>, span: Span) -> Option<(usize, u32)> {
    document.subject.diffs.iter().flatten().find_map(|file| {
        if file.path_span.contains(span) {
            return Some((1, file.path_span.start));
        }
        let next = file.lines.partition_point(|line| line.span.start <= span.start);
        let line = file.lines.get(next.checked_sub(1)?).filter(|line| line.span.contains(span))?;
        Some((if line.new > 0 { line.new } else { line.old } as usize, line.span.start))
    })
}

/// Bytes of a line shown on either side of a span; a line of megabytes must not end up in a report.
const REACH: usize = 240;

fn excerpt(text: &str, lines: &LineIndex, span: Span) -> Excerpt {
    let (first, last) = (lines.line_of(span.start), lines.line_of(span.end));
    let context_start = lines.line_span(first.saturating_sub(1), text).start as usize;
    let context_end = lines.line_span(last + 1, text).end as usize;
    let start = floor(text, context_start.max((span.start as usize).saturating_sub(REACH)));
    let end = floor(text, context_end.min(span.end as usize + REACH)).max(span.end as usize);
    let line = lines.line_of(Span::at(start).start);
    Excerpt {
        text: text.get(start..end).unwrap_or_default().to_owned(),
        first_line: line + 1,
        cut: start - lines.line_span(line, text).range().start,
        span: (span.start as usize - start, span.end as usize - start),
    }
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
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
