//! `proclint check`: read the subjects, run the rules, print the reports.

use std::path::Path;
use std::time::Instant;

use proclint::load::read_titles;
use proclint::world::Titles;

use super::baseline::List;
use super::deadline::Deadline;
use super::fix::{self, Fixing};
use super::input::{changes, read_all};
use super::output::{conclude, needs_texts, write_reports};
use super::run::Run;
use super::setup::{setup, today, world};
use super::shard;
use super::terminal::style;
use super::{Fault, Outcome};
use crate::args::CheckArgs;

/// Runs the command.
///
/// # Errors
/// Where nothing can be checked, or a report cannot be written.
pub fn run(args: &CheckArgs) -> Result<Outcome, Fault> {
    let start = Instant::now();
    let fixing = Fixing::of(&args.fixes)?;
    let today = today(args.input.today.as_deref())?;
    let setup = setup(&args.rules, &args.input.paths)?;
    let mut world = world(&setup, today);
    let project = args.input.project.as_deref().or(world.project.as_deref());
    let mut titles =
        args.titles.as_deref().map(|file| read_titles(file, project)).transpose()?.unwrap_or_default();
    if let Some(file) = args.input.issues.as_deref().filter(|file| fixing.is_some() && *file != "-") {
        // What is wrong with the records is said where they are checked.
        titles.extend(read_titles(Path::new(file), project).unwrap_or_default());
    }
    world.titles = Titles::new(titles);
    let list = args.new.baseline.as_deref().map(|path| List::read(path, &setup.root)).transpose()?;
    let mut run = Run::new(&setup, &world);
    run.shard = args.shard.map(shard::chosen).transpose()?;
    run.deadline = Deadline::after(start, args.timeout);
    shard::hash_options(&run, args, &setup, list.as_ref());
    (run.keep_text, run.ignore_waivers, run.fixing) =
        (needs_texts(&args.output) || run.shard.is_some(), args.no_waivers, fixing);
    run.only_new.baseline = list.as_ref().map(List::parsed).transpose()?;
    run.only_new.changes = changes(&args.new, &setup.root)?;
    let read = read_all(&args.input, &setup, &run, args.verbose > 0);
    let idle = read.as_ref().ok().and_then(|read| read.idle.clone());
    if run.is_empty() && idle.is_none() {
        read?;
        return Err(Fault::NothingToCheck);
    }
    if let Err(fault) = &read {
        // A report that goes to a program alone must not look complete.
        run.broke(fault.to_string());
    }
    // What was not read may hold what the baseline lists.
    if let (Some(list), Ok(read), false) = (&list, &read, run.is_cut_short()) {
        run.tell_stale(list, &args.rules, &read.folders);
    }
    let (piped, elsewhere) = (run.piped(), run.elsewhere());
    let mut report = run.report();
    report.part = run.part(read.is_ok() && !run.is_cut_short(), idle.clone());
    let (mut fixed, mut unfixed) = (None, Vec::new());
    if let Some(fixing) = fixing {
        (fixed, unfixed) = fix::run(&mut report, fixing, &setup.rules, &world, args);
    }
    let style = style(args.output.color, args.output.quiet, Some(start.elapsed()));
    // Standard input has no file to be written to.
    let piped = piped.filter(|_| fixing.is_some_and(Fixing::writes)).map(|text| fixed.unwrap_or(text));
    write_reports(&args.output, &report, style, piped.as_deref())?;
    // What was read before the input broke is reported all the same; the run has still failed.
    read?;
    if !unfixed.is_empty() {
        return Err(Fault::Unfixed { files: unfixed });
    }
    let idle = shard::empty(&report, elsewhere).or(idle);
    let outcome = match conclude(&args.output, &report, idle.as_deref()) {
        // The other shards have checked something; whether nobody has is for `merge` to say.
        Outcome::Unchecked if elsewhere > 0 => Outcome::Clean,
        outcome => outcome,
    };
    // The process ends here; giving all memory back piece by piece takes longer than reading a small file, and the code
    // that does it takes memory, too.
    std::mem::forget(run);
    std::mem::forget((setup, world, report));
    Ok(outcome)
}
