//! The words that say when a page was reviewed, with the date behind, beside or below them.

use std::sync::OnceLock;

use serde::Deserialize;

use super::rendered::{INSERTED, Rendered, is_remark};
use crate::document::Outline;
use crate::document::outline::{Block, BlockKind, Class};
use crate::pattern::{Pattern, alternation};
use crate::text::Span;

/// A marker with its date.
#[derive(Debug)]
pub(super) struct Marker {
    /// The words, with the `on` that may follow them.
    pub(super) words: Span,
    /// How the words are spelt.
    pub(super) spelling: String,
    /// The date as a reader sees it; `None` where a shortcode inserts it.
    pub(super) date: Option<String>,
    /// Where the date stands.
    pub(super) date_span: Span,
    /// The words start their line or cell.
    pub(super) leads: bool,
}

impl Marker {
    /// Words and date.
    pub(super) fn span(&self) -> Span {
        Span {
            start: self.words.start.min(self.date_span.start),
            end: self.words.end.max(self.date_span.end),
        }
    }
}

/// The accepted words before a date.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(super) struct Spellings {
    words: Vec<String>,
    #[serde(skip)]
    patterns: OnceLock<Option<Patterns>>,
}

#[derive(Debug)]
struct Patterns {
    /// The words with something that looks like a date.
    dated: Pattern,
    /// The words in the header of an HTML table, with the first date below them.
    headed: Pattern,
    /// The words at the start of a line, with one other word behind a colon.
    labelled: Pattern,
}

const MONTH: &str = "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|\
                     oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";

impl Spellings {
    fn patterns(&self) -> Option<&Patterns> {
        let compile = || {
            let words =
                format!(r"(?-u:\b)(?<spelling>{})(?:\s+date)?(?:\s+on)?(?-u:\b)", alternation(&self.words));
            let day = r"\d{1,2}(?:st|nd|rd|th)?(?-u:\b)";
            let dates = [
                format!(r"{INSERTED}"),
                format!(r"(?:[a-z]{{3,9}},?\s+)?{day}\s+(?:of\s+)?{MONTH}\.?,?\s+\d{{4}}"),
                format!(
                    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+)?{MONTH}(?-u:\b)\.?\s+{day}(?:,?\s+\d{{4}}(?-u:\b))?"
                ),
                format!(r"{MONTH}(?-u:\b)\.?,?\s+['’]?\d{{2,4}}(?-u:\b)"),
                r"\d{4}\s?年\s?\d{1,2}\s?月(?:\s?\d{1,2}\s?日)?".to_owned(),
                r"(?:Q[1-4][\s-]*)?FY\s?\d{2,4}(?:[\s-]?Q[1-4])?(?-u:\b)".to_owned(),
                r"Q[1-4][\s-]+\d{4}(?-u:\b)".to_owned(),
                // What hangs on a date, such as a time, belongs to it and makes it invalid.
                r"\d{4}[-/–—][0-9a-z][0-9a-z:+./–—-]*(?-u:\b)".to_owned(),
                r"\d{1,2}[-/–—](?:\d{1,2}|[a-z]{3,9})[-/–—]\d{2,4}(?-u:\b)".to_owned(),
                r"\d{1,2}[-/–—]\d{4}(?-u:\b)".to_owned(),
                r"\d{1,2}\.\d{1,2}\.\d{2,4}(?-u:\b)".to_owned(),
                r"\d{4}\.\d{1,2}\.\d{1,2}(?-u:\b)".to_owned(),
                r"(?:19|20)\d{2}(?:\d{4})?(?-u:\b)".to_owned(),
            ];
            let dated = format!(
                r#"(?i)(?<words>{words})(?:\s*[:：|=]|\s+[-–—])?\s*[(\["“]?(?<date>{})"#,
                dates.join("|")
            );
            let headed =
                format!(r"(?i)(?<words>{words})\s(?s:.){{0,300}}?(?-u:\b)(?<date>{})", dates.join("|"));
            let labelled = format!(r"(?im)^[\s|]*(?<words>{words})\s*[:：|]\s*(?<date>[^\s|]+)[\s|]*$");
            Some(Patterns {
                dated: Pattern::new(&dated).ok()?,
                headed: Pattern::new(&headed).ok()?,
                labelled: Pattern::new(&labelled).ok()?,
            })
        };
        self.patterns.get_or_init(compile).as_ref()
    }
}

/// The first marker of `outline`; one with a date is preferred to one with another word in its place.
pub(super) fn find(source: &str, outline: &Outline, accept: &Spellings, canonical: &str) -> Option<Marker> {
    let patterns = accept.patterns()?;
    let stretches: Vec<_> =
        outline.blocks.iter().flat_map(|block| stretches(source, outline, block)).collect();
    let first = |pattern: &Pattern, html_tables: bool| {
        stretches.iter().filter(|stretch| stretch.html_table || !html_tables).find_map(|stretch| {
            marker(pattern, &stretch.rendered).filter(|marker| {
                // A column of dates in a longer table is about its rows, unless its header says otherwise.
                !stretch.of_many || marker.spelling.eq_ignore_ascii_case(canonical)
            })
        })
    };
    first(&patterns.dated, false)
        .or_else(|| first(&patterns.headed, true))
        .or_else(|| inserted(source, outline, accept))
        .or_else(|| first(&patterns.labelled, false))
}

/// A block, or a label cell with the cell that holds its value.
struct Stretch {
    rendered: Rendered,
    /// It is a header with the first of several rows below it.
    of_many: bool,
    /// It is an HTML table with a header.
    html_table: bool,
}

fn stretches(source: &str, outline: &Outline, block: &Block) -> Vec<Stretch> {
    let mut own = Rendered::default();
    own.push(source, outline, block.span);
    let html_table = block.kind == BlockKind::Html && block.span.of(source).contains("<th");
    let one = |rendered| Stretch { rendered, of_many: false, html_table };
    let Some((table, row)) = block.row.filter(|_| block.kind == BlockKind::Cell) else {
        return if block.kind == BlockKind::Code { Vec::new() } else { vec![one(own)] };
    };
    let mut all = vec![one(own)];
    let Some(rows) = outline.tables.get(table as usize).map(|table| &table.rows) else { return all };
    let Some(cells) = rows.get(row as usize) else { return all };
    let Some(column) = cells.iter().position(|cell| cell.span == block.span) else { return all };
    let pair = |value: Span| {
        let mut rendered = Rendered::default();
        rendered.push(source, outline, block.span);
        rendered.border(block.span.end);
        rendered.push(source, outline, value);
        rendered
    };
    all.extend(cells.get(column + 1).map(|cell| one(pair(cell.span))));
    if row == 0 {
        let below = rows.get(1).and_then(|below| below.get(column));
        all.extend(below.map(|cell| Stretch {
            rendered: pair(cell.span),
            of_many: rows.len() > 2,
            html_table,
        }));
    }
    all
}

fn marker(pattern: &Pattern, rendered: &Rendered) -> Option<Marker> {
    let found = pattern.captures(&rendered.text)?;
    let (words, date) = (found.name("words")?, found.name("date")?);
    let line = rendered.text.get(..words.start())?.rsplit('\n').next().unwrap_or_default();
    Some(Marker {
        words: rendered.span(words.range()),
        spelling: found.name("spelling")?.as_str().split_whitespace().collect::<Vec<_>>().join(" "),
        date: (!date.as_str().starts_with(INSERTED)).then(|| date.as_str().to_owned()),
        date_span: rendered.span(date.range()),
        leads: line.trim_matches(['|', ' ', '\t', '\r']).is_empty(),
    })
}

/// A shortcode or partial that brings words and date, as its name says.
fn inserted(source: &str, outline: &Outline, accept: &Spellings) -> Option<Marker> {
    let tags = outline.pieces.iter().filter(|piece| piece.class == Class::Shortcode);
    tags.map(|piece| piece.span).find_map(|span| {
        let tag = span.of(source);
        let name = tag.to_ascii_lowercase().replace(['_', '-'], " ");
        let named = accept.words.iter().any(|words| name.contains(&words.to_ascii_lowercase()));
        (named && !is_remark(tag)).then(|| Marker {
            words: span,
            spelling: String::new(),
            date: None,
            date_span: span,
            leads: false,
        })
    })
}
