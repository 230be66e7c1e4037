//! What was begun and what was done, beside the plan, so that a run that was stopped is gone on with.
//!
//! Before anything is posted, what would undo it and the intent are on the disk; what came of it is written after.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::ApplyError;
use crate::audit::remedies::{Entry, Header, State, line_of};
use crate::save::{Lines, LinesError};

/// The journal of a plan and the file that undoes it.
#[derive(Debug)]
pub struct Journal {
    known: HashMap<String, Step>,
    lines: Lines,
    path: PathBuf,
    undo: Lines,
    undo_path: PathBuf,
}

/// How far an entry is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub enum Step {
    /// It is posted, or about to be.
    Intent {
        /// The record before.
        before: State,
    },
    /// It was posted.
    Done,
    /// It was not, and will not be: somebody else was there.
    Skipped,
    /// It was not, and may be tried again.
    NotDone,
}

#[derive(Serialize, Deserialize)]
struct Line {
    id: String,
    #[serde(flatten)]
    step: Step,
}

/// Where the journal of the plan at `plan` is, and the file that undoes it.
pub fn paths(plan: &Path) -> (PathBuf, PathBuf) {
    let beside = |ending: &str| {
        let mut path = plan.as_os_str().to_owned();
        path.push(ending);
        PathBuf::from(path)
    };
    (beside(".journal.ndjson"), beside(".undo.ndjson"))
}

impl Journal {
    /// Opens the journal of the plan at `plan`, whose first line is `header`; no other run can until it is dropped.
    ///
    /// # Errors
    /// Where another run has it, it is no journal, or it cannot be written.
    pub fn open(plan: &Path, header: &Header) -> Result<Self, ApplyError> {
        let (path, undo_path) = paths(plan);
        let (lines, text) = open(&path)?;
        let known = steps(&path, &text)?;
        let (mut undo, there) = open(&undo_path)?;
        if there.is_empty() {
            let header = Header {
                source: plan.display().to_string(),
                undo: true,
                rules: Default::default(),
                not_planned: Default::default(),
                ..header.clone()
            };
            let line = line_of("plan", &header);
            line.and_then(|line| undo.add(&line)).map_err(|source| unwritten(&undo_path, source))?;
        }
        Ok(Self { known, lines, path, undo, undo_path })
    }

    /// How far the entry is; `None` where it was not begun.
    pub fn step(&self, entry: &Entry) -> Option<&Step> {
        self.known.get(&entry.id)
    }

    /// Writes down how far the entry is.
    ///
    /// # Errors
    /// Where that cannot be written.
    pub fn write(&mut self, entry: &Entry, step: Step) -> Result<(), ApplyError> {
        let line = Line { id: entry.id.clone(), step };
        let text = serde_json::to_string(&line).map_err(io::Error::from);
        let written = text.and_then(|text| self.lines.add(&text));
        written.map_err(|source| unwritten(&self.path, source))?;
        self.known.insert(line.id, line.step);
        Ok(())
    }

    /// Writes down what undoes an entry; a later word replaces an earlier one of the same id.
    ///
    /// # Errors
    /// Where that cannot be written.
    pub fn write_undo(&mut self, undo: &Entry) -> Result<(), ApplyError> {
        let written = line_of("entry", undo).and_then(|line| self.undo.add(&line));
        written.map_err(|source| unwritten(&self.undo_path, source))
    }

    /// Writes down that there is nothing to undo of the entry that undoes `id`.
    ///
    /// # Errors
    /// Where that cannot be written.
    pub fn void_undo(&mut self, id: &str) -> Result<(), ApplyError> {
        let line = serde_json::json!({"type": "void", "id": id}).to_string();
        self.undo.add(&line).map_err(|source| unwritten(&self.undo_path, source))
    }
}

/// How far entries are by the journal at `path`, whose text is `text`; the last word on each counts.
///
/// # Errors
/// On a line that is none of a journal.
pub fn steps(path: &Path, text: &str) -> Result<HashMap<String, Step>, ApplyError> {
    let mut known = HashMap::new();
    for (number, line) in text.lines().enumerate() {
        let line: Line = serde_json::from_str(line).map_err(|error| ApplyError::BadJournal {
            path: path.display().to_string(),
            line: number + 1,
            reason: error.to_string(),
        })?;
        known.insert(line.id, line.step);
    }
    Ok(known)
}

fn open(path: &Path) -> Result<(Lines, String), ApplyError> {
    Lines::open(path).map_err(|error| match error {
        LinesError::Held => ApplyError::Held { path: path.display().to_string() },
        LinesError::System(source) => unwritten(path, source),
    })
}

fn unwritten(path: &Path, source: io::Error) -> ApplyError {
    ApplyError::Journal { path: path.display().to_string(), source }
}
