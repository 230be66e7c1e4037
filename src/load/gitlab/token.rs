//! The token of a run: it is sent in a header, and shown nowhere.

use std::fmt;

use ureq::http::HeaderValue;
use zeroize::Zeroizing;

use super::GitlabError;

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
    /// [`GitlabError::Token`] where it holds what no header may hold.
    pub fn job(secret: String) -> Result<Self, GitlabError> {
        Self::new(TokenKind::Job, secret)
    }

    /// A personal, project or group access token.
    ///
    /// # Errors
    /// [`GitlabError::Token`] where it holds what no header may hold.
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

    /// `text` without the secret, should a server have sent it back.
    pub(super) fn redact(&self, text: &str) -> String {
        if self.secret.is_empty() { text.to_owned() } else { text.replace(self.secret.as_str(), "[token]") }
    }
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
    fn what_no_header_may_hold_is_no_token() {
        for wrong in ["", " ", "a b", "a\r\nX-Evil: 1", "tökén"] {
            assert!(matches!(Token::job(wrong.to_owned()), Err(GitlabError::Token)), "{wrong:?}");
        }
    }
}
