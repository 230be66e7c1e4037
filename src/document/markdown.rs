//! From Markdown to an [`Outline`]: one pass over the parser's events, every span true to the source.

mod elements;
mod overlay;
mod spans;

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};

use super::outline::{
    Block, BlockKind, Cell, Class, Heading, Item, Link, LinkKind, Outline, Piece, Table, Tick,
};
use crate::text::Span;
use spans::{
    between_marks, borrowed_span, is_alert, item_content, level_number, skip_blanks, trimmed, uncut,
};

/// The outline of `text`; spans count from its first byte.
pub fn outline(text: &str) -> Outline {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_MATH;
    let mut builder = Builder::new(text);
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        builder.event(event, range);
    }
    builder.finish()
}

struct OpenLink {
    start: usize,
    kind: LinkKind,
    target: String,
    target_span: Option<Span>,
    text_start: usize,
}

struct Builder<'t> {
    text: &'t str,
    out: Outline,
    /// The leaf block that inline events belong to.
    block: Option<usize>,
    /// Where the last inline event ended; link and heading texts end there.
    inline_end: usize,
    lists: u8,
    items: Vec<usize>,
    /// One entry a block quote: whether it quotes somebody else.
    quotes: Vec<bool>,
    footnotes: usize,
    images: usize,
    links: Vec<OpenLink>,
    anchor: Option<OpenLink>,
    strong: Vec<usize>,
    struck: Vec<usize>,
    /// Names of the open HTML elements whose content is no prose.
    opaque: Vec<String>,
    details: Vec<usize>,
    heading: Option<(u8, Range<usize>, Option<usize>)>,
    /// The emphasised stretches, links and images of that heading.
    marked: Vec<Range<usize>>,
    html: Option<Range<usize>>,
}

impl<'t> Builder<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            out: Outline { span: Span::new(0, text.len()), ..Outline::default() },
            block: None,
            inline_end: 0,
            lists: 0,
            items: Vec::new(),
            quotes: Vec::new(),
            footnotes: 0,
            images: 0,
            links: Vec::new(),
            anchor: None,
            strong: Vec::new(),
            struck: Vec::new(),
            opaque: Vec::new(),
            details: Vec::new(),
            heading: None,
            marked: Vec::new(),
            html: None,
        }
    }

    fn event(&mut self, event: Event<'t>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(text) => self.words(&text, range),
            Event::Code(_) => self.inline(Class::Code, range),
            Event::InlineMath(_) | Event::DisplayMath(_) => self.inline(Class::Math, range),
            Event::InlineHtml(_) => self.inline_html(range),
            Event::FootnoteReference(_) => self.inline(Class::Target, range),
            Event::TaskListMarker(done) => self.task(range, if done { Tick::Done } else { Tick::Open }),
            Event::Html(_) | Event::SoftBreak | Event::HardBreak | Event::Rule => {}
        }
    }

    fn start(&mut self, tag: Tag<'t>, range: Range<usize>) {
        if self.heading.is_some() {
            self.marked.push(range.clone());
        }
        match tag {
            Tag::Paragraph => self.open_block(BlockKind::Paragraph, range),
            Tag::Heading { level, .. } => {
                self.heading = Some((level_number(level), range.clone(), None));
                self.open_block(BlockKind::Heading, range);
            }
            Tag::CodeBlock(_) => {
                self.open_block(BlockKind::Code, range.clone());
                self.push(Class::Code, range);
            }
            Tag::HtmlBlock => {
                self.open_block(BlockKind::Html, range.clone());
                self.html = Some(range);
            }
            Tag::BlockQuote(_) => {
                self.block = None;
                let words = self.text.get(range.clone()).unwrap_or_default();
                let somebody_else = !is_alert(words);
                self.quotes.push(somebody_else);
                if somebody_else {
                    self.out.quotes.push(range.into());
                }
            }
            Tag::List(_) => {
                self.block = None;
                self.lists = self.lists.saturating_add(1);
            }
            Tag::Item => {
                self.block = None;
                self.items.push(self.out.items.len());
                let (content, task) = item_content(self.text, &range);
                let depth = self.lists.saturating_sub(1);
                let content = Span::at(content).start;
                self.out.items.push(Item { span: trimmed(self.text, range), task, content, depth });
            }
            Tag::FootnoteDefinition(_) => {
                self.block = None;
                self.footnotes += 1;
            }
            Tag::Table(_) => {
                self.block = None;
                self.out.tables.push(Table { span: trimmed(self.text, range), rows: Vec::new() });
            }
            Tag::TableHead | Tag::TableRow => {
                if let Some(table) = self.out.tables.last_mut() {
                    table.rows.push(Vec::new());
                }
            }
            Tag::TableCell => self.open_block(BlockKind::Cell, range),
            Tag::Strong => self.strong.push(range.start),
            Tag::Strikethrough => self.struck.push(range.start),
            Tag::Link { link_type, dest_url, .. } => self.open_link(link_type, dest_url, range),
            Tag::Image { dest_url, .. } => {
                self.open_link(LinkType::Inline, dest_url, range);
                if let Some(link) = self.links.last_mut() {
                    link.kind = LinkKind::Image;
                    link.text_start += 1;
                }
                self.images += 1;
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::Paragraph | TagEnd::CodeBlock => self.close_block(),
            TagEnd::Heading(_) => self.close_heading(),
            TagEnd::HtmlBlock => self.html_block(),
            TagEnd::BlockQuote(_) => {
                self.block = None;
                self.quotes.pop();
            }
            TagEnd::List(_) => {
                self.block = None;
                self.lists = self.lists.saturating_sub(1);
            }
            TagEnd::Item => {
                self.block = None;
                self.items.pop();
            }
            TagEnd::FootnoteDefinition => {
                self.block = None;
                self.footnotes = self.footnotes.saturating_sub(1);
            }
            TagEnd::TableCell => self.close_cell(),
            TagEnd::Emphasis => self.end_emphasis(range.end),
            TagEnd::Strong => {
                self.end_emphasis(range.end);
                if let Some(start) = self.strong.pop() {
                    self.out.strong.push(between_marks(self.text, start, range.end));
                }
            }
            TagEnd::Strikethrough => {
                self.end_emphasis(range.end);
                if let Some(start) = self.struck.pop() {
                    self.out.struck.push(between_marks(self.text, start, range.end));
                }
            }
            TagEnd::Link => self.close_link(range),
            TagEnd::Image => {
                self.images = self.images.saturating_sub(1);
                self.close_link(range.clone());
                self.inline(Class::Target, range);
            }
            _ => {}
        }
    }

    fn open_block(&mut self, kind: BlockKind, range: Range<usize>) {
        let table = self.out.tables.len().checked_sub(1);
        let row = table.and_then(|table| self.out.tables.get(table)?.rows.len().checked_sub(1));
        let in_cell = kind == BlockKind::Cell;
        self.block = Some(self.out.blocks.len());
        self.out.blocks.push(Block {
            kind,
            span: trimmed(self.text, range),
            item: self.items.last().map(|item| Span::at(*item).start),
            row: table.zip(row).filter(|_| in_cell).map(|(t, r)| (Span::at(t).start, Span::at(r).start)),
            quoted: self.quotes.iter().any(|somebody_else| *somebody_else),
            top: self.lists == 0
                && self.quotes.is_empty()
                && self.footnotes == 0
                && self.details.is_empty()
                && !in_cell,
        });
    }

    /// The block that an inline event belongs to; a tight list item's text gets one of its own.
    fn block_for(&mut self, range: &Range<usize>) -> usize {
        if let Some(block) = self.block {
            if let Some(block) = self.out.blocks.get_mut(block).filter(|b| b.kind == BlockKind::ItemText) {
                block.span.end = block.span.end.max(Span::at(range.end).end);
            }
            return block;
        }
        self.open_block(BlockKind::ItemText, range.clone());
        self.block.unwrap_or_default()
    }

    fn push(&mut self, class: Class, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        let block = Span::at(self.block_for(&range)).start;
        let link = !self.links.is_empty() || self.anchor.is_some();
        if class == Class::Text
            && let Some(last) = self.out.pieces.last_mut()
            && (last.class, last.block, last.link) == (class, block, link)
            && self.text.get(last.span.end as usize..range.start).is_some_and(|gap| gap.trim().is_empty())
        {
            last.span.end = Span::at(range.end).end;
            return;
        }
        self.out.pieces.push(Piece { span: range.into(), class, block, link });
    }

    fn inline(&mut self, class: Class, range: Range<usize>) {
        if let Some((_, _, first @ None)) = &mut self.heading {
            *first = Some(range.start);
        }
        self.inline_end = range.end;
        if self.images == 0 {
            let class = if class == Class::Text && !self.opaque.is_empty() { Class::Html } else { class };
            self.push(class, range);
        }
    }

    fn words(&mut self, words: &CowStr<'t>, range: Range<usize>) {
        let in_code = self
            .block
            .and_then(|block| self.out.blocks.get(block))
            .is_some_and(|b| b.kind == BlockKind::Code);
        if in_code || range.is_empty() || self.html.is_some() {
            return;
        }
        let source = self.text.get(range.clone()).unwrap_or_default();
        let entity = source.starts_with('&') && source != &**words;
        let autolink = self.links.last().is_some_and(|link| link.kind == LinkKind::Autolink);
        let class = if entity {
            Class::Entity
        } else if autolink {
            Class::Url
        } else {
            Class::Text
        };
        self.inline(class, range);
    }

    fn task(&mut self, range: Range<usize>, tick: Tick) {
        if let Some(item) = self.items.last().and_then(|item| self.out.items.get_mut(*item)) {
            let box_end = range.start + self.text.get(range.clone()).map_or(0, |s| s.trim_end().len());
            item.task = Some((Span::new(range.start, box_end), tick));
            item.content = Span::at(skip_blanks(self.text, box_end)).start;
        }
    }

    fn open_link(&mut self, link_type: LinkType, target: CowStr<'t>, range: Range<usize>) {
        let kind = match link_type {
            LinkType::Autolink | LinkType::Email => LinkKind::Autolink,
            LinkType::Inline => LinkKind::Inline,
            _ => LinkKind::Reference,
        };
        let target_span = borrowed_span(self.text, &target);
        let text_start = range.start + 1;
        let target = target.into_string();
        self.links.push(OpenLink { start: range.start, kind, target, target_span, text_start });
        self.inline_end = text_start;
    }

    /// The text of a link has its emphasis marks on both sides.
    fn end_emphasis(&mut self, end: usize) {
        if !self.links.is_empty() {
            self.inline_end = end;
        }
    }

    fn close_link(&mut self, range: Range<usize>) {
        let Some(link) = self.links.pop() else { return };
        let text_end = self.inline_end.clamp(link.text_start, range.end);
        let block = Span::at(self.block_for(&range)).start;
        if matches!(link.kind, LinkKind::Inline | LinkKind::Reference) && self.images == 0 {
            self.inline(Class::Target, text_end..range.end);
        }
        self.inline_end = range.end;
        self.out.links.push(Link {
            kind: link.kind,
            span: Span::new(link.start, range.end),
            text: Span::new(link.text_start, text_end),
            target: link.target,
            target_span: link.target_span,
            block,
        });
    }

    fn close_heading(&mut self) {
        if let Some((level, range, first)) = self.heading.take() {
            let start = first.unwrap_or(range.end);
            let text = trimmed(self.text, uncut(start..self.inline_end.max(start), &self.marked));
            self.marked.clear();
            self.out.headings.push(Heading { level, span: trimmed(self.text, range), text });
        }
        self.close_block();
    }

    fn close_cell(&mut self) {
        if let Some(block) = self.block.take()
            && let Some(span) = self.out.blocks.get(block).map(|block| block.span)
            && let Some(row) = self.out.tables.last_mut().and_then(|table| table.rows.last_mut())
        {
            row.push(Cell { span, block: Span::at(block).start });
        }
    }

    /// Inline elements end with their block, closed or not: a missing end tag must not hide the page.
    fn close_block(&mut self) {
        self.block = None;
        self.opaque.clear();
        self.anchor = None;
    }
}
