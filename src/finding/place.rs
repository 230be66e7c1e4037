//! A place in a file, as reports name it.

use serde::{Deserialize, Serialize};

use crate::text::{LineIndex, Position, Span};

/// Where something stands in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The file, repository-relative.
    pub path: String,
    /// Where it starts.
    pub start: Position,
    /// Where it ends, exclusive.
    pub end: Position,
}

impl Place {
    /// `span` of the file at `path`, whose `text` has these `lines`.
    pub fn of(path: &str, lines: &LineIndex, text: &str, span: Span) -> Self {
        let position = |offset| lines.position(offset, text);
        Self { path: path.to_owned(), start: position(span.start), end: position(span.end) }
    }

    /// The start of line `line`, from 1, of the file at `path`.
    pub fn line(path: &str, line: usize) -> Self {
        let start = Position { line, column: 1, byte: 0 };
        Self { path: path.to_owned(), start, end: start }
    }

    /// `path:line:column`.
    pub fn shown(&self) -> String {
        format!("{}:{}:{}", self.path, self.start.line, self.start.column)
    }
}
