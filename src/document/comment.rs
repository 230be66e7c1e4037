//! The comments of a record: who wrote what when, GitLab's own notes included.

use super::{Document, Outline};
use crate::subject::Role;
use crate::text::Span;
use crate::yaml::Node;

/// A comment on a record.
#[derive(Clone, Copy, Debug)]
pub struct Comment<'d> {
    /// Date or time stamp as written.
    pub at: Option<&'d str>,
    /// The author's user name, or name where that is all there is.
    pub author: Option<&'d str>,
    /// GitLab noted it by itself.
    pub system: bool,
    /// The text.
    pub body: &'d str,
    /// Where the text stands.
    pub span: Span,
    /// Its structure; GitLab's own notes have none.
    pub outline: Option<&'d Outline>,
}

impl Document<'_> {
    /// The comments in the order of the record; `None` where it carries none.
    pub fn comments(&self) -> Option<Vec<Comment<'_>>> {
        let notes = self.node()?.get("notes")?.items();
        Some(notes.iter().enumerate().filter_map(|(index, note)| self.comment(index, note)).collect())
    }

    fn comment<'d>(&'d self, index: usize, note: &'d Node) -> Option<Comment<'d>> {
        let text = |keys: [&str; 2]| keys.iter().find_map(|key| note.get(key)?.as_str());
        let (named, plain) = (format!("notes[{index}].body"), format!("notes[{index}]"));
        let is_this = |field: &str| field == named || field == plain;
        let part = self.subject.parts.iter().find(|part| part.role == Role::Note && is_this(&part.field));
        let outline = self.outlines().iter().find(|o| o.role == Role::Note && is_this(&o.field));
        let own = || ["body", "note"].iter().find_map(|key| note.get(key));
        let span = part.map(|part| part.span).or_else(|| Some(own()?.span))?;
        Some(Comment {
            at: text(["created_at", "at"]),
            author: text(["author", "user"]),
            system: text(["system", "system"]) == Some("true"),
            body: span.of(self.text()),
            span,
            outline,
        })
    }
}
