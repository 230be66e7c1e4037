//! Why the API could not be asked or did not answer; each variant names whose mistake it is and what to do.

use miette::Diagnostic;
use thiserror::Error;

use super::wording::in_seconds;

/// A call that did not work. No variant holds a token, a query or a header.
#[derive(Debug, Error, Diagnostic)]
pub enum GitlabError {
    /// `CI_API_V4_URL` is no address of a server.
    #[error("`{address}` is no address of a GitLab API")]
    #[diagnostic(
        code(proclint::gitlab::address),
        help(
            "give it as CI_API_V4_URL has it: `https://gitlab.example.com/api/v4`, without a user or a query"
        )
    )]
    Address {
        /// What was given.
        address: String,
    },
    /// A page of another server than the one the token is for.
    #[error("`{address}` is not on {host}, the server that CI_API_V4_URL names")]
    #[diagnostic(
        code(proclint::gitlab::elsewhere),
        help(
            "the token goes to its own server only: set CI_API_V4_URL and PROCLINT_TOKEN for the other one"
        )
    )]
    Elsewhere {
        /// The page.
        address: String,
        /// The server of the API.
        host: String,
    },
    /// The token holds what no header may hold.
    #[error("the token is empty or holds a space, a line break or another character that no token has")]
    #[diagnostic(
        code(proclint::gitlab::token),
        help("set the CI/CD variable PROCLINT_TOKEN again, without quotes; its type is Variable, not File")
    )]
    Token,
    /// The token is so short that it might be a part of any word.
    #[error("{variable} has fewer than {shortest} characters, so it is no token of GitLab")]
    #[diagnostic(
        code(proclint::gitlab::short_token),
        help(
            "set the CI/CD variable {variable} to the whole token; a shorter one could not be kept out of what is shown, so nothing is sent"
        )
    )]
    ShortToken {
        /// Where it was found.
        variable: &'static str,
        /// Characters that it needs.
        shortest: usize,
    },
    /// A file of certificates cannot be used.
    #[error("the certificates in `{path}` cannot be read: {reason}")]
    #[diagnostic(
        code(proclint::gitlab::certificates),
        help("CI_SERVER_TLS_CA_FILE and SSL_CERT_FILE name files in PEM format")
    )]
    Certificates {
        /// The file, or what was looked through.
        path: String,
        /// Why.
        reason: String,
    },
    /// The server cannot be reached.
    #[error("{host} cannot be reached: {reason}")]
    #[diagnostic(
        code(proclint::gitlab::unreachable),
        help(
            "check CI_API_V4_URL, the network of the runner, HTTPS_PROXY and NO_PROXY, and whether the server is up"
        )
    )]
    Unreachable {
        /// The server.
        host: String,
        /// What the system said.
        reason: String,
    },
    /// The server's certificate is not trusted, or there is no TLS at all.
    #[error("the connection to {host} is not safe: {reason}")]
    #[diagnostic(
        code(proclint::gitlab::tls),
        help(
            "if the server has a certificate of its own authority, give that authority in CI_SERVER_TLS_CA_FILE or SSL_CERT_FILE"
        )
    )]
    Tls {
        /// The server.
        host: String,
        /// What is wrong.
        reason: String,
    },
    /// No answer in time.
    #[error("`{call}` had no whole answer within {}", in_seconds(*seconds))]
    #[diagnostic(
        code(proclint::gitlab::timeout),
        help("the server or the network is slow; run the job again{unsure}")
    )]
    Timeout {
        /// Method and path.
        call: String,
        /// How long was waited.
        seconds: u64,
        /// What is not known.
        unsure: &'static str,
    },
    /// The answer ended too early, or the connection broke.
    #[error("the answer to `{call}` broke off: {reason}")]
    #[diagnostic(
        code(proclint::gitlab::broken_off),
        help("the server or a proxy closed the connection; run the job again{unsure}")
    )]
    BrokenOff {
        /// Method and path.
        call: String,
        /// What was seen.
        reason: String,
        /// What is not known.
        unsure: &'static str,
    },
    /// A page for people came instead of JSON.
    #[error("`{call}` was answered with a web page instead of JSON")]
    #[diagnostic(
        code(proclint::gitlab::web_page),
        help(
            "a login page, a proxy or a maintenance page stands before the API: open {host} from where the job runs, and check CI_API_V4_URL"
        )
    )]
    WebPage {
        /// Method and path.
        call: String,
        /// The server.
        host: String,
    },
    /// An answer that is no JSON.
    #[error("the answer to `{call}` is not JSON: {reason}")]
    #[diagnostic(
        code(proclint::gitlab::json),
        help(
            "the server or a proxy cut or changed the answer; run the job again, and tell the server's administrators if it stays{unsure}"
        )
    )]
    Json {
        /// Method and path.
        call: String,
        /// What the parser said.
        reason: String,
        /// What is not known.
        unsure: &'static str,
    },
    /// JSON, but not what the API promises.
    #[error("the answer to `{call}` is not {expected}")]
    #[diagnostic(
        code(proclint::gitlab::shape),
        help("check that CI_API_V4_URL leads to version 4 of GitLab's REST API")
    )]
    Shape {
        /// Method and path.
        call: String,
        /// What was expected: `a list`, `an object`.
        expected: &'static str,
    },
    /// An answer larger than anything the API sends.
    #[error("the answer to `{call}` is larger than {megabytes} MB")]
    #[diagnostic(code(proclint::gitlab::large), help("ask for fewer items a page, or leave this part out"))]
    Large {
        /// Method and path.
        call: String,
        /// The limit.
        megabytes: u64,
    },
    /// The server sends the client to another host, or out of the API.
    #[error("`{call}` is redirected to {target}, where the token must not go")]
    #[diagnostic(
        code(proclint::gitlab::redirect),
        help(
            "if that is the server's new address, set CI_API_V4_URL to it; if it is a login page, the API is not open to the runner"
        )
    )]
    Redirect {
        /// Method and path.
        call: String,
        /// The other host, or the address outside the API.
        target: String,
    },
    /// A project was moved; a write is not repeated at its new place.
    #[error("`{call}` is redirected to `{target}`")]
    #[diagnostic(
        code(proclint::gitlab::moved),
        help("the project was moved or renamed: use its new path, or its number")
    )]
    Moved {
        /// Method and path.
        call: String,
        /// The new path.
        target: String,
    },
    /// 401.
    #[error("GitLab does not accept {token} for `{call}`: {said}")]
    #[diagnostic(code(proclint::gitlab::unauthorized), help("{remedy}"))]
    Unauthorized {
        /// Method and path.
        call: String,
        /// `the job token`, `the access token`, or that there is none.
        token: &'static str,
        /// What GitLab says.
        said: String,
        /// What to do.
        remedy: &'static str,
    },
    /// 403.
    #[error("{token} may not do `{call}`: {said}")]
    #[diagnostic(code(proclint::gitlab::forbidden), help("{remedy}"))]
    Forbidden {
        /// Method and path.
        call: String,
        /// `the job token`, `the access token`, or that there is none.
        token: &'static str,
        /// What GitLab says.
        said: String,
        /// What to do.
        remedy: &'static str,
    },
    /// 404.
    #[error("`{call}` does not exist, or {token} may not see it: {said}")]
    #[diagnostic(code(proclint::gitlab::missing), help("{remedy}"))]
    Missing {
        /// Method and path.
        call: String,
        /// `the job token`, `the access token`, or that there is none.
        token: &'static str,
        /// What GitLab says.
        said: String,
        /// What to do.
        remedy: &'static str,
    },
    /// GitLab refuses what was sent.
    #[error("GitLab refuses `{call}` with {status}: {said}")]
    #[diagnostic(
        code(proclint::gitlab::refused),
        help("what was sent does not fit what the server has now; a new run starts from its present state")
    )]
    Refused {
        /// Method and path.
        call: String,
        /// The status.
        status: u16,
        /// What GitLab says.
        said: String,
    },
    /// 429, and waiting did not help or would take too long.
    #[error("GitLab limits the rate of `{call}`{wait}; it was tried {tries}")]
    #[diagnostic(
        code(proclint::gitlab::rate),
        help("run the job again later, or with fewer jobs at a time; administrators can raise the limit")
    )]
    RateLimited {
        /// Method and path.
        call: String,
        /// ` and asks to wait 300 seconds`, or nothing.
        wait: String,
        /// `once`, `4 times`.
        tries: String,
    },
    /// 5xx.
    #[error("GitLab failed at `{call}` with {status}; it was tried {tries}")]
    #[diagnostic(
        code(proclint::gitlab::server),
        help("the fault is the server's: see its status page, and run the job again{unsure}")
    )]
    Server {
        /// Method and path.
        call: String,
        /// The status.
        status: u16,
        /// `once`, `4 times`.
        tries: String,
        /// What is not known.
        unsure: &'static str,
    },
    /// The run has spent its calls.
    #[error("the budget of {budget} calls is spent; `{call}` was not made")]
    #[diagnostic(
        code(proclint::gitlab::budget),
        help("raise the budget, or ask for less; what was read up to here was checked")
    )]
    Budget {
        /// The calls allowed.
        budget: usize,
        /// Method and path.
        call: String,
    },
    /// The time of the run is used up.
    #[error("the time of this run is used up; `{call}` was not made")]
    #[diagnostic(
        code(proclint::gitlab::time_is_up),
        help("give more seconds with `--timeout`, or ask for less; what was read up to here was checked")
    )]
    TimeIsUp {
        /// Method and path.
        call: String,
    },
    /// A page that names itself as the next.
    #[error("the pages of `{call}` lead in a circle")]
    #[diagnostic(
        code(proclint::gitlab::circle),
        help("the fault is the server's, or a proxy changes its `Link` headers: tell its administrators")
    )]
    Circle {
        /// Method and path.
        call: String,
    },
}

impl GitlabError {
    /// Whether a later run may succeed without anybody changing anything.
    pub fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::Unreachable { .. }
                | Self::Timeout { .. }
                | Self::BrokenOff { .. }
                | Self::Json { .. }
                | Self::RateLimited { .. }
                | Self::Server { .. }
        )
    }

    /// Whether the token does not reach what was asked for: it is refused, lacks a scope, or sees nothing there.
    pub fn is_access(&self) -> bool {
        matches!(self, Self::Unauthorized { .. } | Self::Forbidden { .. } | Self::Missing { .. })
    }
}
