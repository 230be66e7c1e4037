//! What a merge request brings along that settles a question: changed files, words of its description, labels.

use std::borrow::Cow;

use serde::Deserialize;

use super::naming::{Channels, Headings};
use crate::check::View;
use crate::document::Document;
use crate::document::field::Presence;
use crate::document::outline::Class;
use crate::globs::Globs;
use crate::pattern::Pattern;
use crate::subject::{Change, DiffFile, Role};

/// Circumstances, one of which is enough.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Circumstance {
    /// A file of these is added or modified.
    changed: Option<Globs>,
    /// The description says so, HTML comments left out.
    description: Option<Pattern>,
    /// The merge request carries one of these labels.
    labels: Vec<String>,
    /// The description says one of these, and not that it is none.
    says: Vec<String>,
    /// An added line holds one of these.
    added: Vec<String>,
    /// An added line says so.
    added_line: Option<Pattern>,
    /// The description names enough places where the change is announced.
    channels: Option<Channels>,
    /// The description has enough headings of a template.
    headings: Option<Headings>,
}

impl Circumstance {
    /// Whether one of the circumstances is there.
    pub fn any(&self, view: View<'_>, files: &[DiffFile]) -> bool {
        let doc = view.doc;
        let added_line = |pattern: &Pattern| {
            let lines = files.iter().flat_map(|file| &file.lines);
            let mut lines = lines.filter(|line| line.change == Change::Added);
            lines.any(|line| pattern.is_match(line.span.of(doc.text())))
        };
        let labels = || {
            doc.field("labels").values.iter().any(|label| self.labels.iter().any(|own| *own == label.text))
        };
        (!self.labels.is_empty() && labels())
            || self.changed.as_ref().is_some_and(|globs| changed(files, globs).next().is_some())
            || (!self.says.is_empty() && self.says.iter().any(|words| states(&description(doc), words)))
            || (!self.added.is_empty() && self.is_added(doc.text(), files))
            || self.description.as_ref().is_some_and(|pattern| pattern.is_match(&description(doc)))
            || self.added_line.as_ref().is_some_and(added_line)
            || self.channels.as_ref().is_some_and(|channels| channels.are_named(&description(doc)))
            || self.headings.as_ref().is_some_and(|headings| headings.are_in(view))
    }

    /// The text of the template whose headings the description is asked for.
    pub fn template<'w>(&self, view: View<'w>) -> Option<Cow<'w, str>> {
        self.headings.as_ref()?.template(view)
    }

    /// Whether the description is asked for something and the record does not carry it.
    pub fn lacks_text(&self, doc: &Document<'_>) -> bool {
        (self.channels.is_some() || self.headings.is_some())
            && doc.field("description").presence == Presence::Absent
    }

    fn is_added(&self, text: &str, files: &[DiffFile]) -> bool {
        let lines = files.iter().flat_map(|file| &file.lines).filter(|line| line.change == Change::Added);
        lines
            .map(|line| line.span.of(text))
            .any(|line| self.added.iter().any(|part| line.contains(part.as_str())))
    }
}

/// Whether `text` says `words`, in any letter case, at least once without a negation before them.
fn states(text: &str, words: &str) -> bool {
    let (text, words) = (text.to_lowercase(), words.to_lowercase());
    text.match_indices(&words).any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default().trim_end_matches([' ', '-', '*', '_', '`', '"', '~']);
        !["no", "not a", "not an", "not", "non", "n't a", "without", "without a", "any"].iter().any(
            |negation| {
                let word = before.strip_suffix(negation);
                word.is_some_and(|rest| negation.starts_with("n't") || !rest.ends_with(char::is_alphanumeric))
            },
        )
    })
}

/// The files of `globs` that are added or modified; a deleted or merely renamed file says nothing new.
pub fn changed<'f>(files: &'f [DiffFile], globs: &'f Globs) -> impl Iterator<Item = &'f DiffFile> {
    files.iter().filter(|file| {
        let edited = file.lines.iter().any(|line| matches!(line.change, Change::Added | Change::Removed));
        !file.deleted && (edited || file.incomplete || !file.renamed) && globs.has(&file.new_path)
    })
}

/// The description without its HTML comments.
fn description(doc: &Document<'_>) -> String {
    let mut out = String::new();
    for outline in doc.outlines().iter().filter(|outline| outline.role == Role::Body) {
        let mut at = outline.span.start;
        for comment in outline.pieces.iter().filter(|piece| piece.class == Class::Comment) {
            out.push_str(doc.text().get(at as usize..comment.span.start as usize).unwrap_or_default());
            at = comment.span.end;
        }
        out.push_str(doc.text().get(at as usize..outline.span.end as usize).unwrap_or_default());
    }
    out
}
