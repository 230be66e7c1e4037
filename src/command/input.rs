//! Reads what the arguments name: records, a commit message, standard input, files.

use std::fs::File;
use std::io::{self, Read, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use proclint::finding::NotChecked;
use proclint::load::{
    Changes, Chunk, Content, FileInput, KindMap, LoadError, MAX_BYTES, Reads, RecordKind, WalkOptions,
    WalkSummary, commit_subject, each_changed, each_chunk, each_file, file_subject, from_ci, name_of,
    read_text,
};
use proclint::report::{CanonicalFiles, count};
use proclint::subject::Subject;

use super::Fault;
use super::run::Run;
use super::setup::Setup;
use crate::args::{InputArgs, NewArgs};

/// What was read, besides the subjects.
#[derive(Default)]
pub struct Extent {
    /// The folders that were read in full, relative to the root.
    pub folders: Vec<String>,
    /// Why there may be nothing to check although everything is in order.
    pub idle: Option<String>,
}

/// The changes that `args` ask for.
///
/// # Errors
/// Where git cannot tell them.
pub fn changes(args: &NewArgs, root: &Path) -> Result<Option<Changes>, Fault> {
    let asked = args.since.is_some() || args.staged;
    let read = asked.then(|| Changes::read(root, args.since.as_deref(), args.staged)).transpose();
    Ok(read.map_err(LoadError::Git)?)
}

/// Reads and checks everything that `args` name; `verbose` says how much that was.
///
/// # Errors
/// On the first input that cannot be read; what was read before it is in `run`.
pub fn read_all(args: &InputArgs, setup: &Setup, run: &Run<'_>, verbose: bool) -> Result<Extent, Fault> {
    let inputs =
        [args.merge_request.as_deref(), args.issues.as_deref(), args.stdin_filename.as_deref().map(|_| "-")];
    let message = args.commit_msg.as_deref().filter(|path| *path == Path::new("-")).map(|_| "-");
    if inputs.into_iter().chain([message]).flatten().filter(|input| *input == "-").count() > 1 {
        return Err(Fault::Stdin);
    }
    let kinds = setup.kinds()?;
    let project = args.project.as_deref().or(run.world.project.as_deref());
    let records_only = args.merge_request.is_some() || args.issues.is_some();
    let single = args.commit_msg.is_some() || args.stdin_filename.is_some();
    let has_files = !args.paths.is_empty() || !(records_only || single) || run.only_new.changes.is_some();
    let commit = args.commit_msg.as_deref().map(|path| name_of(&setup.root, path));
    if run.shard.is_some() {
        let files = if has_files { sizes(args, setup, &kinds, run)? } else { Vec::new() };
        run.split(commit.iter().chain(&args.stdin_filename).cloned().collect(), files);
    }
    if let Some(source) = &args.merge_request {
        if source == "env" {
            let (subject, gaps) = from_ci(&|name| std::env::var(name).ok())?;
            run.gaps(gaps);
            run.take_record(Ok(subject));
        } else {
            records(source, RecordKind::MergeRequest, project, run)?;
        }
    }
    if let Some(source) = &args.issues {
        records(source, RecordKind::IssueOrEpic, project, run)?;
    }
    if let (Some(path), Some(name)) = (&args.commit_msg, commit.filter(|name| run.owns(name))) {
        if path == Path::new("-") {
            run.take_piped(commit_subject(&name, stdin_text()?));
        } else {
            run.take(Ok(commit_subject(&name, read_text(path)?)), Some(path.clone()));
        }
    }
    if let Some(name) = args.stdin_filename.as_ref().filter(|name| run.owns(name)) {
        let (kind, format) = kinds.kind_of(name).ok_or_else(|| Fault::UnknownKind { name: name.clone() })?;
        run.take_piped(file_subject(name, stdin_text()?, kind, format));
    }
    if !has_files {
        return Ok(Extent::default());
    }
    files(args, setup, &kinds, run, verbose)
}

/// The files that there are to read, with their bytes.
fn sizes(
    args: &InputArgs,
    setup: &Setup,
    kinds: &KindMap,
    run: &Run<'_>,
) -> Result<Vec<(String, u64)>, Fault> {
    let sizes = Mutex::new(Vec::new());
    let reads = |name: &str, size: u64| {
        sizes.lock().unwrap_or_else(PoisonError::into_inner).push((name.to_owned(), size));
        false
    };
    // What cannot be read is told when the files are.
    walk(args, setup, kinds, run, Some(&reads), &|_| {})?;
    Ok(sizes.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// Hands the files that `args` name, or that changed, to `visit`.
fn walk(
    args: &InputArgs,
    setup: &Setup,
    kinds: &KindMap,
    run: &Run<'_>,
    reads: Option<&Reads<'_>>,
    visit: &(dyn Fn(Result<FileInput, NotChecked>) + Sync),
) -> Result<WalkSummary, Fault> {
    // What an earlier run wrote for its report is no page of the project.
    let texts = format!("{}/", CanonicalFiles::default().dir);
    let exclude: Vec<String> = setup.exclude().chain([texts]).collect();
    let options = WalkOptions {
        jobs: args.jobs.map_or(0, usize::from),
        exclude: &exclude,
        kinds,
        base: &setup.root,
        max_bytes: MAX_BYTES,
        reads,
    };
    Ok(match &run.only_new.changes {
        Some(changes) => each_changed(changes, &args.paths, &options, visit)?,
        None => each_file(&roots(args, setup), &options, visit)?,
    })
}

fn roots(args: &InputArgs, setup: &Setup) -> Vec<PathBuf> {
    if args.paths.is_empty() { vec![setup.root.clone()] } else { args.paths.clone() }
}

fn files(
    args: &InputArgs,
    setup: &Setup,
    kinds: &KindMap,
    run: &Run<'_>,
    verbose: bool,
) -> Result<Extent, Fault> {
    let visit = |input: Result<FileInput, NotChecked>| {
        let (input, file) = match input {
            Ok(input) => {
                let project = run.world.project.clone();
                (Ok(Subject { project, ..input.subject }), Some(input.path))
            }
            Err(gap) => (Err(gap), None),
        };
        run.take(input, file);
    };
    let reads = |name: &str, _| run.owns(name) && run.has_time(name);
    let chooses = run.shard.is_some() || run.deadline.is_set();
    let summary = walk(args, setup, kinds, run, chooses.then_some(&reads as &Reads<'_>), &visit)?;
    let mut read = Extent::default();
    match &run.only_new.changes {
        Some(changes) => read.idle = Some(unchanged(changes, &summary, args.paths.is_empty())),
        None => {
            let roots = roots(args, setup);
            let folders = roots.iter().filter(|root| root.is_dir());
            read.folders = folders.map(|root| name_of(&setup.root, root)).collect();
            read.idle = (summary.excluded == roots.len())
                .then(|| "the configuration excludes every file that was named".to_owned());
        }
    }
    if verbose {
        let line = format!(
            "read {}, skipped {}: excluded, binary, or of no kind proclint knows\n",
            count(summary.seen, "file"),
            summary.skipped
        );
        let _ = io::stderr().lock().write_all(line.as_bytes());
    }
    Ok(read)
}

/// Why no changed file is checked.
fn unchanged(changes: &Changes, summary: &WalkSummary, everywhere: bool) -> String {
    let what = if changes.content == Content::Index { "staged" } else { "changed" };
    match summary.skipped {
        0 => format!("no file is {what}, compared with {}", changes.against),
        skipped => format!(
            "{} {what}, compared with {}, and none is one to check: excluded, {}or of no kind proclint knows",
            count(skipped, "file"),
            changes.against,
            if everywhere { "" } else { "elsewhere, " }
        ),
    }
}

fn records(source: &str, kind: RecordKind, project: Option<&str>, run: &Run<'_>) -> Result<(), Fault> {
    one_by_one(&mut |record| run.take_record(record), |visit| {
        each_chunk_of(source, kind, project, &mut |chunk| {
            if run.reads_on(source) { visit(chunk) } else { ControlFlow::Break(()) }
        })
    })
}

/// Hands every record of the file `source`, or of standard input where it is `-`, to `visit`.
///
/// # Errors
/// Where it cannot be read, after the records before that were visited.
pub fn each_record_of(
    source: &str,
    kind: RecordKind,
    project: Option<&str>,
    visit: &mut dyn FnMut(Result<Subject, NotChecked>),
) -> Result<(), Fault> {
    one_by_one(visit, |visit| each_chunk_of(source, kind, project, visit))
}

/// Hands the subjects of the chunks that `chunks` gives to `visit`, one by one.
///
/// # Errors
/// At the first record that is no JSON, and those of `chunks`.
pub fn one_by_one(
    visit: &mut dyn FnMut(Result<Subject, NotChecked>),
    chunks: impl FnOnce(&mut dyn FnMut(Chunk) -> ControlFlow<()>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let mut broken = Ok(());
    chunks(&mut |chunk| {
        match chunk {
            Chunk::Subject(subject) => visit(*subject),
            Chunk::Records(records) => broken = records.each_record(&mut |_, subject| visit(subject)),
        }
        if broken.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    Ok(broken?)
}

/// Hands the records of the file `source`, or of standard input where it is `-`, to `visit`, in chunks where they stand
/// one after the other, until that has enough.
///
/// # Errors
/// Where it cannot be read, after the records before that were visited.
pub fn each_chunk_of(
    source: &str,
    kind: RecordKind,
    project: Option<&str>,
    visit: &mut dyn FnMut(Chunk) -> ControlFlow<()>,
) -> Result<(), Fault> {
    let unreadable = |error| LoadError::Unreadable { path: source.to_owned(), source: error };
    let reader: Box<dyn Read> = match source {
        "-" => Box::new(io::stdin().lock()),
        path => Box::new(File::open(path).map_err(unreadable)?),
    };
    let name = if source == "-" { "standard input" } else { source };
    each_chunk(reader, kind, name, project, visit)?;
    Ok(())
}

fn stdin_text() -> Result<String, Fault> {
    let mut bytes = Vec::new();
    let unreadable = |source| LoadError::Unreadable { path: "standard input".to_owned(), source };
    io::stdin().lock().read_to_end(&mut bytes).map_err(unreadable)?;
    String::from_utf8(bytes)
        .map_err(|error| unreadable(io::Error::new(io::ErrorKind::InvalidData, error)).into())
}
