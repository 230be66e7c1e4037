//! Runs that are stopped by a signal in the midst of their work: they end at once, as a shell shows with 130 and 143, and
//! leave nothing that looks complete.
#![cfg(target_os = "linux")]
#![allow(clippy::expect_used, clippy::panic, reason = "a test says what it expects")]

mod fake;
mod job;

use std::fs;
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::{JoinHandle, spawn};

use fake::Fault;
use job::{BOT, Job};
use serde_json::{Value, json};

const SIGNALS: [(&str, i32); 3] = [("INT", 2), ("TERM", 15), ("KILL", 9)];

/// The bytes that a pipe never holds: who wrote as many has a reader at work.
const MIDST: usize = 2 << 20;

/// A run whose output is read meanwhile.
struct Run {
    child: Child,
    printed: JoinHandle<String>,
}

impl Run {
    fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("proclint runs");
        let mut stdout = child.stdout.take().expect("a pipe");
        let printed = spawn(move || {
            let mut text = Vec::new();
            stdout.read_to_end(&mut text).expect("it ends");
            String::from_utf8_lossy(&text).into_owned()
        });
        Self { child, printed }
    }

    /// Sends `signal`, and returns what was printed; it is that signal which ends the run.
    fn stop(mut self, what: &str, (signal, number): (&str, i32)) -> String {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", signal, &id]).status();
        assert!(sent.is_ok_and(|status| status.success()), "{what} was at work");
        let ended = self.child.wait().expect("it ends");
        assert_eq!(ended.signal(), Some(number), "{what}: a shell calls this {}", 128 + number);
        self.printed.join().expect("a reader")
    }
}

/// `words` of proclint, which heeds signals although whoever runs this test may have it ignore some.
fn heeding(command: &mut Command, words: &[&str]) {
    command.args(["--default-signal", env!("CARGO_BIN_EXE_proclint")]).args(words);
}

fn is_whole(printed: &str) -> bool {
    serde_json::from_str::<Value>(printed).is_ok() || printed.contains("\"type\":\"digest\"")
}

/// No file but those of `known` is there by its own name.
fn assert_nothing_new(what: &str, folder: &Path, known: &[&str]) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        let is_unfinished = name.starts_with(".proclint-") && name.ends_with(".unfinished");
        assert!(known.contains(&name.as_str()) || is_unfinished, "{what} left {name}");
    }
}

#[test]
fn a_run_over_records_leaves_nothing_that_looks_complete() {
    let rule = concat!(env!("CARGO_MANIFEST_DIR"), "/rules/communication/bare-reference.yml");
    let lines = [
        "check docs --issues - --format json --report json=a.json --report sarif=a.sarif --report html=a.html",
        "check docs --issues - --format ndjson --shard 1/2 --report json=1.json",
        "audit - --format ndjson --report csv=a.csv --plan plan.ndjson --history past.ndjson",
        "audit - --format json --report html=a.html --report markdown=a.md",
        "simulate --rule RULE --over - --format json",
        "baseline update --issues - --baseline list.ndjson",
    ];
    for line in lines.map(|line| line.replace("RULE", rule).replace(" --report html=a.html", "")) {
        for signal in SIGNALS {
            let folder = tempfile::tempdir().expect("a folder");
            fs::create_dir(folder.path().join("docs")).expect("a folder");
            fs::write(folder.path().join("docs/page.md"), "See #21549.\n").expect("written");
            let mut command = Command::new("env");
            heeding(&mut command, &line.split(' ').collect::<Vec<_>>());
            let mut run = Run::start(command.current_dir(folder.path()).stdin(Stdio::piped()));
            let mut stdin = run.child.stdin.take().expect("a pipe");
            let text = format!("See #21549. {}", "x ".repeat(20_000));
            let mut sent = 0;
            for iid in 1.. {
                let record = format!("{}\n", json!({"iid": iid, "title": "Add it", "description": text}));
                stdin.write_all(record.as_bytes()).expect("it reads");
                sent += record.len();
                if sent > MIDST {
                    break;
                }
            }
            let printed = run.stop(&line, signal);
            assert!(!is_whole(&printed), "{line}: {printed}");
            assert_nothing_new(&line, folder.path(), &["docs"]);
        }
    }
}

/// A run that reads a pipe is at work as soon as there is a reader.
#[test]
fn a_run_over_files_and_shards_leaves_no_report_and_no_change() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let template = ".gitlab/issue_templates/a.md";
    fs::create_dir_all(folder.join(".gitlab/issue_templates")).expect("a folder");
    fs::write(folder.join(template), "See #21549.\n").expect("written");
    let pipes = ["1.json", "pipe.md"];
    for pipe in pipes {
        let made = Command::new("mkfifo").arg(folder.join(pipe)).status().expect("mkfifo runs");
        assert!(made.success());
    }
    let lines = [
        ("merge 1.json 2.json --format json --report json=all.json --page page.html", "1.json"),
        ("check .gitlab pipe.md --format json --report json=all.json --report gitlab=q.json", "pipe.md"),
        ("check .gitlab pipe.md --fix --report json=all.json", "pipe.md"),
        ("baseline update .gitlab pipe.md --baseline list.ndjson", "pipe.md"),
    ];
    for (line, pipe) in lines {
        for signal in SIGNALS {
            let mut command = Command::new("env");
            heeding(&mut command, &line.split(' ').collect::<Vec<_>>());
            let run = Run::start(command.current_dir(folder));
            // This waits until there is a reader.
            let mut half = fs::File::options().write(true).open(folder.join(pipe)).expect("a pipe");
            half.write_all(b"{\"schema\": 1, \"tool\": {").expect("written");
            assert!(!is_whole(&run.stop(line, signal)), "{line}");
            assert_nothing_new(line, folder, &[".gitlab", pipes[0], pipes[1]]);
            assert_eq!(fs::read_to_string(folder.join(template)).expect("a file"), "See #21549.\n", "{line}");
        }
    }
}

/// The job of a merge request, with issues that lack a label.
fn job() -> Job {
    let mut job = Job::new(&[], &[("docs/page.md", "# Page\n\nSee #1001.\n")]);
    job.set("PROCLINT_TOKEN", BOT);
    job.lacks_labels();
    job
}

/// Starts proclint in the job, and waits until `is_there` tells that it is where it is to be stopped.
fn until(job: &Job, words: &[&str], is_there: &dyn Fn() -> bool) -> Run {
    let mut command = job.command("env");
    heeding(&mut command, words);
    let mut run = Run::start(command.stdin(Stdio::null()));
    while !is_there() {
        let ended = run.child.try_wait().expect("a run");
        assert_eq!(ended, None, "{words:?} came to its end before: {:?}", job.fake.log().last());
        std::thread::yield_now();
    }
    run
}

fn proclint(job: &Job, words: &[&str]) -> (Option<i32>, String) {
    let output = job.proclint(words);
    (output.status.code(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

#[test]
fn the_job_of_a_pipeline_leaves_no_report_and_posts_nothing() {
    for signal in SIGNALS {
        let job = job();
        job.fake.fault("GET", usize::MAX, Fault::Stall);
        let words = ["ci", "--format", "json", "--report", "gitlab=quality.json", "--report", "junit=j.xml"];
        let printed = until(&job, &words, &|| job.fake.count("GET") > 0).stop("ci", signal);
        assert_eq!(printed, "");
        assert_nothing_new("ci", &job.work(), &[".git", "README.md", "docs"]);
        assert_eq!(job.fake.count("POST"), 0);
    }
}

#[test]
fn a_reading_of_a_server_is_gone_on_with() {
    for signal in SIGNALS {
        let job = job();
        let audit =
            ["audit", "group/project", "--save", "saved", "--select", "bare-reference", "--format", "json"];
        job.fake.fault("/merge_requests", 1, Fault::Stall);
        let run = until(&job, &audit, &|| job.fake.count("/merge_requests") > 0);
        let (code, said) = proclint(&job, &audit);
        assert!(code == Some(2) && said.contains("another run is reading into saved"), "{said}");
        assert_eq!(run.stop("audit", signal), "");
        let (_, said) = proclint(&job, &["audit", "saved", "--select", "bare-reference"]);
        assert!(said.contains("has not ended: run it again to go on"), "{said}");
        let whole = ["audit", "group/project", "--select", "bare-reference", "--format", "json"];
        let (whole, again) = (job.proclint(&whole), job.proclint(&audit));
        assert_eq!(again.stdout, whole.stdout, "{}", String::from_utf8_lossy(&again.stderr));
    }
}

#[test]
fn a_plan_is_posted_once_although_the_run_was_stopped() {
    for signal in SIGNALS {
        let job = job();
        let plan =
            ["audit", "group/project", "--select", "planning-issue-unlabelled", "--plan", "plan.ndjson"];
        assert!(proclint(&job, &plan).1.contains("plan: 4 records"));
        let apply = ["audit", "--apply", "plan.ndjson", "--write", "--brake", "100"];
        job.fake.fault("issues/2/notes", 1, Fault::StallAfter);
        let is_labelled = || {
            let state = job.fake.state();
            state.projects[0].issues[1].record["labels"].to_string().contains("planning issue")
        };
        let run = until(&job, &apply, &is_labelled);
        assert!(!run.stop("apply", signal).contains("records posted"));
        let (code, said) = proclint(&job, &apply);
        assert_eq!(code, Some(0), "{said}");
        let events = |issue: &fake::Item| {
            issue.resource_label_events.iter().filter(|event| event["action"] == "add").count()
        };
        let state = job.fake.state();
        let labelled: Vec<_> = state.projects[0].issues.iter().map(events).collect();
        drop(state);
        assert_eq!((job.fake.count("POST"), labelled), (4, vec![1; 4]), "{said}");
    }
}
