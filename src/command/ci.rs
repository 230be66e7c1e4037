//! `proclint ci`: the whole job of a pipeline. A merge request is judged with its changed files; any other pipeline
//! checks the project as it is.

mod facts;
mod note;
pub mod policy;
mod preview;
mod record;

use std::path::PathBuf;
use std::time::Instant;

use proclint::finding::{NotChecked, Report};
use proclint::load::gitlab::Item;
use proclint::load::{Changes, GitError, LoadError, Pipeline, Request, Stretch, repository_root};
use proclint::report::Format;
use proclint::world::World;

use self::note::Note;
use self::policy::Policy;
use self::record::Judged;
use super::deadline::Deadline;
use super::input::read_all;
use super::output::{conclude, write_files, write_reports};
use super::run::Run;
use super::server::server;
use super::setup::{Setup, setup, today, world};
use super::terminal::style;
use super::{Fault, Outcome};
use crate::args::{CiArgs, FormatArg, InputArgs};

/// Where GitLab's job looks for the report of its Code Quality widget.
const CODE_QUALITY: &str = "gl-code-quality-report.json";

/// What is judged in one go.
struct Case<'c> {
    args: &'c CiArgs,
    pipeline: &'c Pipeline,
    /// The merge request's own text.
    record: Option<Judged>,
    /// The lines that count as new; all where `None`.
    changes: Option<Changes>,
    /// Whether there are files to read.
    files: bool,
    /// When nothing more is looked at.
    deadline: Deadline,
}

/// Runs the command.
///
/// # Errors
/// Where nothing can be checked, or a report cannot be written.
pub fn run(args: &CiArgs) -> Result<Outcome, Fault> {
    let start = Instant::now();
    let env = |name: &str| std::env::var(name).ok();
    let pipeline = Pipeline::from_env(&env);
    let deadline = Deadline::after(start, args.timeout);
    let mut output = args.output.clone();
    if output.report.is_empty() && env("GITLAB_CI").is_some() {
        output.report.push((FormatArg(Format::Gitlab), PathBuf::from(CODE_QUALITY)));
    }
    // The widget compares with the whole project.
    let is_compared = |(format, _): &(FormatArg, PathBuf)| *format == FormatArg(Format::Gitlab);
    let compared: Vec<_> = output.report.extract_if(.., |report| is_compared(report)).collect();
    let (report, whole, note) = match &pipeline.request {
        Some(request) => merge_request(args, &pipeline, request, deadline, !compared.is_empty())?,
        None if pipeline.branch.is_some() => (branch(args, &pipeline, deadline)?, None, None),
        None => {
            let source_is = pipeline.source.map_or("not set".to_owned(), |source| format!("`{source}`"));
            return Err(LoadError::NotMergeRequestPipeline { source_is }.into());
        }
    };
    let style = style(args.output.color, args.output.quiet, Some(start.elapsed()));
    write_files(&compared, whole.as_ref().unwrap_or(&report), &style)?;
    write_reports(&output, &report, style, None)?;
    let outcome = conclude(&args.output, &report, None);
    if let Some(note) = note.filter(|_| !args.no_note) {
        note.post(&report, outcome != Outcome::Clean);
    }
    Ok(outcome)
}

/// Judges a merge request by the policy of its target branch; with `compared`, also what all files say, old or new.
fn merge_request(
    args: &CiArgs,
    pipeline: &Pipeline,
    request: &Request,
    deadline: Deadline,
    compared: bool,
) -> Result<(Report, Option<Report>, Option<Note>), Fault> {
    let env = |name: &str| std::env::var(name).ok();
    let root = repository_root(&std::env::current_dir().unwrap_or_default());
    let stretch = match Stretch::find(&root, request) {
        Ok(stretch) => Some(stretch),
        // Without a checkout there is neither a policy to be changed nor a file to be checked.
        Err(GitError::NoRepository { .. }) => None,
        Err(error) => return Err(LoadError::Git(error).into()),
    };
    let gitlab = server(args.server, deadline, &env);
    let record = record::read(request, gitlab.as_ref(), &root, stretch.as_ref())?;
    let online = record.online;
    let changes = stretch.as_ref().map(|stretch| Changes::between(&root, stretch)).transpose();
    let changes = changes.map_err(LoadError::Git)?;
    let trusted = Policy::of_target(&args.policy, &root, stretch.as_ref())?;
    let setup = trusted.setup(&args.policy, &root)?;
    let case = Case {
        args,
        pipeline,
        record: Some(record),
        changes: changes.clone().filter(|_| !args.all_files),
        files: stretch.is_some(),
        deadline,
    };
    let mut world = shared(args, pipeline, &setup)?;
    if let Some(templates) = &trusted.templates {
        world.set_request_forms(templates);
    }
    let gitlab = gitlab.ok().flatten().filter(|_| online);
    let gap = gitlab.as_ref().and_then(|gitlab| facts::read(gitlab, &request.project, &mut world));
    let mut report = judge(&case, &setup, &world, &trusted)?;
    report.not_checked.extend(trusted.gaps().chain(gap));
    report.not_checked.sort();
    if let Some(stretch) = &stretch {
        report.preview = preview::read(&case, &trusted, &root, stretch, &world, &report);
    }
    let all = Case { changes: None, ..case };
    let whole = (compared && !args.all_files && all.files).then(|| judge(&all, &setup, &world, &trusted));
    let whole = whole.transpose()?;
    if let Some(reason) = whole.as_ref().and_then(|_| deadline.passed()) {
        // What GitLab compares with cannot say itself that it has gaps.
        let subject = "the Code Quality report of all files".to_owned();
        report.not_checked.push(NotChecked { subject, rule: None, reason });
        report.not_checked.sort();
    }
    let note = gitlab.zip(all.record).map(|(gitlab, Judged { subject, stamp, .. })| {
        let item = Item::merge_request(&request.project, request.iid);
        Note { gitlab, item, subject, stamp }
    });
    Ok((report, whole, note))
}

/// Checks the project as its branch has it.
fn branch(args: &CiArgs, pipeline: &Pipeline, deadline: Deadline) -> Result<Report, Fault> {
    let setup = setup(&args.policy.rules, &[])?;
    let world = shared(args, pipeline, &setup)?;
    let case = Case { args, pipeline, record: None, changes: None, files: true, deadline };
    let policy = Policy::of_work_tree(&args.policy, &setup.root)?;
    judge(&case, &setup, &world, &policy)
}

/// Runs the rules of `setup` over everything in `case`.
fn judge(case: &Case<'_>, setup: &Setup, world: &World, policy: &Policy) -> Result<Report, Fault> {
    let list = policy.baseline();
    let mut run = Run::new(setup, world);
    run.keep_text = true;
    run.ignore_waivers = case.args.no_waivers;
    run.deadline = case.deadline;
    run.only_new.baseline = list.as_ref().map(super::baseline::List::parsed).transpose()?;
    run.only_new.changes.clone_from(&case.changes);
    if let Some(record) = &case.record {
        run.gaps(record.gaps.clone());
        run.take(Ok(record.subject.clone()), None);
    }
    if case.files {
        let input = InputArgs { jobs: case.args.jobs, ..InputArgs::default() };
        let read = read_all(&input, setup, &run, case.args.verbose > 0)?;
        if let Some(list) = &list {
            run.tell_stale(list, &case.args.policy.rules, &read.folders);
        }
    }
    Ok(run.report())
}

fn shared(args: &CiArgs, pipeline: &Pipeline, setup: &Setup) -> Result<World, Fault> {
    let mut world = world(setup, today(args.today.as_deref())?);
    if setup.config.project.is_none() && pipeline.project.is_some() {
        world.project.clone_from(&pipeline.project);
    }
    Ok(world)
}
