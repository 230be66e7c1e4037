//! One pass over a text that says which rules have anything to look for in it.

use std::cell::LazyCell;

use memchr::memmem;

/// What GitLab writes before the number of an issue, a merge request and an epic.
pub const SIGILS: [char; 3] = ['#', '!', '&'];

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

/// The literals of many checks, searched at once.
#[derive(Debug)]
pub struct Prefilter {
    needs: Vec<Need>,
}

impl Prefilter {
    /// A prefilter over the needs of checks, which are known by their position.
    pub fn new(mut needs: Vec<Need>) -> Self {
        for need in &mut needs {
            if let Need::Any(words) = need {
                words.iter_mut().for_each(|word| word.make_ascii_lowercase());
            }
        }
        Self { needs }
    }

    /// For every check whether one of `texts` holds what it needs.
    pub fn touched(&self, texts: &[&str]) -> Vec<bool> {
        let mut threes = Threes([false; THREES]);
        texts.iter().for_each(|text| threes.add(text));
        let lower = LazyCell::new(|| texts.iter().map(|text| text.to_ascii_lowercase()).collect::<Vec<_>>());
        let is_there = |word: &String| {
            threes.may_hold(word)
                && lower.iter().any(|text| memmem::find(text.as_bytes(), word.as_bytes()).is_some())
        };
        let sigil = self.needs.contains(&Need::Sigil) && texts.iter().any(|text| has_sigil(text));
        let touched = self.needs.iter().map(|need| match need {
            Need::Nothing => true,
            Need::Sigil => sigil,
            Need::Any(words) => words.iter().any(is_there),
        });
        touched.collect()
    }
}

/// The values of fourteen bits.
const THREES: usize = 1 << 14;

/// Which three bytes follow each other in texts, by the lowest bits of each, which both cases of a letter share.
///
/// Most literals hold three that a text does not have, so that it need not be searched for them.
struct Threes([bool; THREES]);

impl Threes {
    fn add(&mut self, text: &str) {
        let mut three = 0;
        let (fours, rest) = text.as_bytes().as_chunks::<4>();
        for four in fours {
            for byte in four {
                three = after(three, *byte);
                self.0[three] = true;
            }
        }
        for byte in rest {
            three = after(three, *byte);
            self.0[three] = true;
        }
    }

    /// Whether the texts may hold `literal` in some ASCII letter case; one of fewer than three bytes they may.
    fn may_hold(&self, literal: &str) -> bool {
        let mut three = 0;
        literal.bytes().enumerate().all(|(at, byte)| {
            three = after(three, byte);
            at < 2 || self.0[three]
        })
    }
}

/// The last three bytes, one byte further.
#[inline]
fn after(three: usize, byte: u8) -> usize {
    ((three << 5) | usize::from(byte & 0x1f)) % THREES
}

fn has_sigil(text: &str) -> bool {
    let bytes = text.as_bytes();
    let [issue, merge_request, epic] = SIGILS.map(|sigil| sigil as u8);
    memchr::memchr3_iter(issue, merge_request, epic, bytes).any(|at| bytes.get(at + 1).is_some_and(u8::is_ascii_digit))
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
