//! What a project's own policies would touch, where they contradict each other and what they leave alone, for people.

use std::io::{self, Write};

use super::super::{neutral, plain, words};
use crate::policy::{Clash, ClashKind, Cover, Survey, Touch};

/// Writes `survey` for a terminal.
///
/// # Errors
/// Only those of `out`.
pub(super) fn write(survey: &Survey, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "policies of {}: {}",
        plain::line(&survey.path),
        words::count(survey.policies.len(), "rule")
    )?;
    for mistake in &survey.mistakes {
        let at = mistake.place.shown();
        let help = if mistake.help.is_empty() { String::new() } else { format!("; {}", mistake.help) };
        writeln!(
            out,
            "  mistake at {}: {}{}",
            plain::line(&at),
            plain::line(&mistake.message),
            plain::line(&help)
        )?;
    }
    for touch in &survey.policies {
        writeln!(out, "  {}: {}", plain::line(&touch.name), plain::line(&touches(touch)))?;
    }
    for clash in &survey.clashes {
        writeln!(out, "  {}: {}", title(clash.kind), plain::line(&clash.message))?;
        let places: Vec<_> = clash.places.iter().map(|place| place.shown()).collect();
        writeln!(out, "    at {}{}", plain::line(&places.join(" and ")), plain::line(&evidence(clash)))?;
    }
    let open = uncovered(survey);
    if !open.is_empty() {
        writeln!(out, "  rules with findings, and how many of their records a policy would touch:")?;
    }
    let width = open.iter().map(|(rule, _)| rule.len()).max().unwrap_or_default();
    for (rule, cover) in open {
        writeln!(out, "    {rule:width$}  {}", covered(cover))?;
    }
    for reason in &survey.not_checked {
        writeln!(out, "not checked: {}", plain::line(reason))?;
    }
    Ok(())
}

/// Writes `survey` as Markdown.
///
/// # Errors
/// Only those of `out`.
pub(super) fn write_markdown(survey: &Survey, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n### Policies of {}", neutral::code(&survey.path))?;
    if !survey.mistakes.is_empty() {
        writeln!(out)?;
    }
    for mistake in &survey.mistakes {
        let help = if mistake.help.is_empty() { String::new() } else { format!("; {}", mistake.help) };
        let said = neutral::words(&format!("{}{help}", mistake.message));
        writeln!(out, "- mistake at {}: {said}", neutral::code(&mistake.place.shown()))?;
    }
    if !survey.policies.is_empty() {
        writeln!(out, "\nWhat they would touch now:\n")?;
    }
    for touch in &survey.policies {
        writeln!(out, "- {}: {}", neutral::code(&touch.name), neutral::words(&touches(touch)))?;
    }
    if !survey.clashes.is_empty() {
        writeln!(out, "\nWhere they contradict each other:\n")?;
    }
    for clash in &survey.clashes {
        let places: Vec<_> = clash.places.iter().map(|place| neutral::code(&place.shown())).collect();
        let said = neutral::words(&format!("{}: {}", title(clash.kind), clash.message));
        let evidence = neutral::words(evidence(clash).trim_start_matches("; "));
        writeln!(out, "- {said}, at {}; {evidence}", places.join(" and "))?;
    }
    let open = uncovered(survey);
    if !open.is_empty() {
        writeln!(out, "\n| rule with findings | records | touched by a policy | share |\n|---|---|---|---|")?;
    }
    for (rule, cover) in open {
        let unknown = if cover.unknown > 0 { format!(" ({} unknown)", cover.unknown) } else { String::new() };
        let (of, touched) = (cover.subjects, cover.touched);
        writeln!(out, "| {} | {of} | {touched}{unknown} | {} |", neutral::code(rule), share(cover))?;
    }
    if !survey.not_checked.is_empty() {
        writeln!(out, "\nNot checked:\n")?;
    }
    for reason in &survey.not_checked {
        writeln!(out, "- {}", neutral::words(reason))?;
    }
    Ok(())
}

/// What a policy would touch, in a sentence.
fn touches(touch: &Touch) -> String {
    let noun = touch.resource.words();
    let verb = if touch.summed { "would list" } else { "would touch" };
    let mut said = match touch.limit {
        Some(limit) if limit.number < touch.matches => {
            let which = if limit.most_recent { "newest" } else { "oldest" };
            format!(
                "{verb} the {} {which} of {} {noun} that meet its conditions, of {}",
                touch.now(),
                touch.matches,
                touch.seen
            )
        }
        _ => format!("{verb} {} of {} {noun}", touch.matches, touch.seen),
    };
    if touch.matches > 0 {
        let names: Vec<_> = touch.examples.iter().map(|(_, name)| name.as_str()).collect();
        said.push_str(&format!(
            " ({}{})",
            names.join(", "),
            if touch.matches > names.len() { ", …" } else { "" }
        ));
    }
    if touch.unknown > 0 {
        let reasons: Vec<_> = touch.reasons.keys().map(String::as_str).collect();
        said.push_str(&format!("; not checked of {}: {}", touch.unknown, reasons.join("; ")));
    }
    said
}

fn title(kind: ClashKind) -> &'static str {
    match kind {
        ClashKind::Opposed => "contradiction",
        ClashKind::PingPong => "back and forth",
        ClashKind::Circle => "circle",
        ClashKind::Impossible => "never",
    }
}

/// How often a contradiction happens now.
fn evidence(clash: &Clash) -> String {
    if clash.kind == ClashKind::Impossible {
        return String::new();
    }
    let unknown =
        if clash.unknown > 0 { format!(", {} cannot be told", clash.unknown) } else { String::new() };
    if clash.now == 0 {
        return format!("; possible, happens to no record now{unknown}");
    }
    let more = if clash.now > clash.examples.len() { ", …" } else { "" };
    let now = words::count(clash.now, "record");
    format!(
        "; happens to {now} now: {}{more}{unknown}",
        clash.examples.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(", ")
    )
}

/// The rules with findings, those first of which the policies leave most records alone.
fn uncovered(survey: &Survey) -> Vec<(&str, &Cover)> {
    let mut rows: Vec<_> = survey.covered.iter().map(|(rule, cover)| (rule.as_str(), cover)).collect();
    rows.sort_by_key(|(rule, cover)| (std::cmp::Reverse(cover.subjects - cover.touched), *rule));
    rows
}

fn covered(cover: &Cover) -> String {
    let unknown = if cover.unknown > 0 { format!(", {} unknown", cover.unknown) } else { String::new() };
    let of = words::count(cover.subjects, "record");
    match cover.touched {
        0 if cover.unknown == 0 => format!("none of {of}: left alone by all policies"),
        touched => format!("{touched} of {of}, {}{unknown}", share(cover)),
    }
}

fn share(cover: &Cover) -> String {
    format!("{:.1} %", cover.touched as f64 * 100.0 / cover.subjects.max(1) as f64)
}
