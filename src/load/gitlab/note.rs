//! Notes and threads: reading, writing, resolving.

use serde::Serialize;
use serde_json::{Value, json};

use super::address::escape;
use super::call::Call;
use super::page::Items;
use super::{Gitlab, GitlabError};

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemKind {
    /// An issue.
    Issue,
    /// A merge request.
    MergeRequest,
}

/// An issue or a merge request of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The project's path or number.
    pub project: String,
    /// What it is.
    pub kind: ItemKind,
    /// Its number in the project.
    pub iid: u64,
}

impl Item {
    /// The issue `iid` of `project`.
    pub fn issue(project: impl Into<String>, iid: u64) -> Self {
        Self { project: project.into(), kind: ItemKind::Issue, iid }
    }

    /// The merge request `iid` of `project`.
    pub fn merge_request(project: impl Into<String>, iid: u64) -> Self {
        Self { project: project.into(), kind: ItemKind::MergeRequest, iid }
    }

    pub(super) fn path(&self) -> String {
        let kind = match self.kind {
            ItemKind::Issue => "issues",
            ItemKind::MergeRequest => "merge_requests",
        };
        format!("projects/{}/{kind}/{}", escape(&self.project), self.iid)
    }
}

/// A line of a merge request's diff, in one of its versions; lines count from 1.
///
/// An added line has only `new_line`, a removed one only `old_line`, an unchanged one both. GitLab takes lines inside
/// the hunks only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Position {
    /// `diff_refs.base_sha` of the merge request.
    pub base_sha: String,
    /// `diff_refs.start_sha`.
    pub start_sha: String,
    /// `diff_refs.head_sha`.
    pub head_sha: String,
    /// The path before the change; of a new file, its path.
    pub old_path: String,
    /// The path after the change.
    pub new_path: String,
    /// The line before the change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_line: Option<u32>,
    /// The line after the change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_line: Option<u32>,
}

/// What became of a note that was sent.
#[derive(Clone, Debug, PartialEq)]
pub enum Posted {
    /// It is stored: the note, with its `id`.
    Stored(Value),
    /// It held quick actions only, which were run: what they changed.
    Commands(Value),
}

impl Gitlab {
    /// The notes of `item`, the oldest first, those of GitLab itself (`system`) included.
    pub fn notes(&self, item: &Item) -> Items<'_> {
        let call = Call::get(format!("{}/notes", item.path()));
        Items::new(self, call.with(&[("order_by", "created_at"), ("sort", "asc")]))
    }

    /// The threads of `item`, each with its `notes`.
    pub fn discussions(&self, item: &Item) -> Items<'_> {
        Items::new(self, Call::get(format!("{}/discussions", item.path())))
    }

    /// Writes a note. It is never sent twice: after [`GitlabError::Server`] or a broken connection it may be stored.
    ///
    /// # Errors
    /// Any [`GitlabError`].
    pub fn create_note(&self, item: &Item, body: &str) -> Result<Posted, GitlabError> {
        let call = Call::post(format!("{}/notes", item.path()), json!({ "body": body }));
        let reply = self.send(call)?;
        Ok(if reply.status == 202 { Posted::Commands(reply.value) } else { Posted::Stored(reply.value) })
    }

    /// Replaces the text of a note.
    ///
    /// # Errors
    /// Any [`GitlabError`].
    pub fn edit_note(&self, item: &Item, note: u64, body: &str) -> Result<Value, GitlabError> {
        self.object(Call::put(format!("{}/notes/{note}", item.path()), json!({ "body": body })))
    }

    /// Opens a thread, on a line of the diff where `position` is given. Like a note it is never sent twice.
    ///
    /// # Errors
    /// [`GitlabError::Refused`] where the position is not inside the diff, or of another version of it; any other.
    pub fn create_discussion(
        &self,
        item: &Item,
        body: &str,
        position: Option<&Position>,
    ) -> Result<Value, GitlabError> {
        let mut sent = json!({ "body": body });
        if let Some(position) = position {
            sent["position"] = json!(position);
            sent["position"]["position_type"] = json!("text");
        }
        self.object(Call::post(format!("{}/discussions", item.path()), sent))
    }

    /// Adds a note to a thread.
    ///
    /// # Errors
    /// Any [`GitlabError`].
    pub fn reply(&self, item: &Item, discussion: &str, body: &str) -> Result<Value, GitlabError> {
        let path = format!("{}/discussions/{}/notes", item.path(), escape(discussion));
        self.object(Call::post(path, json!({ "body": body })))
    }

    /// Resolves a thread, or opens it again.
    ///
    /// # Errors
    /// Any [`GitlabError`]; the token needs the role Developer, or to be the author's of the merge request.
    pub fn resolve(&self, item: &Item, discussion: &str, resolved: bool) -> Result<Value, GitlabError> {
        let path = format!("{}/discussions/{}", item.path(), escape(discussion));
        self.object(Call::put(path, json!({ "resolved": resolved })))
    }
}
