//! Expressions that need a link beside them: in their sentence or the next one.

use serde::Deserialize;

use super::{Hit, Sink, View};
use crate::document::flat::{Flat, sentence};
use crate::document::outline::{Block, BlockKind, Class, LinkKind, Outline};
use crate::pattern::Pattern;
use crate::scan::Need;
use crate::subject::Role;
use crate::text::Span;

/// Expressions that need a link.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Linked {
    /// The expression.
    #[serde(rename = "match")]
    pattern: Pattern,
    /// Literals of which a text holds at least one where the pattern matches.
    literals: Vec<String>,
    /// What the address of the link matches.
    link: Pattern,
}

impl Linked {
    /// The values that messages may name.
    pub const VALUES: &'static [&'static str] = &["hit"];

    /// The variants the check may report.
    pub fn variants(&self) -> Vec<&str> {
        Vec::new()
    }

    /// What a text must contain.
    pub fn need(&self) -> Need {
        Need::Any(self.literals.clone())
    }

    /// Finds the expressions without a link in the main text.
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let text = view.doc.text();
        for outline in view.doc.outlines().iter().filter(|outline| outline.role == Role::Body) {
            for (index, block) in outline.blocks.iter().enumerate().filter(|(_, block)| is_prose(block)) {
                let flat = Flat::of_block(text, outline, block, false);
                for found in self.pattern.hits(&flat.text) {
                    let span = flat.span(found.range());
                    if !self.is_linked(outline, beside(text, outline, index, &flat, found.end()), text) {
                        sink.report(Hit::at(span, &[("hit", span.of(text))]));
                    }
                }
            }
        }
    }

    fn is_linked(&self, outline: &Outline, beside: Span, text: &str) -> bool {
        let written = outline.links.iter().filter(|link| link.kind != LinkKind::Image);
        let mut links = written.filter(|link| beside.contains(link.span));
        let mut urls = outline.pieces_in(beside).iter().filter(|piece| piece.class == Class::Url);
        links.any(|link| self.link.is_match(&link.target))
            || urls.any(|piece| self.link.is_match(piece.span.of(text)))
    }
}

fn is_prose(block: &Block) -> bool {
    !matches!(block.kind, BlockKind::Code | BlockKind::Heading)
}

/// The sentence that ends an expression at byte `end` of a block's words, and the next one, if need be of the next block.
fn beside(text: &str, outline: &Outline, index: usize, flat: &Flat, end: usize) -> Span {
    let own = sentence(&flat.text, end.saturating_sub(1));
    let block = outline.blocks.get(index).map_or(Span::default(), |block| block.span);
    let start = if own.start == 0 { block.start } else { flat.span(own.start..own.end).start };
    let after = own.end;
    if !flat.text.get(after..).unwrap_or_default().trim().is_empty() {
        return Span { start, end: until(flat, sentence(&flat.text, after).end, block) };
    }
    let next = outline.blocks.get(index + 1).filter(|next| is_prose(next));
    let end = next.map_or(block.end, |next| {
        let flat = Flat::of_block(text, outline, next, false);
        until(&flat, sentence(&flat.text, 0).end, next.span)
    });
    Span { start, end }
}

/// Where byte `end` of a block's words stands; the end of the words is the end of the block.
fn until(flat: &Flat, end: usize, block: Span) -> u32 {
    if end >= flat.text.len() { block.end } else { flat.span(end.saturating_sub(1)..end).end }
}
