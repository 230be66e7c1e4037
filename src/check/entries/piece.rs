//! Where an entry stands: in a data file, or in what a merge request changes of one.

use super::change::Changed;
use super::route::Entry;
use crate::check::{Hit, Sink};
use crate::diagnostic::{Edit, Fix};
use crate::text::Span;
use crate::yaml::{Node, Style, Value};

/// An entry with its surroundings.
pub(super) struct Piece<'p> {
    /// The text of the file.
    pub(super) text: &'p str,
    /// The entry.
    pub(super) entry: Entry<'p>,
    /// The change that shows it; `None` in a file of its own.
    pub(super) changed: Option<&'p Changed>,
}

impl Piece<'_> {
    /// The entry's place, its key included.
    pub(super) fn span(&self) -> Span {
        let node = self.entry.node.span;
        Span { start: self.entry.key_span.map_or(node.start, |key| key.start), ..node }
    }

    /// Whether a key that is not there is missing, and not just not shown.
    pub(super) fn is_complete(&self) -> bool {
        self.changed.is_none_or(|changed| changed.ends(self.span()))
    }

    /// Whether the merge request adds the whole entry.
    pub(super) fn is_added(&self) -> bool {
        self.changed.is_some_and(|changed| changed.begins(self.span()))
    }

    /// Where the entry is called by its name: its key, else its first key.
    pub(super) fn name_span(&self) -> Span {
        let first = self.entry.node.entries().first();
        self.entry.key_span.or(first.map(|first| first.key_span)).unwrap_or(self.entry.node.span)
    }

    /// Reports `span` of the entry.
    pub(super) fn report(
        &self,
        sink: &mut Sink<'_>,
        span: Span,
        variant: &str,
        values: &[(&str, &str)],
        fix: Option<Fix>,
    ) {
        match self.changed {
            None => sink.report(Hit::at(span, values).variant(variant).fix(fix)),
            Some(changed) => {
                if let Some(place) = changed.back(span, self.span()) {
                    sink.report(Hit::at(place, values).variant(variant));
                }
            }
        }
    }

    /// An edit of the value at `span`; a merge request's diff is not edited.
    pub(super) fn fix(&self, title: String, safe: bool, span: Span, text: String) -> Option<Fix> {
        self.changed.is_none().then(|| Fix { title, safe, edits: vec![Edit { span, text }] })
    }

    /// The place of a value, with its quotes where there is nothing between them.
    pub(super) fn value_span(&self, node: &Node) -> Span {
        let quoted = matches!(&node.value, Value::Scalar(scalar) if scalar.style == Style::Quoted);
        if quoted && node.span.is_empty() && node.span.start > 0 {
            Span { start: node.span.start - 1, end: node.span.end + 1 }
        } else {
            node.span
        }
    }
}

/// Whether a value says nothing: null, blank text, no item.
pub(super) fn is_empty(node: &Node) -> bool {
    match &node.value {
        Value::Scalar(scalar) => node.is_null() || scalar.text.trim().is_empty(),
        Value::List(items) => items.is_empty(),
        Value::Map(entries) => entries.is_empty(),
    }
}

/// The closest of `known` that is at most two letters away from `word`, in any letter case.
pub(super) fn nearest<'k>(word: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let word = word.trim().to_lowercase();
    let distance = |known: &str| strsim::damerau_levenshtein(&known.to_lowercase(), &word);
    let near =
        known.map(|known| (distance(known), known)).filter(|(far, _)| *far <= 2 && word.len() > 2 * far);
    near.min_by_key(|(far, _)| *far).map(|(_, known)| known)
}
