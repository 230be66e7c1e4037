//! Work that joins a sprint after its planning, as the events of an issue tell.

use jiff::civil::Date;
use serde::Deserialize;

use crate::check::{Hit, Sink, View};
use crate::cond::{date_of, days_between};
use crate::pattern::Pattern;
use crate::yaml::Node;

/// When the planning of a sprint ends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    sprint_pattern: Pattern,
    not_sprint: Option<Pattern>,
    /// Days after its start in which a sprint is still planned.
    planning_days: i64,
}

/// The keys of events, and the key of what they set.
const EVENTS: [(&str, &str); 4] = [
    ("resource_milestone_events", "milestone"),
    ("milestone_events", "milestone"),
    ("resource_iteration_events", "iteration"),
    ("iteration_events", "iteration"),
];

impl Scope {
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let Some(node) = view.doc.node() else { return };
        let closed = node.get("closed_at").and_then(Node::as_str).and_then(date_of);
        for (key, of) in EVENTS {
            for event in node.get(key).map(Node::items).unwrap_or_default() {
                let Some((title, day)) = joined(event, of) else { continue };
                let sprint = of == "iteration"
                    || (self.sprint_pattern.is_match(title)
                        && !self.not_sprint.as_ref().is_some_and(|pattern| pattern.is_match(title)));
                if !sprint || closed.is_some_and(|closed| closed <= day) {
                    continue;
                }
                let Some(start) = start(event, of, title, node) else {
                    sink.not_checked(format!("the record does not tell when `{title}` starts"));
                    continue;
                };
                if days_between(start, day) <= self.planning_days {
                    continue;
                }
                let Some(open) = node.get("sprint_open_issues").and_then(Node::as_str) else {
                    sink.not_checked("the record has no `sprint_open_issues`");
                    continue;
                };
                if open.parse::<u32>().is_ok_and(|open| open > 0) {
                    let values = [("hit", title), ("title", title), ("other", open)];
                    sink.report(Hit::at(event.span, &values));
                }
            }
        }
    }
}

/// What an event sets, and when; nothing where it takes something away.
fn joined<'n>(event: &'n Node, of: &str) -> Option<(&'n str, Date)> {
    let text = |key: &str| event.get(key).and_then(Node::as_str);
    if text("action").is_some_and(|action| action != "add") {
        return None;
    }
    let title = text("to").or_else(|| event.get(of)?.get("title")?.as_str())?;
    Some((title, text("created_at").or_else(|| text("at")).and_then(date_of)?))
}

/// When the sprint starts, as the event or the issue itself tells.
fn start(event: &Node, of: &str, title: &str, issue: &Node) -> Option<Date> {
    let date = |node: &Node| node.get("start_date").and_then(Node::as_str).and_then(date_of);
    let own = || issue.get(of).filter(|own| own.get("title").and_then(Node::as_str) == Some(title));
    date(event).or_else(|| date(event.get(of)?)).or_else(|| date(own()?))
}
