//! A finding as miette draws it: the message over the lines it is about.

use std::fmt;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, Severity, ThemeCharacters};
use miette::{SourceCode, ThemeStyles};
use textwrap::core::display_width;

use super::layout::Layout;
use super::place::is_in_diff;
use super::source::Source;
use super::window::{Mark, Window};
use super::{Style, plain};
use crate::diagnostic;
use crate::finding::{Checked, Finding, RelatedPlace};

/// Columns of the branch that leads from a mark to its label.
const BRANCH: usize = 4;

/// Columns of a title's line that miette takes itself.
const TITLE: usize = 6;

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
    let window = Window::new(finding, is_in_diff(subject, finding));
    let (marks, mut outside) = window.marks(finding);
    let spans: Vec<_> = marks.iter().map(|mark| mark.span.clone()).collect();
    let room = window.room(&spans, style);
    let layout = Layout::new(&window.text, &spans, room);

    let mut places = Vec::with_capacity(marks.len());
    let mut labels = Vec::with_capacity(marks.len());
    for Mark { span, place } in marks {
        let shown = layout.shown(span.start)..layout.shown(span.end);
        let Some(place) = place else {
            places.push((shown.start, finding.start));
            let text = window.is_cut.then(|| format!("to line {}", last_line(finding)));
            labels.push(LabeledSpan::new_primary_with_span(text, shown));
            continue;
        };
        let text = plain::line(&place.message);
        let is_cut_off = shown.is_empty() && !span.is_empty();
        if !is_cut_off && layout.column_after(&shown) + BRANCH + display_width(&text) <= room.columns {
            places.push((shown.start, place.start));
            labels.push(LabeledSpan::new_with_span(Some(text.into_owned()), shown));
        } else {
            outside.push(place);
        }
    }
    outside.sort_by_key(|place| place.start.byte);
    let path = plain::line(finding.path.as_deref().unwrap_or(&subject.name)).into_owned();
    let source = Source::new(path, layout.text, window.first_line, places);
    let drawing = Drawing { title, severity: severity(finding.severity), source, labels };
    let mut out = String::new();
    handler(&drawing, style).render_report(&mut out, &drawing)?;
    Ok((out, outside))
}

fn last_line(finding: &Finding) -> usize {
    // A span that takes in a line break ends before the first column of the next line.
    if finding.end.column == 1 { finding.end.line.saturating_sub(1) } else { finding.end.line }
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
    // Wrapping what fits anyway takes longer than drawing it.
    let fits = super::fits(&drawing.title, style.width.saturating_sub(TITLE));
    GraphicalReportHandler::new_themed(GraphicalTheme { characters, styles })
        .with_links(false)
        .with_width(style.width)
        .with_wrap_lines(!fits)
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
