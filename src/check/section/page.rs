//! What a page says about itself outside of its sections.

use crate::check::View;
use crate::document::Outline;
use crate::document::flat::Flat;
use crate::document::outline::Class;
use crate::pattern::Pattern;
use crate::text::Span;

/// The title of the front matter, else the text of the first heading, else the start of the text.
pub(super) fn title(view: View<'_>, outline: &Outline) -> Span {
    let front = view.doc.node().and_then(|node| node.get("title"));
    let front = front.filter(|title| title.as_str().is_some_and(|title| !title.trim().is_empty()));
    let heading = || outline.headings.iter().map(|heading| heading.text).find(|text| !text.is_empty());
    front.map(|title| title.span).or_else(heading).unwrap_or(Span::at(outline.span.start as usize))
}

/// Whether a row of a table starts with a cell that matches `pattern`.
pub(super) fn has_row(text: &str, outline: &Outline, pattern: &Pattern) -> bool {
    let rows = outline.tables.iter().flat_map(|table| &table.rows);
    rows.filter_map(|row| row.first())
        .any(|cell| pattern.is_match(Flat::new(text, outline, cell.span, true).text.trim()))
}

/// The names of the partials that the page includes, as words.
pub(super) fn partials(text: &str, outline: &Outline) -> Vec<String> {
    let tags = outline.pieces.iter().filter(|piece| piece.class == Class::Shortcode);
    let includes = tags.map(|tag| tag.span.of(text)).filter(|tag| {
        ["partial", "include", "render", "content_from_file"].iter().any(|word| tag.contains(word))
    });
    includes
        .flat_map(|tag| tag.split(['"', '\'']).skip(1).step_by(2))
        .map(|path| path.rsplit('/').next().unwrap_or_default())
        .map(|file| file.split('.').next().unwrap_or_default().replace(['_', '-'], " ").trim().to_owned())
        .collect()
}
