//! What changed since a revision, or is staged: files, and the lines that were added to them.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use super::{Git, GitError, Running, Stretch};
use crate::load::unified;
use crate::subject::Change;

/// Paths per call of git; a command line holds 128 KiB at least, and a path 4 KiB at most.
const BATCH: usize = 30;

/// How every comparison is made, whatever the configuration says.
const COMPARE: [&str; 11] = [
    "diff",
    "--find-renames",
    "--no-ext-diff",
    "--no-textconv",
    "--no-color",
    "--no-relative",
    "--ignore-submodules=all",
    "--submodule=short",
    "--inter-hunk-context=0",
    "--src-prefix=a/",
    "--dst-prefix=b/",
];

/// Where the content of the files that changed is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Content {
    /// In the work tree.
    #[default]
    WorkTree,
    /// In the index.
    Index,
    /// In a commit.
    Commit,
}

/// The files that changed.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// What they were compared with, in words.
    pub against: String,
    /// Where their content is read.
    pub content: Content,
    pub(in crate::load) root: PathBuf,
    files: BTreeMap<String, ChangedFile>,
}

/// A file that changed, and where.
#[derive(Clone, Debug, Default)]
pub struct ChangedFile {
    /// Where it lies below the root.
    pub(in crate::load) path: PathBuf,
    /// The name of its content in git; `None` where it is read from the work tree.
    pub(in crate::load) blob: Option<String>,
    /// Nobody has merged its two sides.
    pub(in crate::load) unmerged: bool,
    /// Every line counts as added.
    whole: bool,
    /// The lines added, from 1, as git counts: a line ends at `\n` alone.
    added: Vec<RangeInclusive<usize>>,
    /// The lines behind which others were taken away; 0 is the start of the file.
    cuts: Vec<usize>,
    /// The path before the change.
    old: String,
}

impl ChangedFile {
    /// Whether one of `lines`, from 1, was added.
    pub fn has_new(&self, lines: RangeInclusive<usize>) -> bool {
        self.whole
            || self.added.iter().any(|added| added.start() <= lines.end() && lines.start() <= added.end())
    }

    /// Whether lines were taken away right above or below `line`, from 1.
    pub fn was_cut_at(&self, line: usize) -> bool {
        self.cuts.iter().any(|cut| *cut == line || *cut + 1 == line)
    }
}

impl Changes {
    /// What changed since `since` left the history of HEAD, untracked files included; with `staged`, what of it is in
    /// the index. Without `since` every line of a staged file counts.
    ///
    /// # Errors
    /// Where git cannot compare: the caller must not take that for no change.
    pub fn read(root: &Path, since: Option<&str>, staged: bool) -> Result<Self, GitError> {
        let git = Git::at(root)?;
        let git = if staged { git } else { git.without_filters()? };
        let base = since.map(|revision| merge_base(&git, revision)).transpose()?;
        let compare = Compare { git: &git, base: base.as_deref(), head: None, staged };
        let listed = compare.start(&["--raw", "-z", "--no-abbrev", "--diff-filter=ACMRTU"], &[])?;
        let untracked = (!staged).then(|| untracked(&git)).transpose()?;
        let mut files = raw_files(&listed.stdout()?, staged);
        if base.is_some() {
            compare.find_lines(&mut files)?;
        } else {
            files.values_mut().for_each(|file| file.whole = true);
        }
        for path in untracked
            .map(Running::stdout)
            .transpose()?
            .iter()
            .flat_map(|paths| paths.split(|byte| *byte == 0))
        {
            let file = ChangedFile { path: path_of(path), whole: true, ..ChangedFile::default() };
            // A folder is a repository of its own.
            if !path.is_empty() && !path.ends_with(b"/") {
                files.entry(name_of(path)).or_insert(file);
            }
        }
        let against = match (&base, since) {
            (Some(base), Some(revision)) => {
                format!("the merge base {} of `{revision}` and HEAD", &base[..base.len().min(8)])
            }
            _ => "the last commit".to_owned(),
        };
        let content = if staged { Content::Index } else { Content::WorkTree };
        Ok(Self { against, content, root: root.to_owned(), files })
    }

    /// What lies between two commits of the repository at `root`, whatever the work tree holds.
    ///
    /// # Errors
    /// Where git cannot compare: the caller must not take that for no change.
    pub fn between(root: &Path, stretch: &Stretch) -> Result<Self, GitError> {
        let git = Git::at(root)?;
        let (base, head) = (Some(stretch.base.as_str()), Some(stretch.head.as_str()));
        let compare = Compare { git: &git, base, head, staged: false };
        let listed = compare.start(&["--raw", "-z", "--no-abbrev", "--diff-filter=ACMRT"], &[])?;
        let mut files = raw_files(&listed.stdout()?, true);
        compare.find_lines(&mut files)?;
        let against = format!("the target branch at {}", &stretch.base[..stretch.base.len().min(8)]);
        Ok(Self { against, content: Content::Commit, root: root.to_owned(), files })
    }

    /// The change of the file called `name`, repository-relative; `None` where it did not change.
    pub fn file(&self, name: &str) -> Option<&ChangedFile> {
        self.files.get(name)
    }

    /// The files that changed, with their names, sorted.
    pub fn files(&self) -> impl Iterator<Item = (&str, &ChangedFile)> {
        self.files.iter().map(|(name, file)| (name.as_str(), file))
    }
}

/// The commit at which HEAD left `revision`.
pub(super) fn merge_base(git: &Git, revision: &str) -> Result<String, GitError> {
    if revision.trim().is_empty() {
        return Err(GitError::EmptyRevision);
    }
    let found = git.run(&["merge-base", "--end-of-options", revision, "HEAD"])?;
    if found.status.success() {
        return Ok(String::from_utf8_lossy(&found.stdout).trim().to_owned());
    }
    let is_there = |revision: &str| {
        let commit = format!("{revision}^{{commit}}");
        git.run(&["rev-parse", "--quiet", "--verify", "--end-of-options", &commit])
            .map(|found| found.status.success())
    };
    let shallow = git.run(&["rev-parse", "--is-shallow-repository"])?;
    if !shallow.status.success() {
        return Err(GitError::failed(&shallow));
    }
    let (shallow, revision) = (shallow.stdout.starts_with(b"true"), revision.to_owned());
    Err(match (is_there("HEAD")?, is_there(&revision)?, shallow) {
        (false, ..) => GitError::NoCommit,
        (_, false, false) => GitError::NoRevision { revision },
        (_, false, true) => GitError::NoRevisionShallow { revision },
        (_, true, false) if found.status.code() == Some(1) => GitError::NoMergeBase { revision },
        (_, true, true) if found.status.code() == Some(1) => GitError::NoMergeBaseShallow { revision },
        _ => GitError::failed(&found),
    })
}

pub(super) struct Compare<'c> {
    pub(super) git: &'c Git,
    pub(super) base: Option<&'c str>,
    /// The commit that is compared with the base; `None` for the index or the work tree.
    pub(super) head: Option<&'c str>,
    pub(super) staged: bool,
}

impl Compare<'_> {
    pub(super) fn start(&self, options: &[&str], paths: &[&str]) -> Result<Running, GitError> {
        let cached = self.staged.then_some("--cached");
        let options = COMPARE.into_iter().chain(options.iter().copied()).chain(cached);
        // Both are hashes that git itself has printed.
        let commits = self.base.into_iter().chain(self.head);
        let arguments: Vec<_> = options.chain(commits).chain(["--"]).chain(paths.iter().copied()).collect();
        self.git.start(&arguments)
    }

    /// Finds the lines of the files that were there before.
    fn find_lines(&self, files: &mut BTreeMap<String, ChangedFile>) -> Result<(), GitError> {
        let kept: Vec<_> = files.iter().filter(|(_, file)| !file.whole).collect();
        let kept: Vec<_> = kept.into_iter().map(|(name, file)| (name.clone(), file.old.clone())).collect();
        for batch in kept.chunks(BATCH) {
            let paths: Vec<_> = batch.iter().flat_map(|(new, old)| [new.as_str(), old.as_str()]).collect();
            // As text, or an attribute could hide a page.
            let diff = self.start(&["--unified=0", "--text"], &paths)?.stdout()?;
            let mut found = BTreeMap::new();
            for parsed in unified::parse(&String::from_utf8_lossy(&diff)) {
                let hunks = parsed.lines.iter().filter(|line| line.change == Some(Change::Hunk));
                let hunks: Vec<_> = hunks.filter_map(|line| unified::hunk_numbers(line.raw)).collect();
                found.insert(parsed.new, hunks);
            }
            for (name, _) in batch {
                let Some(file) = files.get_mut(name) else { continue };
                match found.get(name) {
                    Some(hunks) => file.take(hunks),
                    // Better too much than nothing.
                    None => file.whole = true,
                }
            }
        }
        Ok(())
    }
}

impl ChangedFile {
    fn take(&mut self, hunks: &[(unified::Range, unified::Range)]) {
        for (_, (start, count)) in hunks {
            let (start, count) = (*start as usize, *count as usize);
            match count {
                0 => self.cuts.push(start),
                _ => self.added.push(start..=start + count - 1),
            }
        }
    }
}

fn untracked(git: &Git) -> Result<Running, GitError> {
    git.start(&["ls-files", "-z", "--others", "--exclude-standard"])
}

/// The files of `git diff --raw -z`: `:100644 100644 old new M`, then one path, or two of a renamed file.
fn raw_files(raw: &[u8], has_blobs: bool) -> BTreeMap<String, ChangedFile> {
    let mut files = BTreeMap::new();
    let mut fields = raw.split(|byte| *byte == 0);
    while let Some(head) = fields.next().filter(|head| head.first() == Some(&b':')) {
        let head = String::from_utf8_lossy(head);
        let columns: Vec<_> = head.split(' ').collect();
        let &[_, mode, _, blob, status] = columns.as_slice() else { break };
        let Some(first) = fields.next() else { break };
        let renamed = status.starts_with(['R', 'C']);
        let path = if renamed { fields.next().unwrap_or(first) } else { first };
        let unmerged = status == "U";
        // Links and submodules have no text of their own.
        if !unmerged && !mode.starts_with("100") {
            continue;
        }
        let file = ChangedFile {
            path: path_of(path),
            blob: has_blobs.then(|| blob.to_owned()),
            unmerged,
            whole: unmerged || matches!(status, "A" | "T"),
            old: name_of(first),
            ..ChangedFile::default()
        };
        let entry: &mut ChangedFile = files.entry(name_of(path)).or_insert_with(|| file.clone());
        if unmerged {
            *entry = file;
        }
    }
    files
}

fn name_of(path: &[u8]) -> String {
    String::from_utf8_lossy(path).into_owned()
}

#[cfg(unix)]
fn path_of(path: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(path))
}

#[cfg(not(unix))]
fn path_of(path: &[u8]) -> PathBuf {
    PathBuf::from(name_of(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_git_is_read_with_renames_conflicts_and_links() {
        let raw = b":100644 100644 1 2 M\0docs/a.md\0:100644 100644 1 3 R086\0old name.md\0new\nname.md\0\
                    :000000 120000 0 4 A\0link.md\0:000000 100644 0 5 A\0b.md\0:000000 000000 0 0 U\0docs/a.md\0";
        let files = raw_files(raw, true);
        let shown: Vec<_> = files
            .iter()
            .map(|(name, file)| (name.as_str(), file.old.as_str(), file.whole, file.unmerged))
            .collect();
        assert_eq!(
            shown,
            [
                ("b.md", "b.md", true, false),
                ("docs/a.md", "docs/a.md", true, true),
                ("new\nname.md", "old name.md", false, false),
            ]
        );
        assert_eq!(files["b.md"].blob.as_deref(), Some("5"));
    }

    #[test]
    fn lines_are_new_where_a_hunk_adds_and_cut_where_one_only_removes() {
        let mut file = ChangedFile::default();
        file.take(&[((3, 1), (3, 2)), ((9, 4), (9, 0))]);
        let new: Vec<_> = (1..=6).filter(|line| file.has_new(*line..=*line)).collect();
        let cut: Vec<_> = (1..=12).filter(|line| file.was_cut_at(*line)).collect();
        assert_eq!((new, cut), (vec![3, 4], vec![9, 10]));
        assert!(file.has_new(1..=3) && !file.has_new(5..=20));
    }
}
