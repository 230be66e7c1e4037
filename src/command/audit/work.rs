//! The threads that check batches, and the one that counts what they found.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel};
use std::sync::{Mutex, PoisonError};

use proclint::audit::remedies::{Planning, Proposal};
use proclint::audit::{Digest, Plan, Profile, Seen};
use proclint::document::Document;
use proclint::engine::{check_document, redact::redact};
use proclint::finding::NotChecked;
use proclint::load::LoadError;
use proclint::policy::{Policies, Survey, Verdicts};
use proclint::rule::RuleSet;
use proclint::subject::Subject;
use proclint::world::World;

use super::feed::{Batch, Items};
use super::output::fault;
use super::stream::Stream;
use crate::command::Fault;
use crate::command::plan::Remedies;

/// What every thread needs to check.
pub struct Checker<'r> {
    pub rules: &'r RuleSet,
    pub plan: &'r Plan<'r>,
    pub world: &'r World,
    /// The policies of the project, where it has any, and how they contradict each other.
    pub policies: Option<&'r (Policies, Survey)>,
    /// What remedies are proposed for.
    pub planning: &'r Planning,
    pub show_confidential: bool,
}

/// What came of a batch: subjects that were checked, or why there is none, and what ended it early.
pub struct Outcome {
    seen: Vec<Result<Seen, NotChecked>>,
    broken: Option<LoadError>,
    /// Where what was counted goes back to. Two threads that free each other's memory wait for each other all the time.
    home: Sender<Vec<Result<Seen, NotChecked>>>,
}

impl Checker<'_> {
    /// Checks batches until there are no more, or nobody wants them.
    pub fn work(&self, batches: &Mutex<Receiver<Batch<Items>>>, to_report: &SyncSender<Batch<Outcome>>) {
        let next = || batches.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let (home, counted) = channel();
        while let Ok(Batch { number, items }) = next() {
            let (seen, broken) = self.check(items);
            let outcome = Outcome { seen, broken, home: home.clone() };
            if to_report.send(Batch { number, items: outcome }).is_err() {
                return;
            }
            counted.try_iter().for_each(drop);
        }
    }

    fn check(&self, items: Items) -> (Vec<Result<Seen, NotChecked>>, Option<LoadError>) {
        match items {
            Items::Subjects(subjects) => {
                let seen = |(place, subject): (usize, Result<Subject, NotChecked>)| {
                    subject.map(|subject| self.seen(place, &subject))
                };
                (subjects.into_iter().map(seen).collect(), None)
            }
            Items::Records(first, records) => {
                let mut seen = Vec::with_capacity(records.len());
                let read = records.each_record(&mut |number, subject| {
                    seen.push(subject.map(|subject| self.seen(first + number, &subject)));
                });
                (seen, read.err())
            }
        }
    }

    fn seen(&self, place: usize, subject: &Subject) -> Seen {
        let document = Document::new(subject);
        let mut checked = check_document(&document, self.rules, self.world, false);
        let observed = self.plan.observe(&document, self.world);
        let proposal = Proposal::of(subject, &checked, self.planning);
        if !self.show_confidential {
            redact(subject, &mut checked);
        }
        let judge = |(policies, survey): &(Policies, Survey)| {
            policies.judge(&survey.clashes, subject, self.world.today)
        };
        let policies = self.policies.and_then(judge);
        let reach = policies.as_ref().map(Verdicts::reach);
        let profile = Profile::of(&document, self.show_confidential);
        Seen { place, profile, policies, reach, observed, checked, proposal }
    }
}

/// What comes of the subjects, in the order of the source.
pub struct Sums {
    pub digest: Digest,
    /// The quick actions that are proposed.
    pub remedies: Remedies,
    /// The reports that list every finding.
    pub streams: Vec<Stream>,
}

impl Sums {
    fn add(&mut self, seen: &mut Seen) -> Result<(), Fault> {
        self.digest.add(seen);
        self.remedies.add(&seen.proposal).map_err(|source| fault(None, source))?;
        self.streams.iter_mut().try_for_each(|stream| stream.add(seen, &self.digest))
    }

    /// Counts what could not be checked.
    ///
    /// # Errors
    /// Where a report cannot be written.
    pub fn gap(&mut self, gap: &NotChecked) -> Result<(), Fault> {
        self.digest.gap(gap);
        self.streams.iter_mut().try_for_each(|stream| stream.gap(gap))
    }

    /// Counts what was checked in the order of the source, and writes each finding where it is listed; ends at the
    /// first record that is no JSON, and returns that.
    ///
    /// # Errors
    /// Where a report cannot be written.
    pub fn take(mut self, checked: Receiver<Batch<Outcome>>) -> Result<(Self, Option<LoadError>), Fault> {
        let (mut next, mut early, mut broken) = (0, BTreeMap::new(), None);
        while broken.is_none()
            && let Ok(batch) = checked.recv()
        {
            early.insert(batch.number, batch.items);
            while broken.is_none()
                && let Some(Outcome { mut seen, broken: end, home }) = early.remove(&next)
            {
                next += 1;
                for item in &mut seen {
                    match item {
                        Ok(seen) => self.add(seen)?,
                        Err(gap) => self.gap(gap)?,
                    }
                }
                // A thread that has ended does not need it any more.
                let _ = home.send(seen);
                broken = end;
            }
        }
        // The threads that read and check hear that it is over.
        drop(checked);
        Ok((self, broken))
    }
}
