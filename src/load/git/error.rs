//! Why what changed cannot be told, and what to do.

use std::io;
use std::process::Output;

use miette::Diagnostic;
use thiserror::Error;

/// A comparison that git cannot make; exit code 2, because a guess would hide findings.
#[derive(Debug, Error, Diagnostic)]
pub enum GitError {
    /// There is no git to ask.
    #[error("`git` cannot be run, and only git knows what changed")]
    #[diagnostic(
        code(proclint::git::missing),
        help("install git, or name the files to check instead of `--since` and `--staged`")
    )]
    NoGit {
        /// What the system said.
        source: io::Error,
    },
    /// The folder is under no version control.
    #[error("{path} is not a git repository, so nothing tells what changed")]
    #[diagnostic(
        code(proclint::git::no_repository),
        help("run proclint inside the repository, or without `--since` and `--staged`")
    )]
    NoRepository {
        /// The folder.
        path: String,
    },
    /// The revision is the empty text, as from a variable that is not set.
    #[error("the revision given with `--since` is empty")]
    #[diagnostic(
        code(proclint::git::empty_revision),
        help(
            "a variable may not be set: outside of merge request pipelines there is no $CI_MERGE_REQUEST_DIFF_BASE_SHA"
        )
    )]
    EmptyRevision,
    /// Nothing has been committed.
    #[error("there is no commit yet to compare with")]
    #[diagnostic(
        code(proclint::git::no_commit),
        help("check what is staged with `--staged`, or everything without `--since`")
    )]
    NoCommit,
    /// The revision is not there, in a clone that has all of its history.
    #[error("there is no revision `{revision}`")]
    #[diagnostic(
        code(proclint::git::no_revision),
        help(
            "`git branch --all` lists the branches there are; one of the server is fetched with `git fetch origin BRANCH`"
        )
    )]
    NoRevision {
        /// The revision as it was given.
        revision: String,
    },
    /// The revision is not there, in a clone whose history was cut.
    #[error("there is no revision `{revision}` in this shallow clone")]
    #[diagnostic(
        code(proclint::git::shallow),
        help("run `git fetch --unshallow` first, or set `GIT_DEPTH: 0` under `variables` of the job")
    )]
    NoRevisionShallow {
        /// The revision as it was given.
        revision: String,
    },
    /// The histories have no commit in common.
    #[error("`{revision}` and HEAD have no commit in common")]
    #[diagnostic(code(proclint::git::no_merge_base), help("name a revision this branch was made from"))]
    NoMergeBase {
        /// The revision as it was given.
        revision: String,
    },
    /// The commit both histories have in common was cut off.
    #[error("this shallow clone does not reach back to where HEAD left `{revision}`")]
    #[diagnostic(
        code(proclint::git::shallow),
        help("run `git fetch --unshallow` first, or set `GIT_DEPTH: 0` under `variables` of the job")
    )]
    NoMergeBaseShallow {
        /// The revision as it was given.
        revision: String,
    },
    /// The repository belongs to somebody else, so git does not read it.
    #[error("git refuses the repository because another user owns it")]
    #[diagnostic(
        code(proclint::git::owner),
        help("if you trust it, run `git config --global --add safe.directory '{path}'`")
    )]
    Owner {
        /// The repository.
        path: String,
    },
    /// Something else.
    #[error("git cannot tell what changed: {reason}")]
    #[diagnostic(
        code(proclint::git::failed),
        help(
            "`git status` in the same folder should run; in a partial clone, fetch the missing objects first"
        )
    )]
    Failed {
        /// What git said, first line.
        reason: String,
    },
}

impl GitError {
    pub(super) fn no_git(source: io::Error) -> Self {
        Self::NoGit { source }
    }

    pub(super) fn failed(output: &Output) -> Self {
        let said = String::from_utf8_lossy(&output.stderr);
        if let Some((_, rest)) = said.split_once("detected dubious ownership in repository at '") {
            let path = rest.split('\'').next().unwrap_or_default().escape_default().to_string();
            return Self::Owner { path };
        }
        let told = said.lines().find(|line| line.starts_with("fatal:") || line.starts_with("error:"));
        let told = told.or_else(|| said.lines().next()).unwrap_or("it gave no reason");
        let reason = told.trim_start_matches("fatal: ").trim_start_matches("error: ");
        Self::Failed { reason: reason.escape_debug().to_string() }
    }
}
