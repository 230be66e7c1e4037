//! What is wrong with labels and milestones, for people.

use std::io::{self, Write};

use super::super::{neutral, plain, words};
use crate::hygiene::{Flaw, FlawKind, Hygiene, Thing};

/// The most flaws of a kind that a terminal shows.
const SHOWN: usize = 5;

/// The most flaws of a kind that Markdown lists.
const LISTED: usize = 20;

/// Writes `hygiene` for a terminal.
///
/// # Errors
/// Only those of `out`.
pub(super) fn write(hygiene: &Hygiene, out: &mut dyn Write) -> io::Result<()> {
    for (of, kind, flaws) in groups(hygiene) {
        writeln!(out, "{}", title(of, kind, flaws.len()))?;
        for flaw in flaws.iter().take(SHOWN) {
            let severity = words::noun(flaw.severity);
            let shown = |place: &str| plain::line(place).into_owned();
            writeln!(out, "  {severity}: {}{}", plain::line(&flaw.message), uses(flaw, &shown))?;
        }
        if flaws.len() > SHOWN {
            writeln!(out, "  and {} more", flaws.len() - SHOWN)?;
        }
    }
    for reason in &hygiene.not_checked {
        writeln!(out, "not checked: {}", plain::line(reason))?;
    }
    Ok(())
}

/// Writes `hygiene` as Markdown.
///
/// # Errors
/// Only those of `out`.
pub(super) fn write_markdown(hygiene: &Hygiene, out: &mut dyn Write) -> io::Result<()> {
    if hygiene.flaws.is_empty() && hygiene.not_checked.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n### Labels and milestones")?;
    for (of, kind, flaws) in groups(hygiene) {
        writeln!(out, "\n{}:\n", title(of, kind, flaws.len()))?;
        for flaw in flaws.iter().take(LISTED) {
            writeln!(out, "- {}{}", neutral::words(&flaw.message), uses(flaw, &neutral::code))?;
        }
        if flaws.len() > LISTED {
            writeln!(out, "- and {} more", flaws.len() - LISTED)?;
        }
    }
    if !hygiene.not_checked.is_empty() {
        writeln!(out, "\nNot checked:\n")?;
    }
    for reason in &hygiene.not_checked {
        writeln!(out, "- {}", neutral::words(reason))?;
    }
    Ok(())
}

/// The flaws of each thing and kind, in their own order.
fn groups(hygiene: &Hygiene) -> impl Iterator<Item = (Thing, FlawKind, &[Flaw])> {
    let groups = hygiene.flaws.chunk_by(|one, other| (one.of, one.kind) == (other.of, other.kind));
    groups.filter_map(|flaws| flaws.first().map(|first| (first.of, first.kind, flaws)))
}

fn title(of: Thing, kind: FlawKind, number: usize) -> String {
    let noun = match of {
        Thing::Label => "label",
        Thing::Milestone => "milestone",
    };
    match kind {
        FlawKind::Missing if number == 1 => format!("1 {noun} that does not exist"),
        FlawKind::Missing => format!("{number} {noun}s that do not exist"),
        FlawKind::NearDuplicate => format!("{} too like another", words::count(number, noun)),
        kind => words::count(number, &format!("{} {noun}", kind.name())),
    }
}

/// Who uses the name: records and places in files, each of which is `shown` in its way.
fn uses(flaw: &Flaw, shown: &dyn Fn(&str) -> String) -> String {
    let mut parts = Vec::new();
    if flaw.records > 0 {
        parts.push(words::count(flaw.records, "record"));
    }
    parts.extend(flaw.places.iter().map(|place| shown(&place.shown())));
    let more = flaw.named.saturating_sub(flaw.places.len());
    if more > 0 {
        parts.push(words::count(more, "more place"));
    }
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
}
