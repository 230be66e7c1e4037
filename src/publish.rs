//! What a run says in a merge request: one note that is kept up to date, and threads at the lines of the diff.
//!
//! Everything up to the list of [`Action`]s is worked out without the network. What an earlier run wrote is found again
//! by a hidden mark *and* its author, so that nobody can pass a note off as proclint's, and nobody else's is touched.

mod mark;
mod own;
mod place;
mod plan;
mod post;
mod prose;
mod stamp;
mod suggestion;
mod summary;
mod thread;

use crate::finding::Report;
use crate::subject::Subject;

pub use mark::is_marked;
pub use own::{Own, OwnNote, OwnThread, Resolution};
pub use place::{Lines, lines};
pub use plan::{Action, Found, plan};
pub use post::{Problem, Published, publish};
pub use stamp::Stamp;
pub use summary::{Note, Shown, note};
pub use thread::{Wanted, wanted};

/// The outcome of a run, and what of it is to be published.
#[derive(Clone, Copy, Debug)]
pub struct Publication<'r> {
    /// What was found.
    pub report: &'r Report,
    /// The merge request with its changed files; without them there are no threads.
    pub record: Option<&'r Subject>,
    /// What of the merge request was judged.
    pub stamp: &'r Stamp,
    /// Whether the job fails.
    pub failed: bool,
    /// Quick actions, one each, for somebody to paste.
    pub quick_actions: &'r [String],
    /// What the merge request's own rules would change, in sentences.
    pub preview: &'r [String],
    /// How much is written.
    pub limits: Limits,
}

/// How much is written.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The most threads that are open at a time; the note has the rest.
    pub threads: usize,
    /// The longest note, in characters; GitLab takes 1,000,000.
    pub characters: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { threads: 20, characters: 60_000 }
    }
}
