//! A regular expression that is quick to compile and slow to run: it decides on short texts, most of which do not match.

use regex_automata::meta::Regex;
use regex_automata::nfa::thompson::WhichCaptures;
use regex_syntax::hir::{Class, ClassBytes, ClassBytesRange, ClassUnicode, Hir, HirKind, Repetition};

/// A pattern that takes every character outside of ASCII for every other.
///
/// The compiler spends most of its time, and its memory, on the UTF-8 sequences of classes such as `[^a]`, so there
/// are none in a sketch. It matches wherever the pattern does; in a text of ASCII, nowhere else.
#[derive(Clone, Debug)]
pub(super) struct Sketch(Regex);

/// What a sketch knows about a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Guess {
    /// The pattern does not match.
    No,
    /// It matches.
    Yes,
    /// It may match.
    Maybe,
}

impl Sketch {
    /// The sketch of `hir`; `None` where it takes more than `limit` bytes.
    pub fn new(hir: &Hir, limit: usize) -> Option<Self> {
        let config = Regex::config().auto_prefilter(false).hybrid(false).dfa(false).onepass(false);
        let config = config.which_captures(WhichCaptures::None).utf8_empty(false).nfa_size_limit(Some(limit));
        Regex::builder().configure(config).build_from_hir(&coarse(hir)).ok().map(Self)
    }

    /// Whether the pattern matches anywhere in `text`, as far as the sketch can tell.
    pub fn guess(&self, text: &str) -> Guess {
        match self.0.is_match(text) {
            false => Guess::No,
            true if text.is_ascii() => Guess::Yes,
            true => Guess::Maybe,
        }
    }
}

/// The bytes that characters outside of ASCII are made of.
fn foreign() -> ClassBytesRange {
    ClassBytesRange::new(0x80, 0xff)
}

/// `hir` over bytes; it matches all that `hir` matches.
fn coarse(hir: &Hir) -> Hir {
    match hir.kind() {
        HirKind::Class(Class::Unicode(class)) if !class.is_ascii() => character(class),
        HirKind::Repetition(repetition) => Hir::repetition(repeated(repetition)),
        HirKind::Capture(capture) => coarse(&capture.sub),
        HirKind::Concat(parts) => Hir::concat(parts.iter().map(coarse).collect()),
        HirKind::Alternation(branches) => Hir::alternation(branches.iter().map(coarse).collect()),
        HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) | HirKind::Look(_) => hir.clone(),
    }
}

/// One character of `class`: a byte of ASCII, or whatever number of others.
fn character(class: &ClassUnicode) -> Hir {
    let foreign = Hir::class(Class::Bytes(ClassBytes::new([foreign()])));
    let foreign = Repetition { min: 1, max: None, greedy: true, sub: Box::new(foreign) };
    let ascii = Hir::class(Class::Bytes(bytes(class)));
    Hir::alternation(vec![ascii, Hir::repetition(foreign)])
}

/// Characters of a class without an end are bytes without an end, at least as many.
fn repeated(repetition: &Repetition) -> Repetition {
    let sub = match repetition.sub.kind() {
        HirKind::Class(Class::Unicode(class)) if repetition.max.is_none() && !class.is_ascii() => {
            let mut bytes = bytes(class);
            bytes.push(foreign());
            Hir::class(Class::Bytes(bytes))
        }
        _ => coarse(&repetition.sub),
    };
    Repetition { sub: Box::new(sub), ..repetition.clone() }
}

/// What of `class` is ASCII.
fn bytes(class: &ClassUnicode) -> ClassBytes {
    let ascii = |c: char| u8::try_from(c).ok().filter(u8::is_ascii);
    let ranges = class.iter().filter_map(|range| {
        Some(ClassBytesRange::new(ascii(range.start())?, ascii(range.end()).unwrap_or(0x7f)))
    });
    ClassBytes::new(ranges)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn guess(pattern: &str, text: &str) -> Guess {
        let hir = regex_syntax::Parser::new().parse(pattern).unwrap();
        Sketch::new(&hir, 1 << 20).unwrap().guess(text)
    }

    #[test]
    fn it_knows_what_it_cannot_know() {
        assert_eq!(guess("^[^a]{2}$", "bc"), Guess::Yes);
        assert_eq!(guess("^[^a]{2}$", "ac"), Guess::No);
        assert_eq!(guess("^[^a]{2}$", "監査"), Guess::Maybe);
        assert_eq!(guess("^[^a]+$", "監a"), Guess::No);
        assert_eq!(guess("[é-ë]", "ascii"), Guess::No);
        assert_eq!(guess("x.{0,3}y", "x監査。y"), Guess::Maybe);
        assert_eq!(guess("é?", ""), Guess::Yes);
    }

    /// Pieces of patterns, which are put together at random.
    const PIECES: [&str; 12] =
        ["a", "(?i)sk", "[^a]", ".", "é", "[à-ö]", r"(?-u:\b)", "(?:ab|é+)", "^", "$", "[a監]{1,2}", r"\s"];

    proptest! {
        #[test]
        fn what_it_says_is_true(
            pieces in prop::collection::vec((0..PIECES.len(), 0..4_usize), 1..6),
            text in "[aAbkKſsé監 \\n]{0,8}",
        ) {
            let quantified = |(piece, quantifier): &(usize, usize)| {
                let piece = PIECES[*piece];
                match ["", "?", "*", "{2,3}"][*quantifier] {
                    quantifier if piece.len() > 1 || "a.é".contains(piece) => format!("(?:{piece}){quantifier}"),
                    _ => piece.to_owned(),
                }
            };
            let pattern: String = pieces.iter().map(quantified).collect();
            let matches = regex::Regex::new(&pattern).unwrap().is_match(&text);
            match guess(&pattern, &text) {
                Guess::No => prop_assert!(!matches, "{pattern:?} in {text:?}"),
                Guess::Yes => prop_assert!(matches, "{pattern:?} in {text:?}"),
                Guess::Maybe => prop_assert!(!text.is_ascii()),
            }
        }
    }
}
