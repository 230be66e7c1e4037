//! The reports of an audit that list every finding: they are written as the findings come.

use std::io::{self, BufWriter, Stdout, Write};
use std::path::{Path, PathBuf};

use proclint::audit::{Digest, Seen};
use proclint::finding::NotChecked;
use proclint::report::{FindingSheet, write_finding_lines};
use proclint::save::Draft;

use super::output::fault;
use crate::args::AuditFormat;
use crate::command::Fault;

/// A report that is written while the audit goes on.
pub struct Stream {
    lines: Lines,
    /// Where it goes; `None` is standard output.
    path: Option<PathBuf>,
    /// Whether somebody still reads it.
    is_read: bool,
}

enum Lines {
    Ndjson(BufWriter<Target>),
    Csv(Box<FindingSheet<BufWriter<Target>>>),
}

enum Target {
    Stdout(Stdout),
    Draft(Draft),
}

impl Stream {
    /// Begins the report of `format` in the file at `path`, or on standard output; `None` where the format needs the
    /// sum first.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn new(format: AuditFormat, path: Option<&Path>) -> Result<Option<Self>, Fault> {
        if !matches!(format, AuditFormat::Ndjson | AuditFormat::Csv) {
            return Ok(None);
        }
        let fault = |source| fault(path, source);
        let target = match path {
            Some(path) => Target::Draft(Draft::new(path).map_err(fault)?),
            None => Target::Stdout(io::stdout()),
        };
        let out = BufWriter::new(target);
        let lines = match format {
            AuditFormat::Csv => Lines::Csv(Box::new(FindingSheet::new(out).map_err(fault)?)),
            _ => Lines::Ndjson(out),
        };
        Ok(Some(Self { lines, path: path.map(Path::to_path_buf), is_read: true }))
    }

    /// Writes the findings of `seen`.
    ///
    /// # Errors
    /// Where they cannot be written.
    pub fn add(&mut self, seen: &Seen, digest: &Digest) -> Result<(), Fault> {
        self.write(|lines| match lines {
            Lines::Ndjson(out) => write_finding_lines(&seen.checked, out),
            Lines::Csv(sheet) => sheet.add(seen, digest),
        })
    }

    /// Writes what could not be checked; NDJSON has that in its last line.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn gap(&mut self, gap: &NotChecked) -> Result<(), Fault> {
        self.write(|lines| match lines {
            Lines::Ndjson(_) => Ok(()),
            Lines::Csv(sheet) => sheet.gap(gap),
        })
    }

    /// Ends the report with the sum, and puts a file in its place.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn finish(mut self, digest: &Digest) -> Result<(), Fault> {
        self.write(|lines| {
            if let Lines::Ndjson(out) = lines {
                serde_json::to_writer(&mut *out, &serde_json::json!({"type": "digest", "digest": digest}))?;
                writeln!(out)?;
            }
            Ok(())
        })?;
        let Self { lines, path, is_read } = self;
        let out = match lines {
            Lines::Ndjson(out) => Ok(out),
            Lines::Csv(sheet) => sheet.finish(),
        };
        let target = out.and_then(|out| out.into_inner().map_err(io::IntoInnerError::into_error));
        let finished = target.and_then(|target| match target {
            Target::Stdout(mut out) => out.flush(),
            Target::Draft(draft) => draft.finish(),
        });
        match finished {
            Err(error) if !is_read || error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            finished => finished.map_err(|source| fault(path.as_deref(), source)),
        }
    }

    /// Who has seen enough, as `head` has, leaves the verdict as it is.
    fn write(&mut self, write: impl FnOnce(&mut Lines) -> io::Result<()>) -> Result<(), Fault> {
        if !self.is_read {
            return Ok(());
        }
        match write(&mut self.lines) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.is_read = false;
                Ok(())
            }
            written => written.map_err(|source| fault(self.path.as_deref(), source)),
        }
    }
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(out) => out.write(bytes),
            Self::Draft(draft) => draft.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(out) => out.flush(),
            Self::Draft(draft) => draft.flush(),
        }
    }
}
