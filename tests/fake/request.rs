//! A request as the routes see it, and as the log keeps it.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

/// A request in the log; its headers are there so that a test can look for a token.
#[derive(Clone, Debug)]
pub struct Seen {
    pub method: String,
    /// Path and query, as they were sent.
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Seen {
    /// `GET /projects/1/issues?page=2`: the method, and the path below the API's root.
    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.target.strip_prefix("/api/v4").unwrap_or(&self.target))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// A request taken apart.
pub(super) struct Request {
    pub(super) seen: Seen,
    /// The path below the API's root, without the query.
    pub(super) path: String,
    pub(super) segments: Vec<String>,
    /// The query.
    pub(super) query: Vec<(String, String)>,
    /// The query and the body's fields.
    pub(super) parameters: Map<String, Value>,
}

impl Request {
    /// `None` outside the API.
    pub(super) fn of(seen: Seen) -> Option<Self> {
        let (path, query) = seen.target.split_once('?').unwrap_or((&seen.target, ""));
        let below = path.strip_prefix("/api/v4/")?;
        let decode = |text: &str| {
            let text = text.replace('+', " ");
            percent_decode_str(&text).decode_utf8_lossy().into_owned()
        };
        let segments = below.split('/').map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned());
        let pairs = |text: &str| -> Vec<(String, String)> {
            let pairs = text.split('&').filter(|pair| !pair.is_empty());
            pairs
                .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
                .map(|(k, v)| (decode(k), decode(v)))
                .collect()
        };
        let query = pairs(query);
        let mut parameters: Map<String, Value> =
            query.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect();
        match serde_json::from_str(&seen.body) {
            Ok(Value::Object(body)) => parameters.extend(body),
            _ => parameters.extend(pairs(&seen.body).into_iter().map(|(name, value)| (name, value.into()))),
        }
        let (path, segments) = (below.to_owned(), segments.collect());
        Some(Self { path, segments, query, parameters, seen })
    }

    /// A parameter as text.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        match self.parameters.get(name)? {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    }

    /// A parameter as a flag.
    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        match self.text(name)?.as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        }
    }

    pub(super) fn is_get(&self) -> bool {
        self.seen.method == "GET"
    }
}
