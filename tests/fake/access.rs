//! Who asks, and what they may: tokens, scopes, the short list of a job token.

use super::answer::{Answer, Outcome};
use super::request::Request;
use super::state::{State, Token, user};

/// Who asks.
#[derive(Clone, Debug)]
pub(super) enum Caller {
    Nobody,
    User(Token),
}

impl Caller {
    /// The caller by the headers of the request.
    pub(super) fn of(state: &State, request: &Request) -> Result<Self, Answer> {
        let bearer = request.seen.header("authorization").and_then(|value| value.strip_prefix("Bearer "));
        let job = request.seen.header("job-token");
        let Some(secret) = request.seen.header("private-token").or(bearer).or(job) else {
            return Ok(Self::Nobody);
        };
        // Where a job token is not taken it is not even looked at.
        if job.is_some() && !is_open_to_jobs(request) {
            return Ok(Self::Nobody);
        }
        let known = state.tokens.iter().find(|token| token.secret == secret && token.job == job.is_some());
        let token = known.ok_or_else(Answer::unauthorized)?;
        if token.revoked {
            return Err(Answer::revoked());
        }
        if token.expired {
            return Err(if token.job { Answer::unauthorized() } else { Answer::expired() });
        }
        let has = |scope: &str| token.scopes.iter().any(|own| own == scope);
        if !(token.job || has("api") || has("read_api") && request.is_get()) {
            return Err(Answer::insufficient_scope(if request.is_get() { "api read_api" } else { "api" }));
        }
        Ok(Self::User(token.clone()))
    }

    /// The token; nobody may not.
    pub(super) fn known(&self) -> Result<&Token, Answer> {
        match self {
            Self::User(token) => Ok(token),
            Self::Nobody => Err(Answer::unauthorized()),
        }
    }

    /// Whether the role is at least `role`.
    pub(super) fn at_least(&self, role: u32) -> Result<&Token, Answer> {
        self.known().and_then(|token| if token.role >= role { Ok(token) } else { Err(Answer::forbidden()) })
    }

    pub(super) fn may_see(&self, public: bool) -> bool {
        public || matches!(self, Self::User(token) if token.role > 0)
    }

    /// `GET /user`.
    pub(super) fn whoami(&self) -> Outcome {
        let token = self.known()?;
        Ok(Answer::ok(&user(&token.user)))
    }
}

/// What a job token reaches of what is here: the merge request and its notes, and only to read.
fn is_open_to_jobs(request: &Request) -> bool {
    let segments: Vec<&str> = request.segments.iter().map(String::as_str).collect();
    let below = match segments.as_slice() {
        ["projects", _, "merge_requests", rest @ ..] => rest,
        ["job"] => return request.is_get(),
        _ => return false,
    };
    request.is_get() && matches!(below, [] | [_] | [_, "notes"] | [_, "notes", _])
}
