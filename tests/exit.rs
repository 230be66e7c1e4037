//! The exit code of a run tells "clean", "findings" and "nothing could be checked" apart.

use std::io::{self, Write};
use std::process::{Command, Stdio};

fn exit_code(records: &str) -> io::Result<Option<i32>> {
    let mut run = Command::new(env!("CARGO_BIN_EXE_proclint"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["check", "--issues", "-", "--format", "json", "--today", "2026-03-15"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    if let Some(mut stdin) = run.stdin.take() {
        stdin.write_all(records.as_bytes())?;
    }
    Ok(run.wait()?.code())
}

#[test]
fn skipped_input_alone_is_no_success() -> io::Result<()> {
    assert_eq!(exit_code(r#"{"iid": 1, "title": "Add dark mode"}"#)?, Some(0));
    assert_eq!(exit_code(r#"{"iid": 1, "labels": ["a::1", "a::2"]}"#)?, Some(1));
    for records in ["", "[]", r#"{"message": "404 Project Not Found"}"#, r#"{"data": {"project": null}}"#] {
        assert_eq!(exit_code(records)?, Some(2), "{records}");
    }
    assert_eq!(exit_code(r#"[{"message": "404 Project Not Found"}, {"iid": 1}]"#)?, Some(0));
    Ok(())
}
