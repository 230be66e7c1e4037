//! Why a rule fired or stayed silent, for people: every gate with what stands there.

use std::io::{self, Write};

use super::{Style, paint::Paint, plain, words};
use crate::cond::trace::{Seen, Trace};
use crate::engine::trace::{CheckTrace, Explanation, Outcome};
use crate::finding::Suppression;

/// The most words of a rule's that are named.
const WORDS: usize = 8;

/// Writes `told` to `out`.
///
/// # Errors
/// Only those of `out`.
pub fn write_why(told: &Explanation, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let paint = Paint::new(style);
    let outcome = match told.outcome {
        Outcome::Fired => "fired",
        Outcome::Waived => "is waived",
        Outcome::NotChecked => "could not be checked",
        Outcome::Silent => "stayed silent",
    };
    let subject = plain::line(&told.subject);
    writeln!(out, "{} {outcome} on {subject}: {}\n", paint.bold(&told.rule), told.because)?;
    let reads = if told.reads_kind { "the rule reads it" } else { "the rule does not read it" };
    row(out, "kind", &format!("{}: {reads}", told.kind.name()))?;
    if !told.reads_kind {
        return Ok(());
    }
    if !told.reads_path {
        row(out, "paths", "the file is left out")?;
    }
    if let Some(needs) = &told.needs {
        row(out, "words", &needed(needs, told.touched))?;
    }
    if told.when.is_empty() {
        row(out, "when", "the rule has none")?;
    } else {
        row(out, "when", holds(&told.when))?;
        traces(out, paint, &told.when, 1)?;
    }
    for (number, check) in (1..).zip(&told.checks) {
        write_check(out, paint, number, told.checks.len(), check)?;
    }
    for found in &told.findings {
        let at = format!("{}:{}", found.start.line, found.start.column);
        let text = plain::line(&found.text);
        row(out, "found", &format!("{at} {}: {}", words::noun(found.severity), plain::line(&found.message)))?;
        if !text.is_empty() {
            row(out, "", &format!("`{}`", cut(&text)))?;
        }
        if let Some(Suppression::Waiver { reason, line, .. }) = &found.suppression {
            row(out, "waived", &format!("line {line}: {}", plain::line(reason)))?;
        }
    }
    for reason in &told.not_checked {
        row(out, "lacks", &plain::line(reason))?;
    }
    Ok(())
}

fn write_check(
    out: &mut dyn Write,
    paint: Paint,
    number: usize,
    of: usize,
    check: &CheckTrace,
) -> io::Result<()> {
    let numbered =
        if of > 1 { format!("`{}`, {number} of {of}", check.kind) } else { format!("`{}`", check.kind) };
    let end = match (check.ran, check.spared, check.found) {
        (false, ..) => "did not run".to_owned(),
        (true, Some(spared), _) => format!("asked nothing: {spared}"),
        (true, None, found) => format!("ran, {}", words::count(found, "finding")),
    };
    row(out, "check", &format!("{numbered}: {end}"))?;
    if check.in_template > 0 {
        row(
            out,
            "",
            &format!(
                "{} in words of the template, not of the author",
                words::count(check.in_template, "finding")
            ),
        )?;
    }
    if !check.off.is_empty() {
        row(out, "", &format!("switched off: {}", check.off.join(", ")))?;
    }
    if !check.when.is_empty() {
        row(out, "", &format!("its `when` {}", holds(&check.when)))?;
        traces(out, paint, &check.when, 1)?;
    }
    if check.ran && !check.requires.is_empty() {
        row(out, "", "it requires")?;
        traces(out, paint, &check.requires, 1)?;
    }
    Ok(())
}

fn row(out: &mut dyn Write, name: &str, text: &str) -> io::Result<()> {
    writeln!(out, "  {name:<7} {text}")
}

fn holds(traces: &[Trace]) -> &'static str {
    if traces.iter().any(|trace| trace.holds == Some(false)) {
        "does not hold"
    } else if traces.iter().any(|trace| trace.holds.is_none()) {
        "cannot be told"
    } else {
        "holds"
    }
}

fn traces(out: &mut dyn Write, paint: Paint, traces: &[Trace], depth: usize) -> io::Result<()> {
    for trace in traces {
        let mark = match trace.holds {
            Some(true) => "yes",
            Some(false) => "no ",
            None => "?  ",
        };
        let mut line = format!("{}{mark} {}", "  ".repeat(depth + 4), plain::line(&trace.asked));
        let seen: Vec<_> = trace.seen.iter().map(seen).collect();
        let more = (trace.more > 0).then(|| format!("{} more", trace.more));
        let lacks = trace.lacks.as_ref().filter(|_| trace.parts.is_empty());
        let lacks = lacks.map(|field| format!("the record has no `{}`", plain::line(field)));
        let notes = match lacks {
            Some(lacks) => lacks,
            None => seen.into_iter().chain(more).chain(trace.note.clone()).collect::<Vec<_>>().join(", "),
        };
        if !notes.is_empty() {
            line.push_str(&format!("  {}", paint.dim(format!("({notes})"))));
        }
        writeln!(out, "{line}")?;
        self::traces(out, paint, &trace.parts, depth + 1)?;
    }
    Ok(())
}

fn seen(seen: &Seen) -> String {
    let field = seen.field.as_ref().map(|field| format!("{field} ")).unwrap_or_default();
    let at = format!("{field}{}:{}", seen.at.line, seen.at.column);
    match &seen.text {
        Some(text) => format!("{at} `{}`", cut(&plain::line(text))),
        None => format!("{at} empty"),
    }
}

fn needed(needs: &[String], touched: bool) -> String {
    if needs.is_empty() {
        return "the rule can find nothing in this kind of subject".to_owned();
    }
    let named: Vec<_> = needs.iter().take(WORDS).map(|word| format!("`{}`", plain::line(word))).collect();
    let more = needs.len().saturating_sub(WORDS);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let there = if touched { "there is one" } else { "there is none" };
    format!("looks for {}{more}: {there}", named.join(", "))
}

/// The first characters of a value on a line of its own.
fn cut(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default().trim_end()),
        None => text.to_owned(),
    }
}
