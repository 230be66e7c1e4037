//! Mails that offer an appointment.

use serde::Deserialize;

use crate::check::{Hit, Sink};
use crate::document::outline::Outline;
use crate::pattern::Pattern;
use crate::text::Span;

/// What such a mail looks like and what it covers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Email {
    /// The address of the calendar.
    #[serde(rename = "match")]
    pattern: Pattern,
    /// What says that a text which is no quote is about such mails.
    about: Pattern,
    /// The points, by name.
    points: Vec<Point>,
}

/// A point that a mail covers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Point {
    name: String,
    #[serde(rename = "match")]
    pattern: Pattern,
}

impl Email {
    /// Whether `text` holds the address of a calendar.
    pub(super) fn may_offer(&self, text: &str) -> bool {
        self.pattern.is_match(text)
    }

    /// Reports the addresses of mails that leave a point out. A mail is a whole quote; elsewhere a section is read as
    /// one where the text is `about` such mails or `copies` a question.
    pub(super) fn check(&self, text: &str, outline: &Outline, copies: bool, sink: &mut Sink<'_>) {
        let source = outline.span.of(text);
        let about = copies || self.about.is_match(source);
        for found in self.pattern.hits(source) {
            let span = Span::from(found.range()).shifted(outline.span.start as usize);
            let quote = outline.quotes.iter().find(|quote| quote.contains(span));
            let Some(mail) = quote.copied().or_else(|| about.then(|| section(outline, span))) else {
                continue;
            };
            let left_out = self.points.iter().filter(|point| !point.pattern.is_match(mail.of(text)));
            let names: Vec<&str> = left_out.map(|point| point.name.as_str()).collect();
            if !names.is_empty() {
                let values = [("hit", span.of(text)), ("missing", &*names.join(", "))];
                sink.report(Hit::at(span, &values).variant("email"));
            }
        }
    }
}

/// From the heading before `span` to the next one.
fn section(outline: &Outline, span: Span) -> Span {
    let next = outline.headings.partition_point(|heading| heading.span.start <= span.start);
    let start = next.checked_sub(1).and_then(|at| outline.headings.get(at)).map(|heading| heading.span.end);
    let end = outline.headings.get(next).map(|heading| heading.span.start);
    Span { start: start.unwrap_or(outline.span.start), end: end.unwrap_or(outline.span.end) }
}
