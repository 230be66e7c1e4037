//! What went wrong when a node did not fit its type, in the words of the file's author.

use std::fmt::Display;

use serde::de::{Expected, Unexpected};

use crate::text::Span;
use crate::yaml::node::{Node, Style, Value};

/// A value that does not fit the type it is decoded to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct DecodeError {
    /// What is wrong.
    pub message: String,
    /// The key, for an unknown key; the first key of the map, for a missing one; else the value.
    pub span: Span,
    /// The way to it from the top, such as `checks[1].severity`; empty at the top itself.
    pub path: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Serde's own errors know no place: the innermost caller that knows one sets it.
    placed: bool,
}

impl DecodeError {
    /// An error at `span`.
    pub fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, placed: true, ..Self::unplaced(message.into()) }
    }

    /// The same error with a word on what to do.
    #[must_use]
    pub fn with_help(self, help: Option<String>) -> Self {
        Self { help, ..self }
    }

    fn unplaced(message: String) -> Self {
        Self { message, span: Span::default(), path: String::new(), help: None, placed: false }
    }

    /// `node` is not what was `expected`.
    pub(super) fn mismatch(node: &Node, expected: impl Display) -> Self {
        Self::new(node.span, format!("expected {expected}, found {}", describe(node)))
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(super) fn or_at(mut self, span: Span) -> Self {
        if !self.placed {
            self.span = span;
            self.placed = true;
        }
        self
    }

    pub(super) fn under_key(mut self, key: &str) -> Self {
        let joint = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("{key}{joint}{}", self.path);
        self
    }

    pub(super) fn under_index(mut self, index: usize) -> Self {
        let joint = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("[{index}]{joint}{}", self.path);
        self
    }
}

impl serde::de::Error for DecodeError {
    fn custom<T: Display>(message: T) -> Self {
        Self::unplaced(message.to_string())
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::unplaced(format!("expected {}, found {}", phrase(expected), unexpected(found)))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid_type(found, expected)
    }

    fn invalid_length(length: usize, expected: &dyn Expected) -> Self {
        Self::unplaced(format!("expected {}, found {length}", phrase(expected)))
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        Self::unplaced(format!("unknown key `{field}`")).help(suggestion(field, expected))
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self::unplaced(format!("unknown value `{variant}`")).help(suggestion(variant, expected))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::unplaced(format!("missing key `{field}`"))
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::unplaced(format!("duplicate key `{field}`"))
    }
}

/// What a type expects; serde's words for Rust types give way to words for YAML.
pub(super) fn phrase(expected: &dyn Expected) -> String {
    let words = expected.to_string();
    match words.as_str() {
        "a sequence" => "a list".to_owned(),
        "a boolean" => "`true` or `false`".to_owned(),
        "f32" | "f64" => "a number".to_owned(),
        "unit" => "nothing".to_owned(),
        "newtype variant" | "tuple variant" | "struct variant" => "settings under this name".to_owned(),
        _ if words.starts_with("struct ") => "a map".to_owned(),
        _ => match words.strip_prefix("a tuple of size ") {
            Some(size) => format!("a list of {size}"),
            None => words,
        },
    }
}

fn describe(node: &Node) -> String {
    match &node.value {
        Value::List(_) => "a list".to_owned(),
        Value::Map(_) => "a map".to_owned(),
        Value::Scalar(scalar) if scalar.style != Style::Plain => text(&scalar.text),
        Value::Scalar(scalar) if scalar.text.is_empty() => "nothing".to_owned(),
        Value::Scalar(scalar) => format!("`{}`", shortened(&scalar.text)),
    }
}

fn unexpected(found: Unexpected<'_>) -> String {
    match found {
        Unexpected::Bool(value) => format!("`{value}`"),
        Unexpected::Unsigned(value) => format!("`{value}`"),
        Unexpected::Signed(value) => format!("`{value}`"),
        Unexpected::Float(value) => format!("`{value:?}`"),
        Unexpected::Str(value) => text(value),
        Unexpected::Unit | Unexpected::Option => "nothing".to_owned(),
        Unexpected::Seq => "a list".to_owned(),
        Unexpected::Map => "a map".to_owned(),
        Unexpected::UnitVariant => "the name alone".to_owned(),
        other => other.to_string(),
    }
}

fn text(value: &str) -> String {
    format!("the text \"{}\"", shortened(value))
}

/// The first line, or as much of it as a message can hold.
fn shortened(value: &str) -> String {
    const WIDTH: usize = 40;
    let line = value.lines().next().unwrap_or_default();
    let mut short: String = line.chars().take(WIDTH).collect();
    if short.len() < value.trim_end().len() {
        short.push('…');
    }
    short
}

/// Names the allowed word that was probably meant, or all of them: what to say about `word`, which is unknown.
pub fn suggestion(word: &str, allowed: &[&str]) -> String {
    /// Below this, two names share little more than a few letters.
    const LIKENESS: f64 = 0.85;
    let likeness = |name: &str| {
        // Jaro-Winkler favours a common start and misses a typing slip in a short word.
        let slip = strsim::damerau_levenshtein(word, name) == 1 && name.len() > 2;
        if slip { 1.0 } else { strsim::jaro_winkler(word, name) }
    };
    let nearest = allowed.iter().map(|name| (likeness(name), name)).max_by(|a, b| a.0.total_cmp(&b.0));
    match nearest {
        Some((near, name)) if near >= LIKENESS => format!("did you mean `{name}`?"),
        Some(_) => format!("allowed: {}", allowed.join(", ")),
        None => "nothing is allowed here".to_owned(),
    }
}
