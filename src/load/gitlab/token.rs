//! The token of a run: it is sent in a header, and shown nowhere.

use std::fmt;

use memchr::memmem;
use ureq::http::HeaderValue;
use zeroize::Zeroizing;

use super::GitlabError;
use super::address::escape;
use super::transport::Answer;

/// What a token is called in an answer that held it.
const NAMED: &str = "[token]";

/// Bytes of the shortest secret that is taken for a token. GitLab makes none below 20; what is shorter than this may be a
/// part of any word, so that it could not be taken out of a text.
const SHORTEST: usize = 8;

/// How a token is sent, and what it may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Nothing is sent; only what is public can be read.
    None,
    /// `CI_JOB_TOKEN`: it reads the merge request and little else, and posts nothing.
    Job,
    /// A personal, project or group access token.
    Access,
}

/// A secret that can be sent and not shown: it has no `Display`, its `Debug` names the kind only, and its memory is
/// wiped when it is dropped.
#[derive(Clone)]
pub struct Token {
    kind: TokenKind,
    secret: Zeroizing<String>,
}

impl Token {
    /// No token.
    pub fn none() -> Self {
        Self { kind: TokenKind::None, secret: Zeroizing::default() }
    }

    /// The token of a pipeline's job.
    ///
    /// # Errors
    /// [`GitlabError::Token`] where it holds what no header may hold, [`GitlabError::ShortToken`] below 8 bytes.
    pub fn job(secret: String) -> Result<Self, GitlabError> {
        Self::new(TokenKind::Job, secret)
    }

    /// A personal, project or group access token.
    ///
    /// # Errors
    /// [`GitlabError::Token`] where it holds what no header may hold, [`GitlabError::ShortToken`] below 8 bytes.
    pub fn access(secret: String) -> Result<Self, GitlabError> {
        Self::new(TokenKind::Access, secret)
    }

    /// How it is sent.
    pub fn kind(&self) -> TokenKind {
        self.kind
    }

    fn new(kind: TokenKind, secret: String) -> Result<Self, GitlabError> {
        let given = Zeroizing::new(secret);
        let secret = Zeroizing::new(given.trim().to_owned());
        if secret.is_empty() || !secret.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(GitlabError::Token);
        }
        if secret.len() < SHORTEST {
            let variable = if kind == TokenKind::Job { "CI_JOB_TOKEN" } else { "PROCLINT_TOKEN" };
            return Err(GitlabError::ShortToken { variable, shortest: SHORTEST });
        }
        Ok(Self { kind, secret })
    }

    /// The header it is sent in, marked so that no log shows it.
    pub(super) fn header(&self) -> Option<(&'static str, HeaderValue)> {
        let name = match self.kind {
            TokenKind::None => return None,
            TokenKind::Job => "JOB-TOKEN",
            TokenKind::Access => "PRIVATE-TOKEN",
        };
        let mut value = HeaderValue::from_str(&self.secret).ok()?;
        value.set_sensitive(true);
        Some((name, value))
    }

    /// `text` without the secret.
    pub(super) fn redact(&self, text: &str) -> String {
        let redacted = self.without(text.as_bytes());
        redacted.map_or_else(|| text.to_owned(), |bytes| String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Takes the secret out of an answer, should a server have sent it back: nothing that is made of the answer, be it a
    /// message, an address, a record or a file, can show it then.
    pub(super) fn redact_answer(&self, answer: &mut Answer) {
        if let Some(body) = self.without(&answer.body) {
            answer.body = body;
        }
        for value in answer.headers.values_mut() {
            let redacted = self.without(value.as_bytes());
            if let Some(redacted) = redacted.and_then(|bytes| HeaderValue::from_bytes(&bytes).ok()) {
                *value = redacted;
            }
        }
    }

    /// `text` without the secret, as it is or as an address has it; `None` where it is not there.
    fn without(&self, text: &[u8]) -> Option<Vec<u8>> {
        if self.secret.is_empty() {
            return None;
        }
        let bare = replaced(text, self.secret.as_bytes());
        let escaped = Zeroizing::new(escape(&self.secret));
        replaced(bare.as_deref().unwrap_or(text), escaped.as_bytes()).or(bare)
    }
}

/// `text` with [`NAMED`] for each `secret`; `None` where it has none.
fn replaced(text: &[u8], secret: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut end = 0;
    for at in memmem::find_iter(text, secret) {
        out.extend_from_slice(text.get(end..at).unwrap_or_default());
        out.extend_from_slice(NAMED.as_bytes());
        end = at + secret.len();
    }
    out.extend_from_slice(text.get(end..).filter(|_| end > 0)?);
    Some(out)
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Token").field("kind", &self.kind).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_never_shown() {
        let token = Token::access("glpat-secret\n".to_owned()).unwrap();
        let (name, value) = token.header().unwrap();
        assert_eq!((name, value.as_bytes()), ("PRIVATE-TOKEN", b"glpat-secret".as_slice()));
        assert!(!format!("{token:?} {value:?}").contains("secret"));
        assert_eq!(token.redact("was glpat-secret here"), "was [token] here");
    }

    #[test]
    fn an_answer_is_kept_without_the_token_that_it_sends_back() {
        let token = Token::access("glpat-a/b+secret".to_owned()).unwrap();
        let headers = [(ureq::http::header::LOCATION, HeaderValue::from_static("/x?t=glpat-a%2Fb%2Bsecret"))];
        let body = b"glpat-a/b+secret, glpat-a/b+secretglpat-a%2Fb%2Bsecret.".to_vec();
        let mut answer = Answer { status: 200, headers: headers.into_iter().collect(), body };
        token.redact_answer(&mut answer);
        assert_eq!(answer.header("location"), Some("/x?t=[token]"));
        assert_eq!(String::from_utf8(answer.body).unwrap(), "[token], [token][token].");
        assert_eq!(Token::none().redact("nothing to hide"), "nothing to hide");
    }

    #[test]
    fn what_no_header_may_hold_is_no_token() {
        for wrong in ["", " ", "a b", "a\r\nX-Evil: 1", "tökén"] {
            assert!(matches!(Token::job(wrong.to_owned()), Err(GitlabError::Token)), "{wrong:?}");
        }
    }

    #[test]
    fn what_is_too_short_to_be_taken_out_of_a_text_is_no_token() {
        let short = Token::access("1234567\n".to_owned()).unwrap_err();
        assert_eq!(
            short.to_string(),
            "PROCLINT_TOKEN has fewer than 8 characters, so it is no token of GitLab"
        );
        assert!(Token::job("1234567".to_owned()).is_err());
        let shortest = Token::access("12345678".to_owned()).unwrap();
        assert_eq!(shortest.redact("1234567 12345678"), "1234567 [token]");
    }
}
