//! From Markdown to an [`Outline`]: one pass over the parser's events, every span true to the source.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd};

use super::html;
use super::mask;
use super::outline::{
    Block, BlockKind, Cell, Class, Heading, Item, Link, LinkKind, Outline, Piece, Table, Tick,
};
use super::quick_action;
use crate::text::Span;

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
            let text = trimmed(self.text, start..self.inline_end.max(start));
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

    fn inline_html(&mut self, range: Range<usize>) {
        let source = self.text.get(range.clone()).unwrap_or_default();
        let Some(tag) = html::next_tag(source, 0) else { return self.inline(Class::Html, range) };
        // `<details>` that folds anything starts a line and so an HTML block; inside a sentence it is a mention.
        if tag.closing || !tag.name.eq_ignore_ascii_case("details") {
            self.tag(&tag, source, range.start);
        }
        self.inline(if tag.comment { Class::Comment } else { Class::Html }, range);
    }

    /// Keeps track of the elements that change how their content reads.
    fn tag(&mut self, tag: &html::Tag<'_>, source: &str, base: usize) {
        let name = tag.name.to_ascii_lowercase();
        let (start, end) = (base + tag.start, base + tag.end);
        match (name.as_str(), tag.closing) {
            ("details", false) => self.details.push(start),
            ("details", true) => {
                if let Some(open) = self.details.pop() {
                    self.out.details.push(Span::new(open, end));
                }
            }
            ("a", false) => {
                let tag_source = source.get(tag.start..tag.end).unwrap_or_default();
                self.anchor = html::attribute(tag_source, "href").map(|(at, target)| OpenLink {
                    start,
                    kind: LinkKind::Html,
                    target: target.to_owned(),
                    target_span: Some(Span::new(start + at, start + at + target.len())),
                    text_start: end,
                });
            }
            ("a", true) => {
                if let Some(link) = self.anchor.take() {
                    let text = trimmed(self.text, link.text_start..start.max(link.text_start));
                    let block = Span::at(self.block_for(&(start..end))).start;
                    self.out.links.push(Link {
                        kind: link.kind,
                        span: Span::new(link.start, end),
                        text,
                        target: link.target,
                        target_span: link.target_span,
                        block,
                    });
                }
            }
            (name, false) if html::OPAQUE.contains(&name) && !source.ends_with("/>") => {
                self.opaque.push(name.to_owned());
            }
            (name, true) if self.opaque.last().is_some_and(|open| open == name) => {
                self.opaque.pop();
            }
            _ => {}
        }
    }

    /// Splits an HTML block into tags, comments and the text between them.
    fn html_block(&mut self) {
        let Some(range) = self.html.take() else { return };
        let source = self.text.get(range.clone()).unwrap_or_default();
        let mut at = 0;
        while at < source.len() {
            let tag = html::next_tag(source, at);
            let text_end = tag.as_ref().map_or(source.len(), |tag| tag.start);
            let words = trimmed(source, at..text_end).shifted(range.start);
            let class = if self.opaque.is_empty() { Class::Text } else { Class::Html };
            self.push(class, words.range());
            let Some(tag) = tag else { break };
            self.tag(&tag, source, range.start);
            let class = if tag.comment { Class::Comment } else { Class::Html };
            self.push(class, range.start + tag.start..range.start + tag.end);
            at = tag.end;
        }
        self.close_block();
    }

    /// Inline elements end with their block, closed or not: a missing end tag must not hide the page.
    fn close_block(&mut self) {
        self.block = None;
        self.opaque.clear();
        self.anchor = None;
    }

    fn finish(mut self) -> Outline {
        let text = self.text;
        for open in std::mem::take(&mut self.details) {
            self.out.details.push(Span::new(open, text.len()));
        }
        let mut out = self.out;
        out.links.sort_by_key(|link| link.span.start);
        fenced_quotes(text, &mut out);
        let masks = mask::masks(text, &|at| {
            let piece = out.piece_at(at)?;
            (!matches!(piece.class, Class::Text | Class::Entity)).then_some(piece.span.end as usize)
        });
        let masks = masks.into_iter().map(|(range, class)| (range.into(), class)).collect();
        carve(&mut out, masks);
        let actions = quick_action::known_lines(text, &out);
        carve(&mut out, actions);
        for heading in &mut out.headings {
            let attributes = out
                .pieces
                .iter()
                .rev()
                .find(|p| p.class == Class::Attribute && p.span.end == heading.text.end);
            if let Some(attributes) = attributes {
                heading.text = trimmed(text, heading.text.start as usize..attributes.span.start as usize);
            }
        }
        out
    }
}

/// Puts masked spans over the pieces below them; text that sticks out on either side stays.
fn carve(out: &mut Outline, masks: Vec<(Span, Class)>) {
    if masks.is_empty() {
        return;
    }
    let mut blocks = vec![u32::MAX; masks.len()];
    let mut pieces = Vec::with_capacity(out.pieces.len() + masks.len());
    let mut first = 0;
    for piece in &out.pieces {
        first += masks[first..].partition_point(|(mask, _)| mask.end <= piece.span.start);
        let mut start = piece.span.start;
        for (index, (mask, _)) in masks.iter().enumerate().skip(first) {
            if mask.start >= piece.span.end {
                break;
            }
            blocks[index] = blocks[index].min(piece.block);
            if start < mask.start {
                pieces.push(Piece { span: Span { start, end: mask.start }, ..*piece });
            }
            start = start.max(mask.end);
        }
        if start < piece.span.end {
            pieces.push(Piece { span: Span { start, end: piece.span.end }, ..*piece });
        }
    }
    let masked = masks.into_iter().zip(blocks);
    pieces.extend(masked.map(|((span, class), block)| Piece { span, class, block, link: false }));
    pieces.sort_by_key(|piece| piece.span);
    out.pieces = pieces;
}

/// GitLab's `>>>` fences: what lies between two of them is a quote.
fn fenced_quotes(text: &str, out: &mut Outline) {
    if !text.contains(">>>") {
        return;
    }
    let mut open = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let words = line.trim_end();
        let fence = words == ">>>" || (words.starts_with(">>> [!") && open.is_none());
        if !fence
            || out.piece_at(start).is_some_and(|piece| matches!(piece.class, Class::Code | Class::Comment))
        {
            continue;
        }
        match open.take() {
            None => open = Some((start, words == ">>>")),
            Some((from, somebody_else)) => {
                let span = Span::new(from, at);
                for block in out.blocks.iter_mut().filter(|block| span.contains(block.span)) {
                    block.top = false;
                    block.quoted |= somebody_else;
                }
                out.fences.push(span);
                if somebody_else {
                    out.quotes.push(span);
                }
            }
        }
    }
}

/// Whether a block quote is an alert, `> [!note]`.
fn is_alert(quote: &str) -> bool {
    let words = quote.trim_start_matches(['>', ' ', '\t']);
    words.strip_prefix("[!").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()))
}

/// Where an item's text starts behind its bullet, and GitLab's `[~]` box, which the parser does not know.
fn item_content(text: &str, range: &Range<usize>) -> (usize, Option<(Span, Tick)>) {
    let source = text.get(range.clone()).unwrap_or_default().trim_start();
    let bullet = source.trim_start_matches(|c: char| c.is_ascii_digit()).get(1..).unwrap_or_default();
    let content = skip_blanks(text, range.end - bullet.len());
    let rest = text.get(content..range.end).unwrap_or_default();
    match rest.strip_prefix("[~]") {
        Some(after) if after.starts_with([' ', '\t']) => {
            (skip_blanks(text, content + 3), Some((Span::new(content, content + 3), Tick::Inapplicable)))
        }
        _ => (content, None),
    }
}

fn skip_blanks(text: &str, from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    from + (rest.len() - rest.trim_start_matches([' ', '\t']).len())
}

/// `range` without the white space at its ends.
fn trimmed(text: &str, range: Range<usize>) -> Span {
    let source = text.get(range.clone()).unwrap_or_default();
    let start = range.start + (source.len() - source.trim_start().len());
    Span::new(start, (range.start + source.trim_end().len()).max(start))
}

/// The span between the emphasis marks at `start` and before `end`.
fn between_marks(text: &str, start: usize, end: usize) -> Span {
    let source = text.get(start..end).unwrap_or_default();
    let inner = source.trim_start_matches(['*', '_', '~']);
    let from = end - inner.len();
    Span::new(from, from + inner.trim_end_matches(['*', '_', '~']).len())
}

/// Where a borrowed string of the parser lies in the text it was borrowed from.
fn borrowed_span(text: &str, part: &CowStr<'_>) -> Option<Span> {
    let CowStr::Borrowed(part) = part else { return None };
    let start = (part.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    (start + part.len() <= text.len() && !part.is_empty()).then(|| Span::new(start, start + part.len()))
}

fn level_number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}
