//! What is shared by all subjects: today, the project, and the facts of the working directory.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use jiff::civil::Date;

use crate::yaml::{self, Limits, Node};

/// The shared facts; built once before the check, the same for every thread.
#[derive(Debug, Default)]
pub struct World {
    /// The day that counts as today.
    pub today: Date,
    /// The project the working directory belongs to, `group/project`, if known.
    pub project: Option<String>,
    /// Files that rules look things up in, by repository-relative path.
    pub files: BTreeMap<String, String>,
    /// The root of the working directory, where pages that a merge request changes are looked up.
    pub root: Option<PathBuf>,
    /// The labels that exist, where the configuration lists them.
    pub labels: BTreeSet<String>,
    /// The users that exist, where the configuration lists them.
    pub users: BTreeSet<String>,
    /// Hosts that serve GitLab, besides every URL with `/-/`.
    pub hosts: Vec<String>,
    categories: OnceLock<Option<Node>>,
    trees: Mutex<BTreeMap<String, Option<Arc<Node>>>>,
}

/// Where the facts of a checkout may stand.
pub const FACT_PATHS: [&str; 2] = ["data/categories.yml", "doc/security/rate_limits.md"];

impl World {
    /// A world with nothing in it but the day.
    pub fn on(today: Date) -> Self {
        Self { today, hosts: vec!["gitlab.com".to_owned()], ..Self::default() }
    }

    /// The text of the page at `path`, repository-relative, of the working directory.
    pub fn page(&self, path: &str) -> Option<Cow<'_, str>> {
        if let Some(text) = self.files.get(path) {
            return Some(Cow::Borrowed(text));
        }
        std::fs::read_to_string(self.place(path)?).ok().map(Cow::Owned)
    }

    /// Whether there is a file at `path`, repository-relative.
    pub fn has(&self, path: &str) -> bool {
        self.files.contains_key(path) || self.place(path).is_some_and(|file| file.is_file())
    }

    /// The names of the files and folders in `folder`, repository-relative, sorted.
    pub fn names(&self, folder: &str) -> Vec<String> {
        let below = |path: &String| {
            let name = path.strip_prefix(folder)?.strip_prefix('/')?.split('/').next()?;
            Some(name.to_owned())
        };
        let mut names: BTreeSet<_> = self.files.keys().filter_map(below).collect();
        let entries = self.place(folder).and_then(|folder| std::fs::read_dir(folder).ok());
        let entries = entries.into_iter().flatten().flatten();
        names.extend(entries.filter_map(|entry| entry.file_name().into_string().ok()));
        names.into_iter().collect()
    }

    /// The YAML file at `path`, repository-relative, read on first use; `None` where there is none or it is broken.
    pub fn tree(&self, path: &str) -> Option<Arc<Node>> {
        let mut trees = self.trees.lock().unwrap_or_else(PoisonError::into_inner);
        let read = || yaml::parse(&self.page(path)?, &Limits::subject()).ok().flatten().map(Arc::new);
        trees.entry(path.to_owned()).or_insert_with(read).clone()
    }

    /// Where `path` lies. It may come from a record, which may name a place outside of the repository.
    fn place(&self, path: &str) -> Option<PathBuf> {
        let inside = Path::new(path).components().all(|step| matches!(step, Component::Normal(_)));
        Some(self.root.as_ref().filter(|_| inside)?.join(path))
    }

    /// `data/categories.yml` of the working directory, read on first use.
    pub fn categories(&self) -> Option<&Node> {
        let read = || yaml::parse(self.files.get("data/categories.yml")?, &Limits::subject()).ok().flatten();
        self.categories.get_or_init(read).as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_read_below_the_root_only() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("repo/doc")).unwrap();
        std::fs::write(folder.path().join("repo/doc/a.md"), "a").unwrap();
        std::fs::write(folder.path().join("b.md"), "b").unwrap();
        let root = Some(folder.path().join("repo"));
        let world = World { root, ..World::on(Date::default()) };
        assert_eq!(world.page("doc/a.md").as_deref(), Some("a"));
        for path in ["../b.md", "doc/../../b.md", "doc/none.md", ""] {
            assert_eq!(world.page(path), None, "{path}");
        }
        let outside = folder.path().join("b.md");
        assert_eq!(world.page(&outside.to_string_lossy()), None);
    }
}
