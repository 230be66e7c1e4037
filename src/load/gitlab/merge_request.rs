//! A merge request as one record: the object of the API with its commits, changed files and notes.

use serde_json::Value;

use super::call::Call;
use super::note::Item;
use super::page::Items;
use super::{Gitlab, GitlabError};

/// What of a merge request is fetched beside its own fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    /// Its commits, with their messages.
    pub commits: bool,
    /// Its changed files.
    pub diffs: bool,
    /// What was said.
    pub notes: bool,
}

impl Parts {
    /// All of them.
    pub const ALL: Self = Self { commits: true, diffs: true, notes: true };
}

/// A record, and the parts that could not be had.
#[derive(Debug)]
pub struct Fetched {
    /// The merge request as [`record_subject`](crate::load::record_subject) takes it; it lacks the key of a part that
    /// could not be had.
    pub record: Value,
    /// The keys of those parts, and why.
    pub missing: Vec<(&'static str, GitlabError)>,
}

impl Gitlab {
    /// A merge request, without its parts.
    ///
    /// # Errors
    /// Any [`GitlabError`].
    pub fn merge_request(&self, project: &str, iid: u64) -> Result<Value, GitlabError> {
        self.object(Call::get(Item::merge_request(project, iid).path()))
    }

    /// A merge request with its `commits`, `diffs` and `notes`. A part that cannot be had is missing as a whole, so
    /// that nobody takes half a list for all of it.
    ///
    /// # Errors
    /// Any [`GitlabError`], where not even the merge request itself can be had.
    pub fn merge_request_record(
        &self,
        project: &str,
        iid: u64,
        parts: Parts,
    ) -> Result<Fetched, GitlabError> {
        let item = Item::merge_request(project, iid);
        let mut fetched = Fetched { record: self.merge_request(project, iid)?, missing: Vec::new() };
        let lists = [
            ("commits", parts.commits, self.commits(&item)),
            ("diffs", parts.diffs, self.diffs(&item)),
            ("notes", parts.notes, self.notes(&item)),
        ];
        for (key, _, list) in lists.into_iter().filter(|(_, wanted, _)| *wanted) {
            match list.collect::<Result<Vec<Value>, _>>() {
                Ok(items) => fetched.record[key] = Value::Array(items),
                Err(error) => fetched.missing.push((key, error)),
            }
        }
        Ok(fetched)
    }

    /// The commits of a merge request, the newest first.
    pub fn commits(&self, item: &Item) -> Items<'_> {
        Items::new(self, Call::get(format!("{}/commits", item.path())))
    }

    /// The changed files of a merge request; those GitLab does not show have `collapsed` or `too_large`.
    pub fn diffs(&self, item: &Item) -> Items<'_> {
        Items::new(self, Call::get(format!("{}/diffs", item.path())))
    }

    /// The versions of a merge request's diff, the newest first, with the three commits a [`Position`](super::Position)
    /// names.
    pub fn versions(&self, item: &Item) -> Items<'_> {
        Items::new(self, Call::get(format!("{}/versions", item.path())))
    }
}
