//! Where a document explains its terms.

use crate::document::flat::{Flat, sentence, unit};
use crate::document::outline::{BlockKind, Outline};
use crate::pattern::matches_once;
use crate::text::Span;

/// The words of a document, unit by unit, in which explanations are looked for.
pub struct Explanations {
    units: Vec<Unit>,
}

/// What reads as one: a paragraph, a heading, a table row, a title.
struct Unit {
    span: Span,
    flat: Flat,
    /// A cell of the row explains the others.
    row: bool,
}

impl Explanations {
    /// Takes the words of titles and outlines, quotes left out, in order.
    pub fn new(text: &str, titles: &[Span], outlines: &[&Outline]) -> Self {
        let mut units: Vec<Unit> = titles
            .iter()
            .map(|title| Unit { span: *title, flat: Flat::plain(text, *title), row: false })
            .collect();
        for outline in outlines {
            for block in outline.blocks.iter().filter(|block| !block.quoted && block.kind != BlockKind::Code)
            {
                let span = unit(outline, block);
                if units.last().is_some_and(|last| last.span == span) {
                    continue;
                }
                let flat = Flat::new(text, outline, span, false);
                units.push(Unit { span, flat, row: block.row.is_some() });
            }
        }
        Self { units }
    }

    /// Whether the use of `term` at `at` comes after an explanation, or in the same sentence or row.
    pub fn cover(&self, term: &str, expansions: &[String], at: Span) -> bool {
        let Some(here) = self.units.iter().position(|unit| unit.span.contains(at)) else { return false };
        let before =
            self.units.iter().take(here).any(|unit| explains(&unit.flat.text, term, expansions, unit.row));
        let unit = &self.units[here];
        let end = if unit.row {
            unit.flat.text.len()
        } else {
            sentence(&unit.flat.text, unit.flat.position(at.start as usize)).end
        };
        before || explains(unit.flat.text.get(..end).unwrap_or_default(), term, expansions, unit.row)
    }

    /// The words within `reach` of the use at `at`, in its own unit.
    pub fn words_near(&self, at: Span, reach: usize) -> Vec<&str> {
        let next = self.units.partition_point(|unit| unit.span.start <= at.start);
        let unit = next.checked_sub(1).and_then(|at| self.units.get(at));
        let Some(unit) = unit.filter(|unit| unit.span.contains(at)) else { return Vec::new() };
        let text = unit.flat.text.as_str();
        let (start, end) =
            (unit.flat.position(at.start as usize), unit.flat.position(at.end as usize - 1) + 1);
        let before = text.get(..start).unwrap_or_default().split_whitespace().rev().take(reach);
        let after = text.get(end..).unwrap_or_default().split_whitespace().take(reach + 1);
        before.chain(after).map(trim).filter(|word| !word.is_empty()).collect()
    }
}

/// A word without the punctuation around it; a leading dot belongs to names such as `.NET`.
fn trim(word: &str) -> &str {
    word.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '.')
        .trim_end_matches(|c: char| !c.is_alphanumeric())
}

/// Whether `text` puts the term and one of its expansions together in one of the usual ways.
fn explains(text: &str, term: &str, expansions: &[String], row: bool) -> bool {
    if !text.contains(term) {
        return false;
    }
    // What a text of ASCII cannot hold would only make the pattern dear.
    let (quote, apostrophe, dash) = match text.is_ascii() {
        true => (r#"["'*_]*"#, "'", "[:=-]"),
        false => (r#"["'“”‘’*_]*"#, "['’]", "[:=–—-]"),
    };
    let term = format!("{}(?:s|{apostrophe}s)?", regex::escape(term));
    let matches = |source: &str| matches_once(source, text);
    if expansions.is_empty() {
        return matches(&format!(r"\(\s*{quote}{term}{quote}\s*\)|{term}\s*\(\s*\w"));
    }
    // Most texts hold no word of the expansion, and need no pattern.
    let lower = text.to_lowercase();
    let likely = |expansion: &&String| {
        expansion.split_whitespace().all(|word| lower.contains(word.to_lowercase().trim_end_matches('s')))
    };
    expansions.iter().filter(likely).any(|expansion| {
        // Plural endings come and go: "Objective and Key Results", "Jobs to be Done".
        let words: Vec<_> = expansion.split_whitespace().map(|word| regex::escape(word.trim_end_matches('s')) + "s?").collect();
        let words = words.join(r"[\s-]+");
        if row && matches(&format!(r"(?-u:\b){words}(?-u:\b)")) {
            return true;
        }
        matches(&format!(
            r"(?-u:\b){words}{quote}\s*[(\[]\s*(?:or\s+|aka\s+|a\.k\.a\.\s+|the\s+)?{quote}{term}{quote}\s*[)\],;]
             |(?-u:\b){term}{quote}\s*[(\[]\s*(?:i\.e\.,?\s+|short\s+for\s+|the\s+)?{quote}{words}(?-u:\b)
             |(?-u:\b){words}{quote},?\s+or\s+{quote}{term}(?-u:\b)
             |(?-u:\b){term}{quote}\s+for\s+(?:the\s+|a\s+)?{quote}{words}(?-u:\b)
             |(?-u:\b){term}{quote},?\s+(?:which\s+)?(?:stands|is\s+short|short|means|meaning)(?:\s+for)?:?\s+{quote}{words}(?-u:\b)
             |(?-u:\b){term}{quote}\s*{dash}\s*(?:the\s+|a\s+)?{quote}{words}(?-u:\b)
             |(?-u:\b){words}{quote}\s*{dash}\s*{quote}{term}(?-u:\b)"
        )
        .replace("\n             ", ""))
    })
}
