//! Carries the plan out: the calls that are needed, and why one was not made. None of it changes a verdict.

use miette::Diagnostic;
use serde_json::Value;

use super::Publication;
use super::mark::ThreadMark;
use super::own::Own;
use super::plan::{Action, Found, is_same, plan};
use super::summary::{Shown, note};
use super::thread::{Wanted, wanted};
use crate::load::gitlab::{Gitlab, GitlabError, Item, Position, TokenKind};
use crate::report::neutral;

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// Number of notes and threads that were written, changed, resolved or opened again.
    pub changes: usize,
    /// What was not, each reason once.
    pub problems: Vec<Problem>,
}

/// Why something was not published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What was not published, and why.
    pub reason: String,
    /// What to do about it.
    pub remedy: String,
}

/// Publishes what was found in the merge request `item`.
pub fn publish(gitlab: &Gitlab, item: &Item, publication: &Publication<'_>) -> Published {
    let mut published = Published::default();
    if gitlab.token_kind() != TokenKind::Access {
        let token =
            if gitlab.token_kind() == TokenKind::Job { "the job's own token" } else { "a job without token" };
        published.problems.push(Problem {
            reason: format!("the note and threads are not posted: {token} may not write them"),
            remedy:
                "set PROCLINT_TOKEN to a project access token with the scope `api` and the role Developer"
                    .into(),
        });
        return published;
    }
    let run = Run { gitlab, item, publication };
    if let Err(error) = run.all(&mut published) {
        published.say("the note and threads are not posted", &error);
    }
    published
}

impl Published {
    fn say(&mut self, what: &str, error: &GitlabError) {
        let remedy = error.help().map(|help| help.to_string()).unwrap_or_default();
        let problem = Problem { reason: format!("{what}: {error}"), remedy };
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }
}

struct Run<'r> {
    gitlab: &'r Gitlab,
    item: &'r Item,
    publication: &'r Publication<'r>,
}

impl Run<'_> {
    fn all(&self, published: &mut Published) -> Result<(), GitlabError> {
        let me = self.gitlab.current_user()?;
        let me = me["id"].as_u64().unwrap_or_default();
        let discussions = self.gitlab.discussions(self.item).collect::<Result<Vec<Value>, _>>()?;
        let own = Own::of(&discussions, me);
        let wanted = wanted(self.publication);
        let mark = own.note.as_ref().map(|note| &note.mark);
        let refused = mark.filter(|mark| mark.stamp == self.publication.stamp.digest());
        let mut shown = Shown {
            refused: refused.map(|mark| mark.refused.clone()).unwrap_or_default(),
            ..Shown::default()
        };
        let asked: Vec<Wanted> =
            wanted.into_iter().filter(|of| !shown.refused.contains(&of.mark.fingerprint)).collect();
        let found = Found::of(self.publication.report);
        let actions = plan(&own.threads, &asked, &found, self.publication.limits.threads);
        shown.in_threads = own.threads.iter().map(|thread| thread.mark.fingerprint.clone()).collect();
        shown.in_threads.extend(actions.iter().filter_map(|action| match action {
            Action::Edit { body, .. } => ThreadMark::of(body).map(|mark| mark.fingerprint),
            _ => None,
        }));
        if actions.is_empty() && self.note_call(&own, &shown).is_none() {
            return Ok(());
        }
        let newest = self.newest()?;
        if let Some(newest) = newest.as_ref().filter(|newest| newest.head != self.publication.stamp.head()) {
            published.problems.push(Problem {
                reason: format!(
                    "the note and threads are not posted: the merge request has moved on to commit {}",
                    neutral::code(&newest.head)
                ),
                remedy: "the job of that commit posts them".to_owned(),
            });
            return Ok(());
        }
        self.threads(&actions, newest.as_ref(), &mut shown, published)?;
        let Some(call) = self.note_call(&own, &shown) else { return Ok(()) };
        let done = match call {
            NoteCall::Edit(id, body) => self.gitlab.edit_note(self.item, id, &body).map(drop),
            NoteCall::Create(body) => self.gitlab.create_note(self.item, &body).map(drop),
        };
        match done {
            Ok(()) => published.changes += 1,
            Err(error) => published.say("the note is not up to date", &error),
        }
        Ok(())
    }

    /// Carries out `actions`; ends early with an error that no other call would escape.
    fn threads(
        &self,
        actions: &[Action<'_>],
        newest: Option<&Version>,
        shown: &mut Shown,
        published: &mut Published,
    ) -> Result<(), GitlabError> {
        for action in actions {
            let done = match action {
                Action::Open(wanted) => {
                    // Without a version of the diff there is no line to name; the note has the finding.
                    let Some(position) = newest.map(|newest| newest.position(wanted)) else { continue };
                    self.gitlab.create_discussion(self.item, &wanted.body, Some(&position)).map(|_| {
                        shown.in_threads.insert(wanted.mark.fingerprint.clone());
                    })
                }
                Action::Edit { note, body } => self.gitlab.edit_note(self.item, *note, body).map(drop),
                Action::Resolve { thread } => self.gitlab.resolve(self.item, thread, true).map(drop),
                Action::Reopen { thread } => self.gitlab.resolve(self.item, thread, false).map(drop),
            };
            match (done, action) {
                (Ok(()), _) => published.changes += 1,
                (Err(GitlabError::Refused { .. }), Action::Open(wanted)) => {
                    shown.refused.push(wanted.mark.fingerprint.clone());
                }
                (Err(error @ (GitlabError::Refused { .. } | GitlabError::Missing { .. })), _) => {
                    published.say("a thread is not up to date", &error);
                }
                (Err(error), _) if error.is_access() || matches!(error, GitlabError::Budget { .. }) => {
                    return Err(error);
                }
                (Err(error), _) => {
                    // The note matters more than the other threads, which the next run makes.
                    published.say("not all threads are up to date", &error);
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// What makes the note say what it should; nothing where it does, or where there is nothing to say.
    fn note_call(&self, own: &Own, shown: &Shown) -> Option<NoteCall> {
        let wanted = note(self.publication, shown);
        match &own.note {
            Some(there) if is_same(&there.body, &wanted.body) => None,
            Some(there) => Some(NoteCall::Edit(there.id, wanted.body)),
            None if wanted.is_clean => None,
            None => Some(NoteCall::Create(wanted.body)),
        }
    }

    /// The newest version of the diff.
    fn newest(&self) -> Result<Option<Version>, GitlabError> {
        let newest = self.gitlab.versions(self.item).next().transpose()?;
        Ok(newest.map(|newest| {
            let commit = |key: &str| newest[key].as_str().unwrap_or_default().to_owned();
            Version {
                base: commit("base_commit_sha"),
                start: commit("start_commit_sha"),
                head: commit("head_commit_sha"),
            }
        }))
    }
}

enum NoteCall {
    Create(String),
    Edit(u64, String),
}

/// A version of the diff, by its three commits.
struct Version {
    base: String,
    start: String,
    head: String,
}

impl Version {
    fn position(&self, wanted: &Wanted) -> Position {
        Position {
            base_sha: self.base.clone(),
            start_sha: self.start.clone(),
            head_sha: self.head.clone(),
            old_path: wanted.old_path.clone(),
            new_path: wanted.new_path.clone(),
            old_line: wanted.old_line,
            new_line: wanted.new_line,
        }
    }
}
