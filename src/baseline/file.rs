//! The file of a baseline: a line that names the format and its hash, then one JSON object a line, sorted.

use serde::{Deserialize, Serialize};

use super::{BaselineError, Entry};
use crate::text::Span;

/// What git writes at the start of a line in a conflict.
const CONFLICT: [&str; 4] = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"];

/// The first line; nothing in it changes between two updates, so that it never conflicts.
#[derive(PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    format: String,
    hash: String,
}

impl Header {
    fn current() -> Self {
        let hash = "first 32 hexadecimal digits of SHA-256 over `proclint/1`, rule, subject, words, 0";
        Self { format: "proclint-baseline/1".to_owned(), hash: hash.to_owned() }
    }
}

/// The text of a baseline with `entries`, which are sorted.
pub fn written(entries: &[Entry]) -> String {
    let header = serde_json::to_string(&Header::current());
    let lines = entries.iter().map(serde_json::to_string);
    // Strings and numbers always have a JSON form.
    [header].into_iter().chain(lines).flatten().map(|line| line + "\n").collect()
}

/// The entries of a baseline file called `name`, each with the span of its line.
pub(super) fn entries(name: &str, text: &str) -> Result<Vec<(Entry, Span)>, BaselineError> {
    let lines = lines(text);
    let conflict = lines.iter().find(|(line, _)| CONFLICT.iter().any(|mark| line.starts_with(mark)));
    if let Some((_, span)) = conflict {
        return Err(BaselineError::conflict(name, text, *span));
    }
    let mut lines = lines.into_iter();
    let (first, span) = lines.next().unwrap_or_default();
    let header = serde_json::from_str::<Header>(first).ok();
    if header.is_none_or(|header| header != Header::current()) {
        return Err(BaselineError::header(name, text, span));
    }
    // A merge that keeps both sides may keep the first line twice.
    let repeated = move |line: &str| line == first;
    lines
        .filter(|(line, _)| !line.is_empty() && !repeated(line))
        .map(|(line, span)| {
            let entry = serde_json::from_str::<Entry>(line);
            entry.map(|entry| (entry, span)).map_err(|error| {
                let reason = error.to_string();
                let reason = reason.split(" at line ").next().unwrap_or_default().to_owned();
                BaselineError::line(name, text, span, reason)
            })
        })
        .collect()
}

/// The lines of `text` without their breaks and blanks around them, with their spans.
fn lines(text: &str) -> Vec<(&str, Span)> {
    let start = text.len() - text.trim_start_matches('\u{feff}').len();
    let mut at = start;
    let mut lines = Vec::new();
    for line in text[start..].split_inclusive('\n') {
        let shown = line.trim();
        let from = at + (line.len() - line.trim_start().len());
        lines.push((shown, Span::new(from, from + shown.len())));
        at += line.len();
    }
    lines
}
