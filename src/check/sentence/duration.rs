//! Times that are stated as the length of something that is meant to be short.

use std::ops::Range;

use serde::Deserialize;

use crate::pattern::Pattern;
use crate::scan::Need;

/// What is meant to be short, and how short.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Duration {
    /// What a sentence is about.
    about: Pattern,
    /// What a sentence is not about, although it reads like it.
    not_about: Pattern,
    /// Literals of which a text holds one.
    literals: Vec<String>,
    /// A length, in its forms 1 to 3 with the groups `h1`, `m1`, `s1` and so on; `clock` where it may be a place in time.
    length: Pattern,
    /// Words before a length that make it something else.
    not_after: Pattern,
    /// Words before a clock time that make it a place in time.
    not_clock_after: Pattern,
    /// Words after a length that make it something else.
    not_before: Pattern,
    /// Minutes that are too long.
    max_minutes: f64,
    /// The length is asked of the host of the video instead.
    network: bool,
}

impl Duration {
    /// What a text must contain.
    pub(super) fn need(&self) -> Need {
        Need::Any(self.literals.clone())
    }

    /// Why it cannot be told offline.
    pub(super) fn gap(&self) -> Option<&'static str> {
        self.network.then_some("the lengths of videos would be read from their host")
    }

    /// The limit as messages name it.
    pub(super) fn limit(&self) -> String {
        self.max_minutes.to_string()
    }

    /// Where `sentence` gives a length that is too long.
    pub(super) fn too_long(&self, sentence: &str) -> Vec<Range<usize>> {
        if !self.about.is_match(sentence) || self.not_about.is_match(sentence) {
            return Vec::new();
        }
        let lengths = self.length.all_captures(sentence).into_iter();
        lengths
            .filter_map(|found| {
                let all = found.get(0)?;
                let part = |unit: char| {
                    let named = (1..4).find_map(|form| found.name(&format!("{unit}{form}")));
                    named.and_then(|part| part.as_str().parse::<f64>().ok()).unwrap_or(0.0)
                };
                let length = part('h') * 60.0 + part('m') + part('s') / 60.0;
                let hit = found.name("hit").unwrap_or(all).range();
                let before = sentence.get(..all.start())?;
                let after = sentence.get(all.end()..)?;
                let clock = found.name("clock").is_some() && self.not_clock_after.is_match(before);
                let excused = clock || self.not_after.is_match(before) || self.not_before.is_match(after);
                (length >= self.max_minutes && !excused).then_some(hit)
            })
            .collect()
    }
}
