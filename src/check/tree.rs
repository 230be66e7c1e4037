//! The tree below an epic: how deep it is, where issues hang, and whether dates and milestones fit.

use jiff::civil::Date;
use serde::Deserialize;

use super::{Hit, Sink, View};
use crate::cond::date_of;
use crate::scan::Need;
use crate::text::Span;
use crate::yaml::Node;

/// What is asked of the tree.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tree {
    /// Levels of epics, the top one included.
    max_depth: usize,
    /// Whether open issues have a milestone.
    check_milestones: bool,
}

impl Tree {
    /// The values that messages may name.
    pub const VALUES: &'static [&'static str] = &["hit", "title", "other"];

    /// The variants the check may report.
    pub fn variants(&self) -> Vec<&str> {
        vec!["depth", "attached", "dates", "milestone"]
    }

    /// A tree has children.
    pub fn need(&self) -> Need {
        Need::Any(vec!["children".to_owned()])
    }

    /// Reports where the tree of an epic does not hang together.
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let Some(epic) = view.doc.node() else { return };
        let is_top =
            ["parent", "parent_id", "parent_iid"].iter().all(|key| epic.get(key).is_none_or(Node::is_null));
        let stray = children(epic).find(|child| !is_epic(child) && is_open(child));
        if let Some(stray) = stray.filter(|_| is_top && children(epic).any(is_epic)) {
            say(stray, "attached", title(epic), view, sink);
        }
        self.level(epic, 1, view, sink);
    }

    fn level(&self, epic: &Node, depth: usize, view: View<'_>, sink: &mut Sink<'_>) {
        for child in children(epic) {
            if is_epic(child) {
                if depth == self.max_depth {
                    say(child, "depth", &self.max_depth.to_string(), view, sink);
                }
                dates(epic, child, view, sink);
                self.level(child, depth + 1, view, sink);
            } else if self.check_milestones && is_open(child) {
                let missing = child.entry("milestone").filter(|entry| entry.value.is_null());
                if let Some(entry) = missing {
                    let values = [("hit", "milestone"), ("title", title(child)), ("other", title(epic))];
                    sink.report(Hit::at(entry.key_span, &values).variant("milestone"));
                }
            }
        }
    }
}

/// Reports the dates of an epic that lie outside those of the epic above it.
fn dates(parent: &Node, child: &Node, view: View<'_>, sink: &mut Sink<'_>) {
    let given = |node: &Node, key: &str| -> Option<(Date, Span)> {
        let value = node.get(key)?;
        Some((date_of(value.as_str()?)?, value.span))
    };
    for key in ["start_date", "due_date"] {
        let Some((day, span)) = given(child, key) else { continue };
        let before = given(parent, "start_date").is_some_and(|(start, _)| day < start);
        let after = given(parent, "due_date").is_some_and(|(due, _)| day > due);
        if before || after {
            let hit = span.of(view.doc.text());
            let values = [("hit", hit), ("title", title(child)), ("other", title(parent))];
            sink.report(Hit::at(span, &values).variant("dates"));
        }
    }
}

fn say(child: &Node, variant: &str, other: &str, view: View<'_>, sink: &mut Sink<'_>) {
    let span = child.get("title").map_or(child.span, |title| title.span);
    let values = [("hit", span.of(view.doc.text())), ("title", title(child)), ("other", other)];
    sink.report(Hit::at(span, &values).variant(variant));
}

/// The children that still hang there: what was moved away does not.
fn children(node: &Node) -> impl Iterator<Item = &Node> {
    let items = node.get("children").map(Node::items).unwrap_or_default().iter();
    items.filter(|child| {
        ["moved_to", "moved_to_id"].iter().all(|key| child.get(key).is_none_or(Node::is_null))
    })
}

/// A record of the API says what it is by the keys it has.
fn is_epic(node: &Node) -> bool {
    match node.get("type").and_then(Node::as_str) {
        Some(kind) => kind.eq_ignore_ascii_case("epic"),
        None => node.get("group_id").is_some() && node.get("project_id").is_none(),
    }
}

fn is_open(node: &Node) -> bool {
    node.get("state").and_then(Node::as_str) == Some("opened")
}

fn title(node: &Node) -> &str {
    node.get("title").and_then(Node::as_str).unwrap_or_default()
}
