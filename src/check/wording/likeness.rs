//! How much two texts have in common, word by word.

use compact_str::CompactString;

use crate::document::flat::Flat;
use crate::document::outline::{Block, Outline};
use crate::text::Span;

/// A word with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// The word, its quotes and dashes folded.
    pub(super) text: CompactString,
    /// Where it stands.
    pub(super) span: Span,
}

/// The words of a paragraph.
pub(super) fn words(text: &str, outline: &Outline, block: &Block) -> Vec<Word> {
    let flat = Flat::of_block(text, outline, block, true);
    let base = flat.text.as_ptr() as usize;
    let word = |word: &str| {
        let at = word.as_ptr() as usize - base;
        Word { text: fold(word), span: flat.span(at..at + word.len()) }
    };
    flat.text.split_whitespace().map(word).filter(|word| !word.text.is_empty()).collect()
}

/// The words of a canonical text.
pub(super) fn folded(text: &str) -> Vec<CompactString> {
    text.split_whitespace().map(fold).collect()
}

/// Typographic quotes and dashes are the plain ones.
fn fold(word: &str) -> CompactString {
    if word.is_ascii() {
        return CompactString::new(word);
    }
    let plain = |c: char| match c {
        '‘' | '’' | '‚' | '‛' | '′' => '\'',
        '“' | '”' | '„' | '‟' | '″' | '«' | '»' => '"',
        '‐' | '‑' | '‒' | '–' | '—' | '−' => '-',
        c => c,
    };
    word.chars().map(plain).collect()
}

/// Where `canonical` stands in `words`, word for word.
pub(super) fn position(words: &[Word], canonical: &[CompactString]) -> Option<usize> {
    let same = |window: &[Word]| window.iter().zip(canonical).all(|(word, other)| word.text == *other);
    words.windows(canonical.len().max(1)).position(same)
}

/// The most similar text, at least as similar as `least`: its number and its likeness.
pub(super) fn best<'c>(
    words: &[Word],
    texts: impl Iterator<Item = &'c [CompactString]>,
    least: f64,
) -> Option<(usize, f64)> {
    let likely = |(at, text): (usize, &[CompactString])| {
        // Texts of very different length cannot share enough words.
        let most = 2.0 * words.len().min(text.len()) as f64 / (words.len() + text.len()).max(1) as f64;
        (most >= least).then(|| (at, likeness(words, text)))
    };
    let found = texts.enumerate().filter_map(likely).filter(|(_, likeness)| *likeness >= least);
    found.max_by(|a, b| a.1.total_cmp(&b.1))
}

/// Twice the number of words in common, in order, over the number of all words.
fn likeness(words: &[Word], other: &[CompactString]) -> f64 {
    let mut row = vec![0_usize; other.len() + 1];
    for word in words {
        let mut diagonal = 0;
        for (at, text) in other.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if word.text == *text { diagonal + 1 } else { above.max(row[at]) };
            diagonal = above;
        }
    }
    2.0 * row.last().copied().unwrap_or_default() as f64 / (words.len() + other.len()).max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Vec<Word> {
        folded(text).into_iter().map(|text| Word { text, span: Span::default() }).collect()
    }

    #[test]
    fn likeness_is_the_share_of_words_in_common() {
        let close = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert!(close(likeness(&plain("No, you may NOT"), &folded("No, you MAY NOT")), 0.75));
        assert!(close(likeness(&plain("a b c"), &folded("c b a")), 1.0 / 3.0));
        assert!(close(likeness(&plain("it’s – “so”"), &folded("it's - \"so\"")), 1.0));
        let texts = ["a b", "a b c e"].map(folded);
        assert_eq!(best(&plain("a b c d"), texts.iter().map(Vec::as_slice), 0.75), Some((1, 0.75)));
        assert_eq!(position(&plain("x a b y"), &folded("a b")), Some(1));
        assert_eq!(position(&plain("a"), &folded("a b")), None);
    }
}
