//! Quick actions in a note: what they do to labels, milestone, assignees, dates and state.

use pulldown_cmark::{Event, Parser, Tag};
use serde_json::{Value, json};

use super::state::State;
use super::thread::At;
use super::update::{self, Change};

/// What is left of a note when its quick actions have run.
pub(super) struct Text {
    pub(super) stored: String,
    /// What they did; `None` if there were none, or none of them could.
    pub(super) changes: Option<Value>,
}

/// Runs the quick actions of `body` as `author` and takes their lines away.
pub(super) fn run(state: &mut State, at: At, author: &Value, body: &str) -> Text {
    let body = body.replace('\r', "");
    let mut kept = String::new();
    let mut done = Vec::new();
    let places = places(&body);
    let mut start = 0;
    for line in body.split_inclusive('\n') {
        let command = places.contains(&start).then(|| parse(state, at, author, line)).flatten();
        start += line.len();
        match command {
            Some(command) => {
                done.extend(command.into_iter().filter_map(|change| update::apply(state, at, author, change)))
            }
            None => kept.push_str(line),
        }
    }
    let changes = (!done.is_empty()).then(|| {
        let keys: serde_json::Map<String, Value> =
            done.iter().map(|(key, value, _)| ((*key).to_owned(), value.clone())).collect();
        let summary: Vec<&str> = done.iter().map(|(_, _, summary)| summary.as_str()).collect();
        json!({ "commands_changes": keys, "summary": summary })
    });
    Text { stored: kept.trim().to_owned(), changes }
}

/// Where lines of paragraphs begin that lie in nothing else.
fn places(body: &str) -> Vec<usize> {
    let mut depth = 0;
    let mut places = Vec::new();
    for (event, range) in Parser::new(body).into_offset_iter() {
        match event {
            Event::Start(tag) => {
                if depth == 0 && tag == Tag::Paragraph {
                    let mut start = range.start;
                    for line in body[range].split_inclusive('\n') {
                        places.extend(line.starts_with('/').then_some(start));
                        start += line.len();
                    }
                }
                depth += 1;
            }
            Event::End(_) => depth -= 1,
            _ => {}
        }
    }
    places
}

/// The changes a line asks for; `None` where it is no command that is known.
fn parse(state: &State, at: At, author: &Value, line: &str) -> Option<Vec<Change>> {
    let line = line.strip_prefix('/')?.trim_end_matches('\n');
    let (name, arguments) = line.split_once(' ').unwrap_or((line, ""));
    let project = &state.projects[at.project];
    let titles = |list: &[Value], key: &str| -> Vec<String> {
        list.iter().filter_map(|item| item[key].as_str().map(str::to_owned)).collect()
    };
    let labels = || -> Vec<String> {
        let known = titles(&project.labels, "name");
        words(arguments, '~').into_iter().filter(|name| known.contains(name)).collect()
    };
    let users = || -> Vec<String> {
        let own = author["username"].as_str().unwrap_or_default();
        let known = titles(&project.members, "username");
        let named =
            words(arguments, '@').into_iter().map(|name| if name == "me" { own.to_owned() } else { name });
        named.filter(|name| name == own || known.contains(name)).collect()
    };
    Some(match name.to_ascii_lowercase().as_str() {
        "label" | "labels" => vec![Change::AddLabels(labels())],
        "unlabel" | "remove_label" if arguments.trim().is_empty() => vec![Change::SetLabels(Vec::new())],
        "unlabel" | "remove_label" => vec![Change::RemoveLabels(labels())],
        "relabel" => vec![Change::SetLabels(labels())],
        "milestone" => {
            let wanted = words(arguments, '%').into_iter().next().unwrap_or_default();
            let found =
                project.milestones.iter().find(|milestone| milestone["title"].as_str() == Some(&wanted));
            found.map(|milestone| Change::Milestone(Some(milestone.clone()))).into_iter().collect()
        }
        "remove_milestone" => vec![Change::Milestone(None)],
        "assign" => vec![Change::Assign(users())],
        "unassign" => vec![Change::Unassign(if arguments.trim().is_empty() { None } else { Some(users()) })],
        "reassign" => vec![Change::Unassign(None), Change::Assign(users())],
        "close" => vec![Change::State("closed")],
        "reopen" => vec![Change::State("opened")],
        "title" => vec![Change::Field("title", json!(arguments.trim()))],
        "due" if at.is_issue => vec![Change::Field("due_date", json!(arguments.trim()))],
        "remove_due_date" if at.is_issue => vec![Change::Field("due_date", Value::Null)],
        "weight" if at.is_issue => arguments
            .trim()
            .parse::<u64>()
            .ok()
            .map(|weight| Change::Field("weight", json!(weight)))
            .into_iter()
            .collect(),
        "clear_weight" if at.is_issue => vec![Change::Field("weight", Value::Null)],
        "confidential" if at.is_issue => vec![Change::Field("confidential", json!(true))],
        "draft" if !at.is_issue => vec![Change::Field("draft", json!(true))],
        "ready" if !at.is_issue => vec![Change::Field("draft", json!(false))],
        "subscribe" | "unsubscribe" | "todo" | "done" => Vec::new(),
        _ => return None,
    })
}

/// The names of `~a ~"b c"`, with or without their signs.
fn words(arguments: &str, sign: char) -> Vec<String> {
    let mut rest = arguments.trim();
    let mut found = Vec::new();
    while !rest.is_empty() {
        rest = rest.strip_prefix(sign).unwrap_or(rest);
        let (word, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => rest.split_once([' ', ',']).unwrap_or((rest, "")),
        };
        found.push(word.to_owned());
        rest = after.trim_start_matches([' ', ',']);
    }
    found.retain(|word| !word.is_empty());
    found
}
