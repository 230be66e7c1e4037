//! What a Markdown part consists of: pieces of text and mask, blocks, headings, items, links and tables, all with spans.

use crate::subject::Role;
use crate::text::Span;

/// The structure of one part of a subject.
#[derive(Debug, Default)]
pub struct Outline {
    /// The part's REST path (`description`, `commits[0].message`); empty for a file.
    pub field: String,
    /// What the part is.
    pub role: Role,
    /// Where the part lies.
    pub span: Span,
    /// The indentation that its lines lost before they were read: they stand in a block of YAML.
    pub indent: usize,
    /// Text and masked stretches in source order, disjoint. What lies between them is markup.
    pub pieces: Vec<Piece>,
    /// Paragraphs, headings, cells, item texts, code and HTML blocks in source order.
    pub blocks: Vec<Block>,
    /// Headings in source order.
    pub headings: Vec<Heading>,
    /// List items in source order, outer before inner.
    pub items: Vec<Item>,
    /// Links and images, in source order of their ends.
    pub links: Vec<Link>,
    /// Tables in source order.
    pub tables: Vec<Table>,
    /// The inner spans of bold text.
    pub strong: Vec<Span>,
    /// The inner spans of struck-out text.
    pub struck: Vec<Span>,
    /// Block quotes and `>>>` quotes, alerts left out: an alert is the author's own word.
    pub quotes: Vec<Span>,
    /// Stretches between `<details>` and `</details>`.
    pub details: Vec<Span>,
    /// GitLab's `>>>` fences, alerts among them.
    pub fences: Vec<Span>,
}

/// A stretch of text or of something that is no prose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Where it lies.
    pub span: Span,
    /// Whether it is text, or what masks it.
    pub class: Class,
    /// Index of its block in [`Outline::blocks`]; `u32::MAX` for a mask in none, as in a reference definition.
    pub block: u32,
    /// Whether it lies inside the text of a link.
    pub link: bool,
}

/// What a piece is; everything but `Text` is masked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Prose.
    Text,
    /// A code span or block, with its marks.
    Code,
    /// An HTML tag, or the content of an element that holds no prose (`<code>`, `<pre>`, `<style>` …).
    Html,
    /// An HTML comment.
    Comment,
    /// An ERB, Liquid or Hugo tag.
    Shortcode,
    /// `{#id}` and `{:attr}` lists.
    Attribute,
    /// A link's destination and title, an image, a link reference definition.
    Target,
    /// A bare URL or an autolink.
    Url,
    /// Math.
    Math,
    /// A character written as an entity.
    Entity,
    /// A line that GitLab reads as a quick action.
    QuickAction,
}

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// A paragraph, inside or outside of lists and quotes.
    Paragraph,
    /// The text of a tight list item.
    ItemText,
    /// A heading.
    Heading,
    /// A table cell.
    Cell,
    /// A code block.
    Code,
    /// An HTML block.
    Html,
}

/// A leaf block.
#[derive(Clone, Copy, Debug)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Where it lies.
    pub span: Span,
    /// The innermost list item around it, in [`Outline::items`].
    pub item: Option<u32>,
    /// Its table and row.
    pub row: Option<(u32, u32)>,
    /// It is part of a quote of somebody else's words.
    pub quoted: bool,
    /// It stands at the top level: in no list, quote, table or footnote.
    pub top: bool,
}

/// A heading.
#[derive(Clone, Copy, Debug)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// The whole heading, marks included, without its line break.
    pub span: Span,
    /// Its text without marks, attribute list and surrounding white space.
    pub text: Span,
}

/// The state of a task box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tick {
    /// `[ ]`
    Open,
    /// `[x]` or `[X]`
    Done,
    /// `[~]`, which GitLab counts as neither.
    Inapplicable,
}

/// A list item.
#[derive(Clone, Copy, Debug)]
pub struct Item {
    /// The whole item, nested lists included.
    pub span: Span,
    /// Its task box, brackets included.
    pub task: Option<(Span, Tick)>,
    /// Where its own text starts, behind bullet and box.
    pub content: u32,
    /// Nesting depth of its list, from 0.
    pub depth: u8,
}

/// How a link is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// `[text](target)`
    Inline,
    /// `[text][id]`, `[id][]` or `[id]`
    Reference,
    /// `<https://…>`
    Autolink,
    /// `<a href="target">text</a>`
    Html,
    /// `![alt](target)`
    Image,
}

/// A link or an image.
#[derive(Clone, Debug)]
pub struct Link {
    /// How it is written.
    pub kind: LinkKind,
    /// The whole link.
    pub span: Span,
    /// Its text, between the brackets.
    pub text: Span,
    /// Its destination, decoded.
    pub target: String,
    /// Where the destination stands, if it is written out in this part.
    pub target_span: Option<Span>,
    /// Index of its block.
    pub block: u32,
}

/// A table.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Where it lies.
    pub span: Span,
    /// Its rows; the first one is the header.
    pub rows: Vec<Vec<Cell>>,
}

/// A table cell.
#[derive(Clone, Copy, Debug)]
pub struct Cell {
    /// The cell's source between its pipes, white space trimmed.
    pub span: Span,
    /// Index of its block.
    pub block: u32,
}

/// Whether `text` may hold a table: a line of pipes, dashes and colons, in a quote or not. Most texts have none, and need
/// not be parsed to know it.
pub fn may_hold_table(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(pipe) = bytes.get(at..).and_then(|rest| memchr::memchr(b'|', rest)).map(|pipe| at + pipe) {
        let start = memchr::memrchr2(b'\n', b'\r', &bytes[..pipe]).map_or(0, |end| end + 1);
        let end = memchr::memchr2(b'\n', b'\r', &bytes[pipe..]).map_or(bytes.len(), |length| pipe + length);
        let line = &bytes[start..end];
        if line.contains(&b'-') && line.iter().all(|byte| b"|-: \t>".contains(byte)) {
            return true;
        }
        at = end;
    }
    false
}

impl Outline {
    /// The structure of `text`, a Markdown text of its own; spans count from its first byte.
    pub fn of(text: &str) -> Self {
        super::markdown::outline(text)
    }

    /// The piece that holds the byte at `offset`.
    pub fn piece_at(&self, offset: usize) -> Option<&Piece> {
        let offset = u32::try_from(offset).ok()?;
        let index = self.pieces.partition_point(|piece| piece.span.end <= offset);
        self.pieces.get(index).filter(|piece| piece.span.start <= offset)
    }

    /// The text piece that holds all of `span`; `None` where it is masked, markup, or crosses an edge.
    pub fn prose_at(&self, span: Span) -> Option<&Piece> {
        self.piece_at(span.start as usize)
            .filter(|piece| piece.class == Class::Text && piece.span.contains(span))
    }

    /// The block a piece belongs to.
    pub fn block_of(&self, piece: &Piece) -> Option<&Block> {
        self.blocks.get(piece.block as usize)
    }

    /// The pieces that lie inside `span`.
    pub fn pieces_in(&self, span: Span) -> &[Piece] {
        let first = self.pieces.partition_point(|piece| piece.span.start < span.start);
        let last = self.pieces.partition_point(|piece| piece.span.end <= span.end);
        self.pieces.get(first..last).unwrap_or_default()
    }

    /// The pieces that share a byte with `span`.
    pub fn pieces_over(&self, span: Span) -> &[Piece] {
        let first = self.pieces.partition_point(|piece| piece.span.end <= span.start);
        let last = self.pieces.partition_point(|piece| piece.span.start < span.end);
        self.pieces.get(first..last).unwrap_or_default()
    }

    /// The text pieces in source order.
    pub fn prose(&self) -> impl Iterator<Item = &Piece> {
        self.pieces.iter().filter(|piece| piece.class == Class::Text)
    }

    /// The byte after the section that heading number `index` opens: the next heading of its level or above.
    pub fn section_end(&self, index: usize) -> u32 {
        let Some(heading) = self.headings.get(index) else { return self.span.end };
        self.headings
            .iter()
            .skip(index + 1)
            .find(|next| next.level <= heading.level)
            .map_or(self.span.end, |next| next.span.start)
    }

    /// Whether `offset` lies in somebody else's words.
    pub fn is_quoted(&self, offset: u32) -> bool {
        self.quotes.iter().any(|quote| quote.start <= offset && offset < quote.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_without_a_line_of_pipes_and_dashes_has_no_table() {
        for text in ["|a|\n|-|\n|b|", "a | b\r\n:-: | -\r\nc", "- x\n\n  | a |\n  | - |", "> |a|b|\n> |-|-|"]
        {
            assert!(may_hold_table(text) && !Outline::of(text).tables.is_empty(), "{text:?}");
        }
        for text in ["", "a | b\n\n---", "a || b - c | d", "|a|\n| |", "| a\n-"] {
            assert!(!may_hold_table(text) && Outline::of(text).tables.is_empty(), "{text:?}");
        }
    }
}
