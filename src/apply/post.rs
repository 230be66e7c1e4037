//! One entry, from the look at its record to the look that tells what came of it.

use super::journal::{Journal, Step};
use super::{ApplyError, note};
use crate::audit::remedies::{Action, Entry, State, undo};
use crate::load::gitlab::{Gitlab, GitlabError, Item, ItemKind, Posted};
use crate::load::record_subject;
use crate::subject::Kind;

/// How often an entry is posted at most, where its record shows that it was not run.
const TRIES: usize = 3;

/// What came of an entry.
#[derive(Debug)]
pub(super) enum Came {
    /// It was posted, and the record shows it.
    Done,
    /// A run that was stopped had posted it.
    FoundDone,
    /// Nobody posted it, and it is left for the next run.
    Left,
    /// It is not posted, for good.
    Skipped(String),
    /// It did not work.
    Failed {
        /// Why.
        reason: String,
        /// Whether something was sent.
        posted: bool,
    },
}

/// The run of one entry.
pub(super) struct Post<'p> {
    pub(super) gitlab: &'p Gitlab,
    pub(super) entry: &'p Entry,
    pub(super) journal: &'p mut Journal,
    /// Whether the cap leaves room for a post.
    pub(super) may_post: bool,
}

/// The record as it is now.
struct Live {
    state: State,
    url: Option<String>,
}

impl Post<'_> {
    pub(super) fn run(&mut self) -> Result<Came, ApplyError> {
        let actions = match self.entry.actions() {
            Ok(actions) => actions,
            Err(reason) => return Ok(Came::Failed { reason, posted: false }),
        };
        let live = match self.read() {
            Ok(live) => live,
            Err(error @ GitlabError::Missing { .. }) => {
                return Ok(Came::Failed { reason: error.to_string(), posted: false });
            }
            Err(error) => return Err(error.into()),
        };
        if let Some(reason) = self.other_record(&live)? {
            return self.skip(reason);
        }
        if let Some(Step::Intent { before }) = self.journal.step(self.entry).cloned() {
            match seen(&actions, &before, &live.state) {
                Seen::Done => {
                    self.journal.write(self.entry, Step::Done)?;
                    return Ok(Came::FoundDone);
                }
                Seen::Untouched => self.not_done()?,
                Seen::Other => {
                    self.keep_undo_of_part(&actions, &before, &live.state)?;
                    let reason = "it was changed before a run that was stopped could tell what came of it";
                    self.journal.write(self.entry, Step::Skipped)?;
                    return Ok(Came::Skipped(reason.to_owned()));
                }
            }
        }
        if !self.may_post {
            return Ok(Came::Left);
        }
        if let Some(reason) = self.not_now(&actions, &live.state) {
            return self.skip(reason);
        }
        self.post(&actions, live.state)
    }

    /// Posts `actions` to the record, which is `before`.
    fn post(&mut self, actions: &[Action], before: State) -> Result<Came, ApplyError> {
        let body = match note(actions).and_then(|body| Ok((body, undo(actions, &before)?))) {
            Ok((body, back)) => {
                self.keep_undo(&back, actions)?;
                body
            }
            Err(reason) => return self.skip(format!("it cannot be undone: {reason}")),
        };
        let intent = State { updated_at: before.updated_at.clone(), ..before.touched(actions) };
        self.journal.write(self.entry, Step::Intent { before: intent })?;
        for tried in 1..=TRIES {
            let answer = self.gitlab.create_note(&self.item(), &body);
            if let Err(error) = &answer
                && is_not_run(error)
            {
                self.not_done()?;
                return Err(answer.err().map_or(ApplyError::NoToken, ApplyError::Gitlab));
            }
            // The intent stays where nobody can tell: the next run looks again.
            let now = self.read()?.state;
            match (seen(actions, &before, &now), answer) {
                (Seen::Done, _) => {
                    self.journal.write(self.entry, Step::Done)?;
                    return Ok(Came::Done);
                }
                (Seen::Untouched, Err(error)) if error.is_passing() => {
                    if tried == TRIES {
                        self.not_done()?;
                        return Err(error.into());
                    }
                }
                (Seen::Untouched, answer) => {
                    self.not_done()?;
                    return Ok(Came::Failed { reason: untouched(answer), posted: true });
                }
                (Seen::Other, _) => {
                    self.keep_undo_of_part(actions, &before, &now)?;
                    self.journal.write(self.entry, Step::NotDone)?;
                    let reason = "GitLab ran it in part, or somebody changed the same fields at that moment";
                    return Ok(Came::Failed { reason: reason.to_owned(), posted: true });
                }
            }
        }
        Ok(Came::Left)
    }

    fn item(&self) -> Item {
        let kind = if self.entry.kind == Kind::Issue { ItemKind::Issue } else { ItemKind::MergeRequest };
        Item { project: self.entry.project.clone(), kind, iid: self.entry.iid }
    }

    fn read(&self) -> Result<Live, GitlabError> {
        let record = self.gitlab.record(&self.item())?;
        let subject = record_subject(&record, self.entry.kind, Some(&self.entry.project));
        let url = record.get("web_url").and_then(serde_json::Value::as_str).map(str::to_owned);
        Ok(Live { state: State::of(&subject), url })
    }

    /// Why the record is not the one that is meant.
    fn other_record(&self, live: &Live) -> Result<Option<String>, ApplyError> {
        let (Some(planned), Some(live)) = (&self.entry.url, &live.url) else { return Ok(None) };
        let host = |url: &str| {
            let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
            rest.split('/').next().unwrap_or_default().to_ascii_lowercase()
        };
        if host(planned) != host(live) {
            return Err(ApplyError::Host { plan: host(planned), server: host(live) });
        }
        // Issues have two addresses, `issues` and `work_items`.
        let plain = |url: &str| url.replace("/-/work_items/", "/-/issues/");
        Ok((plain(planned) != plain(live)).then(|| "it has moved to another address".to_owned()))
    }

    /// Why the entry must not be posted to the record as it is `now`.
    fn not_now(&self, actions: &[Action], now: &State) -> Option<String> {
        if actions.iter().all(|action| action.holds(now) == Some(true)) {
            return Some("it is so already".to_owned());
        }
        let standing = match self.entry.standing() {
            Ok(standing) => standing,
            Err(reason) => return Some(reason),
        };
        if let Some(action) = standing.iter().find(|action| action.holds(now) != Some(true)) {
            return Some(format!("somebody changed its {} since", action.field()));
        }
        let change = self.entry.state.change(now)?;
        Some(format!("{change} changed since the plan was made"))
    }

    fn skip(&mut self, reason: String) -> Result<Came, ApplyError> {
        self.journal.write(self.entry, Step::Skipped)?;
        Ok(Came::Skipped(reason))
    }

    fn undo_id(&self) -> String {
        crate::audit::remedies::hash(["undo", self.entry.id.as_str()])
    }

    fn keep_undo(&mut self, back: &[Action], done: &[Action]) -> Result<(), ApplyError> {
        let lines = |actions: &[Action]| actions.iter().filter_map(|action| action.line().ok()).collect();
        let undo = Entry {
            id: self.undo_id(),
            why: Vec::new(),
            quick_actions: lines(back),
            still: lines(done),
            state: State::default(),
            ..self.entry.clone()
        };
        self.journal.write_undo(&undo)
    }

    /// Where only some of `actions` came to be, they are what can be undone.
    fn keep_undo_of_part(
        &mut self,
        actions: &[Action],
        before: &State,
        now: &State,
    ) -> Result<(), ApplyError> {
        let came = |action: &Action| action.holds(now) == Some(true) && action.holds(before) == Some(false);
        let part: Vec<Action> = actions.iter().flat_map(Action::each).filter(came).collect();
        match undo(&part, before) {
            Ok(back) if !back.is_empty() => self.keep_undo(&back, &part),
            _ => self.journal.void_undo(&self.undo_id()),
        }
    }

    fn not_done(&mut self) -> Result<(), ApplyError> {
        self.journal.void_undo(&self.undo_id())?;
        self.journal.write(self.entry, Step::NotDone)
    }
}

/// What a record shows of quick actions that may have been run.
enum Seen {
    Done,
    Untouched,
    Other,
}

fn seen(actions: &[Action], before: &State, now: &State) -> Seen {
    if actions.iter().all(|action| action.holds(now) == Some(true)) {
        return Seen::Done;
    }
    let fields = State { updated_at: None, ..before.touched(actions) };
    match before.is_same_moment(now) {
        Some(true) => Seen::Untouched,
        None if fields.change(now).is_none() => Seen::Untouched,
        _ => Seen::Other,
    }
}

/// Whether the call ended before GitLab ran anything.
fn is_not_run(error: &GitlabError) -> bool {
    error.is_access()
        || matches!(
            error,
            GitlabError::RateLimited { .. }
                | GitlabError::Budget { .. }
                | GitlabError::Tls { .. }
                | GitlabError::Certificates { .. }
                | GitlabError::Moved { .. }
                | GitlabError::Redirect { .. }
        )
}

fn untouched(answer: Result<Posted, GitlabError>) -> String {
    match answer {
        Ok(_) => "GitLab took the quick actions and changed nothing: a label, milestone or user may not exist in the project, or the token's role may not set it".to_owned(),
        Err(error) => error.to_string(),
    }
}
