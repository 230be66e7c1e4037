//! Why a reading of GitLab ended early or could not be kept.

use miette::Diagnostic;
use thiserror::Error;

use crate::load::gitlab::GitlabError;

/// A reading that did not come to its end.
#[derive(Debug, Error, Diagnostic)]
pub enum HarvestError {
    /// The server cannot be read any further.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Gitlab(#[from] GitlabError),
    /// The folder that keeps what was read does not let itself be written or read.
    #[error("what was read cannot be kept in {path}")]
    #[diagnostic(
        code(proclint::load::saved_folder),
        help("give with `--save` a folder that can be written, or one that does not exist yet")
    )]
    Folder {
        /// The file or folder.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// Another run keeps what it reads there.
    #[error("another run is reading into {path}")]
    #[diagnostic(
        code(proclint::load::saved_held),
        help("wait until it has ended, or give `--save` an empty folder or a new one")
    )]
    Held {
        /// The folder.
        path: String,
    },
    /// The folder holds records already.
    #[error("{path} holds records already")]
    #[diagnostic(
        code(proclint::load::saved_taken),
        help("give `--save` an empty folder or a new one; `proclint audit {path}` reads what is there")
    )]
    Taken {
        /// The folder.
        path: String,
    },
    /// The folder holds the beginning of another reading.
    #[error("{path} holds the beginning of another reading: {begun}; this one is {asked}")]
    #[diagnostic(
        code(proclint::load::saved_other),
        help("run that one again to finish it, or give `--save` an empty folder or a new one")
    )]
    Other {
        /// The folder.
        path: String,
        /// What was begun.
        begun: String,
        /// What is asked for now.
        asked: String,
    },
    /// The folder's own notes on how far the reading is cannot be read.
    #[error("{path} does not tell how far the reading is: {reason}")]
    #[diagnostic(code(proclint::load::saved_broken), help("give `--save` an empty folder or a new one"))]
    Broken {
        /// The file.
        path: String,
        /// Why.
        reason: String,
    },
}
