//! What a project is set up with: the manifest of the hooks, and what `proclint init` writes and leaves alone.
#![allow(clippy::expect_used, reason = "a test says what it expects")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use proclint::config::Config;
use proclint::load::kind_of;
use proclint::subject::Kind;
use regex::Regex;
use tempfile::TempDir;

const FILES: [&str; 3] = [".proclint.yml", ".pre-commit-config.yaml", ".gitlab-ci.yml"];

fn repository() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join(".git")).expect("a folder");
    folder
}

fn proclint(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_proclint"));
    command.args(arguments).current_dir(folder).env("CI_PROJECT_PATH", "").output().expect("proclint runs")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

/// What follows the `#` of a key or an item that is commented out.
fn switch(line: &str) -> Option<&str> {
    line.strip_prefix('#').filter(|rest| !rest.starts_with(' ') || rest.starts_with("  "))
}

fn read(folder: &Path, path: &str) -> String {
    fs::read_to_string(folder.join(path)).unwrap_or_else(|error| unreachable!("{path}: {error}"))
}

#[test]
fn the_hook_is_given_the_files_that_proclint_knows() {
    let manifest = read(Path::new(env!("CARGO_MANIFEST_DIR")), ".pre-commit-hooks.yaml");
    let hooks: serde_yaml::Value = serde_yaml::from_str(&manifest).expect("YAML");
    let pattern = Regex::new(hooks[0]["files"].as_str().expect("a pattern")).expect("a pattern");
    let known = [
        ".gitlab/issue_templates/Bug.md",
        ".gitlab/merge_request_templates/Default.md",
        "README.MD",
        "a/page.markdown",
        "source/direction/plan/index.html.md.erb",
        "source/direction/maturity.html.erb",
        "page.md.erb",
        "data/release_posts/unreleased/verify-x.yml",
        "data/release_posts/x.yaml",
        "data/categories.yml",
        "sites/data/deep/stages.yml",
        "data/features/plan.yml",
        "CODEOWNERS",
        "docs/CODEOWNERS",
        "sitespeed/urls/plan.txt",
        "sitespeed/loggedinurls/plan.txt",
        ".triage-policies.yml",
        "policies/stages/plan.yml",
        "triage-policies/x.yml",
        ".gitlab/insights.yml",
        "ee/config/metrics/counts_7d/x.yml",
        "config/events/x.yml",
        "dashboards/product/x.dashboard.jsonnet",
    ];
    let unknown = [
        "src/categories.yml",
        "app/index.html.erb",
        "codeowners",
        "page.mdx",
        "urls.txt",
        "md",
        "data/features/deep/plan.yml",
        "urls/deep/plan.txt",
        "dashboards/x.jsonnet",
        "config/x.yml",
        "notes.md.orig",
    ];
    for path in known.into_iter().chain(unknown) {
        let is_known = kind_of(path).is_some_and(|(kind, _)| kind != Kind::Commit);
        assert_eq!(
            (pattern.is_match(path), is_known),
            (known.contains(&path), known.contains(&path)),
            "{path}"
        );
    }
}

#[test]
fn nothing_is_written_before_somebody_has_agreed() {
    let folder = repository();
    let output = proclint(folder.path(), &["init"]);
    let shown = stdout(&output);
    assert_eq!(output.status.code(), Some(0));
    for path in FILES {
        assert!(shown.contains(&format!("--- /dev/null\n+++ b/{path}\n")), "{shown}");
        assert!(!folder.path().join(path).exists(), "{path}");
    }
    assert!(shown.ends_with("\nNothing was written; `proclint init --yes` writes 3 files.\n"), "{shown}");
}

#[test]
fn what_is_written_is_valid_with_every_switch_that_it_explains() {
    let folder = repository();
    let output = proclint(folder.path(), &["init", "--yes", "--source", "https://gitlab.example.org/x"]);
    assert!(stdout(&output).ends_with("\nWrote .proclint.yml, .pre-commit-config.yaml, .gitlab-ci.yml.\n"));

    let config = read(folder.path(), FILES[0]);
    assert!(Config::read(&config).is_ok_and(|config| config.exclude.len() == 2));
    let all: String = config.lines().map(|line| format!("{}\n", switch(line).unwrap_or(line))).collect();
    let read_all = Config::read(&all).unwrap_or_else(|error| unreachable!("{error}\n{all}"));
    assert_eq!((read_all.rules.len(), read_all.kinds.len(), read_all.rule_folders.len()), (3, 1, 1));
    // The rules know what they are told; there is no folder with rules here.
    fs::write(folder.path().join("all.yml"), all.replace("rule-folders:", "#")).expect("written");
    let rules = proclint(folder.path(), &["rules", "--config", "all.yml"]);
    assert_eq!(rules.status.code(), Some(0), "{rules:?}");

    let hooks: serde_yaml::Value = serde_yaml::from_str(&read(folder.path(), FILES[1])).expect("YAML");
    let ids: Vec<_> = (0..2).map(|at| hooks["repos"][0]["hooks"][at]["id"].as_str()).collect();
    assert_eq!(ids, [Some("proclint"), Some("proclint-commit-msg")]);
    assert_eq!(hooks["repos"][0]["hooks"][0]["language"].as_str(), Some("system"));
    let job: serde_yaml::Value = serde_yaml::from_str(&read(folder.path(), FILES[2])).expect("YAML");
    let script = job["proclint"]["script"][0].as_str();
    assert_eq!(script, Some("cargo install --locked --git https://gitlab.example.org/x"));

    let again = proclint(folder.path(), &["init", "--yes"]);
    assert_eq!(again.status.code(), Some(0));
    assert_eq!(stdout(&again).matches("names proclint already").count(), 3);
    assert_eq!(read(folder.path(), FILES[0]), config);
}

#[test]
fn files_that_are_there_are_left_alone_and_what_to_add_is_shown() {
    let folder = repository();
    let pipeline = "test:\n  script: [make test]\n";
    fs::write(folder.path().join(FILES[2]), pipeline).expect("written");
    fs::create_dir(folder.path().join("docs")).expect("a folder");
    let output = proclint(&folder.path().join("docs"), &["init", "--yes"]);
    let shown = stdout(&output);
    assert!(
        shown.contains(".gitlab-ci.yml is there already and stays as it is. Add this at the end:\n"),
        "{shown}"
    );
    assert!(shown.contains("\n    proclint:\n      image: rust:1\n"), "{shown}");
    assert!(shown.ends_with("\nWrote .proclint.yml, .pre-commit-config.yaml.\n"), "{shown}");
    assert_eq!(read(folder.path(), FILES[2]), pipeline);
    assert!(read(folder.path(), FILES[0]).starts_with("# What proclint checks"));
    for source in ["", "a b", "x\ny", "'; rm -rf ~'"] {
        assert_eq!(proclint(folder.path(), &["init", "--source", source]).status.code(), Some(2), "{source}");
    }
}
