//! The form of a list: in a template every box once, open, and under its heading; in a record every box at all.

use super::Checklist;
use super::boxes::{self, NamedBox, State};
use crate::check::{Hit, Sink, View};
use crate::diagnostic::{Edit, Fix};
use crate::document::Document;
use crate::document::field::Presence;
use crate::document::flat::Flat;
use crate::document::outline::Outline;
use crate::remedy::appended;
use crate::text::Span;

impl Checklist {
    /// Reports what is different from the blank list of a template.
    pub(super) fn blank(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let (doc, text) = (view.doc, view.doc.text());
        let Some(outline) = doc.body() else { return };
        let all = boxes::find(text, outline, &self.boxes);
        let Some((heading, found)) = self.section(text, outline, &all) else {
            let end = Span::at(text.len());
            let missing = self.boxes.join(", ");
            let values = [("hit", ""), ("missing", &*missing)];
            let hit = Hit::at(end, &values).variant("heading").fix(self.insertion(doc));
            return sink.report(hit);
        };
        let missing: Vec<_> =
            self.boxes.iter().filter(|name| !found.iter().any(|b| b.name == **name)).collect();
        if !missing.is_empty() {
            let missing = missing.into_iter().map(String::as_str).collect::<Vec<_>>().join(", ");
            let values = [("hit", heading.of(text)), ("missing", &missing)];
            sink.report(Hit::at(heading, &values).variant("missing"));
        }
        for (index, named) in found.iter().enumerate() {
            let values = [("hit", named.span.of(text)), ("name", named.name)];
            let hit = Hit::at(named.span, &values);
            let earlier = found.iter().take(index).find(|other| other.name == named.name);
            match (named.state, earlier) {
                (State::Broken, _) => sink.report(hit.variant("broken").fix(Some(repair(text, named)))),
                (State::Done, _) => {
                    let edits = vec![Edit { span: named.span, text: "[ ]".to_owned() }];
                    let fix = Fix { title: "Clear the box".to_owned(), safe: true, edits };
                    sink.report(hit.variant("ticked").fix(Some(fix)));
                }
                (_, Some(first)) => sink.report(hit.variant("repeated").related(first.span, "the first one")),
                _ => {}
            }
        }
    }

    /// Reports, once, the boxes that a record lacks.
    pub(super) fn present(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let (doc, text) = (view.doc, view.doc.text());
        let found = doc.body().map(|outline| boxes::find(text, outline, &self.boxes)).unwrap_or_default();
        let missing: Vec<_> =
            self.boxes.iter().filter(|name| !found.iter().any(|b| b.name == **name)).collect();
        if missing.is_empty() {
            return;
        }
        let description = doc.field("description");
        if description.presence == Presence::Absent {
            return;
        }
        let place =
            description.first().map_or(description.place, |mark| Span { start: mark.span.end, ..mark.span });
        let missing = missing.into_iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        sink.report(Hit::at(place, &[("hit", ""), ("missing", &missing)]).variant("absent"));
    }

    /// The heading of the list with the boxes below it; of several, the one with most boxes.
    fn section<'n>(
        &self,
        text: &str,
        outline: &Outline,
        all: &[NamedBox<'n>],
    ) -> Option<(Span, Vec<NamedBox<'n>>)> {
        let sections = outline.headings.iter().enumerate().filter_map(|(index, heading)| {
            let words = Flat::new(text, outline, heading.text, true).text;
            let words = words.trim_matches(|c: char| !c.is_alphanumeric());
            self.heading.as_ref().is_none_or(|pattern| pattern.is_match(words)).then(|| {
                let section = Span { start: heading.span.end, end: outline.section_end(index) };
                let inside = all.iter().filter(|named| section.contains(named.span)).copied();
                (heading.span, inside.collect::<Vec<_>>())
            })
        });
        let sections: Vec<_> = sections.collect();
        sections.into_iter().rev().max_by_key(|(_, found)| found.len())
    }

    /// The whole list at the end of the file, before the commands that close it.
    fn insertion(&self, doc: &Document<'_>) -> Option<Fix> {
        let edits = vec![appended(doc, self.insert.as_ref()?.trim_end())];
        Some(Fix { title: "Add the list".to_owned(), safe: true, edits })
    }
}

/// A bullet, an empty box and blanks between, in place of what stands before the name.
fn repair(text: &str, named: &NamedBox<'_>) -> Fix {
    let span = Span { start: named.start, end: named.lead };
    let bullet = text.get(named.start as usize..named.span.start as usize).unwrap_or_default().trim();
    let bullet = if bullet.is_empty() { "-" } else { bullet };
    let edits = vec![Edit { span, text: format!("{bullet} [ ] ") }];
    Fix { title: "Write the box as `[ ]`".to_owned(), safe: true, edits }
}
