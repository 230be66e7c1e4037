//! The literals that a field's values must hold for a test to hold.

use super::{Ask, Test};
use crate::pattern::Pattern;
use crate::scan::Need;

impl Test {
    /// Whether the one value of a field fails a test of equality.
    pub(in crate::cond) fn refuses(&self, value: &str) -> bool {
        self.asks.iter().any(|ask| match ask {
            Ask::Is(is) => is != value,
            Ask::Any(list) => !list.iter().any(|item| item == value),
            Ask::None(list) => list.iter().any(|item| item == value),
            _ => false,
        })
    }

    /// What a file must hold, in the field's values, for the test to hold.
    pub(in crate::cond) fn need(&self) -> Need {
        let literals = self.asks.iter().filter_map(|ask| match ask {
            // Folded values are equal where their spelling is not.
            Ask::Is(_) | Ask::Any(_) if self.fold => None,
            Ask::Is(value) | Ask::Prefix(value) => words([value]),
            Ask::Any(values) | Ask::Words(values) => words(values),
            Ask::Matches(pattern) => pattern.literals(),
            Ask::MatchesAny(patterns) => {
                let lists: Option<Vec<_>> = patterns.iter().map(Pattern::literals).collect();
                lists.map(|lists| lists.into_iter().flatten().collect())
            }
            _ => None,
        });
        literals.fold(Need::Nothing, |need, words| need.and(Need::Any(words)))
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
