//! HTML inside of Markdown: the elements that change how their content reads, and the text between tags.

use std::ops::Range;

use super::spans::trimmed;
use super::{Builder, OpenLink};
use crate::document::html;
use crate::document::outline::{Class, Link, LinkKind};
use crate::text::Span;

impl Builder<'_> {
    pub(super) fn inline_html(&mut self, range: Range<usize>) {
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
    pub(super) fn html_block(&mut self) {
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
}
