//! A disk that is full and an output that nobody reads: for each command that writes, and each that prints.
#![cfg(unix)]
#![allow(clippy::expect_used, clippy::panic, reason = "a test says what it expects")]

mod fake;
mod job;

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use job::{BOT, Job};
use proclint::report::Format;
use serde_json::json;
use tempfile::TempDir;

const RULE: &str = "id: plain-words\ntitle: Plain words\nfrom: https://handbook.example/handbook/words/#plain\nheading: \
                    Plain\nquote: \"Use plain words.\"\nsays: should\nseverity: warning\non: [page, issue]\nmessage: \
                    \"Say `{hit}` in plain words\"\nhelp: \"Replace the word.\"\ntext:\n  match: \"utilise\"\n  \
                    literals: [utilise]\nexamples:\n  - bad: \"We «utilise» it.\"\n  - good: \"We use it.\"\n";

/// Each command as it prints, its exit code, and none that writes a file.
const PRINTING: [(&str, i32); 22] = [
    ("check docs --select bare-reference", 1),
    ("check docs --select bare-reference --format human", 1),
    ("check docs --select bare-reference --format json", 1),
    ("check .gitlab --diff", 1),
    ("check --issues issues.ndjson --diff", 1),
    ("audit issues.ndjson", 1),
    ("audit issues.ndjson --format json", 1),
    ("audit issues.ndjson --format ndjson", 1),
    ("audit issues.ndjson --format csv", 1),
    ("audit issues.ndjson --format html", 1),
    ("audit --apply plan.ndjson", 1),
    ("simulate --rule rules/plain-words.yml --over issues.ndjson", 0),
    ("why bare-reference docs/page.md", 0),
    ("waivers", 0),
    ("rules", 0),
    ("explain bare-reference", 0),
    ("test rules", 0),
    ("drift handbook --rules rules", 1),
    ("coverage handbook/handbook/words.md", 1),
    ("doctor", 2),
    ("init", 0),
    ("merge 1.json 2.json", 1),
];

/// A project with something to find for each command.
fn project() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("below the folder")).expect("a folder");
        fs::write(path, text).expect("written");
    };
    let record = |iid: u32| {
        json!({"id": iid, "iid": iid, "project_id": 7, "title": format!("17.{iid} Planning issue"), "state": "opened",
            "description": "See #21549.", "labels": [], "project": "group/project",
            "web_url": format!("https://gitlab.example.com/group/project/-/issues/{iid}")})
    };
    write("issues.ndjson", &(1..9).map(|iid| format!("{}\n", record(iid))).collect::<String>());
    write("docs/page.md", &"See #21549. An MVC.\n\n".repeat(20));
    write(".gitlab/issue_templates/Bug.md", "See #21549.\n");
    write("rules/plain-words.yml", RULE);
    write(".proclint.yml", "rule-folders: [rules]\n");
    write("handbook/handbook/words.md", "# Words\n\n## Other\n\nYou must use words.\n");
    write("listed.ndjson", "");
    let made: [&[&str]; 5] = [
        &["audit", "issues.ndjson", "--plan", "plan.ndjson", "--history", "past.ndjson"],
        &["check", "docs", "--shard", "1/2", "--report", "json=1.json"],
        &["check", "docs", "--shard", "2/2", "--report", "json=2.json"],
        &["audit", "issues.ndjson", "--shard", "1/1", "--report", "json=part.json"],
        &["baseline", "update", "docs", "--select", "bare-reference"],
    ];
    for words in made {
        let output = proclint(folder.path()).args(words).output().expect("proclint runs");
        assert!(matches!(output.status.code(), Some(0 | 1)), "{words:?}: {}", told(&output));
    }
    folder
}

fn proclint(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_proclint"));
    command.current_dir(folder).env("COLUMNS", "200");
    for name in ["CI_API_V4_URL", "CI_PIPELINE_SOURCE", "CI_COMMIT_BRANCH", "CI_MERGE_REQUEST_IID"] {
        command.env_remove(name);
    }
    command
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr].concat()).into_owned()
}

#[test]
fn a_full_output_is_no_success_and_a_closed_one_changes_no_verdict() {
    let project = project();
    let help = told(&proclint(project.path()).arg("--help").output().expect("proclint runs"));
    let listed =
        help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let commands: BTreeSet<_> = listed.filter_map(|line| line.split_whitespace().next()).collect();
    // `ci` and `baseline` are below.
    let printing = PRINTING.iter().filter_map(|(line, _)| line.split(' ').next());
    let here: BTreeSet<_> = printing.chain(["ci", "baseline", "help"]).collect();
    assert_eq!(commands, here);
    for (line, code) in PRINTING {
        let words: Vec<_> = line.split(' ').collect();
        let run = |stdout: Stdio| {
            let mut command = proclint(project.path());
            let child =
                command.args(&words).stdout(stdout).stdin(Stdio::null()).stderr(Stdio::piped()).spawn();
            let mut child = child.expect("proclint runs");
            drop(child.stdout.take());
            let output = child.wait_with_output().expect("proclint ends");
            (output.status.code(), told(&output))
        };
        let full = fs::File::options().write(true).open("/dev/full").expect("a full device");
        let (ended, words) = run(full.into());
        assert!(
            ended == Some(2) && words.contains("standard output cannot be written"),
            "{line}: {ended:?} {words}"
        );
        let (ended, words) = run(Stdio::piped());
        assert_eq!(ended, Some(code), "nobody reads {line}: {words}");
        let mut shell = Command::new("sh");
        shell.args(["-c", "exec \"$0\" \"$@\" >&-", env!("CARGO_BIN_EXE_proclint")]).args(line.split(' '));
        let closed = shell.current_dir(project.path()).stdin(Stdio::null()).output().expect("a shell");
        assert_eq!(closed.status.code(), Some(code), "no output for {line}: {}", told(&closed));
    }
}

#[test]
fn without_a_home_and_without_git_each_command_ends_as_with_them() {
    let project = project();
    for (line, code) in PRINTING {
        let mut command = proclint(project.path());
        command.env_clear().env("PATH", "/nowhere").args(line.split(' ')).stdin(Stdio::null());
        let output = command.output().expect("proclint runs");
        assert_eq!(output.status.code(), Some(code), "{line}: {}", told(&output));
    }
    let mut job = job();
    job.set("PATH", "/nowhere");
    let output = job.proclint(&["ci"]);
    assert!(
        output.status.code() == Some(2) && told(&output).contains("`git` cannot be run"),
        "{}",
        told(&output)
    );
}

#[test]
fn a_device_that_is_full_is_named() {
    let project = project();
    let words = ["check", "docs", "--report", "json=/dev/full", "--fail-on=never"];
    let output = proclint(project.path()).args(words).output().expect("proclint runs");
    let says = told(&output).contains("/dev/full cannot be written");
    assert!(output.status.code() == Some(2) && says, "{}", told(&output));
}

/// How there is no room.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Full {
    /// No file takes more than so many blocks of 512 bytes.
    Limit(u32),
    /// A file system of its own, filled to its end.
    Disk,
    /// Nobody may write into the folders, nor into the files.
    ReadOnly,
}

/// Runs `line` in a copy of `project` in which there is no room. The exit code, what it said, and what the files of the
/// copy were before and after, by name and checksum.
fn without_room(project: &Path, line: &str, full: Full) -> (Option<i32>, String, String, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let (limit, mount, fill) = match full {
        Full::ReadOnly => (String::new(), "", "chmod 755 ..; chmod -R a-w ."),
        Full::Limit(blocks) => (format!("trap '' XFSZ; ulimit -f {blocks};"), "", ""),
        Full::Disk => {
            (String::new(), "mount -t tmpfs -o size=2m none copy", "! cat /dev/zero >filler 2>/dev/null")
        }
    };
    // Root may write anywhere.
    let other = if full == Full::ReadOnly && is_root() { OTHER_USER } else { "" };
    let script = format!(
        "set -e; mkdir copy; chmod 755 copy; {mount}\ncp -R '{}/.' copy; cd copy\nfiles() {{ find . -type f ! -name filler -exec cksum \
         {{}} + | sort -k 3; }}\nfiles >../before; {fill}\nset +e; ({limit} exec {other} \"$0\" $1); code=$?\nfiles >../after; \
         chmod -R u+w .; exit $code",
        project.display()
    );
    let mut shell = match full {
        Full::Limit(_) | Full::ReadOnly => Command::new("sh"),
        Full::Disk => {
            let mut shell = Command::new("unshare");
            shell.args(["--mount", "sh"]);
            shell
        }
    };
    let output = shell.args(["-c", &script, env!("CARGO_BIN_EXE_proclint"), line]).current_dir(folder.path());
    let output = output.stdin(Stdio::null()).output().expect("a shell");
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap_or_default();
    (output.status.code(), told(&output), read("before"), read("after"))
}

/// Runs what follows as a user who owns nothing.
const OTHER_USER: &str = "setpriv --reuid=65534 --regid=65534 --clear-groups";

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("a shell");
    id.stdout == b"0\n"
}

/// Whether there is a user who may not write everywhere, and may run this program.
fn may_be_other() -> bool {
    let script = format!("{OTHER_USER} test -x \"$0\"");
    let tried = Command::new("sh").args(["-c", &script, env!("CARGO_BIN_EXE_proclint")]).output();
    !is_root() || tried.is_ok_and(|output| output.status.success())
}

/// Whether this user may mount a disk of its own.
fn may_mount() -> bool {
    let folder = tempfile::tempdir().expect("a folder");
    let mut shell = Command::new("unshare");
    let mount = "mount -t tmpfs -o size=64k none .";
    let mounted = shell.args(["--mount", "sh", "-c", mount]).current_dir(folder.path()).output();
    mounted.is_ok_and(|output| output.status.success())
}

#[test]
fn a_full_disk_leaves_every_file_as_it_was() {
    let project = project();
    let reports = Format::ALL.into_iter().map(Format::name);
    let check = reports.map(|format| format!("check docs --report {format}=report.out"));
    let merge = Format::ALL
        .into_iter()
        .map(Format::name)
        .map(|format| format!("merge 1.json 2.json --report {format}=1.json"));
    let audits = ["human", "json", "markdown", "ndjson", "csv", "html"];
    let audits = audits.map(|format| format!("audit issues.ndjson --report {format}=plan.ndjson"));
    let others = [
        "audit issues.ndjson --plan plan.ndjson",
        "audit issues.ndjson --plan new.ndjson",
        "audit issues.ndjson --history past.ndjson",
        "merge part.json --page page.html",
        "baseline update docs --select bare-reference --baseline new.ndjson",
        "baseline update docs --accept-new --select bare-reference,unexplained-acronym",
        "rules --lock",
        "check .gitlab --fix",
    ];
    let others = others.map(str::to_owned);
    let lines: Vec<_> = check.chain(merge).chain(audits).chain(others).collect();
    let kinds = [
        (Full::Limit(0), true),
        (Full::Limit(1), true),
        (Full::Disk, may_mount()),
        (Full::ReadOnly, may_be_other()),
    ];
    for (full, _) in kinds.iter().filter(|(_, may)| !may) {
        let _ =
            std::io::stderr().write_all(format!("not checked: this user may not try {full:?}\n").as_bytes());
    }
    for full in kinds.into_iter().filter_map(|(full, may)| may.then_some(full)) {
        let mut refused = 0;
        for line in &lines {
            let (code, words, before, after) = without_room(project.path(), line, full);
            // A line may fit into the block at the end of its file.
            let fits = matches!(full, Full::Limit(1) | Full::Disk) && matches!(code, Some(0 | 1));
            assert!(fits || code == Some(2), "{full:?}: {line}: {code:?} {words}");
            if !fits {
                refused += 1;
                let says = ["cannot be written", "could not be fixed"]
                    .iter()
                    .any(|words_of| words.contains(words_of));
                assert!(says && !words.contains(".unfinished"), "{full:?}: {line}: {words}");
                assert!(!before.is_empty() && before == after, "{full:?}: {line}: {before}\n{after}");
            }
        }
        assert!(refused * 2 > lines.len(), "{full:?}: only {refused} had no room");
    }
}

#[test]
fn a_project_is_not_set_up_by_halves() {
    let empty = tempfile::tempdir().expect("a folder");
    fs::create_dir(empty.path().join(".git")).expect("a folder");
    fs::write(empty.path().join(".git/HEAD"), "ref: refs/heads/main\n").expect("written");
    for blocks in [0, 1] {
        let (code, words, before, after) = without_room(empty.path(), "init --yes", Full::Limit(blocks));
        assert!(code == Some(2) && words.contains("cannot be written"), "{code:?}: {words}");
        assert_eq!(before, after, "{blocks}: what is there is not written again");
    }
}

/// Runs `words` in the job where no file takes more than `blocks` of 512 bytes.
fn in_job(job: &Job, blocks: u32, words: &[&str]) -> Output {
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
    let mut shell = job.command("sh");
    shell.args(["-c", &script, env!("CARGO_BIN_EXE_proclint")]).args(words).output().expect("a shell")
}

fn job() -> Job {
    let mut job = Job::new(&[], &[("docs/page.md", "# Page\n\nSee #1001.\n")]);
    job.set("PROCLINT_TOKEN", BOT);
    job
}

#[test]
fn the_job_of_a_pipeline_is_not_green_on_a_full_disk_and_posts_nothing() {
    let job = job();
    let output = in_job(&job, 0, &["ci"]);
    assert_eq!(output.status.code(), Some(2), "{}", told(&output));
    assert!(told(&output).contains("gl-proclint-texts/"), "{}", told(&output));
    assert!(!job.work().join("gl-code-quality-report.json").exists());
    assert!(job.fake.log().iter().all(|seen| seen.method == "GET"), "the verdict is posted when it is kept");
}

#[test]
fn a_reading_of_a_server_that_cannot_be_kept_does_not_look_complete() {
    let job = job();
    let audit = ["audit", "group/project", "--select", "bare-reference"];
    let whole = in_job(&job, 1 << 20, &audit);
    let kept = in_job(&job, 0, &[&audit[..], &["--cache", "cache"]].concat());
    assert_eq!(
        (kept.status.code(), &kept.stdout),
        (whole.status.code(), &whole.stdout),
        "a cache costs no result"
    );
    let cached = fs::read_dir(job.work().join("cache")).map_or(0, Iterator::count);
    assert_eq!(cached, 0, "half an answer is none");
    for blocks in [0, 4] {
        let saved = in_job(&job, blocks, &[&audit[..], &["--save", "saved"]].concat());
        assert_eq!(saved.status.code(), Some(2), "{blocks}: {}", told(&saved));
        let again = in_job(&job, 1 << 20, &["audit", "saved", "--select", "bare-reference"]);
        assert!(again.status.code() == Some(2) || told(&again).contains("has not ended"), "{}", told(&again));
    }
    let saved = in_job(&job, 1 << 20, &[&audit[..], &["--save", "saved"]].concat());
    assert_eq!(saved.stdout, whole.stdout, "with room it goes on: {}", told(&saved));
}

#[test]
fn nothing_is_posted_that_cannot_be_written_down() {
    let job = job();
    job.lacks_labels();
    let select = ["--select", "planning-issue-unlabelled"];
    let plan =
        in_job(&job, 1 << 20, &[&["audit", "group/project", "--plan", "plan.ndjson"][..], &select].concat());
    assert!(told(&plan).contains("plan: 4 records"), "{}", told(&plan));
    let apply = ["audit", "--apply", "plan.ndjson", "--write", "--brake", "100"];
    let posts = || job.fake.count("POST");
    let full = in_job(&job, 0, &apply);
    assert!(full.status.code() == Some(2) && told(&full).contains("cannot be written"), "{}", told(&full));
    assert_eq!(posts(), 0);
    // The room ends in the midst.
    let most = in_job(&job, 2, &apply);
    assert_eq!(most.status.code(), Some(2), "{}", told(&most));
    let before = posts();
    assert!((1..4).contains(&before), "{before}");
    let rest = in_job(&job, 1 << 20, &apply);
    assert_eq!((rest.status.code(), posts()), (Some(0), 4), "each once: {}", told(&rest));
}
