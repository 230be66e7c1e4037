//! The sum of an audit, for people: at a terminal, and as Markdown for an issue.

mod chart;
mod csv;
mod flow;
mod hygiene;
mod machine;
mod page;
mod policy;
mod rows;

use std::io::{self, Write};

pub use self::csv::FindingSheet;
pub use self::page::{AuditPage, Past, change_since};

use super::{neutral, plain, uri, words};
use crate::audit::{Digest, Family, GapTally, RuleTally};
use crate::diagnostic::Severity;

/// The most rules named for a gap.
const NAMED: usize = 3;

/// The most teams of a prefix, and the most rules of a team, that Markdown names.
const TEAMS: (usize, usize) = (20, 3);

/// Writes `digest` for a terminal.
///
/// # Errors
/// Only those of `out`.
pub fn write_digest(digest: &Digest, out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<_> = sorted(digest);
    let width = rows.iter().map(|(id, _)| id.len()).max().unwrap_or_default();
    for (id, tally) in &rows {
        let (of, share) = (words::count(tally.subjects, "subject"), share(tally, digest));
        writeln!(out, "{id:width$}  {:<28} {of}, {share}", counts(tally))?;
        for example in tally.examples.iter() {
            let at = format!("{}:{}:{}", example.subject, example.start.line, example.start.column);
            writeln!(out, "  {}: {}", plain::line(&at), plain::line(&example.message))?;
        }
    }
    digest.hygiene.iter().try_for_each(|of| hygiene::write(of, out))?;
    digest.policies.iter().try_for_each(|of| policy::write(of, out))?;
    flow::write_flow(&digest.flow, out)?;
    flow::write_levels(&digest.levels, out)?;
    for (reason, tally) in &digest.gaps.not_checked {
        writeln!(out, "not checked: {}{}: {}", tally.times, rules(tally), plain::line(reason))?;
    }
    if digest.gaps.other_gaps > 0 {
        writeln!(out, "not checked: {}: other reasons", digest.gaps.other_gaps)?;
    }
    if let Some(change) = &digest.change {
        writeln!(out, "{change}")?;
    }
    writeln!(out, "{}", sum(digest))
}

/// Writes `digest` as Markdown; what it quotes is harmless wherever it is put.
///
/// # Errors
/// Only those of `out`.
pub fn write_digest_markdown(digest: &Digest, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "## proclint audit\n")?;
    if let Some(reason) = &digest.broken {
        writeln!(out, "**This audit did not come to its end:** {}\n", neutral::words(reason))?;
    }
    writeln!(out, "{}.", sum(digest))?;
    if let Some(change) = &digest.change {
        writeln!(out, "\n{change}.")?;
    }
    let rows = sorted(digest);
    if !rows.is_empty() {
        writeln!(out, "\n| rule | findings | subjects | share |\n|---|---|---|---|")?;
    }
    for (id, tally) in &rows {
        let rule = match uri::link(&tally.url) {
            Some(url) => format!("[{}]({url})", neutral::code(id)),
            None => neutral::code(id),
        };
        writeln!(out, "| {rule} | {} | {} | {} |", counts(tally), tally.subjects, share(tally, digest))?;
    }
    for (id, tally) in rows.iter().filter(|(_, tally)| !tally.examples.is_empty()) {
        writeln!(out, "\n### {}\n", neutral::code(id))?;
        for example in tally.examples.iter() {
            let at = format!("{}:{}:{}", example.subject, example.start.line, example.start.column);
            writeln!(out, "- {}: {}", neutral::code(&at), neutral::words(&example.message))?;
        }
    }
    digest.hygiene.iter().try_for_each(|of| hygiene::write_markdown(of, out))?;
    digest.policies.iter().try_for_each(|of| policy::write_markdown(of, out))?;
    flow::write_flow_markdown(&digest.flow, out)?;
    flow::write_levels_markdown(&digest.levels, out)?;
    for family in digest.teams.0.iter().filter(|family| !family.teams.is_empty()) {
        write_teams(family, out)?;
    }
    if !digest.gaps.not_checked.is_empty() {
        writeln!(out, "\n### Not checked\n")?;
    }
    for (reason, tally) in &digest.gaps.not_checked {
        writeln!(out, "- {}{}: {}", tally.times, neutral::words(&rules(tally)), neutral::words(reason))?;
    }
    Ok(())
}

fn write_teams(family: &Family, out: &mut dyn Write) -> io::Result<()> {
    let mut teams: Vec<_> = family.teams.iter().collect();
    teams.sort_by_key(|(label, tally)| (std::cmp::Reverse(tally.findings()), *label));
    writeln!(out, "\n### Teams by {}\n", neutral::code(&family.prefix))?;
    writeln!(out, "| team | findings | subjects | most often |\n|---|---|---|---|")?;
    // A bar would end the cell, even in code.
    let cell = |text: &str| neutral::code(text).replace('|', "\\|");
    for (label, tally) in teams.iter().take(TEAMS.0) {
        let top =
            tally.top(TEAMS.1).into_iter().map(|(rule, number)| format!("{} {number}", neutral::code(rule)));
        let (with, all) = (tally.with_findings, tally.subjects);
        let top = top.collect::<Vec<_>>().join(", ");
        writeln!(out, "| {} | {} | {with} of {all} | {top} |", cell(label), tally.findings())?;
    }
    if teams.len() > TEAMS.0 {
        writeln!(out, "\nand {} more.", words::count(teams.len() - TEAMS.0, "team"))?;
    }
    Ok(())
}

/// The rules with findings, the most frequent first.
fn sorted(digest: &Digest) -> Vec<(&str, &RuleTally)> {
    let found = digest.found.iter().filter(|(_, tally)| tally.findings() > 0);
    let mut rows: Vec<_> = found.map(|(id, tally)| (id.as_str(), tally)).collect();
    rows.sort_by_key(|(id, tally)| (std::cmp::Reverse(tally.findings()), *id));
    rows
}

fn counts(tally: &RuleTally) -> String {
    let of =
        [(Severity::Error, tally.error), (Severity::Warning, tally.warning), (Severity::Info, tally.info)];
    let of = of.into_iter().filter(|(_, number)| *number > 0);
    of.map(|(severity, number)| words::count(number, words::noun(severity))).collect::<Vec<_>>().join(", ")
}

fn share(tally: &RuleTally, digest: &Digest) -> String {
    format!("{:.1} %", tally.subjects as f64 * 100.0 / digest.subjects.max(1) as f64)
}

fn rules(tally: &GapTally) -> String {
    let named: Vec<_> = tally.rules.iter().take(NAMED).map(String::as_str).collect();
    match tally.rules.len() {
        0 => String::new(),
        many if many > NAMED => format!(", {} and {} more", named.join(", "), many - NAMED),
        _ => format!(", {}", named.join(", ")),
    }
}

/// One sentence that sums it up.
fn sum(digest: &Digest) -> String {
    if digest.subjects == 0 {
        return "Nothing was checked".to_owned();
    }
    let found = told(|severity| digest.count(severity));
    let found = if found.is_empty() { "No findings".to_owned() } else { found };
    let with = words::count(digest.with_findings, "subject");
    let also =
        |told: String, what: &str| if told.is_empty() { told } else { format!("; {told} about {what}") };
    let hygiene = told(|severity| digest.hygiene.as_ref().map_or(0, |of| of.count(severity)));
    let policies = told(|severity| digest.policies.as_ref().map_or(0, |of| of.count(severity)));
    let hygiene = also(hygiene, "the labels and milestones themselves");
    let flaws = hygiene + &also(policies, "the policies themselves");
    format!("{found} in {with} of {} ({}){flaws}", digest.subjects, words::size(digest.bytes))
}

/// How many of each severity, the gravest first; empty where there is none.
fn told(count: impl Fn(Severity) -> usize) -> String {
    let severities = [Severity::Error, Severity::Warning, Severity::Info];
    let found = severities.map(|severity| (count(severity), words::noun(severity)));
    let found = found.into_iter().filter(|(number, _)| *number > 0);
    found.map(|(number, noun)| words::count(number, noun)).collect::<Vec<_>>().join(", ")
}
