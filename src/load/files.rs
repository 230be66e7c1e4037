//! Walks files and folders and reads every file of a known kind, in as many threads as there are jobs.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use ignore::{DirEntry, WalkBuilder, WalkState};

use super::links::{Link, unread};
use super::name::Base;
use super::read::{Content, read};
use super::roots::{Exclude, Roots, walker};
use super::{KindMap, LoadError, commit_subject};
use crate::finding::NotChecked;
use crate::subject::{Counts, Format, Kind, Part, Role, Subject};
use crate::text::Span;

/// The size above which a file is not read, in bytes.
pub const MAX_BYTES: u64 = 64 << 20;

/// Whether a file is read, by its name and its bytes.
pub type Reads<'r> = dyn Fn(&str, u64) -> bool + Sync + 'r;

/// What a walk reads and how.
#[derive(Clone, Copy)]
pub struct WalkOptions<'o> {
    /// Number of threads; 0 for as many as the machine has.
    pub jobs: usize,
    /// What is left out, in the language of .gitignore, relative to `base`; holds for named files too.
    pub exclude: &'o [String],
    /// Which kind a file is.
    pub kinds: &'o KindMap,
    /// The repository's root, which names are relative to.
    pub base: &'o Path,
    /// The size above which a file is not read, in bytes.
    pub max_bytes: u64,
    /// Which files are read; all of them where `None`.
    pub reads: Option<&'o Reads<'o>>,
}

impl WalkOptions<'_> {
    /// Whether the file at `path`, called `name`, is read.
    pub(super) fn reads(&self, name: &str, path: &Path) -> bool {
        let size = || path.metadata().map_or(0, |about| about.len());
        self.reads.is_none_or(|reads| reads(name, size()))
    }
}

/// A file of a known kind, read.
#[derive(Debug)]
pub struct FileInput {
    /// What is to be linted.
    pub subject: Subject,
    /// The file it was read from, as the roots lead to it.
    pub path: PathBuf,
}

/// What a walk went through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WalkSummary {
    /// Number of files handed over, those that could not be read included.
    pub seen: usize,
    /// Number of files left out: of no known kind, binary or excluded.
    pub skipped: usize,
    /// Number of roots that are files and excluded.
    pub excluded: usize,
}

/// Hands every file below `roots` that has a kind to `visit`, each once, from several threads and in no order.
///
/// Hidden files are read, what .gitignore names and `.git` are not. Symbolic links are followed only where a root
/// is one; another that leads to what is not read itself comes as [`NotChecked`]. A file that cannot be checked comes as [`NotChecked`]; a file of no known kind comes so only if it is a
/// root itself.
///
/// # Errors
/// [`LoadError::Unreadable`] for a root that does not exist or cannot be read, [`LoadError::Glob`] for a bad exclude.
pub fn each_file(
    roots: &[PathBuf],
    options: &WalkOptions<'_>,
    visit: &(dyn Fn(Result<FileInput, NotChecked>) + Sync),
) -> Result<WalkSummary, LoadError> {
    let roots = Roots::new(roots)?;
    let Some((first, others)) = roots.walked.split_first() else { return Ok(WalkSummary::default()) };
    let walk = Walk {
        options,
        exclude: Exclude::new(options.exclude)?,
        base: Base::new(options.base),
        roots: &roots,
        visit,
        taken: Mutex::default(),
        links: Mutex::default(),
        seen: AtomicUsize::new(0),
        skipped: AtomicUsize::new(0),
        excluded: AtomicUsize::new(0),
        failure: Mutex::default(),
    };

    let mut builder = walker(first, others, &walk.exclude, options.base, |_| true);
    builder.threads(options.jobs);
    // A single file, as an editor or a hook names it, is not worth a thread.
    if options.jobs == 1 || roots.is_one_file() {
        let mut buffer = Vec::new();
        builder.build().try_for_each(|entry| walk.enter(entry, &mut buffer))?;
    } else {
        walk.in_threads(&builder);
    }
    walk.tell_links();

    let summary = WalkSummary {
        seen: walk.seen.into_inner(),
        skipped: walk.skipped.into_inner(),
        excluded: walk.excluded.into_inner(),
    };
    walk.failure.into_inner().unwrap_or_else(PoisonError::into_inner).map_or(Ok(summary), Err)
}

/// The file at `path` (repository-relative, with `/`) with content `text`; its Markdown is one part.
pub fn file_subject(path: &str, text: String, kind: Kind, format: Format) -> Subject {
    if kind == Kind::Commit {
        return commit_subject(path, text);
    }
    let whole = Part { role: Role::Body, field: String::new(), span: Span::new(0, text.len()) };
    Subject {
        kind,
        format,
        name: path.to_owned(),
        path: Some(path.to_owned()),
        project: None,
        parts: if format == Format::Markdown { vec![whole] } else { Vec::new() },
        text,
        header: None,
        counts: Counts::default(),
        diffs: None,
    }
}

/// The nearest folder at or above `cwd` that holds `.git`, else `cwd`.
pub fn repository_root(cwd: &Path) -> PathBuf {
    let root = cwd.ancestors().find(|folder| folder.join(".git").exists());
    root.unwrap_or(cwd).to_owned()
}

struct Walk<'w> {
    options: &'w WalkOptions<'w>,
    exclude: Exclude,
    base: Base,
    roots: &'w Roots,
    visit: &'w (dyn Fn(Result<FileInput, NotChecked>) + Sync),
    taken: Mutex<HashSet<PathBuf>>,
    links: Mutex<Vec<Link>>,
    seen: AtomicUsize,
    skipped: AtomicUsize,
    excluded: AtomicUsize,
    failure: Mutex<Option<LoadError>>,
}

impl Walk<'_> {
    fn in_threads(&self, builder: &WalkBuilder) {
        builder.build_parallel().run(|| {
            let mut buffer = Vec::new();
            Box::new(move |entry| match self.enter(entry, &mut buffer) {
                Ok(()) => WalkState::Continue,
                Err(failure) => {
                    self.failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(failure);
                    WalkState::Quit
                }
            })
        });
    }

    fn enter(&self, entry: Result<DirEntry, ignore::Error>, buffer: &mut Vec<u8>) -> Result<(), LoadError> {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => return self.unreadable_folder(error),
        };
        let named = entry.depth() == 0;
        let path = self.roots.as_given(entry.path());
        let name = self.base.name(&path);
        let Some(kind) = entry.file_type().filter(|kind| !kind.is_dir()) else { return Ok(()) };
        if self.exclude.holds(&name, false) {
            self.excluded.fetch_add(usize::from(named), Ordering::Relaxed);
            self.skip();
        } else if named {
            return self.file(&path, name, true, buffer);
        } else if kind.is_symlink() {
            self.link(&path, name);
        } else if kind.is_file() && self.is_first(entry.path()) {
            return self.file(&path, name, false, buffer);
        } else if !kind.is_file() && self.options.kinds.kind_of(&name).is_some() {
            self.refuse(name, "neither a file nor a folder".to_owned());
        }
        Ok(())
    }

    /// A link inside a folder is not followed: its target is linted where it lies. One that leads to none is told, and
    /// after the walk one whose target was met nowhere.
    fn link(&self, path: &Path, name: String) {
        let has_kind = self.options.kinds.kind_of(&name).is_some();
        match path.metadata().and_then(|about| Ok((about.file_type(), path.canonicalize()?))) {
            Ok((kind, target)) if kind.is_dir() || (kind.is_file() && has_kind) => {
                let link = Link { name, target, is_folder: kind.is_dir() };
                self.links.lock().unwrap_or_else(PoisonError::into_inner).push(link);
            }
            _ if !has_kind => self.skip(),
            Ok(_) => {
                self.refuse(name, "a symbolic link that leads to neither a file nor a folder".to_owned())
            }
            Err(error) => self.refuse(name, format!("a symbolic link that leads nowhere: {error}")),
        }
    }

    fn tell_links(&self) {
        let links = std::mem::take(&mut *self.links.lock().unwrap_or_else(PoisonError::into_inner));
        let all = links.len();
        let untold = unread(links, self.roots, &self.exclude, self.options);
        self.skipped.fetch_add(all - untold.len(), Ordering::Relaxed);
        for link in untold {
            self.refuse(link.name.clone(), link.reason());
        }
    }

    fn file(&self, path: &Path, name: String, named: bool, buffer: &mut Vec<u8>) -> Result<(), LoadError> {
        let Some((kind, format)) = self.options.kinds.kind_of(&name) else {
            match named {
                true => self.refuse(
                    name,
                    "not a kind of file proclint knows; set `kinds` in .proclint.yml".to_owned(),
                ),
                false => self.skip(),
            }
            return Ok(());
        };
        if !self.options.reads(&name, path) {
            return Ok(());
        }
        match read(path, self.options.max_bytes, buffer) {
            Ok(Content::Text(text)) => {
                self.seen.fetch_add(1, Ordering::Relaxed);
                let subject = file_subject(&name, text, kind, format);
                (self.visit)(Ok(FileInput { subject, path: path.to_owned() }));
            }
            Ok(Content::Binary) if named => {
                self.refuse(name, "binary, there is a NUL near its start".to_owned())
            }
            Ok(Content::Binary) => self.skip(),
            Ok(Content::Refused(reason)) => self.refuse(name, reason),
            Err(source) if named => {
                return Err(LoadError::Unreadable { path: path.display().to_string(), source });
            }
            Err(error) => self.refuse(name, format!("cannot be read: {error}")),
        }
        Ok(())
    }

    fn unreadable_folder(&self, error: ignore::Error) -> Result<(), LoadError> {
        let named = error.depth() == Some(0);
        let path = path_of(&error).map(|path| self.roots.as_given(path)).unwrap_or_default();
        let reason = error.to_string();
        let source = error.into_io_error().unwrap_or_else(|| io::Error::other(reason));
        if named {
            return Err(LoadError::Unreadable { path: path.display().to_string(), source });
        }
        self.refuse(self.base.name(&path), format!("cannot be read: {source}"));
        Ok(())
    }

    /// Whether a file met inside a folder has not been met before and is no root of its own.
    fn is_first(&self, path: &Path) -> bool {
        if !self.roots.overlap {
            return true;
        }
        let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        !self.roots.files.contains(&real)
            && self.taken.lock().unwrap_or_else(PoisonError::into_inner).insert(real)
    }

    fn refuse(&self, subject: String, reason: String) {
        self.seen.fetch_add(1, Ordering::Relaxed);
        (self.visit)(Err(NotChecked { subject, rule: None, reason }));
    }

    fn skip(&self) {
        self.skipped.fetch_add(1, Ordering::Relaxed);
    }
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        ignore::Error::Loop { child, .. } => Some(child),
        ignore::Error::Partial(errors) => errors.iter().find_map(path_of),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
