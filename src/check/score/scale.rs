//! The standard values of a factor, with or without names, and the names a cell uses for them.

use std::fmt;
use std::ops::Range;

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Numbers are equal when they differ by less than anybody would write.
const TOLERANCE: f64 = 1e-6;

/// Whether two numbers are the same as far as a reader can tell.
pub fn same(a: f64, b: f64) -> bool {
    (a - b).abs() < TOLERANCE
}

/// The standard values, with their names where they have one.
#[derive(Debug)]
pub struct Scale(Vec<(Option<String>, f64)>);

impl Scale {
    /// Whether `value` is one of the standard values.
    pub fn has(&self, value: f64) -> bool {
        self.values().any(|own| same(own, value))
    }

    /// The standard values.
    pub fn values(&self) -> impl Iterator<Item = f64> {
        self.0.iter().map(|(_, value)| *value)
    }

    fn named(&self) -> impl Iterator<Item = (&str, f64)> {
        self.0.iter().filter_map(|(name, value)| Some((name.as_deref()?, *value)))
    }

    /// The value of the name that opens `text` as a word of its own.
    pub fn opening(&self, text: &str) -> Option<f64> {
        let glued = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
        self.named().find_map(|(name, value)| {
            let (head, rest) = text.split_at_checked(name.len())?;
            (head.eq_ignore_ascii_case(name) && !rest.starts_with(glued)).then_some(value)
        })
    }

    /// The name next to the number at `at`, and its value. A number that goes on in words (`High: 300 customers`)
    /// explains the name before it and does not repeat it, unless it follows `=`.
    pub fn beside(&self, text: &str, at: &Range<usize>) -> Option<(Range<usize>, f64)> {
        let separates =
            |c: char| c.is_whitespace() || matches!(c, '=' | ':' | '(' | '~' | '≈' | '-' | '–' | '—' | ',');
        let before = text.get(..at.start)?.trim_end_matches(separates);
        let rest = text.get(at.end..)?;
        let equals = text.get(before.len()..at.start)?.contains('=');
        let repeats = equals || !rest.trim_start().starts_with(char::is_alphanumeric);
        let after = rest.trim_start_matches(separates);
        let start = text.len() - after.len();
        let after = after.split([')', ',', ';', '.']).next().unwrap_or_default().trim_end();
        self.named().find_map(|(name, value)| {
            let named = before.len().checked_sub(name.len()).and_then(|from| before.split_at_checked(from));
            match named {
                Some((head, tail))
                    if repeats
                        && tail.eq_ignore_ascii_case(name)
                        && !head.ends_with(char::is_alphanumeric) =>
                {
                    Some((head.len()..before.len(), value))
                }
                _ => after.eq_ignore_ascii_case(name).then(|| (start..start + name.len(), value)),
            }
        })
    }
}

impl<'de> Deserialize<'de> for Scale {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Values)
    }
}

/// A list of numbers, or a map from names to numbers.
struct Values;

impl<'de> Visitor<'de> for Values {
    type Value = Scale;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of numbers or a map from names to numbers")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Scale, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = items.next_element()? {
            values.push((None, value));
        }
        Ok(Scale(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Scale, A::Error> {
        let mut values = Vec::new();
        while let Some((name, value)) = entries.next_entry()? {
            values.push((Some(name), value));
        }
        Ok(Scale(values))
    }
}
