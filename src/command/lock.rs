//! The lock of a project's own rules: written on request, and asked whenever rules are read.

use std::io;
use std::path::Path;

use proclint::load::{name_of, read_small, repository_root};
use proclint::report::count;
use proclint::rule::lock::{LOCK_FILE, Lock};
use proclint::rule::set::OwnFile;
use proclint::save::put;

use super::list::print;
use super::setup::{folders_of, own_rules};
use super::{Fault, Outcome};
use crate::args::RuleArgs;

/// Writes the lock of the rules that the configuration and `args` name.
///
/// # Errors
/// Where there are none, or they cannot be read, or the lock not be written.
pub fn write(args: &RuleArgs) -> Result<Outcome, Fault> {
    let (root, folders) = folders_of(args)?;
    let mut files = Vec::new();
    for folder in folders {
        files.extend(own_rules(&folder)?.into_iter().map(|file| (named(&root, &file), file.text)));
    }
    if files.is_empty() {
        return Err(Fault::NothingToLock);
    }
    let lock = Lock::of(files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    let path = root.join(LOCK_FILE);
    let fault = |source| Fault::Write { path: path.display().to_string(), source };
    put(&path, lock.text().as_bytes()).map_err(fault)?;
    print(&format!("{LOCK_FILE} pins {}\n", count(lock.len(), "rule file")))
}

/// The lock at `root`; `None` where there is none.
///
/// # Errors
/// Where it cannot be read or is damaged.
pub fn read(root: &Path) -> Result<Option<Lock>, Fault> {
    match read_small(&root.join(LOCK_FILE)) {
        Ok(text) => Ok(Some(Lock::read(&text)?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Fault::FoundFile { path: LOCK_FILE.to_owned(), source }),
    }
}

/// Holds `files`, the rules in `folder`, against `lock`. A folder of the configuration has to be in it; one that only
/// the command line names may be new.
///
/// # Errors
/// Where they are not what was locked.
pub fn verify(
    lock: Option<&Lock>,
    root: &Path,
    folder: &Path,
    files: &[OwnFile],
    configured: bool,
) -> Result<(), Fault> {
    let name = name_of(root, folder);
    let Some(lock) = lock.filter(|lock| configured || lock.pins(&name)) else { return Ok(()) };
    let files: Vec<_> = files.iter().map(|file| (named(root, file), file.text.as_str())).collect();
    Ok(lock.verify(&name, files.iter().map(|(path, text)| (path.as_str(), *text)))?)
}

/// The rules in `folder`, held against the lock of the repository you stand in.
///
/// # Errors
/// Where they cannot be read or are not what was locked.
pub fn locked_rules(folder: &Path) -> Result<Vec<OwnFile>, Fault> {
    let root = repository_root(&std::env::current_dir().unwrap_or_default());
    let files = own_rules(folder)?;
    verify(read(&root)?.as_ref(), &root, folder, &files, false)?;
    Ok(files)
}

fn named(root: &Path, file: &OwnFile) -> String {
    name_of(root, Path::new(&file.path))
}
