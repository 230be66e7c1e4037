//! When the labels of a record were added and removed, whichever way the record spells its events.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use super::Document;
use crate::text::Span;
use crate::yaml::Node;

/// A label that was added to a record or removed from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LabelEvent<'d> {
    /// It was added; else removed.
    pub added: bool,
    /// The label's name.
    pub label: &'d str,
    /// Date or time stamp as written.
    pub at: &'d str,
    /// Where the name stands.
    pub span: Span,
    /// Where the event stands.
    pub place: Span,
    /// Who did it, where the record tells.
    pub by: Option<&'d str>,
}

/// The keys that label events stand under.
const LABEL_EVENTS: [&str; 3] = ["resource_label_events", "label_events", "events"];

impl Document<'_> {
    /// The label events in the order of the record; none where it carries no events.
    pub fn label_events(&self) -> Vec<LabelEvent<'_>> {
        let found = LABEL_EVENTS.iter().filter_map(|key| self.node()?.get(key)).flat_map(Node::items);
        found.filter_map(event).collect()
    }

    /// Whether the record carries label events, be it none.
    pub fn has_label_events(&self) -> bool {
        self.node().is_some_and(|node| LABEL_EVENTS.iter().any(|key| node.get(key).is_some()))
    }

    /// Whether a label event does not tell its label, as GitLab does not once the label is deleted.
    pub fn has_nameless_label_events(&self) -> bool {
        let found = LABEL_EVENTS.iter().filter_map(|key| self.node()?.get(key)).flat_map(Node::items);
        found.into_iter().any(is_nameless)
    }

    /// When the record was reopened; `None` where it carries no such events.
    pub fn reopenings(&self) -> Option<Vec<&str>> {
        let list = ["resource_state_events", "state_events"].iter().find_map(|key| self.node()?.get(key))?;
        Some(list.items().iter().filter_map(reopening).collect())
    }
}

/// Reads `{action, created_at, label: {name}}` of the REST API and `{add, at}` of exports.
fn event(node: &Node) -> Option<LabelEvent<'_>> {
    let text = |keys: [&str; 2]| keys.iter().find_map(|key| node.get(key)?.as_str());
    let (added, label) = match (node.get("add"), node.get("remove")) {
        (Some(label), _) => (true, label),
        (None, Some(label)) => (false, label),
        (None, None) => (text(["action", "action"])? == "add", node.get("label")?),
    };
    let name = label.get("name").or_else(|| label.get("title")).unwrap_or(label);
    Some(LabelEvent {
        added,
        label: name.as_str()?,
        at: text(["created_at", "at"])?,
        span: name.span,
        place: node.span,
        by: text(["user", "by"]).or_else(|| text(["actor", "by"])),
    })
}

/// Whether something was added or removed, and nothing says what.
fn is_nameless(node: &Node) -> bool {
    let adds = matches!(node.get("action").and_then(Node::as_str), Some("add" | "remove"));
    let label = ["label", "add", "remove"].iter().find_map(|key| node.get(key));
    adds && label.is_none_or(|label| {
        label.get("name").or_else(|| label.get("title")).unwrap_or(label).as_str().is_none()
    })
}

/// Reads `{state: reopened, created_at}` of the REST API and `{reopened: date}` of exports.
fn reopening(node: &Node) -> Option<&str> {
    let text = |key: &str| node.get(key).and_then(Node::as_str);
    let at = text("created_at").or_else(|| text("at"));
    let state = text("state").or_else(|| text("action"));
    text("reopened").or(at.filter(|_| state == Some("reopened")))
}

/// A time stamp; one without a zone is UTC, a date is its first moment.
pub fn timestamp(text: &str) -> Option<Timestamp> {
    let civil = || text.parse::<DateTime>().ok().or_else(|| Some(text.parse::<Date>().ok()?.into()));
    text.parse().ok().or_else(|| civil()?.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp()))
}

/// The moment after the last of `day`, UTC: the time that it is while `day` is today.
pub fn end_of(day: Date) -> Option<Timestamp> {
    day.tomorrow().ok()?.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::record_subject;
    use crate::subject::Kind;

    #[test]
    fn a_list_of_no_events_is_a_list() {
        let has = |record: serde_json::Value| {
            let subject = record_subject(&record, Kind::Issue, None);
            Document::new(&subject).has_label_events()
        };
        assert!(has(serde_json::json!({"iid": 1, "label_events": []})));
        assert!(!has(serde_json::json!({"iid": 1, "labels": ["a"]})));
    }

    #[test]
    fn every_spelling_of_an_event_is_read() {
        let record = serde_json::json!({
            "resource_label_events": [
                {"action": "add", "created_at": "2020-03-01T09:00:00Z", "label": {"id": 4, "name": "a"}},
                {"action": "add", "created_at": "2020-03-02T09:00:00Z", "label": null},
            ],
            "label_events": [
                {"action": "remove", "at": "2020-03-03", "label": "b"},
                {"add": "c", "at": "2020-03-04"},
            ],
        });
        let subject = record_subject(&record, Kind::Issue, None);
        let document = Document::new(&subject);
        let events: Vec<_> = document.label_events().iter().map(|e| (e.added, e.label, e.at)).collect();
        assert_eq!(
            events,
            [(true, "a", "2020-03-01T09:00:00Z"), (false, "b", "2020-03-03"), (true, "c", "2020-03-04")]
        );
        assert!(document.has_nameless_label_events());
    }
}
