//! A run that is split finds what one run finds: `--shard` and `merge` give the same bytes.
#![allow(clippy::expect_used, reason = "a test says what it expects")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use proptest::prelude::*;
use tempfile::TempDir;

const TODAY: [&str; 2] = ["--today", "2020-04-20"];
const RULES: [&str; 2] = ["--select", "bare-reference,unexplained-acronym,sprint-window,waiver*"];
/// What people read is held against one run without its summary, which tells the time.
const FORMATS: [&str; 8] = ["json", "ndjson", "gitlab", "sarif", "junit", "github", "rdjson", "markdown"];

struct Project(TempDir);

impl Project {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    /// Pages with findings, waivers and gaps, records with one name and with what they share, and a baseline of which
    /// entries are met, overdone and gone.
    fn full() -> Self {
        let project = Self::new();
        for number in 0..9 {
            let waiver = if number % 3 == 0 { " <!-- proclint: allow bare-reference: a log -->" } else { "" };
            let text = format!(
                "# Page {number}\n\nSee #21{number}.{waiver}\n\n{}An MVC.\n",
                "x\n".repeat(number * 7)
            );
            project.write(&format!("docs/{}/page-{number}.md", number % 2), text);
        }
        project.write("docs/gone.md", "See #300 and #301.\n");
        let update =
            project.run(&["baseline", "update", "docs/gone.md", "docs/1", "--baseline", "list.ndjson"]);
        assert_eq!(update.status.code(), Some(0), "{update:?}");
        fs::remove_file(project.path().join("docs/gone.md")).expect("removed");
        project.write("docs/1/page-1.md", "Mended.\n");
        project.write("docs/latin.md", b"caf\xe9 #21549\n");
        #[cfg(unix)]
        std::os::unix::fs::symlink("nowhere", project.path().join("docs/dead.md")).expect("a link");
        let sprint = r#"{"title": "Sprint 13", "start_date": "2020-04-13", "due_date": "2020-05-08", "state": "active"}"#;
        let issue = |iid: usize, text: &str| {
            format!(r#"{{"iid": {iid}, "title": "Add it", "description": "{text}", "milestone": {sprint}}}"#)
        };
        let allow = "See #21555. <!-- proclint: allow bare-reference: known, @jane -->";
        let records = (1..12).map(|iid| issue(iid, if iid == 4 { allow } else { "See #21549." }));
        let records: Vec<_> = records.chain([issue(3, "See #21549."), "17".to_owned()]).collect();
        project.write("issues.ndjson", records.join("\n"));
        project
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().expect("below the folder")).expect("a folder");
        fs::write(path, content).expect("written");
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_proclint"));
        let rules = if arguments[0] == "merge" { &[][..] } else { [RULES, TODAY].as_flattened() };
        command.args(arguments).args(rules).current_dir(self.path());
        for name in ["CI_NODE_INDEX", "CI_NODE_TOTAL", "CI_PROJECT_PATH"] {
            command.env_remove(name);
        }
        command.env("NO_COLOR", "1").output().expect("proclint runs")
    }

    /// The exit code, what people read, and the report in every format.
    fn outcome(&self, arguments: &[&str]) -> (Option<i32>, Vec<String>) {
        let folder = tempfile::tempdir().expect("a folder");
        let file = |format: &str| folder.path().join(format).to_string_lossy().into_owned();
        let reports: Vec<_> = FORMATS.iter().map(|format| format!("{format}={}", file(format))).collect();
        let reports = reports.iter().flat_map(|report| ["--report", report]);
        let arguments: Vec<_> =
            arguments.iter().copied().chain(reports).chain(["--format", "human", "-q"]).collect();
        let output = self.run(&arguments);
        let place = folder.path().to_string_lossy().into_owned();
        let read = |format| fs::read_to_string(file(format)).unwrap_or_else(|_| unreachable!("{output:?}"));
        // The Code Quality report has no slash before it.
        let place = place.trim_start_matches("/");
        let mut all: Vec<_> = FORMATS.into_iter().map(|format| read(format).replace(place, "")).collect();
        all.push(String::from_utf8_lossy(&output.stdout).into_owned());
        (output.status.code(), all)
    }

    /// Checks `input` in `total` shards; the files of their reports, the last shard's first.
    fn shards(&self, input: &[&str], total: usize) -> Vec<String> {
        let written = (1..=total).rev().map(|index| {
            let (shard, file) = (format!("{index}/{total}"), format!("{index}-of-{total}.json"));
            let report = format!("json={file}");
            let arguments = ["check", "--shard", &shard, "--report", &report, "-q"];
            let output = self.run(&[&arguments[..], input].concat());
            assert_ne!(output.status.code(), Some(2), "{output:?}");
            file
        });
        written.collect()
    }

    fn merged(&self, files: &[String]) -> (Option<i32>, Vec<String>) {
        let files = files.iter().map(String::as_str);
        self.outcome(&["merge"].into_iter().chain(files).collect::<Vec<_>>())
    }

    fn holds(&self, input: &[&str]) -> Vec<String> {
        let one = self.outcome(&[&["check"], input].concat());
        for total in 1..=4 {
            let merged = self.merged(&self.shards(input, total));
            for (name, (merged, one)) in FORMATS.iter().chain(&["human"]).zip(merged.1.iter().zip(&one.1)) {
                assert!(merged == one, "{name} in {total} shards:\n{merged}\nin one run:\n{one}");
            }
            assert_eq!(merged.0, one.0);
        }
        one.1
    }
}

#[test]
fn shards_and_merge_give_the_bytes_of_one_run() {
    let project = Project::full();
    let files = project.holds(&["docs", "--baseline", "list.ndjson"]);
    for said in ["stale-baseline-entry", "docs/gone.md", "docs/latin.md", "\"waived\": 3", "\"baseline\": "] {
        assert!(files[0].contains(said), "{said}: {}", files[0]);
    }
    let issues = project.holds(&["--issues", "issues.ndjson"]);
    assert_eq!(issues[0].matches("\"sprint-window\"").count(), 1, "shared: {}", issues[0]);
    assert!(issues[0].contains("\"waived\": 1") && !issues[0].contains("\"shard\""));
    project.holds(&["docs", "--issues", "issues.ndjson", "--baseline", "list.ndjson", "--no-waivers"]);
    project.holds(&["docs/0/page-0.md"]);
}

#[test]
fn changed_files_are_split_like_all_files() {
    let project = Project::full();
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GIT_")) {
            command.env_remove(name);
        }
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        command.args(["-c", "user.name=A", "-c", "user.email=a@example.com"]).args(arguments);
        let output = command.current_dir(project.path()).output().expect("git runs");
        assert!(output.status.success(), "{output:?}");
    };
    git(&["init", "--quiet", "--initial-branch=main"]);
    git(&["add", "--all"]);
    git(&["commit", "--quiet", "--message=x"]);
    let idle = project.holds(&["--since", "HEAD"]);
    assert!(idle[0].contains("\"subjects\": 0"), "{}", idle[0]);
    for number in [2, 3, 4, 5] {
        let page = format!("docs/{}/page-{number}.md", number % 2);
        let text = fs::read_to_string(project.path().join(&page)).expect("a page");
        project.write(&page, format!("{text}\nSee #99{number}.\n"));
    }
    git(&["add", "docs/0"]);
    let since = project.holds(&["--since", "HEAD", "--baseline", "list.ndjson"]);
    assert!(since[0].contains("#995") && since[0].contains("\"subjects\": 4"), "{}", since[0]);
    let staged = project.holds(&["--staged"]);
    assert!(!staged[0].contains("#995") && staged[0].contains("\"subjects\": 2"), "{}", staged[0]);
}

#[test]
fn a_shard_without_work_is_clean() {
    let project = Project::new();
    project.write("page.md", "Nothing.\n");
    let output = project.run(&["check", "page.md", "--shard", "2/2", "--report", "json=2.json"]);
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{error}");
    assert!(error.contains("shard 2/2 is empty, the others have 1 subject"), "{error}");
    project.write("latin.md", b"caf\xe9\n");
    let gap = project.run(&["check", "page.md", "latin.md", "--shard", "2/2"]);
    assert!(String::from_utf8_lossy(&gap.stdout).contains("not checked: latin.md"), "{gap:?}");
    assert_eq!(gap.status.code(), Some(0));
    fs::create_dir(project.path().join("none")).expect("a folder");
    assert_eq!(project.run(&["check", "none", "--shard", "2/2"]).status.code(), Some(2));
}

#[test]
fn only_the_first_shard_reads_standard_input_and_the_commit_message() {
    let project = Project::new();
    project.write("message", "Add #21549\n");
    let found = |shard| {
        let output = project.run(&["check", "--commit-msg", "message", "--shard", shard, "-q"]);
        String::from_utf8_lossy(&output.stdout).lines().count()
    };
    assert_eq!(["1/3", "2/3", "3/3"].map(found), [1, 0, 0]);
}

#[test]
fn reports_that_do_not_belong_together_are_refused() {
    let project = Project::full();
    let shards = project.shards(&["docs"], 3);
    let refused = |files: &[&str]| {
        let output = project.run(&[&["merge"], files].concat());
        assert_eq!(output.status.code(), Some(2), "{files:?}");
        String::from_utf8_lossy(&output.stderr).split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let says = |files: &[&str], words: &str| {
        let error = refused(files);
        assert!(error.contains(words), "{error}");
    };
    let [third, second, first] = [&*shards[0], &shards[1], &shards[2]];
    says(&[first], "there is no report of shards 2, 3; 1-of-3.json is one of 3");
    says(&[first, third], "there is no report of shard 2;");
    says(&[first, second, third, first], "1-of-3.json and 1-of-3.json are both shard 1/3");
    says(&[first, "none.json"], "the report none.json cannot be read");

    let text = fs::read_to_string(project.path().join(second)).expect("a report");
    let variant = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        project.write("other.json", text.replacen(from, to, 1));
        refused(&[first, "other.json", third])
    };
    let version = concat!("\"version\": \"", env!("CARGO_PKG_VERSION"), "\"");
    for (from, to, words) in [
        (version, "\"version\": \"0.0.0\"", "other.json was written by proclint 0.0.0"),
        (
            "\"today\": \"2020-04-20\"",
            "\"today\": \"2020-04-21\"",
            "other.json counts from 2020-04-21, 1-of-3.json from",
        ),
        ("\"complete\": true", "\"complete\": false", "shard 2/3 in other.json is incomplete"),
        ("\"total\": 3", "\"total\": 4", "other.json is shard 2/4, 1-of-3.json is one of 3"),
        ("\"input\": \"", "\"input\": \"0", "other.json and 1-of-3.json are not about the same input"),
        ("\"shard\": {", "\"chard\": {", "other.json is the report of a whole run"),
        ("\"subjects\": [", "\"subjects\": [], \"more\": [", "do not add up"),
        ("\"name\": \"proclint\"", "\"name\": \"else\"", "`else` wrote it"),
    ] {
        let error = variant(from, to);
        assert!(error.contains(words), "{error}");
    }
    project.write("other.json", &text[..text.len() / 2]);
    says(&[first, "other.json", third], "other.json is cut off");
    project.write("other.json", "no report");
    says(&["other.json"], "other.json is no JSON report of proclint");

    project.write("docs/more.md", "More.\n");
    project.run(&["check", "docs", "--shard", "2/3", "--report", "json=other.json"]);
    says(&[first, "other.json", third], "are not about the same input");
}

#[test]
fn a_run_that_could_not_read_its_input_is_incomplete() {
    let project = Project::new();
    project.write("issues.json", r#"[{"iid": 1, "description": "See #21549."}, {"iid": 2, "#);
    for shard in ["1/2", "2/2"] {
        let report = format!("json={}.json", &shard[..1]);
        let output =
            project.run(&["check", "--issues", "issues.json", "--shard", shard, "--report", &report]);
        assert_eq!(output.status.code(), Some(2));
    }
    let output = project.run(&["merge", "1.json", "2.json"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("is incomplete"), "{output:?}");
}

/// The exit code, and what an audit or the merge of its shards writes in each format.
fn audited(project: &Project, arguments: &[&str]) -> Vec<(Option<i32>, String)> {
    let written = ["json", "human", "markdown"].map(|format| {
        let output = project.run(&[arguments, &["--format", format]].concat());
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    });
    written.into()
}

/// Audits `source` in `total` shards; the files of their reports, the last shard's first.
fn audit_shards(project: &Project, source: &str, total: usize) -> Vec<String> {
    let written = (1..=total).rev().map(|index| {
        let (shard, file) = (format!("{index}/{total}"), format!("audit-{index}-of-{total}.json"));
        let output = project.run(&["audit", source, "--shard", &shard, "--format", "json"]);
        assert!(matches!(output.status.code(), Some(0 | 1)), "{output:?}");
        project.write(&file, &output.stdout);
        file
    });
    written.collect()
}

#[test]
fn shards_of_an_audit_and_merge_give_the_bytes_of_one_run() {
    let project = Project::full();
    let sprint = |iid: usize, number: usize, text: &str| {
        let window = r#""start_date": "2020-04-13", "due_date": "2020-05-08", "state": "active""#;
        let hidden = iid.is_multiple_of(5);
        let word = if hidden { "secret" } else { "open" };
        format!(
            r#"{{"iid": {iid}, "confidential": {hidden}, "labels": ["{word}"], "description": "{text}", "milestone": {{"title": "Sprint {number}", {window}}}}}"#
        )
    };
    let records =
        (1..60).map(|iid| sprint(iid, iid * 7 / 40, if iid.is_multiple_of(4) { "See #21549." } else { "" }));
    project.write(
        "sprints.ndjson",
        records.chain([String::new(), "17".to_owned()]).collect::<Vec<_>>().join("\n"),
    );
    // A whole project: its labels and milestones, and policies that undo each other.
    let records = (1..40).map(|iid| sprint(iid, iid % 3, if iid % 4 == 0 { "See #21549." } else { "" }));
    project.write("export/issues.ndjson", records.collect::<Vec<_>>().join("\n"));
    let labels = ["open", "Open", "idle"].map(|name| format!(r#"{{"title": "{name}", "description": ""}}"#));
    project.write("export/labels.ndjson", labels.join("\n"));
    project.write(
        "export/milestones.ndjson",
        r#"{"title": "Sprint 1", "state": "active", "due_date": "2020-04-01"}"#,
    );
    let policy = |name: &str, condition: &str, action: &str| {
        format!("    - {{name: {name}, conditions: {{{condition}}}, actions: {{{action}}}}}\n")
    };
    let policies =
        policy("seen", "labels: [open]", "labels: [idle]") + &policy("busy", "", "remove_labels: [idle]");
    project.write(".triage-policies.yml", format!("resource_rules:\n  issues:\n    rules:\n{policies}"));
    for source in ["issues.ndjson", "sprints.ndjson", "docs/0", "export"] {
        let one = audited(&project, &["audit", source]);
        let page = project.run(&["audit", source, "--format", "html"]).stdout;
        for total in [1, 2, 4, 7] {
            let files = audit_shards(&project, source, total);
            let files: Vec<_> = files.iter().map(String::as_str).collect();
            let merged = audited(&project, &[&["merge"], &files[..]].concat());
            assert_eq!(merged, one, "{source} in {total} shards");
            project.run(&[&["merge", "--page", "page.html"], &files[..]].concat());
            let merged = fs::read(project.path().join("page.html")).expect("a page");
            assert!(merged == page, "the page of {source} in {total} shards");
        }
    }
    let digest: serde_json::Value =
        serde_json::from_str(&audited(&project, &["audit", "sprints.ndjson"])[0].1).expect("JSON");
    // What is confidential says nothing for others: 11 of it, and the first of 11 sprints.
    let sprints = &digest["found"]["sprint-window"];
    assert_eq!(
        (&sprints["subjects"], &sprints["examples"][0]["place"]),
        (&22.into(), &1.into()),
        "{digest:#}"
    );
    let shards = audit_shards(&project, "sprints.ndjson", 2);
    let written = shards.iter().map(|file| fs::read_to_string(project.path().join(file)).expect("a report"));
    let written = written.collect::<String>();
    assert!(written.contains("open") && !written.contains("secret"), "confidential words: {written}");
}

#[test]
fn the_history_of_merged_shards_is_that_of_one_run() {
    let project = Project::full();
    let history = || fs::read_to_string(project.path().join("runs.ndjson")).expect("a history");
    let html = ["--history", "runs.ndjson", "--format", "html"];
    let audit = [&["audit", "issues.ndjson"], &html[..]].concat();
    project.run(&audit);
    let before = history().replace("20", "19");
    project.write("runs.ndjson", &before);
    let page = project.run(&audit).stdout;
    let after = history();
    assert!(after.len() > before.len() && after.starts_with(&before), "{after}");
    let files = audit_shards(&project, "issues.ndjson", 4);
    let files: Vec<_> = files.iter().map(String::as_str).collect();
    project.write("runs.ndjson", &before);
    project.run(&[&["merge", "--page", "page.html", "--history", "runs.ndjson"], &files[..]].concat());
    assert_eq!(history(), after);
    assert!(fs::read(project.path().join("page.html")).expect("a page") == page);
}

#[test]
fn shards_of_an_audit_that_do_not_belong_together_are_refused() {
    let project = Project::full();
    let refused = |files: &[&str]| {
        let output = project.run(&[&["merge"], files].concat());
        assert_eq!(output.status.code(), Some(2), "{files:?}");
        String::from_utf8_lossy(&output.stderr).split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let says = |files: &[&str], words: &str| {
        let error = refused(files);
        assert!(error.contains(words), "{error}");
    };
    let shards = audit_shards(&project, "issues.ndjson", 2);
    let [second, first] = [&*shards[0], &shards[1]];
    says(&[first], "there is no report of shard 2; audit-1-of-2.json is one of 2");
    says(&[first, second, first], "audit-1-of-2.json and audit-1-of-2.json are both shard 1/2");
    says(&[first, second, "--format", "gitlab"], "these are shards of an audit");
    says(
        &[first, &project.shards(&["docs"], 2)[0]],
        "was written by `proclint check`, audit-1-of-2.json by `proclint audit`",
    );
    let check = &project.shards(&["docs"], 1)[0];
    for option in ["--page", "--history"] {
        says(&[check, option, "file"], "these are shards of a check, which has no page and no history");
    }
    let whole = project.run(&["audit", "issues.ndjson", "--format", "json"]);
    project.write("whole.json", whole.stdout);
    says(&["whole.json"], "whole.json is the report of a whole run, not of a shard");
    let text = fs::read_to_string(project.path().join(second)).expect("a report");
    project.write("other.json", &text[..text.len() / 2]);
    says(&[first, "other.json"], "other.json is cut off");
    project.write("kept.json", &text);
    project.write("issues.ndjson", r#"{"iid": 1}"#);
    says(&[&audit_shards(&project, "issues.ndjson", 2)[1], "kept.json"], "are not about the same input");
    let empty = project.run(&["audit", "issues.ndjson", "--shard", "2/2"]);
    let error = String::from_utf8_lossy(&empty.stderr).into_owned();
    assert_eq!(
        (empty.status.code(), error.as_str()),
        (Some(0), "shard 2/2 is empty, the others have 1 subject\n")
    );
    project.write("issues.ndjson", "{\"iid\": 1}\n{\"iid\": ");
    for shard in ["1/2", "2/2"] {
        let output = project.run(&["audit", "issues.ndjson", "--shard", shard, "--format", "json"]);
        assert_eq!(output.status.code(), Some(2));
        project.write(&format!("{}.json", &shard[..1]), output.stdout);
    }
    says(&["1.json", "2.json"], "is incomplete");
}

#[test]
fn a_pipeline_says_which_shard_a_job_is() {
    let project = Project::full();
    let check = |variables: &[(&str, &str)]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_proclint"));
        command.env_remove("CI_NODE_INDEX").env_remove("CI_NODE_TOTAL").envs(variables.iter().copied());
        command.args(["check", "docs", "--shard", "env", "--format", "json"]).args(RULES).args(TODAY);
        let output = command.current_dir(project.path()).output().expect("proclint runs");
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        let number = |key: &str| report["shard"][key].as_u64();
        (output.status.code(), number("index").zip(number("total")))
    };
    assert_eq!(check(&[("CI_NODE_INDEX", "2"), ("CI_NODE_TOTAL", "4")]).1, Some((2, 4)));
    assert_eq!(check(&[("CI_NODE_TOTAL", "1")]).1, Some((1, 1)));
    assert_eq!(check(&[]).1, Some((1, 1)));
    for wrong in [&[("CI_NODE_INDEX", "5"), ("CI_NODE_TOTAL", "4")][..], &[("CI_NODE_TOTAL", "4")]] {
        assert_eq!(check(wrong), (Some(2), None));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_issues_in_any_number_of_shards_are_those_of_one_run(
        issues in proptest::collection::vec((1..9_usize, 0..3_usize), 1..8),
        total in 1..5_usize,
    ) {
        let project = Project::new();
        let texts = ["See #21549.", "An MVC for #1, #1 and #2. ä🎉", "<!-- proclint: allow-file bare-reference: a log -->"];
        let record = |(iid, text): &(usize, usize)| {
            serde_json::json!({"iid": iid, "title": "x", "description": texts[*text]}).to_string()
        };
        project.write("issues.ndjson", issues.iter().map(record).collect::<Vec<_>>().join("\n"));
        let input = ["--issues", "issues.ndjson"];
        let one = project.outcome(&[&["check"], &input[..]].concat());
        prop_assert_eq!(project.merged(&project.shards(&input, total)), one);
    }
}
