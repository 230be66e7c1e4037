//! States, moves and time limits of an audit, for people: at a terminal, and as Markdown.

use std::io::{self, Write};

use crate::audit::flow::{MachineTally, Move, NAMED, Named, StateTally};
use crate::audit::levels::Level;
use crate::audit::{First, Flow, Levels};
use crate::check::states::machine::Legality;
use crate::report::{neutral, plain, words};

/// The heads of the columns for states.
const STATES: [&str; 7] = ["state", "now", "open", "stays", "median", "90 %", "stuck"];

/// The heads of the columns for time limits.
const LIMITS: [&str; 8] =
    ["time limit", "in time", "due in 7 days", "overdue", "worst", "met", "missed", "unknown"];

/// Writes the machines for a terminal.
pub(super) fn write_flow(flow: &Flow, out: &mut dyn Write) -> io::Result<()> {
    for (name, machine) in &flow.machines {
        writeln!(out, "{}", plain::line(&head(name, machine)))?;
        table(STATES, &machine.states.iter().map(state).collect::<Vec<_>>(), out)?;
        for made in sorted(machine) {
            let examples = if made.legality == Legality::Illegal {
                format!(": {}", plain::line(&joined(&made.examples)))
            } else {
                String::new()
            };
            writeln!(out, "  {}: {}{}{examples}", plain::line(&way(made)), made.count, mark(machine, made))?;
        }
        for line in notes(machine) {
            writeln!(out, "  {}", plain::line(&line))?;
        }
    }
    Ok(())
}

/// Writes the machines as Markdown.
pub(super) fn write_flow_markdown(flow: &Flow, out: &mut dyn Write) -> io::Result<()> {
    for (name, machine) in &flow.machines {
        writeln!(out, "\n### States: {}\n\n{}.", neutral::code(name), neutral::words(&counted(machine)))?;
        grid(STATES, machine.states.iter().map(state), out)?;
        if !machine.moves.is_empty() {
            grid(
                ["move", "times", "", "first"],
                sorted(machine).into_iter().map(|made| {
                    let legal = made.legality == Legality::Legal;
                    let first = if legal { String::new() } else { joined(&made.examples) };
                    let mark = mark(machine, made).trim_start_matches(", ");
                    [way(made), made.count.to_string(), mark.to_owned(), first]
                }),
                out,
            )?;
        }
        let notes = notes(machine);
        if !notes.is_empty() {
            writeln!(out)?;
        }
        for line in notes {
            writeln!(out, "- {}", neutral::words(&line))?;
        }
    }
    Ok(())
}

/// Writes the time limits for a terminal.
pub(super) fn write_levels(levels: &Levels, out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<_> = levels.limits.iter().map(|(name, level)| limit(name, level)).collect();
    table(LIMITS, &rows, out)
}

/// Writes the time limits as Markdown.
pub(super) fn write_levels_markdown(levels: &Levels, out: &mut dyn Write) -> io::Result<()> {
    if levels.limits.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n### Time limits")?;
    grid(LIMITS, levels.limits.iter().map(|(name, level)| limit(name, level)), out)
}

fn head(name: &str, machine: &MachineTally) -> String {
    format!("{name}  {}", counted(machine))
}

fn counted(machine: &MachineTally) -> String {
    let unknown: usize = machine.history.unknown.values().map(|unknown| unknown.count).sum();
    let of = words::count(machine.subjects, "subject");
    format!("states of {of}, the history of {} known and of {unknown} unknown", machine.history.known)
}

fn state(state: &StateTally) -> [String; 7] {
    let days = |days: Option<i64>| days.map_or(String::new(), |days| words::count(days as usize, "day"));
    let end = if state.terminal { " (end)" } else { "" };
    [
        format!("{}{end}", state.name),
        state.now.to_string(),
        state.open.to_string(),
        state.stays.to_string(),
        days(state.median_days),
        days(state.p90_days),
        state.stuck.to_string(),
    ]
}

fn limit(name: &str, level: &Level) -> [String; 8] {
    let worst = level
        .worst
        .first()
        .map(|late| format!("{}, {}", words::count(late.days as usize, "day"), late.subject));
    [
        name.to_owned(),
        level.running.to_string(),
        level.due_soon.to_string(),
        level.overdue.to_string(),
        worst.unwrap_or_default(),
        level.met.to_string(),
        level.missed.to_string(),
        level.unknown.to_string(),
    ]
}

/// The moves: those that the machine does not have, then the most frequent.
fn sorted(machine: &MachineTally) -> Vec<&Move> {
    let mut moves: Vec<_> = machine.moves.iter().collect();
    let late = |made: &Move| made.legality != Legality::Illegal;
    moves.sort_by_key(|made| (late(made), std::cmp::Reverse(made.count)));
    moves
}

fn way(made: &Move) -> String {
    match (&made.from, &made.to) {
        (Some(from), Some(to)) => format!("`{from}` to `{to}`"),
        (None, Some(to)) => format!("begun in `{to}`"),
        (Some(from), None) => format!("`{from}` to no state"),
        (None, None) => String::new(),
    }
}

fn mark(machine: &MachineTally, made: &Move) -> &'static str {
    match made.legality {
        Legality::Illegal => ", illegal",
        Legality::Unknown if machine.has_moves => ", unknown whether legal",
        Legality::Unknown | Legality::Legal => "",
    }
}

fn joined(names: &First<Named, NAMED>) -> String {
    names.iter().map(|name| name.subject.as_str()).collect::<Vec<_>>().join(", ")
}

/// What is stuck, what is unknown, and what no rule says.
fn notes(machine: &MachineTally) -> Vec<String> {
    let mut notes = Vec::new();
    for state in &machine.states {
        for stuck in &state.oldest {
            let (days, limit) = (words::count(stuck.days as usize, "day"), stuck.limit);
            let (subject, state, since) = (&stuck.subject, &state.name, &stuck.since);
            notes.push(format!("stuck: {subject}, {days} in `{state}` since {since}, allowed are {limit}"));
        }
        let more = state.stuck.saturating_sub(state.oldest.len());
        if more > 0 {
            notes.push(format!("stuck: {more} more in `{}`", state.name));
        }
    }
    for (reason, unknown) in &machine.history.unknown {
        let more = if unknown.count > unknown.examples.iter().len() { ", …" } else { "" };
        notes.push(format!("unknown: {}: {reason} ({}{more})", unknown.count, joined(&unknown.examples)));
    }
    if !machine.has_moves && !machine.moves.is_empty() {
        notes.push("no rule that is switched on says which moves are legal".to_owned());
    }
    notes
}

/// Columns, the first to the left, the others to the right; nothing without rows.
fn table<const N: usize>(heads: [&str; N], rows: &[[String; N]], out: &mut dyn Write) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let rows: Vec<[String; N]> = std::iter::once(heads.map(str::to_owned))
        .chain(rows.iter().map(|row| row.each_ref().map(|cell| plain::line(cell).into_owned())))
        .collect();
    let width = |at: usize| rows.iter().map(|row| row[at].chars().count()).max().unwrap_or_default();
    let widths: [usize; N] = std::array::from_fn(width);
    for row in &rows {
        let mut line = String::new();
        for (at, (cell, width)) in row.iter().zip(widths).enumerate() {
            let gap = " ".repeat(width.saturating_sub(cell.chars().count()));
            line.push_str(&if at == 0 { format!("  {cell}{gap}") } else { format!("  {gap}{cell}") });
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// A table of Markdown.
fn grid<const N: usize>(
    heads: [&str; N],
    rows: impl Iterator<Item = [String; N]>,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "\n| {} |\n|{}", heads.join(" | "), "---|".repeat(N))?;
    for row in rows {
        writeln!(out, "| {} |", row.map(|cell| neutral::words(&cell)).join(" | "))?;
    }
    Ok(())
}
