//! Changes of an issue or a merge request, each with the event GitLab records.

use serde_json::{Value, json};

use super::access::Caller;
use super::answer::{Answer, Outcome};
use super::request::Request;
use super::state::{Project, State, is_number, user};
use super::thread::At;

/// A change of one property.
pub(super) enum Change {
    AddLabels(Vec<String>),
    RemoveLabels(Vec<String>),
    SetLabels(Vec<String>),
    Milestone(Option<Value>),
    Assign(Vec<String>),
    /// Those, or all.
    Unassign(Option<Vec<String>>),
    State(&'static str),
    Field(&'static str, Value),
}

/// Key, value and summary of what was done.
pub(super) type Done = (&'static str, Value, String);

/// Makes the change; `None` where nothing changes.
pub(super) fn apply(state: &mut State, at: At, author: &Value, change: Change) -> Option<Done> {
    match change {
        Change::AddLabels(names) => {
            let own = labels(state, at);
            let scope = |name: &str| name.rsplit_once("::").map(|(scope, _)| scope.to_owned());
            let mut next = own.clone();
            for name in &names {
                // One label of a scope: the new one takes the place of the old.
                next.retain(|old| scope(name).is_none() || scope(old) != scope(name));
                next.push(name.clone());
            }
            set_labels(state, at, author, &own, next, format!("Added {names:?} labels."))
        }
        Change::RemoveLabels(names) => {
            let own = labels(state, at);
            let next = own.iter().filter(|name| !names.contains(name)).cloned().collect();
            set_labels(state, at, author, &own, next, format!("Removed {names:?} labels."))
        }
        Change::SetLabels(names) => {
            let own = labels(state, at);
            set_labels(state, at, author, &own, names, "Replaced all labels.".to_owned())
        }
        Change::Milestone(milestone) => {
            let next = milestone.unwrap_or_default();
            let before = at.item(state).record.get("milestone").cloned().unwrap_or_default();
            if next == before {
                return None;
            }
            for (milestone, action) in [(&before, "remove"), (&next, "add")] {
                if milestone.is_object() {
                    let event = event(state, author, action, "milestone", milestone);
                    at.item(state).resource_milestone_events.push(event);
                }
            }
            field(state, at, "milestone", next, "Set the milestone.")
        }
        Change::Assign(names) => {
            let mut own = assignees(state, at);
            let before = own.len();
            for name in names {
                if !own.iter().any(|user| user["username"].as_str() == Some(&name)) {
                    own.push(user(&name));
                }
            }
            if own.len() == before {
                None
            } else {
                field(state, at, "assignees", Value::Array(own), "Assigned.")
            }
        }
        Change::Unassign(names) => {
            let mut own = assignees(state, at);
            let before = own.len();
            let leaves = |user: &Value| {
                names
                    .as_ref()
                    .is_none_or(|names| names.iter().any(|name| user["username"].as_str() == Some(name)))
            };
            own.retain(|user| !leaves(user));
            if own.len() == before {
                None
            } else {
                field(state, at, "assignees", Value::Array(own), "Unassigned.")
            }
        }
        Change::State(next) => {
            if at.item(state).record.get("state").and_then(Value::as_str) == Some(next) {
                return None;
            }
            let mut event =
                event(state, author, "", "state", &json!(if next == "opened" { "reopened" } else { next }));
            event.as_object_mut().expect("an event").remove("action");
            let closed_at = if next == "closed" { event["created_at"].clone() } else { Value::Null };
            let item = at.item(state);
            item.resource_state_events.push(event);
            item.record.insert("closed_at".to_owned(), closed_at);
            field(state, at, "state", json!(next), "Changed the state.")
        }
        Change::Field(key, value) => {
            let same = at.item(state).record.get(key) == Some(&value);
            if same { None } else { field(state, at, key, value, "Changed it.") }
        }
    }
}

fn labels(state: &mut State, at: At) -> Vec<String> {
    let labels = at.item(state).record.get("labels").and_then(Value::as_array).cloned().unwrap_or_default();
    labels.iter().filter_map(|label| label.as_str().map(str::to_owned)).collect()
}

fn assignees(state: &mut State, at: At) -> Vec<Value> {
    at.item(state).record.get("assignees").and_then(Value::as_array).cloned().unwrap_or_default()
}

fn set_labels(
    state: &mut State,
    at: At,
    author: &Value,
    before: &[String],
    mut next: Vec<String>,
    summary: String,
) -> Option<Done> {
    next.sort();
    next.dedup();
    let gone = before.iter().filter(|name| !next.contains(name)).map(|name| (name.clone(), "remove"));
    let come = next.iter().filter(|name| !before.contains(name)).map(|name| (name.clone(), "add"));
    let moves: Vec<(String, &str)> = gone.chain(come).collect();
    if moves.is_empty() {
        return None;
    }
    for (name, action) in moves {
        let known =
            state.projects[at.project].labels.iter().find(|label| label["name"].as_str() == Some(&name));
        let label = known.cloned().unwrap_or_else(|| json!({ "name": name }));
        let event = event(state, author, action, "label", &label);
        at.item(state).resource_label_events.push(event);
    }
    field(state, at, "labels", json!(next), &summary)
}

fn event(state: &mut State, author: &Value, action: &str, key: &str, value: &Value) -> Value {
    let (id, now) = (state.next_id(), state.now());
    json!({ "id": id, "user": author, "created_at": now, "action": action, key: value })
}

fn field(state: &mut State, at: At, key: &'static str, value: Value, summary: &str) -> Option<Done> {
    let now = state.now();
    let record = &mut at.item(state).record;
    record.insert(key.to_owned(), value.clone());
    record.insert("updated_at".to_owned(), json!(now));
    Some((key, value, summary.to_owned()))
}

/// `PUT` on the issue or merge request itself.
pub(super) fn edit(state: &mut State, request: &Request, caller: &Caller, at: At) -> Outcome {
    let author = user(&caller.at_least(20)?.user);
    let names = |key: &str| -> Option<Vec<String>> {
        let value = request.parameters.get(key)?;
        let listed = value
            .as_array()
            .map(|names| names.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect());
        listed.or_else(|| {
            let text = value.as_str()?;
            Some(text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect())
        })
    };
    let mut changes = Vec::new();
    changes.extend(names("labels").map(Change::SetLabels));
    changes.extend(names("add_labels").map(Change::AddLabels));
    changes.extend(names("remove_labels").map(Change::RemoveLabels));
    match request.text("state_event").as_deref() {
        Some("close") => changes.push(Change::State("closed")),
        Some("reopen") => changes.push(Change::State("opened")),
        Some(_) => return Err(Answer::error(400, "state_event does not have a valid value")),
        None => {}
    }
    for key in ["title", "description", "due_date", "weight", "confidential"] {
        changes.extend(request.parameters.get(key).map(|value| Change::Field(key, value.clone())));
    }
    if let Some(id) = request.text("milestone_id") {
        let known =
            state.projects[at.project].milestones.iter().find(|milestone| is_number(&milestone["id"], &id));
        changes.push(Change::Milestone(known.cloned()));
    }
    if changes.is_empty() {
        return Err(Answer::error(
            400,
            "labels, title, state_event are missing, at least one parameter must be provided",
        ));
    }
    // Unknown labels are made on the way.
    let used: Vec<String> = ["labels", "add_labels"].iter().filter_map(|key| names(key)).flatten().collect();
    for name in used {
        let project = &mut state.projects[at.project];
        if !project.labels.iter().any(|label| label["name"].as_str() == Some(&name)) {
            let id = 5000 + project.labels.len();
            project
                .labels
                .push(json!({ "id": id, "name": name, "color": "#6699cc", "is_project_label": true }));
        }
    }
    for change in changes {
        apply(state, at, &author, change);
    }
    Ok(Answer::ok(&Value::Object(at.item(state).record.clone())))
}

/// `POST` of a label.
pub(super) fn create_label(project: &mut Project, request: &Request, caller: &Caller) -> Outcome {
    caller.at_least(20)?;
    if request.seen.method != "POST" {
        return Err(Answer::error(405, "405 Not Allowed"));
    }
    let name = request.text("name").ok_or_else(|| Answer::error(400, "name is missing"))?;
    let color = request.text("color").ok_or_else(|| Answer::error(400, "color is missing"))?;
    if name.trim().is_empty() || name.contains(',') {
        return Err(Answer::message(400, json!({ "title": ["is invalid"] })));
    }
    if project.labels.iter().any(|label| label["name"].as_str() == Some(&name)) {
        return Err(Answer::message(409, "Label already exists"));
    }
    let id = 5000 + project.labels.len();
    let label = json!({
        "id": id, "name": name, "color": color, "text_color": "#FFFFFF", "description": request.text("description"),
        "archived": false, "subscribed": false, "priority": null, "is_project_label": true,
    });
    project.labels.push(label.clone());
    Ok(Answer::created(&label))
}
