//! `proclint explain RULE`: one rule in its file's own words.

use proclint::yaml::{Node, Value};

use super::list::print;
use super::rule_file::rule_file;
use super::setup::setup;
use super::{Fault, Outcome};
use crate::args::{ExplainArgs, ListFormat, RuleArgs};

/// Runs the command.
///
/// # Errors
/// Where there is no such rule.
pub fn run(args: &ExplainArgs) -> Result<Outcome, Fault> {
    let setup = setup(&RuleArgs { folders: args.folders.clone(), ..RuleArgs::default() }, &[])?;
    let (rule, _) = rule_file(&args.rule, &setup.own)?;
    match args.format {
        ListFormat::Json => print(&(serde_json::to_string_pretty(&rule).unwrap_or_default() + "\n")),
        ListFormat::Human => print(&human(&rule)),
    }
}

fn human(rule: &Node) -> String {
    let field = |key: &str| rule.get(key).and_then(Node::as_str).unwrap_or_default();
    let on: Vec<_> =
        rule.get("on").map(Node::items).unwrap_or_default().iter().filter_map(Node::as_str).collect();
    let default = if field("default") == "off" { "off by default" } else { "on by default" };
    let mut out = format!("{}: {}\n\n", field("id"), field("title"));
    out.push_str(&format!("  severity  {}, {default}\n  reads     {}\n", field("severity"), on.join(", ")));
    if !field("quote").is_empty() {
        let cited = (field("heading"), field("quote"), field("from"));
        out.push_str(&format!("\nThe handbook, “{}”:\n  “{}”\n  {}\n", cited.0, cited.1, cited.2));
    }
    out.push_str(&format!("\nIt says:\n  {}\n", field("message").trim()));
    if !field("help").is_empty() {
        out.push_str(&format!("  {}\n", field("help").trim()));
    }
    for variant in rule.get("variants").map(Node::entries).unwrap_or_default() {
        let words = variant.value.get("message").and_then(Node::as_str).unwrap_or_else(|| field("message"));
        let severity =
            variant.value.get("severity").and_then(Node::as_str).unwrap_or_else(|| field("severity"));
        let off = variant.value.get("default").and_then(Node::as_str) == Some("off");
        let off = if off { ", off by default" } else { "" };
        out.push_str(&format!("  {} ({severity}{off}): {}\n", variant.key, words.trim()));
    }
    if let Some(parameters) = rule.get("parameters").filter(|parameters| !parameters.entries().is_empty()) {
        out.push_str(&format!(
            "\nOptions, under `rules: {{{}: {{parameters: …}}}}` in .proclint.yml:\n",
            field("id")
        ));
        for parameter in parameters.entries() {
            let value = serde_json::to_string(&parameter.value).unwrap_or_default();
            out.push_str(&format!("  {}: {value}\n", parameter.key));
        }
    }
    for (claim, title) in
        [("bad", "Reported, with «…» around the finding"), ("good", "Fine"), ("near-miss", "Also fine")]
    {
        out.push_str(&format!("\n{title}:\n"));
        for example in rule.get("examples").map(Node::items).unwrap_or_default() {
            let Some(content) = example.get(claim) else { continue };
            let text = match &content.value {
                Value::Scalar(scalar) => scalar.text.to_string(),
                _ => serde_json::to_string(content).unwrap_or_default(),
            };
            let why =
                example.get("why").and_then(Node::as_str).map(|why| format!("  ({why})")).unwrap_or_default();
            let lines: Vec<_> = text.trim_end().lines().map(|line| format!("    {line}")).collect();
            out.push_str(&format!("  -{}{why}\n", lines.join("\n").get(3..).unwrap_or_default()));
        }
    }
    out
}
