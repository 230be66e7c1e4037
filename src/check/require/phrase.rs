//! Places that are found by what the text says: a phrase, a URL, a named section.

use serde::Deserialize;

use crate::document::Document;
use crate::document::flat::Flat;
use crate::document::outline::{Class, Piece};
use crate::document::section::{Form, Section};
use crate::pattern::{Pattern, holds};
use crate::text::Span;

/// A phrase of the title or of the main text, code and comments left out.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phrase {
    pattern: Pattern,
    /// Literals of which a text holds at least one where the pattern matches.
    pub literals: Vec<String>,
}

impl Phrase {
    /// The first match, in the title or else in a block.
    pub fn find(&self, document: &Document<'_>) -> Option<Span> {
        let (text, haystack) = (document.text(), document.haystack());
        // Markup may stand where a literal has a space.
        let may_stand =
            |literal: &String| literal.contains(' ') || (haystack.may_hold(literal) && holds(text, literal));
        if !self.literals.iter().any(may_stand) {
            return None;
        }
        let found = |flat: &Flat| Some(flat.span(self.pattern.find(&flat.text)?.range()));
        let in_title = |title| found(&Flat::plain(text, title));
        let titles = document.titles();
        titles.into_iter().find_map(in_title).or_else(|| document.words().iter().find_map(found))
    }
}

/// The first URL outside of code and comments that holds one of `parts`.
pub fn url(document: &Document<'_>, parts: &[String]) -> Option<Span> {
    let text = document.text();
    let haystack = document.haystack();
    let may_stand = |part: &String| haystack.may_hold(part) && text.contains(part.as_str());
    if !parts.iter().any(may_stand) {
        return None;
    }
    let addresses = |piece: &&Piece| matches!(piece.class, Class::Url | Class::Target | Class::Html);
    let holds = |span: Span| {
        let source = span.of(text);
        let at = parts.iter().filter_map(|part| source.find(part.as_str())).min()?;
        let edge = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '<' | '>' | '"' | '\'');
        let start = source.get(..at)?.rfind(edge).map_or(0, |edge| edge + 1);
        let end = source.get(at..)?.find(edge).map_or(source.len(), |edge| at + edge);
        Some(Span::new(start, end).shifted(span.start as usize))
    };
    document.body()?.pieces.iter().filter(addresses).find_map(|piece| holds(piece.span))
}

/// The first section with a name like `name`: a heading, or bold words that open a paragraph.
pub fn section<'d>(document: &'d Document<'_>, name: &Pattern) -> Option<&'d Section> {
    let titled = |section: &&Section| matches!(section.form, Form::Heading | Form::RunIn);
    document.sections().iter().filter(titled).find(|section| name.is_match(&section.name))
}
