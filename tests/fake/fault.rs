//! Faults that a test asks for.

use std::collections::VecDeque;

use super::answer::Answer;
use super::request::Seen;

/// What goes wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No answer, ever.
    Stall,
    /// The request is done, and never answered.
    StallAfter,
    /// The request is done, and the connection reset in the middle of the answer's body.
    Reset,
    /// The request is done, and the connection closed in the middle of the answer's body.
    CutOff,
    /// Half of the JSON, in an answer that is whole as HTTP.
    HalfJson,
    /// A page for people, with 200.
    WebPage,
    /// The status, and nothing done.
    Status(u16),
    /// The status, although it was done.
    StatusAfter(u16),
    /// 429 as plain text, with `Retry-After` and with `RateLimit-Reset` so many seconds ahead, where given.
    RateLimited { retry_after: Option<u64>, reset_in: Option<i64> },
    /// A redirect to this address.
    Redirect(String),
    /// The status, with all headers of the request in a message.
    Echo(u16),
    /// The same as plain text.
    EchoText(u16),
    /// A redirect within the API to an address that holds the token.
    EchoRedirect,
    /// A next page within the API whose address holds the token.
    EchoNextPage,
    /// The token has expired meanwhile.
    Expired,
    /// The next page is at this host.
    NextPageAt(String),
    /// The next page is this page.
    SamePage,
    /// The server's clock is ahead by so many seconds, and the rate limit is used up for half a minute.
    Skewed(i64),
}

impl Fault {
    /// The answer instead of GitLab's, where the request is not even looked at.
    pub(super) fn instead(&self, now: i64, seen: &Seen) -> Option<Answer> {
        Some(match self {
            Self::Echo(status) => Answer::message(*status, repeated(seen)),
            Self::EchoText(status) => Answer::text(*status, "text/plain", repeated(seen)),
            Self::EchoRedirect => redirect(&with_token(seen)),
            Self::Status(status) => failed(*status),
            Self::WebPage => Answer::text(200, "text/html; charset=utf-8", "<!DOCTYPE html><h1>Sign in</h1>"),
            Self::Expired => Answer::expired(),
            Self::Redirect(address) => redirect(address),
            Self::RateLimited { retry_after, reset_in } => {
                limited(*retry_after, reset_in.map(|reset| now + reset))
            }
            Self::Skewed(ahead) => limited(None, Some(now + ahead + 30)),
            _ => return None,
        })
    }
}

fn redirect(address: &str) -> Answer {
    let mut answer = Answer::text(302, "text/html", "<a>Found</a>");
    answer.headers.push(("location", address.to_owned()));
    answer
}

/// The request, as a server that explains too much repeats it.
fn repeated(seen: &Seen) -> String {
    let headers = seen.headers.iter().map(|(name, value)| format!("{name}: {value}"));
    format!("what came: {}", headers.collect::<Vec<_>>().join(", "))
}

/// An address within the API that holds the token of the request.
pub(super) fn with_token(seen: &Seen) -> String {
    let token = seen.header("private-token").or_else(|| seen.header("job-token")).unwrap_or_default();
    format!("/api/v4/projects/{token}?private_token={token}")
}

fn failed(status: u16) -> Answer {
    match status {
        500 => Answer::message(500, "500 Internal Server Error"),
        502..=504 => {
            Answer::text(status, "text/html", "<html><title>GitLab is not responding</title></html>")
        }
        status => Answer::message(status, format!("{status}")),
    }
}

fn limited(retry_after: Option<u64>, reset: Option<i64>) -> Answer {
    let mut answer = Answer::text(429, "text/plain", "Retry later\n");
    answer.headers.extend(retry_after.map(|seconds| ("retry-after", seconds.to_string())));
    answer.headers.extend(reset.map(|moment| ("ratelimit-reset", moment.to_string())));
    answer
}

/// Which requests meet which fault.
#[derive(Default)]
pub(super) struct Plan(VecDeque<(String, usize, Fault)>);

impl Plan {
    pub(super) fn add(&mut self, part: &str, times: usize, fault: Fault) {
        self.0.push_back((part.to_owned(), times, fault));
    }

    /// The fault for a request, which is used up by it.
    pub(super) fn take(&mut self, line: &str) -> Option<Fault> {
        let entry = self.0.iter_mut().find(|(part, times, _)| *times > 0 && line.contains(part.as_str()))?;
        entry.1 -= 1;
        Some(entry.2.clone())
    }
}
