//! The labels and milestones that exist, as the API lists them or a project export holds them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A label that exists.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// Its whole name, scopes included.
    pub name: String,
    /// Somebody said what it is for.
    pub described: bool,
    /// It is kept for old items only.
    pub archived: bool,
    /// It belongs to a group, so that other projects may use it too.
    pub shared: bool,
    /// Open and closed items that carry it, where the list says so.
    pub items: Option<u64>,
}

/// A milestone that exists.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Milestone {
    /// Its title.
    pub title: String,
    /// Somebody said what it is for.
    pub described: bool,
    /// It is open.
    pub active: bool,
    /// The last day, `YYYY-MM-DD`, if it has one.
    pub due: Option<String>,
    /// It belongs to a group, so that other projects may use it too.
    pub shared: bool,
}

/// The labels of `items`, objects as `GET /projects/:id/labels` or `labels.ndjson` of an export give them, sorted by
/// name and each once; and how many items are none.
pub fn labels(items: &[Value]) -> (Vec<Label>, usize) {
    collect(items, label, |label: &Label| &label.name)
}

/// The milestones of `items`, objects as `GET /projects/:id/milestones` or `milestones.ndjson` of an export give them,
/// sorted by title and each once; and how many items are none.
pub fn milestones(items: &[Value]) -> (Vec<Milestone>, usize) {
    collect(items, milestone, |milestone: &Milestone| &milestone.title)
}

fn collect<T>(items: &[Value], read: fn(&Value) -> Option<T>, name: fn(&T) -> &String) -> (Vec<T>, usize) {
    let mut found: Vec<_> = items.iter().filter_map(read).collect();
    let refused = items.len() - found.len();
    found.sort_by(|one, other| name(one).cmp(name(other)));
    found.dedup_by(|one, other| name(one) == name(other));
    (found, refused)
}

fn label(item: &Value) -> Option<Label> {
    // A list of names alone says nothing of descriptions.
    if let Some(name) = item.as_str() {
        return Some(Label { name: name.to_owned(), described: true, ..Label::default() });
    }
    let name = text(item, "name").or_else(|| text(item, "title"))?.to_owned();
    let count = |key| item.get(key).and_then(Value::as_u64);
    let counts = ["open_issues_count", "closed_issues_count", "open_merge_requests_count"].map(count);
    let is_group = text(item, "type") == Some("GroupLabel");
    Some(Label {
        name,
        described: is_described(item),
        archived: item.get("archived").and_then(Value::as_bool).unwrap_or(false),
        shared: is_group || item.get("is_project_label").and_then(Value::as_bool) == Some(false),
        items: counts.iter().any(Option::is_some).then(|| counts.iter().flatten().sum()),
    })
}

fn milestone(item: &Value) -> Option<Milestone> {
    let of_group = item.get("group_id").is_some_and(|id| !id.is_null());
    Some(Milestone {
        title: text(item, "title")?.to_owned(),
        described: is_described(item),
        active: text(item, "state").is_none_or(|state| state == "active"),
        due: text(item, "due_date").and_then(|day| Some(day.get(..10)?.parse::<Date>().ok()?.to_string())),
        shared: of_group,
    })
}

/// Whether there is a description; a list that has none for anything does not tell.
fn is_described(item: &Value) -> bool {
    item.get("description").is_none_or(|text| text.as_str().is_some_and(|text| !text.trim().is_empty()))
}

fn text<'v>(item: &'v Value, key: &str) -> Option<&'v str> {
    item.get(key)?.as_str().filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn labels_are_read_from_the_api_and_from_an_export() {
        let items = [
            json!({"id": 1, "name": "type::bug", "description": "Broken", "is_project_label": true, "open_issues_count": 2}),
            json!({"title": "a", "type": "GroupLabel", "description": null}),
            json!({"message": "404 Not Found"}),
            json!("plain"),
            json!({"name": "type::bug", "description": ""}),
        ];
        let (labels, refused) = labels(&items);
        assert_eq!(refused, 1);
        let told: Vec<_> = labels.iter().map(|of| (&*of.name, of.described, of.shared, of.items)).collect();
        assert_eq!(
            told,
            [("a", false, true, None), ("plain", true, false, None), ("type::bug", true, false, Some(2))]
        );
    }
}
