//! The reports of an audit: the same findings in each, harmless whatever records say, and none that looks complete where
//! the audit was not.
#![allow(clippy::expect_used, reason = "a test says what it expects")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

/// What a record may say to whoever opens the page.
const HOSTILE: &str = "</script></table><script>alert(1)</script><img src=x onerror=alert(1)>\"'`";

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_proclint"));
    command.current_dir(folder).args(["audit", "--fail-on", "never"]);
    if !arguments.contains(&"--today") {
        command.args(["--today", "2025-09-01"]);
    }
    command.args(["--select", "bare-reference,scoped-label-exclusive"]).args(arguments);
    command.output().expect("proclint runs")
}

fn issue(number: usize) -> Value {
    let other = format!("workflow::{HOSTILE}");
    let labels = if number.is_multiple_of(3) {
        vec!["group::boards".to_owned(), "workflow::in dev".to_owned(), other]
    } else {
        vec![format!("group::={HOSTILE}")]
    };
    json!({
        "iid": number,
        "title": HOSTILE,
        "description": format!("We wait for #{}, and this waits for !{}.", 1000 + number, 2000 + number),
        "state": if number.is_multiple_of(2) { "opened" } else { "closed" },
        "labels": labels,
        "created_at": "2025-03-01T10:00:00.000Z",
        "updated_at": "2025-08-30T10:00:00.000Z",
        "confidential": number.is_multiple_of(10),
        "references": {"full": format!("group/project#{number}")},
        "web_url": if number.is_multiple_of(7) { "javascript:alert(1)".to_owned() } else { format!("https://gitlab.example.com/i/{number}?a=\"'<b>") },
    })
}

/// A folder with `number` issues in `issues.ndjson`.
fn issues(number: usize) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let lines: Vec<_> = (1..=number).map(|number| issue(number).to_string()).collect();
    fs::write(folder.path().join("issues.ndjson"), lines.join("\n")).expect("written");
    folder
}

fn read(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).expect("a report")
}

#[test]
fn one_run_writes_every_format_and_all_tell_of_the_same_findings() {
    let folder = issues(60);
    let reports = ["html=page.html", "csv=all.csv", "ndjson=all.ndjson", "json=sum.json", "markdown=sum.md"];
    let arguments: Vec<_> = reports.iter().flat_map(|report| ["--report", report]).collect();
    let output = run(folder.path(), &[&["issues.ndjson"], arguments.as_slice()].concat());
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let found = read(&folder, "all.ndjson").matches("\"type\":\"diagnostic\"").count();
    assert_eq!(found, 140);
    let mut sheet = csv::Reader::from_path(folder.path().join("all.csv")).expect("CSV");
    let records: Vec<_> = sheet.records().map(|record| record.expect("a line")).collect();
    assert_eq!(records.iter().filter(|record| &record[0] != "not checked").count(), found);
    assert!(records.iter().all(|record| record.iter().all(|cell| !cell.starts_with('='))));
    let sum: Value = serde_json::from_str(&read(&folder, "sum.json")).expect("JSON");
    assert_eq!(sum["found"]["bare-reference"]["warning"], 120);
    // The labels of the six confidential issues are nobody's business.
    assert_eq!(sum["teams"][0]["hidden"]["subjects"], 6);
    assert_eq!(sum["ages"]["created"]["buckets"][3]["warning"], 20);
    assert!(read(&folder, "sum.md").contains("| `group::boards` | 54 | 18 of 18 | `bare-reference` 36, "));
    assert_eq!(read(&folder, "page.html").matches("\n<tr><td>").count(), found);
}

#[test]
fn nothing_a_record_says_gets_into_the_page_as_more_than_text() {
    let folder = issues(60);
    let page =
        String::from_utf8(run(folder.path(), &["issues.ndjson", "--format", "html"]).stdout).expect("UTF-8");
    assert!(
        !page.contains("<img") && !page.contains("javascript:") && !page.contains("<script>alert"),
        "{page}"
    );
    assert_eq!((page.matches("<script>").count(), page.matches("<style>").count()), (1, 1));
    assert!(page.contains("workflow::&#60;/script&#62;"), "{page}");
    assert!(page.contains("default-src 'none'; style-src 'sha256-") && !page.contains("unsafe-inline"));
    assert!(!page.contains(" style=\"") && !page.contains(" onclick"), "the policy of the page forbids them");
    // A link goes to a web page, and is quoted.
    assert!(page.contains("href=\"https://gitlab.example.com/i/1?a=%22&#39;%3Cb%3E\""), "{page}");
}

#[test]
fn a_page_has_no_more_rows_than_a_browser_opens_at_once() {
    let folder = issues(9000);
    let page =
        String::from_utf8(run(folder.path(), &["issues.ndjson", "--format", "html"]).stdout).expect("UTF-8");
    assert!(page.len() < 5_000_000, "{}", page.len());
    let rows = page.matches("\n<tr><td>").count();
    let more = 21_000 - rows;
    assert!(rows > 10_000, "{rows}");
    assert!(page.contains(&format!("first {rows} findings")) && page.contains(&format!("and {more} more")));
}

#[test]
fn an_audit_that_broke_says_so_in_every_report_and_is_no_part_of_the_history() {
    let folder = issues(3);
    let broken = read(&folder, "issues.ndjson") + "\n{\"iid\": 4, \u{1}";
    fs::write(folder.path().join("broken.ndjson"), broken).expect("written");
    let reports = ["html=page.html", "csv=all.csv", "json=sum.json", "markdown=sum.md"];
    let arguments: Vec<_> = reports.iter().flat_map(|report| ["--report", report]).collect();
    let arguments = [&["broken.ndjson", "--history", "runs.ndjson"], arguments.as_slice()].concat();
    let output = run(folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(2));
    for (name, words) in [
        ("page.html", "This audit did not come to its end:"),
        ("sum.md", "**This audit did not come to its end:**"),
        ("sum.json", "\"broken\":"),
        ("all.csv", "\nnot checked,,broken.ndjson,"),
    ] {
        let report = read(&folder, name);
        assert!(report.contains(words), "{name}: {report}");
    }
    assert!(!folder.path().join("runs.ndjson").exists());
}

#[test]
fn a_report_that_cannot_be_written_is_no_half_report() {
    let folder = issues(3);
    for report in ["csv=none/all.csv", "html=none/page.html"] {
        let output = run(folder.path(), &["issues.ndjson", "--report", report, "--history", "runs.ndjson"]);
        assert_eq!(output.status.code(), Some(2), "{report}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("cannot be written"));
    }
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
}

#[test]
fn the_history_only_grows_and_tells_what_changed() {
    let folder = issues(30);
    let all = read(&folder, "issues.ndjson");
    let on = |day, format| {
        run(folder.path(), &["issues.ndjson", "--today", day, "--history", "runs.ndjson", "--format", format])
    };
    on("2025-08-01", "human");
    let first = read(&folder, "runs.ndjson");
    fs::write(folder.path().join("runs.ndjson"), format!("{first}{{\"date\":\"2025-08-0")).expect("written");
    let half: String = all.lines().take(15).map(|line| format!("{line}\n")).collect();
    fs::write(folder.path().join("issues.ndjson"), half).expect("written");
    let output = on("2025-08-08", "human");
    let told = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(
        told.contains(
            "35 findings fewer than on 2025-08-01: 70 in 30 subjects then, 35 in 15 subjects now\n"
        ),
        "{told}"
    );
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("line 2 of runs.ndjson is damaged"));
    let runs = read(&folder, "runs.ndjson");
    assert!(runs.starts_with(&format!("{first}{{\"date\":\"2025-08-0\n{{\"date\":\"2025-08-08\"")), "{runs}");
    assert_eq!(runs.lines().count(), 3);
    let page = String::from_utf8(on("2025-08-08", "html").stdout).expect("UTF-8");
    assert!(
        page.contains("Line 2 of runs.ndjson is damaged") && page.contains("1 earlier ones are left out"),
        "{page}"
    );
    assert!(page.contains("<td class=\"number\">−30</td>"), "the change of a rule");
    // A file that is something else is not written to.
    let output = run(folder.path(), &["issues.ndjson", "--history", "issues.ndjson"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no line of issues.ndjson is an audit"));
}

#[test]
fn the_machine_of_states_is_drawn_and_told_in_a_table() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/flow.in"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_proclint"));
    command.current_dir(folder).args(["audit", "issues.ndjson", "--today", "2025-04-01", "--format", "html"]);
    command.args(["--rules", "rules", "--select", "flow-of-work"]);
    let page = String::from_utf8(command.output().expect("proclint runs").stdout).expect("UTF-8");
    let drawing = page.split("<svg class=\"machine\"").nth(1).and_then(|rest| rest.split("</svg>").next());
    let drawing = drawing.expect("a drawing");
    let moves = drawing.matches("class=\"illegal move\"").count();
    assert!(moves > 0 && drawing.matches(">✗ ").count() == moves, "{drawing}");
    assert_eq!(drawing.matches("<rect class=\"box\"").count(), 6, "{drawing}");
    assert_eq!(page.matches(">none of theirs</span>").count(), moves);
    assert!(page.contains("<h2 id=\"flow\">") && page.contains("<th scope=\"row\">planning breakdown</th>"));
}
