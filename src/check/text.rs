//! Words or patterns in prose, with what excuses them.

mod fiscal_year;

use serde::Deserialize;

use self::fiscal_year::FiscalYear;
use super::{Hit, Sink, View};
use crate::diagnostic::{Edit, Fix};
use crate::document::Outline;
use crate::document::flat::{Flat, sentence};
use crate::document::outline::{BlockKind, Class, Piece};
use crate::pattern::Pattern;
use crate::scan::Need;
use crate::subject::Role;
use crate::text::Span;

/// Expressions that prose is better without.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// The expression; its group `hit`, where it names one.
    #[serde(rename = "match")]
    pattern: Pattern,
    /// Literals of which a text holds at least one where the pattern matches.
    literals: Vec<String>,
    /// Characters that may not stand right before the expression.
    #[serde(default)]
    not_after: String,
    /// What excuses the expression where one of it stands near.
    #[serde(default)]
    unless: Vec<Pattern>,
    /// How many characters of the same line may lie between the expression and its excuse.
    #[serde(default)]
    window: usize,
    /// What the prose of the subject also has somewhere; without it the expression is not meant.
    beside: Option<Pattern>,
    /// What denies the expression shortly before it in its sentence.
    denied: Option<Denial>,
    /// Only the first expression is reported.
    #[serde(default)]
    once: bool,
    /// What would stand there instead.
    replace: Option<Replace>,
    /// Whether headings are read.
    #[serde(default = "yes")]
    headings: bool,
    /// Whether table cells are read.
    #[serde(default = "yes")]
    cells: bool,
    /// Whether the text of links is read.
    #[serde(default = "yes")]
    link_text: bool,
    /// Whether quotes of somebody else's words are read.
    #[serde(default = "yes")]
    quotes: bool,
    /// Whether titles of records are read.
    #[serde(default = "yes")]
    titles: bool,
}

/// Words that deny what follows.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Denial {
    by: Pattern,
    /// How many words before the expression are read.
    within: usize,
}

/// How a replacement is worked out.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Replace {
    /// By the calendar months of a fiscal year.
    FiscalYear(FiscalYear),
}

/// Bytes that an excuse may take, and a neighbouring expression that it may belong to.
const LONGEST_EXCUSE: usize = 64;

fn yes() -> bool {
    true
}

impl Text {
    /// The values that messages may name.
    pub const VALUES: &'static [&'static str] = &["hit", "replacement"];

    /// The variants the check may report.
    pub fn variants(&self) -> Vec<&str> {
        Vec::new()
    }

    /// What a text must contain.
    pub fn need(&self) -> Need {
        Need::Any(self.literals.clone())
    }

    /// Finds the expressions of all prose.
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let titles = view.doc.titles().into_iter().filter(|_| self.titles).map(|title| (title, None));
        let outlines = || view.doc.outlines().iter().filter(|outline| outline.role != Role::Note);
        let prose = outlines().flat_map(|outline| {
            let read = outline.prose().filter(|piece| self.reads(outline, piece));
            read.map(move |piece| (piece.span, Some(outline)))
        });
        let stretches: Vec<(Span, Option<&Outline>)> = titles.chain(prose).collect();
        let text = view.doc.text();
        let meant = |beside: &Pattern| stretches.iter().any(|(stretch, _)| beside.is_match(stretch.of(text)));
        if !self.beside.as_ref().is_none_or(meant) {
            return;
        }
        for (stretch, outline) in stretches {
            if self.scan(view, stretch, outline, sink) && self.once {
                return;
            }
        }
    }

    fn reads(&self, outline: &Outline, piece: &Piece) -> bool {
        let kind = outline.block_of(piece).map(|block| block.kind);
        (self.headings || kind != Some(BlockKind::Heading))
            && (self.cells || kind != Some(BlockKind::Cell))
            && (self.link_text || !piece.link)
            && (self.quotes || !outline.is_quoted(piece.span.start))
    }

    /// Reports the expressions in `stretch`, and says whether there was one; a title has no outline.
    fn scan(&self, view: View<'_>, stretch: Span, outline: Option<&Outline>, sink: &mut Sink<'_>) -> bool {
        let text = view.doc.text();
        let mut reported = false;
        for found in self.pattern.hits(stretch.of(text)) {
            let span = Span::from(found.range()).shifted(stretch.start as usize);
            if (reported && self.once)
                || !self.stands_alone(text, span, outline)
                || self.is_excused(view, span, outline)
                || self.denied.as_ref().is_some_and(|denial| denial.denies(text, span, stretch, outline))
            {
                continue;
            }
            reported = true;
            let hit = span.of(text);
            let replacement = match &self.replace {
                Some(Replace::FiscalYear(year)) => year.calendar(hit),
                None => None,
            };
            let values = [("hit", hit), ("replacement", replacement.as_deref().unwrap_or_default())];
            let fix = replacement.as_ref().filter(|_| !opens_range(text, span)).map(|replacement| Fix {
                title: format!("Write `{replacement}`"),
                safe: false,
                edits: vec![Edit { span, text: replacement.clone() }],
            });
            sink.report(Hit::at(span, &values).fix(fix));
        }
        reported
    }

    /// Whether nothing is glued to the expression: no listed character, no file extension, no code, URL or shortcode.
    fn stands_alone(&self, text: &str, span: Span, outline: Option<&Outline>) -> bool {
        let before = text.get(..span.start as usize).and_then(|before| before.chars().next_back());
        let mut after = text.get(span.end as usize..).unwrap_or_default().chars();
        let extension = after.next() == Some('.') && after.next().is_some_and(|c| c.is_ascii_alphanumeric());
        let glued = |piece: &Piece| {
            (piece.span.end == span.start || piece.span.start == span.end)
                && matches!(piece.class, Class::Code | Class::Shortcode | Class::Url)
        };
        let at = |offset: u32| outline.and_then(|outline| outline.piece_at(offset as usize));
        !before.is_some_and(|c| self.not_after.contains(c))
            && !extension
            && !span.start.checked_sub(1).and_then(at).is_some_and(glued)
            && !at(span.end).is_some_and(glued)
    }

    /// The lines of the expression as far as an excuse can reach: a line of megabytes is not read for each expression.
    fn nearby(&self, view: View<'_>, span: Span) -> Span {
        let (text, lines) = (view.doc.text(), view.doc.lines());
        let first = lines.line_span(lines.line_of(span.start), text).range();
        let last = lines.line_span(lines.line_of(span.end.saturating_sub(1)), text).range();
        let reach = LONGEST_EXCUSE + 4 * self.window;
        let from = floor(text, first.start.max((span.start as usize).saturating_sub(reach)));
        Span::new(from, floor(text, last.end.min(span.end as usize + reach)))
    }

    /// Whether an excuse that a reader sees stands near on the same line, outside of every other expression.
    fn is_excused(&self, view: View<'_>, span: Span, outline: Option<&Outline>) -> bool {
        if self.unless.is_empty() {
            return false;
        }
        let text = view.doc.text();
        let line = self.nearby(view, span);
        let placed = |range| Span::from(range).shifted(line.start as usize);
        let expressions: Vec<Span> =
            self.pattern.hits(line.of(text)).into_iter().map(|found| placed(found.range())).collect();
        let seen = |at: Span| {
            let piece = outline.map(|outline| outline.piece_at(at.start as usize));
            piece.is_none_or(|piece| piece.is_some_and(|p| matches!(p.class, Class::Text | Class::Code)))
        };
        let excuses = self.unless.iter().flat_map(|unless| unless.hits(line.of(text)));
        excuses.map(|found| placed(found.range())).any(|excuse| {
            !expressions.iter().chain([&span]).any(|own| own.start < excuse.end && excuse.start < own.end)
                && seen(excuse)
                && distance(text, span, excuse) <= self.window
        })
    }
}

impl Denial {
    /// Whether the words before `span` in its sentence deny it; a title is the `stretch` itself.
    fn denies(&self, text: &str, span: Span, stretch: Span, outline: Option<&Outline>) -> bool {
        let block = outline.and_then(|outline| outline.block_of(outline.piece_at(span.start as usize)?));
        let flat = match outline.zip(block) {
            Some((outline, block)) => Flat::of_block(text, outline, block, true),
            None => Flat::plain(text, stretch),
        };
        let at = flat.position(span.start as usize);
        let before = flat.text.get(sentence(&flat.text, at).start..at).unwrap_or_default();
        let words: Vec<_> = before.split_whitespace().collect();
        let near = words.get(words.len().saturating_sub(self.within)..).unwrap_or_default();
        self.by.is_match(&near.join(" "))
    }
}

/// `offset`, or the start of the character it lies in.
fn floor(text: &str, mut offset: usize) -> usize {
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// The characters between two spans that do not overlap.
fn distance(text: &str, one: Span, other: Span) -> usize {
    let (from, to) = if one.start < other.start { (one.end, other.start) } else { (other.end, one.start) };
    text.get(from as usize..to as usize).map_or(usize::MAX, |gap| gap.chars().count())
}

/// Whether the expression is the first half of a range, which an edit of this half alone would break.
fn opens_range(text: &str, span: Span) -> bool {
    text.get(span.end as usize..).is_some_and(|rest| rest.starts_with(['-', '/', '–', '—', '+', '&']))
}
