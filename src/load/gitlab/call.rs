//! One call of the API: what is asked, and how it is named in messages.

use serde_json::Value;

use super::address::escape;
use super::wording::quoted;

/// The methods in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    Get,
    Post,
    Put,
}

impl Method {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
        }
    }

    /// Whether doing it twice does no more than doing it once.
    pub(super) fn is_idempotent(self) -> bool {
        self != Self::Post
    }
}

/// A request: its path lies below the API's root, with its query.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) body: Option<Value>,
}

impl Call {
    pub(super) fn get(path: impl Into<String>) -> Self {
        Self { method: Method::Get, path: path.into(), body: None }
    }

    pub(super) fn post(path: impl Into<String>, body: Value) -> Self {
        Self { method: Method::Post, path: path.into(), body: Some(body) }
    }

    pub(super) fn put(path: impl Into<String>, body: Value) -> Self {
        Self { method: Method::Put, path: path.into(), body: Some(body) }
    }

    /// Adds parameters to the query.
    pub(super) fn with(mut self, parameters: &[(&str, &str)]) -> Self {
        for (name, value) in parameters {
            let sign = if self.path.contains('?') { '&' } else { '?' };
            self.path.push(sign);
            self.path.extend([&escape(name), "=", &escape(value)]);
        }
        self
    }

    /// Method and path as messages show them, without the query.
    pub(super) fn name(&self) -> String {
        let path = self.path.split('?').next().unwrap_or_default();
        format!("{} {}", self.method.name(), quoted(path))
    }
}
