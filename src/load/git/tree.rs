//! Files as a commit holds them: what a merge request changes in the work tree does not change them.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::stretch::commit;
use super::{Blobs, Git, GitError};

/// The size above which a file of rules or settings is not read, in bytes.
const LARGEST: u64 = 8 << 20;

/// The files of a commit.
pub struct Tree {
    git: Git,
    commit: String,
    blobs: Mutex<Blobs>,
}

impl Tree {
    /// The files of the commit that `revision` names, in the repository at `root`.
    ///
    /// # Errors
    /// Where the clone does not hold it.
    pub fn at(root: &Path, revision: &str) -> Result<Self, GitError> {
        let git = Git::at(root)?;
        let found = commit(&git, revision)?;
        let commit = found.ok_or_else(|| GitError::NoRevisionShallow { revision: revision.to_owned() })?;
        let blobs = Mutex::new(Blobs::open(&git)?);
        Ok(Self { git, commit, blobs })
    }

    /// The first digits of the commit, for people.
    pub fn short(&self) -> &str {
        &self.commit[..self.commit.len().min(8)]
    }

    /// The text of the file at `path`, from the root of the repository; `None` where there is no file. A link is none:
    /// it could lead anywhere.
    ///
    /// # Errors
    /// Where git cannot read it, or it is no text.
    pub fn read(&self, path: &str) -> Result<Option<String>, GitError> {
        let listed = self.list(&["--", path])?;
        let found = listed.into_iter().find(|entry| entry.path == path && entry.is_file);
        found.map(|entry| self.text(&entry)).transpose()
    }

    /// The files below `folder`, from the root of the repository, with their texts, sorted by path.
    ///
    /// # Errors
    /// Where git cannot read one, or it is no text.
    pub fn read_below(
        &self,
        folder: &str,
        wanted: &dyn Fn(&str) -> bool,
    ) -> Result<Vec<(String, String)>, GitError> {
        let folder = format!("{}/", folder.trim_end_matches('/'));
        let paths: &[&str] = if folder == "/" { &["-r"] } else { &["-r", "--", &folder] };
        let listed = self.list(paths)?;
        let mut files = Vec::new();
        for entry in listed.into_iter().filter(|entry| entry.is_file && wanted(&entry.path)) {
            let text = self.text(&entry)?;
            files.push((entry.path, text));
        }
        files.sort();
        Ok(files)
    }

    fn list(&self, arguments: &[&str]) -> Result<Vec<Entry>, GitError> {
        let (options, paths) = arguments.split_at(usize::from(arguments.first() == Some(&"-r")));
        let fixed = ["ls-tree", "-z", "--full-tree"];
        let call: Vec<_> = fixed.iter().chain(options).copied().chain([self.commit.as_str()]).collect();
        let call: Vec<_> = call.into_iter().chain(paths.iter().copied()).collect();
        let listed = self.git.start(&call)?.stdout()?;
        Ok(listed.split(|byte| *byte == 0).filter_map(Entry::of).collect())
    }

    fn text(&self, entry: &Entry) -> Result<String, GitError> {
        let failed =
            |reason: String| GitError::Failed { reason: format!("{}: {reason}", entry.path.escape_debug()) };
        let mut buffer = Vec::new();
        let mut blobs = self.blobs.lock().unwrap_or_else(PoisonError::into_inner);
        let size =
            blobs.read(&entry.blob, LARGEST, &mut buffer).map_err(|error| failed(error.to_string()))?;
        if size > LARGEST {
            return Err(failed(format!("larger than {} MB", LARGEST >> 20)));
        }
        String::from_utf8(buffer).map_err(|_| failed("not UTF-8".to_owned()))
    }
}

struct Entry {
    path: String,
    blob: String,
    is_file: bool,
}

impl Entry {
    /// `100644 blob <name>\t<path>`.
    fn of(line: &[u8]) -> Option<Self> {
        let line = std::str::from_utf8(line).ok()?;
        let (head, path) = line.split_once('\t')?;
        let mut columns = head.split(' ');
        let is_file = columns.next()?.starts_with("100");
        Some(Self { path: path.to_owned(), blob: columns.nth(1)?.to_owned(), is_file })
    }
}
