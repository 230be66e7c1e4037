//! What an author left of the template: placeholders, sections without a word, boxes that have to be ticked.

use serde::Deserialize;

use super::{Hit, Sink, View};
use crate::document::boilerplate::Boilerplate;
use crate::document::outline::{Class, Outline, Tick};
use crate::pattern::Pattern;
use crate::scan::Need;
use crate::text::Span;

/// What stands in a description as in its template, although it was to be replaced, filled or done.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeftOver {
    /// What is to be replaced.
    #[serde(default)]
    placeholders: Vec<Pattern>,
    /// What opens a text that asks the author for another.
    prompts: Option<Pattern>,
    /// What a box says that has to be ticked.
    required: Option<Pattern>,
}

impl LeftOver {
    /// The values that messages may name.
    pub const VALUES: &'static [&'static str] = &["hit", "template"];

    /// The variants the check may report.
    pub fn variants(&self) -> Vec<&str> {
        vec!["placeholder", "section", "box"]
    }

    /// Nothing of the text tells whether it has a template.
    pub fn need(&self) -> Need {
        Need::Nothing
    }

    /// Reports what is left over of the description's template.
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let (Some(outline), Some(from)) = (view.doc.body(), view.boilerplate) else { return };
        let text = view.doc.text();
        let mut report = |variant: &str, span: Span| {
            let values = [("hit", span.of(text)), ("template", from.template.as_str())];
            sink.report(Hit::at(span, &values).variant(variant));
        };
        for section in self.sections(text, outline, from) {
            report("section", section);
        }
        for span in self.marks(text, outline, from) {
            report("placeholder", span);
        }
        let Some(required) = &self.required else { return };
        for item in &outline.items {
            let Some((tick, Tick::Open)) = item.task else { continue };
            let line = item.span.of(text).lines().next().unwrap_or_default();
            let line = Span::new(tick.start as usize, item.span.start as usize + line.trim_end().len());
            if from.holds(line) && required.is_match(line.of(text)) {
                report("box", line);
            }
        }
    }

    /// The titles of sections that still say only what the template says to their author.
    fn sections(&self, text: &str, outline: &Outline, from: &Boilerplate) -> Vec<Span> {
        let mut found = Vec::new();
        for (at, heading) in outline.headings.iter().enumerate() {
            let next = outline.headings.get(at + 1);
            let end = next.map_or(outline.span.end, |next| next.span.start);
            let body = Span { start: heading.span.end, end: end.max(heading.span.end) };
            let whole = Span { start: heading.span.start, end: body.end };
            let has_parts = next.is_some_and(|next| next.level > heading.level);
            let is_kept = from.holds(trimmed(text, whole));
            if is_kept && !has_parts && self.asks(text, outline, body) {
                found.push(heading.text);
            }
        }
        found
    }

    /// Whether all of `body` is addressed to the author.
    fn asks(&self, text: &str, outline: &Outline, body: Span) -> bool {
        let first = outline.pieces_in(body).iter().find(|piece| piece.class == Class::Text);
        outline.own_to(text, body, 1).is_empty()
            || first
                .zip(self.prompts.as_ref())
                .is_some_and(|(first, prompts)| prompts.is_match(first.span.of(text)))
    }

    /// The placeholders outside of comments and code.
    fn marks(&self, text: &str, outline: &Outline, from: &Boilerplate) -> Vec<Span> {
        let mut found = Vec::new();
        for kept in &from.kept {
            for hit in self.placeholders.iter().flat_map(|pattern| pattern.hits(kept.of(text))) {
                let span = Span::from(hit.range()).shifted(kept.start as usize);
                let class = outline.piece_at(span.start as usize).map(|piece| piece.class);
                if !matches!(class, Some(Class::Comment | Class::Code)) {
                    found.push(span);
                }
            }
        }
        found.sort();
        found.dedup_by(|later, earlier| later.start < earlier.end);
        found
    }
}

/// `span` without the white space at its end.
fn trimmed(text: &str, span: Span) -> Span {
    Span::new(span.start as usize, span.start as usize + span.of(text).trim_end().len())
}
