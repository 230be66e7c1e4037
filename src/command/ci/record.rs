//! The merge request's record: from the API where a token allows, else from the variables of the job; what lines and
//! messages either lacks comes from the clone.

use std::path::Path;

use miette::Diagnostic;
use proclint::finding::NotChecked;
use proclint::load::gitlab::{Gitlab, GitlabError, Parts, TokenKind};
use proclint::load::{
    GitError, Request, Stretch, complete_diffs, messages, patch, record_subject, variables,
};
use proclint::publish::{Stamp, is_marked};
use proclint::subject::{Kind, Subject};
use serde_json::{Value, json};

use crate::command::Fault;

const NO_DIFFS: &str = "diffs: there is no clone to read the changed lines from; let the job fetch the repository, or set \
                        PROCLINT_TOKEN to a project or group access token with the scope `read_api`";
const NO_COMMITS: &str = "commits: the clone does not reach back to the target branch; set `GIT_DEPTH: 0` in the job, or \
                          PROCLINT_TOKEN to a project or group access token with the scope `read_api`";
const NO_NOTES: &str = "notes: nobody may read comments without a token; set PROCLINT_TOKEN to a project or group access \
                        token with the scope `read_api`";
const NO_API: &str =
    "CI_API_V4_URL is not set, so only the variables of the job tell what the merge request says";

/// A record, and why parts of it are missing.
struct Draft {
    record: Value,
    /// It is the server's, and not put together from variables.
    online: bool,
    gaps: Vec<String>,
    /// Parts that the API did not give.
    missing: Vec<(&'static str, GitlabError)>,
}

/// The merge request as it could be read.
pub struct Judged {
    /// What is linted.
    pub subject: Subject,
    /// What of it could not be had.
    pub gaps: Vec<NotChecked>,
    /// What of it is judged.
    pub stamp: Stamp,
    /// The server gave it, so that more can be asked.
    pub online: bool,
}

/// The merge request of the pipeline.
///
/// # Errors
/// Where neither the API nor the environment has one.
pub fn read(
    request: &Request,
    gitlab: Result<&Option<Gitlab>, &GitlabError>,
    root: &Path,
    stretch: Option<&Stretch>,
) -> Result<Judged, Fault> {
    let mut draft = match gitlab {
        Ok(Some(gitlab)) => match online(gitlab, request) {
            Ok(draft) => draft,
            Err(error) => offline(&told(&error))?,
        },
        Ok(None) => offline(NO_API)?,
        Err(error) => offline(&told(error))?,
    };
    draft.complete(root, stretch);
    let subject = record_subject(&draft.record, Kind::MergeRequest, Some(&request.project));
    let gap = |reason| NotChecked { subject: subject.name.clone(), rule: None, reason };
    let gaps = draft.gaps.into_iter().map(gap).collect();
    let head = request.source_sha.as_deref().or_else(|| draft.record["sha"].as_str());
    let stamp = Stamp::of(&draft.record, head.unwrap_or_default());
    Ok(Judged { subject, gaps, stamp, online: draft.online })
}

fn online(gitlab: &Gitlab, request: &Request) -> Result<Draft, GitlabError> {
    // What a token cannot reach is not asked for: each refusal would cost a call.
    let parts = match gitlab.token_kind() {
        TokenKind::Access => Parts::ALL,
        TokenKind::Job => Parts { commits: false, diffs: false, notes: true },
        TokenKind::None => Parts { commits: false, diffs: false, notes: false },
    };
    let fetched = gitlab.merge_request_record(&request.project, request.iid, parts)?;
    let gaps = (!parts.notes).then(|| NO_NOTES.to_owned()).into_iter().collect();
    let mut record = fetched.record;
    leave_out_own(gitlab, &mut record);
    let mut draft = Draft { record, online: true, gaps, missing: fetched.missing };
    let sha = draft.record.get("sha").and_then(Value::as_str);
    if let (Some(now), Some(judged)) = (sha, &request.source_sha)
        && now != judged
    {
        let (now, judged) = (short(now), short(judged));
        draft.gaps.push(format!(
            "the newest commit: this pipeline runs on {judged}, and {now} was pushed since; its own pipeline judges it"
        ));
    }
    Ok(draft)
}

/// Takes the notes of earlier runs away: what they quote is not said a second time.
fn leave_out_own(gitlab: &Gitlab, record: &mut Value) {
    let Some(notes) = record.get_mut("notes").and_then(Value::as_array_mut) else { return };
    let has_mark = |note: &Value| note["body"].as_str().is_some_and(is_marked);
    if !notes.iter().any(has_mark) {
        return;
    }
    // A job token cannot tell whose it is; then the mark has to do.
    let me = gitlab.current_user().ok().and_then(|me| me["id"].as_u64());
    notes.retain(|note| !has_mark(note) || me.is_some_and(|me| note["author"]["id"].as_u64() != Some(me)));
}

/// The record as the variables have it, for the reason `why`.
fn offline(why: &str) -> Result<Draft, Fault> {
    let (record, cut) = variables(&|name| std::env::var(name).ok())?;
    let why = format!("author, reviewers, notes: {why}");
    let gaps = [why].into_iter().chain(cut.into_iter().map(str::to_owned)).collect();
    Ok(Draft { record: Value::Object(record), online: false, gaps, missing: Vec::new() })
}

impl Draft {
    /// Reads from the clone what is missing.
    fn complete(&mut self, root: &Path, stretch: Option<&Stretch>) {
        let missing = std::mem::take(&mut self.missing);
        let why = |part: &str, otherwise: &str| {
            let error = missing.iter().find(|(key, _)| *key == part);
            error.map_or_else(|| otherwise.to_owned(), |(_, error)| format!("{part}: {}", told(error)))
        };
        if let Some((_, error)) = missing.iter().find(|(key, _)| *key == "notes") {
            self.gaps.push(format!("notes: {}", told(error)));
        }
        if self.record.get("diffs").is_none() {
            match stretch.map(|stretch| patch(root, stretch, &[])) {
                Some(Ok(diff)) => self.record["diffs"] = json!(diff),
                Some(Err(error)) => self.gaps.push(format!("diffs: {}", told(&error))),
                None => self.gaps.push(why("diffs", NO_DIFFS)),
            }
        } else if let Some(Err(error)) =
            stretch.map(|stretch| complete_diffs(&mut self.record, root, stretch))
        {
            self.gaps.push(format!("diffs: {}", told(&error)));
        }
        if self.record.get("commits").is_none() {
            match stretch.map(|stretch| commits(root, stretch)) {
                Some(Ok(Some(commits))) => self.record["commits"] = Value::Array(commits),
                Some(Err(error)) => self.gaps.push(format!("commits: {}", told(&error))),
                Some(Ok(None)) | None => self.gaps.push(why("commits", NO_COMMITS)),
            }
        }
    }
}

fn commits(root: &Path, stretch: &Stretch) -> Result<Option<Vec<Value>>, GitError> {
    if stretch.is_whole(root)? { messages(root, stretch).map(Some) } else { Ok(None) }
}

/// What went wrong, and what to do, in one line.
pub fn told(error: &dyn Diagnostic) -> String {
    let help = error.help().map(|help| format!("; {help}")).unwrap_or_default();
    format!("{error}{help}")
}

fn short(sha: &str) -> &str {
    sha.get(..8).unwrap_or(sha)
}
