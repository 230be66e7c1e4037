//! What an author was to fill in before the quick action runs.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::effective;
use crate::check::{Hit, Sink, View};
use crate::document::Document;
use crate::document::outline::Class;
use crate::document::quick_action::QuickLine;
use crate::document::quick_action::arguments::{Token, own, sigil, tokens};
use crate::document::quick_action::command::Takes;
use crate::pattern::Pattern;
use crate::text::Span;

/// Lines above a command in which an instruction belongs to it.
const REACH: usize = 3;

/// What reads as a placeholder.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Placeholders {
    /// Tokens that stand for something else.
    patterns: Vec<Pattern>,
    /// Tokens that look like it and are GitLab's or HTML's own syntax.
    except: Vec<Pattern>,
    /// Whether all placeholders of templates count, not only those nobody is told about.
    templates: bool,
    /// What tells the author of an issue to edit the command below.
    instruction_pattern: Pattern,
}

impl Placeholders {
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let doc = view.doc;
        let text = doc.text();
        let template = doc.subject.kind.is_template();
        for (line, command) in effective(doc).filter(|(_, command)| command.takes == Takes::Value) {
            let (argument, _) = own(text, line.argument);
            let found: Vec<_> = tokens(text, argument, sigil(command))
                .into_iter()
                .filter(|token| !template || self.templates || has_angles(token.span.of(text)))
                .filter(|token| self.is_placeholder(text, token))
                .filter(|token| !is_known(view, token.text(text)))
                .collect();
            if found.is_empty() || (template && !self.templates && self.is_explained(doc, line)) {
                continue;
            }
            for token in found {
                let span = token.span_without_comma(text);
                let values = [("hit", span.of(text)), ("name", line.name.of(text))];
                sink.report(Hit::at(span, &values));
            }
        }
    }

    fn is_placeholder(&self, text: &str, token: &Token) -> bool {
        let source = token.span_without_comma(text).of(text);
        self.patterns.iter().any(|pattern| pattern.is_match(source))
            && !self.except.iter().any(|pattern| pattern.is_match(source))
    }

    /// Whether a comment or a sentence right above, or a comment on the line, tells the author to edit.
    fn is_explained(&self, doc: &Document<'_>, line: &QuickLine) -> bool {
        let text = doc.text();
        let number = doc.lines().line_of(line.span.start);
        let above = (number.saturating_sub(REACH)..number).map(|line| doc.lines().line_span(line, text));
        let is_command = |span: &Span| {
            doc.quick_lines().iter().any(|other| span.contains(other.span) && other.runs(text).is_some())
        };
        let comment = line.span.of(text).split_once("<!--").map_or("", |(_, comment)| comment);
        let start = doc.lines().line_span(number.saturating_sub(REACH), text).start;
        // A comment is read whole, however far up it starts.
        let reaches = |span: Span| start < span.end && span.end <= line.span.start;
        let mut comments = doc
            .outlines()
            .iter()
            .flat_map(|outline| &outline.pieces)
            .filter(|piece| piece.class == Class::Comment && reaches(piece.span));
        self.instruction_pattern.is_match(comment)
            || above
                .filter(|span| !is_command(span))
                .any(|span| self.instruction_pattern.is_match(span.of(text)))
            || comments.any(|piece| self.instruction_pattern.is_match(piece.span.of(text)))
    }
}

fn has_angles(token: &str) -> bool {
    token.contains('<') && token.contains('>')
}

/// Whether a label or user of exactly that name exists, after the record or the configuration.
fn is_known(view: View<'_>, name: &str) -> bool {
    let listed = |field: &str, known: &BTreeSet<String>| {
        known.contains(name)
            || (view.doc.subject.kind.is_record()
                && view.doc.field(field).values.iter().any(|value| value.text == name))
    };
    listed("label_catalogue", &view.world.labels) || listed("known_users", &view.world.users)
}
