//! A regular expression of a rule: checked when the rule is read, compiled when it is first needed.

use std::sync::OnceLock;

use regex::{Captures, Match, Regex, RegexBuilder};
use serde::{Deserialize, Deserializer, de::Error};

/// Bytes a compiled pattern may take; what exceeds it is refused, not run slowly.
const SIZE_LIMIT: usize = 1 << 20;

/// A pattern with its lazily compiled form.
#[derive(Clone, Debug)]
pub struct Pattern {
    source: String,
    regex: OnceLock<Option<Regex>>,
}

impl Pattern {
    /// Checks the syntax of `source`. A pattern that matches the empty text would match everywhere and is refused.
    ///
    /// # Errors
    /// Says in words what is wrong with the pattern.
    pub fn new(source: &str) -> Result<Self, String> {
        let hir = regex_syntax::Parser::new().parse(source).map_err(|error| {
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
        Ok(Self { source: source.to_owned(), regex: OnceLock::new() })
    }

    /// Compiles the pattern now.
    ///
    /// # Errors
    /// Where the compiled pattern would be too large.
    pub fn force(&self) -> Result<(), String> {
        self.regex()
            .map(drop)
            .ok_or_else(|| format!("the pattern `{}` is too large once compiled", self.source))
    }

    fn regex(&self) -> Option<&Regex> {
        self.regex
            .get_or_init(|| RegexBuilder::new(&self.source).size_limit(SIZE_LIMIT).build().ok())
            .as_ref()
    }

    /// Whether the pattern matches anywhere in `text`.
    pub fn is_match(&self, text: &str) -> bool {
        self.regex().is_some_and(|regex| regex.is_match(text))
    }

    /// The first match in `text`.
    pub fn find<'t>(&self, text: &'t str) -> Option<Match<'t>> {
        self.regex()?.find(text)
    }

    /// The groups of the first match in `text`.
    pub fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        self.regex()?.captures(text)
    }

    /// The groups of all matches in `text`, left to right.
    pub fn all_captures<'t>(&self, text: &'t str) -> Vec<Captures<'t>> {
        self.regex().map(|regex| regex.captures_iter(text).collect()).unwrap_or_default()
    }

    /// All matches in `text`, left to right; where the pattern names a group `hit`, that group.
    pub fn hits<'t>(&self, text: &'t str) -> Vec<Match<'t>> {
        let Some(regex) = self.regex() else { return Vec::new() };
        if regex.capture_names().any(|name| name == Some("hit")) {
            regex.captures_iter(text).filter_map(|captures| captures.name("hit")).collect()
        } else {
            regex.find_iter(text).collect()
        }
    }
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
    fn patterns_that_cannot_be_meant_are_refused() {
        assert!(Pattern::new("(a").is_err_and(|error| error.contains("unclosed group")));
        assert!(Pattern::new("a*").is_err_and(|error| error.contains("empty text")));
        assert!(Pattern::new("^$").is_ok());
        assert!(Pattern::new(r"\w{5000}").is_ok_and(|pattern| pattern.force().is_err()));
    }

    #[test]
    fn a_group_named_hit_is_the_hit() {
        let pattern = Pattern::new(r"\s(?<hit>#\d+)").expect("valid");
        assert_eq!(pattern.hits("a #12 #13").iter().map(Match::as_str).collect::<Vec<_>>(), ["#12", "#13"]);
    }
}
