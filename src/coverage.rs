//! Which normative sentences of a handbook page are enforced by a rule, which are left to people, and which are open.

mod basis;
mod html;
mod page;
mod verdict;

pub use basis::{Basis, Enforcer, Entry, Judgements, Phrase};
pub use verdict::{Counts, Verdict};

use std::collections::HashMap;

use serde::Serialize;

use crate::words::{fingerprint, fold, position};
use page::{Cut, Page, PartKind};

/// A page with what became of its sentences.
#[derive(Debug)]
pub struct Coverage {
    /// The normative sentences in the order of the page.
    pub sentences: Vec<Sentence>,
    /// Entries that fit no sentence of the page any more.
    pub stale: Vec<Entry>,
    page: Page,
    rules: Vec<Enforcer>,
}

/// A normative sentence.
#[derive(Clone, Debug, Serialize)]
pub struct Sentence {
    /// The line it starts on, from 1.
    pub line: usize,
    /// The heading it stands under; empty before the first one.
    pub heading: String,
    /// The sentence without markup.
    pub text: String,
    /// The words that make it normative; none where only a rule or a judgement does.
    pub words: Vec<String>,
    /// Its [fingerprint](crate::words::fingerprint), for an entry in a file of judgements.
    pub hash: String,
    /// What became of it.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// Its part, and its number in the part.
    #[serde(skip)]
    place: (usize, usize),
}

impl Coverage {
    /// Holds the page `text` against `basis`.
    pub fn new(text: &str, basis: &Basis) -> Self {
        let page = Page::new(text);
        let cited = cited(&page, basis);
        let mut entries: HashMap<&str, Vec<&Entry>> = HashMap::new();
        for entry in &basis.entries {
            entries.entry(&entry.hash).or_default().push(entry);
        }
        let (mut sentences, mut met) = (Vec::new(), Vec::new());
        for (place, cut) in prose(&page) {
            let hash = fingerprint(&cut.text);
            let entries = entries.get(hash.as_str()).map(Vec::as_slice).unwrap_or_default();
            let rules = cited.get(&place).map(Vec::as_slice).unwrap_or_default();
            let words = normative(cut, &basis.normative);
            if words.is_empty() && entries.is_empty() && rules.is_empty() {
                continue;
            }
            met.extend((!entries.is_empty()).then(|| hash.clone()));
            let heading = page.parts.get(place.0).and_then(|part| part.heading);
            sentences.push(Sentence {
                line: cut.line,
                heading: heading.and_then(|at| page.headings.get(at)).cloned().unwrap_or_default(),
                text: cut.text.clone(),
                words,
                hash,
                verdict: verdict(rules, entries, basis),
                place,
            });
        }
        // Of a page that nothing mentions nothing can be missing.
        let stale = basis.entries.iter().filter(|entry| basis.is_known() && !met.contains(&entry.hash));
        let stale = stale.cloned().collect();
        Self { sentences, stale, page, rules: basis.rules.clone() }
    }

    /// How many sentences there are in each state.
    pub fn counts(&self) -> Counts {
        Counts::of(&self.sentences)
    }
}

/// The number of a part, and of a sentence in it.
type Place = (usize, usize);

/// All sentences but headings, which name and do not ask.
fn prose(page: &Page) -> impl Iterator<Item = (Place, &Cut)> {
    let parts = page.parts.iter().enumerate().filter(|(_, part)| !matches!(part.kind, PartKind::Heading(_)));
    parts.flat_map(|(part, of)| of.sentences.iter().enumerate().map(move |(at, cut)| ((part, at), cut)))
}

/// For each sentence the rules whose citation lies in it, wholly or in part.
fn cited(page: &Page, basis: &Basis) -> HashMap<Place, Vec<String>> {
    let (mut words, mut places) = (Vec::new(), Vec::new());
    for (place, cut) in prose(page) {
        words.extend(cut.folded.iter().map(String::as_str));
        places.extend(cut.folded.iter().map(|_| place));
    }
    let mut cited: HashMap<Place, Vec<String>> = HashMap::new();
    for rule in basis.citing() {
        let quote = Page::new(&rule.citation.quote);
        let quote: Vec<&str> =
            prose(&quote).flat_map(|(_, cut)| cut.folded.iter().map(String::as_str)).collect();
        if quote.is_empty() {
            continue;
        }
        let heading = fold(&rule.citation.heading);
        let is_under = |at: &usize| {
            let part = places.get(*at).and_then(|place| page.parts.get(place.0));
            let name = part.and_then(|part| part.heading).and_then(|at| page.headings.get(at));
            name.is_some_and(|name| fold(name) == heading)
        };
        let mut found = Vec::new();
        let mut from = 0;
        while let Some(at) = position(&words, &quote, from) {
            found.push(at);
            from = at + 1;
        }
        // The same words may stand elsewhere too; those under the cited heading are meant.
        let Some(at) = found.iter().copied().find(|at| is_under(at)).or(found.first().copied()) else {
            continue;
        };
        let mut held = places.get(at..at + quote.len()).unwrap_or_default().to_vec();
        held.dedup();
        for place in held {
            cited.entry(place).or_default().push(rule.citation.rule.clone());
        }
    }
    cited
}

/// The normative words of a sentence; code asks nothing.
fn normative(cut: &Cut, phrases: &[Phrase]) -> Vec<String> {
    let says = |phrase: &&Phrase| {
        let length = phrase.folded.len();
        let mut windows = cut.folded.windows(length).zip(cut.prose.windows(length));
        windows.any(|(words, prose)| words == phrase.folded && prose.iter().all(|is| *is))
    };
    phrases.iter().filter(says).map(|phrase| phrase.shown.clone()).collect()
}

fn verdict(cited: &[String], entries: &[&Entry], basis: &Basis) -> Verdict {
    let named = entries.iter().flat_map(|entry| entry.rules()).map(str::to_owned);
    let (mut rules, mut missing) = (cited.to_vec(), Vec::new());
    for rule in named {
        if basis.knows(&rule) { rules.push(rule) } else { missing.push(rule) }
    }
    rules.sort();
    rules.dedup();
    let reason = entries.iter().find_map(|entry| entry.reason.clone());
    match reason {
        reason if !rules.is_empty() => Verdict::Enforced { rules, reason },
        Some(reason) if missing.is_empty() => Verdict::Judged { reason },
        _ => Verdict::Open { missing },
    }
}

#[cfg(test)]
mod tests;
