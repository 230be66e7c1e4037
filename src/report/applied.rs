//! What came of posting a plan: for people, and as JSON.

use std::io::{self, Write};

use miette::Diagnostic as _;
use serde_json::{Value, json};

use super::{plain, words};
use crate::apply::{Applied, Told};

/// What the run was told.
#[derive(Clone, Copy, Debug)]
pub struct AppliedStyle<'s> {
    /// Whether something was posted; else it was only shown.
    pub written: bool,
    /// The plan, as it was named.
    pub plan: &'s str,
    /// The file that undoes what was posted.
    pub undo: &'s str,
}

/// Writes `applied` for a terminal.
///
/// # Errors
/// Only those of `out`.
pub fn write_applied(applied: &Applied, style: AppliedStyle<'_>, out: &mut dyn Write) -> io::Result<()> {
    let verb = if style.written { "posted" } else { "would post" };
    for told in &applied.done {
        writeln!(out, "{verb}: {}: {}", plain::line(&told.subject), actions(told))?;
    }
    for (verb, list) in [("skipped", &applied.skipped), ("failed", &applied.failed)] {
        for told in list {
            writeln!(out, "{verb}: {}: {}", plain::line(&told.subject), plain::line(&told.reason))?;
            writeln!(out, "  {}", actions(told))?;
        }
    }
    let mut sum = vec![match (style.written, applied.done.len()) {
        (true, number) => format!("{} posted", words::count(number, "record")),
        (false, number) => format!("{} to post", words::count(number, "record")),
    }];
    let numbers = [
        (applied.skipped.len(), "skipped"),
        (applied.failed.len(), "failed"),
        (applied.left, "left for the next run"),
        (applied.before, "settled before"),
    ];
    sum.extend(
        numbers.iter().filter(|(number, _)| *number > 0).map(|(number, what)| format!("{number} {what}")),
    );
    writeln!(out, "{}", sum.join(", "))?;
    let (plan, undo) = (plain::line(style.plan), plain::line(style.undo));
    match (style.written, applied.done.is_empty()) {
        (true, false) => writeln!(out, "to undo it: proclint audit --apply {undo} --write"),
        (false, false) => writeln!(out, "nothing was posted: proclint audit --apply {plan} --write posts it"),
        _ => Ok(()),
    }
}

/// `applied` as one JSON object.
pub fn applied_json(applied: &Applied, style: AppliedStyle<'_>) -> Value {
    let told = |list: &[Told]| -> Value {
        list.iter()
            .map(|told| {
                let mut value = json!({ "subject": told.subject, "quick_actions": told.quick_actions });
                if !told.reason.is_empty() {
                    value["reason"] = json!(told.reason);
                }
                value
            })
            .collect()
    };
    let stopped = applied.stopped.as_ref().map(
        |error| json!({ "reason": error.to_string(), "help": error.help().map(|help| help.to_string()) }),
    );
    json!({
        "schema": 1,
        "tool": { "name": "proclint", "version": env!("CARGO_PKG_VERSION") },
        "plan": style.plan,
        "written": style.written,
        if style.written { "posted" } else { "to_post" }: told(&applied.done),
        "skipped": told(&applied.skipped),
        "failed": told(&applied.failed),
        "left": applied.left,
        "settled_before": applied.before,
        "undo": style.undo,
        "stopped": stopped,
    })
}

fn actions(told: &Told) -> String {
    let lines: Vec<_> = told.quick_actions.iter().map(|line| plain::line(line)).collect();
    lines.join(" ")
}
