//! `proclint coverage`: which normative sentences of a handbook page are enforced, judged or open.

use std::fs;
use std::path::Path;

use proclint::coverage::{Basis, Counts, Coverage, Enforcer, Judgements, Sentence, Verdict};
use proclint::drift::Citation;
use proclint::load::{read_small, read_text};
use proclint::report::count;
use proclint::rule::set::{built_in, judged};
use proclint::yaml::{Limits, Node, parse};
use serde_json::json;

use super::drift::page_name;
use super::list::print;
use super::lock::locked_rules;
use super::setup::{JUDGED, stays, with_configured};
use super::{Fault, Outcome};
use crate::args::{CoverageArgs, CoverageFormat};

/// Runs the command.
///
/// # Errors
/// Where the page, rules or judgements cannot be read.
pub fn run(args: &CoverageArgs) -> Result<Outcome, Fault> {
    let text = read_text(&args.page)?;
    let name = page_name(&args.page).unwrap_or_default();
    let mut rules: Vec<Enforcer> = Vec::new();
    let shipped = |(page, text): &(&str, &str)| Judgements {
        page: (*page).to_owned(),
        path: format!("rules/{JUDGED}/{page}.yml"),
        text: (*text).to_owned(),
    };
    let mut files: Vec<Judgements> = judged().iter().map(shipped).collect();
    for folder in &with_configured(&args.folders)? {
        let own = own_judgements(&folder.join(JUDGED))?;
        match locked_rules(folder) {
            Ok(found) => rules.extend(found.iter().filter_map(|file| enforcer(&file.text))),
            // A folder may hold judgements only.
            Err(Fault::RuleFolder { .. }) if !own.is_empty() => {}
            Err(fault) => return Err(fault),
        }
        files.extend(own);
    }
    rules.extend(built_in().iter().filter_map(|rule| enforcer(rule.yaml)));
    let coverage = Coverage::new(&text, &Basis::new(&name, &rules, &files)?);
    match args.format {
        CoverageFormat::Human => print(&human(&coverage))?,
        CoverageFormat::Json => print(&json(&coverage, &name))?,
        CoverageFormat::Html => print(&coverage.html(&name))?,
    };
    Ok(if coverage.counts().open > 0 { Outcome::Findings } else { Outcome::Clean })
}

fn enforcer(yaml: &str) -> Option<Enforcer> {
    let citation = Citation::read(yaml)?;
    let node = parse(yaml, &Limits::config()).ok()??;
    let title = node.get("title").and_then(Node::as_str).unwrap_or_default().to_owned();
    Some(Enforcer { title, citation })
}

/// The files of judgements in `folder`, which may be missing.
fn own_judgements(folder: &Path) -> Result<Vec<Judgements>, Fault> {
    let fault = |reason: String| Fault::RuleFolder { path: folder.display().to_string(), reason };
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| fault(error.to_string()))? {
        let path = entry.map_err(|error| fault(error.to_string()))?.path();
        if path.is_symlink() {
            stays(folder, &path)?;
        }
        if path.extension().is_some_and(|extension| extension == "yml") {
            let page = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let text = read_small(&path).map_err(|error| fault(format!("{}: {error}", path.display())))?;
            files.push(Judgements { page, path: path.display().to_string(), text });
        }
    }
    files.sort();
    Ok(files)
}

fn json(coverage: &Coverage, page: &str) -> String {
    let stale: Vec<_> = coverage
        .stale
        .iter()
        .map(|entry| json!({"heading": entry.heading, "words": entry.words, "hash": entry.hash}))
        .collect();
    let value = json!({
        "page": page,
        "counts": coverage.counts(),
        "sentences": coverage.sentences,
        "stale": stale,
    });
    serde_json::to_string_pretty(&value).unwrap_or_default() + "\n"
}

fn human(coverage: &Coverage) -> String {
    let mut out = String::new();
    for section in coverage.sentences.chunk_by(|a, b| a.heading == b.heading) {
        let heading = section.first().map(|sentence| sentence.heading.as_str()).unwrap_or_default();
        let heading = if heading.is_empty() { "(before the first heading)" } else { heading };
        let Counts { enforced, judged, open } = Counts::of(section);
        out.push_str(&format!("{heading}: {enforced} enforced, {judged} judged, {open} open\n"));
        section.iter().for_each(|sentence| out.push_str(&row(sentence)));
        out.push('\n');
    }
    for entry in &coverage.stale {
        let (words, hash, heading) = (&entry.words, &entry.hash, &entry.heading);
        out.push_str(&format!("stale: “{words}…” ({hash}) under “{heading}” is no sentence of the page\n"));
    }
    let counts = coverage.counts();
    out.push_str(&format!(
        "{}: {} enforced by rules, {} judged for humans, {} open\n",
        count(counts.total(), "normative sentence"),
        counts.enforced,
        counts.judged,
        counts.open
    ));
    out
}

fn row(sentence: &Sentence) -> String {
    let verdict = match &sentence.verdict {
        Verdict::Enforced { rules, reason } => {
            let rest = reason.as_ref().map(|reason| format!("; {reason}")).unwrap_or_default();
            format!("enforced: {}{rest}", rules.join(", "))
        }
        Verdict::Judged { reason } => format!("judged: {reason}"),
        Verdict::Open { missing } if missing.is_empty() => "open".to_owned(),
        Verdict::Open { missing } => format!("open (rule not built in: {})", missing.join(", ")),
    };
    format!("  {:>5}  {}\n         {verdict}\n", sentence.line, sentence.text)
}
