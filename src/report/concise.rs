//! The concise report: one line per finding, in the shape editors and `grep` know.

use std::io::{self, Write};

use super::paint::Paint;
use super::{Style, gaps, plain, preview, repairs, words};
use crate::finding::{Checked, Finding, Report};

pub(super) fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let paint = Paint::new(style);
    for subject in &report.subjects {
        for finding in &subject.findings {
            write_line(subject, finding, paint, out)?;
        }
    }
    if report.fixes.is_some() {
        for line in repairs::lines(report) {
            writeln!(out, "{line}")?;
        }
        repairs::write_diffs(report, style, out)?;
    }
    if style.quiet {
        return Ok(());
    }
    for line in gaps::lines(report) {
        writeln!(out, "not checked: {line}")?;
    }
    for line in preview::lines(report) {
        writeln!(out, "preview: {line}")?;
    }
    writeln!(out, "{}", words::summary(report, style.elapsed))
}

/// Writes a finding as one line.
pub(super) fn write_line(
    subject: &Checked,
    finding: &Finding,
    paint: Paint,
    out: &mut dyn Write,
) -> io::Result<()> {
    let path = plain::line(finding.path.as_deref().unwrap_or(&subject.name));
    let severity = paint.severity(finding.severity, finding.severity.name());
    let rule = plain::line(&finding.rule.id);
    let rule = paint.link(&plain::line(&finding.rule.url), rule.into_owned());
    let (line, column) = (finding.start.line, finding.start.column);
    writeln!(out, "{path}:{line}:{column}: {severity} {rule}: {}", plain::line(&finding.message))
}
