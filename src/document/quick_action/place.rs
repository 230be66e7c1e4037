//! Where a line that looks like a quick action stands; GitLab looks at top-level paragraphs only.

use super::super::html;
use super::super::outline::{Block, BlockKind, Class, Outline};
use super::{Candidate, Place};
use crate::text::Span;

/// Elements without an end tag.
const VOID: [&str; 9] = ["area", "br", "col", "embed", "hr", "img", "input", "source", "wbr"];

/// What the places of lines are judged by. Lines are asked for in their order, so nothing is read twice.
pub struct Ground<'t> {
    text: &'t str,
    outline: &'t Outline,
    /// The elements, by their starts; one that starts in another ends in it.
    elements: Vec<Element<'t>>,
    /// Number of elements that start before the last line.
    started: usize,
    /// Those of them that had not ended.
    around: Vec<usize>,
    /// How many of those hide what lies in them: closed ones, and `<details>` that never end.
    hiding: [usize; 2],
    comment: Comment,
}

/// The comment the last line stood in, and what it says up to there.
#[derive(Default)]
struct Comment {
    span: Span,
    nested: bool,
    /// Where the last line stood.
    read: usize,
    /// Since the last `<!--` there were lines that are no command.
    has_words: bool,
}

/// An element that an HTML block opens; what lies in it is not at the top level, blank lines or not.
struct Element<'t> {
    name: &'t str,
    span: Span,
    block: u32,
    closed: bool,
}

impl Element<'_> {
    /// Whether lines in it are hidden wherever they stand: 0 where it is closed, 1 where it never ends.
    fn hides(&self) -> Option<usize> {
        match self.closed {
            true => (self.name != "p").then_some(0),
            false => (self.name == "details").then_some(1),
        }
    }
}

impl<'t> Ground<'t> {
    /// The ground of one part.
    pub fn new(text: &'t str, outline: &'t Outline) -> Self {
        let elements = elements(text, outline);
        let (around, comment) = (Vec::new(), Comment::default());
        Self { text, outline, elements, started: 0, around, hiding: [0, 0], comment }
    }

    /// Where the candidate stands; `None` for what is no line of its own: code, math, the target of a link.
    pub fn place(&mut self, candidate: &Candidate) -> Option<Place> {
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
        let fence = outline.fences.partition_point(|fence| fence.end <= slash);
        let fenced = outline.fences.get(fence).is_some_and(|fence| fence.start <= slash);
        self.enter(slash);
        let innermost = self.around.iter().rev().filter_map(|element| self.elements.get(*element));
        let mut here = innermost.take_while(|element| element.block as usize == index);
        let [closed, open] = self.hiding.map(|count| count > 0);
        // A paragraph ends an open `<p>`, so that reaches no further than its own block.
        if fenced || closed || here.clone().any(|element| element.closed) {
            return Some(Place::Inert);
        }
        if open || here.any(|element| !element.closed) {
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

    /// Brings the open elements up to the line at `slash`.
    fn enter(&mut self, slash: u32) {
        while self.elements.get(self.started).is_some_and(|element| element.span.start <= slash) {
            self.leave(self.elements[self.started].span.start);
            self.around.push(self.started);
            if let Some(kind) = self.elements[self.started].hides() {
                self.hiding[kind] += 1;
            }
            self.started += 1;
        }
        self.leave(slash);
    }

    fn leave(&mut self, slash: u32) {
        while let Some(element) = self.around.pop_if(|element| self.elements[*element].span.end <= slash) {
            if let Some(kind) = self.elements[element].hides() {
                self.hiding[kind] -= 1;
            }
        }
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
    fn in_comment(&mut self, span: Span, slash: u32) -> Place {
        let source = span.of(self.text);
        if self.comment.span != span {
            let nested = source.get(4..).is_some_and(|inner| inner.contains("<!--"));
            self.comment = Comment { span, nested, ..Comment::default() };
        }
        let comment = &mut self.comment;
        let at = (slash - span.start) as usize;
        let read = source.get(comment.read..at).unwrap_or_default();
        let (since, fresh) = read.rsplit_once("<!--").map_or((read, false), |(_, since)| (since, true));
        let words = since.lines().map(str::trim).any(|line| !line.is_empty() && !line.starts_with('/'));
        comment.has_words = words || (comment.has_words && !fresh);
        comment.read = at;
        let broken = !source.ends_with("-->") || (comment.nested && comment.has_words);
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
    closed.sort_by_key(|element| element.span.start);
    closed
}
