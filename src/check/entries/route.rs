//! The way from the root of a YAML tree to its entries: `*`, `features.*[]`, or `.` for the root itself.

use serde::{Deserialize, Deserializer, de::Error};

use crate::text::Span;
use crate::yaml::{self, Node, Value};

/// Steps from the root.
#[derive(Debug)]
pub(super) struct Route(Vec<Step>);

#[derive(Debug, PartialEq, Eq)]
enum Step {
    /// The value of this key.
    Key(String),
    /// Every value of a map.
    Values,
    /// Every item of a list.
    Items,
}

/// A map that a route leads to.
#[derive(Clone, Debug)]
pub(super) struct Entry<'n> {
    /// The keys on the way.
    pub(super) keys: Vec<&'n str>,
    /// Where the last of them stands.
    pub(super) key_span: Option<Span>,
    /// The map.
    pub(super) node: &'n Node,
}

impl Entry<'_> {
    /// The last key on the way.
    pub(super) fn key(&self) -> &str {
        self.keys.last().copied().unwrap_or_default()
    }
}

impl Route {
    fn new(route: &str) -> Result<Self, String> {
        let mut steps = Vec::new();
        for part in route.split('.').filter(|_| route != ".") {
            let key = part.trim_end_matches("[]");
            match key {
                "" => return Err(format!("`{route}` is no route: a key is missing")),
                "*" => steps.push(Step::Values),
                key => steps.push(Step::Key(key.to_owned())),
            }
            steps.extend((key.len()..part.len()).step_by(2).map(|_| Step::Items));
        }
        Ok(Self(steps))
    }

    /// The key a document needs for the route to lead anywhere.
    pub(super) fn first_key(&self) -> Option<&str> {
        match self.0.first() {
            Some(Step::Key(key)) => Some(key),
            _ => None,
        }
    }

    /// The maps that the route leads to from `root`, in the order of the source.
    pub(super) fn entries<'n>(&self, root: &'n Node) -> Vec<Entry<'n>> {
        Self::follow(&self.0, root)
    }

    /// The same where `root` may be what some steps lead to already: a piece of the file.
    pub(super) fn entries_of_piece<'n>(&self, root: &'n Node) -> Vec<Entry<'n>> {
        let from = |first: usize| Self::follow(self.0.get(first..).unwrap_or_default(), root);
        (0..=self.0.len()).map(from).find(|entries| !entries.is_empty()).unwrap_or_default()
    }

    fn follow<'n>(steps: &[Step], root: &'n Node) -> Vec<Entry<'n>> {
        let mut reached = vec![Entry { keys: Vec::new(), key_span: None, node: root }];
        for step in steps {
            reached = reached.iter().flat_map(|entry| step.from(entry)).collect();
        }
        reached.retain(|entry| matches!(entry.node.value, Value::Map(_)));
        reached
    }
}

impl Step {
    fn from<'n>(&self, entry: &Entry<'n>) -> Vec<Entry<'n>> {
        let node = entry.node;
        if *self == Self::Items {
            let items = node.items().iter();
            return items.map(|node| Entry { keys: entry.keys.clone(), key_span: None, node }).collect();
        }
        let values = node.entries().iter().filter(|value| match self {
            Self::Key(key) => value.key == *key,
            _ => true,
        });
        let below = |key| entry.keys.iter().copied().chain([key]).collect();
        let entry = |value: &'n yaml::Entry| Entry {
            keys: below(value.key.as_str()),
            key_span: Some(value.key_span),
            node: &value.value,
        };
        values.map(entry).collect()
    }
}

impl<'de> Deserialize<'de> for Route {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::{Limits, parse};

    #[test]
    fn a_route_starts_with_a_key_or_anywhere() {
        let first = |route: &str| Route::new(route).unwrap().first_key().map(str::to_owned);
        assert_eq!(first("features.top[]").as_deref(), Some("features"));
        assert_eq!(first("*.top"), None);
    }

    #[test]
    fn routes_lead_to_maps_only() {
        let yaml = "features:\n  top:\n    - a: 1\n  primary:\n    - b: 2\n    - text\nbugs:\n  - c: 3\n";
        let root = parse(yaml, &Limits::subject()).unwrap().unwrap();
        let keys = |route: &str| -> Vec<String> {
            let route = Route::new(route).unwrap();
            let show =
                |entry: &Entry<'_>| format!("{}/{}", entry.keys.join("."), entry.node.entries()[0].key);
            route.entries(&root).iter().map(show).collect()
        };
        assert_eq!(keys("features.*[]"), ["features.top/a", "features.primary/b"]);
        assert_eq!(keys("*"), ["features/top"]);
        assert_eq!(keys("."), ["/features"]);
        assert!(Route::new("a..b").is_err());
    }
}
