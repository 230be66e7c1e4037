//! `--fix` and `--diff` on a file system as it is: what is written, what stays as it was, and what stops a run.
#![allow(clippy::expect_used, reason = "a test says what it expects")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use tempfile::TempDir;

const TEMPLATE: &str = ".gitlab/issue_templates/a.md";

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn write(folder: &Path, path: &str, content: &str) -> PathBuf {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().expect("below the folder")).expect("a folder");
    fs::write(&path, content).expect("written");
    path
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("UTF-8")
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_proclint"));
    command.arg("check").args(arguments).args(["--select", "bare-reference"]).current_dir(folder);
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().expect("proclint runs")
}

fn error(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn unfinished(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<_> = names.map(|name| name.to_string_lossy().into_owned()).collect();
    names.retain(|name| name.starts_with(".proclint-"));
    names
}

#[test]
fn nothing_but_the_edits_changes() {
    let folder = folder();
    let texts = [
        "\u{feff}First #21549.\r\n\r\nThen 監査 #4021 🎉\r\n",
        "See #21549",
        "Mixed #21549\r\nends #4021\n\n\n",
    ];
    for text in texts {
        let file = write(folder.path(), TEMPLATE, text);
        let output = run(folder.path(), &["--fix"]);
        assert_eq!(output.status.code(), Some(0), "{}", error(&output));
        assert_eq!(read(&file), text.replace("#21549", "#21549+").replace("#4021", "#4021+"));
        run(folder.path(), &["--fix"]);
        assert_eq!(read(&file), text.replace("#21549", "#21549+").replace("#4021", "#4021+"));
    }
}

#[cfg(unix)]
#[test]
fn mode_stays_and_links_are_followed() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let folder = folder();
    let file = write(folder.path(), "shared/real.md", "See #21549.\n");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o751)).expect("permissions");
    let link = write(folder.path(), TEMPLATE, "").with_file_name("link.md");
    symlink("../../shared/real.md", &link).expect("a link");
    let output = run(folder.path(), &["--fix", link.to_str().expect("UTF-8")]);
    assert_eq!(output.status.code(), Some(0), "{}", error(&output));
    assert_eq!(read(&file), "See #21549+.\n");
    assert!(link.symlink_metadata().expect("there").is_symlink());
    assert_eq!(file.metadata().expect("there").permissions().mode() & 0o7777, 0o751);
}

#[test]
fn a_read_only_file_is_told_and_the_others_are_fixed() {
    let folder = folder();
    let locked = write(folder.path(), TEMPLATE, "See #21549.\n");
    let open = write(folder.path(), ".gitlab/issue_templates/b.md", "See #21549.\n");
    let mut permissions = locked.metadata().expect("there").permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&locked, permissions).expect("permissions");
    let output = run(folder.path(), &["--fix", "--format", "json"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(error(&output).contains("1 file could not be fixed"), "{}", error(&output));
    assert_eq!((read(&locked).as_str(), read(&open).as_str()), ("See #21549.\n", "See #21549+.\n"));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((&report["summary"]["fixed"], &report["summary"]["left"]), (&1.into(), &1.into()));
    assert_eq!(report["left"][0]["reason"], "cannot be written: the file is read-only");
    assert_eq!(report["diagnostics"].as_array().map(Vec::len), Some(1));
    assert!(unfinished(&folder.path().join(".gitlab/issue_templates")).is_empty());
}

#[test]
fn a_diff_can_be_applied_and_changes_nothing_itself() {
    let folder = folder();
    let text = "a\nb\nc\nd\nSee #21549.\r\ne\nf\ng\nSee #4021";
    let file = write(folder.path(), ".gitlab/issue_templates/a b.md", text);
    let output = run(folder.path(), &["--diff"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(error(&output).contains("2 would be fixed"), "{}", error(&output));
    assert_eq!(read(&file), text);
    let mut apply = Command::new("git");
    let apply = apply.args(["apply", "-p1", "-"]).current_dir(folder.path()).stdin(Stdio::piped());
    let mut apply = apply.spawn().expect("git runs");
    std::io::Write::write_all(&mut apply.stdin.take().expect("a pipe"), &output.stdout).expect("written");
    assert!(apply.wait().expect("git ends").success());
    let applied = read(&file);
    assert_eq!(run(folder.path(), &["--diff"]).status.code(), Some(0));
    fs::write(&file, text).expect("written");
    run(folder.path(), &["--fix"]);
    assert_eq!(read(&file), applied);
}

#[test]
fn standard_input_comes_back_fixed() {
    let folder = folder();
    for (text, fixed) in [("See #21549.", "See #21549+."), ("Clean.\n", "Clean.\n")] {
        let mut child = command(folder.path(), &["--fix", "--stdin-filename", TEMPLATE]);
        let child = child.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = child.spawn().expect("proclint runs");
        std::io::Write::write_all(&mut child.stdin.take().expect("a pipe"), text.as_bytes())
            .expect("written");
        let output = child.wait_with_output().expect("proclint ends");
        assert_eq!(String::from_utf8_lossy(&output.stdout), fixed);
        assert!(error(&output).contains("1 subject"), "{}", error(&output));
    }
}

/// Kills runs at random moments, `KILLS` times over 1,000 files; a tenth of both unless `KILLS` is set.
#[test]
fn a_killed_run_leaves_every_file_old_or_new() {
    let kills = std::env::var("KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(20_u64);
    let files = if kills > 20 { 1_000 } else { 100 };
    let folder = folder();
    let old =
        |number: usize| format!("File {number}: see #21549 and #4021.\n{}", "Words. ".repeat(number % 50));
    let new = |number: usize| old(number).replace("#21549", "#21549+").replace("#4021", "#4021+");
    let path = |number: usize| format!(".gitlab/issue_templates/{}/{number}.md", number % 7);
    let paths: Vec<_> = (0..files).map(|number| write(folder.path(), &path(number), &old(number))).collect();
    let start = std::time::Instant::now();
    run(folder.path(), &["--fix"]);
    let whole = start.elapsed().as_micros() as u64;
    let mut random = 1_u64;
    for _ in 0..kills {
        for (number, path) in paths.iter().enumerate() {
            if read(path) != old(number) {
                fs::write(path, old(number)).expect("written");
            }
        }
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mut child =
            command(folder.path(), &["--fix", "--quiet"]).stdout(Stdio::null()).spawn().expect("runs");
        std::thread::sleep(Duration::from_micros((random >> 33) % whole));
        child.kill().expect("killed");
        child.wait().expect("ended");
        for (number, path) in paths.iter().enumerate() {
            let text = read(path);
            assert!(text == old(number) || text == new(number), "{}: {text:?}", path.display());
        }
    }
    assert_eq!(run(folder.path(), &["--fix"]).status.code(), Some(0));
    for (number, path) in paths.iter().enumerate() {
        assert_eq!(read(path), new(number));
    }
    for number in 0..7 {
        assert!(unfinished(&folder.path().join(format!(".gitlab/issue_templates/{number}"))).is_empty());
    }
}

#[test]
fn what_a_stopped_run_left_is_removed_by_the_next_one_that_fixes() {
    let folder = folder();
    let file = write(folder.path(), TEMPLATE, "Clean.\n");
    let stray = write(folder.path(), ".gitlab/issue_templates/.proclint-AbC.unfinished", "See #21549");
    let own = write(folder.path(), ".gitlab/issue_templates/.proclint-notes.md", "Mine.\n");
    let output = run(folder.path(), &[]);
    assert_eq!(
        output.status.code(),
        Some(0),
        "it is not linted: {}",
        String::from_utf8_lossy(&output.stdout)
    );
    assert!(stray.exists());
    run(folder.path(), &["--fix", file.to_str().expect("UTF-8")]);
    assert!(!stray.exists() && own.exists());
}
