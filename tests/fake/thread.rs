//! Notes and threads of an issue or a merge request, with GitLab's rules for them.

use serde_json::{Map, Value, json};

use super::access::Caller;
use super::answer::{Answer, Outcome};
use super::page::page;
use super::request::Request;
use super::state::{Item, State, is_number, user};
use super::{diff, quick};

/// The longest body of a note, in characters.
const LONGEST: usize = 1_000_000;

const NO_LINE: &str = r#"{:line_code=>["can't be blank", "must be a valid line code"]}"#;

/// Where an issue or a merge request lies in the state.
#[derive(Clone, Copy)]
pub(super) struct At {
    pub(super) project: usize,
    pub(super) is_issue: bool,
    pub(super) item: usize,
}

impl At {
    pub(super) fn item(self, state: &mut State) -> &mut Item {
        let project = &mut state.projects[self.project];
        let list = if self.is_issue { &mut project.issues } else { &mut project.merge_requests };
        &mut list[self.item]
    }
}

/// Answers below `/notes` and `/discussions`.
pub(super) fn answer(
    state: &mut State,
    request: &Request,
    caller: &Caller,
    at: At,
    below: &[&str],
) -> Outcome {
    match (request.seen.method.as_str(), below) {
        ("GET", ["notes"]) => {
            let mut notes = at.item(state).notes();
            if request.text("sort").as_deref() != Some("asc") {
                notes.reverse();
            }
            page(request, notes, false)
        }
        ("GET", ["notes", id]) => {
            let notes = at.item(state).notes();
            let found = notes.iter().find(|note| is_number(&note["id"], id));
            found.map(Answer::ok).ok_or_else(|| Answer::missing("Note"))
        }
        ("POST", ["notes"]) => create(state, request, caller, at, &Kind::Single),
        ("GET", ["discussions"]) => page(request, at.item(state).discussions.clone(), false),
        ("GET", ["discussions", id]) => Ok(Answer::ok(discussion(at.item(state), id)?)),
        ("POST", ["discussions"]) => {
            let kind = match position(at.item(state), request, at.is_issue)? {
                Some(position) => Kind::OnLine(position),
                None => Kind::Thread,
            };
            create(state, request, caller, at, &kind)
        }
        ("PUT", ["discussions", id]) => resolve(state, request, caller, at, id),
        ("POST", ["discussions", id, "notes"]) => {
            discussion(at.item(state), id)?;
            create(state, request, caller, at, &Kind::Reply((*id).to_owned()))
        }
        ("PUT", ["notes", note] | ["discussions", _, "notes", note]) => {
            edit(state, request, caller, at, note)
        }
        ("DELETE", ["notes", note] | ["discussions", _, "notes", note]) => delete(state, caller, at, note),
        ("GET", ["discussions", id, "notes", note]) => {
            let notes = discussion(at.item(state), id)?["notes"].as_array().cloned().unwrap_or_default();
            let found = notes.iter().find(|own| is_number(&own["id"], note));
            found.map(Answer::ok).ok_or_else(|| Answer::missing("Note"))
        }
        _ => Err(Answer::error(405, "405 Not Allowed")),
    }
}

/// How a note stands among the others.
enum Kind {
    Single,
    Thread,
    OnLine(Value),
    Reply(String),
}

fn body(request: &Request) -> Result<String, Answer> {
    let body = request.text("body").ok_or_else(|| Answer::error(400, "body is missing"))?;
    if body.trim().is_empty() {
        return Err(Answer::bad_note(r#"{:note=>["can't be blank"]}"#));
    }
    if body.chars().count() > LONGEST {
        return Err(Answer::bad_note(r#"{:note=>["is too long (maximum is 1000000 characters)"]}"#));
    }
    Ok(body)
}

/// The position asked for; it must lie in the newest diff, or name another version that there was.
fn position(item: &Item, request: &Request, is_issue: bool) -> Result<Option<Value>, Answer> {
    let Some(position) = request.parameters.get("position").filter(|position| position.is_object()) else {
        return Ok(None);
    };
    let lacks = |key: &&str| position[*key].as_str().is_none_or(str::is_empty);
    let missing: Vec<String> = ["base_sha", "start_sha", "head_sha", "position_type"]
        .iter()
        .filter(|key| lacks(key))
        .map(|key| format!("position[{key}] is missing"))
        .collect();
    if !missing.is_empty() {
        return Err(Answer::error(400, &missing.join(", ")));
    }
    if !["text", "image", "file"].contains(&position["position_type"].as_str().unwrap_or_default()) {
        return Err(Answer::error(400, "position[position_type] does not have a valid value"));
    }
    let same = |commits: &Value, keys: [&str; 3]| {
        ["base_sha", "start_sha", "head_sha"]
            .iter()
            .zip(keys)
            .all(|(own, key)| position[*own] == commits[key])
    };
    let refs = item.record.get("diff_refs").cloned().unwrap_or_default();
    let is_newest = same(&refs, ["base_sha", "start_sha", "head_sha"]);
    let keys = ["base_commit_sha", "start_commit_sha", "head_commit_sha"];
    let is_older = item.versions.iter().any(|version| same(version, keys));
    if is_issue || !(is_newest && diff::takes(&item.diffs, position) || !is_newest && is_older) {
        return Err(Answer::bad_note(NO_LINE));
    }
    Ok(Some(position.clone()))
}

fn create(state: &mut State, request: &Request, caller: &Caller, at: At, kind: &Kind) -> Outcome {
    let author = user(&caller.known()?.user);
    let body = body(request)?;
    if state.notes_a_minute.is_some_and(|most| state.notes_taken >= most) {
        state.notes_taken = 0;
        let error = json!({ "error": "This endpoint has been requested too many times. Try again later." });
        return Err(Answer::message(429, error));
    }
    state.notes_taken += 1;
    let text = quick::run(state, at, &author, &body);
    if text.stored.is_empty() {
        return match text.changes {
            Some(changes) => Ok(Answer::json(202, &changes)),
            None => Err(Answer::message(400, "400 Bad request - Failed to apply commands.")),
        };
    }
    let (id, now, thread) = (state.next_id(), state.now(), state.next_thread());
    let project_id = state.projects[at.project].id;
    let item = at.item(state);
    let noteable = if at.is_issue { "Issue" } else { "MergeRequest" };
    let (kind_name, position) = match kind {
        Kind::Single => (Value::Null, Value::Null),
        Kind::Thread => (json!("DiscussionNote"), Value::Null),
        Kind::OnLine(position) => (json!("DiffNote"), position.clone()),
        Kind::Reply(id) => {
            let first = &discussion(item, id)?["notes"][0];
            let kind = if first["type"].is_null() { json!("DiscussionNote") } else { first["type"].clone() };
            (kind, first["position"].clone())
        }
    };
    let resolvable = !at.is_issue && !kind_name.is_null();
    let mut note = Map::new();
    let mut put = |key: &str, value: Value| note.insert(key.to_owned(), value);
    put("id", json!(id));
    put("type", kind_name);
    put("body", json!(text.stored));
    put("author", author);
    put("created_at", json!(now));
    put("updated_at", json!(now));
    put("system", json!(false));
    put("noteable_id", item.record.get("id").cloned().unwrap_or_default());
    put("noteable_type", json!(noteable));
    put("noteable_iid", json!(item.iid()));
    put("project_id", json!(project_id));
    put("commit_id", Value::Null);
    if !position.is_null() {
        put("position", position);
    }
    put("resolvable", json!(resolvable));
    if resolvable {
        put("resolved", json!(false));
        put("resolved_by", Value::Null);
        put("resolved_at", Value::Null);
    }
    put("confidential", json!(false));
    put("internal", json!(false));
    put("commands_changes", text.changes.map_or(json!({}), |changes| changes["commands_changes"].clone()));
    let note = Value::Object(note);
    match kind {
        Kind::Reply(id) => {
            let thread = discussion(item, id)?;
            // A note of its own becomes a thread when it is answered.
            thread["individual_note"] = json!(false);
            thread["notes"].as_array_mut().expect("notes").push(note.clone());
            Ok(Answer::created(&note))
        }
        Kind::Single => {
            item.discussions.push(json!({ "id": thread, "individual_note": true, "notes": [note] }));
            Ok(Answer::created(&note))
        }
        Kind::Thread | Kind::OnLine(_) => {
            let thread = json!({ "id": thread, "individual_note": false, "notes": [note] });
            item.discussions.push(thread.clone());
            Ok(Answer::created(&thread))
        }
    }
}

fn discussion<'i>(item: &'i mut Item, id: &str) -> Result<&'i mut Value, Answer> {
    let found = item.discussions.iter_mut().find(|thread| thread["id"].as_str() == Some(id));
    found.ok_or_else(|| Answer::missing("Discussion"))
}

fn note<'i>(item: &'i mut Item, id: &str) -> Result<&'i mut Value, Answer> {
    let threads = item.discussions.iter_mut().filter_map(|thread| thread["notes"].as_array_mut());
    let found = threads.flatten().find(|note| is_number(&note["id"], id));
    found.ok_or_else(|| Answer::missing("Note"))
}

/// Resolving needs the role Developer, or to be the author of the merge request.
fn may_resolve(item: &Item, caller: &Caller) -> Result<Value, Answer> {
    let token = caller.known()?;
    let author = item.record.get("author").and_then(|author| author["username"].as_str());
    if token.role >= 30 || author == Some(&token.user) {
        Ok(user(&token.user))
    } else {
        Err(Answer::forbidden())
    }
}

fn set_resolved(note: &mut Value, resolved: bool, by: &Value, now: &str) {
    note["resolved"] = json!(resolved);
    note["resolved_by"] = if resolved { by.clone() } else { Value::Null };
    note["resolved_at"] = if resolved { json!(now) } else { Value::Null };
}

fn resolve(state: &mut State, request: &Request, caller: &Caller, at: At, id: &str) -> Outcome {
    let resolved = request.flag("resolved").ok_or_else(|| Answer::error(400, "resolved is missing"))?;
    let now = state.now();
    let by = may_resolve(at.item(state), caller);
    let thread = discussion(at.item(state), id)?;
    let by = by?;
    let notes = thread["notes"].as_array_mut().expect("notes");
    if notes.iter().all(|note| note["resolvable"] != true) {
        return Err(Answer::forbidden());
    }
    for note in notes.iter_mut().filter(|note| note["resolvable"] == true) {
        set_resolved(note, resolved, &by, &now);
    }
    Ok(Answer::ok(thread))
}

fn edit(state: &mut State, request: &Request, caller: &Caller, at: At, id: &str) -> Outcome {
    let token = caller.known()?.clone();
    let now = state.now();
    let by = may_resolve(at.item(state), caller);
    let note = note(at.item(state), id)?;
    match (request.flag("resolved"), request.text("body").is_some()) {
        (Some(_), true) => return Err(Answer::error(400, "body, resolved are mutually exclusive")),
        (Some(_), false) if note["resolvable"] != true => {
            return Err(Answer::message(400, "400 Bad request - Note is not resolvable"));
        }
        (Some(resolved), false) => set_resolved(note, resolved, &by?, &now),
        (None, _) => {
            let body = body(request)?;
            if note["author"]["username"].as_str() != Some(&token.user) && token.role < 40 {
                return Err(Answer::forbidden());
            }
            note["body"] = json!(body);
            note["updated_at"] = json!(now);
        }
    }
    Ok(Answer::ok(note))
}

fn delete(state: &mut State, caller: &Caller, at: At, id: &str) -> Outcome {
    let token = caller.known()?;
    let item = at.item(state);
    let note = note(item, id)?;
    if note["author"]["username"].as_str() != Some(&token.user) && token.role < 40 {
        return Err(Answer::forbidden());
    }
    for thread in &mut item.discussions {
        thread["notes"].as_array_mut().expect("notes").retain(|note| !is_number(&note["id"], id));
    }
    item.discussions.retain(|thread| thread["notes"].as_array().is_some_and(|notes| !notes.is_empty()));
    Ok(Answer::no_content())
}
