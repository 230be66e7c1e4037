//! The commits of a merge request in a clone: where it left its target, and its head.

use std::path::Path;

use super::changes::merge_base;
use super::{Git, GitError};
use crate::load::pipeline::{Event, Request};

/// A base and a head, as git's own hashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The commit of the target branch that the change is compared with.
    pub base: String,
    /// The commit that is judged.
    pub head: String,
    /// The newest commit of the source branch.
    pub tip: String,
}

impl Stretch {
    /// The stretch of `request` in the repository at `root`, whose HEAD is what the pipeline has checked out.
    ///
    /// A pipeline of merged results, or of a merge train, has checked out the merge: its first parent is what it is
    /// merged into, and what came into the target meanwhile is no change of the merge request.
    ///
    /// # Errors
    /// Where the clone does not hold the base.
    pub fn find(root: &Path, request: &Request) -> Result<Self, GitError> {
        let git = Git::at(root)?;
        let head = commit(&git, "HEAD")?.ok_or(GitError::NoCommit)?;
        let merged = request.event != Event::Detached;
        if merged && let (Some(base), Some(tip)) = (commit(&git, "HEAD^1")?, commit(&git, "HEAD^2")?) {
            return Ok(Self { base, head, tip });
        }
        let tip = head.clone();
        if merged
            && let Some(target) = &request.target_sha
            && git.run(&["merge-base", "--is-ancestor", target, &head])?.status.success()
        {
            return Ok(Self { base: target.clone(), head, tip });
        }
        if let Some(base) = &request.diff_base
            && let Some(base) = commit(&git, base)?
        {
            return Ok(Self { base, head, tip });
        }
        let branch = request.target_branch.as_ref().map(|branch| format!("refs/remotes/origin/{branch}"));
        let known = |revision: &String| commit(&git, revision).ok().flatten().is_some();
        let revision = [request.target_sha.clone(), branch].into_iter().flatten().find(known);
        let revision = revision.or_else(|| request.diff_base.clone()).unwrap_or_else(|| "HEAD^".to_owned());
        Ok(Self { base: merge_base(&git, &revision)?, head, tip })
    }

    /// Whether the clone holds every commit from the base to the tip.
    ///
    /// # Errors
    /// Where git cannot be run.
    pub fn is_whole(&self, root: &Path) -> Result<bool, GitError> {
        let git = Git::at(root)?;
        Ok(git.run(&["merge-base", "--is-ancestor", &self.base, &self.tip])?.status.success())
    }
}

/// The hash of the commit that `revision` names, if the clone holds it.
pub(super) fn commit(git: &Git, revision: &str) -> Result<Option<String>, GitError> {
    let commit = format!("{revision}^{{commit}}");
    let found = git.run(&["rev-parse", "--quiet", "--verify", "--end-of-options", &commit])?;
    if found.status.success() {
        return Ok(Some(String::from_utf8_lossy(&found.stdout).trim().to_owned()));
    }
    // Where it only is not there, git says nothing.
    if found.stderr.is_empty() { Ok(None) } else { Err(GitError::failed(&found)) }
}
