//! How alike two names are: the same but for letter case, separators, number, the colons of a scope, or a slip.

use std::collections::HashMap;

use strsim::damerau_levenshtein;

/// The most pairs of words that are compared letter by letter.
const MOST_PAIRS: usize = 1_000_000;

/// The letters a word has at least for one slip to be a slip.
const ONE_SLIP: usize = 6;

/// The letters a word has at least for two slips to be slips.
const TWO_SLIPS: usize = 12;

/// What is different between two names that mean the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// Letter case.
    Case,
    /// Blanks, `-` and `_` between words.
    Separator,
    /// One colon or two.
    Colons,
    /// Singular and plural.
    Number,
    /// A letter or two inside a long word.
    Spelling,
}

/// The pairs of `names` that are alike, as indices with the smaller one first, and whether all were compared.
pub fn pairs(names: &[&str]) -> (Vec<(usize, usize, Likeness)>, bool) {
    let cut: Vec<_> = names.iter().map(|name| Cut::new(name)).collect();
    let mut found = Vec::new();
    let mut groups: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, cut) in cut.iter().enumerate() {
        groups.entry(cut.folded()).or_default().push(at);
    }
    for group in groups.values() {
        for (place, &one) in group.iter().enumerate() {
            // A hostile list may hold thousands of one kind; the first neighbours tell it.
            for &other in group.iter().skip(place + 1).take(20) {
                if cut[one].digits == cut[other].digits {
                    found.push((one, other, difference(names[one], names[other])));
                }
            }
        }
    }
    let complete = slips(&cut, &mut found);
    found.sort_unstable();
    found.dedup_by_key(|(one, other, _)| (*one, *other));
    (found, complete)
}

/// Which of `names` somebody who wrote `name` most probably meant; looks at no more than `budget` of them.
pub fn nearest<'n>(name: &str, names: impl Iterator<Item = &'n str>, budget: &mut usize) -> Option<&'n str> {
    let own = Cut::new(name);
    let folded = own.folded();
    let lower = name.to_lowercase();
    let length = lower.chars().count();
    let allowed = match length {
        0..4 => 0,
        4..8 => 1,
        _ => 2,
    };
    let mut best: Option<(usize, &str)> = None;
    for known in names {
        let far = known.len().abs_diff(name.len());
        if *budget == 0 {
            break;
        }
        if far > 8 || known == name {
            continue;
        }
        *budget -= 1;
        let cut = Cut::new(known);
        if cut.digits != own.digits {
            continue;
        }
        let distance =
            if cut.folded() == folded { 0 } else { damerau_levenshtein(&known.to_lowercase(), &lower) };
        if distance <= allowed && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, known));
        }
    }
    best.map(|(_, known)| known)
}

/// A label's name that says nothing but what the value of a scoped one says: `bug` beside `type::bug`.
pub fn folded(name: &str) -> String {
    Cut::new(name).folded()
}

/// The words of a name in lower case and singular; each scope ends with a word that is a colon.
struct Cut {
    words: Vec<String>,
    digits: Vec<String>,
}

impl Cut {
    fn new(name: &str) -> Self {
        let lower = name.to_lowercase();
        let mut words = Vec::new();
        for (at, scope) in lower.split(':').filter(|part| !part.is_empty()).enumerate() {
            if at > 0 {
                words.push(":".to_owned());
            }
            let is_separator = |c: char| c.is_whitespace() || matches!(c, '-' | '_');
            words.extend(scope.split(is_separator).filter(|word| !word.is_empty()).map(singular));
        }
        let digits = lower.split(|c: char| !c.is_numeric()).filter(|run| !run.is_empty());
        Self { digits: digits.map(str::to_owned).collect(), words }
    }

    fn folded(&self) -> String {
        self.words.concat()
    }
}

fn singular(word: &str) -> String {
    let stem = |end: &str, tail: &str| word.strip_suffix(end).map(|stem| format!("{stem}{tail}"));
    let keeps = ["ss", "us", "is", "news"].iter().any(|end| word.ends_with(end));
    if word.chars().count() < 4 || keeps {
        return word.to_owned();
    }
    let hissing = ["sses", "xes", "ches", "shes", "zes"].iter().any(|end| word.ends_with(end));
    let shorter = stem("ies", "y").or_else(|| stem("es", "").filter(|_| hissing)).or_else(|| stem("s", ""));
    shorter.unwrap_or_else(|| word.to_owned())
}

fn difference(one: &str, other: &str) -> Likeness {
    let lower = (one.to_lowercase(), other.to_lowercase());
    let tight = |name: &str| name.replace(|c: char| c.is_whitespace() || matches!(c, '-' | '_'), "");
    let tight = (tight(&lower.0), tight(&lower.1));
    let colons = |name: &str| name.split(':').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(":");
    if lower.0 == lower.1 {
        Likeness::Case
    } else if tight.0 == tight.1 {
        Likeness::Separator
    } else if colons(&tight.0) == colons(&tight.1) {
        Likeness::Colons
    } else {
        Likeness::Number
    }
}

/// Adds the names that differ in one long word by a slip inside of it. Ends of words are left alone: `blocked` and
/// `blocker`, `reviewed` and `reviewer`, `planned` and `unplanned` are words of their own.
fn slips(cut: &[Cut], found: &mut Vec<(usize, usize, Likeness)>) -> bool {
    type Bucket<'c> = Vec<(usize, &'c str)>;
    let mut buckets: HashMap<(String, String), Bucket<'_>> = HashMap::new();
    for (at, cut) in cut.iter().enumerate() {
        for (place, word) in cut.words.iter().enumerate() {
            let long = word.chars().count() >= ONE_SLIP && word.chars().all(char::is_alphabetic);
            if long {
                let mut others = cut.words.clone();
                others[place] = "*".to_owned();
                let start = word.chars().take(2).collect();
                buckets.entry((others.join(" "), start)).or_default().push((at, word));
            }
        }
    }
    let mut left = MOST_PAIRS;
    let mut buckets: Vec<_> = buckets.into_values().filter(|bucket| bucket.len() > 1).collect();
    buckets.sort();
    for bucket in buckets {
        for (place, (one, word)) in bucket.iter().enumerate() {
            for (other, rival) in bucket.iter().skip(place + 1) {
                if left == 0 {
                    return false;
                }
                left -= 1;
                if is_slip(word, rival) {
                    found.push((*one.min(other), *one.max(other), Likeness::Spelling));
                }
            }
        }
    }
    true
}

fn is_slip(one: &str, other: &str) -> bool {
    let end = |word: &str| word.chars().rev().take(2).collect::<String>();
    let letters = |word: &str| {
        let mut letters: Vec<_> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    let shorter = one.chars().count().min(other.chars().count());
    // Two letters that changed places are a slip wherever they stand.
    if one == other || end(one) != end(other) && letters(one) != letters(other) {
        return false;
    }
    match damerau_levenshtein(one, other) {
        1 => shorter >= ONE_SLIP,
        2 => shorter >= TWO_SLIPS,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likeness(one: &str, other: &str) -> Option<Likeness> {
        pairs(&[one, other]).0.first().map(|(_, _, likeness)| *likeness)
    }

    #[test]
    fn names_that_mean_the_same_are_alike() {
        for (one, other, expected) in [
            ("Bug", "bug", Likeness::Case),
            ("in-progress", "In Progress", Likeness::Separator),
            ("InProgress", "in_progress", Likeness::Separator),
            ("type:bug", "type::bug", Likeness::Colons),
            ("feature request", "feature-requests", Likeness::Number),
            ("category", "Categories", Likeness::Number),
            ("sm_req::transfered", "sm_req::transferred", Likeness::Spelling),
            ("group::desgin system", "group::design system", Likeness::Spelling),
            ("documentaiton needed", "documentation needed", Likeness::Spelling),
        ] {
            assert_eq!(likeness(one, other), Some(expected), "{one} {other}");
        }
    }

    #[test]
    fn names_of_their_own_are_not() {
        for (one, other) in [
            ("P1", "P2"),
            ("13.1", "13.2"),
            ("1 2", "12"),
            ("missed:12.5", "missed:125"),
            ("frontend", "backend"),
            ("blocked", "blocker"),
            ("planned", "unplanned"),
            ("internal", "external"),
            ("review", "preview"),
            ("reviewed", "reviewer"),
            ("group::plan", "group::planner"),
            ("type::bug", "priority::bug"),
            ("form", "from"),
            ("team A", "team B"),
            ("FY26-Q1", "FY26-Q2"),
        ] {
            assert_eq!(likeness(one, other), None, "{one} {other}");
        }
    }

    #[test]
    fn what_was_meant_is_the_nearest_name() {
        let known = ["type::bug", "type::feature", "priority::1", "priority::2", "in progress"];
        let meant = |name| nearest(name, known.into_iter(), &mut 1_000);
        assert_eq!(meant("type::bugs"), Some("type::bug"));
        assert_eq!(meant("InProgress"), Some("in progress"));
        assert_eq!(meant("type::faeture"), Some("type::feature"));
        assert_eq!(meant("priority::3"), None);
        assert_eq!(meant("documentation"), None);
    }
}
