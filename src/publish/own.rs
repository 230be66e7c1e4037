//! What earlier runs wrote, picked out of the threads of a merge request.

use serde_json::Value;

use super::mark::{NoteMark, ThreadMark};

/// What there is of ours.
#[derive(Clone, Debug, Default)]
pub struct Own {
    /// The note; the first, should there be several.
    pub note: Option<OwnNote>,
    /// The threads at lines, the oldest first.
    pub threads: Vec<OwnThread>,
}

/// The note.
#[derive(Clone, Debug)]
pub struct OwnNote {
    /// Its number.
    pub id: u64,
    /// Its text.
    pub body: String,
    pub(super) mark: NoteMark,
}

/// A thread that a run opened.
#[derive(Clone, Debug)]
pub struct OwnThread {
    /// The thread's id.
    pub id: String,
    /// The number of its first note.
    pub note: u64,
    /// The text of its first note.
    pub body: String,
    /// Whether it is resolved, and who did it.
    pub resolution: Resolution,
    /// The file it is at.
    pub path: Option<String>,
    pub(super) mark: ThreadMark,
}

/// Whether a thread is resolved, and who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// It is open.
    Open,
    /// A run resolved it: the finding was gone.
    Ours,
    /// Somebody else did.
    Theirs,
}

impl Own {
    /// What the user `me` (a user's number) wrote with a mark of proclint, in `discussions` as the API lists them.
    pub fn of(discussions: &[Value], me: u64) -> Self {
        let mut own = Self::default();
        for discussion in discussions {
            let Some(note) = discussion["notes"].get(0) else { continue };
            let (Some(id), Some(body)) = (note["id"].as_u64(), note["body"].as_str()) else { continue };
            if note["author"]["id"].as_u64() != Some(me) || note["system"] == true {
                continue;
            }
            if let Some(mark) = NoteMark::of(body) {
                own.note.get_or_insert(OwnNote { id, body: body.to_owned(), mark });
            } else if let (Some(mark), Some(thread)) = (ThreadMark::of(body), discussion["id"].as_str()) {
                own.threads.push(OwnThread {
                    id: thread.to_owned(),
                    note: id,
                    body: body.to_owned(),
                    resolution: resolution(&discussion["notes"], me),
                    path: note["position"]["new_path"].as_str().map(str::to_owned),
                    mark,
                });
            }
        }
        own
    }
}

/// A thread is resolved when all its notes are.
fn resolution(notes: &Value, me: u64) -> Resolution {
    let notes = notes.as_array().map(Vec::as_slice).unwrap_or_default();
    let mut resolvable = notes.iter().filter(|note| note["resolvable"] == true).peekable();
    let by = resolvable.peek().map(|note| note["resolved_by"]["id"].as_u64());
    match by {
        Some(by) if resolvable.all(|note| note["resolved"] == true) => {
            if by == Some(me) {
                Resolution::Ours
            } else {
                Resolution::Theirs
            }
        }
        _ => Resolution::Open,
    }
}
