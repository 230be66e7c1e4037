//! What stands around a reference: its block, its line, and the words before and after it.

use std::cell::OnceCell;

use regex::Regex;

use crate::document::Document;
use crate::document::flat::{Flat, Sentences, unit};
use crate::document::outline::{Block, Outline};
use crate::subject::Kind;
use crate::text::Span;

/// Bytes that are looked at on either side of a reference; nobody reads further, and lines of megabytes exist.
const REACH: usize = 512;

/// Cells of a row in which a title is looked for.
const CELLS: usize = 64;

/// The surroundings of the references of one block or title.
pub struct Context<'d> {
    /// The subject's text.
    pub text: &'d str,
    /// The structure around; a title has none.
    pub outline: Option<&'d Outline>,
    /// The block; a title has none.
    pub block: Option<&'d Block>,
    /// What the text counts as: a merge request's commit messages are commits.
    pub kind: Kind,
    /// It is a title.
    pub is_title: bool,
    /// The words of the block.
    flat: Flat,
    sentences: Sentences,
    closing: OnceCell<Vec<Span>>,
    whole: Span,
}

impl<'d> Context<'d> {
    /// The surroundings in a title.
    pub fn title(document: &'d Document<'_>, title: Span, kind: Kind) -> Self {
        let text = document.text();
        let flat = Flat::plain(text, title);
        let sentences = Sentences::new(&flat.text);
        let closing = OnceCell::new();
        Self {
            text,
            outline: None,
            block: None,
            kind,
            is_title: true,
            flat,
            sentences,
            closing,
            whole: title,
        }
    }

    /// The surroundings in a block of prose.
    pub fn prose(document: &'d Document<'_>, outline: &'d Outline, block: &'d Block, kind: Kind) -> Self {
        let text = document.text();
        let flat = Flat::of_block(text, outline, block, true);
        let sentences = Sentences::new(&flat.text);
        Self {
            text,
            outline: Some(outline),
            block: Some(block),
            kind,
            is_title: false,
            flat,
            sentences,
            closing: OnceCell::new(),
            whole: block.span,
        }
    }

    /// The words of the reference's sentence before it.
    pub fn before(&self, span: Span) -> &str {
        let at = self.flat.position(span.start as usize);
        let start = self.sentences.at(&self.flat.text, at).start;
        last_of(self.flat.text.get(start..at).unwrap_or_default())
    }

    /// The words of the block after the reference.
    pub fn after(&self, span: Span) -> &str {
        let at = self.flat.position(span.end as usize - 1) + 1;
        first_of(self.flat.text.get(at..).unwrap_or_default())
    }

    /// How the source line of the reference starts, inside of its block; empty where the line starts far away.
    pub fn line_start(&self, span: Span) -> &'d str {
        let before = Span { start: self.whole.start, end: span.start }.of(self.text);
        let near = last_of(before);
        match near.rfind(['\n', '\r']) {
            Some(at) => near.get(at + 1..).unwrap_or_default(),
            None if near.len() == before.len() => near,
            None => "",
        }
    }

    /// What follows the reference on its line.
    pub fn rest_of_line(&self, span: Span) -> &'d str {
        let rest = self.text.get(span.end as usize..self.whole.end as usize).unwrap_or_default();
        first_of(rest).split(['\n', '\r']).next().unwrap_or_default()
    }

    /// Whether the reference stands in the first line of a commit message, or in a title.
    pub fn is_headline(&self, span: Span) -> bool {
        let start = self.outline.map_or(span.start, |outline| outline.span.start);
        self.is_title
            || (self.kind == Kind::Commit
                && !first_of(Span { start, end: span.start }.of(self.text).trim_start()).contains('\n'))
    }

    /// The words of each cell of the reference's table row, the reference's own cell included.
    pub fn cells(&self) -> Vec<String> {
        let (Some(outline), Some(block)) = (self.outline, self.block) else { return Vec::new() };
        let Some((table, row)) = block.row else { return Vec::new() };
        let row = outline.tables.get(table as usize).and_then(|table| table.rows.get(row as usize));
        let cells = row.map(Vec::as_slice).unwrap_or_default();
        cells.iter().take(CELLS).map(|cell| Flat::new(self.text, outline, cell.span, true).text).collect()
    }

    /// The stretches of what reads as one unit with the block's references that `pattern` matches.
    pub fn matches(&self, pattern: &Regex) -> &[Span] {
        self.closing.get_or_init(|| {
            let unit = self.outline.zip(self.block).map_or(self.whole, |(o, block)| unit(o, block));
            let found = pattern.find_iter(unit.of(self.text));
            found.map(|found| Span::from(found.range()).shifted(unit.start as usize)).collect()
        })
    }
}

/// The first [`REACH`] bytes of `text`, or a little less.
fn first_of(text: &str) -> &str {
    let ends = (0..=REACH.min(text.len())).rev();
    ends.take(4).find_map(|end| text.get(..end)).unwrap_or_default()
}

/// The last [`REACH`] bytes of `text`, or a little less.
fn last_of(text: &str) -> &str {
    let starts = text.len().saturating_sub(REACH)..=text.len();
    starts.take(4).find_map(|start| text.get(start..)).unwrap_or_default()
}
