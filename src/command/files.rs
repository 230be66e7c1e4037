//! The files of a project, read for commands that look at all of them.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use proclint::finding::NotChecked;
use proclint::load::{FileInput, MAX_BYTES, WalkOptions, WalkSummary, each_file};
use proclint::subject::Subject;

use super::Fault;
use super::setup::Setup;

/// Hands every file below `roots` that the configuration does not leave out to `visit`, on several threads, and sums
/// up what was seen.
///
/// # Errors
/// Where a root cannot be read, or a glob of the configuration.
pub fn each_file_of(
    roots: &[PathBuf],
    setup: &Setup,
    visit: &(dyn Fn(Result<FileInput, NotChecked>) + Sync),
) -> Result<WalkSummary, Fault> {
    let exclude: Vec<String> = setup.exclude().collect();
    let kinds = setup.kinds()?;
    let options = WalkOptions {
        jobs: 0,
        exclude: &exclude,
        kinds: &kinds,
        base: &setup.root,
        max_bytes: MAX_BYTES,
        reads: None,
    };
    Ok(each_file(roots, &options, visit)?)
}

/// The files below `roots` that are `wanted`, and what could not be read, each in the order of names.
///
/// # Errors
/// As [`each_file_of`].
pub fn read_files(
    roots: &[PathBuf],
    setup: &Setup,
    wanted: &(dyn Fn(&Subject) -> bool + Sync),
) -> Result<(Vec<Subject>, Vec<NotChecked>), Fault> {
    let read = Mutex::new((Vec::new(), Vec::new()));
    each_file_of(roots, setup, &|input| {
        let mut read = read.lock().unwrap_or_else(PoisonError::into_inner);
        match input {
            Ok(input) if wanted(&input.subject) => read.0.push(input.subject),
            Ok(_) => {}
            Err(gap) => read.1.push(gap),
        }
    })?;
    let (mut subjects, mut gaps) = read.into_inner().unwrap_or_else(PoisonError::into_inner);
    subjects.sort_by(|a, b| a.name.cmp(&b.name));
    gaps.sort();
    Ok((subjects, gaps))
}
