//! Faults around a run: runs at once, odd days, no HOME, and repositories that are not whole.
#![cfg(unix)]
#![allow(clippy::expect_used, reason = "a test says what it expects")]

use std::fs;
use std::io::Write;
use std::os::unix::fs::chown;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// What every run here selects.
const ONLY: [&str; 2] = ["--select", "bare-reference"];

const FOUND: &str = "warning bare-reference: Say what `#21549` is about";

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().expect("below the folder")).expect("a folder");
    fs::write(path, text).expect("written");
}

fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_proclint"));
    command.args(args).current_dir(folder).env("COLUMNS", "200");
    command
}

/// The exit code, and what was printed, standard error last.
fn told(output: &Output) -> (Option<i32>, String) {
    let text = [output.stdout.clone(), output.stderr.clone()].concat();
    (output.status.code(), String::from_utf8(text).expect("UTF-8"))
}

fn run(folder: &Path, args: &[&str]) -> (Option<i32>, String) {
    told(&command(folder, args).args(ONLY).output().expect("proclint runs"))
}

fn git(folder: &Path, args: &[&str]) {
    let mut git = Command::new("git");
    git.args(["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "protocol.file.allow=always"]);
    let variables = [("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1")];
    let output = git.args(args).current_dir(folder).envs(variables).output().expect("git runs");
    assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A page with a finding.
fn page() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "docs/page.md", "See #21549.\n");
    folder
}

/// A repository whose last commit adds a finding to each of two pages.
fn repository() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    git(folder.path(), &["init", "--quiet", "--initial-branch=main"]);
    for text in ["Text.\n", "Text.\nSee #21549.\n"] {
        write(folder.path(), "docs/page.md", text);
        write(folder.path(), "other/page.md", text);
        git(folder.path(), &["add", "--all"]);
        git(folder.path(), &["commit", "--quiet", "--message=Write pages"]);
    }
    folder
}

/// Runs `args` so many times at once, and tells their exit codes.
fn at_once(folder: &Path, times: usize, args: &[&str]) -> Vec<Option<i32>> {
    let start = |_| {
        let mut run = command(folder, args);
        run.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("proclint runs")
    };
    let runs: Vec<_> = (0..times).map(start).collect();
    runs.into_iter().map(|mut run| run.wait().expect("proclint ends").code()).collect()
}

#[test]
fn runs_at_once_in_one_folder_leave_what_one_run_leaves() {
    let read = |folder: &Path, path: &str| fs::read_to_string(folder.join(path)).expect("a file");
    let files = |folder: &Path| fs::read_dir(folder).expect("a folder").count();
    for _ in 0..3 {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path();
        // Who finds that the other was first says so, and leaves the file alone.
        write(folder, ".gitlab/issue_templates/a.md", "See #21549.\n");
        let codes = at_once(folder, 4, &["check", ".gitlab", "--fix", "--select=bare-reference"]);
        assert!(
            codes.contains(&Some(0)) && codes.iter().all(|code| matches!(code, Some(0 | 2))),
            "{codes:?}"
        );
        assert_eq!(read(folder, ".gitlab/issue_templates/a.md"), "See #21549+.\n");
        assert_eq!(files(&folder.join(".gitlab/issue_templates")), 1);

        write(folder, "i.ndjson", "{\"iid\": 1, \"title\": \"Add it\", \"description\": \"See #21549.\"}\n");
        let codes =
            at_once(folder, 4, &["audit", "i.ndjson", "--history=past.ndjson", "--select=bare-reference"]);
        assert_eq!(codes, [Some(1); 4]);
        let past = read(folder, "past.ndjson");
        let lines: Vec<serde_json::Value> =
            past.lines().map(|line| serde_json::from_str(line).expect("a whole line")).collect();
        assert_eq!(lines.len(), 4, "{past}");

        let (alone, other) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        for root in [alone.path(), other.path()] {
            write(root, ".git/HEAD", "ref: refs/heads/main\n");
        }
        assert_eq!(at_once(alone.path(), 1, &["init", "--yes"]), [Some(0)]);
        let codes = at_once(other.path(), 4, &["init", "--yes"]);
        assert!(codes.iter().all(|code| matches!(code, Some(0 | 2))), "{codes:?}");
        for path in [".proclint.yml", ".pre-commit-config.yaml", ".gitlab-ci.yml"] {
            // A run that came second may have ended at the first file, and nobody wrote the others.
            let is_there = other.path().join(path).exists();
            assert!(!is_there || read(other.path(), path) == read(alone.path(), path), "{path}");
        }
    }
}

#[test]
fn a_clock_that_is_wrong_by_centuries_breaks_no_command() {
    let repository = repository();
    let folder = repository.path();
    let waiver = "<!-- proclint: allow bare-reference: old, until 2026-01-01 -->\n\nSee #21549.\n";
    write(folder, "docs/waived.md", waiver);
    let record = serde_json::json!({
        "iid": 1, "title": "17.1 Planning issue", "description": "See #21549.", "state": "opened",
        "labels": ["sm_req::triage", "severity::1", "infradev", "workflow::in dev"], "due_date": "2026-02-30",
        "created_at": "2026-01-01T00:00:00.000Z", "updated_at": "9999-12-31T23:59:59.999Z",
        "milestone": {"title": "17.1", "start_date": "9999-12-31", "due_date": "0000-01-01"},
        "resource_label_events": [
            {"action": "add", "created_at": "2026-05-01T00:00:00Z", "label": {"name": "sm_req::triage"}},
            {"action": "remove", "created_at": "1969-12-31T23:59:59Z", "label": {"name": "sm_req::new"}},
        ],
    });
    write(folder, "i.ndjson", &format!("{record}\n"));
    let rule = concat!(env!("CARGO_MANIFEST_DIR"), "/rules/communication/bare-reference.yml");
    let commands: [(&[&str], i32); 7] = [
        (&["check", "docs", "--format=json"], 1),
        (&["check", "--issues=i.ndjson", "--format=json"], 1),
        (&["audit", "i.ndjson", "--format=json", "--history=past.ndjson", "--report=html=page.html"], 1),
        (&["waivers", "docs"], 0),
        (&["why", "bare-reference", "docs/page.md"], 0),
        (&["simulate", "--rule", rule, "--over=i.ndjson"], 0),
        (&["baseline", "update", "docs", "--baseline=list.ndjson", "--accept-new"], 0),
    ];
    for today in ["-9999-01-01", "0000-01-01", "0001-01-01", "1969-12-31", "2038-01-20", "9999-12-31"] {
        // A year has four digits; what is none is refused, and nothing else is.
        let is_day = today.len() == 10;
        for (args, code) in commands {
            let given = format!("--today={today}");
            let (ended, text) = told(&command(folder, args).arg(given).output().expect("proclint runs"));
            assert_eq!(ended, Some(if is_day { code } else { 2 }), "{today}: {args:?}: {text}");
            assert!(!text.contains("panicked"), "{today}: {args:?}: {text}");
        }
    }
}

#[test]
fn what_is_no_file_is_neither_waited_for_nor_read_without_end() {
    let folder = page();
    let folder = folder.path();
    write(folder, ".git/HEAD", "ref: refs/heads/main\n");
    write(folder, "data/x", "");
    let limited = |args: &[&str]| {
        let mut shell = Command::new("sh");
        // Who reads a device without end has all the memory of the machine, or here 2 GB.
        shell
            .args(["-c", "ulimit -v 2000000; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_proclint")])
            .args(args);
        told(&shell.args(ONLY).current_dir(folder).stdin(Stdio::null()).output().expect("a shell"))
    };
    for name in ["docs/pipe.md", "CODEOWNERS", "data/categories.yml"] {
        assert!(Command::new("mkfifo").arg(folder.join(name)).status().expect("mkfifo runs").success());
    }
    let (code, text) = limited(&["check", "docs", "--format=concise"]);
    assert!(code == Some(1) && text.contains(FOUND), "{text}");
    assert!(text.contains("not checked: docs/pipe.md: neither a file nor a folder"), "{text}");
    fs::write(folder.join(".proclint.yml"), vec![b' '; (64 << 20) + 1]).expect("written");
    let (code, text) = limited(&["check", "docs"]);
    assert!(
        code == Some(2) && text.contains(".proclint.yml") && text.contains("larger than 64 MiB"),
        "{text}"
    );
    fs::remove_file(folder.join(".proclint.yml")).expect("removed");
    std::os::unix::fs::symlink("/dev/zero", folder.join("docs/zero.md")).expect("a link");
    let (code, text) = limited(&["check", "docs/zero.md"]);
    assert!(code == Some(2) && text.contains("docs/zero.md: larger than 64 MiB"), "{text}");
}

#[test]
fn two_runs_at_once_write_one_file_whole() {
    let folder = page();
    let folder = folder.path();
    for _ in 0..5 {
        let args = ["check", "docs", "--report=json=report.json", "--select=bare-reference"];
        let update = ["baseline", "update", "--baseline=list.ndjson", "--select=bare-reference"];
        let start = |args: &[&str]| {
            let mut run = command(folder, args);
            run.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("proclint runs")
        };
        let runs = [start(&args), start(&args), start(&update), start(&update)];
        let codes = runs.map(|mut run| run.wait().expect("proclint ends").code());
        assert_eq!(codes[..2], [Some(1), Some(1)]);
        // Who finds that the other wrote the baseline meanwhile says so, and writes nothing.
        let updates = &codes[2..];
        assert!(
            updates.contains(&Some(0)) && updates.iter().all(|code| matches!(code, Some(0 | 2))),
            "{codes:?}"
        );
        let report = fs::read(folder.join("report.json")).expect("a report");
        let report: serde_json::Value = serde_json::from_slice(&report).expect("whole");
        assert_eq!(report["diagnostics"].as_array().map(Vec::len), Some(1));
        let (code, text) = run(folder, &["check", "docs", "--baseline=list.ndjson"]);
        assert_eq!(code, Some(0), "{text}");
        fs::remove_file(folder.join("list.ndjson")).expect("removed");
    }
    let names = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<_> = names.collect();
    names.sort();
    assert_eq!(names, ["docs", "report.json"], "nothing unfinished is left");
}

#[test]
fn without_a_home_and_without_git_files_are_checked_all_the_same() {
    let repository = repository();
    let bare = |args: &[&str]| {
        let mut run = command(repository.path(), args);
        told(&run.args(ONLY).env_clear().env("PATH", "/nowhere").output().expect("proclint runs"))
    };
    let (code, text) = bare(&["check", "docs"]);
    assert!(code == Some(1) && text.contains(FOUND), "{text}");
    let (code, text) = bare(&["check", "--since=HEAD~1"]);
    assert!(code == Some(2) && text.contains("`git` cannot be run"), "{text}");
}

#[test]
fn a_repository_of_another_user_is_refused_with_its_remedy() {
    let repository = repository();
    let folder = repository.path();
    if chown(folder.join(".git"), Some(65534), None).and_then(|()| chown(folder, Some(65534), None)).is_err()
    {
        let _ = std::io::stderr().write_all(b"not checked: only root may give a folder away\n");
        return;
    }
    let variables = [("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1")];
    let mut since = command(folder, &["check", "--since=HEAD~1"]);
    let (code, text) = told(&since.envs(variables).output().expect("proclint runs"));
    assert!(code == Some(2) && text.contains("another user owns it"), "{text}");
    assert!(text.contains("git config --global --add safe.directory"), "{text}");
    assert_eq!(run(folder, &["check", "docs"]).0, Some(1), "the files are checked");
}

#[test]
fn a_sparse_checkout_says_what_it_leaves_out() {
    let repository = repository();
    git(repository.path(), &["sparse-checkout", "set", "docs"]);
    let (code, text) = run(repository.path(), &["check", "--since=HEAD~1", "--format=concise"]);
    assert!(code == Some(1) && text.contains(&format!("docs/page.md:2:5: {FOUND}")), "{text}");
    let gap = "not checked: other/page.md: the work tree has no file of it, as where a sparse checkout leaves it out";
    assert!(text.contains(gap), "{text}");
}

#[test]
fn a_shallow_clone_is_never_green_for_what_it_does_not_know() {
    let (repository, clones) = (repository(), tempfile::tempdir().expect("a folder"));
    let source = format!("file://{}", repository.path().display());
    git(clones.path(), &["clone", "--quiet", "--depth=1", &source, "shallow"]);
    let (code, text) = run(&clones.path().join("shallow"), &["check", "--since=HEAD~1"]);
    assert!(code == Some(2) && text.contains("git fetch --unshallow"), "{text}");
}

#[test]
fn a_submodule_is_checked_as_a_folder_and_its_commit_is_no_file() {
    let (repository, other) = (repository(), repository());
    let folder = repository.path();
    let source = other.path().display().to_string();
    git(folder, &["submodule", "--quiet", "add", &source, "lib"]);
    git(folder, &["commit", "--quiet", "--message=Add it"]);
    let (code, text) = run(folder, &["check", "--format=concise"]);
    assert!(code == Some(1) && text.contains(&format!("lib/docs/page.md:2:5: {FOUND}")), "{text}");
    let (code, text) = run(folder, &["check", "--since=HEAD~1"]);
    assert!(code == Some(0) && text.contains("nothing to check: "), "{text}");
}

#[test]
fn line_ends_and_separators_of_windows_change_no_place() {
    let folder = page();
    write(folder.path(), "docs/page.md", "# Page\r\n\r\nSee #21549.\r\n");
    let (code, text) = run(folder.path(), &["check", "docs", "--format=concise"]);
    assert!(code == Some(1) && text.contains(&format!("docs/page.md:3:5: {FOUND}")), "{text}");

    let diff = "@@ -1,1 +1,2 @@\r\n Text.\r\n+See #21549.\r\n";
    let record = serde_json::json!({
        "iid": 7, "title": "Add it", "description": "It is here.\r\n\r\nSee #21549.\r\n",
        "diffs": [{"old_path": "docs\\page.md", "new_path": "docs\\page.md", "diff": diff}],
    });
    write(folder.path(), "mr.json", &record.to_string());
    let (code, text) = run(folder.path(), &["check", "--merge-request=mr.json", "--format=json"]);
    assert_eq!(code, Some(1), "{text}");
    let report: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let found = report["diagnostics"].as_array().expect("a list");
    let texts: Vec<_> = found.iter().map(|finding| (&finding["field"], &finding["text"])).collect();
    assert!(texts.contains(&(&"description".into(), &"#21549".into())), "{texts:?}");

    let migration = "class AddLimit\r\n  def change\r\n    add_column :plan_limits, :ci_jobs, :integer, default: 5, \
                     null: false\r\n  end\r\nend\r\n";
    let diff: String = migration.split_inclusive('\n').map(|line| format!("+{line}")).collect();
    let path = "db/migrate/20260101_add_limit.rb";
    let record = serde_json::json!({
        "iid": 7, "title": "Add it", "description": "It is here.",
        "diffs": [{"old_path": path, "new_path": path, "new_file": true, "diff": format!("@@ -0,0 +1,5 @@\r\n{diff}")}],
    });
    write(folder.path(), "mr.json", &record.to_string());
    let args = ["check", "--merge-request=mr.json", "--format=json", "--select=limit-undocumented"];
    let (_, text) = told(&command(folder.path(), &args).output().expect("proclint runs"));
    let report: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let found = &report["diagnostics"][0];
    let place = (&found["path"], &found["text"], &found["start"]["column"]);
    assert_eq!(place, (&path.into(), &"ci_jobs".into(), &31.into()), "{report:#}");
}
