//! The words of messages: what was sent, what to do, and what may be repeated of a server's own words.

use super::TokenKind;
use super::call::Method;

/// How much of what a server says is repeated.
const SAID: usize = 200;

/// `text` from outside as a message may show it: one short line without control and direction characters.
pub(super) fn quoted(text: &str) -> String {
    // Whoever pastes an address with a password in it did not mean to show it.
    let text = match (text.find("://"), text.rfind('@')) {
        (Some(scheme), Some(at)) if at > scheme => {
            format!("{}…{}", &text[..scheme + 3], &text[at..])
        }
        _ => text.to_owned(),
    };
    let shown: String = text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|c| !c.is_control() && !is_invisible(*c) && *c != '`')
        .take(SAID + 1)
        .collect();
    if shown.chars().count() > SAID { shown.chars().take(SAID).chain(['…']).collect() } else { shown }
}

/// An address as a message may show it: without its query, in which tokens are put.
pub(super) fn shown(address: &str) -> String {
    let plain = quoted(address);
    match plain.find(['?', '#']) {
        Some(end) => format!("{}…", &plain[..=end]),
        None => plain,
    }
}

/// What to add to a remedy where a write may have happened.
pub(super) fn unsure(method: Method) -> &'static str {
    match method {
        Method::Post => "; whether GitLab stored what was sent is not known, so look before sending it again",
        Method::Get | Method::Put => "",
    }
}

/// `1 second`, `60 seconds`.
pub(super) fn in_seconds(seconds: u64) -> String {
    if seconds == 1 { "1 second".to_owned() } else { format!("{seconds} seconds") }
}

/// Characters that reorder or hide text.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The token in the words of a message.
pub(super) fn holder(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::None => "a request without a token",
        TokenKind::Job => "the job token",
        TokenKind::Access => "the access token",
    }
}

/// What to do about 401, 403 and 404, by what was sent.
pub(super) fn remedy(kind: TokenKind, status: u16, said: &str, writes: bool) -> &'static str {
    match (kind, status) {
        (TokenKind::None | TokenKind::Job, _) if writes => {
            "set PROCLINT_TOKEN to a project or group access token with the scope `api`: the job token can post nothing"
        }
        (TokenKind::None, _) => {
            "set PROCLINT_TOKEN to a project or group access token with the scope `read_api`"
        }
        (TokenKind::Job, 401) => {
            "the job token is valid only while its job runs, and reaches few endpoints; set PROCLINT_TOKEN to a project or group access token with the scope `read_api`"
        }
        (TokenKind::Job, _) => {
            "the job token reaches few endpoints; set PROCLINT_TOKEN to a project or group access token with the scope `read_api`, and check the allowlist of the job token if the project is another one"
        }
        (TokenKind::Access, 401) if said.contains("xpired") => {
            "the token has expired: create or rotate it under Settings > Access tokens, and set PROCLINT_TOKEN again"
        }
        (TokenKind::Access, 401) => {
            "check that PROCLINT_TOKEN holds the whole token, that the token is not revoked, and that a protected variable reaches this branch"
        }
        (TokenKind::Access, 403) if said.contains("scope") && writes => {
            "posting needs the scope `api`; `read_api` only reads"
        }
        (TokenKind::Access, 403) if said.contains("scope") => "the token needs the scope `read_api` or `api`",
        (TokenKind::Access, 403) => {
            "the token's role is too low here: Reporter reads, Developer resolves threads"
        }
        (TokenKind::Access, _) => {
            "check the path and the number; GitLab also says so for what the token may not see: it needs the role Reporter in this project"
        }
    }
}
