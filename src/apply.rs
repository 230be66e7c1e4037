//! Posts a plan through the API, entry by entry: never twice, never on what changed meanwhile, and so that it can be
//! undone.
//!
//! An entry's quick actions are posted as a note that holds nothing else, which GitLab runs and does not keep. Whether
//! they were run is seen in the record itself, which is read again after each of them: an answer that got lost, or a run
//! that was stopped, leaves no doubt.

mod brake;
mod error;
mod journal;
mod post;

pub use brake::Terms;
pub use error::ApplyError;
pub use journal::{Journal, Step, paths, steps};

use self::post::{Came, Post};
use crate::audit::remedies::{Action, Entry, Plan};
use crate::load::gitlab::{Gitlab, TokenKind};

/// Entries in a row that may fail before the rest is left.
const FAILURES: usize = 3;

/// What came of a run.
#[derive(Debug, Default)]
pub struct Applied {
    /// The entries that were posted, or were found posted by a run that was stopped.
    pub done: Vec<Told>,
    /// Those that were not and will not be, and why.
    pub skipped: Vec<Told>,
    /// Those that did not work; the next run tries them again.
    pub failed: Vec<Told>,
    /// Number of entries that are left for the next run.
    pub left: usize,
    /// Number of entries that earlier runs were through with.
    pub before: usize,
    /// Why the run ended early.
    pub stopped: Option<ApplyError>,
}

/// One entry, and what is said of it.
#[derive(Clone, Debug)]
pub struct Told {
    /// The record's name.
    pub subject: String,
    /// The quick actions.
    pub quick_actions: Vec<String>,
    /// Why it was not posted; empty where it was.
    pub reason: String,
}

impl Told {
    fn of(entry: &Entry, reason: impl Into<String>) -> Self {
        Self {
            subject: entry.subject.clone(),
            quick_actions: entry.quick_actions.clone(),
            reason: reason.into(),
        }
    }
}

/// What a run would post, without a call: the entries that no earlier run was through with, at most `cap`.
pub fn foretell(plan: &Plan, step: &dyn Fn(&Entry) -> Option<Step>, cap: usize) -> Applied {
    let mut applied = Applied::default();
    for entry in &plan.entries {
        match step(entry) {
            Some(Step::Done | Step::Skipped) => applied.before += 1,
            _ if applied.done.len() == cap => applied.left += 1,
            _ => applied.done.push(Told::of(entry, "")),
        }
    }
    applied
}

/// Posts the entries of `plan` that no earlier run was through with, at most `cap` of them.
pub fn apply(gitlab: &Gitlab, plan: &Plan, journal: &mut Journal, cap: usize) -> Applied {
    let mut applied = Applied::default();
    if gitlab.token_kind() != TokenKind::Access {
        applied.left = plan.entries.len();
        applied.stopped = Some(ApplyError::NoToken);
        return applied;
    }
    let mut posts = 0;
    let mut failures = 0;
    for (place, entry) in plan.entries.iter().enumerate() {
        if matches!(journal.step(entry), Some(Step::Done | Step::Skipped)) {
            applied.before += 1;
            continue;
        }
        // What a run left in doubt is cleared up whatever the cap.
        if posts == cap && !matches!(journal.step(entry), Some(Step::Intent { .. })) {
            applied.left += 1;
            continue;
        }
        let mut post = Post { gitlab, entry, journal: &mut *journal, may_post: posts < cap };
        match post.run() {
            Ok(came) => {
                failures = if matches!(came, Came::Failed { .. }) { failures + 1 } else { 0 };
                match came {
                    Came::Done => {
                        posts += 1;
                        applied.done.push(Told::of(entry, ""));
                    }
                    Came::FoundDone => applied.done.push(Told::of(entry, "")),
                    Came::Left => applied.left += 1,
                    Came::Skipped(reason) => applied.skipped.push(Told::of(entry, reason)),
                    Came::Failed { reason, posted } => {
                        posts += usize::from(posted);
                        applied.failed.push(Told::of(entry, reason));
                    }
                }
            }
            Err(error) => {
                applied.left += rest(plan, journal, place);
                applied.stopped = Some(error);
                return applied;
            }
        }
        if failures == FAILURES {
            let left = rest(plan, journal, place + 1);
            applied.left += left;
            applied.stopped = (left > 0).then_some(ApplyError::Failing { failures });
            return applied;
        }
    }
    applied
}

/// How many entries from `place` on nobody is through with.
fn rest(plan: &Plan, journal: &Journal, place: usize) -> usize {
    let open = |entry: &&Entry| !matches!(journal.step(entry), Some(Step::Done | Step::Skipped));
    plan.entries[place..].iter().filter(open).count()
}

/// The lines of `actions` as one note.
fn note(actions: &[Action]) -> Result<String, String> {
    let lines: Result<Vec<String>, String> = actions.iter().map(Action::line).collect();
    Ok(lines?.join("\n"))
}
