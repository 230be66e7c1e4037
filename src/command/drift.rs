//! `proclint drift`: whether the handbook still says what the rules cite.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use proclint::drift::{Citation, Drift, Page};
use proclint::load::read_text;
use proclint::rule::set::built_in;
use serde::Serialize;

use super::list::print;
use super::lock::locked_rules;
use super::setup::with_configured;
use super::{Fault, Outcome};
use crate::args::{DriftArgs, ListFormat};

/// One citation with what became of it.
#[derive(Serialize)]
struct Row<'c> {
    rule: &'c str,
    url: &'c str,
    quote: &'c str,
    file: String,
    #[serde(flatten)]
    drift: Drift,
}

/// Runs the command.
///
/// # Errors
/// Where rules or pages cannot be read, or no rule cites a page that is given.
pub fn run(args: &DriftArgs) -> Result<Outcome, Fault> {
    let mut texts: Vec<String> = built_in().iter().map(|rule| rule.yaml.to_owned()).collect();
    for folder in with_configured(&args.folders)? {
        texts.extend(locked_rules(&folder)?.into_iter().map(|file| file.text));
    }
    let mut citations: Vec<Citation> = texts.iter().filter_map(|text| Citation::read(text)).collect();
    citations.sort_by(|a, b| (&a.url, &a.rule).cmp(&(&b.url, &b.rule)));
    let mut pages: BTreeMap<PathBuf, Page> = BTreeMap::new();
    let (mut rows, mut missing) = (Vec::new(), BTreeMap::new());
    for citation in &citations {
        let steps = citation.steps();
        let Some(path) = find(&args.handbook, &steps) else {
            *missing.entry(steps.join("/")).or_insert(0_usize) += 1;
            continue;
        };
        if !pages.contains_key(&path) {
            pages.insert(path.clone(), Page::new(&read_text(&path)?));
        }
        let Some(drift) = pages.get(&path).map(|page| page.compare(citation)) else { continue };
        let file = path.to_string_lossy().replace('\\', "/");
        rows.push(Row { rule: &citation.rule, url: &citation.url, quote: &citation.quote, file, drift });
    }
    if rows.is_empty() {
        return Err(Fault::NoCitation { path: args.handbook.display().to_string() });
    }
    match args.format {
        ListFormat::Json => print(&(serde_json::to_string_pretty(&rows).unwrap_or_default() + "\n"))?,
        ListFormat::Human => print(&human(&rows, &missing))?,
    };
    Ok(if rows.iter().any(|row| row.drift.is_alarm()) { Outcome::Findings } else { Outcome::Clean })
}

/// The file of a page: below a folder at the URL's path or the end of it, or the file given if it has the page's name.
fn find(handbook: &Path, steps: &[&str]) -> Option<PathBuf> {
    if handbook.is_file() {
        let name = page_name(handbook)?;
        return steps.last().filter(|last| **last == name).map(|_| handbook.to_owned());
    }
    (0..steps.len()).find_map(|from| {
        let below = steps.get(from..)?.join("/");
        let names = [
            "content/{}/_index.md",
            "content/{}.md",
            "{}/_index.md",
            "{}/index.md",
            "{}/index.html.md",
            "{}.md",
        ];
        names.iter().map(|name| handbook.join(name.replace("{}", &below))).find(|path| path.is_file())
    })
}

/// The name that a page's address ends with: of its file, or of its folder where the file is an index.
pub fn page_name(file: &Path) -> Option<String> {
    let stem = file.file_stem()?.to_str()?.split('.').next()?;
    let folder = || file.canonicalize().ok()?.parent()?.file_name()?.to_str().map(str::to_owned);
    if matches!(stem, "_index" | "index") { folder() } else { Some(stem.to_owned()) }
}

fn human(rows: &[Row<'_>], missing: &BTreeMap<String, usize>) -> String {
    let mut out = String::new();
    let count = |wanted: fn(&Drift) -> bool| rows.iter().filter(|row| wanted(&row.drift)).count();
    for row in rows {
        match &row.drift {
            Drift::Same => {}
            Drift::Moved { heading } => {
                let heading = if heading.is_empty() { "the top of the page" } else { heading };
                out.push_str(&format!("{}: moved to “{heading}” in {}\n", row.rule, row.file));
            }
            Drift::Changed { diff, line } => {
                out.push_str(&format!(
                    "{}: the wording changed at {}:{line}\n  {diff}\n",
                    row.rule, row.file
                ));
            }
            Drift::Gone => {
                out.push_str(&format!("{}: gone from {}\n  “{}”\n", row.rule, row.file, row.quote))
            }
        }
    }
    for (page, rules) in missing {
        out.push_str(&format!("not checked: {rules} rules cite {page}, which is not there\n"));
    }
    let same = count(|drift| *drift == Drift::Same);
    let moved = count(|drift| matches!(drift, Drift::Moved { .. }));
    let changed = count(|drift| matches!(drift, Drift::Changed { .. }));
    let gone = count(|drift| *drift == Drift::Gone);
    out.push_str(&format!(
        "{} citations: {same} same, {moved} moved, {changed} changed, {gone} gone\n",
        rows.len()
    ));
    out
}
