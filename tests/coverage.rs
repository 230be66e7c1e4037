//! What ships about the sentences of the handbook is short, names rules that exist, and leaves no sentence open.
#![allow(clippy::expect_used, clippy::panic, reason = "a test says what it expects")]

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::Command;

use proclint::rule::set::{built_in, judged};
use proclint::yaml::{Limits, Node, parse};
use serde_json::Value;

fn entries(yaml: &str) -> Vec<Node> {
    let node = parse(yaml, &Limits::config()).expect("valid").expect("not empty");
    node.get("sentences").map(Node::items).unwrap_or_default().to_vec()
}

fn rules(entry: &Node) -> Vec<&str> {
    let one = entry.get("rule").and_then(Node::as_str);
    let many = entry.get("rules").map(Node::items).unwrap_or_default();
    one.into_iter().chain(many.iter().filter_map(Node::as_str)).collect()
}

#[test]
fn entries_are_short_and_name_rules_that_exist() {
    for (page, yaml) in judged() {
        for entry in entries(yaml) {
            let words = entry.get("words").and_then(Node::as_str).expect("words");
            assert!(words.split_whitespace().count() <= 8, "{page}: `{words}` is too much of the handbook");
            for id in rules(&entry) {
                let known = built_in().iter().any(|rule| rule.id == id);
                assert!(known, "{page}: there is no rule `{id}`");
            }
        }
    }
}

/// The pages lie beside the repository, or where `PROCLINT_HANDBOOK` says.
#[test]
fn no_sentence_of_the_handbook_is_open_or_forgotten() {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/handbook");
    let folder = std::env::var_os("PROCLINT_HANDBOOK").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    for page in ["product-processes", "sm-project-management"] {
        let path = folder.join(page).with_extension("md");
        if !path.is_file() {
            // Past the capture of test output, so that it is seen.
            let _ = writeln!(io::stderr(), "not checked: {} is not there", path.display());
            continue;
        }
        let output = Command::new(env!("CARGO_BIN_EXE_proclint"))
            .args(["coverage", "--format", "json"])
            .arg(&path)
            .output()
            .expect("proclint runs");
        let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(report["stale"], Value::Array(Vec::new()), "{page}");
        let sentences = report["sentences"].as_array().expect("a list");
        assert!(sentences.len() > 20, "{page}");
        let open: Vec<_> = sentences.iter().filter(|sentence| sentence["state"] == "open").collect();
        assert!(open.is_empty(), "{page}: {open:#?}");
    }
}
