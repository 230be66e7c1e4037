//! The time of a run: what it leaves unchecked is told, and what it writes does not look complete.
#![allow(clippy::expect_used, reason = "a test says what it expects")]

mod fake;
mod job;

use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread;

use fake::Fault;
use job::{Job, READER};
use serde_json::Value;

/// Runs `proclint` with `args`, and with records on its standard input until it has enough of them.
fn with_endless_records(folder: &Path, args: &[&str]) -> io::Result<Output> {
    let mut run = Command::new(env!("CARGO_BIN_EXE_proclint"))
        .current_dir(folder)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let (mut stdin, mut stderr) =
        (run.stdin.take().expect("an input"), run.stderr.take().expect("an error output"));
    let errors = thread::spawn(move || {
        let mut text = Vec::new();
        stderr.read_to_end(&mut text).map(|_| text)
    });
    thread::spawn(move || {
        // Long ones, so that few of them are on their way when the time is over.
        let text = "x ".repeat(20_000);
        for iid in 1.. {
            let record =
                format!("{{\"iid\": {iid}, \"title\": \"Add dark mode\", \"description\": \"{text}\"}}\n");
            // It has enough.
            if stdin.write_all(record.as_bytes()).is_err() {
                return;
            }
        }
    });
    let output = run.wait_with_output()?;
    let stderr = errors.join().expect("a reader")?;
    Ok(Output { stderr, ..output })
}

fn reasons(gaps: &Value) -> Vec<&str> {
    gaps.as_array().into_iter().flatten().filter_map(|gap| gap["reason"].as_str()).collect()
}

#[test]
fn records_and_files_that_are_left_are_told() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("page.md"), "see #21549\n")?;
    let args = ["check", ".", "--issues", "-", "--timeout", "1", "--format", "json"];
    let output = with_endless_records(folder.path(), &args)?;
    let report: Value = serde_json::from_slice(&output.stdout)?;
    let told = reasons(&report["not_checked"]);
    assert!(told.contains(&"the time of 1 s is used up: the records that follow are not read"), "{told:?}");
    let page = report["not_checked"].as_array().into_iter().flatten().find(|gap| gap["subject"] == "page.md");
    assert_eq!(page.map(|gap| &gap["reason"]), Some(&Value::from("the time of 1 s is used up")));
    assert_eq!(report["diagnostics"], Value::from(Vec::<Value>::new()));
    // As with any other gap, the findings decide.
    assert_eq!(output.status.code(), Some(0));
    Ok(())
}

#[test]
fn an_audit_that_is_cut_short_says_so_and_leaves_no_plan_and_no_history() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let args = [
        "audit",
        "-",
        "--timeout",
        "1",
        "--format",
        "json",
        "--plan",
        "plan.ndjson",
        "--history",
        "past.ndjson",
    ];
    let output = with_endless_records(folder.path(), &args)?;
    let digest: Value = serde_json::from_slice(&output.stdout)?;
    let broken = digest["broken"].as_str().or(digest["digest"]["broken"].as_str()).unwrap_or_default();
    assert!(broken.starts_with("the time of 1 s is used up before the end was reached"), "{digest}");
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(fs::read_dir(folder.path())?.count(), 0, "no plan, no history");
    Ok(())
}

#[test]
fn a_trial_that_is_cut_short_says_so() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let rule = concat!(env!("CARGO_MANIFEST_DIR"), "/rules/communication/bare-reference.yml");
    let output =
        with_endless_records(folder.path(), &["simulate", "--rule", rule, "--over", "-", "--timeout", "1"])?;
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(
        told.contains("not checked: 1 subject: the time of 1 s is used up: what follows is not read"),
        "{told}"
    );
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

/// The job of a merge request whose server does not answer a call that `part` is in.
fn stalled(part: &str) -> Job {
    let mut job = Job::new(&[], &[("docs/page.md", "# Page\n\nSee #1001.\n")]);
    job.set("PROCLINT_TOKEN", READER);
    job.fake.fault(part, usize::MAX, Fault::Stall);
    job
}

#[test]
fn an_audit_of_a_server_ends_in_time_and_can_be_gone_on_with() -> io::Result<()> {
    let job = stalled("/merge_requests?");
    // The first call for merge requests takes all the time there is.
    let audit = ["audit", "group/project", "--select=bare-reference", "--format=json", "--timeout=1"];
    let kept = ["--call-timeout=1", "--save=saved", "--plan=plan.ndjson", "--history=past.ndjson"];
    let output = job.proclint(&[&audit[..], &kept].concat());
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    let digest: Value = serde_json::from_slice(&output.stdout)?;
    let broken = digest["broken"].as_str().unwrap_or_default();
    assert!(broken.contains("the time of this run is used up; `GET projects/"), "{digest:#}");
    assert!(digest["subjects"].as_u64() > Some(0), "what was read before is told: {digest:#}");
    assert_eq!(job.fake.count("/merge_requests?"), 1, "it is not tried again");
    for file in ["plan.ndjson", "past.ndjson"] {
        assert!(!job.work().join(file).exists(), "{file}");
    }
    let offline = job.proclint(&["audit", "saved", "--select=bare-reference"]);
    let told = String::from_utf8_lossy(&offline.stdout).into_owned();
    assert!(told.contains("has not ended: run it again to go on"), "{told}");
    Ok(())
}

#[test]
fn the_job_of_a_pipeline_ends_in_time_and_is_not_green() {
    let job = stalled("GET");
    let ran = job.run(&["--timeout=1", "--call-timeout=1"]);
    assert_eq!(
        (ran.code, job.fake.log().len()),
        (2, 1),
        "one call is made, none is tried again: {}",
        ran.err
    );
    let gaps = ran.gaps();
    let has =
        |subject: &str, reason: &str| gaps.iter().any(|gap| gap.starts_with(subject) && gap.contains(reason));
    assert!(has("group/project!1: author", "the time of this run is used up; `GET projects/"), "{gaps:#?}");
    assert!(has("docs/page.md: ", "the time of 1 s is used up"), "{gaps:#?}");
    assert_eq!(ran.found(), Vec::<String>::new());
}
