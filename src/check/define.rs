//! Terms that need an explanation at their first use.

mod capitals;
mod explanation;

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Hit, Sink, View};
use crate::diagnostic::{Edit, Fix};
use crate::document::Document;
use crate::document::neighbour::{self, Neighbour};
use crate::document::outline::{Class, Outline};
use crate::scan::Need;
use crate::subject::{Kind, Role};
use crate::text::Span;
use capitals::capitals;
use explanation::Explanations;

/// Finds the first use of each term that is not explained before it or in its sentence.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Define {
    /// `listed` looks for `terms` only, `open` for every word in capitals.
    mode: Mode,
    /// The terms with their accepted expansions; the first is suggested.
    terms: BTreeMap<String, Vec<String>>,
    /// Words in capitals that everybody knows, for mode `open`.
    allow: Vec<String>,
    /// Words within three of a term that give it another meaning.
    other_meanings: BTreeMap<String, Vec<String>>,
    /// A term that is the whole text of a link to its definition is explained.
    allow_linked: bool,
    /// Terms that need no explanation on some kinds.
    skip_subject_terms: BTreeMap<Kind, Vec<String>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Mode {
    Listed,
    Open,
}

/// One use of a term.
#[derive(Clone, Copy)]
struct Use<'d> {
    term: &'d str,
    span: Span,
    /// It stands with a plural ending.
    plural: bool,
    /// The outline it stands in; titles have none.
    outline: Option<&'d Outline>,
}

impl Define {
    /// The values that messages may name.
    pub const VALUES: &'static [&'static str] = &["hit", "expansion"];

    /// The variants the check may report.
    pub fn variants(&self) -> Vec<&str> {
        vec!["open"]
    }

    /// What a text must contain.
    pub fn need(&self) -> Need {
        match self.mode {
            Mode::Listed => Need::Any(self.terms.keys().cloned().collect()),
            Mode::Open => Need::Nothing,
        }
    }

    /// Reports the first unexplained use of each term, for the main text and for each commit message on its own.
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        // Texts are looked at for terms in any letter case: many carry on, and few mean revenue.
        if !self.may_use(view.doc.text()) {
            return;
        }
        let kind = view.doc.subject.kind;
        let (commits, bodies): (Vec<_>, Vec<_>) = view
            .doc
            .outlines()
            .iter()
            .filter(|outline| outline.role != Role::Note)
            .partition(|outline| outline.role == Role::Commit);
        self.check(view.doc, &view.doc.titles(), &bodies, kind, sink);
        for commit in commits {
            self.check(view.doc, &[], &[commit], Kind::Commit, sink);
        }
    }

    fn check(
        &self,
        doc: &Document<'_>,
        titles: &[Span],
        outlines: &[&Outline],
        kind: Kind,
        sink: &mut Sink<'_>,
    ) {
        let text = doc.text();
        let mut uses: Vec<Use<'_>> = Vec::new();
        let shortest = self.shortest();
        for title in titles {
            self.uses(text, *title, None, shortest, &mut uses);
        }
        for &outline in outlines {
            for piece in outline.prose() {
                if !outline.block_of(piece).is_some_and(|block| block.quoted) {
                    self.uses(text, piece.span, Some(outline), shortest, &mut uses);
                }
            }
        }
        if uses.is_empty() {
            return;
        }
        let skipped = self.skip_subject_terms.get(&kind).map(Vec::as_slice).unwrap_or_default();
        let explanations = Explanations::new(text, titles, outlines);
        let mut settled: Vec<&str> = Vec::new();
        for found in uses {
            if settled.contains(&found.term) || skipped.iter().any(|term| term == found.term) {
                continue;
            }
            let expansions = self.terms.get(found.term).map(Vec::as_slice).unwrap_or_default();
            if self.means_something_else(&explanations, &found) {
                continue;
            }
            settled.push(found.term);
            if explanations.cover(found.term, expansions, found.span)
                || self.is_linked(text, &found, expansions)
                || abbreviates(text, &found, expansions)
            {
                continue;
            }
            let expansion = expansions.first().map(String::as_str).unwrap_or_default();
            let variant = if self.mode == Mode::Open { "open" } else { "" };
            let values = [("hit", found.term), ("expansion", expansion)];
            let hit = Hit::at(found.span, &values).variant(variant);
            sink.report(hit.fix(spell_out(text, &found, expansion)));
        }
    }

    /// The uses of all terms, of `shortest` bytes or more, in one stretch of prose, in order.
    fn uses<'d>(
        &self,
        text: &'d str,
        piece: Span,
        outline: Option<&'d Outline>,
        shortest: usize,
        uses: &mut Vec<Use<'d>>,
    ) {
        let source = piece.of(text);
        for run in capitals(source, shortest) {
            let at = run.end;
            let Some(term) = source.get(run.clone()).filter(|term| term.len() >= shortest) else { continue };
            let wanted = self.wants(term);
            let rest = source.get(at..).unwrap_or_default();
            let ending =
                ["'s", "’s", "s"].into_iter().find(|ending| rest.starts_with(ending)).unwrap_or_default();
            let span = Span::from(run).shifted(piece.start as usize);
            if wanted && is_whole(text, outline, span, ending.len()) {
                uses.push(Use { term, span, plural: ending == "s", outline });
            }
        }
    }

    /// Bytes of the shortest term.
    fn shortest(&self) -> usize {
        match self.mode {
            Mode::Listed => self.terms.keys().map(String::len).min().unwrap_or_default(),
            Mode::Open => 2,
        }
    }

    /// Whether `term`, which stands in capitals, is one that needs an explanation.
    fn wants(&self, term: &str) -> bool {
        match self.mode {
            Mode::Listed => self.terms.contains_key(term),
            Mode::Open => (2..=6).contains(&term.len()) && !self.allow.iter().any(|known| known == term),
        }
    }

    /// Whether any of them stands in `text`, used or not.
    fn may_use(&self, text: &str) -> bool {
        let shortest = self.shortest();
        let long = capitals(text, shortest).filter(|run| run.len() >= shortest);
        long.filter_map(|run| text.get(run)).any(|term| self.wants(term))
    }

    /// A neighbour within three words shows that the term is somebody else's.
    fn means_something_else(&self, explanations: &Explanations, found: &Use<'_>) -> bool {
        let Some(meanings) = self.other_meanings.get(found.term) else { return false };
        let near = explanations.words_near(found.span, 3);
        meanings.iter().any(|meaning| near.iter().any(|word| word.eq_ignore_ascii_case(meaning)))
    }

    /// The term is the whole text of a link whose path or fragment names it.
    fn is_linked(&self, text: &str, found: &Use<'_>, expansions: &[String]) -> bool {
        let Some(outline) = found.outline.filter(|_| self.allow_linked) else { return false };
        let Some(link) = outline.links.iter().find(|link| link.text.contains(found.span)) else {
            return false;
        };
        let words = link.text.of(text).trim_matches(|c: char| !c.is_alphanumeric());
        let bare = words.strip_suffix("'s").or_else(|| words.strip_suffix('s')).unwrap_or(words);
        let target = link.target.to_lowercase();
        let path = target.rsplit("://").next().unwrap_or_default();
        let slug = |words: &str| words.to_lowercase().replace(' ', "-");
        (words == found.term || bare == found.term)
            && (names(path, &found.term.to_lowercase())
                || expansions.iter().any(|words| path.contains(&slug(words))))
    }
}

/// Whether a path has the word as one of its own, with or without a plural ending.
fn names(path: &str, word: &str) -> bool {
    path.split(|c: char| !c.is_alphanumeric())
        .any(|step| step == word || step.strip_suffix('s') == Some(word))
}

/// The term is a token of its own: no letter, digit, `-`, `/`, `_` or `#` beside it, and no `.` with a letter.
fn is_whole(text: &str, outline: Option<&Outline>, span: Span, ending: usize) -> bool {
    let joins = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '/' | '_' | '#');
    let before = match neighbour::left(text, outline, span.start as usize) {
        Neighbour::Edge => true,
        Neighbour::Char('.') => {
            let before = text.get(..span.start as usize - 1).and_then(|text| text.chars().next_back());
            !before.is_some_and(|c| c.is_ascii_alphanumeric())
        }
        Neighbour::Char(c) => !joins(c),
    };
    let end = span.end as usize + ending;
    before
        && match neighbour::right(text, outline, end) {
            Neighbour::Edge => true,
            Neighbour::Char('.') => {
                let after = text.get(end + 1..).and_then(|text| text.chars().next());
                !after.is_some_and(|c| c.is_ascii_alphabetic())
            }
            Neighbour::Char(c) => !joins(c),
        }
}

/// `<abbr title="Expansion">ACR</abbr>`
fn abbreviates(text: &str, found: &Use<'_>, expansions: &[String]) -> bool {
    let Some(outline) = found.outline else { return false };
    let tag = outline.piece_at((found.span.start as usize).saturating_sub(1));
    tag.filter(|tag| tag.class == Class::Html && tag.span.end == found.span.start).is_some_and(|tag| {
        let tag = tag.span.of(text).to_lowercase();
        tag.starts_with("<abbr") && expansions.iter().any(|words| tag.contains(&words.to_lowercase()))
    })
}

/// Writes the first expansion out, with the term in parentheses; a plural ending moves to the expansion.
fn spell_out(text: &str, found: &Use<'_>, expansion: &str) -> Option<Fix> {
    if expansion.is_empty() {
        return None;
    }
    let ending = if found.plural { "s" } else { "" };
    let span = Span { start: found.span.start, end: found.span.end + u32::from(found.plural) };
    let term = found.span.of(text);
    Some(Fix {
        title: format!("Write `{expansion}{ending} ({term})`"),
        safe: false,
        edits: vec![Edit { span, text: format!("{expansion}{ending} ({term})") }],
    })
}
