//! A project's own rules: pinned by their checksums, and shut into their folder.
#![allow(clippy::expect_used, reason = "a test says what it expects")]

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

const RULE: &str = "id: plain-words\ntitle: Plain words\nfrom: https://handbook.example/words/#plain\nheading: Plain\n\
                    quote: \"Use plain words.\"\nsays: should\nseverity: warning\non: [page]\nmessage: \"Say `{hit}` in \
                    plain words\"\nhelp: \"Replace the word.\"\ntext:\n  match: \"utilise\"\n  literals: [utilise]\n\
                    examples:\n  - bad: \"We «utilise» it.\"\n  - good: \"We use it.\"\n";

/// A project with a rule of its own, and a page that breaks it.
fn project() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), ".git/HEAD", "ref: refs/heads/main\n");
    write(folder.path(), ".proclint.yml", "rule-folders: [rules]\n");
    write(folder.path(), "rules/plain-words.yml", RULE);
    write(folder.path(), "docs/page.md", "We utilise it.\n");
    folder
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().expect("below the folder")).expect("a folder");
    fs::write(path, text).expect("written");
}

/// The exit code, and what was printed, standard error last.
fn run(folder: &Path, args: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_proclint"));
    let output =
        command.args(args).current_dir(folder).env("COLUMNS", "200").output().expect("proclint runs");
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(text).expect("UTF-8"))
}

/// Which error the commands that use the rules end with; they all end with the same.
fn refused(folder: &Path) -> String {
    let commands: [&[&str]; 5] = [
        &["check", "docs"],
        &["rules"],
        &["explain", "bare-reference", "--rules", "rules"],
        &["test", "rules"],
        &["why", "plain-words", "docs/page.md"],
    ];
    let mut told: Vec<String> = commands
        .iter()
        .map(|args| {
            let (code, text) = run(folder, args);
            assert_eq!(code, Some(2), "{args:?}: {text}");
            text.lines().find(|line| line.contains("×")).unwrap_or_default().trim().to_owned()
        })
        .collect();
    told.dedup();
    assert_eq!(told.len(), 1, "{told:?}");
    told.remove(0)
}

#[test]
fn locked_rules_count_as_they_were_locked_or_not_at_all() {
    let project = project();
    let folder = project.path();
    let check = || run(folder, &["check", "docs", "--select", "plain-words"]);
    let (code, found) = check();
    assert!(code == Some(1) && found.contains("Say `utilise`"), "without a lock: {found}");
    assert_eq!(
        run(folder, &["rules", "--lock"]),
        (Some(0), "proclint-rules.lock pins 1 rule file\n".to_owned())
    );
    let lock = fs::read_to_string(folder.join("proclint-rules.lock")).expect("a lock");
    assert!(lock.len() > 64 && lock.ends_with("  rules/plain-words.yml\n"), "as sha256sum has it: {lock}");
    assert_eq!(check().0, Some(1), "as locked");

    write(folder, "rules/plain-words.yml", &RULE.replace("match: \"utilise\"", "match: \"never-found\""));
    assert_eq!(refused(folder), "× rules/plain-words.yml is not what proclint-rules.lock says");
    write(folder, "rules/plain-words.yml", RULE);

    write(folder, "rules/more.yml", &RULE.replace("plain-words", "more"));
    assert_eq!(refused(folder), "× rules/more.yml is not in proclint-rules.lock");
    assert_eq!(run(folder, &["rules", "--lock"]).0, Some(0), "taken in");
    fs::remove_file(folder.join("rules/more.yml")).expect("removed");
    assert_eq!(refused(folder), "× rules/more.yml is in proclint-rules.lock and is not there");

    write(folder, "proclint-rules.lock", "<<<<<<< ours\n");
    assert_eq!(refused(folder), "× line 1 of proclint-rules.lock is no checksum with a path");
}

#[test]
fn a_folder_that_only_the_command_line_names_may_be_new() {
    let project = project();
    let folder = project.path();
    assert_eq!(run(folder, &["rules", "--lock"]).0, Some(0));
    write(folder, "tried/tried.yml", &RULE.replace("plain-words", "tried"));
    let (code, found) = run(folder, &["check", "docs", "--rules", "tried", "--select", "tried"]);
    assert!(code == Some(1) && found.contains("tried: Say `utilise`"), "{found}");
    assert_eq!(run(folder, &["rules", "--lock", "--rules", "tried"]).0, Some(0));
    write(folder, "tried/tried.yml", &RULE.replace("plain-words", "tried").replace("warning", "info"));
    let (code, found) = run(folder, &["check", "docs", "--rules", "tried", "--select", "tried"]);
    assert!(code == Some(2) && found.contains("tried/tried.yml is not what"), "{found}");
}

#[test]
fn without_rules_of_ones_own_there_is_nothing_to_lock() {
    let folder = tempfile::tempdir().expect("a folder");
    let (code, text) = run(folder.path(), &["rules", "--lock"]);
    assert!(code == Some(2) && text.contains("there are no rule files to lock"), "{text}");
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
}

#[cfg(unix)]
#[test]
fn rules_do_not_come_from_outside_of_their_folder() {
    use std::os::unix::fs::symlink;

    let project = project();
    let folder = project.path();
    let outside = tempfile::tempdir().expect("a folder");
    write(outside.path(), "secret.yml", "token: 4711\n");
    for (target, link) in [
        (outside.path().join("secret.yml"), "rules/secret.yml"),
        (outside.path().to_owned(), "rules/more"),
        (folder.join("docs"), "rules/docs"),
        (folder.join("nowhere"), "rules/nowhere.yml"),
    ] {
        symlink(target, folder.join(link)).expect("a link");
        let (code, text) = run(folder, &["check", "docs"]);
        assert_eq!(code, Some(2), "{link}: {text}");
        assert!(text.contains(&format!("{link} is a symbolic link that leads out of")), "{text}");
        assert!(!text.contains("4711"), "{text}");
        fs::remove_file(folder.join(link)).expect("removed");
    }
    symlink("plain-words.yml", folder.join("rules/same.yml")).expect("a link");
    assert_eq!(run(folder, &["check", "docs", "--select", "plain-words"]).0, Some(1), "read where it lies");

    symlink(outside.path(), folder.join("linked")).expect("a link");
    for named in ["linked", "..", "rules/../.."] {
        write(folder, ".proclint.yml", &format!("rule-folders: [{named}]\n"));
        let (code, text) = run(folder, &["check", "docs"]);
        assert_eq!(code, Some(2), "{named}: {text}");
        assert!(text.contains("the folder lies outside of the repository"), "{named}: {text}");
    }
}
