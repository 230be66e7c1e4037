//! `proclint audit SOURCE`: all records of a project, one after the other, whatever their number.

mod feed;
mod output;
mod past;
mod stream;
mod work;

use std::ops::ControlFlow;
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Instant;

use proclint::audit::{Digest, Plan, Table};
use proclint::finding::NotChecked;
use proclint::load::Chunk;
use proclint::split::InputHash;
use proclint::subject::{Detail, Subject};

use self::feed::Feed;
pub use self::output::{Beside, Wanted, verdict, wanted, write};
use self::past::frame;
pub use self::past::{Earlier, hold};
use self::stream::Stream;
use self::work::{Checker, Sums};
use super::deadline::Deadline;
use super::online::Online;
use super::origin::origin;
use super::plan::{Remedies, planning};
use super::policies::policies;
use super::setup::{setup, today, world};
use super::shard::{self, hash_setup};
use super::source::each_chunk;
use super::stock::stock;
use super::{Fault, Outcome};
use crate::args::{AuditArgs, AuditFormat};

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
    if args.remedies.plan.is_some() && args.shard.is_some() {
        return Err(Fault::PlanOfShard);
    }
    let deadline = Deadline::after(Instant::now(), args.timeout);
    let today = today(args.today.as_deref())?;
    let setup = setup(&args.rules, &[])?;
    let world = world(&setup, today);
    let shard = args.shard.map(shard::chosen).transpose()?;
    let jobs = args.jobs.map_or_else(|| thread::available_parallelism().map_or(1, usize::from), usize::from);
    let (to_check, batches) = sync_channel(jobs * WAITING);
    let (to_report, checked) = sync_channel(jobs * WAITING);
    // The last thread that ends gives it up, so that nobody hands on what nobody takes.
    let batches = Arc::new(Mutex::new(batches));
    let earlier = args.history.as_deref().map(Earlier::read).transpose()?;
    let reports = wanted(&args.report, args.format);
    // What the merged shards are to be written as is not known yet.
    let has_table = shard.is_some() || reports.clone().any(|(format, _)| format == AuditFormat::Html);
    let digest = Digest::new(today.to_string(), setup.rules.len()).by_teams(&args.team_prefix);
    let digest = if shard.is_some() { digest.deferring() } else { digest };
    let mut digest = if has_table { digest.with_table(Table::default()) } else { digest };
    let online = Online::open(&args.source, &args.online, &origin(&args.source), deadline)?;
    digest.hygiene = Some(stock(args, &setup, &world, online.as_ref().map(|online| &online.catalogue))?);
    let policies = policies(args, &setup)?;
    digest.policies = policies.as_ref().map(|(_, survey)| survey.clone());
    let policies = policies.as_ref();
    let planning = planning(args);
    let remedies = Remedies::begin(args, &setup, &planning, today.to_string())?;
    let mut sums = Sums { digest, remedies, streams: Vec::new() };
    for (format, path) in reports.clone() {
        sums.streams.extend(Stream::new(format, path)?);
    }
    let mut feed = Feed::new(to_check, shard.map(|shard| (shard, InputHash::default())));
    hash_setup(&mut |text| feed.hash(text), &setup, &args.rules, &world);
    feed.hash(&format!("{:?} {} {:?}", args.project, args.show_confidential, args.team_prefix));
    // Before any record is seen, all shards know the same of labels, milestones and policies.
    feed.hash(&serde_json::to_string(&(&sums.digest.hygiene, &sums.digest.policies)).unwrap_or_default());
    let plan = Plan::of(&setup.rules);
    let show_confidential = args.show_confidential;
    let (sums, read, feed) = thread::scope(|scope| {
        for _ in 0..jobs {
            let (to_report, batches) = (to_report.clone(), Arc::clone(&batches));
            let (rules, plan, world, planning) = (&setup.rules, &plan, &world, &planning);
            let checker = Checker { rules, plan, world, policies, planning, show_confidential };
            scope.spawn(move || checker.work(&batches, &to_report));
        }
        drop((to_report, batches));
        let reporter = scope.spawn(move || sums.take(checked));
        let project = args.project.as_deref();
        let read = match &online {
            Some(online) => {
                let mut take = |subject| {
                    let _ = feed.take(Chunk::Subject(Box::new(subject)));
                };
                let asked = |subject: &Subject| {
                    let details = setup.rules.details_for(subject, &world);
                    if plan.follows(subject, today) { details.with(Detail::LabelEvents) } else { details }
                };
                let prints = args.format == AuditFormat::Ndjson;
                online.each_record(&args.online, &asked, prints, &mut take).map(Some)
            }
            None => {
                let mut late = None;
                let mut take = |chunk| {
                    late = late.take().or_else(|| deadline.passed());
                    if late.is_none() { feed.take(chunk) } else { ControlFlow::Break(()) }
                };
                let read = each_chunk(&args.source, &setup, &world, project, &mut take);
                read.and_then(|()| late.map_or(Ok(None), |reason| Err(Fault::TimeIsUp { reason })))
            }
        };
        let fed = feed.end();
        (reporter.join(), read, fed)
    });
    // What a thread says that panics has been told on standard error by then.
    let (mut sums, broken) = sums.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
    let read = broken.map_or(read, |broken| Err(broken.into()));
    if let Err(fault) = &read {
        // What goes to a program must not look complete.
        let reason = fault.to_string();
        sums.gap(&NotChecked { subject: args.source.clone(), rule: None, reason: reason.clone() })?;
        sums.digest.broken = Some(reason);
    }
    let Sums { mut digest, remedies, streams } = sums;
    if let (Ok(Some(complete)), Some(hygiene)) = (&read, &mut digest.hygiene) {
        hygiene.complete = *complete;
    }
    let part = feed.part(read.is_ok());
    digest.frame = frame(args, &setup);
    let beside = Beside { part: part.as_ref(), past: None };
    // `merge` wants the findings that wait for other shards apart; all other reports want them counted.
    let waits = |(format, _): &Wanted<'_>| part.is_some() && *format == AuditFormat::Json;
    reports.clone().filter(waits).try_for_each(|wanted| write(&digest, wanted, &beside))?;
    if let Some(hygiene) = digest.hygiene.as_mut().filter(|_| part.is_some()) {
        // The other shards may use what this one did not see.
        hygiene.complete = false;
    }
    let mut digest = digest.settled();
    streams.into_iter().try_for_each(|stream| stream.finish(&digest))?;
    if let Some(part) = &part {
        digest.frame.source = format!("shard {} of {}", part.shard, digest.frame.source);
    }
    hold(&mut digest, earlier.as_ref(), read.is_ok(), |digest, past| {
        let beside = Beside { part: part.as_ref(), past };
        reports.filter(|wanted| !waits(wanted)).try_for_each(|wanted| write(digest, wanted, &beside))
    })?;
    read?;
    // A source that broke off has left by now: half a plan would look like all of it.
    remedies.finish(&digest, &setup.rules, args.format)?;
    Ok(feed.idle(&digest).unwrap_or_else(|| verdict(args.fail_on, &digest)))
}
