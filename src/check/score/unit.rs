//! The unit after a number that has no scale: `2 months`, `3 (weeks)`, `4pm`.

use std::ops::Range;

use serde::Deserialize;

/// The units a number may carry, and those that belong to something else. Any other word explains.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Units {
    /// What messages call the unit.
    #[serde(default)]
    pub name: String,
    own: Vec<String>,
    #[serde(default)]
    other: Vec<String>,
}

impl Units {
    /// The end of the unit of one's own at the start of `phrase`.
    pub fn own(&self, text: &str, phrase: &Range<usize>) -> Option<usize> {
        let words = text.get(phrase.clone())?.to_lowercase();
        let bounded = |rest: &str| !rest.starts_with(char::is_alphanumeric);
        let fits = self.own.iter().filter(|own| words.strip_prefix(&own.to_lowercase()).is_some_and(bounded));
        fits.map(|own| phrase.start + own.len()).max()
    }

    /// Whether `phrase` names another unit. `engineer months` are months, too.
    pub fn is_foreign(&self, text: &str, phrase: &Range<usize>) -> bool {
        let among = |units: &[String], word: &str| units.iter().any(|unit| unit.eq_ignore_ascii_case(word));
        let words = || text.get(phrase.clone()).unwrap_or_default().split([' ', '-']);
        self.own(text, phrase).is_none()
            && !words().any(|word| among(&self.own, word))
            && words().any(|word| among(&self.other, word))
    }
}

/// The words after a number, two at most: glued to it, after a blank or a dash, or in brackets.
pub fn phrase(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = text.get(at..)?;
    let start = text.len() - rest.trim_start_matches([' ', '-', '(', '+', '\u{a0}']).len();
    let mut end = start;
    for _ in 0..2 {
        let word = text.get(end..)?.trim_start_matches([' ', '-']);
        let len = word.find(|c: char| !c.is_alphabetic()).unwrap_or(word.len());
        if len == 0 {
            break;
        }
        end = text.len() - word.len() + len;
    }
    (end > start).then_some(start..end)
}
