//! `proclint rules`: the rules that are known, and which of them are on.

use std::io::{self, Write};

use proclint::report::count;
use proclint::rule::set::built_in;
use proclint::yaml::{Limits, Node, parse};
use serde::Serialize;

use super::setup::setup;
use super::{Fault, Outcome, lock};
use crate::args::{ListFormat, RulesArgs};

/// What a list says about a rule.
#[derive(Serialize)]
struct Row {
    id: String,
    severity: String,
    default: &'static str,
    on: Vec<String>,
    title: String,
    url: String,
}

/// Runs the command.
///
/// # Errors
/// Where configuration or rules are wrong.
pub fn run(args: &RulesArgs) -> Result<Outcome, Fault> {
    if args.lock {
        return lock::write(&args.rules);
    }
    let setup = setup(&args.rules, &[])?;
    let own = setup.own.iter().map(|file| file.text.as_str());
    let mut rows: Vec<Row> = own.chain(built_in().iter().map(|rule| rule.yaml)).filter_map(row).collect();
    rows.sort_by(|a, b| a.id.cmp(&b.id));
    // The sort is stable: a rule of the user stands before the built-in one it replaces.
    rows.dedup_by(|later, earlier| later.id == earlier.id);
    rows.retain(|row| {
        args.rules.select.is_empty() && args.rules.ignore.is_empty() || setup.rules.has(&row.id)
    });
    let text = match args.format {
        ListFormat::Json => serde_json::to_string_pretty(&rows).unwrap_or_default() + "\n",
        ListFormat::Human => human(&rows, &|id| setup.rules.has(id)),
    };
    print(&text)
}

fn row(text: &str) -> Option<Row> {
    let node = parse(text, &Limits::config()).ok()??;
    let field = |key: &str| node.get(key).and_then(Node::as_str).unwrap_or_default().to_owned();
    Some(Row {
        id: field("id"),
        severity: field("severity"),
        default: if field("default") == "off" { "off" } else { "on" },
        on: node.get("on")?.items().iter().filter_map(|kind| kind.as_str().map(str::to_owned)).collect(),
        title: field("title"),
        url: field("from"),
    })
}

fn human(rows: &[Row], is_on: &dyn Fn(&str) -> bool) -> String {
    let width = rows.iter().map(|row| row.id.len()).max().unwrap_or_default();
    let mut out = String::new();
    for row in rows {
        let switch = if is_on(&row.id) { "on " } else { "off" };
        out.push_str(&format!("{:width$}  {switch}  {:7}  {}\n", row.id, row.severity, row.title));
    }
    let on = rows.iter().filter(|row| is_on(&row.id)).count();
    out.push_str(&format!("\n{}, {on} on. `proclint explain RULE` shows one.\n", count(rows.len(), "rule")));
    out
}

/// Prints to standard output; a reader that has seen enough is no fault.
///
/// # Errors
/// Where standard output cannot be written.
pub fn print(text: &str) -> Result<Outcome, Fault> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(source) if source.kind() != io::ErrorKind::BrokenPipe => {
            Err(Fault::Write { path: "standard output".to_owned(), source })
        }
        _ => Ok(Outcome::Clean),
    }
}
