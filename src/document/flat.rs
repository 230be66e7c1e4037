//! Text without its markup, with the way back to the source, and the sentence around a place.

use std::borrow::Cow;

use super::outline::{Block, BlockKind, Class, Outline};
use crate::text::Span;

/// The words of a stretch of source without markup; every byte knows where it came from.
#[derive(Debug, Default)]
pub struct Flat {
    /// The words; line breaks are spaces.
    pub text: String,
    /// Start of each run in `text` and in the source, ascending.
    runs: Vec<(usize, usize)>,
}

/// Runs that most stretches come to.
const RUNS: usize = 8;

impl Flat {
    /// The prose of `span`, with the content of code spans where `code` is set.
    pub fn new(source: &str, outline: &Outline, span: Span, code: bool) -> Self {
        let mut flat = Self::default();
        for piece in outline.pieces_over(span) {
            let range = match piece.class {
                Class::Text => {
                    Span { start: piece.span.start.max(span.start), end: piece.span.end.min(span.end) }
                }
                Class::Code if code && span.contains(piece.span) => without_ticks(source, piece.span),
                _ => continue,
            };
            if flat.runs.is_empty() {
                flat.reserve(Span { start: range.start, end: span.end });
            }
            flat.push(source, range);
        }
        flat
    }

    /// The prose of each line of `span`; a line may cut a piece of text.
    pub fn lines(source: &str, outline: &Outline, span: Span) -> Vec<Self> {
        let mut lines = Vec::new();
        let mut at = span.start as usize;
        for line in span.of(source).split_inclusive('\n') {
            let within = Span::new(at, at + line.trim_end().len());
            at += line.len();
            let first = outline.pieces.partition_point(|piece| piece.span.end <= within.start);
            let mut flat = Self::default();
            for piece in outline.pieces.iter().skip(first).take_while(|piece| piece.span.start < within.end) {
                if piece.class == Class::Text {
                    let (start, end) = (piece.span.start.max(within.start), piece.span.end.min(within.end));
                    flat.push(source, Span { start, end });
                }
            }
            lines.push(flat);
        }
        lines
    }

    /// A stretch of text that is no Markdown, such as a title.
    pub fn plain(source: &str, span: Span) -> Self {
        let mut flat = Self::default();
        flat.reserve(span);
        flat.push(source, span);
        flat
    }

    /// Makes room for the words of `span`.
    fn reserve(&mut self, span: Span) {
        self.text.reserve(span.len());
        self.runs.reserve(RUNS);
    }

    /// All of a block's prose.
    pub fn of_block(source: &str, outline: &Outline, block: &Block, code: bool) -> Self {
        Self::new(source, outline, block.span, code)
    }

    fn push(&mut self, source: &str, span: Span) {
        let (mut at, end) = (span.start as usize, span.end as usize);
        if let Some(last_end) = self.runs.last().map(|(text, from)| from + (self.text.len() - text)) {
            let gap = source.get(last_end..at).unwrap_or_default();
            if gap.contains(['\n', '|']) && !self.text.ends_with(' ') {
                self.run(at.saturating_sub(1));
                self.text.push(' ');
            }
        }
        while at < end {
            let rest = source.get(at..end).unwrap_or_default();
            let line = memchr::memchr2(b'\n', b'\r', rest.as_bytes());
            let line = line.and_then(|end| rest.get(..end)).unwrap_or(rest);
            self.run(at);
            self.text.push_str(line);
            at += line.len();
            let blank = source.get(at..end).map_or(0, |rest| rest.len() - rest.trim_start().len());
            if blank > 0 {
                self.run(at);
                self.text.push(' ');
                at += blank;
            } else if line.is_empty() {
                break;
            }
        }
    }

    fn run(&mut self, source: usize) {
        self.runs.push((self.text.len(), source));
    }

    /// The source offset of byte `at` of the text.
    pub fn offset(&self, at: usize) -> usize {
        let run = self.runs.partition_point(|(text, _)| *text <= at).saturating_sub(1);
        self.runs.get(run).map_or(0, |(text, source)| source + (at - text))
    }

    /// The source span of a range of the text.
    pub fn span(&self, range: std::ops::Range<usize>) -> Span {
        let start = self.offset(range.start);
        if range.is_empty() {
            return Span::at(start);
        }
        Span::new(start, (self.offset(range.end - 1) + 1).max(start))
    }

    /// The byte of the text that stands at or after source offset `source`.
    pub fn position(&self, source: usize) -> usize {
        let run = self.runs.partition_point(|(_, from)| *from <= source).saturating_sub(1);
        let next = self.runs.get(run + 1).map_or(self.text.len(), |(text, _)| *text);
        self.runs.get(run).map_or(0, |(text, from)| (text + source.saturating_sub(*from)).min(next))
    }
}

/// The text of [`Flat::new`], which is the source itself where it holds no markup.
pub fn words_of<'t>(source: &'t str, outline: &Outline, span: Span, code: bool) -> Cow<'t, str> {
    let verbatim = span.of(source);
    match outline.pieces_over(span) {
        [piece]
            if piece.class == Class::Text
                && piece.span.contains(span)
                && memchr::memchr2(b'\n', b'\r', verbatim.as_bytes()).is_none() =>
        {
            verbatim.into()
        }
        _ => Flat::new(source, outline, span, code).text.into(),
    }
}

/// The content of a code span between its back-ticks.
pub fn without_ticks(source: &str, span: Span) -> Span {
    let code = span.of(source);
    let inner = code.trim_start_matches('`');
    let start = span.end as usize - inner.len();
    let inner = inner.trim_end_matches('`');
    let blank = inner.len() - inner.trim_start().len();
    let end = start + inner.trim_end().len();
    Span::new((start + blank).min(end), end)
}

/// The range of the sentence of `text` that holds byte `at`.
pub fn sentence(text: &str, at: usize) -> std::ops::Range<usize> {
    sentence_at(&sentence_ends(text, at), text, at)
}

/// Where the sentences of a text end, for whoever asks for many of them.
#[derive(Debug, Default)]
pub struct Sentences(Vec<usize>);

impl Sentences {
    /// The sentences of `text`.
    pub fn new(text: &str) -> Self {
        Self(sentence_ends(text, text.len()))
    }

    /// The range of the sentence of the same `text` that holds byte `at`.
    pub fn at(&self, text: &str, at: usize) -> std::ops::Range<usize> {
        sentence_at(&self.0, text, at)
    }
}

fn sentence_at(ends: &[usize], text: &str, at: usize) -> std::ops::Range<usize> {
    let next = ends.partition_point(|end| *end <= at);
    let start = next.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or_default();
    start..ends.get(next).copied().unwrap_or(text.len())
}

/// The ends of the sentences up to that of the one that holds byte `last`.
fn sentence_ends(text: &str, last: usize) -> Vec<usize> {
    let is_ascii = text.is_ascii();
    let mut ends = Vec::new();
    let mut at = 0;
    while let Some((index, stop)) = next_stop(text, is_ascii, at) {
        let closing = |c: char| matches!(c, '"' | '\'' | ')' | ']' | '”' | '’' | '.' | '!' | '?');
        let rest = text.get(index + stop.len_utf8()..).unwrap_or_default().trim_start_matches(closing);
        let Some(next) = rest.chars().next() else { break };
        let end = text.len() - rest.len();
        at = end;
        let new_sentence =
            !stop.is_ascii() || (next.is_whitespace() && opens(rest) && !abbreviates(text, index));
        if new_sentence {
            ends.push(end);
            if last < end {
                break;
            }
        }
    }
    ends
}

/// The first mark from byte `at` on that may end a sentence, and where it stands.
fn next_stop(text: &str, is_ascii: bool, mut at: usize) -> Option<(usize, char)> {
    // The wide ones start with one of two bytes.
    let stops = |byte: &u8| matches!(byte, b'.' | b'!' | b'?' | 0xe3 | 0xef);
    loop {
        let bytes = text.as_bytes().get(at..)?;
        at += if is_ascii { memchr::memchr3(b'.', b'!', b'?', bytes) } else { bytes.iter().position(stops) }?;
        let here = text.get(at..)?.chars().next()?;
        if matches!(here, '.' | '!' | '?' | '。' | '！' | '？') {
            return Some((at, here));
        }
        at += here.len_utf8();
    }
}

/// A sentence starts with anything but a small letter.
fn opens(rest: &str) -> bool {
    rest.trim_start().chars().next().is_some_and(|c| !c.is_lowercase())
}

/// The stop at `dot` belongs to an abbreviation such as `e.g.` or `vs.`.
fn abbreviates(text: &str, dot: usize) -> bool {
    // No abbreviation is longer than what is looked at.
    let from = (dot.saturating_sub(9)..dot).find(|at| text.is_char_boundary(*at)).unwrap_or(dot);
    let before = text.get(from..dot).unwrap_or_default();
    let word = before.rsplit([' ', '(', '\t']).next().unwrap_or_default();
    matches!(
        word.to_ascii_lowercase().as_str(),
        "e.g" | "i.e" | "vs" | "etc" | "no" | "cf" | "approx" | "incl" | "mr" | "mrs" | "dr"
    ) && !(word == "no" || word == "etc")
}

/// The number of words in `text`; a run of a script without spaces counts one word for every two characters.
pub fn count_words(text: &str) -> usize {
    count_words_to(text, usize::MAX)
}

/// The number of words in `text`, where a number from `enough` on is as good as any higher one.
pub fn count_words_to(text: &str, enough: usize) -> usize {
    if text.is_ascii() { ascii_words(text, enough) } else { words(text).sum() }
}

/// The number of words in a text without letters of other scripts: the same, counted byte by byte.
fn ascii_words(text: &str, enough: usize) -> usize {
    let (mut count, mut counted) = (0, false);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            if !counted {
                count += 1;
                if count >= enough {
                    break;
                }
            }
            counted = true;
        } else if !matches!(byte, b'\'' | b'-' | b'_' | b'.' | b'/') {
            counted = false;
        }
    }
    count
}

/// Whether `text` has `enough` words; looks no further than it has to.
pub fn has_words(text: &str, enough: usize) -> bool {
    enough == 0
        || words(text)
            .scan(0, |sum, words| {
                *sum += words;
                Some(*sum)
            })
            .any(|sum| sum >= enough)
}

fn words(text: &str) -> impl Iterator<Item = usize> {
    text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '’' | '-' | '_' | '.' | '/'))).map(
        |word| {
            let wide = word.chars().filter(|c| is_unspaced(*c)).count();
            let spaced = word.chars().any(|c| c.is_alphanumeric() && !is_unspaced(c));
            wide.div_ceil(2) + usize::from(spaced)
        },
    )
}

/// Letters of the scripts that are written without spaces between words.
pub fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// The block around a place that reads as one unit: the whole table row for a cell, else the block itself.
pub fn unit(outline: &Outline, block: &Block) -> Span {
    match (block.kind, block.row) {
        (BlockKind::Cell, Some((table, row))) => outline
            .tables
            .get(table as usize)
            .and_then(|table| table.rows.get(row as usize))
            .and_then(|row| Some(Span { start: row.first()?.span.start, end: row.last()?.span.end }))
            .unwrap_or(block.span),
        _ => block.span,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_at_stops_but_not_in_abbreviations_or_numbers() {
        let text = "We ship 17.9 e.g. this. See #12! Then more";
        let at = |word: &str| text.find(word).map_or(0, |at| at);
        assert_eq!(&text[sentence(text, at("ship"))], "We ship 17.9 e.g. this.");
        assert_eq!(text[sentence(text, at("#12"))].trim(), "See #12!");
        assert_eq!(text[sentence(text, at("more"))].trim(), "Then more");
    }

    #[test]
    fn words_of_unspaced_scripts_count_by_two_characters() {
        assert_eq!(count_words("Add export of audit events"), 5);
        assert_eq!(count_words("監査イベントを書き出す"), 6);
        assert_eq!(count_words("a-b c/d — (e)"), 3);
    }

    #[test]
    fn words_of_ascii_are_those_of_any_text() {
        for text in ["a-b c/d -- (e)", "it's 1.2./3, -- _x_ ...", "", "- . /", "one\ttwo\nthree|four"] {
            assert_eq!(ascii_words(text, usize::MAX), words(text).sum::<usize>(), "{text:?}");
        }
    }

    #[test]
    fn enough_words_are_as_many_as_are_counted() {
        for (text, enough, has) in [
            ("", 0, true),
            ("", 1, false),
            ("one two", 2, true),
            ("one two", 3, false),
            ("#12 - one.two", 2, true),
        ] {
            assert_eq!(has_words(text, enough), has, "{text:?} {enough}");
            assert_eq!(count_words(text) >= enough, has, "{text:?} {enough}");
        }
    }
}
