//! The README's table of rules and its capture say what the program says; `UPDATE=1 cargo test --test readme` rewrites them.
#![allow(clippy::expect_used, clippy::panic, reason = "a test says what it expects")]

use std::fs;
use std::process::Command;

use proclint::rule::set::built_in;
use proclint::yaml::{Limits, Node, parse};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");

/// Compares what stands between `<!-- name -->` and `<!-- /name -->` with `expected`, or puts it there.
fn holds(name: &str, expected: &str) {
    let readme = fs::read_to_string(PATH).expect("the README can be read");
    let (open, close) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let start = readme.find(&open).expect("the mark opens") + open.len();
    let end = readme.find(&close).expect("the mark closes");
    if std::env::var_os("UPDATE").is_some() {
        let updated = format!("{}{expected}{}", &readme[..start], &readme[end..]);
        fs::write(PATH, updated).expect("the README can be written");
    } else {
        assert_eq!(&readme[start..end], expected, "stale; run UPDATE=1 cargo test --test readme");
    }
}

#[test]
fn the_readme_is_up_to_date() {
    holds("rules", &table());
    holds("capture", &capture());
}

fn table() -> String {
    let mut rows: Vec<String> = built_in()
        .iter()
        .map(|rule| {
            let node = parse(rule.yaml, &Limits::config()).expect("valid").expect("not empty");
            let field =
                |key: &str| node.get(key).and_then(Node::as_str).unwrap_or_default().replace('|', "\\|");
            let on: Vec<_> =
                node.get("on").map(Node::items).unwrap_or_default().iter().filter_map(Node::as_str).collect();
            let off = if rule.default { "" } else { ", off" };
            format!(
                "| [`{}`]({}) | {}{off} | {} | {} |\n",
                rule.id,
                field("from"),
                field("severity"),
                on.join(", "),
                field("title")
            )
        })
        .collect();
    rows.sort();
    let head = "| rule | severity | reads | what it finds |\n|---|---|---|---|\n";
    format!("\n{} rules; the links lead to the handbook's sentence.\n\n{head}{}\n", rows.len(), rows.concat())
}

/// What the program prints for the sample merge request.
fn capture() -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_proclint"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args([
            "check",
            "--config",
            "tests/project/.proclint.yml",
            "--format",
            "human",
            "--quiet",
            "--today",
            "2025-08-15",
        ])
        .args(["--merge-request", "tests/project/merge-request.json"])
        .env("COLUMNS", "96")
        .env("LC_ALL", "C.UTF-8")
        .env_remove("CLICOLOR_FORCE")
        .output()
        .expect("proclint runs");
    let text = String::from_utf8(output.stdout).expect("the report is UTF-8");
    format!("\n```text\n{}\n```\n\n", text.trim_end())
}
