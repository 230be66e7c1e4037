//! A folder that keeps what was read as NDJSON, so that it can be read again, and a reading that ended early goes on.
//!
//! A list has its own name only when all of it is there. Until the whole reading has ended, `unfinished.json` says how
//! far it is: for each list the place of the next page, and the records of the page at hand.

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::HarvestError;
use crate::finding::NotChecked;
use crate::load::{Catalogue, export_files};

/// What could not be read.
pub(super) const GAPS: &str = "not_checked.ndjson";

/// How far the reading is.
pub(super) const STATE: &str = "unfinished.json";

#[derive(Debug, Default, Deserialize, Serialize)]
struct State {
    /// What is read.
    reading: String,
    lists: BTreeMap<String, Progress>,
}

/// How far a list is.
#[derive(Debug, Default, Deserialize, Serialize)]
struct Progress {
    /// The place of the next page; none after the last.
    next: Option<String>,
    /// The records of the page at hand, in the order of the list.
    page: Vec<Listed>,
}

/// A record of a list.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Listed {
    pub(super) record: Value,
    /// Whether it has its details.
    pub(super) whole: bool,
}

/// Where a list goes on.
#[derive(Debug, Default)]
pub(super) struct Resumed {
    /// All of it is there.
    pub(super) complete: bool,
    /// A part of it is there, or will be with what is pending.
    pub(super) begun: bool,
    pub(super) next: Option<String>,
    /// Records that are listed, and not kept yet.
    pub(super) pending: Vec<Listed>,
}

/// The folder.
#[derive(Debug)]
pub(super) struct Store {
    folder: PathBuf,
    state: State,
    /// The list at hand.
    list: Option<(PathBuf, File)>,
    /// Records of the page at hand that are whole, and come after one that is not.
    early: Vec<Value>,
    /// Whether nothing was read before.
    pub(super) is_new: bool,
    /// Whether a record of the page at hand is not whole.
    is_open: bool,
    /// The folder, locked: records of two runs would mix. Some systems open or lock no folders.
    _lock: Option<File>,
}

impl Store {
    /// The folder for `reading`: a new one, or one in which the same reading ended early.
    pub(super) fn open(folder: &Path, reading: &str) -> Result<Self, HarvestError> {
        let path = folder.display().to_string();
        if let Err(source) = private_folder(folder) {
            return Err(HarvestError::Folder { path, source });
        }
        let lock = File::open(folder).ok();
        if lock.as_ref().is_some_and(|lock| matches!(lock.try_lock(), Err(TryLockError::WouldBlock))) {
            return Err(HarvestError::Held { path });
        }
        let store = |state, is_new| {
            let (folder, early) = (folder.to_owned(), Vec::new());
            Self { folder, state, list: None, early, is_new, is_open: false, _lock: lock }
        };
        let file = folder.join(STATE);
        if file.is_file() {
            let broken = |reason: String| HarvestError::Broken { path: file.display().to_string(), reason };
            let text = fs::read(&file).map_err(|error| broken(error.to_string()))?;
            let state: State = serde_json::from_slice(&text).map_err(|error| broken(error.to_string()))?;
            if state.reading != reading {
                let (begun, asked) = (state.reading, reading.to_owned());
                return Err(HarvestError::Other { path, begun, asked });
            }
            return Ok(store(state, false));
        }
        if !export_files(folder).is_empty() || folder.join(GAPS).exists() {
            return Err(HarvestError::Taken { path });
        }
        let store = store(State { reading: reading.to_owned(), ..State::default() }, true);
        store.note()?;
        Ok(store)
    }

    /// Says again what an earlier run could not read.
    pub(super) fn gaps(&self, visit: super::Visit<'_>) -> Result<(), HarvestError> {
        let gaps = super::saved_gaps(&self.folder).map_err(|source| self.fault(GAPS, source))?;
        gaps.into_iter().for_each(|gap| visit(Err(gap)));
        Ok(())
    }

    /// Keeps the labels and milestones, unless they are there; a list that is not known is not kept as an empty one.
    pub(super) fn catalogue(&self, catalogue: &Catalogue) -> Result<(), HarvestError> {
        let Catalogue { labels, milestones } = catalogue;
        for (name, list) in [("labels", labels), ("milestones", milestones)] {
            let file = self.folder.join(format!("{name}.ndjson"));
            let Some(list) = list.as_ref().ok().filter(|_| !file.is_file()) else { continue };
            let lines: String = list.iter().map(|item| format!("{item}\n")).collect();
            self.put(&format!("{name}.ndjson"), lines.as_bytes())?;
        }
        Ok(())
    }

    /// Begins with the list `name`, or goes on with it: hands the lines that are there to `visit`.
    pub(super) fn begin(&mut self, name: &str, visit: &mut dyn FnMut(&str)) -> Result<Resumed, HarvestError> {
        let whole = self.folder.join(format!("{name}.ndjson"));
        let partial = self.folder.join(format!("{name}.ndjson.partial"));
        if whole.is_file() {
            self.lines(&whole, &mut |line, _| visit(line))?;
            return Ok(Resumed { complete: true, ..Resumed::default() });
        }
        let mut there = HashSet::new();
        let kept = match partial.is_file() {
            true => self.lines(&partial, &mut |line, id| {
                there.extend(id);
                visit(line);
            })?,
            false => 0,
        };
        let opened = append(&partial).and_then(|file| file.set_len(kept).map(|()| file));
        let file = opened.map_err(|source| self.fault(&partial.display().to_string(), source))?;
        self.list = Some((partial, file));
        let Some(progress) = self.state.lists.get(name) else { return Ok(Resumed::default()) };
        let pending = progress.page.iter().filter(|listed| !there.contains(&listed.record["id"].to_string()));
        let pending = pending.cloned().collect();
        Ok(Resumed { begun: true, next: progress.next.clone(), pending, ..Resumed::default() })
    }

    /// Hands each whole line of the file at `path` to `visit`, with the id of its record, and tells their bytes.
    fn lines(&self, path: &Path, visit: &mut dyn FnMut(&str, Option<String>)) -> Result<u64, HarvestError> {
        let fault = |source| self.fault(&path.display().to_string(), source);
        let mut reader = BufReader::new(File::open(path).map_err(fault)?);
        let (mut line, mut kept) = (String::new(), 0);
        loop {
            line.clear();
            // A line that a run was stopped in has no end.
            let read = reader.read_line(&mut line).map_err(fault)?;
            let Some(whole) = line.strip_suffix('\n') else { return Ok(kept) };
            let record: Option<Value> = serde_json::from_str(whole).ok();
            visit(whole, record.map(|record| record["id"].to_string()));
            kept += read as u64;
        }
    }

    /// Notes the page that begins, and where the next one is.
    pub(super) fn page(
        &mut self,
        name: &str,
        next: Option<&str>,
        page: &[Value],
    ) -> Result<(), HarvestError> {
        let listed = |record: &Value| Listed { record: record.clone(), whole: false };
        let progress = Progress { next: next.map(str::to_owned), page: page.iter().map(listed).collect() };
        self.state.lists.insert(name.to_owned(), progress);
        self.note()
    }

    /// Keeps a record that is `whole`; the order stays that of the list, so one that comes after another that is not
    /// has to wait.
    pub(super) fn record(&mut self, record: &Value, whole: bool) -> Result<(), HarvestError> {
        self.is_open |= !whole;
        if self.is_open {
            self.early.extend(whole.then(|| record.clone()));
            return Ok(());
        }
        let Some((path, file)) = &mut self.list else { return Ok(()) };
        let written = file.write_all(format!("{record}\n").as_bytes());
        written.map_err(|source| HarvestError::Folder { path: path.display().to_string(), source })
    }

    /// Notes which records of the page at hand wait for others.
    pub(super) fn pause(&mut self, name: &str) -> Result<(), HarvestError> {
        let early = std::mem::take(&mut self.early);
        let page = self.state.lists.get_mut(name).map(|progress| &mut progress.page);
        for listed in page.into_iter().flatten() {
            if let Some(whole) = early.iter().find(|record| record["id"] == listed.record["id"]) {
                *listed = Listed { record: whole.clone(), whole: true };
            }
        }
        self.note()
    }

    /// Keeps what could not be read.
    pub(super) fn gap(&self, gap: &NotChecked) -> Result<(), HarvestError> {
        let fault = |source| self.fault(GAPS, source);
        let line = serde_json::to_string(gap).map_err(|error| fault(error.into()))?;
        append(&self.folder.join(GAPS))
            .and_then(|mut file| file.write_all(format!("{line}\n").as_bytes()))
            .map_err(fault)
    }

    /// The list is all there.
    pub(super) fn end(&mut self, name: &str) -> Result<(), HarvestError> {
        let Some((partial, file)) = self.list.take() else { return Ok(()) };
        let whole = self.folder.join(format!("{name}.ndjson"));
        let renamed = file.sync_all().and_then(|()| fs::rename(&partial, &whole));
        renamed.map_err(|source| self.fault(name, source))?;
        self.state.lists.remove(name);
        self.note()
    }

    /// The reading has come to its end.
    pub(super) fn finish(self) -> Result<(), HarvestError> {
        fs::remove_file(self.folder.join(STATE)).map_err(|source| self.fault(STATE, source))
    }

    fn note(&self) -> Result<(), HarvestError> {
        let text = serde_json::to_vec(&self.state).map_err(|error| self.fault(STATE, error.into()))?;
        self.put(STATE, &text)
    }

    /// Writes the file `name`, so that nobody finds half of it.
    fn put(&self, name: &str, bytes: &[u8]) -> Result<(), HarvestError> {
        let write = || -> io::Result<()> {
            let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
            file.write_all(bytes)?;
            file.persist(self.folder.join(name))?;
            Ok(())
        };
        write().map_err(|source| self.fault(name, source))
    }

    fn fault(&self, name: &str, source: io::Error) -> HarvestError {
        HarvestError::Folder { path: self.folder.join(name).display().to_string(), source }
    }
}

/// A file that nobody else may read, to be written to at its end.
fn append(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Confidential items are kept, too: nobody else may read the folder.
fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
