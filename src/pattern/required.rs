//! Literals without which a pattern matches nowhere.

use regex_syntax::hir::{Hir, HirKind};

/// Literals, one of which every match holds in some ASCII letter case; `None` where no such list is known.
pub(super) fn required(hir: &Hir) -> Option<Vec<String>> {
    match hir.kind() {
        HirKind::Capture(capture) => required(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => required(&repetition.sub),
        HirKind::Alternation(branches) => {
            let lists: Option<Vec<_>> = branches.iter().map(required).collect();
            Some(lists?.into_iter().flatten().collect())
        }
        HirKind::Concat(parts) => {
            let runs = runs(parts).into_iter().map(|run| vec![run]);
            runs.chain(parts.iter().filter_map(required)).filter(|list| shortest(list) > 1).max_by_key(
                |list| {
                    // A long word says more than a list of short ones.
                    (shortest(list), std::cmp::Reverse(list.len()))
                },
            )
        }
        _ => Some(vec![String::from_utf8(letters(hir)?).ok()?]).filter(|list| shortest(list) > 1),
    }
}

fn shortest(list: &[String]) -> usize {
    list.iter().map(String::len).min().unwrap_or_default()
}

/// The texts that neighbouring parts spell.
fn runs(parts: &[Hir]) -> Vec<String> {
    let mut runs = vec![Vec::new()];
    for part in parts {
        match (letters(part), runs.last_mut()) {
            (Some(more), Some(run)) => run.extend(more),
            (None, _) if matches!(part.kind(), HirKind::Look(_)) => {}
            _ => runs.push(Vec::new()),
        }
    }
    runs.into_iter().filter_map(|run| String::from_utf8(run).ok()).filter(|run| !run.is_empty()).collect()
}

/// What a part spells that is one text in some ASCII letter case: a literal, or the two cases of a letter.
///
/// `s` and `k` have a third form outside of ASCII, which a search for literals would not see.
fn letters(part: &Hir) -> Option<Vec<u8>> {
    match part.kind() {
        HirKind::Literal(literal) => Some(literal.0.to_vec()).filter(|bytes| bytes.is_ascii()),
        HirKind::Class(class) => {
            let set: Vec<u8> = match class {
                regex_syntax::hir::Class::Unicode(class) => {
                    let all = class.iter().flat_map(|range| range.start()..=range.end()).take(3);
                    all.map(|c| u8::try_from(c).ok().filter(u8::is_ascii)).collect::<Option<_>>()?
                }
                regex_syntax::hir::Class::Bytes(_) => return None,
            };
            match *set.as_slice() {
                [upper, lower] if upper.eq_ignore_ascii_case(&lower) => Some(vec![lower]),
                _ => None,
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pattern: &str) -> Option<Vec<String>> {
        required(&regex_syntax::Parser::new().parse(pattern).unwrap())
    }

    #[test]
    fn every_match_holds_one_of_the_literals() {
        let list = |words: &[&str]| Some(words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>());
        assert_eq!(of(r"(?i)^USAT.*responder[ _-]*outreach"), list(&["outreach"]));
        assert_eq!(of(r"\bfeature|proposal\b"), list(&["feature", "proposal"]));
        assert_eq!(of(r"(?:ab)?cde+f?"), list(&["cd"]));
        assert_eq!(of(r"a|b.*"), None);
        assert_eq!(of(r"[0-9]+"), None);
        assert_eq!(of("größe"), None);
    }
}
