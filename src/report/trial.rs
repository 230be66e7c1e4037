//! What came of trying a rule, for people.

use std::io::{self, Write};

use super::{plain, words};
use crate::engine::trial::{Example, Outcome};

/// Writes `told` to `out`.
///
/// # Errors
/// Only those of `out`.
pub fn write_trial(told: &Outcome, out: &mut dyn Write) -> io::Result<()> {
    let subjects = words::count(told.seen, "subject");
    let hit = words::count(told.hit, "subject");
    let found = words::count(told.findings, "finding");
    if told.applied == 0 {
        writeln!(out, "{}: no evidence: its conditions held in none of {subjects}\n", told.rule)?;
    } else {
        writeln!(out, "{}: {found} in {hit} of {}\n", told.rule, told.applied)?;
    }
    row(out, "seen", &subjects)?;
    if told.left_out > 0 {
        row(
            out,
            "left out",
            &format!("{}, older or of no known age", words::count(told.left_out, "record")),
        )?;
    }
    row(out, "read", &format!("{} of a kind and path that it reads", words::count(told.read, "subject")))?;
    row(out, "applied", &words::count(told.applied, "subject"))?;
    if told.untold > 0 {
        let reasons: Vec<_> = told.lacking.iter().map(|reason| plain::line(reason)).collect();
        let reasons = if reasons.is_empty() { String::new() } else { format!(": {}", reasons.join("; ")) };
        row(out, "untold", &format!("{}{reasons}", words::count(told.untold, "subject")))?;
    }
    if let Some(rate) = told.rate {
        row(out, "hit", &format!("{hit}, {:.1} % of those it applied to", rate * 100.0))?;
    }
    if told.waived > 0 {
        row(out, "waived", &words::count(told.waived, "finding"))?;
    }
    if let (Some(per_week), Some((first, last))) = (told.per_week, &told.days) {
        row(out, "noise", &format!("{per_week:.1} findings a week, from {first} to {last}"))?;
    }
    examples(out, "Examples", &told.examples)?;
    if let Some(difference) = &told.difference {
        let present = words::count(difference.present, "finding");
        writeln!(
            out,
            "\nThe present rule has {present}: {} in both, {} new, {} gone",
            difference.both, difference.added, difference.removed
        )?;
        examples(out, "New", &difference.added_examples)?;
        examples(out, "Gone", &difference.removed_examples)?;
    }
    Ok(())
}

fn row(out: &mut dyn Write, name: &str, text: &str) -> io::Result<()> {
    writeln!(out, "  {name:<8} {text}")
}

fn examples(out: &mut dyn Write, title: &str, examples: &[Example]) -> io::Result<()> {
    if examples.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{title}:")?;
    for example in examples {
        let at = format!("{}:{}:{}", plain::line(&example.subject), example.start.line, example.start.column);
        writeln!(out, "  {at}: {}", plain::line(&example.message))?;
    }
    Ok(())
}
