//! Which fields of a REST record are linted, in which order and how far reduced.
//!
//! A key the record lacks stays absent and a null stays null: rules tell "nobody set it" from "nobody asked".

use std::borrow::Cow;
use std::sync::LazyLock;

use super::identity::Identity;
use super::json::{Json, Object};
use crate::subject::Kind;

/// A key with what is kept of its value.
pub(super) type Field<'r> = (&'r str, Cow<'r, Json<'r>>);

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

/// Where a key of the record goes.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// To this place of [`ORDER`].
    First(usize),
    Noise,
    ReadElsewhere,
    /// After those that come first.
    Other,
}

/// The known keys by their length in bytes, of which few share one: every key of every record is looked up.
static PLACES: LazyLock<Vec<Vec<(&str, Place)>>> = LazyLock::new(|| {
    let first = ORDER.iter().enumerate().map(|(at, key)| (*key, Place::First(at)));
    let noise = NOISE.iter().map(|key| (*key, Place::Noise));
    let mut places = Vec::new();
    for (key, place) in
        first.chain(noise).chain(READ_ELSEWHERE.iter().map(|key| (*key, Place::ReadElsewhere)))
    {
        places.resize(places.len().max(key.len() + 1), Vec::new());
        places[key.len()].push((key, place));
    }
    places
});

fn place(key: &str) -> Place {
    let known = PLACES.get(key.len()).and_then(|keys| keys.iter().find(|(known, _)| *known == key));
    known.map_or(Place::Other, |(_, place)| *place)
}

/// The fields of `record` for its header.
pub(super) fn of<'r>(record: &'r Object<'_>, kind: Kind, identity: &'r Identity) -> Vec<Field<'r>> {
    let (mut first, mut others) = ([const { None }; ORDER.len()], Vec::new());
    for (key, value) in record.iter() {
        match place(key) {
            Place::First(_) if is_a_part(key, value) => {}
            Place::First(at) => first[at] = Some(kept(key, value)),
            Place::Other => others.push((key, value)),
            Place::Noise | Place::ReadElsewhere => {}
        }
    }
    let mut put = |key, value| {
        if let Place::First(at) = place(key) {
            first[at] = Some(value);
        }
    };
    if record.contains_key("label_links") {
        put("labels", Cow::Owned(exported_labels(record)));
    }
    if record.contains_key("issue_assignees") {
        put("assignees", Cow::Owned(exported_assignees(record)));
    }
    let key = "closed_as_duplicate_of";
    if let Some(value) = record.get("_links").and_then(|links| links.get(key))
        && !record.contains_key(key)
    {
        put(key, kept(key, value));
    }
    let mut fields = Vec::with_capacity(record.len() + 2);
    fields.push(("kind", Cow::Owned(Json::text(kind.name()))));
    if let Some(project) = &identity.project {
        // An epic belongs to a group.
        let key = if kind == Kind::Epic { "group" } else { "project" };
        fields.push((key, Cow::Owned(Json::text(project))));
    }
    fields.extend(ORDER.iter().zip(first).filter_map(|(key, value)| Some((*key, value?))));
    others.retain(|(key, _)| *key != "assignee" || !record.contains_key("assignees"));
    fields.extend(others.into_iter().map(|(key, value)| (key, kept(key, value))));
    fields
}

/// A description with text is a part of its own; the header repeats only one without.
fn is_a_part(key: &str, value: &Json<'_>) -> bool {
    key == "description" && value.as_str().is_some_and(|text| !text.is_empty())
}

/// What is kept of `value`; most is kept as it is.
fn kept<'v>(key: &str, value: &'v Json<'_>) -> Cow<'v, Json<'v>> {
    let as_it_is = match value {
        Json::Object(_) => false,
        Json::Array(items) => !matches!(key, "notes" | "commits") && items.iter().all(Json::is_string),
        _ => true,
    };
    if as_it_is { Cow::Borrowed(value) } else { Cow::Owned(reduced(key, value)) }
}

fn reduced<'v>(key: &str, value: &'v Json<'_>) -> Json<'v> {
    match (key, value) {
        ("labels", Json::Array(labels)) => labels.iter().map(label).collect(),
        ("notes", Json::Array(notes)) => notes.iter().map(note).collect(),
        ("commits", Json::Array(commits)) => commits.iter().map(|commit| pick(commit, COMMIT)).collect(),
        // An epic that has nothing but its id is an epic all the same.
        ("epic", Json::Object(epic)) if !SMALL.iter().any(|key| epic.contains_key(key)) => {
            pick(value, &["id"])
        }
        ("milestone" | "iteration" | "epic" | "label", Json::Object(_)) => pick(value, SMALL),
        ("references", Json::Object(_)) => pick(value, &["full"]),
        ("children" | "links", Json::Array(items)) => items.iter().map(related).collect(),
        ("author", Json::Object(user)) if !user.contains_key("username") => {
            user.get("name").map_or(Json::Null, Json::borrowed)
        }
        _ => tidy(value),
    }
}

/// `value` with users as their usernames and without noise.
fn tidy<'v>(value: &'v Json<'_>) -> Json<'v> {
    match value {
        Json::Object(map) => match map.get("username") {
            Some(username @ Json::String(_)) => username.borrowed(),
            _ => {
                let kept = map.iter().filter(|(key, _)| *key != "id" && place(key) != Place::Noise);
                Json::Object(kept.map(|(key, value)| (key, reduced(key, value))).collect())
            }
        },
        Json::Array(items) => items.iter().map(tidy).collect(),
        scalar => scalar.borrowed(),
    }
}

/// A child or a linked issue; its own description is not linted here.
fn related<'v>(item: &'v Json<'_>) -> Json<'v> {
    let mut item = tidy(item);
    if let Json::Object(map) = &mut item {
        map.remove("description");
    }
    item
}

/// A note without its text, which is a part of its own; what GitLab noted by itself is a field.
fn note<'v>(note: &'v Json<'_>) -> Json<'v> {
    match note.get("system").and_then(Json::as_bool) {
        Some(true) => pick(note, &[NOTE, &["body", "note"]].concat()),
        _ => pick(note, NOTE),
    }
}

fn pick<'v>(value: &'v Json<'_>, keys: &[&'static str]) -> Json<'v> {
    let kept = keys.iter().filter_map(|key| Some((*key, reduced(key, value.get(key)?))));
    Json::Object(kept.collect())
}

/// A label by its name, as the REST API has it; with `with_labels_details` it is an object.
fn label<'v>(value: &'v Json<'_>) -> Json<'v> {
    value.get("name").or_else(|| value.get("title")).unwrap_or(value).borrowed()
}

/// The labels of a project export: `label_links[].label.title`.
fn exported_labels<'r>(record: &'r Object<'_>) -> Json<'r> {
    items(record, "label_links").filter_map(|link| link.get("label")).map(label).collect()
}

/// The assignees of a project export are user ids, and may be repeated.
fn exported_assignees<'r>(record: &'r Object<'_>) -> Json<'r> {
    let mut users: Vec<Json<'_>> = Vec::new();
    for user in items(record, "issue_assignees").filter_map(|assignee| assignee.get("user_id")) {
        if !users.contains(user) {
            users.push(user.borrowed());
        }
    }
    Json::Array(users)
}

/// The items of the list at `key`; none if there is no list.
pub(super) fn items<'r>(record: &'r Object<'_>, key: &str) -> impl Iterator<Item = &'r Json<'r>> {
    record.get(key).and_then(Json::as_array).into_iter().flatten()
}
