//! The diagnostic format of reviewdog; its columns count bytes of UTF-8.

use std::io::{self, Write};

use serde::Serialize;

use super::canonical::{self, CanonicalFiles};
use super::place::place;
use super::{plain, uri};
use crate::diagnostic::{Edit, Severity};
use crate::finding::{Checked, Finding, NotChecked, Report};

#[derive(Serialize)]
struct Document<'a> {
    source: Source,
    diagnostics: Vec<Diagnostic<'a>>,
}

#[derive(Serialize)]
struct Source {
    name: &'static str,
}

#[derive(Serialize)]
struct Diagnostic<'a> {
    message: String,
    location: Location<'a>,
    severity: &'static str,
    code: Code<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion<'a>>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Range>,
}

#[derive(Clone, Copy, Serialize)]
struct Range {
    start: At,
    end: At,
}

/// A range without columns takes in its last line whole.
#[derive(Clone, Copy, Serialize)]
struct At {
    line: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
}

#[derive(Serialize)]
struct Code<'a> {
    value: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

#[derive(Serialize)]
struct Suggestion<'a> {
    range: Range,
    text: &'a str,
}

pub(super) fn write(report: &Report, files: &CanonicalFiles, out: &mut dyn Write) -> io::Result<()> {
    let paths = canonical::paths(report, &files.dir);
    let mut diagnostics = Vec::new();
    for (subject, file) in report.subjects.iter().zip(&paths) {
        let own = file.as_deref().unwrap_or(&subject.name);
        diagnostics.extend(subject.findings.iter().map(|finding| diagnostic(subject, finding, own)));
    }
    diagnostics.extend(report.gaps().map(gap));
    let document = Document { source: Source { name: env!("CARGO_PKG_NAME") }, diagnostics };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn diagnostic<'a>(subject: &Checked, finding: &'a Finding, own: &'a str) -> Diagnostic<'a> {
    let path = finding.path.as_deref().unwrap_or(own).trim_start_matches("./");
    let help =
        if finding.help.is_empty() { String::new() } else { format!("\n{}", plain::line(&finding.help)) };
    // A suggestion replaces one range; of several edits one alone would be half a fix.
    let edits = finding.fix.as_ref().map(|fix| fix.edits.as_slice()).unwrap_or_default();
    let suggestions = match edits {
        [edit] => suggestion(subject, finding, edit).into_iter().collect(),
        _ => Vec::new(),
    };
    Diagnostic {
        message: format!("{}{help}", plain::line(&finding.message)),
        location: Location { path, range: Some(range(subject, finding)) },
        severity: match finding.severity {
            Severity::Error => "ERROR",
            Severity::Warning => "WARNING",
            Severity::Info => "INFO",
        },
        code: Code { value: &finding.rule.id, url: uri::link(&finding.rule.url) },
        suggestions,
    }
}

fn range(subject: &Checked, finding: &Finding) -> Range {
    exact(subject, finding, finding.start.byte, finding.end.byte).unwrap_or(Range {
        start: At { line: finding.start.line, column: None },
        end: At { line: finding.end.line, column: None },
    })
}

fn suggestion<'a>(subject: &Checked, finding: &Finding, edit: &'a Edit) -> Option<Suggestion<'a>> {
    let range = exact(subject, finding, edit.span.range().start, edit.span.range().end)?;
    Some(Suggestion { range, text: &edit.text })
}

fn exact(subject: &Checked, finding: &Finding, start: usize, end: usize) -> Option<Range> {
    let at = |byte| {
        let place = place(subject, finding, byte)?;
        Some(At { line: place.line, column: Some(place.byte_column) })
    };
    Some(Range { start: at(start)?, end: at(end)? })
}

fn gap(gap: &NotChecked) -> Diagnostic<'_> {
    Diagnostic {
        message: format!("not checked: {}", plain::line(&gap.reason)),
        location: Location { path: &gap.subject, range: None },
        severity: "INFO",
        code: Code { value: gap.rule.as_deref().unwrap_or("not-checked"), url: None },
        suggestions: Vec::new(),
    }
}
