//! What stands around a reference: its block, its line, and the words before and after it.

use crate::document::Document;
use crate::document::flat::{Flat, sentence, unit};
use crate::document::outline::{Block, Outline};
use crate::subject::Kind;
use crate::text::Span;

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
    whole: Span,
}

impl<'d> Context<'d> {
    /// The surroundings in a title.
    pub fn title(document: &'d Document<'_>, title: Span, kind: Kind) -> Self {
        let text = document.text();
        let flat = Flat::plain(text, title);
        Self { text, outline: None, block: None, kind, is_title: true, flat, whole: title }
    }

    /// The surroundings in a block of prose.
    pub fn prose(document: &'d Document<'_>, outline: &'d Outline, block: &'d Block, kind: Kind) -> Self {
        let text = document.text();
        let flat = Flat::of_block(text, outline, block, true);
        Self {
            text,
            outline: Some(outline),
            block: Some(block),
            kind,
            is_title: false,
            flat,
            whole: block.span,
        }
    }

    /// The words of the reference's sentence before it.
    pub fn before(&self, span: Span) -> &str {
        let at = self.flat.position(span.start as usize);
        let start = sentence(&self.flat.text, at).start;
        self.flat.text.get(start..at).unwrap_or_default()
    }

    /// The words of the block after the reference.
    pub fn after(&self, span: Span) -> &str {
        let at = self.flat.position(span.end as usize - 1) + 1;
        self.flat.text.get(at..).unwrap_or_default()
    }

    /// The source line of the reference, cut at the ends of the block.
    pub fn line(&self, span: Span) -> &'d str {
        let start = self
            .text
            .get(..span.start as usize)
            .and_then(|text| text.rfind(['\n', '\r']))
            .map_or(0, |at| at + 1);
        let rest = self.text.get(span.end as usize..).unwrap_or_default();
        let end = span.end as usize + rest.find(['\n', '\r']).unwrap_or(rest.len());
        let start = start.max(self.whole.start as usize);
        self.text.get(start..end.min(self.whole.end as usize).max(start)).unwrap_or_default()
    }

    /// What follows the reference on its line.
    pub fn rest_of_line(&self, span: Span) -> &'d str {
        let rest = self.text.get(span.end as usize..self.whole.end as usize).unwrap_or_default();
        rest.split(['\n', '\r']).next().unwrap_or_default()
    }

    /// Whether the reference stands in the first line of a commit message, or in a title.
    pub fn is_headline(&self, span: Span) -> bool {
        let start = self.outline.map_or(span.start, |outline| outline.span.start);
        self.is_title
            || (self.kind == Kind::Commit
                && !Span { start, end: span.start }.of(self.text).trim_start().contains('\n'))
    }

    /// The words of each cell of the reference's table row, the reference's own cell included.
    pub fn cells(&self) -> Vec<String> {
        let (Some(outline), Some(block)) = (self.outline, self.block) else { return Vec::new() };
        let Some((table, row)) = block.row else { return Vec::new() };
        let row = outline.tables.get(table as usize).and_then(|table| table.rows.get(row as usize));
        let cells = row.map(Vec::as_slice).unwrap_or_default();
        cells.iter().map(|cell| Flat::new(self.text, outline, cell.span, true).text).collect()
    }

    /// The source of what reads as one unit with the reference.
    pub fn unit(&self) -> Span {
        self.outline.zip(self.block).map_or(self.whole, |(outline, block)| unit(outline, block))
    }
}
