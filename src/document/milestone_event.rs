//! How a record went from milestone to milestone, whichever way it spells its events.

use super::Document;
use super::event::timestamp;
use crate::text::Span;
use crate::yaml::Node;

/// A milestone as an event names it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stop<'d> {
    /// Its title.
    pub title: &'d str,
    /// Its first day, if told.
    pub start: Option<&'d str>,
    /// Its last day, if told.
    pub due: Option<&'d str>,
}

/// A record that went to another milestone, or to none.
#[derive(Clone, Copy, Debug)]
pub struct MilestoneEvent<'d> {
    /// Date or time stamp as written.
    pub at: &'d str,
    /// The milestone before.
    pub from: Option<Stop<'d>>,
    /// The milestone after.
    pub to: Option<Stop<'d>>,
    /// Who did it.
    pub user: Option<&'d str>,
    /// Where the event stands.
    pub span: Span,
}

impl Document<'_> {
    /// The milestone events, the earliest first; `None` where the record carries none.
    pub fn milestone_events(&self) -> Option<Vec<MilestoneEvent<'_>>> {
        let lists = ["resource_milestone_events", "milestone_events"];
        let found: Vec<_> = lists.iter().filter_map(|key| self.node()?.get(key)).collect();
        if found.is_empty() {
            return None;
        }
        let mut nodes: Vec<_> =
            found.into_iter().flat_map(Node::items).filter_map(|node| Some((node, at(node)?))).collect();
        nodes.sort_by_key(|(_, at)| timestamp(at));
        let mut current = None;
        let events = nodes.into_iter().map(|(node, at)| {
            let (from, to) = match node.get("to").or_else(|| node.get("from")) {
                Some(_) => (stop(node, "from"), stop(node, "to")),
                // The API tells only where to, or what was left.
                None => match node.get("action").and_then(Node::as_str) {
                    Some("remove") => (stop(node, "milestone"), None),
                    _ => (current, stop(node, "milestone")),
                },
            };
            current = to;
            let user = ["user", "actor"].iter().find_map(|key| node.get(key)?.as_str());
            MilestoneEvent { at, from, to, user, span: node.span }
        });
        Some(events.collect())
    }
}

fn at(node: &Node) -> Option<&str> {
    ["created_at", "at"].iter().find_map(|key| node.get(key)?.as_str())
}

/// The milestone at `key`: its title, or an object; its dates may stand beside it as `from_start`.
fn stop<'d>(node: &'d Node, key: &str) -> Option<Stop<'d>> {
    let milestone = node.get(key)?;
    let title = milestone.get("title").unwrap_or(milestone).as_str()?;
    let date = |own: &str, beside: &str| {
        milestone.get(own).or_else(|| node.get(&format!("{key}_{beside}"))).and_then(Node::as_str)
    };
    Some(Stop { title, start: date("start_date", "start"), due: date("due_date", "due") })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::record_subject;
    use crate::subject::Kind;

    #[test]
    fn the_api_tells_where_to_and_the_rest_follows() {
        let milestone =
            |title: &str| serde_json::json!({"id": 1, "title": title, "start_date": "2020-03-18"});
        let record = serde_json::json!({"resource_milestone_events": [
            {"action": "add", "created_at": "2020-03-02T09:00:00Z", "milestone": milestone("b")},
            {"action": "add", "created_at": "2020-03-01T09:00:00Z", "milestone": milestone("a")},
            {"action": "remove", "created_at": "2020-03-03T09:00:00Z", "milestone": milestone("b")},
            {"action": "add", "created_at": "2020-03-04T09:00:00Z", "milestone": milestone("c")},
        ]});
        let subject = record_subject(&record, Kind::Issue, None);
        let document = Document::new(&subject);
        let events = document.milestone_events().unwrap();
        let title = |stop: Option<Stop<'_>>| stop.map_or(String::new(), |stop| stop.title.to_owned());
        let moves: Vec<_> = events.iter().map(|e| format!("{}>{}", title(e.from), title(e.to))).collect();
        assert_eq!(moves, [">a", "a>b", "b>", ">c"]);
        assert_eq!(events[1].from.and_then(|stop| stop.start), Some("2020-03-18"));
    }

    #[test]
    fn exports_tell_both_sides() {
        let record = serde_json::json!({"milestone_events": [
            {"at": "2020-03-02", "from": "16.3", "from_start": "2020-02-18", "to": null, "actor": "pm"},
        ]});
        let subject = record_subject(&record, Kind::Issue, None);
        let document = Document::new(&subject);
        let event = document.milestone_events().unwrap()[0];
        assert_eq!(event.from, Some(Stop { title: "16.3", start: Some("2020-02-18"), due: None }));
        assert_eq!((event.to, event.user), (None, Some("pm")));
        assert_eq!(document.node().unwrap().path_to(event.span), "milestone_events[0]");
    }
}
