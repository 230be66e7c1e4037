//! Answers in the shapes GitLab gives them.

use serde_json::{Value, json};

/// An answer before it is sent.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: String,
}

pub(super) type Outcome = Result<Answer, Answer>;

impl Answer {
    pub(super) fn json(status: u16, value: &Value) -> Self {
        let headers = vec![("content-type", "application/json".to_owned())];
        Self { status, headers, body: value.to_string() }
    }

    pub(super) fn ok(value: &Value) -> Self {
        Self::json(200, value)
    }

    pub(super) fn created(value: &Value) -> Self {
        Self::json(201, value)
    }

    pub(super) fn no_content() -> Self {
        Self { status: 204, headers: Vec::new(), body: String::new() }
    }

    pub(super) fn text(status: u16, kind: &str, body: impl Into<String>) -> Self {
        Self { status, headers: vec![("content-type", kind.to_owned())], body: body.into() }
    }

    pub(super) fn message(status: u16, message: impl Into<Value>) -> Self {
        Self::json(status, &json!({ "message": message.into() }))
    }

    /// Grape's own refusal of parameters.
    pub(super) fn error(status: u16, error: &str) -> Self {
        Self::json(status, &json!({ "error": error }))
    }

    /// A note that is not valid; `what` is a Ruby hash, as GitLab shows it.
    pub(super) fn bad_note(what: &str) -> Self {
        Self::message(400, format!("400 Bad request - Note {what}"))
    }

    pub(super) fn unauthorized() -> Self {
        Self::message(401, "401 Unauthorized")
    }

    pub(super) fn expired() -> Self {
        Self::invalid_token("Token is expired. You can either do re-authorization or token refresh.")
    }

    pub(super) fn revoked() -> Self {
        Self::invalid_token("Token was revoked. You have to re-authorize from the user.")
    }

    fn invalid_token(description: &str) -> Self {
        Self::json(401, &json!({ "error": "invalid_token", "error_description": description }))
    }

    pub(super) fn insufficient_scope(needed: &str) -> Self {
        let description = "The request requires higher privileges than provided by the access token.";
        let body =
            json!({ "error": "insufficient_scope", "error_description": description, "scope": needed });
        Self::json(403, &body)
    }

    pub(super) fn forbidden() -> Self {
        Self::message(403, "403 Forbidden")
    }

    pub(super) fn missing(what: &str) -> Self {
        Self::message(404, format!("404 {what} Not Found"))
    }

    pub(super) fn not_found() -> Self {
        Self::message(404, "404 Not found")
    }

    pub(super) fn no_route() -> Self {
        Self::error(404, "404 Not Found")
    }
}
