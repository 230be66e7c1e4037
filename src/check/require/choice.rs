//! Values in order of preference: one, a list, or a map from values to severities, the gravest first.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::diagnostic::Severity;

/// Values in order of preference.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice(pub Vec<String>);

impl<'de> Deserialize<'de> for Choice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ChoiceVisitor)
    }
}

struct ChoiceVisitor;

impl<'de> Visitor<'de> for ChoiceVisitor {
    type Value = Choice;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value, a list of values, or a map from values to severities")
    }

    fn visit_str<E>(self, value: &str) -> Result<Choice, E> {
        Ok(Choice(vec![value.to_owned()]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Choice, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = items.next_element()? {
            values.push(value);
        }
        Ok(Choice(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Choice, A::Error> {
        let mut graded = Vec::new();
        while let Some((value, severity)) = entries.next_entry::<String, Severity>()? {
            graded.push((severity, value));
        }
        graded.sort_by_key(|(severity, _)| std::cmp::Reverse(*severity));
        Ok(Choice(graded.into_iter().map(|(_, value)| value).collect()))
    }
}
