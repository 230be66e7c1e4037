//! The command line as a user meets it: every option, every error, every exit code.
#![allow(clippy::expect_used, reason = "a test says what it expects")]

mod planted;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

/// What a machine may set, and what then would show in the output.
const ENVIRONMENT: [(&str, &str); 10] = [
    ("CI_API_V4_URL", ""),
    ("CI_MERGE_REQUEST_IID", ""),
    ("CI_PIPELINE_SOURCE", ""),
    ("CI_PROJECT_PATH", ""),
    ("CLICOLOR_FORCE", ""),
    ("COLUMNS", "100"),
    ("LANG", "C.UTF-8"),
    ("LC_ALL", "C.UTF-8"),
    ("LC_CTYPE", "C.UTF-8"),
    ("NO_COLOR", "1"),
];

/// Rules that find something in these tests; others may come and go.
const RULES: [&str; 2] = ["--select", "bare-reference,unexplained-acronym"];

#[test]
fn every_command_answers_as_written() {
    let cases = trycmd::TestCases::new();
    for (name, value) in ENVIRONMENT.into_iter().chain(planted::VARIABLES) {
        cases.env(name, value);
    }
    let told = tempfile::tempdir().expect("a folder");
    #[cfg(unix)]
    cases.register_bin("proclint", overheard(told.path()));
    cases.case("tests/cli/*.trycmd").run();
    // What a case leaves open with `[..]` is no secret either.
    let runs = planted::assert_unseen_below("a case", told.path());
    assert!(runs > 200 || cfg!(not(unix)), "only {runs} files");
}

/// A proclint that also keeps what it prints in `folder`.
#[cfg(unix)]
fn overheard(folder: &Path) -> std::path::PathBuf {
    use std::os::unix::fs::PermissionsExt;

    let script = format!(
        "#!/bin/sh\ntold=$(mktemp '{}/XXXXXX')\n'{}' \"$@\" >\"$told\" 2>&1\ncode=$?\ncat \"$told\"\nexit $code\n",
        folder.display(),
        env!("CARGO_BIN_EXE_proclint")
    );
    let path = folder.join("proclint");
    fs::write(&path, script).expect("written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("executable");
    path
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn write(folder: &Path, path: &str, content: impl AsRef<[u8]>) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().expect("below the folder")).expect("a folder");
    fs::write(path, content).expect("written");
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    run_with(folder, arguments, &[])
}

fn run_with(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_proclint"));
    command.args(arguments).args(RULES).current_dir(folder).envs(ENVIRONMENT).envs(planted::VARIABLES);
    let output = command.envs(variables.iter().copied()).output().expect("proclint runs");
    planted::assert_unseen("a run", &[&output.stdout[..], &output.stderr].concat());
    output
}

fn stdout(output: Output) -> String {
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Exit code, standard output without its summary, and standard error.
fn outcome(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = run(folder, arguments);
    let lines = String::from_utf8(output.stdout).expect("UTF-8");
    let findings = lines.lines().filter(|line| !line.contains(" subject")).collect::<Vec<_>>().join("\n");
    (output.status.code(), findings, String::from_utf8(output.stderr).expect("UTF-8"))
}

#[test]
fn what_is_no_text_is_named_and_the_rest_is_linted() {
    let folder = folder();
    write(folder.path(), "latin.md", b"caf\xe9 #21549\n");
    write(folder.path(), "nul.md", b"a\0b");
    write(folder.path(), "page.md", "See #21549.\n");
    let (code, found, _) = outcome(folder.path(), &["check"]);
    assert_eq!(code, Some(1));
    assert!(found.starts_with("page.md:1:5: warning bare-reference: "), "{found}");
    assert!(found.ends_with("\nnot checked: latin.md: not UTF-8 at byte 3 (line 1)"), "{found}");

    let (code, found, _) = outcome(folder.path(), &["check", "latin.md", "nul.md"]);
    assert_eq!(code, Some(2), "nothing could be checked");
    assert!(found.contains("not checked: nul.md: binary, there is a NUL near its start"), "{found}");
}

#[cfg(unix)]
#[test]
fn links_are_not_followed_in_circles() {
    use std::os::unix::fs::symlink;

    let folder = folder();
    write(folder.path(), "docs/page.md", "See #21549.\n");
    symlink("..", folder.path().join("docs/up")).expect("a link");
    symlink("nowhere", folder.path().join("dead.md")).expect("a link");
    symlink("self.md", folder.path().join("self.md")).expect("a link");
    let (code, found, _) = outcome(folder.path(), &["check"]);
    assert_eq!(code, Some(1));
    assert_eq!(found.matches("bare-reference").count(), 1, "{found}");
    for link in ["dead.md", "self.md"] {
        let gap = format!("not checked: {link}: a symbolic link that leads nowhere: ");
        assert!(found.contains(&gap), "{found}");
    }
    let (code, _, error) = outcome(folder.path(), &["check", "self.md"]);
    assert_eq!(code, Some(2));
    assert!(error.contains("`self.md` cannot be read"), "{error}");
}

#[test]
fn a_file_outside_the_repository_is_called_the_same_wherever_its_path_starts() {
    let folder = folder();
    write(folder.path(), "repository/.git/HEAD", "ref: refs/heads/main\n");
    write(folder.path(), "repository/docs/page.md", "Text.\n");
    write(folder.path(), "notes/page.md", "See #21549.\n");
    write(folder.path(), "notes/lower/nul.md", "\0");
    let repository = folder.path().join("repository");
    let whole = folder.path().to_string_lossy();
    for format in ["json", "ndjson", "gitlab", "sarif", "junit", "github", "rdjson", "markdown"] {
        let told = |below: &str, paths: [&str; 2]| {
            let [page, nul] = paths;
            outcome(&repository.join(below), &["check", page, nul, "--format", format])
        };
        let (code, first, _) = told("", ["../notes/page.md", "../notes/lower/nul.md"]);
        assert!(code == Some(1) && first.contains("notes/page.md"), "{first}");
        assert!(!first.contains(&*whole), "no folder above is named: {first}");
        assert_eq!(told("docs", ["../../notes/page.md", "../../notes/lower/nul.md"]).1, first);
    }
}

#[test]
fn rules_in_the_folders_of_the_configuration_are_held_against_the_handbook() {
    let folder = folder();
    let rule = include_str!("cli/drift.in/rules/all/parcel-gone.yml");
    write(folder.path(), ".git/HEAD", "ref: refs/heads/main\n");
    write(folder.path(), ".proclint.yml", "rule-folders: [own]\n");
    write(folder.path(), "own/parcel-gone.yml", rule);
    let page = include_str!("cli/drift.in/handbook/content/handbook/limits.md");
    write(folder.path(), "handbook/limits.md", page);
    // A folder that is named twice is read once.
    for more in [&[][..], &["--rules", "./own"]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_proclint"));
        let command = command.args(["drift", "handbook"]).args(more).current_dir(folder.path());
        let output = command.output().expect("proclint runs");
        assert_eq!(output.status.code(), Some(1));
        let found = stdout(output);
        assert_eq!(found.matches("parcel-gone: gone from").count(), 1, "{found}");
    }
}

#[test]
fn reports_fit_the_terminal() {
    let folder = folder();
    write(
        folder.path(),
        "page.md",
        "We will talk about all of this and about #21549 soon enough, somehow.\n",
    );
    let check = |variables: &[(&str, &str)]| {
        let arguments = ["check", "--format", "human"];
        stdout(run_with(folder.path(), &arguments, variables))
    };
    let narrow = check(&[("COLUMNS", "40")]);
    let wide = |line: &&str| line.chars().count() > 40 && !line.contains("https://");
    assert!(!narrow.lines().any(|line| wide(&line)), "{narrow}");
    assert!(narrow.contains("#21549"), "{narrow}");

    let plain = check(&[("LC_ALL", "C"), ("LANG", "C"), ("LC_CTYPE", "C")]);
    let drawn: String = plain.lines().filter(|line| !line.contains("handbook says")).collect();
    assert!(drawn.is_ascii(), "{plain}");
    assert!(!check(&[]).is_ascii());

    assert!(!check(&[]).contains('\u{1b}'));
    assert!(check(&[("NO_COLOR", ""), ("CLICOLOR_FORCE", "1")]).contains('\u{1b}'));
}

#[test]
fn the_variables_of_a_pipeline_make_a_merge_request() {
    let folder = folder();
    let arguments = ["check", "--merge-request", "env", "--quiet"];
    let request = [
        ("CI_PIPELINE_SOURCE", "merge_request_event"),
        ("CI_MERGE_REQUEST_IID", "7"),
        ("CI_MERGE_REQUEST_PROJECT_PATH", "group/project"),
        ("CI_MERGE_REQUEST_TITLE", "Export of audit events"),
        ("CI_MERGE_REQUEST_DESCRIPTION", "It is part of #21549 for now."),
    ];
    let output = run_with(folder.path(), &arguments, &request);
    assert_eq!(output.status.code(), Some(1));
    let found = stdout(output);
    assert!(found.starts_with("group/project!7:") && found.contains("`#21549`"), "{found}");

    let output = run_with(folder.path(), &arguments, &[("CI_PIPELINE_SOURCE", "push")]);
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(error.contains("no merge request in the environment") && error.contains("`push`"), "{error}");
}

#[test]
fn standard_input_is_linted_under_a_name_or_as_a_record() {
    use std::io::Write;
    use std::process::Stdio;

    let folder = folder();
    let pipe = |arguments: &[&str], input: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_proclint"));
        command.arg("check").args(arguments).args(RULES).current_dir(folder.path()).envs(ENVIRONMENT);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("proclint runs");
        child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("written");
        stdout(child.wait_with_output().expect("proclint ends"))
    };
    let page = pipe(&["--stdin-filename", "docs/page.md", "-q"], "See #21549.\n");
    assert!(page.starts_with("docs/page.md:1:5: warning bare-reference"), "{page}");
    let commit = pipe(&["--commit-msg", "-", "-q"], "Add #21549\n");
    assert!(commit.contains(":1:5: warning bare-reference"), "{commit}");
    let record = r#"{"iid": 7, "title": "Add it", "description": "See #21549."}"#;
    let request = pipe(&["--merge-request", "-", "--project", "a/b", "-q"], record);
    assert!(request.starts_with("a/b!7:"), "{request}");
    let issue = pipe(&["--issues", "-", "-q"], record);
    assert!(issue.starts_with("#7:"), "{issue}");
}

#[test]
fn a_code_quality_report_points_at_texts_that_later_runs_leave_alone() {
    let folder = folder();
    let record = r#"{"iid": 7, "title": "Add it", "description": "See #21549.", "project": "a/b"}"#;
    write(folder.path(), "mr.json", record);
    write(folder.path(), "page.md", "Nothing.\n");
    let arguments = ["check", "--merge-request", "mr.json", "-q", "--report", "gitlab=out/quality.json"];
    fs::create_dir(folder.path().join("out")).expect("a folder");
    assert_eq!(run(folder.path(), &arguments).status.code(), Some(1));
    let report = fs::read_to_string(folder.path().join("out/quality.json")).expect("a report");
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    let path = report[0]["location"]["path"].as_str().expect("a path");
    let line = report[0]["location"]["lines"]["begin"].as_u64().expect("a line");
    let text = fs::read_to_string(folder.path().join(path)).expect("the text is there");
    assert_eq!(text.lines().nth(line as usize - 1), Some("See #21549."));

    let (code, found, _) = outcome(folder.path(), &["check"]);
    assert_eq!((code, found.as_str()), (Some(0), ""));
}

#[cfg(unix)]
#[test]
fn a_report_replaces_a_file_as_a_whole_and_writes_into_a_pipe() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let folder = folder();
    write(folder.path(), "page.md", "See #21549.\n");
    write(folder.path(), "kept/report.json", "old and much longer than nothing ".repeat(200));
    let old = folder.path().join("kept/report.json");
    fs::set_permissions(&old, fs::Permissions::from_mode(0o640)).expect("its mode is set");
    symlink("kept/report.json", folder.path().join("link.json")).expect("a link");
    let arguments = ["check", "page.md", "-q", "--report", "json=link.json", "--report", "sarif=/dev/null"];
    assert_eq!(run(folder.path(), &arguments).status.code(), Some(1));
    let report = fs::read(&old).expect("a report");
    serde_json::from_slice::<serde_json::Value>(&report).expect("nothing of the old one is left");
    assert_eq!(fs::metadata(&old).expect("a file").permissions().mode() & 0o777, 0o640);
    assert!(folder.path().join("link.json").is_symlink());
    let entries = fs::read_dir(folder.path().join("kept")).expect("a folder").count();
    assert_eq!(entries, 1, "no part is left behind");
}

#[test]
fn any_number_of_jobs_gives_the_same_bytes() {
    let folder = folder();
    for number in 0..40 {
        let page = format!("# Page {number}\n\nSee #21549 and #{}. An MVC.\n", number + 100);
        write(folder.path(), &format!("docs/{}/page-{number}.md", number % 7), page);
    }
    write(folder.path(), "docs/broken.md", b"\xff");
    let json = |jobs| {
        let output =
            run(folder.path(), &["check", "--format", "json", "--jobs", jobs, "--today", "2026-03-15"]);
        assert_eq!(output.status.code(), Some(1));
        output.stdout
    };
    let alone = json("1");
    assert!(alone.len() > 10_000);
    for jobs in ["2", "4", "16"] {
        assert!(json(jobs) == alone, "{jobs} jobs say something else than one");
    }
}

#[test]
fn an_audit_says_the_same_with_any_number_of_jobs_and_no_confidential_word() {
    let folder = folder();
    let records: String = (1..=300)
        .map(|iid| {
            let text = if iid % 3 == 0 { "Sesame: see #21549 and #4711." } else { "See #21549." };
            format!("{{\"iid\": {iid}, \"title\": \"Sesame\", \"description\": \"{text}\", \"confidential\": {}}}\n", iid % 3 == 0)
        })
        .collect();
    write(folder.path(), "issues.ndjson", records);
    let audit = |format, jobs| {
        let output = run(folder.path(), &["audit", "issues.ndjson", "--format", format, "--jobs", jobs]);
        assert_eq!(output.status.code(), Some(1));
        stdout(output)
    };
    for format in ["human", "json", "markdown", "ndjson"] {
        let alone = audit(format, "1");
        assert!(!alone.contains("Sesame") && !alone.contains("#4711"), "{alone}");
        assert!(audit(format, "4") == alone, "{format}: four jobs say something else than one");
    }
    let lines = audit("ndjson", "4");
    let numbers: Vec<_> = lines.lines().filter_map(|line| line.split("\"name\":\"#").nth(1)).collect();
    assert_eq!(numbers.len(), 400);
    assert!(numbers.is_sorted_by_key(|name| name.split('"').next().and_then(|iid| iid.parse::<u32>().ok())));
}
