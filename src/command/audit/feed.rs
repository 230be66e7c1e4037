//! What the thread that reads hands on: batches of subjects, of which a shard keeps its own.

use std::io::{self, Write};
use std::mem;
use std::ops::ControlFlow;
use std::sync::mpsc::SyncSender;

use proclint::audit::Digest;
use proclint::finding::{NotChecked, Part, Shard};
use proclint::load::{Chunk, RecordChunk};
use proclint::report::count;
use proclint::split::InputHash;
use proclint::subject::Subject;

use crate::command::Outcome;

/// Subjects that are handed to a thread at once; of records a chunk.
const BATCH: usize = 64;

/// What travels together, with its place among its like.
pub struct Batch<T> {
    pub number: usize,
    pub items: T,
}

/// What a thread is to check.
pub enum Items {
    /// Subjects, or why there is none, with their places in the source.
    Subjects(Vec<(usize, Result<Subject, NotChecked>)>),
    /// Records to be parsed, and the place of the first of them.
    Records(usize, RecordChunk),
}

/// The reading end of the pipeline.
pub struct Feed {
    to_check: SyncSender<Batch<Items>>,
    batch: Vec<(usize, Result<Subject, NotChecked>)>,
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
    pub fn new(to_check: SyncSender<Batch<Items>>, shard: Option<(Shard, InputHash)>) -> Self {
        let fed = Fed { shard, places: 0, elsewhere: 0 };
        Self { to_check, batch: Vec::with_capacity(BATCH), number: 0, fed }
    }

    /// Adds `text` to what must be the same in all shards.
    pub fn hash(&mut self, text: &str) {
        self.fed.hash(text.as_bytes());
    }

    /// Hands on what of `chunk` is this shard's; breaks off where nobody takes it.
    pub fn take(&mut self, chunk: Chunk) -> ControlFlow<()> {
        match chunk {
            Chunk::Subject(subject) => self.take_subject(*subject),
            Chunk::Records(mut records) => {
                self.send_batch()?;
                let first = self.fed.places + 1;
                self.fed.places += records.len();
                if self.fed.shard.is_some() {
                    records.retain(|number, text| {
                        self.fed.hash(text);
                        self.fed.keeps(first + number)
                    });
                }
                if records.is_empty() {
                    return ControlFlow::Continue(());
                }
                self.send(Items::Records(first, records))
            }
        }
    }

    fn take_subject(&mut self, subject: Result<Subject, NotChecked>) -> ControlFlow<()> {
        self.fed.places += 1;
        let place = self.fed.places;
        match &subject {
            Ok(subject) => [&subject.name, &subject.text].into_iter().for_each(|text| self.hash(text)),
            Err(gap) => [&gap.subject, &gap.reason].into_iter().for_each(|text| self.hash(text)),
        }
        if self.fed.keeps(place) {
            self.batch.push((place, subject));
        }
        if self.batch.len() < BATCH {
            return ControlFlow::Continue(());
        }
        self.send_batch()
    }

    /// Hands on what is left.
    pub fn end(mut self) -> Fed {
        let _ = self.send_batch();
        self.fed
    }

    fn send_batch(&mut self) -> ControlFlow<()> {
        if self.batch.is_empty() {
            return ControlFlow::Continue(());
        }
        let batch = mem::replace(&mut self.batch, Vec::with_capacity(BATCH));
        self.send(Items::Subjects(batch))
    }

    /// Nobody listens where a record is no JSON, or a thread panicked; that is told where the threads are joined.
    fn send(&mut self, items: Items) -> ControlFlow<()> {
        let sent = self.to_check.send(Batch { number: self.number, items });
        self.number += 1;
        if sent.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }
}

impl Fed {
    fn hash(&mut self, text: &[u8]) {
        if let Some((_, hash)) = &mut self.shard {
            hash.add(text);
        }
    }

    /// Whether what stands at `place`, from 1, is checked here: the shards take turns.
    fn keeps(&mut self, place: usize) -> bool {
        let own =
            self.shard.as_ref().is_none_or(|(shard, _)| (place - 1) % shard.total() + 1 == shard.index());
        self.elsewhere += usize::from(!own);
        own
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
