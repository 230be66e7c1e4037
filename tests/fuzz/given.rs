//! What bytes are made into: texts, files and records, and the rules and the day they are checked with.

use std::sync::LazyLock;

use jiff::civil::date;
use proclint::engine;
use proclint::finding::Checked;
use proclint::load::{RecordKind, each_record, file_subject, kind_of};
use proclint::rule::RuleSet;
use proclint::subject::Subject;
use proclint::world::World;
use serde_json::{Value, json};

/// All built-in rules, those that are off by default too.
pub static RULES: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::all().expect("all rules are chosen"));

/// One path of every kind of file, and of every format.
const PATHS: [&str; 9] = [
    "content/handbook/page.md",
    ".gitlab/issue_templates/Bug.md",
    ".gitlab/merge_request_templates/Default.md",
    "data/release_posts/unreleased/item.yml",
    "data/release_posts/unreleased/item.md",
    "CODEOWNERS",
    "COMMIT_EDITMSG",
    "data/categories.yml",
    ".triage-policies.yml",
];

/// A world in which nothing is known but the day.
pub fn world() -> World {
    World::on(date(2026, 3, 15))
}

/// Checks `subject` with all rules.
pub fn check(subject: &Subject) -> Checked {
    engine::check(subject, &RULES, &world(), true)
}

/// The first byte, which chooses, and the text behind it.
pub fn choice(data: &[u8]) -> (usize, String) {
    let (first, rest) = data.split_first().unwrap_or((&0, &[]));
    (usize::from(*first), String::from_utf8_lossy(rest).into_owned())
}

/// A file of the kind that the first byte chooses.
pub fn file(data: &[u8]) -> Subject {
    let (choice, text) = choice(data);
    let path = PATHS[choice % PATHS.len()];
    let (kind, format) = kind_of(path).expect("a known kind");
    file_subject(path, text, kind, format)
}

/// A file, or a record whose texts are cut from the bytes at NULs.
pub fn subject(data: &[u8]) -> Subject {
    let (choice, text) = choice(data);
    if choice % 4 != 3 {
        return file(data);
    }
    let mut parts = text.split('\0');
    let mut part = || parts.next().unwrap_or_default();
    let (title, body, note, diff) = (part(), part(), part(), part());
    let confidential = choice % 8 == 7;
    let value = json!({
        "iid": choice, "project_id": 1, "title": title, "description": body, "labels": ["a::b", title],
        "notes": [{"body": note, "internal": confidential}], "commits": [{"message": note}], "milestone": null,
        "confidential": confidential, "created_at": "2026-03-01T10:00:00Z", "diff": diff,
    });
    let kind = if choice % 16 < 8 { RecordKind::IssueOrEpic } else { RecordKind::MergeRequest };
    record(&value, kind).remove(0)
}

/// The records in `value`.
pub fn record(value: &Value, kind: RecordKind) -> Vec<Subject> {
    let mut subjects = Vec::new();
    let text = value.to_string();
    each_record(text.as_bytes(), kind, "record", Some("group/project"), &mut |subject| {
        subjects.extend(subject)
    })
    .expect("JSON that was just written");
    subjects
}
