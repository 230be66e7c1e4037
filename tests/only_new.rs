//! Only what is new: `--since`, `--staged` and `--baseline` in scratch repositories, and a clear answer to everything
//! that git may lack.
#![allow(clippy::expect_used, reason = "a test says what it expects")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

/// A repository in a folder of its own, deaf to the configuration of whoever runs the tests.
struct Repository(TempDir);

impl Repository {
    fn new() -> Self {
        let repository = Self(tempfile::tempdir().expect("a folder"));
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository
    }

    /// A repository with one commit of `files`.
    fn with(files: &[(&str, &str)]) -> Self {
        let repository = Self::new();
        for (path, content) in files {
            repository.write(path, content);
        }
        repository.commit();
        repository
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().expect("below the folder")).expect("a folder");
        fs::write(path, content).expect("written");
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("GIT_") {
                command.env_remove(name);
            }
        }
        command
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("LC_ALL", "C.UTF-8");
        command.current_dir(self.path());
        command
    }

    fn git(&self, arguments: &[&str]) -> String {
        let identity = ["-c", "user.name=A", "-c", "user.email=a@example.com"];
        let output = self.command("git").args(identity).args(arguments).output().expect("git runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message=x"]);
    }

    fn proclint(&self, arguments: &[&str]) -> Output {
        let mut command = self.command(env!("CARGO_BIN_EXE_proclint"));
        command.args(arguments).args(["--select", "bare-reference"]);
        command.output().expect("proclint runs")
    }

    /// The exit code of `check`, and the places of its findings with their text.
    fn check(&self, arguments: &[&str]) -> (i32, Vec<String>) {
        let mut all = vec!["check", "--format", "json"];
        all.extend(arguments);
        let output = self.proclint(&all);
        let report: serde_json::Value =
            serde_json::from_slice(&output.stdout).unwrap_or_else(|_| unreachable!("{output:?}"));
        let found = report["diagnostics"].as_array().expect("findings").iter().map(|finding| {
            let word = |key: &str| finding[key].as_str().unwrap_or("-");
            format!("{}:{} {}", word("path"), finding["start"]["line"], word("text"))
        });
        (output.status.code().expect("a code"), found.collect())
    }

    /// The error that `check` ends with instead of a report.
    fn refusal(&self, arguments: &[&str]) -> String {
        let mut all = vec!["check", "--format", "json"];
        all.extend(arguments);
        let output = self.proclint(&all);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{output:?}");
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        words.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ")
    }
}

#[test]
fn since_reports_lines_added_after_the_merge_base() {
    let repository = Repository::with(&[("a.md", "See #21549.\n"), ("b.md", "See #21549.\n")]);
    repository.git(&["checkout", "--quiet", "-b", "topic"]);
    repository.write("a.md", "See #21549.\n\nAnd #1001, committed.\n");
    repository.commit();
    // What the target gained meanwhile is not the branch's.
    repository.git(&["checkout", "--quiet", "main"]);
    repository.write("b.md", "See #21549.\n\nAnd #1002.\n");
    repository.commit();
    repository.git(&["checkout", "--quiet", "topic"]);
    assert_eq!(repository.check(&["--since", "main"]), (1, vec!["a.md:3 #1001".to_owned()]));

    repository.write("a.md", "See #1003, not committed.\n\nAnd #1001, committed.\n");
    repository.write("docs/new.md", "See #1004, untracked.\n");
    repository.write("docs/ignored.md", "See #1005.\n");
    repository.write(".gitignore", "ignored.md\n");
    let all = ["a.md:1 #1003", "a.md:3 #1001", "docs/new.md:1 #1004"];
    assert_eq!(repository.check(&["--since", "main"]), (1, all.map(str::to_owned).to_vec()));
    assert_eq!(repository.check(&["--since", "main", "docs"]), (1, vec![all[2].to_owned()]));
    assert_eq!(repository.check(&["--since", "main", "b.md"]), (0, vec![]));

    let report = repository.proclint(&["check", "--since", "HEAD", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&report.stdout).expect("JSON");
    assert_eq!((&report["summary"]["unchanged"], &report["checked"]["subjects"]), (&1.into(), &2.into()));
}

#[test]
fn since_follows_renames_and_sees_through_attributes() {
    let page = "# Limits\n\nThe first paragraph.\n\nSee #21549.\n\nThe last paragraph.\n";
    let repository =
        Repository::with(&[("old name.md", page), ("ä.md", page), (".gitattributes", "*.md -diff\n")]);
    repository.git(&["mv", "old name.md", "new name.md"]);
    repository.git(&["mv", "ä.md", "ö.md"]);
    assert_eq!(repository.check(&["--since", "main"]), (0, vec![]));
    repository.write("new name.md", format!("{page}\nAnd #1001.\n"));
    repository.write("ö.md", format!("See #1002.\n\n{page}"));
    let expected = ["new name.md:9 #1001", "ö.md:1 #1002"].map(str::to_owned).to_vec();
    assert_eq!(repository.check(&["--since", "main"]), (1, expected.clone()));
    repository.git(&["add", "--all"]);
    assert_eq!(repository.check(&["--since", "main", "--staged"]), (1, expected));
}

#[test]
fn lines_are_counted_as_git_counts_them() {
    let repository = Repository::with(&[("a.md", "One\rtwo\rthree.\n\nSee #21549.\n")]);
    repository.write("a.md", "One\rtwo\rthree.\n\nSee #21549.\r\n\r\nAnd #1001.\r\n");
    // The third line has another end now, so it changed.
    let expected = ["a.md:5 #21549", "a.md:7 #1001"].map(str::to_owned).to_vec();
    assert_eq!(repository.check(&["--since", "main"]), (1, expected));
}

#[test]
fn what_cannot_be_compared_is_never_green() {
    let empty = Repository::new();
    empty.write("a.md", "See #21549.\n");
    assert!(empty.refusal(&["--since", "main"]).contains("there is no commit yet to compare with"));
    empty.git(&["add", "--all"]);
    assert_eq!(empty.check(&["--staged"]), (1, vec!["a.md:1 #21549".to_owned()]));

    let repository = Repository::with(&[("a.md", "See #21549.\n")]);
    let words = repository.refusal(&["--since", "origin/main"]);
    assert!(words.contains("there is no revision `origin/main`") && words.contains("git fetch"), "{words}");
    let words = repository.refusal(&["--since", ""]);
    assert!(words.contains("is empty") && words.contains("$CI_MERGE_REQUEST_DIFF_BASE_SHA"), "{words}");
    for revision in ["--since=--output=stolen", "--since=HEAD:a.md", "--since=main..HEAD"] {
        assert!(repository.refusal(&[revision]).contains("there is no revision"), "{revision}");
    }
    assert!(!repository.path().join("stolen").exists());
    repository.git(&["checkout", "--quiet", "--orphan", "other"]);
    repository.write("b.md", "Other.\n");
    repository.commit();
    let words = repository.refusal(&["--since", "main"]);
    assert!(words.contains("`main` and HEAD have no commit in common"), "{words}");

    let outside = Repository(tempfile::tempdir().expect("a folder"));
    outside.write("a.md", "See #21549.\n");
    for option in [&["--since", "main"][..], &["--staged"]] {
        assert!(outside.refusal(option).contains("is not a git repository"), "{option:?}");
    }
    let mut without_git = repository.command(env!("CARGO_BIN_EXE_proclint"));
    let output =
        without_git.args(["check", "--since", "main"]).env("PATH", "").output().expect("proclint runs");
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(2) && words.contains("`git` cannot be run"), "{words}");
}

#[test]
fn a_shallow_clone_says_how_to_deepen_it() {
    let repository = Repository::with(&[("a.md", "See #21549.\n")]);
    repository.git(&["branch", "start"]);
    repository.git(&["checkout", "--quiet", "-b", "topic"]);
    repository.write("a.md", "See #1001.\n");
    repository.commit();
    repository.git(&["checkout", "--quiet", "main"]);
    repository.write("b.md", "Nothing.\n");
    repository.commit();
    let clone = Repository(tempfile::tempdir().expect("a folder"));
    let source = format!("file://{}", repository.path().display());
    clone.git(&["clone", "--quiet", "--depth=1", "--no-single-branch", "--branch=topic", &source, "."]);

    let words = clone.refusal(&["--since", "origin/main"]);
    assert!(words.contains("does not reach back to where HEAD left `origin/main`"), "{words}");
    assert!(words.contains("git fetch --unshallow") && words.contains("GIT_DEPTH: 0"), "{words}");
    let gone = repository.git(&["rev-parse", "start"]);
    let words = clone.refusal(&["--since", "origin/main~1"]);
    assert!(
        words.contains("in this shallow clone") && words.contains("git fetch --unshallow"),
        "{words} {gone}"
    );

    clone.git(&["fetch", "--quiet", "--unshallow"]);
    assert_eq!(clone.check(&["--since", "origin/main"]), (1, vec!["a.md:1 #1001".to_owned()]));
}

#[test]
fn nothing_that_changed_is_said_to_be_that() {
    let repository = Repository::with(&[("a.md", "See #21549.\n"), (".proclint.yml", "exclude: [old/]\n")]);
    let told = |arguments: &[&str]| {
        let output = repository.proclint(arguments);
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, words) = told(&["check", "--since", "main"]);
    assert!(
        code == Some(0) && words.starts_with("nothing to check: no file is changed, compared with"),
        "{words}"
    );
    let (code, words) = told(&["check", "--staged"]);
    assert_eq!(
        (code, words.as_str()),
        (Some(0), "nothing to check: no file is staged, compared with the last commit\n")
    );
    repository.write("old/b.md", "See #1001.\n");
    repository.write("main.rs", "// #1002\n");
    let (code, words) = told(&["check", "--since", "main"]);
    assert!(
        code == Some(0) && words.contains("2 files changed") && words.contains("none is one to check"),
        "{words}"
    );
    // As pre-commit names files.
    let (code, words) = told(&["check", "old/b.md"]);
    assert_eq!(code, Some(0));
    assert_eq!(words, "nothing to check: the configuration excludes every file that was named\n");
    assert_eq!(repository.check(&["old/b.md", "a.md"]), (1, vec!["a.md:1 #21549".to_owned()]));
}

#[test]
fn staged_content_comes_from_the_index() {
    let repository = Repository::with(&[("a.md", "Fine.\n"), ("b.md", "Fine.\n"), ("gone.md", "Fine.\n")]);
    repository.write("a.md", "See #1001, staged.\n");
    repository.write("crlf.md", "Fine.\r\n\r\nSee #1002.\r\n");
    repository.git(&["add", "--all"]);
    repository.write("a.md", "Mended, but not staged.\n");
    repository.write("b.md", "See #1003, not staged.\n");
    fs::remove_file(repository.path().join("crlf.md")).expect("removed");
    fs::remove_file(repository.path().join("gone.md")).expect("removed");
    let staged = ["a.md:1 #1001", "crlf.md:3 #1002"].map(str::to_owned).to_vec();
    assert_eq!(repository.check(&["--staged"]), (1, staged));

    repository.git(&["add", "--all"]);
    assert_eq!(repository.check(&["--staged"]), (1, vec!["b.md:1 #1003".to_owned()]));
    repository.git(&["reset", "--quiet", "--hard"]);
    repository.write("a.md", [b'a', 0]);
    repository.write("b.md", b"\xff\n");
    repository.git(&["add", "--all"]);
    let output = repository.proclint(&["check", "--staged"]);
    let shown = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        shown.contains("not checked: a.md: binary") && shown.contains("b.md: not UTF-8 at byte 0"),
        "{shown}"
    );
}

#[test]
fn a_conflict_is_not_checked_where_only_git_could_read_it() {
    let repository = Repository::with(&[("a.md", "Fine.\n")]);
    repository.git(&["checkout", "--quiet", "-b", "topic"]);
    repository.write("a.md", "Ours, see #1001.\n");
    repository.commit();
    repository.git(&["checkout", "--quiet", "main"]);
    repository.write("a.md", "Theirs, see #1002.\n");
    repository.commit();
    let identity = ["-c", "user.name=A", "-c", "user.email=a@example.com"];
    let merge = repository.command("git").args(identity).args(["merge", "--quiet", "topic"]).output();
    assert!(!merge.expect("git runs").status.success());
    let output = repository.proclint(&["check", "--staged"]);
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.code() == Some(2) && shown.contains("a.md: it has merge conflicts"), "{shown}");
    assert_eq!(repository.check(&["--since", "HEAD"]), (1, vec!["a.md:4 #1001".to_owned()]));
}

#[cfg(unix)]
#[test]
fn a_hostile_repository_makes_git_run_nothing() {
    use std::os::unix::fs::PermissionsExt;

    let repository = Repository::with(&[("a.md", "Fine.\n")]);
    let script = repository.path().join(".git/evil");
    fs::write(&script, "#!/bin/sh\ntouch \"$(dirname \"$0\")/ran-$1\"\ncat\n").expect("written");
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).expect("permissions");
    let run = |what: &str| format!("{} {what}", script.display());
    for key in [
        "core.fsmonitor",
        "core.pager",
        "core.editor",
        "core.sshCommand",
        "diff.external",
        "diff.evil.command",
        "diff.evil.textconv",
        "filter.evil.clean",
        "filter.evil.smudge",
        "filter.evil=x.process",
        "pager.diff",
        "alias.diff",
        "alias.merge-base",
        "interactive.diffFilter",
    ] {
        repository.git(&["config", key, &run(key)]);
    }
    repository.git(&["config", "diff.noprefix", "true"]);
    repository.git(&["config", "color.ui", "always"]);
    repository.git(&["config", "diff.renames", "false"]);
    repository.git(&["config", "core.hooksPath", ".git"]);
    fs::copy(&script, repository.path().join(".git/post-index-change")).expect("copied");
    // Only git's own hand makes this commit, so that nothing has run before.
    repository.write(".git/info/attributes", "*.md diff=evil filter=evil\n*.x.md filter=evil=x\n");
    repository.write("a.md", "See #1001.\n");
    repository.write("b.x.md", "See #1002.\n");
    let expected = ["a.md:1 #1001", "b.x.md:1 #1002"].map(str::to_owned).to_vec();
    assert_eq!(repository.check(&["--since", "HEAD"]), (1, expected));
    assert_eq!(repository.check(&["--staged"]), (0, vec![]));
    let ran = || {
        let entries = fs::read_dir(repository.path().join(".git")).expect("a folder");
        let names = entries.filter_map(|entry| entry.expect("an entry").file_name().into_string().ok());
        let mut ran: Vec<_> = names.filter_map(|name| Some(name.strip_prefix("ran-")?.to_owned())).collect();
        ran.sort();
        ran
    };
    assert_eq!(ran(), [""; 0]);
    // The traps are real: git itself walks into them.
    let _ = repository.command("git").args(["diff", "HEAD"]).output().expect("git runs");
    let _ = repository.command("git").args(["diff", "--no-ext-diff", "HEAD"]).output().expect("git runs");
    let sprung = ran();
    for trap in ["core.fsmonitor", "diff.evil.command", "diff.evil.textconv", "filter.evil.clean"] {
        assert!(sprung.iter().any(|name| name == trap), "{trap} of {sprung:?}");
    }
}

#[test]
fn a_baseline_goes_with_the_lines_that_changed() {
    let repository = Repository::with(&[("a.md", "See #21549.\n")]);
    let update = |arguments: &[&str]| {
        let mut all = vec!["baseline", "update", "--baseline", "list.ndjson"];
        all.extend(arguments);
        repository.proclint(&all).status.code()
    };
    assert_eq!(update(&[]), Some(0));
    let first = fs::read_to_string(repository.path().join("list.ndjson")).expect("written");
    // The old one is the one the baseline means, although the new one comes first.
    repository.write("a.md", "New, see #21549.\n\nSee #21549.\n");
    let new = (1, vec!["a.md:1 #21549".to_owned()]);
    assert_eq!(repository.check(&["--since", "main", "--baseline", "list.ndjson"]), new);
    assert_eq!(update(&[]), Some(1), "a new finding is not absorbed");
    assert_eq!(fs::read_to_string(repository.path().join("list.ndjson")).expect("written"), first);
    assert_eq!(update(&["--accept-new"]), Some(0));
    assert_eq!(repository.check(&["--baseline", "list.ndjson"]), (0, vec![]));

    repository.write("a.md", "Mended.\n");
    let (code, found) = repository.check(&["--baseline", "list.ndjson"]);
    assert!(code == 1 && found[0].starts_with(r#"list.ndjson:2 {"subject":"a.md""#), "{found:?}");
    assert_eq!(update(&[]), Some(0));
    assert_eq!(repository.check(&["--baseline", "list.ndjson"]), (0, vec![]));
    assert!(
        repository.refusal(&["--baseline", "none.ndjson"]).contains("baseline update --baseline none.ndjson")
    );
}

#[test]
fn fixes_leave_alone_what_is_old() {
    let page = "We will work on #21549, which is old.\n";
    let repository = Repository::with(&[(".gitlab/issue_templates/Bug.md", page)]);
    let new = format!(
        "{page}\nAnd then on [#1001](https://gitlab.com/g/p/-/issues/1001).\n\nThen see #1002 in time.\n"
    );
    repository.write(".gitlab/issue_templates/Bug.md", &new);
    assert_eq!(repository.proclint(&["check", "--fix", "--staged"]).status.code(), Some(2));
    let shown = |arguments: &[&str]| {
        let mut all = vec!["check", "--diff", "--unsafe-fixes"];
        all.extend(arguments);
        String::from_utf8_lossy(&repository.proclint(&all).stdout).into_owned()
    };
    let all = shown(&[]);
    assert!(all.contains("-We will work on #21549") && all.contains("-Then see #1002"), "{all}");
    let since = shown(&["--since", "main"]);
    assert!(!since.contains("-We will work on #21549") && since.contains("-Then see #1002"), "{since}");
    repository.write(".gitlab/issue_templates/Bug.md", page);
    assert_eq!(repository.proclint(&["baseline", "update", "--baseline", "b"]).status.code(), Some(0));
    repository.write(".gitlab/issue_templates/Bug.md", &new);
    let listed = shown(&["--baseline", "b"]);
    assert!(!listed.contains("-We will work on #21549") && listed.contains("-Then see #1002"), "{listed}");
}
