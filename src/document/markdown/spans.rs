//! Spans in the source that the parser's events do not give: contents behind marks, boxes, borrowed strings.

use std::ops::Range;

use pulldown_cmark::{CowStr, HeadingLevel};

use crate::document::outline::Tick;
use crate::text::Span;

/// Whether a block quote is an alert, `> [!note]`.
pub(super) fn is_alert(quote: &str) -> bool {
    let words = quote.trim_start_matches([' ', '\t']);
    let words = words.strip_prefix('>').unwrap_or(words).trim_start_matches([' ', '\t']);
    words.strip_prefix("[!").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()))
}

/// Where an item's text starts behind its bullet, and GitLab's `[~]` box, which the parser does not know.
pub(super) fn item_content(text: &str, range: &Range<usize>) -> (usize, Option<(Span, Tick)>) {
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

pub(super) fn skip_blanks(text: &str, from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    from + (rest.len() - rest.trim_start_matches([' ', '\t']).len())
}

/// `range` without the white space at its ends.
pub(super) fn trimmed(text: &str, range: Range<usize>) -> Span {
    let source = text.get(range.clone()).unwrap_or_default();
    // Cells are filled up with blanks, which are quicker to skip as bytes.
    let start = range.start + (source.len() - source.trim_ascii_start().trim_start().len());
    Span::new(start, (range.start + source.trim_ascii_end().trim_end().len()).max(start))
}

/// The span between the emphasis marks at `start` and before `end`.
pub(super) fn between_marks(text: &str, start: usize, end: usize) -> Span {
    let source = text.get(start..end).unwrap_or_default();
    let inner = source.trim_start_matches(['*', '_', '~']);
    let from = end - inner.len();
    Span::new(from, from + inner.trim_end_matches(['*', '_', '~']).len())
}

/// Where a borrowed string of the parser lies in the text it was borrowed from.
pub(super) fn borrowed_span(text: &str, part: &CowStr<'_>) -> Option<Span> {
    let CowStr::Borrowed(part) = part else { return None };
    let start = (part.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    (start + part.len() <= text.len() && !part.is_empty()).then(|| Span::new(start, start + part.len()))
}

pub(super) fn level_number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

/// `range` without cutting any of `marked` in two: each lies in it, around it or apart from it.
pub(super) fn uncut(mut range: Range<usize>, marked: &[Range<usize>]) -> Range<usize> {
    let cut = |range: &Range<usize>, mark: &Range<usize>| {
        (mark.start < range.start && range.start < mark.end && mark.end < range.end)
            || (range.start < mark.start && mark.start < range.end && range.end < mark.end)
    };
    while let Some(mark) = marked.iter().find(|mark| cut(&range, mark)) {
        range = range.start.min(mark.start)..range.end.max(mark.end);
    }
    range
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alert_is_told_from_a_quote_by_its_first_words() {
        for alert in ["> [!note]\n> Read this.", ">[!WARNING] Mind", " > \t[!tip]"] {
            assert!(is_alert(alert), "{alert}");
        }
        for quote in ["> note", "> [note](x)", "> [!1]", "> ! [!note", "> See [!note]", ">"] {
            assert!(!is_alert(quote), "{quote}");
        }
    }

    #[test]
    fn emphasis_that_reaches_out_of_a_heading_s_text_is_taken_whole() {
        let taken = |marked: &[(usize, usize)]| {
            let marked: Vec<_> = marked.iter().map(|(start, end)| *start..*end).collect();
            uncut(4..8, &marked)
        };
        assert_eq!(taken(&[(3, 5)]), 3..8);
        assert_eq!(taken(&[(7, 9)]), 4..9);
        assert_eq!(taken(&[(3, 5), (7, 9)]), 3..9);
        assert_eq!(taken(&[(2, 4), (3, 5)]), 2..8, "what was apart from the text lies over its new start");
        let within = [(5, 7), (4, 6), (6, 8), (4, 8)];
        let around = [(3, 9), (4, 9), (3, 8)];
        let apart = [(1, 3), (2, 4), (8, 9)];
        for mark in [&within[..], &around, &apart].concat() {
            assert_eq!(taken(&[mark]), 4..8, "{mark:?}");
        }
    }
}
