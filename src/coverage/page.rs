//! A handbook page cut into its parts, and these into sentences.

use crate::document::Document;
use crate::document::flat::{Flat, sentence};
use crate::document::outline::{Block, BlockKind, Class, Outline};
use crate::load::file_subject;
use crate::subject::{Format, Kind};
use crate::text::Span;
use crate::words::words;
use crate::yaml::Node;

/// A page as a reader meets it, from top to bottom.
#[derive(Debug, Default)]
pub struct Page {
    /// The title in the front matter.
    pub title: Option<String>,
    /// Headings, paragraphs, items, cells and code.
    pub parts: Vec<Part>,
    /// The words of the headings.
    pub headings: Vec<String>,
}

/// A leaf of the page.
#[derive(Debug)]
pub struct Part {
    /// What it is.
    pub kind: PartKind,
    /// The number of its heading in [`Page::headings`]; `None` before the first one.
    pub heading: Option<usize>,
    /// Its sentences; code has none.
    pub sentences: Vec<Cut>,
}

/// What a part is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartKind {
    /// A heading of level 1 to 6.
    Heading(u8),
    /// A paragraph outside of lists.
    Paragraph,
    /// A paragraph of a list item: the item's number on the page, its depth from 0, and whether its list counts.
    Item {
        /// The item's number on the page.
        item: u32,
        /// Its depth, from 0.
        depth: u8,
        /// Whether its list is numbered.
        numbered: bool,
    },
    /// A cell of a table.
    Cell {
        /// The table's number on the page.
        table: u32,
        /// The row; 0 is the header.
        row: u32,
    },
    /// Code, as written.
    Code(String),
}

/// A sentence, normative or not.
#[derive(Debug)]
pub struct Cut {
    /// Its words without markup.
    pub text: String,
    /// The line it starts on, from 1.
    pub line: usize,
    /// Its words, folded.
    pub folded: Vec<String>,
    /// For each word, whether it is prose and not code.
    pub prose: Vec<bool>,
}

impl Page {
    /// Reads a Markdown page; front matter, comments and link targets say nothing.
    pub fn new(text: &str) -> Self {
        let subject = file_subject("page.md", text.to_owned(), Kind::Page, Format::Markdown);
        let document = Document::new(&subject);
        let Some(outline) = document.body() else { return Self::default() };
        let title = document.node().and_then(|node| node.get("title")).and_then(Node::as_str);
        let mut page = Self { title: title.map(str::to_owned), ..Self::default() };
        for block in &outline.blocks {
            let kind = part_kind(text, outline, block);
            let sentences = match kind {
                PartKind::Code(_) => Vec::new(),
                _ => cut(&document, text, outline, block),
            };
            if sentences.is_empty() && !matches!(kind, PartKind::Code(_) | PartKind::Cell { .. }) {
                continue;
            }
            if matches!(kind, PartKind::Heading(_)) {
                let name: Vec<&str> = sentences.iter().map(|cut| cut.text.as_str()).collect();
                page.headings.push(name.join(" "));
            }
            let heading = page.headings.len().checked_sub(1);
            page.parts.push(Part { kind, heading, sentences });
        }
        page
    }
}

fn part_kind(text: &str, outline: &Outline, block: &Block) -> PartKind {
    match (block.kind, block.row, block.item.and_then(|item| Some((item, outline.items.get(item as usize)?))))
    {
        (BlockKind::Heading, ..) => {
            let heading = outline.headings.iter().find(|heading| heading.span.start == block.span.start);
            PartKind::Heading(heading.map_or(2, |heading| heading.level))
        }
        (BlockKind::Code, ..) => PartKind::Code(block.span.of(text).to_owned()),
        (BlockKind::Cell, Some((table, row)), _) => PartKind::Cell { table, row },
        (_, _, Some((item, list))) => {
            let numbered = list.span.of(text).starts_with(|c: char| c.is_ascii_digit());
            PartKind::Item { item, depth: list.depth, numbered }
        }
        _ => PartKind::Paragraph,
    }
}

/// The sentences of a block.
fn cut(document: &Document<'_>, text: &str, outline: &Outline, block: &Block) -> Vec<Cut> {
    let span = match block.kind {
        BlockKind::Heading => outline.headings.iter().find(|heading| heading.span.start == block.span.start),
        _ => None,
    }
    .map_or(block.span, |heading| heading.text);
    let flat = Flat::new(text, outline, span, true);
    let is_prose = |at: usize| {
        outline.piece_at(flat.offset(at)).is_some_and(|piece| !matches!(piece.class, Class::Code))
    };
    let mut cuts = Vec::new();
    let mut from = 0;
    while let Some(rest) = flat.text.get(from..).filter(|rest| !rest.is_empty()) {
        // A sentence looks at nothing before its start, so each is cut from what is left.
        let end = sentence(rest, 0).end;
        let shown = rest.get(..end).unwrap_or(rest);
        let start = from + shown.len() - shown.trim_start().len();
        let spoken = words(shown);
        if !spoken.is_empty() {
            cuts.push(Cut {
                text: shown.trim().to_owned(),
                line: document.lines().line_of(Span::at(flat.offset(start)).start) + 1,
                folded: spoken.iter().map(|(_, word)| word.to_lowercase()).collect(),
                prose: spoken.iter().map(|(at, _)| is_prose(from + at)).collect(),
            });
        }
        from += end.max(1);
    }
    cuts
}
