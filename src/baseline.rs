//! The baseline: findings a project has taken over from the past, counted, so that only what is new is held against it.

mod error;
mod file;
mod stale;

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use serde::{Deserialize, Serialize};

use crate::engine::family;
use crate::finding::{Checked, Finding, Report};
use crate::report::plain_line;
use crate::subject::Kind;
use crate::text::Span;

pub use error::BaselineError;
pub use file::written;
pub use stale::Scope;

/// Characters of a finding's text that an entry shows.
const SHOWN: usize = 60;

/// Findings of one rule about the same words of one subject.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The subject's name: a path, or `group/project!7`.
    pub subject: String,
    /// The rule's id.
    pub rule: String,
    /// The start of what the findings cover, for people who read the file.
    pub text: String,
    /// How often it is found.
    pub count: usize,
    /// What the subject is.
    pub kind: Kind,
    /// What all these findings share; the fingerprint of the first of them.
    pub fingerprint: String,
}

/// A baseline in use: it counts what it has let pass.
#[derive(Debug, Default)]
pub struct Baseline {
    slots: Vec<Slot>,
    of_subject: HashMap<String, Vec<usize>>,
    of_fingerprint: HashMap<String, usize>,
}

#[derive(Debug)]
struct Slot {
    entry: Entry,
    /// Where the entry stands in the file.
    span: Span,
    /// How many of its findings have not been met.
    left: AtomicUsize,
    /// The run has read its subject.
    met: AtomicBool,
    /// Its rule has judged its subject in this run.
    judged: AtomicBool,
}

impl Baseline {
    /// Reads the text of a baseline file called `name`, in any order of lines; of lines about the same, as a merge may
    /// leave them, the highest count holds.
    ///
    /// # Errors
    /// On a merge conflict, another format, or a line that is no entry.
    pub fn read(name: &str, text: &str) -> Result<Self, BaselineError> {
        let mut baseline = Self::default();
        for (entry, span) in file::entries(name, text)? {
            baseline.add(entry, span);
        }
        Ok(baseline)
    }

    fn add(&mut self, entry: Entry, span: Span) {
        if let Some(at) = self.of_fingerprint.get(&entry.fingerprint) {
            let slot = &mut self.slots[*at];
            slot.entry.count = slot.entry.count.max(entry.count);
            slot.left = AtomicUsize::new(slot.entry.count);
            return;
        }
        let at = self.slots.len();
        self.of_fingerprint.insert(entry.fingerprint.clone(), at);
        self.of_subject.entry(entry.subject.clone()).or_default().push(at);
        let left = AtomicUsize::new(entry.count);
        self.slots.push(Slot {
            entry,
            span,
            left,
            met: AtomicBool::new(false),
            judged: AtomicBool::new(false),
        });
    }

    /// Whether the baseline lets `finding` in the subject called `subject` pass; each entry does as often as it counts.
    pub fn lets_pass(&self, subject: &str, finding: &Finding) -> bool {
        let known = self.of_fingerprint.get(&family(&finding.rule.id, subject, &finding.text));
        known.is_some_and(|at| {
            let one_less = |left: usize| left.checked_sub(1);
            self.slots[*at].left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less).is_ok()
        })
    }

    /// Notes what was judged in a subject: an entry that is not met there any more is stale.
    pub fn judged(&self, checked: &Checked) {
        for at in self.of_subject.get(&checked.name).into_iter().flatten() {
            let slot = &self.slots[*at];
            slot.met.store(true, Ordering::Relaxed);
            let gap = |rule: &Option<String>| rule.as_ref().is_none_or(|rule| *rule == slot.entry.rule);
            if !checked.not_checked.iter().any(|of| gap(&of.rule)) {
                slot.judged.store(true, Ordering::Relaxed);
            }
        }
    }

    /// The entries after a run: without what is stale in `scope`, with the findings of `report`, sorted.
    pub fn renewed(&self, scope: &Scope<'_>, report: &Report) -> Vec<Entry> {
        let mut entries = BTreeMap::new();
        for slot in &self.slots {
            let gone = if scope.holds(slot) { slot.left.load(Ordering::Relaxed) } else { 0 };
            let count = slot.entry.count - gone;
            if count > 0 {
                entries.insert(slot.entry.fingerprint.clone(), Entry { count, ..slot.entry.clone() });
            }
        }
        for subject in &report.subjects {
            for finding in &subject.findings {
                let fingerprint = family(&finding.rule.id, &subject.name, &finding.text);
                let new = || Entry::of(subject, finding, fingerprint.clone());
                entries.entry(fingerprint.clone()).or_insert_with(new).count += 1;
            }
        }
        let mut entries: Vec<_> = entries.into_values().collect();
        entries.sort();
        entries
    }

    /// Number of findings the baseline accounts for.
    pub fn len(&self) -> usize {
        self.slots.iter().map(|slot| slot.entry.count).sum()
    }

    /// Whether the baseline accounts for no finding.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Entry {
    fn of(subject: &Checked, finding: &Finding, fingerprint: String) -> Self {
        let words: Vec<_> = finding.text.split_whitespace().collect();
        let line = words.join(" ");
        let line = plain_line(&line);
        let mut text: String = line.chars().take(SHOWN).collect();
        if text.len() < line.len() {
            text.push('…');
        }
        Self {
            subject: subject.name.clone(),
            rule: finding.rule.id.clone(),
            text,
            count: 0,
            kind: subject.kind,
            fingerprint,
        }
    }
}

#[cfg(test)]
mod tests;
