//! What became of fixes, for people: what was made and left, file by file, and the changes that were only shown.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::paint::Paint;
use super::{Style, plain};
use crate::finding::{Fixes, Left, Report};

/// One line per subject with fixes that were made, and one per fix that was left.
pub(super) fn lines(report: &Report) -> Vec<String> {
    let verb = if report.fixes == Some(Fixes::Shown) { "would fix" } else { "fixed" };
    let mut lines = Vec::new();
    for (subject, repair) in report.repairs() {
        let name = plain::line(&subject.name);
        if !repair.fixed.is_empty() {
            let mut rules = BTreeMap::new();
            for finding in &repair.fixed {
                *rules.entry(finding.rule.id.as_str()).or_insert(0_usize) += 1;
            }
            let rules = rules.iter().map(|(rule, number)| format!("{number} {}", plain::line(rule)));
            lines.push(format!("{verb}: {name}: {}", rules.collect::<Vec<_>>().join(", ")));
        }
        for Left { finding, reason } in &repair.left {
            let (line, column) = (finding.start.line, finding.start.column);
            let rule = plain::line(&finding.rule.id);
            lines.push(format!("left: {name}:{line}:{column}: {rule}: {}", plain::line(reason)));
        }
    }
    lines
}

/// What is proposed for records as quick actions, and the changes that were not made as unified diffs.
pub(super) fn write_diffs(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let paint = Paint::new(style);
    for (subject, repair) in report.repairs() {
        if !repair.quick_actions.is_empty() {
            writeln!(out, "paste into {}:", plain::line(&subject.name))?;
            for line in &repair.quick_actions {
                writeln!(out, "{}", plain::line(line))?;
            }
            writeln!(out)?;
        }
        if !style.terminal && !style.color {
            out.write_all(repair.diff.as_bytes())?;
            continue;
        }
        for line in repair.diff.split_inclusive('\n') {
            let line = line.strip_suffix('\n').unwrap_or(line);
            writeln!(out, "{}", paint.change(&plain::line(line)))?;
        }
    }
    Ok(())
}
