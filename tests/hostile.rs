//! A merge request made to do harm changes nothing but its own findings.
#![allow(clippy::expect_used, clippy::panic, reason = "a test says what it expects")]

mod fake;
mod job;

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use job::{Job, READER, commit, git};
use serde_json::json;

/// What a terminal, a browser or a reader must not meet.
const HARMFUL: [char; 6] = ['\u{1b}', '\u{7}', '\u{202e}', '\u{2066}', '\u{200b}', '\u{9b}'];

const TITLE: &str = "\u{1b}[2J\u{1b}]8;;https://evil.example\u{7}Fix #1\u{202e}gnp\u{2066} @all /close ```\n/merge <img src=x>";

/// A job of a merge request with everything in it, and the page of [`quiet`] beside it.
fn hostile() -> Job {
    let mut long = "x".repeat(5 << 20);
    long.insert_str(1 << 20, " see #1009 ");
    let page = "# Page\n\nSee #1001.\n";
    let mut job = Job::new(
        &[(".proclint.yml", "{}\n"), ("docs/page.md", "# Page\n")],
        &[
            ("docs/page.md", page),
            ("docs/long.md", &long),
            (".proclint.yml", "rule-folders: [/etc, ../../..]\n"),
        ],
    );
    let origin = job.origin();
    git(&origin, &["branch", "--quiet", "--move", "topic", "other"]);
    // git itself refuses to make such a branch; what a server says is another matter.
    job.set("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "--help");
    job.set("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "--upload-pack=touch pwned;");
    job.set("CI_MERGE_REQUEST_TITLE", TITLE);
    job.edit("title", json!(TITLE));
    let mut description = String::new();
    for number in 0..10_000 {
        let _ = writeln!(description, "- see #{} {}", 2000 + number, "and more of it ".repeat(6));
    }
    assert!(description.len() > 1_000_000);
    job.edit("description", json!(description));
    job.edit(
        "labels",
        json!(["a\"b", "c'd", "$(touch pwned)", "`touch pwned`", "workflow::\"x\"", "e\u{202e}f"]),
    );
    job.edit("source_branch", json!("--help"));
    job
}

#[test]
fn a_hostile_merge_request_changes_nothing_but_its_own_findings() {
    let mut job = hostile();
    job.set("PROCLINT_TOKEN", READER);
    let before = git(&job.work(), &["status", "--porcelain", "--ignored"]);
    let start = Instant::now();
    let ran = job.run(&[
        "--select=bare-reference",
        "--report=junit=../j.xml",
        "--report=markdown=../m.md",
        "--report=sarif=../s.json",
    ]);
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
    assert_eq!(ran.code, 1, "{}", ran.err);
    let pages: Vec<_> =
        ran.found().into_iter().filter(|finding| finding.starts_with("docs/page.md")).collect();
    assert_eq!(pages, ["docs/page.md:3 bare-reference #1001"]);
    let of_text = ran.found().iter().filter(|finding| finding.contains("!1 description")).count();
    assert_eq!(of_text, 10_000);
    let error = ran.report["preview"]["error"].as_str().expect("a preview");
    assert!(error.contains("outside of the repository"), "{error}");
    assert_eq!(git(&job.work(), &["status", "--porcelain", "--ignored"]), before, "the clone was changed");
}

#[test]
fn nothing_harmful_reaches_whoever_reads() {
    let mut job = hostile();
    job.set("PROCLINT_TOKEN", READER);
    for format in ["human", "concise", "markdown"] {
        let ran = job.run(&[&format!("--format={format}"), "--report=json=../r.json", "--fail-on=never"]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        for text in [&ran.out, &ran.err] {
            let harm = text.find(HARMFUL);
            assert_eq!(
                harm,
                None,
                "{format}: {:?}",
                harm.map(|at| text[..at].lines().last().map(str::to_owned))
            );
        }
    }
}

#[test]
fn variables_are_never_options_of_git() {
    let mut job = Job::new(&[], &[("docs/page.md", "See #1001.\n")]);
    let names = [
        "DIFF_BASE_SHA",
        "TARGET_BRANCH_SHA",
        "SOURCE_BRANCH_SHA",
        "TARGET_BRANCH_NAME",
        "SOURCE_BRANCH_NAME",
    ];
    for name in names {
        job.set(&format!("CI_MERGE_REQUEST_{name}"), "--output=pwned");
    }
    job.set("CI_COMMIT_SHA", "--output=pwned");
    let ran = job.run(&[]);
    // The commit before HEAD is the last resort.
    assert!(matches!(ran.code, 1 | 2), "{}", ran.err);
    assert!(!job.work().join("pwned").exists());
}

#[test]
fn what_a_repository_configures_is_not_run() {
    let job = Job::new(
        &[],
        &[("docs/page.md", "See #1001.\n"), (".gitattributes", "*.md diff=evil filter=evil\n")],
    );
    let work = job.work();
    for key in [
        "diff.evil.command",
        "diff.evil.textconv",
        "filter.evil.smudge",
        "filter.evil.clean",
        "core.fsmonitor",
    ] {
        git(&work, &["config", key, "touch pwned"]);
    }
    commit(&job.origin(), &[], "x");
    let ran = job.run(&["--select=bare-reference"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(
        ran.report["diagnostics"]
            .as_array()
            .is_some_and(|found| found.iter().any(|finding| finding["path"] == "docs/page.md"))
    );
    assert!(!work.join("pwned").exists());
}
