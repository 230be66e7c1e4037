//! One pass over a text that says which rules have anything to look for in it.

use std::collections::HashMap;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, MatchKind};

/// What a text must contain for a check to find anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Need {
    /// Nothing: the check looks at fields, or at what is missing.
    Nothing,
    /// A sigil (`#`, `!`, `&`) right before a digit.
    Sigil,
    /// One of these literals, in any ASCII letter case; of none, the check can find nothing at all.
    Any(Vec<String>),
}

impl Need {
    /// What a text must contain for two things to hold at once: the stricter of the two.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Nothing, need) | (need, Self::Nothing) => need,
            (Self::Any(a), Self::Any(b)) => Self::Any(if b.len() < a.len() { b } else { a }),
            (Self::Any(words), Self::Sigil) | (Self::Sigil, Self::Any(words)) => Self::Any(words),
            (Self::Sigil, Self::Sigil) => Self::Sigil,
        }
    }

    /// What a text must contain for one of several checks to find anything.
    pub fn union(needs: impl IntoIterator<Item = Self>) -> Self {
        let both = |a: Self, b: Self| match (a, b) {
            (Self::Any(mut words), Self::Any(more)) => {
                words.extend(more);
                words.sort();
                words.dedup();
                Self::Any(words)
            }
            (Self::Any(words), need) | (need, Self::Any(words)) if words.is_empty() => need,
            (Self::Sigil, Self::Sigil) => Self::Sigil,
            _ => Self::Nothing,
        };
        needs.into_iter().reduce(both).unwrap_or(Self::Nothing)
    }
}

/// Bytes after which the automaton that is slow to build and quick to run has paid for itself.
const LONG_RUN: usize = 1 << 19;

/// The literals of many checks, searched at once.
#[derive(Debug)]
pub struct Prefilter {
    literals: Vec<String>,
    automaton: Option<AhoCorasick>,
    /// The automaton of long runs.
    quick: OnceLock<Option<AhoCorasick>>,
    scanned: AtomicUsize,
    /// The checks that asked for each literal.
    owners: Vec<Vec<u32>>,
    needs: Vec<Need>,
}

impl Prefilter {
    /// A prefilter over the needs of checks, which are known by their position.
    pub fn new(needs: Vec<Need>) -> Self {
        let mut literals: Vec<String> = Vec::new();
        let mut owners: Vec<Vec<u32>> = Vec::new();
        let mut known = HashMap::new();
        for (check, need) in (0_u32..).zip(&needs) {
            let Need::Any(words) = need else { continue };
            for word in words {
                let word = word.to_ascii_lowercase();
                let at = *known.entry(word.clone()).or_insert(literals.len());
                if at == literals.len() {
                    literals.push(word);
                    owners.push(Vec::new());
                }
                owners[at].push(check);
            }
        }
        let automaton = automaton(&literals, AhoCorasickKind::ContiguousNFA);
        let (quick, scanned) = (OnceLock::new(), AtomicUsize::new(0));
        Self { literals, automaton, quick, scanned, owners, needs }
    }

    /// For every check whether one of `texts` holds what it needs.
    pub fn touched(&self, texts: &[&str]) -> Vec<bool> {
        let mut touched: Vec<bool> = self.needs.iter().map(|need| *need == Need::Nothing).collect();
        if self.needs.contains(&Need::Sigil) && texts.iter().any(|text| has_sigil(text)) {
            for (check, need) in touched.iter_mut().zip(&self.needs) {
                *check |= *need == Need::Sigil;
            }
        }
        let size = texts.iter().map(|text| text.len()).sum();
        let scanned = self.scanned.fetch_add(size, Ordering::Relaxed);
        let automaton = if scanned < LONG_RUN {
            &self.automaton
        } else {
            self.quick.get_or_init(|| automaton(&self.literals, AhoCorasickKind::DFA))
        };
        let Some(automaton) = automaton else { return touched };
        let mut seen = vec![false; self.owners.len()];
        let mut open = seen.len();
        for found in texts.iter().flat_map(|text| automaton.find_overlapping_iter(*text)) {
            let literal = found.pattern().as_usize();
            if std::mem::replace(&mut seen[literal], true) {
                continue;
            }
            for owner in &self.owners[literal] {
                touched[*owner as usize] = true;
            }
            open -= 1;
            if open == 0 {
                break;
            }
        }
        touched
    }
}

/// `None` where there is nothing to look for.
fn automaton(literals: &[String], kind: AhoCorasickKind) -> Option<AhoCorasick> {
    let mut builder = AhoCorasickBuilder::new();
    builder.ascii_case_insensitive(true).match_kind(MatchKind::Standard).kind(Some(kind));
    builder.build(literals).ok().filter(|_| !literals.is_empty())
}

fn has_sigil(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr3_iter(b'#', b'!', b'&', bytes).any(|at| bytes.get(at + 1).is_some_and(u8::is_ascii_digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_check_is_touched_by_its_own_literals_only() {
        let any = |words: &[&str]| Need::Any(words.iter().map(|&word| word.to_owned()).collect());
        let prefilter =
            Prefilter::new(vec![any(&["mvc"]), any(&["fy", "fiscal"]), Need::Sigil, Need::Nothing]);
        assert_eq!(prefilter.touched(&["An MVC"]), [true, false, false, true]);
        assert_eq!(prefilter.touched(&["FY24 &1"]), [false, true, true, true]);
        assert_eq!(prefilter.touched(&["# 1 & !"]), [false, false, false, true]);
    }
}
