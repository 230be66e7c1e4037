//! What `--over` and its like name: records in a file, an unpacked export or standard input, or files of a project.

use std::ops::ControlFlow;
use std::path::Path;

use proclint::finding::NotChecked;
use proclint::load::harvest::{saved_gaps, unfinished};
use proclint::load::{Chunk, LoadError, RecordKind, each_packed, export_files, is_packed};
use proclint::subject::Subject;
use proclint::world::World;

use super::Fault;
use super::files::read_files;
use super::input::each_chunk_of;
use super::setup::Setup;

/// Hands what `source` holds to `visit` until that has enough: records of NDJSON in chunks, which are still to be
/// parsed, everything else one by one.
///
/// # Errors
/// Where it cannot be read, after the subjects before that were visited.
pub fn each_chunk(
    source: &str,
    setup: &Setup,
    world: &World,
    project: Option<&str>,
    visit: &mut dyn FnMut(Chunk) -> ControlFlow<()>,
) -> Result<(), Fault> {
    let project = project.or(world.project.as_deref());
    let path = Path::new(source);
    let mut flow = ControlFlow::Continue(());
    let mut visit = |chunk| {
        if flow.is_continue() {
            flow = visit(chunk);
        }
        flow
    };
    let mut visit_one = |subject| {
        let _ = visit(Chunk::Subject(Box::new(subject)));
    };
    if is_packed(path) {
        return Ok(each_packed(path, project, &mut visit_one)?);
    }
    let export = export_files(path);
    let unfinished = unfinished(path);
    if !export.is_empty() || unfinished.is_some() {
        let unreadable = |error| LoadError::Unreadable { path: source.to_owned(), source: error };
        let gaps = saved_gaps(path).map_err(unreadable)?;
        gaps.into_iter().chain(unfinished).for_each(|gap| visit_one(Err(gap)));
        // A project may have no merge requests.
        let export = export.iter().filter(|file| file.metadata().is_ok_and(|file| file.len() > 0));
        let mut files = export.map(|file| file.to_string_lossy());
        return files.try_for_each(|file| each_chunk_of(&file, RecordKind::Any, project, &mut visit));
    }
    let holds_records =
        |extension: &std::ffi::OsStr| ["json", "ndjson", "jsonl"].iter().any(|of| extension == *of);
    if source == "-" || path.extension().is_some_and(holds_records) {
        return each_chunk_of(source, RecordKind::Any, project, &mut visit);
    }
    files(path, setup, world, &mut |subject| {
        let _ = visit(Chunk::Subject(Box::new(subject)));
    })
}

fn files(
    path: &Path,
    setup: &Setup,
    world: &World,
    visit: &mut dyn FnMut(Result<Subject, NotChecked>),
) -> Result<(), Fault> {
    let (subjects, gaps) = read_files(&[path.to_owned()], setup, &|_| true)?;
    let subjects = subjects.into_iter().map(|subject| Subject { project: world.project.clone(), ..subject });
    gaps.into_iter().map(Err).chain(subjects.map(Ok)).for_each(visit);
    Ok(())
}
