//! What a merge request adds to a Markdown page, read paragraph by paragraph.

use crate::document::flat::Flat;
use crate::document::front_matter;
use crate::document::outline::{Block, BlockKind, Outline};
use crate::subject::{Change, DiffFile};
use crate::text::Span;

/// The lines added to a page, as a Markdown text of its own.
#[derive(Debug)]
pub struct Page {
    text: String,
    outline: Outline,
}

impl Page {
    /// The added lines of `file`; what stands between them unchanged ends a paragraph.
    pub fn new(source: &str, file: &DiffFile) -> Self {
        let mut text = String::new();
        let mut gap = false;
        for line in &file.lines {
            match line.change {
                Change::Added => {
                    if std::mem::take(&mut gap) && !text.is_empty() {
                        text.push('\n');
                    }
                    text.extend([line.span.of(source), "\n"]);
                }
                Change::Context | Change::Hunk => gap = true,
                Change::Removed => {}
            }
        }
        if let Some(matter) = front_matter::find(&text).filter(|_| file.added) {
            text.drain(..matter.end.min(text.len()));
        }
        let outline = Outline::of(&text);
        Self { text, outline }
    }

    /// The words of the paragraphs, with the content of code where `code` is set. Blocks without an empty line between
    /// them, such as the rows of a table, are one; a heading and a line that ends in a colon belong to what follows.
    pub fn paragraphs(&self, code: bool) -> Vec<String> {
        let mut paragraphs: Vec<String> = Vec::new();
        let mut last: Option<&Block> = None;
        let mut leads = false;
        for block in &self.outline.blocks {
            let words = Flat::of_block(&self.text, &self.outline, block, code).text;
            let joined = last.is_some_and(|last| leads || self.touch(last.span, block.span));
            match paragraphs.last_mut().filter(|_| joined) {
                Some(paragraph) => paragraph.extend([" ", &words]),
                None => paragraphs.push(words.clone()),
            }
            leads = block.kind == BlockKind::Heading || words.trim_end().ends_with(':');
            last = Some(block);
        }
        paragraphs
    }

    /// The anchors of the headings.
    pub fn anchors(&self) -> impl Iterator<Item = String> {
        self.outline.headings.iter().map(|heading| {
            let words = Flat::new(&self.text, &self.outline, heading.text, true).text;
            let kept = words.trim().chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
            kept.collect::<String>().to_lowercase().replace(' ', "-")
        })
    }

    fn touch(&self, first: Span, second: Span) -> bool {
        let between = self.text.get(first.end as usize..second.start as usize).unwrap_or_default();
        let lines: Vec<_> = between.split('\n').collect();
        let inner = lines.get(1..lines.len().saturating_sub(1)).unwrap_or_default();
        inner.iter().all(|line| !line.trim().is_empty())
    }
}
