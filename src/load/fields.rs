//! Which fields of a REST record are linted, in which order and how far reduced.
//!
//! A key the record lacks stays absent and a null stays null: rules tell "nobody set it" from "nobody asked".

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use super::identity::Identity;
use crate::subject::Kind;

type Record = Map<String, Value>;

/// The keys that come first, in this order; all others follow in the record's own.
const ORDER: &[&str] = &[
    "iid",
    "title",
    "description",
    "state",
    "draft",
    "confidential",
    "issue_type",
    "author",
    "author_id",
    "assignees",
    "reviewers",
    "labels",
    "milestone",
    "iteration",
    "epic",
    "due_date",
    "start_date",
    "weight",
    "health_status",
    "severity",
    "created_at",
    "updated_at",
    "closed_at",
    "merged_at",
    "source_branch",
    "target_branch",
    "moved_to_id",
    "closed_as_duplicate_of",
    "resource_label_events",
    "label_events",
    "resource_milestone_events",
    "milestone_events",
    "resource_state_events",
    "state_events",
    "links",
    "children",
    "label_catalogue",
    "known_users",
];

/// Keys that say nothing about the process, wherever they stand.
const NOISE: &[&str] = &[
    "_links",
    "avatar_url",
    "blocking_issues_count",
    "description_html",
    "downvotes",
    "has_tasks",
    "imported",
    "imported_from",
    "merge_requests_count",
    "subscribed",
    "task_completion_status",
    "task_status",
    "time_stats",
    "title_html",
    "upvotes",
    "user_notes_count",
];

/// Keys of the record itself that are read by other means.
const READ_ELSEWHERE: &[&str] = &[
    "changes",
    "diff",
    "diffs",
    "issue_assignees",
    "kind",
    "label_links",
    "object_kind",
    "project",
    "project_path",
    "references",
];

/// What is kept of a milestone, an iteration, an epic or a label.
const SMALL: &[&str] = &["title", "name", "state", "start_date", "due_date", "iid", "url"];

/// What is kept of a note beside its body.
const NOTE: &[&str] = &["author", "created_at", "at", "system", "internal", "confidential", "resolved"];

/// What is kept of a commit beside its message.
const COMMIT: &[&str] = &["id", "author_name", "author_email", "authored_date", "created_at"];

/// The fields of `record` for its header.
pub(super) fn of<'r>(record: &'r Record, kind: Kind, identity: &Identity) -> Vec<(&'r str, Cow<'r, Value>)> {
    let mut fields = vec![("kind", Cow::Owned(json!(kind.name())))];
    if let Some(project) = &identity.project {
        // An epic belongs to a group.
        let key = if kind == Kind::Epic { "group" } else { "project" };
        fields.push((key, Cow::Owned(json!(project))));
    }
    for key in ORDER {
        let value = match *key {
            "closed_as_duplicate_of" => {
                record.get(*key).or_else(|| record.get("_links")?.get(*key)).map(tidy).map(Cow::Owned)
            }
            "labels" if record.contains_key("label_links") => Some(Cow::Owned(exported_labels(record))),
            "assignees" if record.contains_key("issue_assignees") => {
                Some(Cow::Owned(exported_assignees(record)))
            }
            _ => record.get(*key).filter(|value| !is_a_part(key, value)).map(|value| kept(key, value)),
        };
        fields.extend(value.map(|value| (*key, value)));
    }
    for (key, value) in record {
        let known = [ORDER, NOISE, READ_ELSEWHERE].iter().any(|keys| keys.contains(&key.as_str()));
        let repeats = key == "assignee" && record.contains_key("assignees");
        if !known && !repeats {
            fields.push((key.as_str(), kept(key, value)));
        }
    }
    fields
}

/// A description with text is a part of its own; the header repeats only one without.
fn is_a_part(key: &str, value: &Value) -> bool {
    key == "description" && value.as_str().is_some_and(|text| !text.is_empty())
}

/// What is kept of `value`; most is kept as it is.
fn kept<'v>(key: &str, value: &'v Value) -> Cow<'v, Value> {
    let as_it_is = match value {
        Value::Object(_) => false,
        Value::Array(items) => !matches!(key, "notes" | "commits") && items.iter().all(Value::is_string),
        _ => true,
    };
    if as_it_is { Cow::Borrowed(value) } else { Cow::Owned(reduced(key, value)) }
}

fn reduced(key: &str, value: &Value) -> Value {
    match (key, value) {
        ("labels", Value::Array(labels)) => labels.iter().map(label).collect(),
        ("notes", Value::Array(notes)) => notes.iter().map(note).collect(),
        ("commits", Value::Array(commits)) => commits.iter().map(|commit| pick(commit, COMMIT)).collect(),
        // An epic that has nothing but its id is an epic all the same.
        ("epic", Value::Object(epic)) if !SMALL.iter().any(|key| epic.contains_key(*key)) => {
            pick(value, &["id"])
        }
        ("milestone" | "iteration" | "epic" | "label", Value::Object(_)) => pick(value, SMALL),
        ("references", Value::Object(_)) => pick(value, &["full"]),
        ("children" | "links", Value::Array(items)) => items.iter().map(related).collect(),
        ("author", Value::Object(user)) if !user.contains_key("username") => {
            user.get("name").cloned().unwrap_or(Value::Null)
        }
        _ => tidy(value),
    }
}

/// `value` with users as their usernames and without noise.
fn tidy(value: &Value) -> Value {
    match value {
        Value::Object(map) => match map.get("username") {
            Some(username @ Value::String(_)) => username.clone(),
            _ => {
                let kept = map.iter().filter(|(key, _)| *key != "id" && !NOISE.contains(&key.as_str()));
                Value::Object(kept.map(|(key, value)| (key.clone(), reduced(key, value))).collect())
            }
        },
        Value::Array(items) => items.iter().map(tidy).collect(),
        scalar => scalar.clone(),
    }
}

/// A child or a linked issue; its own description is not linted here.
fn related(item: &Value) -> Value {
    let mut item = tidy(item);
    if let Value::Object(map) = &mut item {
        map.shift_remove("description");
    }
    item
}

/// A note without its text, which is a part of its own; what GitLab noted by itself is a field.
fn note(note: &Value) -> Value {
    match note.get("system").and_then(Value::as_bool) {
        Some(true) => pick(note, &[NOTE, &["body", "note"]].concat()),
        _ => pick(note, NOTE),
    }
}

fn pick(value: &Value, keys: &[&str]) -> Value {
    let kept = keys.iter().filter_map(|key| Some(((*key).to_owned(), reduced(key, value.get(*key)?))));
    Value::Object(kept.collect())
}

/// A label by its name, as the REST API has it; with `with_labels_details` it is an object.
fn label(value: &Value) -> Value {
    value.get("name").or_else(|| value.get("title")).unwrap_or(value).clone()
}

/// The labels of a project export: `label_links[].label.title`.
fn exported_labels(record: &Record) -> Value {
    items(record, "label_links").filter_map(|link| link.get("label")).map(label).collect()
}

/// The assignees of a project export are user ids, and may be repeated.
fn exported_assignees(record: &Record) -> Value {
    let mut users: Vec<Value> = Vec::new();
    for user in items(record, "issue_assignees").filter_map(|assignee| assignee.get("user_id")) {
        if !users.contains(user) {
            users.push(user.clone());
        }
    }
    Value::Array(users)
}

/// The items of the list at `key`; none if there is no list.
pub(super) fn items<'r>(record: &'r Record, key: &str) -> impl Iterator<Item = &'r Value> {
    record.get(key).and_then(Value::as_array).into_iter().flatten()
}
