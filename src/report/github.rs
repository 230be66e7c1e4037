//! Annotations of GitHub Actions: one workflow command a finding.

use std::io::{self, Write};

use super::{gaps, plain};
use crate::diagnostic::Severity;
use crate::finding::{Finding, Report};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for subject in &report.subjects {
        for finding in &subject.findings {
            annotation(finding, &subject.name, out)?;
        }
    }
    for line in gaps::lines(report) {
        writeln!(out, "::notice title=proclint%3A not checked::{}", data(&line))?;
    }
    Ok(())
}

/// A finding of a record has no file; its annotation stands on the page of the run and names the record.
fn annotation(finding: &Finding, name: &str, out: &mut dyn Write) -> io::Result<()> {
    let command = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let (start, end) = (finding.start, finding.end);
    let rule = plain::line(&finding.rule.id);
    write!(out, "::{command} ")?;
    let mut title = format!("proclint: {rule}");
    match &finding.path {
        Some(path) => {
            let path = plain::line(path.trim_start_matches("./"));
            write!(out, "file={},line={},endLine={},", property(&path), start.line, end.line)?;
            // GitHub refuses columns of a stretch of several lines.
            if start.line == end.line {
                write!(out, "col={},endColumn={},", start.column, end.column)?;
            }
        }
        None => title = format!("{title}: {}:{}:{}", plain::line(name), start.line, start.column),
    }
    let help =
        if finding.help.is_empty() { String::new() } else { format!("\n{}", plain::line(&finding.help)) };
    let text = format!("{}{help}", plain::line(&finding.message));
    writeln!(out, "title={}::{}", property(&title), data(&text))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
