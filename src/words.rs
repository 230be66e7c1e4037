//! Words as they are compared: without case, punctuation and markup.

use sha2::{Digest, Sha256};

/// The words of `text`: runs of letters and digits, each with its offset.
pub fn words(text: &str) -> Vec<(usize, &str)> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (start, c.is_alphanumeric()) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                words.push((from, text.get(from..at).unwrap_or_default()));
                start = None;
            }
            _ => {}
        }
    }
    words
}

/// The words of `text` in lower case, with one space between them.
pub fn fold(text: &str) -> String {
    words(text).into_iter().map(|(_, word)| word.to_lowercase()).collect::<Vec<_>>().join(" ")
}

/// A short name for a sentence that outlives markup, case and punctuation: 12 digits of SHA-256 over its folded words.
pub fn fingerprint(text: &str) -> String {
    let digest = Sha256::digest(fold(text));
    digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// Where `needle` first stands in `words` at or after `from`.
pub fn position<W: AsRef<str>>(words: &[W], needle: &[W], from: usize) -> Option<usize> {
    let matches = |window: &[W]| window.iter().zip(needle).all(|(a, b)| a.as_ref() == b.as_ref());
    words.get(from..)?.windows(needle.len().max(1)).position(matches).map(|at| from + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_punctuation_do_not_count() {
        assert_eq!(fold("Don’t “push” to\nMAIN!"), "don t push to main");
        assert_eq!(fingerprint("Never push."), fingerprint("*never*  push"));
        assert_eq!(fingerprint("never push").len(), 12);
        assert_ne!(fingerprint("never push"), fingerprint("ever push"));
    }
}
