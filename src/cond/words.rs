//! Terms that a text uses.

/// Whether `text` holds one of `terms` as a whole word, in any letter case; a plural counts.
pub(super) fn holds_term(text: &str, terms: &[String]) -> bool {
    let text = text.to_lowercase();
    terms.iter().any(|term| {
        let term = term.to_lowercase();
        text.match_indices(&term).any(|(at, _)| {
            let before = text.get(..at).and_then(|before| before.chars().next_back());
            let rest = text.get(at + term.len()..).unwrap_or_default();
            let rest =
                rest.strip_prefix("es").filter(|rest| ends(rest)).or(rest.strip_prefix('s')).unwrap_or(rest);
            !term.is_empty() && !before.is_some_and(in_word) && ends(rest)
        })
    })
}

fn ends(rest: &str) -> bool {
    !rest.chars().next().is_some_and(in_word)
}

/// Letters of other scripts stand beside a term without a space.
fn in_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_is_a_whole_word_or_its_plural() {
        let terms = ["cost".to_owned(), "rate limit".to_owned()];
        assert!(
            ["Costs: 2", "the COST.", "コストcostです", "rate limits", "rate\u{20}limit"]
                .iter()
                .all(|t| holds_term(t, &terms))
        );
        assert!(!["costly", "unlimited rate", "low_cost", ""].iter().any(|t| holds_term(t, &terms)));
    }
}
