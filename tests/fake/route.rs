//! Which endpoint answers a request.

use serde_json::{Value, json};

use super::access::Caller;
use super::answer::{Answer, Outcome};
use super::page::page;
use super::request::Request;
use super::state::{Group, Item, State, is_number, user};
use super::{thread, update};

/// What GitLab answers.
pub(super) fn answer(state: &mut State, request: &Request) -> Answer {
    route(state, request).unwrap_or_else(|refusal| refusal)
}

fn route(state: &mut State, request: &Request) -> Outcome {
    let caller = Caller::of(state, request)?;
    let segments: Vec<&str> = request.segments.iter().map(String::as_str).collect();
    match (request.seen.method.as_str(), segments.as_slice()) {
        ("GET", ["user"]) => caller.whoami(),
        ("GET", ["job"]) => match caller.known()? {
            token if token.job => {
                Ok(Answer::ok(&json!({ "id": 9001, "status": "running", "user": user(&token.user) })))
            }
            _ => Err(Answer::unauthorized()),
        },
        ("GET", ["version" | "metadata"]) => {
            caller.known()?;
            Ok(Answer::ok(&json!({ "version": "19.4.0-ee", "revision": "0123abcd" })))
        }
        ("GET", ["personal_access_tokens", "self"]) => {
            let token = caller.known()?;
            let facts = json!({
                "id": 1, "name": "proclint", "revoked": false, "active": true, "scopes": token.scopes,
                "expires_at": "2030-01-01",
            });
            Ok(Answer::ok(&facts))
        }
        (_, ["projects", id, rest @ ..]) => project(state, request, &caller, id, rest),
        ("GET", ["groups", id, rest @ ..]) => group(state, request, &caller, id, rest),
        _ => Err(Answer::no_route()),
    }
}

fn project(state: &mut State, request: &Request, caller: &Caller, id: &str, rest: &[&str]) -> Outcome {
    if let Some(moved) = state.projects.iter().find(|project| project.moved_from.iter().any(|old| old == id))
    {
        let (_, below) = request.seen.target.split_once("/projects/").unwrap_or_default();
        let below = below.split_once('/').map(|(_, below)| format!("/{below}")).unwrap_or_default();
        let host = request.seen.header("host").unwrap_or_default();
        let mut answer = Answer::text(301, "text/plain", "");
        answer.headers.push(("location", format!("http://{host}/api/v4/projects/{}{below}", moved.id)));
        return Ok(answer);
    }
    // Writing, notes and events want a user before anything is looked up.
    let is_private = |part: &&str| matches!(*part, "notes" | "discussions") || part.starts_with("resource_");
    if !request.is_get() || rest.iter().any(is_private) {
        caller.known()?;
    }
    let named = |project: &super::Project| project.path == id || project.id.to_string() == id;
    let found = state.projects.iter().position(named);
    let place = found.filter(|place| caller.may_see(state.projects[*place].public));
    let place = place.ok_or_else(|| Answer::missing("Project"))?;
    let is_get = request.is_get();
    let project = &state.projects[place];
    let keyset = !state.no_keyset;
    match rest {
        [] if is_get => {
            let (name, visibility) = (&project.path, if project.public { "public" } else { "private" });
            let facts = json!({ "id": project.id, "path_with_namespace": name, "visibility": visibility, "default_branch": "main" });
            Ok(Answer::ok(&facts))
        }
        ["labels"] if is_get => page(request, project.labels.clone(), false),
        ["labels"] => update::create_label(&mut state.projects[place], request, caller),
        ["milestones"] if is_get => page(request, project.milestones.clone(), false),
        ["members"] | ["members", "all"] if is_get => page(request, project.members.clone(), false),
        ["issues"] if is_get => page(request, chosen(&project.issues, request), keyset),
        ["issues_statistics"] if is_get => Ok(statistics(chosen(&project.issues, request))),
        ["merge_requests"] if is_get => page(request, chosen(&project.merge_requests, request), false),
        [kind @ ("issues" | "merge_requests"), iid, below @ ..] => {
            let list = if *kind == "issues" { &project.issues } else { &project.merge_requests };
            let found = list.iter().position(|item| item.iid().to_string() == *iid);
            let at = thread::At {
                project: place,
                is_issue: *kind == "issues",
                item: found.ok_or_else(Answer::not_found)?,
            };
            item(state, request, caller, at, below)
        }
        _ => Err(Answer::no_route()),
    }
}

fn item(state: &mut State, request: &Request, caller: &Caller, at: thread::At, below: &[&str]) -> Outcome {
    if below.first().is_some_and(|first| matches!(*first, "notes" | "discussions")) {
        return thread::answer(state, request, caller, at, below);
    }
    if request.seen.method == "PUT" && below.is_empty() {
        return update::edit(state, request, caller, at);
    }
    if !request.is_get() {
        return Err(Answer::error(405, "405 Not Allowed"));
    }
    let item = at.item(state);
    match below {
        [] => Ok(Answer::ok(&Value::Object(item.record.clone()))),
        ["resource_label_events"] => page(request, item.resource_label_events.clone(), false),
        ["resource_milestone_events"] => page(request, item.resource_milestone_events.clone(), false),
        ["resource_state_events"] => page(request, item.resource_state_events.clone(), false),
        ["links"] if at.is_issue => Ok(Answer::ok(&Value::Array(item.links.clone()))),
        ["commits"] if !at.is_issue => page(request, item.commits.clone(), false),
        ["diffs"] if !at.is_issue => page(request, item.diffs.clone(), false),
        ["versions"] if !at.is_issue => page(request, item.versions.clone(), false),
        ["changes"] if !at.is_issue => {
            let mut record = item.record.clone();
            record.insert("changes".to_owned(), Value::Array(item.diffs.clone()));
            record.insert("overflow".to_owned(), Value::Bool(false));
            Ok(Answer::ok(&Value::Object(record)))
        }
        _ => Err(Answer::no_route()),
    }
}

fn group(state: &State, request: &Request, caller: &Caller, id: &str, rest: &[&str]) -> Outcome {
    let named = |group: &&Group| group.path == id || group.id.to_string() == id;
    let group = state.groups.iter().find(named).filter(|_| caller.may_see(false));
    let group = group.ok_or_else(|| Answer::missing("Group"))?;
    let below = format!("{}/", group.path);
    let items = |of: fn(&super::Project) -> &Vec<Item>| {
        let projects = state.projects.iter().filter(|project| project.path.starts_with(&below));
        projects.flat_map(|project| chosen(of(project), request)).collect::<Vec<_>>()
    };
    let epic = |iid: &str| {
        let found =
            group.epics.iter().find(|epic| epic.record.get("iid").is_some_and(|own| is_number(own, iid)));
        found.ok_or_else(Answer::not_found)
    };
    let epic_with_id = |id: &str| {
        let found =
            group.epics.iter().find(|epic| epic.record.get("id").is_some_and(|own| is_number(own, id)));
        found.ok_or_else(Answer::not_found)
    };
    match rest {
        [] => Ok(Answer::ok(&json!({ "id": group.id, "full_path": group.path }))),
        ["labels"] => page(request, group.labels.clone(), false),
        ["milestones"] => page(request, group.milestones.clone(), false),
        ["members"] | ["members", "all"] => page(request, group.members.clone(), false),
        ["issues"] => page(request, items(|project| &project.issues), false),
        ["merge_requests"] => page(request, items(|project| &project.merge_requests), false),
        ["issues_statistics"] => Ok(statistics(items(|project| &project.issues))),
        ["epics", ..] if group.no_epics => Err(Answer::forbidden()),
        ["epics"] => {
            let state = request.text("state").filter(|state| state != "all");
            let epics = group.epics.iter().map(|epic| Value::Object(epic.record.clone()));
            let epics = epics.filter(|epic| state.as_deref().is_none_or(|state| epic["state"] == state));
            page(request, epics.collect(), false)
        }
        ["epics", iid] => Ok(Answer::ok(&Value::Object(epic(iid)?.record.clone()))),
        ["epics", iid, "issues"] => page(request, epic(iid)?.issues.clone(), false),
        ["epics", iid, "epics"] => page(request, epic(iid)?.epics.clone(), false),
        ["epics", iid, "related_epics"] => page(request, epic(iid)?.related_epics.clone(), false),
        // These go by the id of the whole server.
        ["epics", id, "notes"] => page(request, epic_with_id(id)?.notes.clone(), false),
        ["epics", id, "resource_label_events"] => {
            page(request, epic_with_id(id)?.resource_label_events.clone(), false)
        }
        ["epics", id, "resource_state_events"] => {
            page(request, epic_with_id(id)?.resource_state_events.clone(), false)
        }
        _ => Err(Answer::no_route()),
    }
}

/// How many issues there are in each state.
fn statistics(issues: Vec<Value>) -> Answer {
    let count = |state: &str| issues.iter().filter(|issue| issue["state"] == state).count();
    let counts = json!({ "all": issues.len(), "opened": count("opened"), "closed": count("closed") });
    Answer::ok(&json!({ "statistics": { "counts": counts } }))
}

/// The items the filters of the request leave, the newest first as GitLab lists them.
fn chosen(items: &[Item], request: &Request) -> Vec<Value> {
    let state = request.text("state").filter(|state| state != "all");
    let labels = request.text("labels").unwrap_or_default();
    let labels: Vec<&str> = labels.split(',').filter(|label| !label.is_empty()).collect();
    let iids: Vec<String> =
        request.query.iter().filter(|(name, _)| name == "iids[]").map(|(_, iid)| iid.clone()).collect();
    let later = |item: &Item, key: &str, parameter: &str| {
        let at = item.record.get(key).and_then(Value::as_str).unwrap_or_default();
        request.text(parameter).is_none_or(|after| at > after.as_str())
    };
    let fits = |item: &&Item| {
        let text = |key: &str| item.record.get(key).and_then(Value::as_str);
        let own = item.record.get("labels").and_then(Value::as_array);
        let has = |label: &&str| own.is_some_and(|own| own.iter().any(|name| name.as_str() == Some(label)));
        state.as_deref().is_none_or(|state| text("state") == Some(state))
            && labels.iter().all(has)
            && (iids.is_empty() || iids.contains(&item.iid().to_string()))
            && later(item, "updated_at", "updated_after")
            && later(item, "created_at", "created_after")
    };
    let mut found: Vec<Value> =
        items.iter().filter(fits).map(|item| Value::Object(item.record.clone())).collect();
    found.sort_by_key(|item| (item["created_at"].as_str().map(str::to_owned), item["id"].as_u64()));
    if request.text("sort").as_deref() != Some("asc") {
        found.reverse();
    }
    found
}
