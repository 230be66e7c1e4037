//! One request and its answer: connection, certificates, time limits; no judgement and no second try.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use ureq::http::{HeaderMap, HeaderValue, Request};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, AsSendBody};

use super::GitlabError;
use super::address::Root;
use super::call::{Call, Method};
use super::wording::{quoted, unsure};
use crate::load::read_found;

/// No page of the API is larger; a diff of a thousand files is some MB.
const LARGEST: u64 = 64 << 20;

/// Whether a proxy stands between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxyChoice {
    /// As `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` say.
    Environment,
    /// None, whatever the environment says.
    None,
}

/// How the server is reached.
#[derive(Clone, Debug)]
pub struct Connection {
    /// Files of certificates to trust beside those of the system, as in `CI_SERVER_TLS_CA_FILE`.
    pub certificates: Vec<PathBuf>,
    /// Whether a proxy stands between.
    pub proxy: ProxyChoice,
    /// How long a call may take, from the look-up of the name to the last byte.
    pub timeout: Duration,
}

impl Default for Connection {
    fn default() -> Self {
        Self { certificates: Vec::new(), proxy: ProxyChoice::Environment, timeout: Duration::from_secs(30) }
    }
}

/// An answer, whatever its status.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok().map(str::trim)
    }
}

/// A call without an answer.
#[derive(Debug)]
pub(super) struct NoAnswer {
    pub(super) error: GitlabError,
    /// The request never left, so repeating it does nothing twice.
    pub(super) unsent: bool,
}

/// The connection to one server; nothing is opened or read before the first call.
pub(super) struct Transport {
    connection: Connection,
    agent: OnceLock<Agent>,
}

impl Transport {
    pub(super) fn new(connection: Connection) -> Self {
        Self { connection, agent: OnceLock::new() }
    }

    /// Makes the call at `root`, with `headers` beside the usual ones.
    pub(super) fn exchange(
        &self,
        root: &Root,
        call: &Call,
        headers: &[(&'static str, HeaderValue)],
    ) -> Result<Answer, NoAnswer> {
        let agent = self.agent(root).map_err(|error| NoAnswer { error, unsent: true })?;
        let mut request = Request::builder().method(call.method.name()).uri(root.address(&call.path));
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let sent = match &call.body {
            Some(body) => {
                let request = request.header("content-type", "application/json").body(body.to_string());
                run(agent, request)
            }
            None if call.method == Method::Get => run(agent, request.body(())),
            None => run(agent, request.body(String::new())),
        };
        let response = sent.map_err(|error| self.no_answer(root, call, error))?;
        let (parts, mut body) = response.into_parts();
        let body = body.with_config().limit(LARGEST).read_to_vec();
        let body = body.map_err(|error| self.no_answer(root, call, error))?;
        Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, body })
    }

    fn agent(&self, root: &Root) -> Result<&Agent, GitlabError> {
        if let Some(agent) = self.agent.get() {
            return Ok(agent);
        }
        let mut config = Agent::config_builder()
            .user_agent(concat!("proclint/", env!("CARGO_PKG_VERSION")))
            .http_status_as_error(false)
            // A redirect is looked at before the token goes anywhere.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_connect(Some(self.connection.timeout.min(Duration::from_secs(10))))
            .timeout_per_call(Some(self.connection.timeout));
        if self.connection.proxy == ProxyChoice::None {
            config = config.proxy(None);
        }
        if root.is_https() {
            config = config.tls_config(self.tls()?);
        }
        Ok(self.agent.get_or_init(|| config.build().new_agent()))
    }

    /// Those of the system, where `SSL_CERT_FILE` and `SSL_CERT_DIR` are heeded, and the files given.
    fn tls(&self) -> Result<TlsConfig, GitlabError> {
        let mut trusted = Vec::new();
        for file in &self.connection.certificates {
            let path = file.display().to_string();
            let wrong = |reason: String| GitlabError::Certificates { path: path.clone(), reason };
            let text = read_found(file).map_err(|error| wrong(error.to_string()))?;
            let before = trusted.len();
            for item in parse_pem(&text) {
                if let PemItem::Certificate(certificate) = item.map_err(|error| wrong(error.to_string()))? {
                    trusted.push(certificate);
                }
            }
            if trusted.len() == before {
                return Err(wrong("there is no certificate in it".to_owned()));
            }
        }
        let system = rustls_native_certs::load_native_certs();
        trusted.extend(system.certs.iter().map(|der| Certificate::from_der(der).to_owned()));
        if trusted.is_empty() {
            let reason =
                system.errors.first().map_or_else(|| "none were found".to_owned(), ToString::to_string);
            return Err(GitlabError::Certificates {
                path: "the system's certificate store".to_owned(),
                reason,
            });
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = TlsConfig::builder().unversioned_rustls_crypto_provider(provider);
        Ok(config.root_certs(RootCerts::new_with_certs(&trusted)).build())
    }

    fn no_answer(&self, root: &Root, call: &Call, error: ureq::Error) -> NoAnswer {
        let host = root.host();
        let unreachable = |reason: &str| {
            let error = GitlabError::Unreachable { host: host.clone(), reason: reason.to_owned() };
            NoAnswer { error, unsent: true }
        };
        let sent = |error| NoAnswer { error, unsent: false };
        let unsure = unsure(call.method);
        match error {
            ureq::Error::HostNotFound => unreachable("its name is not known"),
            ureq::Error::ConnectionFailed => unreachable("the connection is refused"),
            ureq::Error::Timeout(ureq::Timeout::Resolve | ureq::Timeout::Connect) => {
                unreachable("there is no connection in time")
            }
            // What these hold may show the password of a proxy.
            ureq::Error::InvalidProxyUrl | ureq::Error::ConnectProxyFailed(_) => {
                unreachable("the proxy does not let it through")
            }
            ureq::Error::Timeout(_) => {
                let seconds = self.connection.timeout.as_secs().max(1);
                sent(GitlabError::Timeout { call: call.name(), seconds, unsure })
            }
            ureq::Error::BodyExceedsLimit(limit) => {
                sent(GitlabError::Large { call: call.name(), megabytes: limit >> 20 })
            }
            ureq::Error::Tls(reason) => unsafe_connection(host, reason.to_owned()),
            ureq::Error::Rustls(error) => unsafe_connection(host, error.to_string()),
            ureq::Error::Io(error) => {
                match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
                    Some(tls) => unsafe_connection(host, tls.to_string()),
                    None => match unconnected(&error) {
                        Some(reason) => unreachable(reason),
                        None => {
                            sent(GitlabError::BrokenOff { call: call.name(), reason: broken(&error), unsure })
                        }
                    },
                }
            }
            other => {
                sent(GitlabError::BrokenOff { call: call.name(), reason: quoted(&other.to_string()), unsure })
            }
        }
    }
}

fn run<B: AsSendBody>(
    agent: &Agent,
    request: Result<Request<B>, ureq::http::Error>,
) -> Result<ureq::http::Response<ureq::Body>, ureq::Error> {
    agent.run(request?)
}

fn unsafe_connection(host: String, reason: String) -> NoAnswer {
    NoAnswer { error: GitlabError::Tls { host, reason: quoted(&reason) }, unsent: true }
}

/// Why there is no connection, if that is what `error` says.
fn unconnected(error: &io::Error) -> Option<&'static str> {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => Some("the connection is refused"),
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => Some("there is no way to it"),
        // The standard library has no kind for it, only these words.
        _ if error.to_string().starts_with("failed to lookup address") => Some("its name is not known"),
        _ => None,
    }
}

fn broken(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => "the connection was closed too early".to_owned(),
        io::ErrorKind::ConnectionReset => "the connection was reset".to_owned(),
        _ => quoted(&error.to_string()),
    }
}
