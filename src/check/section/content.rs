//! What a section holds besides its heading: words, links, or nothing that a reader could use.

use crate::document::Outline;
use crate::document::flat::Flat;
use crate::document::outline::{BlockKind, Class, LinkKind};
use crate::text::Span;

/// Whether `section` holds more than headings, comments and `empty_words`.
pub(in crate::check) fn is_filled(
    text: &str,
    outline: &Outline,
    section: Span,
    empty_words: &[String],
) -> bool {
    let shows = |class: Class, span: Span| match class {
        Class::Code | Class::Target | Class::Url | Class::Math | Class::Shortcode => true,
        Class::Html => span.of(text).contains(" src="),
        _ => false,
    };
    outline.pieces_in(section).iter().any(|piece| {
        let heading = outline.block_of(piece).is_some_and(|block| block.kind == BlockKind::Heading);
        !heading && shows(piece.class, piece.span)
    }) || outline.blocks.iter().any(|block| {
        block.kind != BlockKind::Heading
            && block.span.start < section.end
            && section.start < block.span.end
            && says_something(&Flat::new(text, outline, within(block.span, section), true).text, empty_words)
    })
}

fn within(span: Span, section: Span) -> Span {
    let start = span.start.max(section.start);
    Span { start, end: span.end.min(section.end).max(start) }
}

fn says_something(words: &str, empty_words: &[String]) -> bool {
    let words = words.trim_matches(|c: char| !c.is_alphanumeric());
    !words.is_empty() && !empty_words.iter().any(|empty| empty.eq_ignore_ascii_case(words))
}

/// The targets of links and bare URLs in `section`, each with the text that a reader sees, in source order.
pub(in crate::check) fn links<'o>(
    text: &'o str,
    outline: &'o Outline,
    section: Span,
) -> Vec<(&'o str, Span)> {
    let inside = |span: Span| section.contains(span);
    let written = outline.links.iter().filter(|link| link.kind != LinkKind::Image && inside(link.span));
    let mut all: Vec<(&str, Span)> = written
        .map(|link| {
            let shown =
                if link.kind == LinkKind::Autolink { without_brackets(text, link.span) } else { link.text };
            (link.target.as_str(), shown)
        })
        .collect();
    let urls = outline.pieces.iter().filter(|piece| piece.class == Class::Url && inside(piece.span));
    let bare = urls.filter(|url| {
        !outline.links.iter().any(|link| link.span.contains(url.span)) && !is_defined(text, url.span)
    });
    all.extend(bare.map(|url| (url.span.of(text), url.span)));
    all.sort_by_key(|(_, span)| *span);
    all
}

/// Whether the URL is the target of a link reference definition, `[name]: url`.
fn is_defined(text: &str, url: Span) -> bool {
    let before = text.get(..url.start as usize).unwrap_or_default();
    let line = before.rsplit(['\n', '\r']).next().unwrap_or_default().trim();
    line.starts_with('[') && line.trim_end_matches(['<', ' ']).ends_with("]:")
}

fn without_brackets(text: &str, span: Span) -> Span {
    let bracketed = span.of(text).starts_with('<') && span.of(text).ends_with('>');
    if bracketed { Span { start: span.start + 1, end: span.end - 1 } } else { span }
}

/// Whether a tag in `section` writes something that is not known here.
pub(in crate::check) fn is_generated(outline: &Outline, section: Span) -> bool {
    outline.pieces_in(section).iter().any(|piece| piece.class == Class::Shortcode)
}
