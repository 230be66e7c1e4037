//! The same input gives the same bytes: whatever the number of threads, the language, the time zone and the order of
//! paths, and whether there is a home.
#![allow(clippy::expect_used, reason = "a test says what it expects")]

use std::fs;
use std::path::Path;
use std::process::Command;

use fastrand::Rng;
use tempfile::TempDir;

/// How often each command runs; an audit in turn in each of its formats.
const RUNS: usize = 100;

const PROJECT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/project");

/// Languages with UTF-8 and without; `tr_TR` has letters of its own for `I`, `ar_SA` its own digits.
const LANGUAGES: [&str; 9] = [
    "C",
    "POSIX",
    "C.UTF-8",
    "de_DE.UTF-8",
    "tr_TR.UTF-8",
    "ar_SA.UTF-8",
    "ja_JP.eucJP",
    "de_DE@euro",
    "no such language",
];

const ZONES: [&str; 7] =
    ["", "UTC", "Asia/Kolkata", "Pacific/Kiritimati", "America/St_Johns", "XYZ+25:61", ":/no/such/zone"];

/// Every format a program reads, and the one for notes; what people read at a terminal is drawn as their terminal can.
const FORMATS: [&str; 8] = ["json", "ndjson", "gitlab", "sarif", "junit", "github", "rdjson", "markdown"];

/// The sample project with more pages and `records`, enough for several threads at a time.
fn project(records: usize) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    copy(Path::new(PROJECT), folder.path());
    let pages = folder.path().join("content/handbook/pages");
    fs::create_dir_all(&pages).expect("a folder");
    for number in 0..8 {
        let waiver = if number % 3 == 0 { " <!-- proclint: allow bare-reference: a log -->" } else { "" };
        let text =
            format!("# Page {number}\n\nSee #21{number}.{waiver}\n\n{}An MVC.\n", "x\n".repeat(number * 7));
        fs::write(pages.join(format!("page-{number}.md")), text).expect("written");
    }
    fs::write(pages.join("latin.md"), b"caf\xe9 #21549\n").expect("written");
    let record = |iid: usize| {
        let confidential = iid.is_multiple_of(5);
        let labels = [r#""workflow::in dev""#, r#""workflow::in review""#][..iid % 3 % 2 + 1].join(", ");
        format!(
            r#"{{"iid": {iid}, "title": "İı Straße {iid}", "description": "See #21{iid}.", "labels": [{labels}], "confidential": {confidential}, "created_at": "2026-01-01T23:30:00-11:00", "state": "opened"}}"#
        )
    };
    let records: Vec<_> = (1..=records).map(record).collect();
    fs::write(folder.path().join("issues.ndjson"), records.join("\n")).expect("written");
    folder
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("copied");
        }
    }
}

/// Runs proclint with `arguments` under circumstances that `rng` chooses; its exit code and what it writes.
fn run(folder: &Path, arguments: &[&str], rng: &mut Rng) -> (Option<i32>, Vec<u8>, Vec<u8>) {
    let jobs = rng.usize(1..=8).to_string();
    let mut command = Command::new(env!("CARGO_BIN_EXE_proclint"));
    command.args(arguments).args(["--jobs", &jobs, "--today", "2026-03-15"]).current_dir(folder).env_clear();
    for variable in ["LANG", "LC_ALL", "LC_CTYPE", "LANGUAGE"] {
        if rng.bool() {
            command.env(variable, LANGUAGES[rng.usize(..LANGUAGES.len())]);
        }
    }
    if rng.bool() {
        command.env("TZ", ZONES[rng.usize(..ZONES.len())]);
    }
    if rng.bool() {
        command.env("HOME", ["/", "/no/such/home", ""][rng.usize(..3)]);
    }
    let output = command.output().expect("proclint runs");
    (output.status.code(), output.stdout, output.stderr)
}

#[test]
fn a_check_gives_the_same_bytes_under_all_circumstances() {
    let (project, out) = (project(6), tempfile::tempdir().expect("a folder"));
    let mut rng = Rng::with_seed(7);
    let file = |format: &str| out.path().join(format).to_string_lossy().into_owned();
    let reports: Vec<_> = FORMATS.iter().map(|format| format!("{format}={}", file(format))).collect();
    let mut paths = ["content", "data", "sitespeed", "source", ".gitlab"];
    let mut first = None;
    for number in 0..RUNS {
        rng.shuffle(&mut paths);
        let arguments = ["check", "--issues", "issues.ndjson", "--merge-request", "merge-request.json"];
        let reports = reports.iter().flat_map(|report| ["--report", report]);
        let arguments: Vec<_> =
            arguments.into_iter().chain(reports).chain(["--diff", "-q"]).chain(paths).collect();
        let (code, diff, told) = run(project.path(), &arguments, &mut rng);
        let told = String::from_utf8(told).expect("UTF-8");
        // The summary ends in the time the run took.
        let summary = told.rsplit_once(" in ").map_or(told.clone(), |(summary, _)| summary.to_owned());
        let read = FORMATS.iter().map(|format| fs::read(file(format)).expect("a report"));
        let told: Vec<_> = [diff, summary.into_bytes()].into_iter().chain(read).collect();
        let first = first.get_or_insert_with(|| (code, told.clone()));
        let other = told.iter().zip(&first.1).position(|(told, first)| told != first);
        let names = ["the changes", "the summary"].into_iter().chain(FORMATS);
        assert_eq!((code, other.and_then(|at| names.clone().nth(at))), (first.0, None), "run {number}");
    }
    let (code, told) = first.expect("there was a run");
    assert_eq!(code, Some(1));
    assert!(
        told[2..].iter().all(|report| report.len() > 10_000) && told[0].len() > 500,
        "there is much to tell"
    );
}

#[test]
fn an_audit_gives_the_same_bytes_under_all_circumstances() {
    let project = project(40);
    let mut rng = Rng::with_seed(8);
    let mut first = [const { None }; 4];
    for number in 0..RUNS {
        let format = ["human", "json", "markdown", "ndjson"][number % 4];
        let told = run(project.path(), &["audit", "issues.ndjson", "--format", format], &mut rng);
        let first = first[number % 4].get_or_insert_with(|| told.clone());
        assert!(told.0 == Some(1) && told.1.len() > 1000, "{told:?}");
        assert!(told == *first, "run {number} as {format} says something else than the first");
    }
}
