//! Where a line that looks like a quick action stands; GitLab looks at top-level paragraphs only.

use super::super::html;
use super::super::outline::{Block, BlockKind, Class, Outline};
use super::{Candidate, Place};
use crate::text::Span;

/// Elements without an end tag.
const VOID: [&str; 9] = ["area", "br", "col", "embed", "hr", "img", "input", "source", "wbr"];

/// What the places of lines are judged by.
pub struct Ground<'t> {
    text: &'t str,
    outline: &'t Outline,
    elements: Vec<Element<'t>>,
}

/// An element that an HTML block opens; what lies in it is not at the top level, blank lines or not.
struct Element<'t> {
    name: &'t str,
    span: Span,
    block: u32,
    closed: bool,
}

impl<'t> Ground<'t> {
    /// The ground of one part.
    pub fn new(text: &'t str, outline: &'t Outline) -> Self {
        Self { text, outline, elements: elements(text, outline) }
    }

    /// Where the candidate stands; `None` for what is no line of its own: code, math, the target of a link.
    pub fn place(&self, candidate: &Candidate) -> Option<Place> {
        let slash = candidate.line.span.start;
        let outline = self.outline;
        if let Some(piece) = outline.piece_at(slash as usize) {
            match piece.class {
                Class::Code | Class::Math | Class::Target => return None,
                Class::Comment => return Some(self.in_comment(piece.span, slash)),
                _ => {}
            }
        }
        let index = outline.blocks.partition_point(|block| block.span.start <= slash).checked_sub(1)?;
        let block = outline.blocks.get(index).filter(|block| slash < block.span.end)?;
        if block.kind == BlockKind::Code {
            return None;
        }
        let inside = |span: &Span| span.start <= slash && slash < span.end;
        let around = |element: &&Element<'_>| inside(&element.span);
        let here = |element: &Element<'_>| element.block as usize == index;
        // A paragraph ends an open `<p>`, so that reaches no further than its own block.
        if self.elements.iter().filter(around).any(|e| e.closed && (here(e) || e.name != "p"))
            || outline.fences.iter().any(inside)
        {
            return Some(Place::Inert);
        }
        if self.elements.iter().filter(around).any(|e| !e.closed && (here(e) || e.name == "details")) {
            return Some(Place::OpenHtml);
        }
        Some(match block.kind {
            BlockKind::Html | BlockKind::Heading | BlockKind::Cell if candidate.bullet => Place::Inert,
            BlockKind::Html | BlockKind::Code => Place::HtmlBlock,
            BlockKind::Heading => Place::Setext,
            // A row with pipes of its own was written as one.
            BlockKind::Cell if candidate.line.span.of(self.text).contains('|') => Place::Inert,
            BlockKind::Cell => Place::TableRow,
            BlockKind::Paragraph | BlockKind::ItemText => self.in_paragraph(block, candidate),
        })
    }

    fn in_paragraph(&self, block: &Block, candidate: &Candidate) -> Place {
        let indented = !candidate.line.indent.is_empty();
        if candidate.bullet {
            Place::Bullet
        } else if indented && (block.top || self.opens_with_command(block)) {
            Place::Indented
        } else if block.top {
            Place::Runs
        } else {
            Place::Continues
        }
    }

    /// Whether the block is a paragraph of its own inside a list item, and its first line looks like a command.
    fn opens_with_command(&self, block: &Block) -> bool {
        let before = self.text.get(..block.span.start as usize).unwrap_or_default();
        let lead = before.rsplit(['\n', '\r']).next().unwrap_or_default();
        lead.trim().is_empty() && block.span.of(self.text).starts_with('/')
    }

    /// Words between the comment's last `<!--` and the command say that the comment was not opened for the command.
    fn in_comment(&self, comment: Span, slash: u32) -> Place {
        let source = comment.of(self.text);
        let nested = source.get(4..).is_some_and(|inner| inner.contains("<!--"));
        let before = source.get(..(slash - comment.start) as usize).unwrap_or_default();
        let before = before.rsplit("<!--").next().unwrap_or_default();
        let has_words = before.lines().map(str::trim).any(|line| !line.is_empty() && !line.starts_with('/'));
        let broken = !source.ends_with("-->") || (nested && has_words);
        if broken { Place::BrokenComment } else { Place::Inert }
    }
}

fn elements<'t>(text: &'t str, outline: &'t Outline) -> Vec<Element<'t>> {
    let mut open: Vec<Element<'t>> = Vec::new();
    let mut closed = Vec::new();
    for piece in outline.pieces.iter().filter(|piece| piece.class == Class::Html) {
        let source = piece.span.of(text);
        let Some(tag) = html::next_tag(source, 0).filter(|tag| tag.start == 0 && !tag.name.is_empty()) else {
            continue;
        };
        if tag.closing {
            let start = open.iter().rposition(|element| element.name.eq_ignore_ascii_case(tag.name));
            if let Some(element) = start.and_then(|start| open.drain(start..).next()) {
                let span = Span { end: piece.span.end, ..element.span };
                closed.push(Element { span, closed: true, ..element });
            }
        } else if outline.block_of(piece).is_some_and(|block| block.kind == BlockKind::Html)
            && !source.ends_with("/>")
            && !VOID.iter().any(|void| void.eq_ignore_ascii_case(tag.name))
        {
            let span = Span { start: piece.span.start, end: outline.span.end };
            open.push(Element { name: tag.name, span, block: piece.block, closed: false });
        }
    }
    closed.extend(open);
    closed
}
