//! A finding as miette draws it: the message over the lines it is about.

use std::fmt;
use std::ops::Range;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, Severity, ThemeCharacters};
use miette::{SourceCode, ThemeStyles};

use super::layout::{Layout, Room};
use super::source::Source;
use super::{Style, plain};
use crate::diagnostic;
use crate::finding::{Checked, Excerpt, Finding, RelatedPlace};
use crate::text::LineIndex;

/// Lines of a span that are shown; who marks a whole section need not see all of it.
const LINES: usize = 6;

/// What miette is given to draw.
#[derive(Debug)]
struct Drawing {
    title: String,
    severity: Severity,
    source: Source,
    labels: Vec<LabeledSpan>,
}

/// Draws a finding under `title`, and says which related places found no room in the drawing.
pub(super) fn draw<'a>(
    title: String,
    subject: &Checked,
    finding: &'a Finding,
    style: &Style,
) -> Result<(String, Vec<&'a RelatedPlace>), fmt::Error> {
    let (excerpt, is_cut) = cut(finding, finding.path.as_ref().is_some_and(|path| *path != subject.name));
    let (inside, outside): (Vec<_>, Vec<_>) = finding
        .related
        .iter()
        .map(|place| (place, locate(place, finding, &excerpt)))
        .partition(|(_, at)| at.is_some());
    let own = excerpt.span.0..excerpt.span.1;
    let marks: Vec<_> = std::iter::once(own).chain(inside.iter().filter_map(|(_, at)| at.clone())).collect();
    let layout = Layout::new(&excerpt.text, &marks, room(&excerpt, &marks, style));
    let shown: Vec<_> = marks.iter().map(|mark| layout.shown(mark.start)..layout.shown(mark.end)).collect();

    let mut positions = vec![finding.start];
    positions.extend(inside.iter().map(|(place, _)| place.start));
    let places = shown.iter().map(|mark| mark.start).zip(positions).collect();
    let more = is_cut.then(|| format!("and on to line {}", finding.end.line));
    let texts = inside.iter().map(|(place, _)| Some(plain::line(&place.message).into_owned()));
    let labels = std::iter::once(more).chain(texts).zip(&shown).enumerate().map(|(number, (text, mark))| {
        let span = mark.start..mark.end;
        if number == 0 {
            LabeledSpan::new_primary_with_span(text, span)
        } else {
            LabeledSpan::new_with_span(text, span)
        }
    });
    let path = plain::line(finding.path.as_deref().unwrap_or(&subject.name)).into_owned();
    let drawing = Drawing {
        title,
        severity: severity(finding.severity),
        labels: labels.collect(),
        source: Source::new(path, layout.text, excerpt.first_line, places),
    };
    let mut out = String::new();
    handler(&drawing, style).render_report(&mut out, &drawing)?;
    Ok((out, outside.into_iter().map(|(place, _)| place).collect()))
}

/// The excerpt without the lines of an overlong span, and whether there were any. In a diff's finding the lines
/// around are those of the record, whose numbers are not those of the file; so it shows its own line only.
fn cut(finding: &Finding, is_diff: bool) -> (Excerpt, bool) {
    let Excerpt { text, first_line, span: (start, end) } = &finding.excerpt;
    let (start, end) = (boundary(text, *start), boundary(text, *end));
    let end = end.max(start);
    let index = LineIndex::new(text);
    let line = |offset: usize| index.line_of(u32::try_from(offset).unwrap_or(u32::MAX));
    let (first, last) = (line(start), line(end.saturating_sub(1).max(start)));
    let is_cut = last >= first + LINES;
    let last = if is_cut { first + LINES - 1 } else { last };
    let bytes = |number: usize| index.line_span(number, text).range();
    let window = match is_diff {
        true => bytes(first).start..bytes(last).end,
        false if is_cut => 0..bytes(last).end,
        false => 0..text.len(),
    };
    let excerpt = Excerpt {
        text: text.get(window.clone()).unwrap_or_default().to_owned(),
        first_line: if is_diff { finding.start.line } else { *first_line }.max(1),
        span: (start - window.start, end.min(window.end) - window.start),
    };
    (excerpt, is_cut)
}

fn boundary(text: &str, offset: usize) -> usize {
    (0..=offset.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default()
}

/// Where `place` stands in the excerpt, if it is there and no cut lies between it and the finding.
fn locate(place: &RelatedPlace, finding: &Finding, excerpt: &Excerpt) -> Option<Range<usize>> {
    let start = (excerpt.span.0 + place.start.byte).checked_sub(finding.start.byte)?;
    let range = start..start + place.end.byte.checked_sub(place.start.byte)?;
    let index = LineIndex::new(&excerpt.text);
    let line = excerpt.first_line + index.line_of(u32::try_from(start).ok()?);
    (excerpt.text.get(range.clone())? == place.text && line == place.start.line).then_some(range)
}

/// What miette's line numbers and gutters leave of the width.
fn room(excerpt: &Excerpt, marks: &[Range<usize>], style: &Style) -> Room {
    let lines = excerpt.text.lines().count();
    let digits = (excerpt.first_line + lines).to_string().len();
    let text = &excerpt.text;
    let long =
        marks.iter().filter(|mark| text.get((*mark).clone()).is_some_and(|text| text.contains(['\n', '\r'])));
    let gutter = match long.count() {
        0 => 0,
        count => count + 3,
    };
    let columns = style.width.saturating_sub(digits + 4 + gutter + 1).max(8);
    Room { columns, ellipsis: if style.unicode { "…" } else { "..." } }
}

fn severity(severity: diagnostic::Severity) -> Severity {
    match severity {
        diagnostic::Severity::Error => Severity::Error,
        diagnostic::Severity::Warning => Severity::Warning,
        diagnostic::Severity::Info => Severity::Advice,
    }
}

fn handler(drawing: &Drawing, style: &Style) -> GraphicalReportHandler {
    let characters = if style.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() };
    let mut styles = if style.color { ThemeStyles::ansi() } else { ThemeStyles::none() };
    let main = match drawing.severity {
        Severity::Error => styles.error,
        Severity::Warning => styles.warning,
        Severity::Advice => styles.advice,
    };
    // miette colours labels in the order of the text; the finding's own has to have the finding's colour.
    let mut labels: Vec<_> = drawing.labels.iter().collect();
    labels.sort_by_key(|label| label.offset());
    styles.highlights =
        labels.iter().map(|label| if label.primary() { main } else { styles.linum }).collect();
    styles.link = styles.linum;
    GraphicalReportHandler::new_themed(GraphicalTheme { characters, styles })
        .with_links(false)
        .with_width(style.width)
        .with_context_lines(1)
        .without_syntax_highlighting()
}

impl fmt::Display for Drawing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.title)
    }
}

impl std::error::Error for Drawing {}

impl Diagnostic for Drawing {
    fn severity(&self) -> Option<Severity> {
        Some(self.severity)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}
