//! The threads that check batches, and the one that counts what they found.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};
use std::sync::mpsc::{Receiver, SyncSender};
use std::sync::{Mutex, PoisonError};

use proclint::audit::{Digest, Plan, Profile, Seen};
use proclint::document::Document;
use proclint::engine::{check_document, redact::redact};
use proclint::finding::NotChecked;
use proclint::policy::{Policies, Survey, Verdicts};
use proclint::report::write_finding_lines;
use proclint::rule::RuleSet;
use proclint::subject::Subject;
use proclint::world::World;

use super::feed::{Batch, Item};
use super::output::still_read;
use crate::args::AuditFormat;

/// What every thread needs to check.
pub struct Checker<'r> {
    pub rules: &'r RuleSet,
    pub plan: &'r Plan<'r>,
    pub world: &'r World,
    /// The policies of the project, where it has any, and how they contradict each other.
    pub policies: Option<&'r (Policies, Survey)>,
    pub show_confidential: bool,
}

impl Checker<'_> {
    /// Checks batches until there are no more.
    pub fn work(
        &self,
        batches: &Mutex<Receiver<Batch<Item>>>,
        to_report: &SyncSender<Batch<Result<Seen, NotChecked>>>,
    ) {
        let next = || batches.lock().unwrap_or_else(PoisonError::into_inner).recv();
        while let Ok(Batch { number, items }) = next() {
            let seen = |Item { place, subject }| subject.map(|subject| self.seen(place, &subject));
            let items = items.into_iter().map(seen).collect();
            if to_report.send(Batch { number, items }).is_err() {
                return;
            }
        }
    }

    fn seen(&self, place: usize, subject: &Subject) -> Seen {
        let document = Document::new(subject);
        let mut checked = check_document(&document, self.rules, self.world, false);
        let observed = self.plan.observe(&document, self.world);
        if !self.show_confidential {
            redact(subject, &mut checked);
        }
        let judge = |(policies, survey): &(Policies, Survey)| {
            policies.judge(&survey.clashes, subject, self.world.today)
        };
        let policies = self.policies.and_then(judge);
        let reach = policies.as_ref().map(Verdicts::reach);
        let profile = Profile::of(subject, self.show_confidential);
        Seen { place, profile, policies, reach, observed, checked }
    }
}

/// Counts what was checked in the order of the source, and writes each finding where it is listed.
///
/// # Errors
/// Those of standard output.
pub fn report(
    checked: &Receiver<Batch<Result<Seen, NotChecked>>>,
    mut digest: Digest,
    format: AuditFormat,
) -> io::Result<Digest> {
    let mut out = BufWriter::new(io::stdout().lock());
    let mut is_read = format == AuditFormat::Ndjson;
    let (mut next, mut early) = (0, BTreeMap::new());
    while let Ok(batch) = checked.recv() {
        early.insert(batch.number, batch.items);
        while let Some(items) = early.remove(&next) {
            next += 1;
            for item in items {
                match item {
                    Ok(mut seen) => {
                        digest.add(&mut seen);
                        if is_read {
                            is_read = still_read(write_finding_lines(&seen.checked, &mut out))?;
                        }
                    }
                    Err(gap) => digest.gap(&gap),
                }
            }
        }
    }
    still_read(out.flush())?;
    Ok(digest)
}
