//! A job of a merge request pipeline as GitLab's runner starts it: a shallow clone with a detached HEAD, no variables
//! but the documented ones, and a server to ask.
#![allow(dead_code, reason = "each test uses some of it")]
#![allow(clippy::expect_used, clippy::panic, reason = "a test says what it expects")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::fake::{Fake, State};

pub const BOT: &str = "token-of-the-bot";
pub const READER: &str = "token-that-reads";
pub const JOB: &str = "token-of-the-job";

/// Files, by path.
pub type Files<'f> = &'f [(&'f str, &'f str)];

/// The server, the clone and the variables of a job.
pub struct Job {
    folder: TempDir,
    pub fake: Fake,
    pub variables: BTreeMap<String, String>,
    pub base: String,
    pub head: String,
}

/// How proclint ended.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
    pub report: Value,
}

impl Job {
    /// The job of merge request 1, whose target holds `target` and whose source changes it by `change`.
    pub fn new(target: Files<'_>, change: Files<'_>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let origin = folder.path().join("origin");
        fs::create_dir(&origin).expect("a folder");
        git(&origin, &["init", "--quiet", "--initial-branch=main"]);
        let base = commit(&origin, &[("README.md", "# Project\n")], "Begin");
        let base = if target.is_empty() { base } else { commit(&origin, target, "Write pages") };
        git(&origin, &["checkout", "--quiet", "-b", "topic"]);
        let head = commit(&origin, change, "Change pages");
        let mut job =
            Self { fake: Fake::start(State::sample()), folder, variables: BTreeMap::new(), base, head };
        job.clone_at("topic", 20);
        job.tell_server();
        let variables = [
            ("CI", "true"),
            ("GITLAB_CI", "true"),
            ("CI_PIPELINE_SOURCE", "merge_request_event"),
            ("CI_PROJECT_PATH", "group/project"),
            ("CI_DEFAULT_BRANCH", "main"),
            ("CI_MERGE_REQUEST_IID", "1"),
            ("CI_MERGE_REQUEST_PROJECT_PATH", "group/project"),
            ("CI_MERGE_REQUEST_PROJECT_URL", "https://gitlab.example.com/group/project"),
            ("CI_MERGE_REQUEST_SOURCE_PROJECT_PATH", "group/project"),
            ("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "topic"),
            ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"),
            ("CI_MERGE_REQUEST_TITLE", "Merge request 1"),
            ("CI_MERGE_REQUEST_DESCRIPTION", "Raises the limit."),
            ("CI_MERGE_REQUEST_DESCRIPTION_IS_TRUNCATED", "false"),
            ("CI_MERGE_REQUEST_LABELS", "feature"),
            ("CI_MERGE_REQUEST_EVENT_TYPE", "detached"),
            ("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", ""),
            ("CI_MERGE_REQUEST_TARGET_BRANCH_SHA", ""),
            ("CI_JOB_TOKEN", JOB),
        ];
        for (name, value) in variables {
            job.set(name, value);
        }
        let (api, base, head) = (job.fake.api(), job.base.clone(), job.head.clone());
        job.set("CI_API_V4_URL", &api);
        job.set("CI_MERGE_REQUEST_DIFF_BASE_SHA", &base);
        job.set("CI_COMMIT_SHA", &head);
        job
    }

    /// Clones `revision` of the origin anew, as a runner does.
    pub fn clone_at(&mut self, revision: &str, depth: usize) {
        let work = self.work();
        let _ = fs::remove_dir_all(&work);
        fs::create_dir(&work).expect("a folder");
        git(&work, &["init", "--quiet"]);
        let origin = format!("file://{}", self.origin().display());
        git(&work, &["remote", "add", "origin", &origin]);
        git(&work, &["fetch", "--quiet", "--no-tags", &format!("--depth={depth}"), "origin", revision]);
        git(&work, &["checkout", "--quiet", "--detach", "FETCH_HEAD"]);
    }

    /// The repository that is cloned.
    pub fn origin(&self) -> PathBuf {
        self.folder.path().join("origin")
    }

    /// Where the job runs.
    pub fn work(&self) -> PathBuf {
        self.folder.path().join("builds")
    }

    pub fn set(&mut self, name: &str, value: &str) {
        self.variables.insert(name.to_owned(), value.to_owned());
    }

    pub fn unset(&mut self, name: &str) {
        self.variables.remove(name);
    }

    /// Gives the server the head and the changed files of the clone.
    fn tell_server(&self) {
        let mut state = self.fake.state();
        let item = &mut state.projects[0].merge_requests[0];
        item.record["sha"] = json!(self.head);
        let refs = json!({ "base_sha": self.base, "start_sha": self.base, "head_sha": self.head });
        item.record["diff_refs"] = refs;
        item.versions = vec![json!({
            "id": 1, "base_commit_sha": self.base, "start_commit_sha": self.base, "head_commit_sha": self.head,
        })];
        let range = [self.base.as_str(), self.head.as_str()];
        let names = git(&self.origin(), &["diff", "--no-renames", "--name-status", "-z", range[0], range[1]]);
        let mut fields = names.split_terminator('\0');
        item.diffs.clear();
        while let (Some(status), Some(path)) = (fields.next(), fields.next()) {
            let diff = git(&self.origin(), &["diff", "--no-renames", range[0], range[1], "--", path]);
            let hunks = diff.find("@@").map_or("", |at| &diff[at..]);
            item.diffs.push(json!({
                "old_path": path, "new_path": path, "diff": format!("{hunks}\n"), "collapsed": false,
                "too_large": false, "new_file": status == "A", "renamed_file": false, "deleted_file": status == "D",
            }));
        }
    }

    /// Leaves four open issues, which lack the label of what their titles say.
    pub fn lacks_labels(&self) {
        let mut state = self.fake.state();
        let project = &mut state.projects[0];
        project.issues.truncate(4);
        project.labels = vec![json!({"name": "planning issue"})];
        for issue in &mut project.issues {
            issue.record["title"] = json!("17.1 Planning issue");
            issue.record["state"] = json!("opened");
        }
    }

    /// Changes the merge request on the server.
    pub fn edit(&self, key: &str, value: Value) {
        self.fake.state().projects[0].merge_requests[0].record[key] = value;
    }

    /// A program in the job, with its variables and no others.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", self.folder.path()).envs(&self.variables).current_dir(self.work());
        command
    }

    /// `proclint ci` with `arguments`.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        let format = arguments.iter().any(|argument| argument.starts_with("--format"));
        let format: &[&str] = if format { &[] } else { &["--format=json"] };
        let output = self.proclint(&[&["ci", "--today=2026-03-15"], format, arguments].concat());
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        Ran {
            code: output.status.code().expect("a code"),
            report: serde_json::from_str(&out).unwrap_or_default(),
            out,
            err,
        }
    }

    pub fn proclint(&self, arguments: &[&str]) -> Output {
        let output = self.command(env!("CARGO_BIN_EXE_proclint")).args(arguments).output();
        let output = output.expect("proclint runs");
        let told = String::from_utf8_lossy(&[&output.stdout[..], &output.stderr].concat()).into_owned();
        assert!(![BOT, READER, JOB].iter().any(|secret| told.contains(secret)), "a token is shown: {told}");
        output
    }
}

impl Ran {
    /// Every finding: `subject or path:line rule text`.
    pub fn found(&self) -> Vec<String> {
        let findings =
            self.report["diagnostics"].as_array().unwrap_or_else(|| panic!("{}{}", self.out, self.err));
        let line = |finding: &Value| {
            let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
            let field = finding["field"].as_str().map(|field| format!(" {field}")).unwrap_or_default();
            let (line, rule, text) =
                (&finding["start"]["line"], word(&finding["rule"]), word(&finding["text"]));
            format!("{}{field}:{line} {rule} {text}", word(&finding["subject"]["name"]))
        };
        findings.iter().map(line).collect()
    }

    /// What was not checked, and why.
    pub fn gaps(&self) -> Vec<String> {
        let gaps =
            self.report["not_checked"].as_array().unwrap_or_else(|| panic!("{}{}", self.out, self.err));
        let whole = gaps.iter().filter(|gap| gap["rule"].is_null());
        whole
            .map(|gap| {
                format!(
                    "{}: {}",
                    gap["subject"].as_str().unwrap_or("-"),
                    gap["reason"].as_str().unwrap_or("-")
                )
            })
            .collect()
    }
}

/// Commits `files` in the repository at `root`; an empty text takes a file away. Returns the commit.
pub fn commit(root: &Path, files: Files<'_>, message: &str) -> String {
    for (path, content) in files {
        let path = root.join(path);
        if content.is_empty() {
            fs::remove_file(path).expect("removed");
            continue;
        }
        fs::create_dir_all(path.parent().expect("below the folder")).expect("a folder");
        fs::write(path, content).expect("written");
    }
    git(root, &["add", "--all"]);
    git(root, &["commit", "--quiet", "--allow-empty", &format!("--message={message}")]);
    git(root, &["rev-parse", "HEAD"])
}

pub fn git(root: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("GIT_") {
            command.env_remove(name);
        }
    }
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").env("LC_ALL", "C.UTF-8");
    let identity =
        ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "protocol.file.allow=always"];
    let output = command.current_dir(root).args(identity).args(arguments).output().expect("git runs");
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
