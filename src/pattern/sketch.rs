//! A regular expression that is quick to compile and slow to run: it decides on short texts, most of which do not match.

use std::sync::atomic::{AtomicUsize, Ordering};

use regex_lite::{Regex, RegexBuilder};

/// A pattern without Unicode's classes and letter cases, on which compiling spends most of its time and memory: it
/// decides on texts of ASCII only.
#[derive(Debug)]
pub struct Sketch {
    regex: Regex,
    /// Bytes of the texts it has decided on.
    spent: AtomicUsize,
}

impl Sketch {
    /// The sketch of `source`; `None` where it would take more than `limit` bytes, or might mean something else.
    pub fn new(source: &str, limit: usize) -> Option<Self> {
        if !is_plain(source) {
            return None;
        }
        let regex = RegexBuilder::new(source).size_limit(limit).build().ok()?;
        Some(Self { regex, spent: AtomicUsize::new(0) })
    }

    /// Whether the pattern matches anywhere in `text`; `None` where the pattern itself has to tell, and where the texts
    /// before came to more than `budget` bytes: then it would have been quicker to compile the pattern in full.
    pub fn decide(&self, text: &str, budget: usize) -> Option<bool> {
        if !text.is_ascii() || self.spent.load(Ordering::Relaxed) > budget {
            return None;
        }
        self.spent.fetch_add(text.len(), Ordering::Relaxed);
        Some(self.regex.is_match(text))
    }
}

/// Whether a pattern names no character outside of ASCII; in any letter case `ſ`, also written as `\u017f`, matches `s`.
pub(super) fn is_plain(source: &str) -> bool {
    source.is_ascii() && ![r"\x", r"\u", r"\U"].iter().any(|code| source.contains(code))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decide(pattern: &str, text: &str) -> Option<bool> {
        Sketch::new(pattern, 1 << 20)?.decide(text, 0)
    }

    #[test]
    fn it_decides_on_ascii_and_only_for_a_while() {
        assert_eq!(decide("^[^a]{2}$", "bc"), Some(true));
        assert_eq!(decide("^[^a]{2}$", "ac"), Some(false));
        assert_eq!(decide("^[^a]{2}$", "監査"), None);
        assert_eq!(decide("(?i)ſ|é", "s"), None);
        assert_eq!(decide(r"(?i)\u017f", "s"), None);
        assert_eq!(decide(r"\p{L}", "s"), None);
        let sketch = Sketch::new("a", 1 << 20).unwrap();
        let decided = ["aaa", "b", "", "a"].map(|text| sketch.decide(text, 3));
        assert_eq!(decided, [Some(true), Some(false), None, None]);
    }

    /// Pieces of patterns, which are put together at random.
    const PIECES: [&str; 14] = [
        "a",
        "(?i)sk",
        "[^a]",
        ".",
        r"\S",
        "[!-k]",
        r"\b",
        "(?:ab|[bc]+)",
        "^",
        "$",
        "[a-c]{1,2}",
        r"\s",
        r"\w",
        r"[^\d_]",
    ];

    proptest! {
        #[test]
        fn what_it_says_is_true(
            pieces in prop::collection::vec((0..PIECES.len(), 0..4_usize), 1..6),
            text in "[aAbkKsS_1 \\n]{0,8}",
        ) {
            let quantified = |(piece, quantifier): &(usize, usize)| {
                let piece = PIECES[*piece];
                match ["", "?", "*", "{2,3}"][*quantifier] {
                    quantifier if piece.len() > 1 || "a.".contains(piece) => format!("(?:{piece}){quantifier}"),
                    _ => piece.to_owned(),
                }
            };
            let pattern: String = pieces.iter().map(quantified).collect();
            let matches = regex::Regex::new(&super::super::ascii(&pattern)).unwrap().is_match(&text);
            prop_assert_eq!(decide(&pattern, &text), Some(matches), "{:?} in {:?}", pattern, text);
        }
    }
}
