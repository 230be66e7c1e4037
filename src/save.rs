//! Puts a new text in the place of a file's old one, so that whoever reads it, or stops us, finds the old or the new
//! one whole.

mod lines;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use miette::Diagnostic;
use tempfile::{Builder, NamedTempFile};
use thiserror::Error;

pub use lines::{Lines, LinesError};

/// How the names of unfinished files begin and end.
const UNFINISHED: (&str, &str) = (".proclint-", ".unfinished");

/// Why a file was not changed.
#[derive(Debug, Error, Diagnostic)]
pub enum SaveError {
    /// The file or its folder does not let itself be written.
    #[error("cannot be written: {0}")]
    #[diagnostic(code(proclint::unwritable), help("check the permissions of the file and of its folder"))]
    Unwritable(#[source] io::Error),
    /// Somebody else wrote it meanwhile.
    #[error("changed while it was checked")]
    #[diagnostic(code(proclint::changed), help("run proclint again"))]
    Changed,
}

/// Writes `new` to the file at `path`, which holds `old`; a symbolic link is followed, its target changed. Mode and,
/// where the system lets us, owner stay as they are.
///
/// # Errors
/// Where the file cannot be written or holds something else by now; it is then as it was.
pub fn save(path: &Path, old: &str, new: &str) -> Result<(), SaveError> {
    let target = path.canonicalize().map_err(SaveError::Unwritable)?;
    let before = fs::metadata(&target).map_err(SaveError::Unwritable)?;
    if before.permissions().readonly() {
        return Err(SaveError::Unwritable(io::Error::new(
            io::ErrorKind::PermissionDenied,
            "the file is read-only",
        )));
    }
    // The folder's permissions decide about a renaming; the file's own have to be asked.
    OpenOptions::new().write(true).open(&target).map_err(SaveError::Unwritable)?;
    let folder = target.parent().unwrap_or(Path::new("."));
    let unfinished = write(folder, new.as_bytes(), Some(&before)).map_err(SaveError::Unwritable)?;
    if fs::read(&target).map_err(SaveError::Unwritable)? != old.as_bytes() {
        return Err(SaveError::Changed);
    }
    unfinished.persist(&target).map_err(|error| SaveError::Unwritable(error.error))?;
    Ok(())
}

/// Writes `bytes` to the file at `path`, new or not, so that nobody finds half of them; a symbolic link is followed. A
/// pipe or a device is written to, not replaced.
///
/// # Errors
/// Where the file cannot be written; it is then as it was.
pub fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let before = fs::metadata(&target).ok();
    if before.as_ref().is_some_and(|before| !before.is_file()) {
        return OpenOptions::new().write(true).open(&target)?.write_all(bytes);
    }
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    write(folder, bytes, before.as_ref())?.persist(&target).map_err(|error| error.error)?;
    Ok(())
}

fn write(folder: &Path, bytes: &[u8], like: Option<&fs::Metadata>) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(UNFINISHED.0).suffix(UNFINISHED.1);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As any new file; the system takes off what the user's mask says.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder).map_err(|error| bare(folder, &error))?;
    // The lock tells other runs that the file is still being written; not every file system has locks.
    let _ = file.as_file().try_lock();
    file.write_all(bytes)?;
    if let Some(like) = like {
        #[cfg(unix)]
        {
            use std::os::unix::fs::{MetadataExt, fchown};
            let own = file.as_file().metadata()?;
            if (own.uid(), own.gid()) != (like.uid(), like.gid()) {
                // Only root may give files away.
                let _ = fchown(file.as_file(), Some(like.uid()), Some(like.gid()));
            }
        }
        file.as_file().set_permissions(like.permissions())?;
    }
    file.as_file().sync_all()?;
    Ok(file)
}

/// Why nothing can be written in `folder`, without the name of the unfinished file, which means nothing to anybody.
fn bare(folder: &Path, error: &io::Error) -> io::Error {
    fs::metadata(folder).err().unwrap_or_else(|| error.kind().into())
}

/// Removes from the folder of `path` what runs that were stopped left unfinished, and returns it; what another run is
/// writing stays.
pub fn sweep(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let left = entries.filter(|entry| {
        let name = entry.file_name();
        name.to_str().is_some_and(is_unfinished) && entry.file_type().is_ok_and(|kind| kind.is_file())
    });
    let idle = |path: &PathBuf| File::open(path).is_ok_and(|file| file.try_lock().is_ok());
    left.map(|entry| entry.path()).filter(idle).filter(|path| fs::remove_file(path).is_ok()).collect()
}

fn is_unfinished(name: &str) -> bool {
    name.starts_with(UNFINISHED.0) && name.ends_with(UNFINISHED.1)
}
