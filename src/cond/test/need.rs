//! The literals that a field's values must hold for a test to hold.

use super::Test;
use crate::pattern::Pattern;
use crate::scan::Need;

impl Test {
    /// Whether the one value of a field fails a test of equality.
    pub(in crate::cond) fn refuses(&self, value: &str) -> bool {
        self.is.as_ref().is_some_and(|is| is != value)
            || self.any.as_ref().is_some_and(|list| !list.iter().any(|item| item == value))
            || self.none.as_ref().is_some_and(|list| list.iter().any(|item| item == value))
    }

    /// What a file must hold, in the field's values, for the test to hold.
    pub(in crate::cond) fn need(&self) -> Need {
        let patterns = |list: &[Pattern]| {
            let lists: Option<Vec<_>> = list.iter().map(Pattern::literals).collect();
            lists.map(|lists| lists.into_iter().flatten().collect())
        };
        // Folded values are equal where their spelling is not.
        let named: Option<Vec<String>> = match (&self.is, &self.any) {
            _ if self.fold => None,
            (Some(is), _) => words([is]),
            (None, Some(any)) => words(any),
            (None, None) => None,
        };
        [
            named,
            self.prefix.as_ref().and_then(|prefix| words([prefix])),
            self.matches.as_ref().and_then(Pattern::literals),
            self.matches_any.as_deref().and_then(patterns),
            self.words.as_ref().and_then(words),
        ]
        .into_iter()
        .flatten()
        .fold(Need::Nothing, |need, words| need.and(Need::Any(words)))
    }
}

/// The longest run of letters and digits of each value, however its words are joined; `None` where a value has none.
fn words<'v>(values: impl IntoIterator<Item = &'v String>) -> Option<Vec<String>> {
    let longest = |value: &'v String| {
        let runs = value.split(|c: char| !c.is_ascii_alphanumeric());
        runs.max_by_key(|run| run.len()).filter(|run| run.len() > 1).map(str::to_owned)
    };
    values.into_iter().map(longest).collect()
}
