//! One pass over a text that says which rules have anything to look for in it.

use std::cell::OnceCell;
use std::sync::OnceLock;

use memchr::memmem::Finder;

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
    wants: Vec<Want>,
}

/// A [`Need`] as texts are asked for it.
#[derive(Debug)]
enum Want {
    Nothing,
    Sigil,
    Any(Vec<Word>),
}

/// A literal in small letters; what searches for it is made where a text may hold it.
#[derive(Debug)]
struct Word {
    text: String,
    finder: OnceLock<Finder<'static>>,
}

impl Prefilter {
    /// A prefilter over the needs of checks, which are known by their position.
    pub fn new(needs: Vec<Need>) -> Self {
        let word = |text: String| Word { text: text.to_ascii_lowercase(), finder: OnceLock::new() };
        let want = |need| match need {
            Need::Nothing => Want::Nothing,
            Need::Sigil => Want::Sigil,
            Need::Any(words) => Want::Any(words.into_iter().map(word).collect()),
        };
        Self { wants: needs.into_iter().map(want).collect() }
    }

    /// For every check whether `haystack` holds what it needs.
    pub fn touched(&self, haystack: &Haystack) -> impl Iterator<Item = bool> {
        self.wants.iter().map(|want| match want {
            Want::Nothing => true,
            Want::Sigil => haystack.has_sigil(),
            Want::Any(words) => words.iter().any(|word| haystack.holds(word)),
        })
    }

    /// The same without a search: of some that may be touched it turns out that they are not.
    pub fn may_be_touched(&self, haystack: &Haystack) -> impl Iterator<Item = bool> {
        self.wants.iter().map(|want| match want {
            Want::Nothing | Want::Sigil => true,
            Want::Any(words) => words.iter().any(|word| haystack.may_hold(&word.text)),
        })
    }
}

/// Texts that are searched for many literals.
#[derive(Debug)]
pub struct Haystack {
    /// The texts in small letters.
    lower: String,
    sigil: OnceCell<bool>,
    threes: Threes,
}

impl Haystack {
    /// Takes `texts`, in ASCII's small letters.
    pub fn of(texts: &[&str]) -> Self {
        // No literal holds what stands between the texts: YAML refuses it.
        let mut lower = texts.join("\0");
        lower.make_ascii_lowercase();
        let threes = Threes::of(&lower);
        Self { lower, sigil: OnceCell::new(), threes }
    }

    fn has_sigil(&self) -> bool {
        *self.sigil.get_or_init(|| has_sigil(&self.lower))
    }

    /// Whether the texts may hold `literal` in some ASCII letter case; if not, they do not.
    pub fn may_hold(&self, literal: &str) -> bool {
        self.threes.may_hold(literal)
    }

    fn holds(&self, word: &Word) -> bool {
        self.may_hold(&word.text) && word.is_in(&self.lower)
    }
}

impl Word {
    fn is_in(&self, text: &str) -> bool {
        let finder = || Finder::new(&self.text).into_owned();
        self.finder.get_or_init(finder).find(text.as_bytes()).is_some()
    }
}

/// The places that three bytes are spread over.
const THREES: usize = 1 << 14;

/// Which three bytes follow each other in a text, by the lowest bits of each, which both cases of a letter share.
///
/// Most literals hold three that a text does not have, so that it need not be searched for them.
#[derive(Debug)]
struct Threes(Box<[bool; THREES]>);

impl Threes {
    fn of(text: &str) -> Self {
        let mut threes = Self(Box::new([false; THREES]));
        let bytes = text.as_bytes();
        // Four bytes are read at once, and the last of them is not looked at.
        for four in bytes.windows(4) {
            if let Some(four) = four.first_chunk() {
                threes.0[place(u32::from_le_bytes(*four))] = true;
            }
        }
        if let Some([first, second, third]) = bytes.last_chunk() {
            threes.0[place(u32::from_le_bytes([*first, *second, *third, 0]))] = true;
        }
        threes
    }

    /// Whether the text may hold `literal` in some ASCII letter case; one of fewer than three bytes it may.
    fn may_hold(&self, literal: &str) -> bool {
        let mut threes = literal.as_bytes().windows(3);
        threes.all(|three| match three {
            [first, second, third] => self.0[place(u32::from_le_bytes([*first, *second, *third, 0]))],
            _ => true,
        })
    }
}

/// Where the three lowest bytes are noted. The factor is that of Fibonacci hashing, which spreads them evenly.
fn place(bytes: u32) -> usize {
    ((bytes & 0x1f_1f1f).wrapping_mul(0x9e37_79b1) >> (u32::BITS - THREES.ilog2())) as usize
}

/// Where the sigils of `text` stand.
pub fn sigils(text: &str) -> impl Iterator<Item = usize> {
    let [issue, merge_request, epic] = SIGILS.map(|sigil| sigil as u8);
    memchr::memchr3_iter(issue, merge_request, epic, text.as_bytes())
}

fn has_sigil(text: &str) -> bool {
    sigils(text).any(|at| text.as_bytes().get(at + 1).is_some_and(u8::is_ascii_digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_check_is_touched_by_its_own_literals_only() {
        let any = |words: &[&str]| Need::Any(words.iter().map(|&word| word.to_owned()).collect());
        let prefilter =
            Prefilter::new(vec![any(&["mvc"]), any(&["fy", "fiscal"]), Need::Sigil, Need::Nothing]);
        let touched = |texts: &[&str]| prefilter.touched(&Haystack::of(texts)).collect::<Vec<_>>();
        assert_eq!(touched(&["An MVC"]), [true, false, false, true]);
        assert_eq!(touched(&["FY24 &1"]), [false, true, true, true]);
        assert_eq!(touched(&["# 1 & !"]), [false, false, false, true]);
        assert_eq!(touched(&["x", "mVc"]), [true, false, false, true]);
        assert_eq!(touched(&["mv", "c"]), [false, false, false, true]);
    }
}
