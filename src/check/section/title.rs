//! The titles of sections: headings, and lines that start in bold, without marks and emoji.

use crate::document::Outline;
use crate::document::flat::Flat;
use crate::document::outline::BlockKind;
use crate::text::Span;

/// The title of a section.
#[derive(Debug)]
pub(in crate::check) struct Title {
    /// Its words, emoji and punctuation at the ends left out.
    pub(in crate::check) words: String,
    /// Where the words stand.
    pub(in crate::check) span: Span,
    /// What it stands above.
    pub(in crate::check) section: Span,
}

/// The headings, in source order.
pub(in crate::check) fn headings(text: &str, outline: &Outline) -> Vec<Title> {
    let heading = |(index, heading): (usize, &crate::document::outline::Heading)| {
        let section = Span { start: heading.span.end, end: outline.section_end(index) };
        title(text, outline, heading.text, section)
    };
    outline.headings.iter().enumerate().map(heading).collect()
}

/// The words of all headings of a text that is no subject.
pub(in crate::check) fn headings_of(markdown: &str) -> Vec<String> {
    headings(markdown, &Outline::of(markdown)).into_iter().map(|title| title.words).collect()
}

/// Bold words at the start of a line, in source order; such a section ends at the next one or at a heading.
pub(in crate::check) fn bold_leads(text: &str, outline: &Outline) -> Vec<Title> {
    let leads: Vec<Span> =
        outline.strong.iter().copied().filter(|strong| leads(text, outline, *strong)).collect();
    let mut starts: Vec<u32> = leads.iter().map(|lead| lead.start).collect();
    starts.extend(outline.headings.iter().map(|heading| heading.span.start));
    starts.sort_unstable();
    let ends = |from: u32| {
        let next = starts.partition_point(|start| *start <= from);
        starts.get(next).copied().unwrap_or(outline.span.end)
    };
    leads
        .iter()
        .map(|lead| title(text, outline, *lead, Span { start: lead.end, end: ends(lead.end).max(lead.end) }))
        .collect()
}

/// Whether nothing but a bullet and marks stands before `strong` on its line.
fn leads(text: &str, outline: &Outline, strong: Span) -> bool {
    let before = text.get(..strong.start as usize).unwrap_or_default();
    // From the end: a line of megabytes is not walked through for each of its bold words.
    let words = before.trim_end_matches(|c: char| c.is_ascii_digit() || "*_-+>.)[]x \t".contains(c));
    if !(words.is_empty() || words.ends_with(['\n', '\r'])) {
        return false;
    }
    let next = outline.blocks.partition_point(|block| block.span.start <= strong.start);
    let block = next.checked_sub(1).and_then(|at| outline.blocks.get(at));
    block.is_some_and(|block| {
        block.span.contains(strong) && matches!(block.kind, BlockKind::Paragraph | BlockKind::ItemText)
    })
}

fn title(text: &str, outline: &Outline, span: Span, section: Span) -> Title {
    let flat = Flat::new(text, outline, span, true);
    let range = plain(&flat.text);
    let words = flat.text.get(range.clone()).unwrap_or_default().replace('’', "'");
    let span = if range.is_empty() { span } else { flat.span(range) };
    Title { words, span, section }
}

/// The part of `words` that is left without emoji, their names (`:map:`) and punctuation at its ends.
fn plain(words: &str) -> std::ops::Range<usize> {
    let mut range = 0..words.len();
    loop {
        let rest = words.get(range.clone()).unwrap_or_default();
        let inner = rest.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, ':' | '(' | ')' | '"'));
        let inner = inner.strip_suffix(':').unwrap_or(inner);
        let lead = inner.as_ptr() as usize - rest.as_ptr() as usize;
        range = range.start + lead..range.start + lead + inner.len();
        if let Some(len) = emoji_name(inner) {
            range.start += len;
        } else if let Some(len) = trailing_emoji_name(inner) {
            range.end -= len;
        } else if inner.len() == rest.len() {
            return range;
        }
    }
}

/// The length of an emoji's name at the start, `:map:`.
fn emoji_name(words: &str) -> Option<usize> {
    let name = words.strip_prefix(':')?.split(':').next()?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+');
    let len = name.len() + 2;
    (!name.is_empty() && name.chars().all(is_name) && words.as_bytes().get(len - 1) == Some(&b':'))
        .then_some(len)
}

/// The length of an emoji's name at the end; its last colon may be cut off already.
fn trailing_emoji_name(words: &str) -> Option<usize> {
    let words = words.strip_suffix(':').unwrap_or(words);
    let (before, name) = words.rsplit_once(':')?;
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-' | '+');
    (before.ends_with(' ') && !name.is_empty() && name.chars().all(is_name))
        .then_some(words.len() - before.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emoji_and_punctuation_at_the_ends_are_no_words() {
        let words = [
            (":map: Prioritization session", "Prioritization session"),
            ("🔍 Refinement:", "Refinement"),
            ("What's next & why?", "What's next & why"),
            (":a::b: Plan (2 years) :tada:", "Plan (2 years)"),
            (" Note: text ", "Note: text"),
            ("🎉", ""),
            ("確認", "確認"),
        ];
        for (heading, plain_words) in words {
            assert_eq!(&heading[plain(heading)], plain_words, "{heading}");
        }
    }
}
