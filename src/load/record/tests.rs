//! How records become text, and what their files may look like.

use proptest::prelude::*;
use serde_json::json;

use super::super::header;
use super::*;
use crate::subject::{Change, Role};
use crate::text::Span;
use crate::yaml::{Node, Style, Value as Yaml};

fn read(text: &str) -> (Vec<String>, Result<usize, LoadError>) {
    let mut names = Vec::new();
    let outcome =
        each_record(text.as_bytes(), RecordKind::IssueOrEpic, "issues.json", Some("g/p"), &mut |record| {
            names.push(match record {
                Ok(subject) => subject.name,
                Err(gap) => format!("{}: {}", gap.subject, gap.reason),
            });
        });
    (names, outcome)
}

#[test]
fn a_merge_request_reads_like_a_page_with_front_matter() {
    let record = json!({
        "id": 90210,
        "iid": 7,
        "project_id": 3,
        "title": "Say \"hi\"",
        "description": "## What\r\n\n---\nSee #12\n",
        "state": "opened",
        "author": {"id": 1, "username": "anna", "avatar_url": "x"},
        "assignees": [{"id": 2, "username": "bob"}],
        "labels": [{"name": "group::plan", "id": 4}, {"name": "bug"}],
        "milestone": {"id": 9, "title": "17.1", "due_date": "2024-06-14", "web_url": "x"},
        "weight": null,
        "references": {"full": "g/p!7"},
        "time_stats": {"time_estimate": 0},
        "notes": [
            {"body": "assigned to @bob", "system": true},
            {"body": "Why?", "author": {"username": "eve"}, "created_at": "2024-05-01T10:00:00Z"},
        ],
        "commits": [{"id": "abc", "message": "Add it\n"}],
        "diffs": [{"old_path": "a.md", "new_path": "b.md", "renamed_file": true, "diff": "@@ -1 +1 @@\n-x\n+ä\n"}],
    });
    let subject = record_subject(&record, Kind::MergeRequest, None);
    let expected = "---
kind: \"merge-request\"
project: \"g/p\"
iid: 7
title: |-
  Say \"hi\"
state: \"opened\"
author: \"anna\"
assignees: [\"bob\"]
labels: [\"group::plan\", \"bug\"]
milestone: {title: \"17.1\", due_date: \"2024-06-14\"}
weight: null
id: 90210
project_id: 3
notes:
  - {system: true, body: \"assigned to @bob\"}
  - {author: \"eve\", created_at: \"2024-05-01T10:00:00Z\"}
commits:
  - {id: \"abc\"}
---

## What\r

---
See #12

--- notes[1].body by @eve at 2024-05-01T10:00:00Z ---

Why?

--- commits[0].message ---

Add it

--- a/a.md
+++ b/b.md
@@ -1 +1 @@
-x
+ä
";
    assert_eq!(subject.text, expected);
    let parts: Vec<_> = subject.parts.iter().map(|part| (part.role, part.field.as_str())).collect();
    let fields =
        [(Role::Body, "description"), (Role::Note, "notes[1].body"), (Role::Commit, "commits[0].message")];
    assert_eq!(parts, fields);
    let file = &subject.diffs.as_ref().unwrap()[0];
    assert_eq!(file.path_span.of(&subject.text), "b.md");
    let added = file.lines.iter().find(|line| line.change == Change::Added).unwrap();
    assert_eq!((added.span.of(&subject.text), added.old, added.new), ("ä", 0, 1));
}

#[test]
fn absent_null_and_empty_stay_apart() {
    let description = |record: Value| {
        let subject = record_subject(&record, Kind::Issue, None);
        assert!(subject.parts.is_empty() && subject.diffs.is_none());
        subject
            .header
            .unwrap()
            .get("description")
            .map(|node| (node.is_null(), node.as_str().map(str::to_owned)))
    };
    assert_eq!(description(json!({})), None);
    assert_eq!(description(json!({"description": null})), Some((true, None)));
    assert_eq!(description(json!({"description": ""})), Some((false, Some(String::new()))));
}

#[test]
fn a_project_export_reads_like_the_api() {
    let record = json!({
        "iid": 1,
        "label_links": [{"label": {"title": "bug"}}, {"label": {"title": "a::b", "type": "GroupLabel"}}],
        "issue_assignees": [{"user_id": 4}, {"user_id": 4}],
        "notes": [{"note": "Why?", "author": {"name": "Eve"}}],
    });
    let subject = record_subject(&record, Kind::Issue, Some("g/p"));
    assert!(subject.text.contains("assignees: [4]\nlabels: [\"bug\", \"a::b\"]\n"), "{}", subject.text);
    assert!(subject.text.contains("notes:\n  - {author: \"Eve\"}\n"), "{}", subject.text);
    assert_eq!(subject.parts[0].field, "notes[0].body");
}

#[test]
fn arrays_single_objects_and_lines_of_objects_are_read() {
    assert_eq!(read("{\"iid\": 1}").0, ["g/p#1"]);
    assert_eq!(read("\u{feff}{\"iid\": 1}\n{\"iid\": 2}\n").0, ["g/p#1", "g/p#2"]);
    assert_eq!(
        read("[{\"iid\": 1}, 5, {\"title\": \"x\"}]\n[]").0,
        ["g/p#1", "issues.json, record 2: not an object, so no record of the API", "issue 3"]
    );
    let epic = r#"[{"iid": 3, "group_id": 1, "references": {"full": "g&3"}}, {"message": "404 Not Found"}]"#;
    let told = ["g&3", "issues.json, record 2: an error of the API instead of a record: 404 Not Found"];
    assert_eq!(read(epic).0, told);
    let wrapped = "issues.json, record 1: an object around the records: give the list in it";
    assert_eq!(read(r#"{"issues": [{"iid": 1}]}"#).0, [wrapped]);
    assert_eq!(read(r#"{"data": {"project": null}}"#).0, [wrapped]);
    assert_eq!(read(r#"{"labels": []}"#).0, ["issue 1"]);
    assert_eq!(read("[]").1.unwrap(), 0);
}

#[test]
fn broken_json_is_told_with_its_place_after_what_came_before() {
    for (text, count, at) in [
        ("[{\"iid\": 1},\n {\"iid\": ä}]", 1, (22, 2, 10)),
        ("[{\"iid\": 1}, {\"iid\"", 1, (19, 1, 20)),
        ("{\"iid\": 1}\nnot", 1, (12, 2, 2)),
        ("", 0, (0, 1, 1)),
    ] {
        let (names, outcome) = read(text);
        assert_eq!(names.len(), count, "{text}");
        let Err(LoadError::Json { offset, line, column, read, .. }) = outcome else {
            panic!("{text}: {outcome:?}")
        };
        assert_eq!(((offset, line, column), read), (at, count), "{text}");
    }
}

/// Every span of `node`, with the text of a scalar that is written unescaped.
fn spans(node: &Node, out: &mut Vec<(Span, Option<String>)>) {
    match &node.value {
        Yaml::Scalar(scalar) => {
            let escaped = |c| matches!(c, '"' | '\\') || header::is_unprintable(c);
            let plain = scalar.style != Style::Quoted || !scalar.text.contains(escaped);
            out.push((node.span, plain.then(|| scalar.text.to_string())));
        }
        _ => out.push((node.span, None)),
    }
    for entry in node.entries() {
        out.push((entry.key_span, None));
        spans(&entry.value, out);
    }
    node.items().iter().for_each(|item| spans(item, out));
}

/// The value of `node` as another parser of YAML would see it.
fn plain(node: &Node) -> serde_yaml::Value {
    match &node.value {
        _ if node.is_null() => serde_yaml::Value::Null,
        Yaml::Scalar(scalar) => serde_yaml::Value::String(scalar.text.to_string()),
        Yaml::List(items) => serde_yaml::Value::Sequence(items.iter().map(plain).collect()),
        Yaml::Map(entries) => {
            let pair = |entry: &crate::yaml::Entry| {
                (serde_yaml::Value::from(entry.key.as_str()), plain(&entry.value))
            };
            serde_yaml::Value::Mapping(entries.iter().map(pair).collect())
        }
    }
}

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ \t\"\\\\#:'\\-a{}\\[\\],ä\u{85}\u{2028}\u{feff}\u{7f}]{0,12}",
        "(---|\\+\\+\\+|@@|[ +\\-]x|\r\n|\n|\"|ä){0,9}",
    ]
}

proptest! {
    #[test]
    fn every_span_lies_in_the_text_and_the_description_is_untouched(
        title in words(),
        description in words(),
        labels in proptest::collection::vec(words(), 0..4),
        note in words(),
        key in words(),
        path in words(),
        diff in words(),
    ) {
        let mut record = json!({
            "title": title,
            "description": description,
            "labels": labels,
            "milestone": {"title": note},
            "notes": [{"body": note, "author": {"username": path}}],
            "links": [{"title": title, "labels": labels}],
            "diffs": [{"old_path": path, "new_path": path, "diff": diff}],
        });
        record[format!("{key}_")] = json!({"nested": [{"deep": title}]});
        let subject = record_subject(&record, Kind::Issue, Some("g/p"));
        let (text, header) = (&subject.text, subject.header.as_ref().unwrap());

        let mut all = Vec::new();
        spans(header, &mut all);
        for file in subject.diffs.as_ref().unwrap() {
            all.push((file.path_span, Some(path.clone())));
            all.extend(file.lines.iter().map(|line| (line.span, None)));
        }
        all.extend(subject.parts.iter().map(|part| (part.span, None)));
        for (span, content) in all {
            let covered = text.get(span.range());
            prop_assert!(covered.is_some(), "{span:?} cuts a character or leaves the text");
            prop_assert!(content.is_none() || covered == content.as_deref(), "{content:?} is not {covered:?}");
        }

        let body = subject.parts.iter().find(|part| part.field == "description");
        prop_assert_eq!(body.map(|part| part.span.of(text)).unwrap_or_default(), description);

        let source = header.span.of(text);
        let parsed: serde_yaml::Value = serde_yaml::from_str(source).unwrap();
        prop_assert_eq!(parsed, plain(header), "{}", source);
    }

    #[test]
    fn any_diff_is_read_without_losing_a_signed_line(lines in proptest::collection::vec("[+\\-]x{0,3}", 0..9)) {
        let record = json!({"diff": format!("+++ b/f\n{}\n", lines.join("\n"))});
        let subject = record_subject(&record, Kind::MergeRequest, None);
        let file = &subject.diffs.as_ref().unwrap()[0];
        let written = file.lines.iter().map(|line| &subject.text[line.span.start as usize - 1..line.span.end as usize]);
        prop_assert_eq!(written.collect::<Vec<_>>(), lines);
    }
}

#[test]
fn a_record_longer_than_its_spans_can_count_is_told_and_the_next_is_read() {
    assert_eq!((Span::new(0, LONGEST).len(), Span::new(0, LONGEST + 1).len()), (LONGEST, LONGEST));
    let lines = ["a", "bb", "a"].map(|title| json!({"iid": 1, "title": title}).to_string()).join("\n");
    let length = record_subject(&json!({"iid": 1, "title": "a"}), Kind::Issue, None).text.len();
    let mut read = Vec::new();
    let mut visit = |record: Result<Subject, NotChecked>| {
        read.push(
            record.map_or_else(|gap| format!("{}: {}", gap.subject, gap.reason), |subject| subject.name),
        );
    };
    let base = Base::default();
    let mut stream = Stream::new(RecordKind::IssueOrEpic, "issues.json", None, base, &mut visit);
    assert_eq!(stream.longest, LONGEST);
    // The same at a length that a test can make.
    stream.longest = length;
    assert_eq!(stream.read(lines.as_bytes()).unwrap(), 3);
    assert_eq!(read, ["#1", "issues.json, record 2: larger than 4 GiB", "#1"]);
}
