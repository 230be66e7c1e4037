//! Whether the API answers, and what the token may do there.

use std::path::Path;

use proclint::load::gitlab::{Gitlab, GitlabError, Parts, TokenKind};
use proclint::load::{Pipeline, read_found};
use serde_json::Value;

use super::Line;
use super::line::State;

/// How far the clocks may be apart before times of tokens and rate limits go wrong, in seconds.
const SKEW: i64 = 60;

/// The lines about the server of the pipeline.
pub fn lines(
    pipeline: &Pipeline,
    env: &dyn Fn(&str) -> Option<String>,
    gitlab: Result<Option<Gitlab>, GitlabError>,
) -> Vec<Line> {
    let mut lines = connection(env);
    let gitlab = match gitlab {
        Ok(Some(gitlab)) => gitlab,
        Ok(None) => {
            lines.push(Line::less(
                "api",
                "CI_API_V4_URL is not set, so nothing is asked of GitLab",
                "run it in a job of GitLab, or set CI_API_V4_URL",
            ));
            return lines;
        }
        Err(error) => {
            lines.push(Line::failed("api", State::Less, &error));
            return lines;
        }
    };
    let asked = match gitlab.token_kind() {
        TokenKind::Access => gitlab.token_facts().map(|facts| of_token(&facts)),
        TokenKind::Job => gitlab.current_job().map(|_| {
            let remedy = "set PROCLINT_TOKEN to a project or group access token: scope `api` to post, `read_api` to read";
            Line::less("token", "the job's own, which reads the merge request and comments, and posts nothing", remedy)
        }),
        TokenKind::None => Ok(Line::less(
            "token",
            "none",
            "let the job have CI_JOB_TOKEN, or set PROCLINT_TOKEN to a project or group access token",
        )),
    };
    let request = merge_request(pipeline, &gitlab);
    let errors =
        request.as_ref().and_then(|asked| asked.as_ref().err()).into_iter().chain(asked.as_ref().err());
    if let Some(error) = errors.into_iter().find(|error| is_unreachable(error)) {
        lines.push(Line::failed("api", State::Less, error));
        return lines;
    }
    lines.push(answering(&gitlab));
    lines.push(asked.unwrap_or_else(|error| Line::failed("token", State::Less, &error)));
    match request {
        Some(Ok(found)) => lines.extend(found),
        Some(Err(error)) => lines.push(Line::failed("request", State::Less, &error)),
        None => {}
    }
    lines
}

/// What stands between the job and the server.
fn connection(env: &dyn Fn(&str) -> Option<String>) -> Vec<Line> {
    let mut lines = Vec::new();
    if let Some(file) = env("CI_SERVER_TLS_CA_FILE") {
        lines.push(match read_found(Path::new(&file)) {
            Ok(_) => Line::ok("tls", "the authority in CI_SERVER_TLS_CA_FILE is trusted beside the system's"),
            Err(error) => Line::less(
                "tls",
                format!("the file that CI_SERVER_TLS_CA_FILE names cannot be read: {error}"),
                "name a file in PEM format that the job can read",
            ),
        });
    }
    // A proxy's address may hold a password: only the name of the variable is shown.
    let proxies = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy"];
    if let Some(name) = proxies.into_iter().find(|name| env(name).is_some()) {
        let except =
            env("NO_PROXY").or_else(|| env("no_proxy")).map_or("", |_| ", except for what NO_PROXY names");
        lines.push(Line::ok("proxy", format!("calls go through the proxy in {name}{except}")));
    }
    lines
}

/// That the server answers, and how.
fn answering(gitlab: &Gitlab) -> Line {
    let version = gitlab.server_version().ok();
    let version = version.and_then(|version| Some(format!(", GitLab {}", version.get("version")?.as_str()?)));
    let (host, apart) = (gitlab.host(), gitlab.clock_skew().abs());
    if apart > SKEW {
        let found = format!("{host} answers, and its clock is {apart} seconds away from the runner's");
        return Line::less("api", found, "set the runner's clock, for example with NTP");
    }
    Line::ok("api", format!("{host} answers{}", version.unwrap_or_default()))
}

/// Whether there was no answer of GitLab at all.
fn is_unreachable(error: &GitlabError) -> bool {
    !matches!(
        error,
        GitlabError::Unauthorized { .. } | GitlabError::Forbidden { .. } | GitlabError::Missing { .. }
    )
}

fn of_token(facts: &Value) -> Line {
    let scopes: Vec<_> = facts["scopes"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let until = facts["expires_at"].as_str().map(|day| format!(", until {day}")).unwrap_or_default();
    let found = format!("an access token with the scopes {}{until}", scopes.join(", "));
    if scopes.contains(&"api") {
        Line::ok("token", found)
    } else if scopes.contains(&"read_api") {
        Line::less("token", found, "it reads everything; posting a note needs the scope `api`")
    } else {
        Line::less("token", found, "give it the scope `read_api` to read, or `api` to read and post")
    }
}

/// Whether all parts of the merge request can be read; `None` in other pipelines.
fn merge_request(pipeline: &Pipeline, gitlab: &Gitlab) -> Option<Result<Vec<Line>, GitlabError>> {
    let request = pipeline.request.as_ref()?;
    let parts = match gitlab.token_kind() {
        TokenKind::Access => Parts::ALL,
        TokenKind::Job => Parts { commits: false, diffs: false, notes: true },
        TokenKind::None => Parts { commits: false, diffs: false, notes: false },
    };
    Some(gitlab.merge_request_record(&request.project, request.iid, parts).map(|fetched| {
        let mut lines: Vec<_> =
            fetched.missing.iter().map(|(_, error)| Line::failed("request", State::Less, error)).collect();
        if lines.is_empty() {
            let rest = if parts == Parts::ALL { "" } else { "; lines and commits come from the clone" };
            lines.push(Line::ok("request", format!("the merge request can be read{rest}")));
        }
        lines
    }))
}
