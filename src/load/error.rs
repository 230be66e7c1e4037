//! Why a run cannot go on: input that was asked for and cannot be read.

use miette::Diagnostic;
use thiserror::Error;

/// An input the run was told to read and cannot; exit code 2.
#[derive(Debug, Error, Diagnostic)]
pub enum LoadError {
    /// A path that was named does not exist or may not be read.
    #[error("`{path}` cannot be read")]
    #[diagnostic(
        code(proclint::load::unreadable),
        help("the path is taken from the folder proclint runs in; check its spelling and its permissions")
    )]
    Unreadable {
        /// The path as it was given.
        path: String,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// `-` is given in the place of a file.
    #[error("`-` is standard input, which does not say what kind of text comes")]
    #[diagnostic(
        code(proclint::load::dash),
        help(
            "`check --stdin-filename docs/page.md` reads a text from standard input as if it were that file, `check --issues -` reads records; a file that is called so is `./-`"
        )
    )]
    Dash,
    /// A record file is cut off or is no JSON.
    #[error(
        "`{name}` is not JSON at byte {offset} (line {line}, column {column}{}): {reason}", after(.read)
    )]
    #[diagnostic(
        code(proclint::load::json),
        help(
            "give one object, an array of objects or one object per line, as the GitLab REST API returns them"
        )
    )]
    Json {
        /// The file, or `-`.
        name: String,
        /// The byte that cannot be read, from 0.
        offset: u64,
        /// Its line, from 1.
        line: usize,
        /// Its column in bytes, from 1.
        column: usize,
        /// Number of records read before it.
        read: usize,
        /// What the parser said.
        reason: String,
    },
    /// An archive holds no records.
    #[error("`{path}` holds no records of a GitLab project")]
    #[diagnostic(
        code(proclint::load::export),
        help("give the archive that Settings > General > Export project made, or a file of records")
    )]
    NoExport {
        /// The archive.
        path: String,
    },
    /// A glob of the configuration is malformed.
    #[error("the glob `{glob}` in the configuration cannot be read: {reason}")]
    #[diagnostic(code(proclint::load::glob), help("write it like a line of .gitignore: `docs/**/*.md`"))]
    Glob {
        /// The glob as it was written.
        glob: String,
        /// What is wrong with it.
        reason: String,
    },
    /// What changed cannot be told.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Git(#[from] super::GitError),
    /// The environment holds no merge request.
    #[error(
        "no merge request in the environment: CI_MERGE_REQUEST_IID is not set and CI_PIPELINE_SOURCE is {source_is}"
    )]
    #[diagnostic(
        code(proclint::load::not_a_merge_request),
        help(
            "run the job in merge request pipelines only, `rules: [{{if: '$CI_PIPELINE_SOURCE == \"merge_request_event\"'}}]`; a child pipeline sees the variables only if its parent forwards them"
        )
    )]
    NotMergeRequestPipeline {
        /// `CI_PIPELINE_SOURCE` in backticks, or `not set`.
        source_is: String,
    },
}

/// What was read before the mistake, as the last words in a pair of brackets.
fn after(read: &usize) -> String {
    match read {
        0 => String::new(),
        1 => ", after 1 record".to_owned(),
        many => format!(", after {many} records"),
    }
}
