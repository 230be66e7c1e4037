//! What the thread that reads hands on: batches of subjects, of which a shard keeps its own.

use std::io::{self, Write};
use std::sync::mpsc::SyncSender;

use proclint::audit::Digest;
use proclint::finding::{NotChecked, Part, Shard};
use proclint::report::count;
use proclint::split::InputHash;
use proclint::subject::Subject;

use crate::command::Outcome;

/// Subjects that are handed to a thread at once.
const BATCH: usize = 64;

/// What travels together, with its place among its like.
pub struct Batch<T> {
    pub number: usize,
    pub items: Vec<T>,
}

/// A subject, or why there is none, with its place in the source.
pub struct Item {
    pub place: usize,
    pub subject: Result<Subject, NotChecked>,
}

/// The reading end of the pipeline.
pub struct Feed {
    to_check: SyncSender<Batch<Item>>,
    batch: Vec<Item>,
    number: usize,
    fed: Fed,
}

/// What was read.
pub struct Fed {
    /// The shard that is checked, and what all shards have in common.
    shard: Option<(Shard, InputHash)>,
    /// Number of subjects that were read.
    places: usize,
    /// Number of those that other shards check.
    elsewhere: usize,
}

impl Feed {
    /// A feed of the whole source, or of a `shard` of it.
    pub fn new(to_check: SyncSender<Batch<Item>>, shard: Option<(Shard, InputHash)>) -> Self {
        let fed = Fed { shard, places: 0, elsewhere: 0 };
        Self { to_check, batch: Vec::with_capacity(BATCH), number: 0, fed }
    }

    /// Adds `text` to what must be the same in all shards.
    pub fn hash(&mut self, text: &str) {
        if let Some((_, hash)) = &mut self.fed.shard {
            hash.add(text);
        }
    }

    /// Hands `subject` on, if it is this shard's.
    pub fn take(&mut self, subject: Result<Subject, NotChecked>) {
        let place = self.fed.next();
        match &subject {
            Ok(subject) => [&subject.name, &subject.text].into_iter().for_each(|text| self.hash(text)),
            Err(gap) => [&gap.subject, &gap.reason].into_iter().for_each(|text| self.hash(text)),
        }
        if !self.fed.owns(place) {
            self.fed.elsewhere += 1;
            return;
        }
        self.batch.push(Item { place, subject });
        if self.batch.len() == BATCH {
            self.send();
        }
    }

    /// Hands on what is left.
    pub fn end(mut self) -> Fed {
        self.send();
        self.fed
    }

    fn send(&mut self) {
        let items = std::mem::replace(&mut self.batch, Vec::with_capacity(BATCH));
        // Nobody listens where a thread panicked; that is told where it is joined.
        let _ = self.to_check.send(Batch { number: self.number, items });
        self.number += 1;
    }
}

impl Fed {
    fn next(&mut self) -> usize {
        self.places += 1;
        self.places
    }

    /// Whether what stands at `place`, from 1, is checked here: the shards take turns.
    fn owns(&self, place: usize) -> bool {
        self.shard.as_ref().is_none_or(|(shard, _)| (place - 1) % shard.total() + 1 == shard.index())
    }

    /// What the report of the shard says about itself; `None` where it is about all of the source.
    pub fn part(&self, complete: bool) -> Option<Part> {
        let (shard, hash) = self.shard.as_ref()?;
        Some(Part { shard: *shard, input: hash.hex(), complete, idle: None })
    }

    /// How a shard ends that has nothing to check because others have it all; that is said.
    pub fn idle(&self, digest: &Digest) -> Option<Outcome> {
        let (shard, _) = self.shard.as_ref().filter(|_| digest.subjects == 0 && self.elsewhere > 0)?;
        let line = format!("shard {shard} is empty, the others have {}\n", count(self.elsewhere, "subject"));
        let _ = io::stderr().lock().write_all(line.as_bytes());
        Some(Outcome::Clean)
    }
}
