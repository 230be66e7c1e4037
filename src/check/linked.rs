//! Expressions that need a link beside them: in their sentence or the next one, or in their paragraph.

use serde::Deserialize;

use super::{Hit, Sink, View};
use crate::document::field::said::full_references;
use crate::document::flat::{Flat, sentence};
use crate::document::outline::{Block, BlockKind, Class, LinkKind, Outline};
use crate::globs::Globs;
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
    /// How far away the link may stand.
    #[serde(default)]
    within: Within,
    /// What the link leads to.
    link: Goal,
    /// The variant that is reported.
    #[serde(default)]
    variant: String,
}

/// How far away the link may stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Within {
    /// In the same sentence or the next one.
    #[default]
    Sentences,
    /// In the same paragraph, list item or table cell.
    Paragraph,
}

/// What a link leads to.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Goal {
    /// An address that matches.
    Address(Pattern),
    /// An issue of one of these projects; a reference will do.
    IssueOf(Globs),
}

impl Linked {
    /// The values that messages may name.
    pub const VALUES: &'static [&'static str] = &["hit"];

    /// The variants the check may report.
    pub fn variants(&self) -> Vec<&str> {
        Some(self.variant.as_str()).filter(|name| !name.is_empty()).into_iter().collect()
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
                    // What begins in one sentence and ends in the next says neither.
                    if sentence(&flat.text, found.start()).end < found.end() {
                        continue;
                    }
                    let beside = match self.within {
                        Within::Sentences => beside(text, outline, index, &flat, found.end()),
                        Within::Paragraph => block.span,
                    };
                    if !self.link.is_in(view, outline, beside) {
                        sink.report(Hit::at(span, &[("hit", span.of(text))]).variant(&self.variant));
                    }
                }
            }
        }
    }
}

impl Goal {
    /// Whether a link or an address in `stretch` leads there.
    fn is_in(&self, view: View<'_>, outline: &Outline, stretch: Span) -> bool {
        let text = view.doc.text();
        let written = outline.links.iter().filter(|link| link.kind != LinkKind::Image);
        let targets = written.filter(|link| stretch.contains(link.span)).map(|link| &*link.target);
        let pieces = |class| {
            let pieces = outline.pieces_in(stretch).iter();
            pieces.filter(move |piece| piece.class == class).map(|piece| piece.span.of(text))
        };
        let mut addresses = targets.chain(pieces(Class::Url));
        match self {
            Self::Address(pattern) => addresses.any(|address| pattern.is_match(address)),
            Self::IssueOf(projects) => {
                let own = view.doc.subject.project.as_deref().or(view.world.project.as_deref());
                let short = own.is_some_and(|own| projects.has(own));
                let mut said = addresses.chain(pieces(Class::Text));
                said.any(|said| {
                    let mut references = full_references(said).into_iter();
                    references.any(|full| full.split_once('#').is_some_and(|(path, _)| projects.has(path)))
                        || (short && has_number(said))
                })
            }
        }
    }
}

/// Whether `text` holds a reference to an issue of its own project, `#12`.
fn has_number(text: &str) -> bool {
    text.match_indices('#').any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let digit = text.get(at + 1..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        digit && !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '/' | '&' | '#'))
    })
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
