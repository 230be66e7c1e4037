//! The JSON document and its line-by-line twin: schema 1 of the contract, borrowed from the report.

mod audit;
mod fixes;
mod shard;

use std::io::{self, Write};

use serde::Serialize;

use crate::diagnostic::{Fix, Severity};
use crate::finding::{Checked, Excerpt, Finding, NotChecked, Preview, RelatedPlace, Report, Suppression};
use crate::subject::Kind;
use crate::text::Position;
pub use audit::write_digest_document;
use fixes::{Change, FixCounts, Fixed, Fixes, Remedy};
use shard::Shard;

/// The version of the document's shape; keys may be added to it, none may change.
const SCHEMA: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    tool: Tool,
    checked: Scope<'a>,
    not_checked: Vec<&'a NotChecked>,
    diagnostics: Vec<Diagnostic<'a>>,
    suppressed: Vec<Suppressed<'a>>,
    #[serde(flatten)]
    fixes: Option<Fixes<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    preview: Option<&'a Preview>,
    summary: Counts,
    #[serde(skip_serializing_if = "Option::is_none")]
    shard: Option<Shard<'a>>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Line<'a> {
    Diagnostic(Diagnostic<'a>),
    Suppressed(Suppressed<'a>),
    NotChecked(&'a NotChecked),
    Fixed(Fixed<'a>),
    Left(Fixed<'a>),
    Diff(Change<'a>),
    Remedy(Remedy<'a>),
    Preview(&'a Preview),
    Summary { schema: u32, tool: Tool, checked: Scope<'a>, summary: Counts },
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
    rules: usize,
}

#[derive(Serialize)]
struct Scope<'a> {
    subjects: usize,
    bytes: usize,
    today: &'a str,
}

#[derive(Serialize)]
struct Counts {
    error: usize,
    warning: usize,
    info: usize,
    waived: usize,
    baseline: usize,
    unchanged: usize,
    #[serde(flatten)]
    fixes: Option<FixCounts>,
}

#[derive(Serialize)]
struct Suppressed<'a> {
    #[serde(flatten)]
    diagnostic: Diagnostic<'a>,
    suppression: &'a Suppression,
}

#[derive(Serialize)]
struct Diagnostic<'a> {
    rule: &'a str,
    severity: Severity,
    message: &'a str,
    help: &'a str,
    url: &'a str,
    subject: Subject<'a>,
    path: Option<&'a str>,
    field: Option<&'a str>,
    text: &'a str,
    start: Position,
    end: Position,
    related: Vec<Related<'a>>,
    fix: Option<&'a Fix>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    grace: bool,
    fingerprint: &'a str,
    /// Only in the report of a part, from which others are made.
    #[serde(skip_serializing_if = "Option::is_none")]
    excerpt: Option<&'a Excerpt>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shared: Option<&'a str>,
}

#[derive(Serialize)]
pub(super) struct Subject<'a> {
    pub(super) kind: Kind,
    pub(super) name: &'a str,
}

#[derive(Serialize)]
struct Related<'a> {
    message: &'a str,
    text: &'a str,
    start: Position,
    end: Position,
}

pub(super) fn write_document(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let document = Document {
        schema: SCHEMA,
        tool: Tool::of(report),
        checked: Scope::of(report),
        not_checked: report.gaps().collect(),
        diagnostics: diagnostics(report).collect(),
        suppressed: suppressed(report).collect(),
        fixes: report.fixes.map(|_| Fixes::of(report)),
        preview: report.preview.as_ref(),
        summary: Counts::of(report),
        shard: Shard::of(report),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

pub(super) fn write_lines(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let summary = Line::Summary {
        schema: SCHEMA,
        tool: Tool::of(report),
        checked: Scope::of(report),
        summary: Counts::of(report),
    };
    let lines = diagnostics(report).map(Line::Diagnostic);
    let lines = lines.chain(suppressed(report).map(Line::Suppressed));
    let lines = lines.chain(report.gaps().map(Line::NotChecked));
    let fixes = Fixes::of(report);
    let lines = lines.chain(fixes.fixed.into_iter().map(Line::Fixed));
    let lines = lines.chain(fixes.left.into_iter().map(Line::Left));
    let lines = lines.chain(fixes.diffs.into_iter().map(Line::Diff));
    let lines = lines.chain(fixes.remedies.into_iter().map(Line::Remedy));
    let lines = lines.chain(report.preview.iter().map(Line::Preview));
    for line in lines.chain([summary]) {
        serde_json::to_writer(&mut *out, &line)?;
        writeln!(out)?;
    }
    Ok(())
}

/// Writes the findings in one subject, those that are waived included, and its gaps: a line for each, as the NDJSON
/// report does.
///
/// # Errors
/// Only those of `out`.
pub fn write_finding_lines(subject: &Checked, out: &mut dyn Write) -> io::Result<()> {
    let found = subject.findings.iter().map(|finding| Line::Diagnostic(Diagnostic::of(subject, finding)));
    let lines =
        found.chain(subject.suppressed.iter().map(|of| Line::Suppressed(Suppressed::of(subject, of))));
    for line in lines.chain(subject.not_checked.iter().map(Line::NotChecked)) {
        serde_json::to_writer(&mut *out, &line)?;
        writeln!(out)?;
    }
    Ok(())
}

fn diagnostics(report: &Report) -> impl Iterator<Item = Diagnostic<'_>> {
    report.subjects.iter().flat_map(|subject| {
        subject.findings.iter().map(|finding| Diagnostic::of(subject, finding).told_by(report, finding))
    })
}

fn suppressed(report: &Report) -> impl Iterator<Item = Suppressed<'_>> {
    report.subjects.iter().flat_map(|subject| {
        subject.suppressed.iter().map(|of| {
            let told = Suppressed::of(subject, of);
            Suppressed { diagnostic: told.diagnostic.told_by(report, &of.finding), ..told }
        })
    })
}

impl Tool {
    fn of(report: &Report) -> Self {
        Self { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION"), rules: report.rules }
    }
}

impl<'a> Scope<'a> {
    fn of(report: &'a Report) -> Self {
        Self { subjects: report.checked, bytes: report.bytes, today: &report.today }
    }
}

impl Counts {
    fn of(report: &Report) -> Self {
        Self {
            error: report.count(Severity::Error),
            warning: report.count(Severity::Warning),
            info: report.count(Severity::Info),
            waived: report.waived(),
            baseline: report.in_baseline(),
            unchanged: report.unchanged(),
            fixes: FixCounts::of(report),
        }
    }
}

impl<'a> Suppressed<'a> {
    fn of(subject: &'a Checked, of: &'a crate::finding::Suppressed) -> Self {
        Self { diagnostic: Diagnostic::of(subject, &of.finding), suppression: &of.suppression }
    }
}

impl<'a> Diagnostic<'a> {
    fn of(subject: &'a Checked, finding: &'a Finding) -> Self {
        Self {
            rule: &finding.rule.id,
            severity: finding.severity,
            message: &finding.message,
            help: &finding.help,
            url: &finding.rule.url,
            subject: Subject { kind: subject.kind, name: &subject.name },
            path: finding.path.as_deref(),
            field: finding.field.as_deref(),
            text: &finding.text,
            start: finding.start,
            end: finding.end,
            related: finding.related.iter().map(Related::of).collect(),
            fix: finding.fix.as_ref(),
            grace: finding.grace,
            fingerprint: &finding.fingerprint,
            excerpt: None,
            shared: None,
        }
    }

    /// With what `merge` needs of `finding`, where the report is one of several.
    fn told_by(self, report: &Report, finding: &'a Finding) -> Self {
        match report.part {
            Some(_) => Self { excerpt: Some(&finding.excerpt), shared: finding.shared.as_deref(), ..self },
            None => self,
        }
    }
}

impl<'a> Related<'a> {
    fn of(place: &'a RelatedPlace) -> Self {
        Self { message: &place.message, text: &place.text, start: place.start, end: place.end }
    }
}
