//! The details of the records of one page, fetched by a few threads at a time.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;
use std::sync::{Mutex, PoisonError};
use std::thread;

use serde_json::Value;

use crate::load::gitlab::{Gitlab, GitlabError, TokenKind};
use crate::subject::{Detail, Details, Kind};

/// Failures of the server one after the other that are more than a mishap with one record.
const FAILURES: usize = 3;

/// How the details of a page are fetched.
pub(super) struct Page<'p> {
    pub(super) gitlab: &'p Gitlab,
    pub(super) kind: Kind,
    pub(super) threads: usize,
}

/// A record after its details were asked for.
pub(super) struct Done {
    pub(super) record: Value,
    /// Those that GitLab did not give, and why.
    pub(super) missing: Vec<(Detail, String)>,
    /// Whether all were asked for.
    pub(super) whole: bool,
}

/// Why no more calls are made.
#[derive(Default)]
struct Brake {
    error: Mutex<Option<GitlabError>>,
    failures: AtomicUsize,
    /// Details that are refused to who asks without a token, and how.
    refused: Mutex<HashMap<Detail, String>>,
}

impl Brake {
    fn is_pulled(&self) -> bool {
        self.error.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    fn refused(&self, detail: Detail) -> Option<String> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).get(&detail).cloned()
    }

    fn refuse(&self, detail: Detail, reason: String) {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).insert(detail, reason);
    }

    fn pull(&self, error: GitlabError) {
        self.error.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
    }
}

impl Page<'_> {
    /// Hands each record to `emit`, in their order, with its details. Where no more calls can be made, the records that
    /// are left are handed on as they are, and the reason is returned.
    pub(super) fn complete(
        &self,
        records: Vec<(Details, Value)>,
        emit: &mut dyn FnMut(Done),
    ) -> Option<GitlabError> {
        let brake = Brake::default();
        let calls = records.iter().filter(|(details, _)| !details.is_empty()).count();
        let threads = self.threads.clamp(1, calls.max(1));
        if calls == 0 {
            records
                .into_iter()
                .for_each(|(_, record)| emit(Done { record, missing: Vec::new(), whole: true }));
            return None;
        }
        let work = Mutex::new(records.into_iter().enumerate());
        let take = || work.lock().unwrap_or_else(PoisonError::into_inner).next();
        thread::scope(|scope| {
            let (done, finished) = sync_channel(threads * 2);
            for _ in 0..threads {
                let (done, brake) = (done.clone(), &brake);
                scope.spawn(move || {
                    while let Some((at, (details, record))) = take() {
                        if done.send((at, self.fetch(record, details, brake))).is_err() {
                            return;
                        }
                    }
                });
            }
            drop(done);
            let (mut next, mut early) = (0, BTreeMap::new());
            for (at, done) in finished {
                early.insert(at, done);
                while let Some(done) = early.remove(&next) {
                    next += 1;
                    emit(done);
                }
            }
        });
        brake.error.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn fetch(&self, record: Value, details: Details, brake: &Brake) -> Done {
        let mut done = Done { record, missing: Vec::new(), whole: true };
        for detail in details.iter() {
            if brake.is_pulled() {
                done.whole = false;
                return done;
            }
            if let Some(reason) = brake.refused(detail) {
                done.missing.push((detail, reason));
                continue;
            }
            match self.gitlab.detail(self.kind, &done.record, detail) {
                Ok(list) => {
                    brake.failures.store(0, Ordering::Relaxed);
                    done.record[detail.key()] = Value::Array(list);
                }
                Err(error) if self.ends(&error, brake) => {
                    brake.pull(error);
                    done.whole = false;
                }
                Err(error) => {
                    let reason = brief(&error);
                    if matches!(error, GitlabError::Unauthorized { .. }) {
                        brake.refuse(detail, reason.clone());
                    }
                    done.missing.push((detail, reason));
                }
            }
        }
        done
    }

    /// Whether there is no sense in making more calls after `error`.
    fn ends(&self, error: &GitlabError, brake: &Brake) -> bool {
        match error {
            // One record may be more than the server can answer.
            GitlabError::Server { .. } | GitlabError::Json { .. } => {
                brake.failures.fetch_add(1, Ordering::Relaxed) + 1 >= FAILURES
            }
            GitlabError::Budget { .. } | GitlabError::TimeIsUp { .. } => true,
            // A token that is no longer good is of no more use; without one, some lists are public and others are not.
            GitlabError::Unauthorized { .. } => self.gitlab.token_kind() != TokenKind::None,
            error => error.is_passing(),
        }
    }
}

/// Why a detail was not given, in words that records share: a reason of its own for each would fill a report.
fn brief(error: &GitlabError) -> String {
    match error {
        GitlabError::Server { status, .. } => format!("GitLab failed with {status}"),
        GitlabError::Unauthorized { token, .. } | GitlabError::Forbidden { token, .. } => {
            format!("{token} may not read them")
        }
        GitlabError::Missing { token, .. } => format!("there are none, or {token} may not see them"),
        GitlabError::Refused { status, .. } => format!("GitLab refuses them with {status}"),
        GitlabError::Large { megabytes, .. } => format!("they are larger than {megabytes} MB"),
        GitlabError::Json { .. } => "the answer is not JSON".to_owned(),
        GitlabError::WebPage { .. } => "the answer is a web page".to_owned(),
        other => other.to_string(),
    }
}
