//! Where a walk starts and what it leaves out.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use ignore::{DirEntry, WalkBuilder};

use super::LoadError;
use super::name::Base;

/// The roots without repetition.
pub(super) struct Roots {
    /// What is walked: the roots as given, a linked folder as the folder it leads to.
    pub(super) walked: Vec<PathBuf>,
    /// The folders behind linked roots, with the links' own paths.
    links: Vec<(PathBuf, PathBuf)>,
    /// The files among the roots, resolved; a folder that holds one must not read it again.
    pub(super) files: HashSet<PathBuf>,
    /// Whether a file can be met on two ways.
    pub(super) overlap: bool,
}

impl Roots {
    pub(super) fn new(given: &[PathBuf]) -> Result<Self, LoadError> {
        let mut roots = Self { walked: Vec::new(), links: Vec::new(), files: HashSet::new(), overlap: false };
        let mut known = HashSet::new();
        for path in given {
            // The walk would take it for standard input.
            if path == Path::new("-") {
                return Err(LoadError::Dash);
            }
            let unreadable = |source| LoadError::Unreadable { path: path.display().to_string(), source };
            let real = path.canonicalize().map_err(unreadable)?;
            if !known.insert(real.clone()) {
                continue;
            }
            if !real.is_dir() {
                roots.files.insert(real);
                roots.walked.push(path.clone());
            } else if path.is_symlink() {
                roots.links.push((real.clone(), path.clone()));
                roots.walked.push(real);
            } else {
                roots.walked.push(path.clone());
            }
        }
        roots.overlap = roots.walked.len() > 1 && roots.files.len() < roots.walked.len();
        Ok(roots)
    }

    pub(super) fn is_one_file(&self) -> bool {
        self.walked.len() == 1 && self.files.len() == 1
    }

    /// The roots as they were given.
    pub(super) fn given(&self) -> impl Iterator<Item = PathBuf> {
        self.walked.iter().map(|path| self.as_given(path))
    }

    /// `path` as the user would write it.
    pub(super) fn as_given(&self, path: &Path) -> PathBuf {
        let given = self
            .links
            .iter()
            .find_map(|(real, link)| path.strip_prefix(real).ok().map(|rest| link.join(rest)));
        given.unwrap_or_else(|| path.to_owned())
    }
}

/// A walk below `first` and `others` that leaves out `.git`, what .gitignore names, folders that `exclude` holds by their
/// names from `base`, and what is not to `keep`.
pub(super) fn walker(
    first: &Path,
    others: &[PathBuf],
    exclude: &Exclude,
    base: &Path,
    keep: impl Fn(&DirEntry) -> bool + Send + Sync + 'static,
) -> WalkBuilder {
    let mut builder = WalkBuilder::new(first);
    for other in others {
        builder.add(other);
    }
    // A person's own global ignore list must not make two machines disagree.
    builder.hidden(false).require_git(false).git_global(false);
    let (exclude, base) = (exclude.clone(), Base::new(base));
    builder.filter_entry(move |entry| {
        let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        let is_excluded = is_folder && exclude.holds(&base.name(entry.path()), true);
        entry.file_name() != ".git" && !is_excluded && keep(entry)
    });
    builder
}

/// The globs of what is left out, in the language of .gitignore.
#[derive(Clone)]
pub(super) struct Exclude(Gitignore);

impl Exclude {
    pub(super) fn new(globs: &[String]) -> Result<Self, LoadError> {
        let mut builder = GitignoreBuilder::new("");
        for glob in globs {
            builder
                .add_line(None, glob)
                .map_err(|error| LoadError::Glob { glob: glob.clone(), reason: error.to_string() })?;
        }
        let built = builder.build();
        Ok(Self(built.map_err(|error| LoadError::Glob { glob: globs.join(" "), reason: error.to_string() })?))
    }

    pub(super) fn holds(&self, name: &str, is_folder: bool) -> bool {
        if self.0.is_empty() {
            return false;
        }
        // The matcher refuses absolute paths; a file outside of the base is matched by the folders it names.
        self.0.matched_path_or_any_parents(name.trim_start_matches('/'), is_folder).is_ignore()
    }
}
