//! Pipes, devices and sockets in the place of files: what nobody named is refused or told, never waited for.
#![cfg(unix)]
#![allow(clippy::expect_used, reason = "a test says what it expects")]

use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

const ONLY: [&str; 2] = ["--select", "bare-reference"];

/// A page with a finding, and the lists of a project.
fn project() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in [
        ("docs/page.md", "See #21549.\n"),
        (".git/HEAD", "ref: refs/heads/main\n"),
        ("saved/issues.ndjson", "{\"iid\": 1, \"title\": \"One\"}\n"),
        ("rules/judged/page.yml", "[]\n"),
    ] {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("below the folder")).expect("a folder");
        fs::write(path, text).expect("written");
    }
    folder
}

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().expect("mkfifo runs").success());
}

fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_proclint"));
    command.args(args).current_dir(folder).env("COLUMNS", "200").stdin(Stdio::null());
    command
}

/// The exit code, and what was printed, standard error last.
fn told(output: Output) -> (Option<i32>, String) {
    let text = String::from_utf8([output.stdout, output.stderr].concat()).expect("UTF-8");
    (output.status.code(), text)
}

fn run(folder: &Path, args: &[&str]) -> (Option<i32>, String) {
    told(command(folder, args).output().expect("proclint runs"))
}

#[test]
fn what_is_read_because_of_its_name_is_a_file_or_refused() {
    let project = project();
    let folder = project.path();
    let check = ["check", "docs", ONLY[0], ONLY[1]];
    let root = "it is read because it lies at the root of the repository under this name";
    for name in [".proclint.yml", "proclint-rules.lock"] {
        let place = folder.join(name);
        let refused = |what: &str| {
            let (code, text) = run(folder, &check);
            assert!(code == Some(2) && text.contains(&format!("{name} cannot be read")), "{text}");
            assert!(text.contains(&format!("it is {what}, and no file")) && text.contains(root), "{text}");
        };
        pipe(&folder.join("pipe"));
        symlink("pipe", &place).expect("a link");
        refused("a pipe");
        fs::remove_file(&place).expect("removed");
        fs::rename(folder.join("pipe"), &place).expect("moved");
        refused("a pipe");
        fs::remove_file(&place).expect("removed");
        let listener = UnixListener::bind(&place).expect("a socket");
        refused("a socket");
        drop(listener);
        fs::remove_file(&place).expect("removed");
        symlink("/dev/tty", &place).expect("a link");
        refused("a device");
        fs::remove_file(&place).expect("removed");
        fs::create_dir(&place).expect("a folder");
        refused("a folder");
        fs::remove_dir(&place).expect("removed");
        symlink("nowhere", &place).expect("a link");
        assert_eq!(run(folder, &check).0, Some(1), "a link that leads nowhere is no file");
        fs::remove_file(&place).expect("removed");
    }
}

#[test]
fn what_lies_in_a_folder_that_is_named_is_a_file_or_refused() {
    let project = project();
    let folder = project.path();
    let refused = |args: &[&str], name: &str| {
        let (code, text) = run(folder, args);
        assert!(code == Some(2) && text.contains(name), "{args:?}: {text}");
        assert!(text.contains("it is a pipe, and no file"), "{args:?}: {text}");
    };
    for name in ["rules/own.yml", "rules/judged/other.yml", "saved/not_checked.ndjson", "history.ndjson"] {
        pipe(&folder.join(name));
    }
    refused(&["check", "docs", "--rules", "rules"], "rules/own.yml");
    fs::remove_file(folder.join("rules/own.yml")).expect("removed");
    let rule =
        include_str!("../rules/communication/bare-reference.yml").replace("id: bare-reference", "id: own");
    fs::write(folder.join("rules/own.yml"), rule).expect("written");
    refused(&["coverage", "docs/page.md", "--rules", "rules"], "rules/judged/other.yml");
    refused(&["audit", "saved"], "not_checked.ndjson");
    refused(&["audit", "saved/issues.ndjson", "--history", "history.ndjson"], "history.ndjson");
    // What cannot be read does not name proclint, so nothing is done to it.
    pipe(&folder.join(".gitlab-ci.yml"));
    let (code, text) = run(folder, &["init"]);
    assert!(code.is_some() && text.contains(".gitlab-ci.yml is there already and stays as it is"), "{text}");
}

#[test]
fn a_link_in_a_folder_that_leads_to_no_file_is_told() {
    let project = project();
    let folder = project.path();
    pipe(&folder.join("pipe"));
    symlink("../pipe", folder.join("docs/pipe.md")).expect("a link");
    symlink("/dev/zero", folder.join("docs/zero.md")).expect("a link");
    symlink("/dev/zero", folder.join("docs/zero.rs")).expect("a link");
    symlink("page.md", folder.join("docs/again.md")).expect("a link");
    let (code, text) = run(folder, &["check", "docs", "--format=json", ONLY[0], ONLY[1]]);
    assert_eq!(code, Some(1), "{text}");
    let report: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let gaps = report["not_checked"].as_array().expect("a list").iter();
    let gaps: Vec<_> = gaps.map(|gap| [&gap["subject"], &gap["reason"]]).collect();
    let reason = "a symbolic link that leads to neither a file nor a folder";
    let expected = [["docs/pipe.md", reason], ["docs/zero.md", reason]];
    assert_eq!(gaps, expected, "what is of no kind, and what is read where it lies, is no gap");
}

/// As where a shell puts a pipe in the place of what a command prints.
#[test]
fn a_pipe_that_is_named_is_read_to_its_end() {
    let project = project();
    let folder = project.path();
    let read = |args: &[&str], name: &str, text: &str| {
        pipe(&folder.join(name));
        let mut command = command(folder, args);
        let run = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("proclint runs");
        // This waits until there is a reader.
        let mut pipe = fs::File::options().write(true).open(folder.join(name)).expect("a pipe");
        pipe.write_all(text.as_bytes()).expect("written");
        drop(pipe);
        told(run.wait_with_output().expect("proclint ends"))
    };
    let args = ["check", "docs", "--config", "given.yml", ONLY[0], ONLY[1]];
    let (code, text) = read(&args, "given.yml", "rules:\n  bare-reference: info\n");
    assert!(code == Some(0) && text.contains("info bare-reference"), "{text}");
    let args = ["check", "docs", "--baseline", "given.ndjson", ONLY[0], ONLY[1]];
    let (code, text) = read(&args, "given.ndjson", "no baseline\n");
    assert!(code == Some(2) && text.contains("given.ndjson"), "{text}");
    let (code, text) = run(folder, &["check", "docs", "--baseline", "/dev/zero"]);
    assert!(code == Some(2) && text.contains("larger than 64 MiB"), "{text}");
}

#[test]
fn a_dash_in_the_place_of_a_file_is_told_how_standard_input_is_read() {
    let project = project();
    for args in [["check", "-"], ["waivers", "-"]] {
        let (code, text) = run(project.path(), &args);
        assert!(
            code == Some(2) && text.contains("`-` is standard input, which does not say what kind"),
            "{text}"
        );
        assert!(text.contains("`check --stdin-filename docs/page.md` reads"), "{text}");
    }
}
