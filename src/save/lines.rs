//! A file of lines that only grows: each line is on the disk before the run goes on, and one run at a time writes it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

/// The open file, locked for as long as it is open.
#[derive(Debug)]
pub struct Lines {
    file: File,
}

/// Why it cannot be written.
#[derive(Debug)]
pub enum LinesError {
    /// Another run holds it.
    Held,
    /// The system says no.
    System(io::Error),
}

impl From<io::Error> for LinesError {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}

impl Lines {
    /// Opens the file at `path`, new or not, and returns what it holds. What a run that was stopped left of its last
    /// line is taken away.
    ///
    /// # Errors
    /// Where another run holds it, or the system does not let it be read and written.
    pub fn open(path: &Path) -> Result<(Self, String), LinesError> {
        let is_new = !path.exists();
        // A pipe would be waited for.
        if !is_new && !path.is_file() {
            return Err(io::Error::other("it is no file").into());
        }
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            // It may name confidential projects.
            options.mode(0o600);
        }
        let mut file = options.open(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(LinesError::Held),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        if whole < bytes.len() {
            bytes.truncate(whole);
            file.set_len(whole as u64)?;
        }
        file.seek(SeekFrom::End(0))?;
        file.sync_all()?;
        if is_new {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            // Some systems open no folders; there the name is as safe as they make it.
            let _ = File::open(folder.unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all());
        }
        let text = String::from_utf8(bytes).map_err(|error| io::Error::other(error.utf8_error()))?;
        Ok((Self { file }, text))
    }

    /// Adds `line`, which holds no line break, and waits until it is on the disk.
    ///
    /// # Errors
    /// Those of the system; the line may then be there in part, which the next run takes away.
    pub fn add(&mut self, line: &str) -> io::Result<()> {
        self.file.write_all(format!("{line}\n").as_bytes())?;
        self.file.sync_data()
    }
}
