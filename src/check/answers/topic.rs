//! The questions by name, each with the pattern that the name of an answer matches.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::pattern::Pattern;

/// Questions in order.
#[derive(Debug)]
pub(super) struct Topics(Vec<(String, Pattern)>);

impl Topics {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The name of number `index`.
    pub(super) fn name(&self, index: usize) -> &str {
        self.0.get(index).map_or("", |(name, _)| name)
    }

    /// Whether an answer called `name` is one to number `index`.
    pub(super) fn is_about(&self, index: usize, name: &str) -> bool {
        self.0.get(index).is_some_and(|(_, pattern)| !pattern.hits(name).is_empty())
    }
}

impl<'de> Deserialize<'de> for Topics {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TopicsVisitor)
    }
}

struct TopicsVisitor;

impl<'de> Visitor<'de> for TopicsVisitor {
    type Value = Topics;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map from names to patterns, or a list of names")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Topics, A::Error> {
        let mut topics = Vec::new();
        while let Some(name) = items.next_element::<String>()? {
            let pattern =
                Pattern::new(&format!(r"(?i)^{}\b", regex::escape(&name))).map_err(A::Error::custom)?;
            topics.push((name, pattern));
        }
        Ok(Topics(topics))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Topics, A::Error> {
        let mut topics = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            topics.push(entry);
        }
        Ok(Topics(topics))
    }
}
