//! A description cut into what belongs together, HTML comments and quick actions left out.

use crate::document::Document;
use crate::document::flat::{Flat, sentence, unit};
use crate::document::outline::{Block, BlockKind, Class, Outline};
use crate::subject::Role;
use crate::text::Span;

/// A stretch of text.
#[derive(Debug, Default)]
pub(super) struct Unit {
    /// Its words, the content of code included.
    pub(super) text: String,
    /// Where its links lead.
    pub(super) links: Vec<String>,
    /// It is the text of a task.
    pub(super) task: bool,
}

/// The units of a description, small and large.
#[derive(Debug, Default)]
pub(super) struct Units {
    /// All of it.
    pub(super) text: Unit,
    /// Paragraphs, list items, table rows.
    pub(super) paragraphs: Vec<Unit>,
    /// Sentences and list items.
    pub(super) sentences: Vec<Unit>,
}

impl Units {
    /// The units of the main text of `doc`.
    pub(super) fn of(doc: &Document<'_>) -> Self {
        let mut units = Self::default();
        for outline in doc.outlines().iter().filter(|outline| outline.role == Role::Body) {
            units.add(doc.text(), outline);
        }
        units
    }

    fn add(&mut self, text: &str, outline: &Outline) {
        let (mut heading, mut lead) = (String::new(), String::new());
        let mut last = None;
        for block in &outline.blocks {
            let span = unit(outline, block);
            if block.kind == BlockKind::Code || last.replace(span) == Some(span) {
                continue;
            }
            let flat = Flat::new(text, outline, span, true);
            let task = is_task(outline, block);
            let links = links(text, outline, span);
            self.text.text.extend([flat.text.as_str(), "\n"]);
            self.text.links.extend(links.iter().map(|(link, _)| link.clone()));
            self.sentences(&flat, &links, block.item.is_some(), task);
            let words = [heading.as_str(), lead.as_str(), flat.text.as_str()].join(" ");
            self.paragraphs.push(Unit {
                text: words,
                links: links.into_iter().map(|(link, _)| link).collect(),
                task,
            });
            if block.kind == BlockKind::Heading {
                (heading, lead) = (flat.text, String::new());
            } else if flat.text.trim_end().ends_with([':', '：']) {
                lead = flat.text;
            } else if block.item.is_none() {
                lead.clear();
            }
        }
    }

    fn sentences(&mut self, flat: &Flat, links: &[(String, Span)], whole: bool, task: bool) {
        let mut at = 0;
        while at < flat.text.len() {
            let range = if whole { 0..flat.text.len() } else { sentence(&flat.text, at) };
            let inside = |span: &Span| {
                let position = flat.position(span.start as usize);
                whole || (range.start <= position && position <= range.end)
            };
            let links = links.iter().filter(|(_, span)| inside(span)).map(|(link, _)| link.clone()).collect();
            let text = flat.text.get(range.clone()).unwrap_or_default().to_owned();
            self.sentences.push(Unit { text, links, task });
            at = range.end.max(at + 1);
        }
    }
}

/// Whether the block is the first one of a task.
fn is_task(outline: &Outline, block: &Block) -> bool {
    block.item.and_then(|item| outline.items.get(item as usize)).is_some_and(|item| item.task.is_some())
}

/// The targets of links and bare URLs in `span`, with the places of what is shown.
fn links(text: &str, outline: &Outline, span: Span) -> Vec<(String, Span)> {
    let here =
        |block: u32| outline.blocks.get(block as usize).is_some_and(|block| unit(outline, block) == span);
    let written = outline.links.iter().filter(|link| here(link.block));
    let urls = outline.pieces_in(span).iter().filter(|piece| piece.class == Class::Url);
    let bare = urls.filter(|url| !outline.links.iter().any(|link| link.span.contains(url.span)));
    written
        .map(|link| (link.target.clone(), link.text))
        .chain(bare.map(|url| (url.span.of(text).to_owned(), url.span)))
        .collect()
}
