//! The age of waivers, as git tells it.
#![allow(clippy::expect_used, reason = "a test says what it expects")]

use std::fs;
use std::path::Path;
use std::process::Command;

/// Whether git did what it was told; there may be none.
fn git(folder: &Path, arguments: &[&str]) -> bool {
    let mut git = Command::new("git");
    git.current_dir(folder)
        .args(["-c", "user.name=Jane", "-c", "user.email=jane@example.com"])
        .args(arguments);
    let day = "2026-03-05T12:00:00Z";
    git.env("GIT_AUTHOR_DATE", day).env("GIT_COMMITTER_DATE", day);
    git.output().is_ok_and(|output| output.status.success())
}

fn ages(folder: &Path) -> Vec<serde_json::Value> {
    let mut proclint = Command::new(env!("CARGO_BIN_EXE_proclint"));
    proclint.current_dir(folder).args(["waivers", "--format", "json", "--today", "2026-03-15"]);
    let output = proclint.output().expect("proclint runs");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let list: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    list["waivers"].as_array().expect("a list").iter().map(|waiver| waiver["age"].clone()).collect()
}

#[test]
fn a_waiver_is_as_old_as_its_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = folder.path().join("page.md");
    let waiver = "See #21549. <!-- proclint: allow bare-reference: a log -->\n";
    fs::write(&page, waiver).expect("written");
    assert_eq!(ages(folder.path()), [serde_json::Value::Null]);
    let committed = git(folder.path(), &["init", "-q"])
        && git(folder.path(), &["add", "."])
        && git(folder.path(), &["commit", "-qm", "Add a page"]);
    if !committed {
        return;
    }
    fs::write(&page, format!("{waiver}\n{waiver}")).expect("written");
    assert_eq!(ages(folder.path()), [10, 0]);
}
