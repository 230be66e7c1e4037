//! A regular expression of a rule: checked when the rule is read, compiled when it is first needed.

mod forms;
mod required;
mod sketch;

use std::cell::Cell;
use std::sync::Arc;

use regex::{Captures, Match, Regex};
use serde::{Deserialize, Deserializer, de::Error};

use forms::Forms;
pub use sketch::Sketch;

/// Bytes a compiled pattern may take; what exceeds it is refused, not run slowly.
const SIZE_LIMIT: usize = 1 << 20;

/// Bytes of a text in which it is quicker to look with a slow form of a pattern than to compile it.
const PASSAGE: usize = 4096;

/// A pattern with its lazily compiled forms.
#[derive(Clone, Debug)]
pub struct Pattern(Arc<Forms>);

/// The edge of a word in ASCII.
const EDGE: &str = r"(?-u:\b)";

thread_local! {
    /// Whether patterns are proved when they are read, as for rules that no test of ours has seen.
    static PROVE: Cell<bool> = const { Cell::new(false) };
}

/// Reads rules whose patterns are proved at once: their syntax, their size, and that they do not match everywhere.
pub fn proved<T>(read: impl FnOnce() -> T) -> T {
    let before = PROVE.replace(true);
    let read = read();
    PROVE.set(before);
    read
}

/// Whether what is read is proved at once.
pub fn proving() -> bool {
    PROVE.get()
}

impl Pattern {
    /// Takes `source`; inside of [`proved`] it is checked and compiled first.
    ///
    /// `\b`, `\w` and `\d` mean ASCII: next to scripts without spaces that finds more, and it is many times faster.
    ///
    /// # Errors
    /// Says in words what is wrong with the pattern.
    pub fn new(source: &str) -> Result<Self, String> {
        let pattern = Self(Forms::of(source));
        if proving() {
            pattern.prove()?;
        }
        Ok(pattern)
    }

    /// A pattern that matches the empty text would match everywhere, so it is refused.
    fn prove(&self) -> Result<(), String> {
        let hir = regex_syntax::Parser::new().parse(self.0.source()).map_err(|error| {
            let what = match &error {
                regex_syntax::Error::Parse(error) => error.kind().to_string(),
                regex_syntax::Error::Translate(error) => error.kind().to_string(),
                error => error.to_string(),
            };
            format!("not a valid pattern: {what}")
        })?;
        if hir.properties().minimum_len() == Some(0) && !anchored(&hir) {
            return Err("the pattern matches the empty text, so it would match everywhere".to_owned());
        }
        self.0.regex().map(drop).ok_or_else(|| "the pattern is too large once compiled".to_owned())
    }

    /// Literals, one of which every match holds in some ASCII letter case; `None` where no such list is known.
    pub fn literals(&self) -> Option<Vec<String>> {
        self.0.literals().map(<[String]>::to_vec)
    }

    /// The full pattern, unless it is known not to match in `text`.
    fn regex_for(&self, text: &str) -> Option<&Regex> {
        if self.0.decided(text) == Some(false) { None } else { self.0.regex() }
    }

    /// Whether the pattern matches anywhere in `text`.
    pub fn is_match(&self, text: &str) -> bool {
        self.0.decided(text).unwrap_or_else(|| self.0.regex().is_some_and(|regex| regex.is_match(text)))
    }

    /// The first match in `text`.
    pub fn find<'t>(&self, text: &'t str) -> Option<Match<'t>> {
        self.regex_for(text)?.find(text)
    }

    /// The groups of the first match in `text`.
    pub fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        self.regex_for(text)?.captures(text)
    }

    /// The groups of all matches in `text`, left to right.
    pub fn all_captures<'t>(&self, text: &'t str) -> Vec<Captures<'t>> {
        self.regex_for(text).map(|regex| regex.captures_iter(text).collect()).unwrap_or_default()
    }

    /// All matches in `text`, left to right; where the pattern names a group `hit`, that group.
    pub fn hits<'t>(&self, text: &'t str) -> Vec<Match<'t>> {
        let Some(regex) = self.regex_for(text) else { return Vec::new() };
        if regex.capture_names().any(|name| name == Some("hit")) {
            regex.captures_iter(text).filter_map(|captures| captures.name("hit")).collect()
        } else {
            regex.find_iter(text).collect()
        }
    }
}

/// Whether `source`, a regular expression that is needed once, matches in `text` in any letter case.
pub fn matches_once(source: &str, text: &str) -> bool {
    let source = format!("(?i){source}");
    let sketch = || Sketch::new(&source.replace(EDGE, r"\b"), SIZE_LIMIT);
    let decided = (text.len() <= PASSAGE).then(sketch).flatten().and_then(|sketch| sketch.decide(text, 0));
    decided.unwrap_or_else(|| Regex::new(&source).is_ok_and(|regex| regex.is_match(text)))
}

/// Whether `text` holds `literal` in some ASCII letter case.
pub fn holds(text: &str, literal: &str) -> bool {
    let (text, literal) = (text.as_bytes(), literal.as_bytes());
    let rare = |byte: &u8| !is_frequent(byte.to_ascii_lowercase());
    let ahead = literal.iter().position(rare).unwrap_or(0);
    let Some(byte) = literal.get(ahead) else { return true };
    memchr::memchr2_iter(byte.to_ascii_lowercase(), byte.to_ascii_uppercase(), text).any(|at| {
        let start = at.checked_sub(ahead);
        let here = start.and_then(|start| text.get(start..start + literal.len()));
        here.is_some_and(|here| here.eq_ignore_ascii_case(literal))
    })
}

/// Whether English texts are full of a byte.
fn is_frequent(byte: u8) -> bool {
    matches!(
        byte,
        b' ' | b'e' | b't' | b'a' | b'o' | b'i' | b'n' | b's' | b'r' | b'h' | b'l' | b'd' | b'c' | b'u'
    )
}

/// The pattern with the ASCII meaning of `\b`, `\w` and `\d`, in and outside of character classes.
fn ascii(source: &str) -> String {
    let mut out = String::with_capacity(source.len() + 64);
    let mut depth = 0_usize;
    let mut chars = source.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match (chars.next(), depth) {
                (Some('b'), 0) => out.push_str(EDGE),
                (Some('B'), 0) => out.push_str(r"(?-u:\B)"),
                (Some('w'), 0) => out.push_str("[0-9A-Za-z_]"),
                (Some('w'), _) => out.push_str("0-9A-Za-z_"),
                (Some('W'), 0) => out.push_str("[^0-9A-Za-z_]"),
                (Some('d'), 0) => out.push_str("[0-9]"),
                (Some('d'), _) => out.push_str("0-9"),
                (Some('D'), 0) => out.push_str("[^0-9]"),
                (Some(escaped), _) => out.extend(['\\', escaped]),
                (None, _) => out.push('\\'),
            },
            '[' => {
                depth += 1;
                out.push('[');
            }
            ']' => {
                depth = depth.saturating_sub(1);
                out.push(']');
            }
            c => out.push(c),
        }
    }
    out
}

fn anchored(hir: &regex_syntax::hir::Hir) -> bool {
    use regex_syntax::hir::Look;
    let looks = hir.properties().look_set_prefix();
    looks.contains(Look::Start) || looks.contains(Look::End)
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// Joins words to one alternation that is safe to put into a pattern; longer words first.
pub fn alternation<S: AsRef<str>>(words: &[S]) -> String {
    let mut words: Vec<_> =
        words.iter().map(|word| regex::escape(word.as_ref()).replace(' ', r"\s+")).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words.join("|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_that_cannot_be_meant_are_refused_where_they_are_proved() {
        let wrong = |source: &str| proved(|| Pattern::new(source)).unwrap_err();
        assert!(wrong("(a").contains("unclosed group"));
        assert!(wrong("a*").contains("empty text"));
        assert!(wrong(r"[^a]{5000}{50}").contains("too large"));
        assert!(proved(|| Pattern::new("^$")).is_ok());
    }

    #[test]
    fn words_and_digits_are_ascii() {
        let found = |source: &str, text: &str| {
            Pattern::new(source).unwrap().find(text).map(|found| found.as_str().to_owned())
        };
        assert_eq!(found(r"\bMVC\b", "のMVCを"), Some("MVC".to_owned()));
        assert_eq!(found(r"[\w\d.-]+\d", "é１a-1２"), Some("a-1".to_owned()));
        assert_eq!(found(r"\\b[^\]w]", r"x\b]w\ba"), Some(r"\ba".to_owned()));
    }

    #[test]
    fn a_literal_is_found_wherever_it_stands_in_any_letter_case() {
        let found = ["rate limit", "USAT", "e", "é", ""].map(|literal| {
            ["Rate Limits", "a rate limit", "usat", "uSA-USAt", "caf\u{e9}", ""]
                .map(|text| holds(text, literal))
        });
        assert_eq!(
            found,
            [
                [true, true, false, false, false, false],
                [false, false, true, true, false, false],
                [true, true, false, false, false, false],
                [false, false, false, false, true, false],
                [true; 6],
            ]
        );
    }

    #[test]
    fn a_group_named_hit_is_the_hit() {
        let pattern = Pattern::new(r"\s(?<hit>#\d+)").expect("valid");
        assert_eq!(pattern.hits("a #12 #13").iter().map(Match::as_str).collect::<Vec<_>>(), ["#12", "#13"]);
    }
}
