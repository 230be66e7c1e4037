//! Puts a new text in the place of a file's old one, so that whoever reads it, or stops us, finds the old or the new
//! one whole.

mod lines;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
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
    write(folder(&target), bytes, before.as_ref())?.persist(&target).map_err(|error| error.error)?;
    Ok(())
}

/// Writes `bytes` to a file at `path` that is not there yet, so that nobody finds half of them.
///
/// # Errors
/// Where there is one by now, and where it cannot be written; nothing is left then.
pub fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write(folder(path), bytes, None)?.persist_noclobber(path).map_err(|error| error.error)?;
    Ok(())
}

/// Appends `line` to the file at `path`, new or not, in one piece, so that lines of runs at the same time do not mix. What
/// a run that was stopped left without an end of line stays a line of its own.
///
/// # Errors
/// Where the file cannot be written, or took only a part of the line, which is taken away again.
pub fn append(path: &Path, line: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
    // Not every file system has locks; the line is in one piece without one, too.
    let is_alone = file.lock().is_ok();
    let before = file.metadata()?.len();
    let is_cut = before > 0 && {
        let mut last = [0];
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
        last != *b"\n"
    };
    let line = if is_cut { format!("\n{line}") } else { line.to_owned() };
    let written = file.write(line.as_bytes())?;
    if written < line.len() {
        // Asked for the rest, the system says what is in the way.
        let rest = line.as_bytes().get(written..).filter(|_| is_alone);
        let rest = rest.map_or_else(|| Err(io::ErrorKind::WriteZero.into()), |rest| file.write_all(rest));
        if rest.is_err() && is_alone {
            file.set_len(before)?;
        }
        rest?;
    }
    file.sync_all()
}

/// A file that grows beside the one it will replace, for what does not fit into memory; it is gone where it is dropped
/// unfinished.
#[derive(Debug)]
pub struct Draft(Place);

#[derive(Debug)]
enum Place {
    Beside {
        file: NamedTempFile,
        target: PathBuf,
    },
    /// A pipe or a device is written to, not replaced.
    Through(File),
}

impl Draft {
    /// Begins a file for `path`; a symbolic link is followed.
    ///
    /// # Errors
    /// Where its folder does not let itself be written.
    pub fn new(path: &Path) -> io::Result<Self> {
        let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let before = fs::metadata(&target).ok();
        if before.as_ref().is_some_and(|before| !before.is_file()) {
            return Ok(Self(Place::Through(OpenOptions::new().write(true).open(&target)?)));
        }
        let file = write(folder(&target), &[], before.as_ref())?;
        Ok(Self(Place::Beside { file, target }))
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// Where it cannot be written; what stood there is as it was.
    pub fn finish(self) -> io::Result<()> {
        match self.0 {
            Place::Through(mut file) => file.flush(),
            Place::Beside { file, target } => {
                file.as_file().sync_all()?;
                file.persist(&target).map_err(|error| error.error)?;
                Ok(())
            }
        }
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.0 {
            Place::Beside { file, .. } => file.as_file_mut().write(bytes),
            Place::Through(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.0 {
            Place::Beside { file, .. } => file.as_file_mut().flush(),
            Place::Through(file) => file.flush(),
        }
    }
}

/// The folder of a file.
fn folder(target: &Path) -> &Path {
    target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
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
    // An error that names the unfinished file means nothing to anybody.
    file.as_file_mut().write_all(bytes)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_many_runs_stay_whole_and_a_half_line_stays_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.ndjson");
        fs::write(&path, "half a li").unwrap();
        std::thread::scope(|scope| {
            for run in 0..8 {
                let path = &path;
                scope.spawn(move || {
                    (0..20).for_each(|_| append(path, &format!("{run}{}\n", "x".repeat(9000))).unwrap())
                });
            }
        });
        let text = fs::read_to_string(&path).unwrap();
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some("half a li"));
        assert!(lines.all(|line| line.len() == 9001 && line.ends_with('x')));
        assert_eq!(text.lines().count(), 161);
    }

    #[test]
    fn a_draft_that_is_not_finished_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("all.csv");
        let files = || fs::read_dir(folder.path()).unwrap().count();
        fs::write(&path, "old").unwrap();
        let mut draft = Draft::new(&path).unwrap();
        draft.write_all(b"half").unwrap();
        drop(draft);
        assert_eq!((fs::read_to_string(&path).unwrap().as_str(), files()), ("old", 1));
        let mut draft = Draft::new(&path).unwrap();
        draft.write_all(b"new").unwrap();
        draft.finish().unwrap();
        assert_eq!((fs::read_to_string(&path).unwrap().as_str(), files()), ("new", 1));
    }
}
