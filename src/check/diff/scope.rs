//! Blocks of code whose lines do not count, told by their first line, their last line and the indentation.

use serde::Deserialize;

use crate::pattern::Pattern;

/// A block: from a line that opens it to one that closes it and is not indented deeper.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    opens: Pattern,
    closes: Pattern,
}

/// Follows the lines of a file and knows whether they are in the block.
#[derive(Debug)]
pub struct Follower<'s> {
    scope: Option<&'s Scope>,
    inside: Option<Indent>,
}

/// How deep the opening line of a block is indented.
#[derive(Clone, Copy, Debug)]
enum Indent {
    Of(usize),
    /// It stands before the hunk, and less deep than the hunk's first line.
    Unseen,
}

impl<'s> Follower<'s> {
    /// Outside, before the first line.
    pub fn new(scope: Option<&'s Scope>) -> Self {
        Self { scope, inside: None }
    }

    /// Takes the header of a hunk: behind its numbers git names the function the hunk lies in.
    pub fn hunk(&mut self, header: &str) {
        let Some(scope) = self.scope else { return };
        let function = header.rsplit_once("@@").map_or("", |(_, function)| function.trim());
        if scope.opens.is_match(function) {
            self.inside = Some(Indent::Unseen);
        } else if scope.closes.is_match(function) {
            self.inside = None;
        }
    }

    /// Whether `line`, the next of the file, lies in the block.
    pub fn line(&mut self, line: &str) -> bool {
        let Some(scope) = self.scope else { return false };
        if line.trim().is_empty() {
            return self.inside.is_some();
        }
        let indent = line.len() - line.trim_start().len();
        let deeper = match self.inside {
            Some(Indent::Unseen) => {
                self.inside = Some(Indent::Of(indent.saturating_sub(1)));
                indent > 0
            }
            Some(Indent::Of(outer)) => indent > outer,
            None => false,
        };
        if scope.opens.is_match(line) {
            self.inside = Some(Indent::Of(indent));
        } else if !deeper && scope.closes.is_match(line) {
            self.inside = None;
        }
        self.inside.is_some()
    }
}
