//! Lines, headings, cells, bold words and brackets that consist of one phrase and so say something about the whole text.

use serde::Deserialize;

use crate::check::{Hit, Sink};
use crate::document::Outline;
use crate::document::flat::Flat;
use crate::document::outline::{BlockKind, Tick};
use crate::scan::Need;
use crate::text::Span;

/// The phrases.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Statement {
    /// In any letter case.
    phrases: Vec<String>,
}

impl Statement {
    /// What a text must contain: the longest word of a phrase, since blanks between words may be line breaks.
    pub(super) fn need(&self) -> Need {
        let word =
            |phrase: &String| phrase.split(' ').max_by_key(|word| word.len()).unwrap_or_default().to_owned();
        Need::Any(self.phrases.iter().map(word).collect())
    }

    /// Reports the statements of a part.
    pub(super) fn check(&self, text: &str, outline: &Outline, sink: &mut Sink<'_>) {
        let mut found = Vec::new();
        for block in outline.blocks.iter().filter(|block| block.kind != BlockKind::Code) {
            for line in Flat::lines(text, outline, block.span) {
                found.extend(self.whole(&line, 0..line.text.len()));
                let alone =
                    brackets(&line.text).into_iter().filter(|range| !is_remark(outline, &line, range));
                found.extend(alone.filter_map(|range| self.whole(&line, range)));
            }
        }
        for strong in &outline.strong {
            let flat = Flat::new(text, outline, *strong, false);
            found.extend(self.whole(&flat, 0..flat.text.len()));
        }
        found.retain(|span| !is_no_statement(outline, *span));
        report(text, found, sink);
    }

    /// Reports the statements of a title.
    pub(super) fn title(&self, text: &str, title: Span, sink: &mut Sink<'_>) {
        let flat = Flat::plain(text, title);
        let ranges = std::iter::once(0..flat.text.len()).chain(brackets(&flat.text));
        report(text, ranges.filter_map(|range| self.whole(&flat, range)).collect(), sink);
    }

    /// The phrase that `range` of `flat` consists of, punctuation and emoji left out.
    fn whole(&self, flat: &Flat, range: std::ops::Range<usize>) -> Option<Span> {
        let words = flat.text.get(range.clone())?;
        let alert = words.trim_start().strip_prefix("[!").and_then(|rest| rest.split_once(']'));
        let words = alert.map_or(words, |(_, rest)| rest);
        let inner = words.trim_matches(|c: char| !c.is_alphanumeric());
        let plain = inner.split_whitespace().collect::<Vec<_>>().join(" ");
        let known = self.phrases.iter().any(|phrase| phrase.to_lowercase() == plain.to_lowercase());
        let start = inner.as_ptr() as usize - flat.text.as_ptr() as usize;
        known.then(|| flat.span(start..start + inner.len()))
    }
}

/// Words of an open task or that are struck out state nothing, and those of a link are about its target.
pub(super) fn is_no_statement(outline: &Outline, span: Span) -> bool {
    let open = |item: &&crate::document::outline::Item| item.task.is_some_and(|(_, tick)| tick != Tick::Done);
    let innermost = outline.items.iter().rfind(|item| item.span.contains(span));
    innermost.as_ref().is_some_and(open)
        || outline.struck.iter().any(|struck| struck.contains(span))
        || outline.links.iter().any(|link| link.span.contains(span))
}

/// Whether the brackets around `range` are a remark on what stands before them: a link, or the middle of a sentence.
fn is_remark(outline: &Outline, line: &Flat, range: &std::ops::Range<usize>) -> bool {
    let before = line.text.get(..range.start).unwrap_or_default();
    let before = before.trim_end_matches(['(', '[', '（', '【', '［', ' ']);
    let after =
        line.text.get(range.end..).unwrap_or_default().trim_start_matches([')', ']', '）', '】', '］', ' ']);
    let ends = after.is_empty() || after.starts_with(['.', ':', '!', '。', '：']);
    let last = before.char_indices().next_back().map(|(at, _)| line.span(at..before.len()));
    last.is_some_and(|last| !ends || outline.links.iter().any(|link| link.span.contains(last)))
}

/// What stands between brackets, innermost pairs only.
fn brackets(words: &str) -> Vec<std::ops::Range<usize>> {
    let mut ranges = Vec::new();
    let mut open = None;
    for (at, c) in words.char_indices() {
        match c {
            '(' | '[' | '（' | '【' | '［' => open = Some(at + c.len_utf8()),
            ')' | ']' | '）' | '】' | '］' => ranges.extend(open.take().map(|start| start..at)),
            _ => {}
        }
    }
    ranges
}

fn report(text: &str, mut found: Vec<Span>, sink: &mut Sink<'_>) {
    found.sort();
    found.dedup();
    for span in found {
        sink.report(Hit::at(span, &[("hit", span.of(text))]));
    }
}
