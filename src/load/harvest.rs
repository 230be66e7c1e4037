//! Reads all records of a project or group from GitLab, each with the details that somebody needs of it.
//!
//! One page is in memory, whatever their number. The order is that of the lists, however many calls are made at a time.

mod error;
mod gap;
mod page;
mod store;
mod wanted;

pub use error::HarvestError;
pub use gap::{saved_gaps, unfinished};
pub use wanted::{Needs, Wanted};

use self::page::{Done, Page};
use self::store::{Listed, Resumed, Store};
use super::gitlab::{Gitlab, GitlabError, List, Place};
use super::{Catalogue, RecordKind, each_record, record_subject};
use crate::finding::NotChecked;
use crate::subject::{Details, Kind, Subject};

/// A reading of one project or group.
pub struct Harvest<'h> {
    /// The server.
    pub gitlab: &'h Gitlab,
    /// Whose records.
    pub place: &'h Place,
    /// Which of them.
    pub wanted: &'h Wanted,
    /// The labels and milestones there, which are kept with the records.
    pub catalogue: &'h Catalogue,
    /// Which details of them.
    pub needs: &'h Needs<'h>,
    /// How many calls are made at a time, at least 1.
    pub threads: usize,
    /// The folder that keeps what was read, if any.
    pub save: Option<&'h std::path::Path>,
    /// Is told how far the reading is.
    pub progress: &'h dyn Progress,
}

/// Somebody who waits.
pub trait Progress {
    /// A list begins.
    fn begin(&self, list: &'static str);

    /// So many items are in the list, as far as the server counts them.
    fn total(&self, total: Option<u64>);

    /// A record was read, with its details.
    fn record(&self);
}

/// The lists that hold records, in the order in which the files of an export are read.
const LISTS: [(List, &str, Kind); 3] = [
    (List::Epics, "epics", Kind::Epic),
    (List::Issues, "issues", Kind::Issue),
    (List::MergeRequests, "merge_requests", Kind::MergeRequest),
];

const NOT_WHOLE: &str =
    "a record whose comments, events and the like were not all read before the reading ended";

type Visit<'v> = &'v mut dyn FnMut(Result<Subject, NotChecked>);

impl Harvest<'_> {
    /// Hands every record to `visit`, and what could not be read; tells whether all that there is was read. A reading that ended early, and was kept in a folder,
    /// goes on where it ended; the records that are there already are handed on first.
    ///
    /// # Errors
    /// [`HarvestError::Gitlab`] where the server cannot be read any further, after the records before that were
    /// visited; [`HarvestError::Folder`] and its like where what was read cannot be kept. Calls that the budget does
    /// not allow are said as a gap.
    pub fn run(&self, visit: Visit<'_>) -> Result<bool, HarvestError> {
        let mut complete = true;
        let visit: Visit<'_> = &mut |subject| {
            complete &= subject.is_ok();
            visit(subject);
        };
        let mut store = self.save.map(|folder| Store::open(folder, &self.name())).transpose()?;
        if let Some(store) = &mut store {
            store.gaps(visit)?;
            store.catalogue(self.catalogue)?;
        }
        let part = self.wanted.words();
        if !part.is_empty() && store.as_ref().is_none_or(|store| store.is_new) {
            let reason = format!("only a part was asked for: {}", part.trim_start_matches([',', ' ']));
            self.gap(self.name(), reason, store.as_mut(), visit)?;
        }
        for (list, name, kind) in LISTS.into_iter().filter(|(list, ..)| self.lists(*list)) {
            match self.list(list, name, kind, store.as_mut(), visit) {
                Err(HarvestError::Gitlab(GitlabError::Budget { budget, .. })) => {
                    visit(Err(self.spent(name, budget)));
                    return Ok(false);
                }
                outcome => outcome?,
            }
        }
        store.map_or(Ok(()), Store::finish)?;
        Ok(complete)
    }

    /// Whose records are read, and which: what another run has to have in common to go on with.
    fn name(&self) -> String {
        let (kind, path) = match self.place {
            Place::Project(path) => ("project", path),
            Place::Group(path) => ("group", path),
        };
        format!("the {kind} `{path}` of {}{}", self.gitlab.host(), self.wanted.words())
    }

    fn lists(&self, list: List) -> bool {
        let exists = list != List::Epics || matches!(self.place, Place::Group(_));
        exists && self.wanted.lists(list)
    }

    fn list(
        &self,
        list: List,
        name: &'static str,
        kind: Kind,
        mut store: Option<&mut Store>,
        visit: Visit<'_>,
    ) -> Result<(), HarvestError> {
        self.progress.begin(name);
        let resumed = match store.as_deref_mut() {
            Some(store) => store.begin(name, &mut |line| {
                self.progress.record();
                self.visit_line(line, visit);
            })?,
            None => Resumed::default(),
        };
        if resumed.complete {
            return Ok(());
        }
        self.page(resumed.pending, name, kind, store.as_deref_mut(), visit)?;
        let filters = self.wanted.filters();
        let mut items = match &resumed.next {
            Some(place) => self.gitlab.resume(place),
            None if resumed.begun => return store.map_or(Ok(()), |store| store.end(name)),
            None => self.gitlab.list(self.place, list, &filters),
        };
        while let Some(page) = items.next_page() {
            let records = match page {
                // What a tier or a setting does not offer is no reason to read nothing else.
                Err(error @ (GitlabError::Forbidden { .. } | GitlabError::Missing { .. })) => {
                    self.gap(name.replace('_', " "), error.to_string(), store.as_deref_mut(), visit)?;
                    break;
                }
                page => page?,
            };
            self.progress.total(items.total());
            if let Some(store) = store.as_deref_mut() {
                store.page(name, items.place(), &records)?;
            }
            let listed = records.into_iter().map(|record| Listed { record, whole: false }).collect();
            self.page(listed, name, kind, store.as_deref_mut(), visit)?;
        }
        store.map_or(Ok(()), |store| store.end(name))
    }

    /// Fetches the details of the records of a page, and hands them on in their order.
    fn page(
        &self,
        records: Vec<Listed>,
        name: &str,
        kind: Kind,
        mut store: Option<&mut Store>,
        visit: Visit<'_>,
    ) -> Result<(), HarvestError> {
        let needed = |listed: Listed| {
            let asked = || self.needs.of(&record_subject(&listed.record, kind, None)).of_kind(kind);
            (if listed.whole { Details::NONE } else { asked() }, listed.record)
        };
        let records = records.into_iter().map(needed).collect();
        let page = Page { gitlab: self.gitlab, kind, threads: self.threads };
        let mut failed = Ok(());
        let stopped = page.complete(records, &mut |Done { record, missing, whole }| {
            let keep = || -> Result<(), HarvestError> {
                for (detail, error) in missing {
                    let subject = record_subject(&record, kind, None).name;
                    let reason = format!("its `{}` were not read: {error}", detail.key());
                    self.gap(subject, reason, store.as_deref_mut(), visit)?;
                }
                if let Some(store) = store.as_deref_mut() {
                    store.record(&record, whole)?;
                }
                if !whole {
                    let subject = record_subject(&record, kind, None).name;
                    visit(Err(NotChecked { subject, rule: None, reason: NOT_WHOLE.to_owned() }));
                }
                self.progress.record();
                self.visit_line(&record.to_string(), visit);
                Ok(())
            };
            // The calls that are under way come back all the same.
            if failed.is_ok() {
                failed = keep();
            }
        });
        failed?;
        let Some(error) = stopped else { return Ok(()) };
        if let Some(store) = store {
            store.pause(name)?;
        }
        Err(error.into())
    }

    /// A record as a file would have it, so that both are read alike.
    fn visit_line(&self, line: &str, visit: Visit<'_>) {
        if let Err(error) = each_record(line.as_bytes(), RecordKind::Any, "GitLab", None, visit) {
            visit(Err(NotChecked { subject: "GitLab".to_owned(), rule: None, reason: error.to_string() }));
        }
    }

    fn gap(
        &self,
        subject: String,
        reason: String,
        store: Option<&mut Store>,
        visit: Visit<'_>,
    ) -> Result<(), HarvestError> {
        let gap = NotChecked { subject, rule: None, reason };
        if let Some(store) = store {
            store.gap(&gap)?;
        }
        visit(Err(gap));
        Ok(())
    }

    fn spent(&self, list: &str, budget: usize) -> NotChecked {
        let list = list.replace('_', " ");
        let go_on = match self.save {
            Some(_) => "run the same command again to go on from here",
            None => {
                "give more with `--budget`, or `--save FOLDER`, with which the next run goes on from there"
            }
        };
        let reason = format!(
            "the budget of {budget} calls is spent: the {list} after these, and the lists after them, were not read; {go_on}"
        );
        NotChecked { subject: list, rule: None, reason }
    }
}
