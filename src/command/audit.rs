//! `proclint audit SOURCE`: all records of a project, one after the other, whatever their number.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use proclint::audit::{Digest, Profile, Seen};
use proclint::diagnostic::Severity;
use proclint::engine::{check, redact::redact};
use proclint::finding::NotChecked;
use proclint::report::{write_digest, write_digest_markdown, write_finding_lines};
use proclint::rule::RuleSet;
use proclint::subject::Subject;
use proclint::world::World;

use super::setup::{setup, today, world};
use super::source::each_subject;
use super::{Fault, Outcome};
use crate::args::{AuditArgs, AuditFormat, FailOn};

/// Subjects that are handed to a thread at once.
const BATCH: usize = 64;

/// Batches that wait for a thread, for each of them.
const WAITING: usize = 2;

/// Runs the command.
///
/// # Errors
/// Where the source cannot be read, after what was read before it was reported.
pub fn run(args: &AuditArgs) -> Result<Outcome, Fault> {
    let today = today(args.today.as_deref())?;
    let setup = setup(&args.rules, &[])?;
    let world = world(&setup, today);
    let jobs = args.jobs.map_or_else(|| thread::available_parallelism().map_or(1, usize::from), usize::from);
    let (to_check, batches) = sync_channel(jobs * WAITING);
    let (to_report, checked) = sync_channel(jobs * WAITING);
    // The last thread that ends gives it up, so that nobody hands on what nobody takes.
    let batches = Arc::new(Mutex::new(batches));
    let digest = Digest::new(today.to_string(), setup.rules.len());
    let (digest, read) = thread::scope(|scope| {
        for _ in 0..jobs {
            let (to_report, batches) = (to_report.clone(), Arc::clone(&batches));
            let (rules, world) = (&setup.rules, &world);
            scope.spawn(move || work(&batches, &to_report, rules, world, args.show_confidential));
        }
        drop((to_report, batches));
        let format = args.format;
        let reporter = scope.spawn(move || report(&checked, digest, format));
        let mut feed = Feed { to_check, batch: Vec::with_capacity(BATCH), number: 0 };
        let read = each_subject(&args.source, &setup, &world, args.project.as_deref(), &mut |subject| {
            feed.take(subject);
        });
        feed.send();
        drop(feed);
        (reporter.join(), read)
    });
    // A thread that panicked is a fault of proclint, which has been told on standard error by then.
    let mut digest = digest.unwrap_or_else(|_| Err(io::Error::other("a fault of proclint")));
    let fault = |source| Fault::Write { path: "standard output".to_owned(), source };
    if let (Ok(digest), Err(fault)) = (&mut digest, &read) {
        // What goes to a program must not look complete.
        let reason = fault.to_string();
        digest.gap(&NotChecked { subject: args.source.clone(), rule: None, reason });
    }
    let digest = digest.map_err(fault)?;
    still_read(write(&digest, args.format)).map_err(fault)?;
    read?;
    Ok(verdict(args.fail_on, &digest))
}

/// What the thread that reads hands on.
struct Feed {
    to_check: SyncSender<Batch<Result<Subject, NotChecked>>>,
    batch: Vec<Result<Subject, NotChecked>>,
    number: usize,
}

/// What travels together, with its place among its like.
struct Batch<T> {
    number: usize,
    items: Vec<T>,
}

impl Feed {
    fn take(&mut self, subject: Result<Subject, NotChecked>) {
        self.batch.push(subject);
        if self.batch.len() == BATCH {
            self.send();
        }
    }

    fn send(&mut self) {
        let items = std::mem::replace(&mut self.batch, Vec::with_capacity(BATCH));
        // Nobody listens where a thread panicked; that is told where it is joined.
        let _ = self.to_check.send(Batch { number: self.number, items });
        self.number += 1;
    }
}

/// Checks batches until there are no more.
fn work(
    batches: &Mutex<Receiver<Batch<Result<Subject, NotChecked>>>>,
    to_report: &SyncSender<Batch<Result<Seen, NotChecked>>>,
    rules: &RuleSet,
    world: &World,
    show_confidential: bool,
) {
    let next = || batches.lock().unwrap_or_else(PoisonError::into_inner).recv();
    while let Ok(Batch { number, items }) = next() {
        let checked = |subject: Subject| {
            let mut checked = check(&subject, rules, world, false);
            if !show_confidential {
                redact(&subject, &mut checked);
            }
            Seen { profile: Profile::of(&subject, show_confidential), checked }
        };
        let items = items.into_iter().map(|item| item.map(checked)).collect();
        if to_report.send(Batch { number, items }).is_err() {
            return;
        }
    }
}

/// Counts what was checked in the order of the source, and writes each finding where it is listed.
fn report(
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

/// Whether somebody still reads what is written; who has seen enough, as `head` has, leaves the verdict as it is.
fn still_read(written: io::Result<()>) -> io::Result<bool> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        written => written.map(|()| true),
    }
}

fn write(digest: &Digest, format: AuditFormat) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    match format {
        AuditFormat::Human => write_digest(digest, &mut out)?,
        AuditFormat::Markdown => write_digest_markdown(digest, &mut out)?,
        AuditFormat::Json => {
            serde_json::to_writer_pretty(&mut out, digest)?;
            writeln!(out)?;
        }
        AuditFormat::Ndjson => {
            serde_json::to_writer(&mut out, &serde_json::json!({"type": "digest", "digest": digest}))?;
            writeln!(out)?;
        }
    }
    out.flush()
}

fn verdict(fail_on: FailOn, digest: &Digest) -> Outcome {
    if digest.subjects == 0 {
        return Outcome::Unchecked;
    }
    let found = match fail_on {
        FailOn::Never => 0,
        FailOn::Error => digest.count(Severity::Error),
        FailOn::Warning => digest.count(Severity::Error) + digest.count(Severity::Warning),
        FailOn::Info => digest.found.values().map(proclint::audit::RuleTally::findings).sum(),
    };
    if found > 0 { Outcome::Findings } else { Outcome::Clean }
}
