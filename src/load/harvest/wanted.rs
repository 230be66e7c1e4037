//! Which records are read, and which details of each.

use crate::load::gitlab::List;
use crate::subject::{Details, Subject};

/// The records that are read.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The lists; all that there are where it is empty.
    pub lists: Vec<List>,
    /// `opened` or `closed`; all where `None`.
    pub state: Option<String>,
    /// Only what changed after this moment, `YYYY-MM-DDThh:mm:ssZ`.
    pub updated_after: Option<String>,
}

impl Wanted {
    /// Whether `list` is read.
    pub fn lists(&self, list: List) -> bool {
        self.lists.is_empty() || self.lists.contains(&list)
    }

    /// The filters of the API.
    pub fn filters(&self) -> Vec<(&str, &str)> {
        let filters = [("state", &self.state), ("updated_after", &self.updated_after)];
        filters.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?))).collect()
    }

    /// What is not read, as a part of a sentence.
    pub(super) fn words(&self) -> String {
        let filters = self.filters().into_iter().map(|(name, value)| format!(", {name} {value}"));
        let name = |list: &List| match list {
            List::Epics => "epics",
            List::MergeRequests => "merge requests",
            _ => "issues",
        };
        let names: Vec<_> = self.lists.iter().map(name).collect();
        let lists = (!names.is_empty()).then(|| format!(", only {}", names.join(" and ")));
        filters.chain(lists).collect()
    }
}

/// Asks which details of a record somebody wants.
type Asked<'n> = dyn Fn(&Subject) -> Details + Sync + 'n;

/// The details that are fetched of a record.
pub struct Needs<'n> {
    asked: &'n Asked<'n>,
}

impl<'n> Needs<'n> {
    /// What `asked` says of a record that has no details yet.
    pub fn new(asked: &'n Asked<'n>) -> Self {
        Self { asked }
    }

    pub(super) fn of(&self, subject: &Subject) -> Details {
        (self.asked)(subject)
    }
}
