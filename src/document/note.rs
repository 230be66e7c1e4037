//! The comments of a record.

use super::{Document, Outline};
use crate::yaml::Node;

/// A comment that somebody wrote.
#[derive(Clone, Copy)]
pub struct Note<'d> {
    /// The user name of who wrote it.
    pub author: Option<&'d str>,
    /// Date or time stamp as written.
    pub at: Option<&'d str>,
    /// It is hidden from the public; `None` where the record does not say.
    pub internal: Option<bool>,
    /// Its text.
    pub body: &'d Outline,
}

impl Document<'_> {
    /// The comments in the order of the record, without what GitLab itself noted; `None` where the record has no list.
    pub fn notes(&self) -> Option<Vec<Note<'_>>> {
        let list = self.node()?.get("notes").filter(|node| !node.is_null())?.items();
        let note = |(index, node)| self.note(index, node);
        Some(list.iter().enumerate().filter_map(note).collect())
    }

    fn note<'d>(&'d self, index: usize, node: &'d Node) -> Option<Note<'d>> {
        let fields = [format!("notes[{index}].body"), format!("notes[{index}]")];
        let body = self.outlines().iter().find(|outline| fields.contains(&outline.field))?;
        let text = |keys: &[&str]| keys.iter().find_map(|key| node.get(key)?.as_str());
        let internal = text(&["internal", "confidential"]).map(|value| value.eq_ignore_ascii_case("true"));
        Some(Note { author: text(&["author"]), at: text(&["created_at", "at"]), internal, body })
    }
}

impl Note<'_> {
    /// Whether a person wrote it, as far as the user name tells.
    pub fn is_human(&self) -> bool {
        let bot =
            |name: &str| name.split(['-', '_', '.', '[', ']']).any(|part| part.eq_ignore_ascii_case("bot"));
        !self.author.is_some_and(bot)
    }
}
