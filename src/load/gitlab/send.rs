//! A call until it is answered: what is tried again, after which wait, and what a status means.

use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::Value;
use ureq::http::HeaderValue;

use super::call::{Call, Method};

use super::limits::{self, Limits};
use super::transport::Answer;
use super::wording::{holder, in_seconds, quoted, remedy, shown, unsure};
use super::{Gitlab, GitlabError};

/// How often a call is made at most.
const TRIES: u32 = 4;

/// How often a call is made at most that has no answer in time.
const SILENT_TRIES: u32 = 2;

/// How many redirects are followed, all within the API.
const HOPS: u32 = 5;

/// What came back.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) value: Value,
    /// The path of the next page, below the API's root.
    pub(super) next: Option<String>,
    /// `x-total`: how many items the whole list has.
    pub(super) total: Option<u64>,
}

/// A try that failed.
struct Failure {
    error: GitlabError,
    /// Whether the same call may be made again.
    again: bool,
    /// How long the server asks to wait.
    wait: Option<Duration>,
}

impl Gitlab {
    /// The answer to `call`, after as many tries and waits as are allowed.
    pub(super) fn send(&self, mut call: Call) -> Result<Reply, GitlabError> {
        let mut tries = 0;
        let mut hops = 0;
        let silent = self.unanswered.load(Ordering::Relaxed);
        // A server that is down is not waited for once for every call.
        if silent > 1 {
            let reason = "it did not answer the calls before".to_owned();
            return Err(GitlabError::Unreachable { host: self.root.host(), reason });
        }
        loop {
            self.await_window();
            self.spend(&call)?;
            tries += 1;
            let failure = match self.attempt(&call, tries) {
                Ok(Attempt::Answered(reply)) => return Ok(*reply),
                Ok(Attempt::Redirected(path)) => {
                    hops += 1;
                    if hops > HOPS {
                        return Err(GitlabError::Circle { call: call.name() });
                    }
                    call.path = path;
                    tries = 0;
                    continue;
                }
                Err(failure) => failure,
            };
            let is_silent = matches!(failure.error, GitlabError::Timeout { .. });
            let most = match silent {
                0 if is_silent => SILENT_TRIES,
                0 => TRIES,
                _ => 1,
            };
            if !failure.again || tries >= most {
                if is_silent || matches!(failure.error, GitlabError::Unreachable { .. }) {
                    self.unanswered.fetch_add(1, Ordering::Relaxed);
                }
                return Err(failure.error);
            }
            if failure.wait.is_some_and(|wait| wait > self.patience) {
                return Err(failure.error);
            }
            self.clock.sleep(match failure.wait {
                // Not earlier than asked, and not together with all who were told the same.
                Some(wait) => wait.mul_f64(1.0 + 0.1 * self.clock.jitter()),
                None => self.backoff(tries),
            });
        }
    }

    fn attempt(&self, call: &Call, tries: u32) -> Result<Attempt, Failure> {
        let mut headers: Vec<(&'static str, HeaderValue)> = self.token.header().into_iter().collect();
        headers.push(("accept", HeaderValue::from_static("application/json")));
        let known = self.cache.as_ref().filter(|_| call.method == Method::Get);
        let known = known.and_then(|cache| cache.find(&self.root.address(&call.path)));
        let tag = known.as_ref().and_then(|known| HeaderValue::from_str(&known.etag).ok());
        headers.extend(tag.map(|tag| ("if-none-match", tag)));
        let mut answer = self.transport.exchange(&self.root, call, &headers).map_err(|none| Failure {
            again: none.error.is_passing() && (none.unsent || call.method.is_idempotent()),
            error: none.error,
            wait: None,
        })?;
        self.token.redact_answer(&mut answer);
        self.unanswered.store(0, Ordering::Relaxed);
        let limits = Limits::of(&answer, self.clock.now());
        self.note_limits(&limits);
        let total = answer.header("x-total").and_then(|total| total.parse().ok());
        let counted = |attempt| match attempt {
            Attempt::Answered(reply) => Attempt::Answered(Box::new(Reply { total, ..*reply })),
            redirected => redirected,
        };
        match answer.status {
            304 => match known {
                Some(known) => self.parsed(call, 200, &known.body, known.link.as_deref()).map(counted),
                None => Err(final_failure(self.refused(call, &answer))),
            },
            301 | 302 | 303 | 307 | 308 => self.redirect(call, &answer).map(Attempt::Redirected),
            200..=299 => {
                let link = answer.header("link").map(str::to_owned);
                let reply = self.answered(call, &answer, link.as_deref())?;
                if let (Some(cache), Some(etag), Method::Get) =
                    (&self.cache, answer.header("etag"), call.method)
                {
                    cache.keep(&self.root.address(&call.path), etag, link.as_deref(), &answer.body);
                }
                Ok(counted(reply))
            }
            429 => Err(Failure {
                error: GitlabError::RateLimited {
                    call: call.name(),
                    wait: limits.wait.map(words_of_wait).unwrap_or_default(),
                    tries: times(tries),
                },
                again: true,
                wait: limits.wait,
            }),
            status @ 500.. => Err(Failure {
                error: GitlabError::Server {
                    call: call.name(),
                    status,
                    tries: times(tries),
                    unsure: unsure(call.method),
                },
                again: call.method.is_idempotent(),
                wait: limits.wait,
            }),
            _ => Err(final_failure(self.refused(call, &answer))),
        }
    }

    fn answered(&self, call: &Call, answer: &Answer, link: Option<&str>) -> Result<Attempt, Failure> {
        let is_page = answer.header("content-type").is_some_and(|kind| kind.contains("html"))
            || answer.body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<');
        if is_page {
            let error = GitlabError::WebPage { call: call.name(), host: self.root.host() };
            return Err(final_failure(error));
        }
        self.parsed(call, answer.status, &answer.body, link)
    }

    fn parsed(&self, call: &Call, status: u16, body: &[u8], link: Option<&str>) -> Result<Attempt, Failure> {
        let value = if status == 204 || body.is_empty() && status != 200 {
            Value::Null
        } else {
            serde_json::from_slice(body).map_err(|error| Failure {
                error: GitlabError::Json {
                    call: call.name(),
                    reason: reason(&error, body.len()),
                    unsure: unsure(call.method),
                },
                again: call.method.is_idempotent(),
                wait: None,
            })?
        };
        let next = match link.and_then(limits::next_page) {
            Some(next) => Some(
                self.root
                    .below(next, &call.path)
                    .map_err(|target| final_failure(GitlabError::Redirect { call: call.name(), target }))?,
            ),
            None => None,
        };
        Ok(Attempt::Answered(Box::new(Reply { status, value, next, total: None })))
    }

    /// The path a redirect leads to; only reading follows it, and only within the API.
    fn redirect(&self, call: &Call, answer: &Answer) -> Result<String, Failure> {
        let location = answer.header("location").unwrap_or_default();
        let redirect = |target| final_failure(GitlabError::Redirect { call: call.name(), target });
        let path = self.root.below(location, &call.path).map_err(redirect)?;
        if call.method == Method::Get {
            Ok(path)
        } else {
            let target = shown(&path);
            Err(final_failure(GitlabError::Moved { call: call.name(), target }))
        }
    }

    fn refused(&self, call: &Call, answer: &Answer) -> GitlabError {
        let said = self.said(answer);
        let (call_name, token) = (call.name(), holder(self.token.kind()));
        let remedy = remedy(self.token.kind(), answer.status, &said, call.method != Method::Get);
        match answer.status {
            401 => GitlabError::Unauthorized { call: call_name, token, said, remedy },
            403 => GitlabError::Forbidden { call: call_name, token, said, remedy },
            404 => GitlabError::Missing { call: call_name, token, said, remedy },
            status => GitlabError::Refused { call: call_name, status, said },
        }
    }

    /// What a refusal says: `message` is a string or an object, `error` a string, and some are no JSON.
    fn said(&self, answer: &Answer) -> String {
        let text = match serde_json::from_slice::<Value>(&answer.body) {
            Ok(value) => {
                let at = |key: &str| value.get(key).filter(|said| !said.is_null());
                let said = at("message").or_else(|| at("error_description")).or_else(|| at("error"));
                let said = said.map(|said| said.as_str().map_or_else(|| said.to_string(), str::to_owned));
                let scope =
                    at("error").and_then(Value::as_str).filter(|error| *error == "insufficient_scope");
                match (said, scope) {
                    (Some(said), Some(scope)) => format!("{scope}: {said}"),
                    (said, _) => said.unwrap_or_default(),
                }
            }
            Err(_) => String::from_utf8_lossy(answer.body.get(..1000).unwrap_or(&answer.body)).into_owned(),
        };
        let said = quoted(&self.token.redact(&text));
        match said.trim() {
            "" => format!("{} without a reason", answer.status),
            said if said.starts_with('<') => format!("{} with a web page", answer.status),
            said => said.to_owned(),
        }
    }

    /// 1, 2, 4 seconds, each up to half longer or shorter.
    fn backoff(&self, tries: u32) -> Duration {
        let seconds = f64::from(1_u32 << (tries - 1).min(6));
        Duration::from_secs_f64(seconds * (0.5 + self.clock.jitter()))
    }
}

enum Attempt {
    Answered(Box<Reply>),
    Redirected(String),
}

fn final_failure(error: GitlabError) -> Failure {
    Failure { error, again: false, wait: None }
}

/// What the parser says; an answer is one long line, so its column is a byte.
fn reason(error: &serde_json::Error, length: usize) -> String {
    if error.is_eof() {
        format!("it ends after {length} bytes, in the middle")
    } else {
        format!("a mistake at byte {}", error.column())
    }
}

fn words_of_wait(wait: Duration) -> String {
    format!(" and asks to wait {}", in_seconds(wait.as_secs()))
}

fn times(tries: u32) -> String {
    if tries == 1 { "once".to_owned() } else { format!("{tries} times") }
}
