//! The report as Markdown for a note, a job summary or a digest issue; what it quotes is harmless wherever it is put.

use std::collections::HashSet;
use std::io::{self, Write};

use super::place::is_in_diff;
use super::window::Window;
use super::{gaps, neutral, preview, uri, words};
use crate::finding::{Checked, Finding, Report};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut blocks = vec!["## proclint".to_owned(), format!("{}.", words::summary(report, None))];
    let mut told = HashSet::new();
    for subject in report.subjects.iter().filter(|subject| !subject.findings.is_empty()) {
        blocks.push(format!("### {}", neutral::code(&subject.name)));
        for finding in &subject.findings {
            entry(subject, finding, &mut told, &mut blocks);
        }
    }
    list("### Not checked", gaps::lines(report).iter().map(|line| neutral::words(line)), &mut blocks);
    list("### Preview", preview::lines(report).iter().map(|line| neutral::words(line)), &mut blocks);
    let apart =
        report.subjects.iter().flat_map(|subject| subject.suppressed.iter().map(move |of| (subject, of)));
    let apart = apart.map(|(subject, of)| {
        let why = neutral::words(&words::why(&of.suppression));
        format!("{} in {}: {why}", rule(&of.finding), place(subject, &of.finding))
    });
    list("### Found, and not counted", apart, &mut blocks);
    writeln!(out, "{}", blocks.join("\n\n"))
}

fn list(heading: &str, entries: impl Iterator<Item = String>, blocks: &mut Vec<String>) {
    let entries: Vec<_> = entries.map(|entry| format!("- {entry}")).collect();
    if !entries.is_empty() {
        blocks.push(heading.to_owned());
        blocks.push(entries.join("\n"));
    }
}

/// A finding as an item of a list; the handbook's words stand at the first finding of each rule.
fn entry<'r>(subject: &Checked, finding: &'r Finding, told: &mut HashSet<&'r str>, blocks: &mut Vec<String>) {
    let severity = words::noun(finding.severity);
    let message = neutral::words(&finding.message);
    blocks.push(format!("- **{severity}** {} in {}: {message}", rule(finding), place(subject, finding)));
    let mut add = |text: String| {
        let lines: Vec<_> = text.lines().map(|line| format!("  {line}")).collect();
        blocks.push(lines.join("\n"));
    };
    if !finding.help.is_empty() {
        add(neutral::words(&finding.help));
    }
    if let Some(fix) = &finding.fix {
        let safe = if fix.safe { " (safe)" } else { "" };
        add(format!("Fix: {}{safe}", neutral::words(&fix.title)));
    }
    if told.insert(&finding.rule.id) && !finding.rule.quote.is_empty() {
        add(format!("The handbook says: “{}”", neutral::words(&finding.rule.quote)));
    }
    let window = Window::new(finding, is_in_diff(subject, finding));
    if !window.text.trim().is_empty() {
        add(neutral::numbered(window.text.lines(), window.first_line));
    }
}

/// The rule's id, as a link to the handbook where it has one.
fn rule(finding: &Finding) -> String {
    let id = neutral::code(&finding.rule.id);
    match uri::link(&finding.rule.url) {
        Some(url) => format!("[{id}]({url})"),
        None => id,
    }
}

fn place(subject: &Checked, finding: &Finding) -> String {
    let path = finding.path.as_deref().unwrap_or(&subject.name);
    neutral::code(&format!("{path}:{}:{}", finding.start.line, finding.start.column))
}
