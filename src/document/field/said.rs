//! Fields that the main text makes: its headings, its words, what a reader sees, and what it refers to.

use std::sync::LazyLock;

use regex::Regex;

use super::{Field, Mark, Presence};
use crate::document::Document;
use crate::document::flat::{Flat, words_of};
use crate::document::outline::Class;
use crate::text::Span;

impl Document<'_> {
    /// The texts of the headings, where there is a text that could have some.
    pub(super) fn headings(&self) -> Field<'_> {
        let description = self.description();
        let Some(outline) = self.body().filter(|_| description.presence == Presence::Set) else {
            return description;
        };
        let text = |span: Span| words_of(self.text(), outline, span, true);
        let headings = outline.headings.iter();
        let values = headings.map(|heading| Mark { text: text(heading.text), span: heading.text });
        Field::new(description.place, values.collect())
    }

    /// The author's own words: no comments, no URLs, no markup.
    pub(super) fn prose(&self) -> Field<'_> {
        let description = self.description();
        let Some(outline) = self.body().filter(|_| description.presence == Presence::Set) else {
            return description;
        };
        let text = |block| Flat::of_block(self.text(), outline, block, true).text;
        let blocks: Vec<String> = outline.blocks.iter().map(text).collect();
        let value = Mark { text: blocks.join("\n").into(), span: description.place };
        Field::new(description.place, vec![value])
    }

    /// The main text as it is written, without what a reader does not see as text: comments and code.
    pub(super) fn visible(&self) -> Field<'_> {
        let description = self.description();
        let Some(outline) = self.body().filter(|_| description.presence == Presence::Set) else {
            return description;
        };
        let mut text = String::new();
        let mut at = outline.span.start;
        for hidden in outline.pieces.iter().filter(|p| matches!(p.class, Class::Comment | Class::Code)) {
            text.push_str(self.text().get(at as usize..hidden.span.start as usize).unwrap_or_default());
            text.push(' ');
            at = hidden.span.end;
        }
        text.push_str(self.text().get(at as usize..outline.span.end as usize).unwrap_or_default());
        Field::new(description.place, vec![Mark { text: text.into(), span: description.place }])
    }

    /// The full references to issues and epics in the main text, also those written as URLs: `group/project#12`.
    pub(super) fn references(&self) -> Field<'_> {
        let visible = self.visible();
        let Some(text) = visible.first().map(|mark| mark.text.clone()) else { return visible };
        let values = full_references(&text).into_iter();
        let values = values.map(|reference| Mark { text: reference.into(), span: visible.place });
        Field::new(visible.place, values.collect())
    }
}

/// `group/project#12` and `group&3`, in short or as a URL.
pub fn full_references(text: &str) -> Vec<String> {
    static PATTERN: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let url = r"https?://[^\s/]+/(?:groups/)?([\w./-]*?\w)(?:/-)?/(issues|work_items|epics)/([0-9]+)";
        Regex::new(&format!(r"{url}|(?:^|[\s(\[,;:>|*])([\w.-]+(?:(?:/[\w.-]+)+#|(?:/[\w.-]+)*&)[0-9]+)"))
            .ok()
    });
    let captures = PATTERN.as_ref().into_iter().flat_map(|pattern| pattern.captures_iter(text));
    let written = captures.filter_map(|found| match found.get(4) {
        Some(short) => Some(short.as_str().to_owned()),
        None => {
            let sigil = if found.get(2)?.as_str() == "epics" { '&' } else { '#' };
            Some(format!("{}{sigil}{}", found.get(1)?.as_str(), found.get(3)?.as_str()))
        }
    });
    written.collect()
}
