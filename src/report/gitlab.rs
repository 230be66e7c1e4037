//! The Code Quality report that GitLab shows in the merge request widget.

use std::io::{self, Write};

use serde::Serialize;

use super::canonical::{self, CanonicalFiles};
use super::plain;
use crate::diagnostic::Severity;
use crate::finding::{Finding, Report};

/// GitLab stops at the first entry it cannot read and drops the rest, so every key it asks for is always there.
#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: &'a str,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
}

pub(super) fn write(report: &Report, files: &CanonicalFiles, out: &mut dyn Write) -> io::Result<()> {
    let paths = canonical::paths(report, &files.dir);
    let mut issues = Vec::new();
    for (subject, file) in report.subjects.iter().zip(&paths) {
        let own = file.as_deref().unwrap_or(&subject.name);
        issues.extend(subject.findings.iter().map(|finding| issue(finding, own)));
    }
    serde_json::to_writer_pretty(&mut *out, &issues)?;
    writeln!(out)
}

fn issue<'a>(finding: &'a Finding, own: &'a str) -> Issue<'a> {
    let path = finding.path.as_deref().unwrap_or(own);
    // A rule of somebody's own may have nothing to say, and the widget shows nothing else.
    let message = if finding.message.is_empty() { &finding.rule.id } else { &finding.message };
    Issue {
        description: plain::line(message).into_owned(),
        check_name: &finding.rule.id,
        fingerprint: &finding.fingerprint,
        severity: severity(finding.severity),
        location: Location { path: relative(path), lines: Lines { begin: finding.start.line.max(1) } },
    }
}

/// `path` as the format wants it: relative, without `./` before it, and never empty.
fn relative(path: &str) -> &str {
    let mut rest = path;
    while let Some(shorter) = rest.strip_prefix("./").or_else(|| rest.strip_prefix('/')) {
        rest = shorter;
    }
    if rest.is_empty() { "." } else { rest }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Warning => "minor",
        Severity::Error => "major",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_relative_even_of_a_file_outside_the_repository() {
        let paths = ["docs/a.md", "./docs/a.md", "/docs/a.md", ".//./docs/a.md"];
        assert_eq!(paths.map(relative), ["docs/a.md"; 4]);
        let kept = ["../a.md", ".gitlab/a.md"];
        assert_eq!(kept.map(relative), kept);
        assert_eq!(["", "./", "/"].map(relative), ["."; 3]);
    }
}
