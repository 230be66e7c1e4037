//! The REST API of a GitLab server: the only code that uses the network.
//!
//! What it returns is JSON in the shape [`each_record`](super::each_record) reads, so that a saved answer and a fetched
//! one are checked alike. A [`Gitlab`] may be shared by threads; its budget of calls is one for all of them.

mod address;
mod cache;
mod call;
mod clock;
mod detail;
mod error;
mod limits;
mod list;
mod merge_request;
mod note;
mod page;
mod send;
mod token;
mod transport;
mod wording;

use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

pub use address::of_page;
pub use clock::{Clock, SystemClock};
pub use error::GitlabError;
pub use list::{Event, List, Place};
pub use merge_request::{Fetched, Parts};
pub use note::{Item, ItemKind, Position, Posted};
pub use page::Items;
pub use token::{Token, TokenKind};
pub use transport::{Connection, ProxyChoice};

use self::address::Root;
use self::cache::Cache;
use self::call::Call;
use self::limits::Limits;
use self::transport::Transport;

/// What a run may use.
#[derive(Clone, Debug)]
pub struct Access {
    /// The root of the API, as in `CI_API_V4_URL`; the token goes to this host only.
    pub api: String,
    /// The token.
    pub token: Token,
    /// How the server is reached.
    pub connection: Connection,
    /// How many calls may be made, tries counted.
    pub budget: usize,
    /// When no further call is made; `None` for as long as it takes.
    pub until: Option<Instant>,
    /// The longest wait that is still waited when GitLab asks for one.
    pub patience: Duration,
    /// Where answers are kept with their `ETag`, if anywhere.
    pub cache: Option<PathBuf>,
}

impl Access {
    /// Access to the API at `api`, with the usual limits.
    pub fn new(api: impl Into<String>, token: Token) -> Self {
        Self {
            api: api.into(),
            token,
            connection: Connection::default(),
            budget: 1000,
            until: None,
            patience: Duration::from_secs(90),
            cache: None,
        }
    }

    /// Access as a job of a pipeline has it: `CI_API_V4_URL`, `PROCLINT_TOKEN` or else `CI_JOB_TOKEN`, and
    /// `CI_SERVER_TLS_CA_FILE`. `None` without an API.
    ///
    /// # Errors
    /// [`GitlabError::Token`] where a token is set and cannot be one.
    pub fn from_env(env: &dyn Fn(&str) -> Option<String>) -> Result<Option<Self>, GitlabError> {
        let set = |name: &str| env(name).filter(|value| !value.trim().is_empty());
        let Some(api) = set("CI_API_V4_URL") else { return Ok(None) };
        let token = match (set("PROCLINT_TOKEN"), set("CI_JOB_TOKEN")) {
            (Some(access), _) => Token::access(access)?,
            (None, Some(job)) => Token::job(job)?,
            (None, None) => Token::none(),
        };
        let mut access = Self::new(api, token);
        access.connection.certificates.extend(set("CI_SERVER_TLS_CA_FILE").map(PathBuf::from));
        Ok(Some(access))
    }
}

/// A GitLab server, asked with one token.
pub struct Gitlab {
    root: Root,
    token: Token,
    transport: Transport,
    clock: Box<dyn Clock>,
    budget: usize,
    until: Option<Instant>,
    patience: Duration,
    cache: Option<Cache>,
    calls: AtomicUsize,
    /// No call before this second, as the rate limit of the server says; 0 for none.
    closed_until: AtomicU64,
    skew: AtomicI64,
    /// How many calls ended without an answer since the last one.
    unanswered: AtomicUsize,
}

impl Gitlab {
    /// The server of `access`; nothing is sent yet.
    ///
    /// # Errors
    /// [`GitlabError::Address`] where the API's root is no address.
    pub fn new(access: Access, clock: Box<dyn Clock>) -> Result<Self, GitlabError> {
        Ok(Self {
            root: Root::parse(&access.api)?,
            token: access.token,
            transport: Transport::new(access.connection),
            clock,
            budget: access.budget,
            until: access.until,
            patience: access.patience,
            cache: access.cache.map(Cache::new),
            calls: AtomicUsize::new(0),
            closed_until: AtomicU64::new(0),
            skew: AtomicI64::new(0),
            unanswered: AtomicUsize::new(0),
        })
    }

    /// The host of the API, with its port where it is not the usual one.
    pub fn host(&self) -> String {
        self.root.host()
    }

    /// How the token is sent.
    pub fn token_kind(&self) -> TokenKind {
        self.token.kind()
    }

    /// How many calls were made, tries counted.
    pub fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }

    /// How many calls are left.
    pub fn calls_left(&self) -> usize {
        self.budget.saturating_sub(self.calls())
    }

    /// How many seconds the server's clock was ahead of ours at the last answer.
    pub fn clock_skew(&self) -> i64 {
        self.skew.load(Ordering::Relaxed)
    }

    /// Who the token belongs to: `id`, `username`, `name`. A job token cannot tell.
    ///
    /// # Errors
    /// Any [`GitlabError`].
    pub fn current_user(&self) -> Result<Value, GitlabError> {
        self.object(Call::get("user"))
    }

    /// What the token may do: `scopes`, `expires_at`, `active`. Only an access token can tell.
    ///
    /// # Errors
    /// Any [`GitlabError`].
    pub fn token_facts(&self) -> Result<Value, GitlabError> {
        self.object(Call::get("personal_access_tokens/self"))
    }

    /// The running job: `id`, `status`, `user`. Only a job token can tell.
    ///
    /// # Errors
    /// Any [`GitlabError`].
    pub fn current_job(&self) -> Result<Value, GitlabError> {
        self.object(Call::get("job"))
    }

    /// The server: `version`, as in `19.4.0-ee`, and `revision`.
    ///
    /// # Errors
    /// Any [`GitlabError`].
    pub fn server_version(&self) -> Result<Value, GitlabError> {
        self.object(Call::get("version"))
    }

    /// The project by its path or number.
    ///
    /// # Errors
    /// Any [`GitlabError`].
    pub fn project(&self, project: &str) -> Result<Value, GitlabError> {
        self.object(Call::get(format!("projects/{}", address::escape(project))))
    }

    /// An issue or a merge request by itself.
    ///
    /// # Errors
    /// Any [`GitlabError`].
    pub fn record(&self, item: &Item) -> Result<Value, GitlabError> {
        self.object(Call::get(item.path()))
    }

    /// The group by its path or number.
    ///
    /// # Errors
    /// Any [`GitlabError`].
    pub fn group(&self, group: &str) -> Result<Value, GitlabError> {
        self.object(Call::get(format!("groups/{}", address::escape(group))))
    }

    fn object(&self, call: Call) -> Result<Value, GitlabError> {
        let name = call.name();
        let value = self.send(call)?.value;
        if value.is_object() {
            Ok(value)
        } else {
            Err(GitlabError::Shape { call: name, expected: "an object" })
        }
    }

    /// Takes one call from the budget.
    fn spend(&self, call: &Call) -> Result<(), GitlabError> {
        if self.until.is_some_and(|until| Instant::now() >= until) {
            return Err(GitlabError::TimeIsUp { call: call.name() });
        }
        let take = |made: usize| (made < self.budget).then_some(made + 1);
        match self.calls.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take) {
            Ok(_) => Ok(()),
            Err(_) => Err(GitlabError::Budget { budget: self.budget, call: call.name() }),
        }
    }

    fn note_limits(&self, limits: &Limits) {
        if let Some(skew) = limits.skew {
            self.skew.store(skew, Ordering::Relaxed);
        }
        // Nothing is left of this window: the next call would only be refused.
        if let (Some(0), Some(wait)) = (limits.remaining, limits.wait) {
            self.closed_until.store(self.clock.now().saturating_add(wait.as_secs()), Ordering::Relaxed);
        }
    }

    /// Waits for the next window of the rate limit; one that is too far away is for the call itself to meet.
    fn await_window(&self) {
        let until = self.closed_until.load(Ordering::Relaxed);
        let wait = Duration::from_secs(until.saturating_sub(self.clock.now()));
        if !wait.is_zero() && wait <= self.patience {
            self.clock.sleep(wait);
        }
    }
}
