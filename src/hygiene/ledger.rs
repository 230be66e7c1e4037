//! What exists, what records use and what files name, by name; bounded, whatever the records make up.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::stock::{Label, Milestone};
use crate::finding::Place;

/// The most names that are told apart, besides those that exist.
const NAMES: usize = 10_000;

/// The most places that are kept of a name.
const PLACES: usize = 5;

/// The most bytes of a name; GitLab's longest has 255 characters.
const LENGTH: usize = 1_024;

/// What has a name.
pub trait Named {
    /// Its name.
    fn name(&self) -> &str;
}

impl Named for Label {
    fn name(&self) -> &str {
        &self.name
    }
}

impl Named for Milestone {
    fn name(&self) -> &str {
        &self.title
    }
}

/// How often files name something.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Mentions {
    /// How often.
    pub times: usize,
    /// At least once nothing else can be meant.
    pub sure: bool,
    /// At least once in what GitLab or a bot reads: a template, a policy, a chart.
    pub binding: bool,
    /// The first places.
    pub places: Vec<Place>,
}

/// All that is known about names of one kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ledger<T> {
    /// What exists, sorted by name; `None` where nobody told.
    pub exist: Option<Vec<T>>,
    /// Number of records that use a name.
    pub used: BTreeMap<String, usize>,
    /// Where files name it.
    pub named: BTreeMap<String, Mentions>,
    /// Uses of names that were too many to tell apart.
    pub more: usize,
    /// Uses on confidential items, of names that no list shows.
    pub hidden: usize,
}

impl<T> Default for Ledger<T> {
    fn default() -> Self {
        Self { exist: None, used: BTreeMap::new(), named: BTreeMap::new(), more: 0, hidden: 0 }
    }
}

impl<T: Named> Ledger<T> {
    /// What exists under `name`.
    pub fn find(&self, name: &str) -> Option<&T> {
        let all = self.exist.as_ref()?;
        all.get(all.binary_search_by(|of| of.name().cmp(name)).ok()?)
    }

    /// A record uses `name`.
    pub(super) fn uses(&mut self, name: &str, hidden: bool) {
        let exists = self.find(name).is_some();
        if hidden && !exists {
            self.hidden += 1;
        } else {
            self.count(name, 1, exists);
        }
    }

    fn count(&mut self, name: &str, times: usize, exists: bool) {
        if let Some(count) = self.used.get_mut(name) {
            *count += times;
        } else if exists || (self.used.len() < NAMES && name.len() <= LENGTH) {
            self.used.insert(name.to_owned(), times);
        } else {
            self.more += times;
        }
    }

    /// A file names `name` at `place`.
    pub(super) fn name(&mut self, name: String, place: Place, sure: bool, binding: bool) {
        if self.named.len() >= NAMES && !self.named.contains_key(&name) || name.len() > LENGTH {
            self.more += 1;
            return;
        }
        let mentions = self.named.entry(name).or_default();
        mentions.times += 1;
        mentions.sure |= sure;
        // What binds is told first.
        if binding && !mentions.binding {
            mentions.places.insert(0, place);
            mentions.places.truncate(PLACES);
        } else if mentions.places.len() < PLACES {
            mentions.places.push(place);
        }
        mentions.binding |= binding;
    }

    /// Adds what other records use; what exists and what files name is the same for both.
    pub(super) fn merge(&mut self, other: Self) {
        if self.exist.is_none() {
            self.exist = other.exist;
        }
        if self.named.is_empty() {
            self.named = other.named;
        }
        for (name, times) in other.used {
            let exists = self.find(&name).is_some();
            self.count(&name, times, exists);
        }
        self.more += other.more;
        self.hidden += other.hidden;
    }
}
