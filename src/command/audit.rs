//! `proclint audit SOURCE`: all records of a project, one after the other, whatever their number.

mod feed;
mod output;
mod work;

use std::io;
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex};
use std::thread;

use proclint::audit::{Digest, Plan};
use proclint::finding::NotChecked;
use proclint::split::InputHash;

use self::feed::Feed;
pub use self::output::{render, verdict, write};
use self::work::{Checker, report};
use super::plan::{Remedies, planning};
use super::policies::policies;
use super::setup::{setup, today, world};
use super::shard::{self, hash_setup};
use super::source::each_chunk;
use super::stock::stock;
use super::{Fault, Outcome};
use crate::args::AuditArgs;

/// Batches that wait for a thread, for each of them.
const WAITING: usize = 2;

/// Runs the command.
///
/// # Errors
/// Where the source cannot be read, after what was read before it was reported.
pub fn run(args: &AuditArgs) -> Result<Outcome, Fault> {
    if let Some(plan) = &args.remedies.apply {
        return super::apply::run(args, plan);
    }
    let today = today(args.today.as_deref())?;
    let setup = setup(&args.rules, &[])?;
    let world = world(&setup, today);
    let shard = args.shard.map(shard::chosen).transpose()?;
    let jobs = args.jobs.map_or_else(|| thread::available_parallelism().map_or(1, usize::from), usize::from);
    let (to_check, batches) = sync_channel(jobs * WAITING);
    let (to_report, checked) = sync_channel(jobs * WAITING);
    // The last thread that ends gives it up, so that nobody hands on what nobody takes.
    let batches = Arc::new(Mutex::new(batches));
    let digest = Digest::new(today.to_string(), setup.rules.len());
    let mut digest = if shard.is_some() { digest.deferring() } else { digest };
    digest.hygiene = Some(stock(args, &setup, &world)?);
    let policies = policies(args, &setup)?;
    digest.policies = policies.as_ref().map(|(_, survey)| survey.clone());
    let policies = policies.as_ref();
    let planning = planning(args);
    let mut remedies = Remedies::begin(args, &setup, &planning, today.to_string())?;
    let mut feed = Feed::new(to_check, shard.map(|shard| (shard, InputHash::default())));
    hash_setup(&mut |text| feed.hash(text), &setup, &args.rules, &world);
    feed.hash(&format!("{:?} {}", args.project, args.show_confidential));
    // Before any record is seen, all shards know the same of labels, milestones and policies.
    feed.hash(&serde_json::to_string(&(&digest.hygiene, &digest.policies)).unwrap_or_default());
    let plan = Plan::of(&setup.rules);
    let show_confidential = args.show_confidential;
    let (digest, read, feed) = thread::scope(|scope| {
        for _ in 0..jobs {
            let (to_report, batches) = (to_report.clone(), Arc::clone(&batches));
            let (rules, plan, world, planning) = (&setup.rules, &plan, &world, &planning);
            let checker = Checker { rules, plan, world, policies, planning, show_confidential };
            scope.spawn(move || checker.work(&batches, &to_report));
        }
        drop((to_report, batches));
        let format = args.format;
        let remedies = &mut remedies;
        let reporter = scope.spawn(move || report(checked, digest, format, remedies));
        let project = args.project.as_deref();
        let read = each_chunk(&args.source, &setup, &world, project, &mut |chunk| feed.take(chunk));
        let fed = feed.end();
        (reporter.join(), read, fed)
    });
    // A thread that panicked is a fault of proclint, which has been told on standard error by then.
    let digest = digest.unwrap_or_else(|_| Err(io::Error::other("a fault of proclint")));
    let fault = |source| Fault::Write { path: "standard output".to_owned(), source };
    let (mut digest, broken) = digest.map_err(fault)?;
    let read = broken.map_or(read, |broken| Err(broken.into()));
    if let Err(fault) = &read {
        // What goes to a program must not look complete.
        let reason = fault.to_string();
        digest.gap(&NotChecked { subject: args.source.clone(), rule: None, reason });
    }
    let digest = write(digest, args.format, feed.part(read.is_ok()).as_ref()).map_err(fault)?;
    read?;
    // A source that broke off has left by now: half a plan would look like all of it.
    remedies.finish(&digest, &setup.rules, args.format)?;
    Ok(feed.idle(&digest).unwrap_or_else(|| verdict(args.fail_on, &digest)))
}
