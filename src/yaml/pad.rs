//! Ruby reads quoted text that continues at the margin, the parser does not: such lines are padded in a shadow
//! copy, which changes no value because leading blanks fold away, and spans are mapped back.

use std::borrow::Cow;

use super::error::YamlError;
use super::node::{Node, Value};
use crate::text::Span;

/// Wider than the indentation of any text within the depth limit that is written by hand.
const PAD: &str = "                                                                ";

/// How often a text may be parsed again, between the bounds of `WORK`: one made to need many rounds must not cost the
/// square of its length.
const ROUNDS: usize = 16;

/// Bytes to parse again before giving up: of a short text, and of any.
const WORK: (usize, usize) = (1 << 20, 4 << 20);

/// The lines of a text that are padded.
#[derive(Default)]
pub(super) struct Padding {
    lines: Vec<Line>,
    parsed: usize,
}

/// Where a padded line starts.
struct Line {
    text: usize,
    shadow: usize,
}

impl Padding {
    /// The text with its padding.
    pub(super) fn apply<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.lines.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut shadow = String::with_capacity(text.len() + self.lines.len() * PAD.len());
        let mut from = 0;
        for line in &self.lines {
            shadow.push_str(text.get(from..line.text).unwrap_or_default());
            shadow.push_str(PAD);
            from = line.text;
        }
        shadow.push_str(text.get(from..).unwrap_or_default());
        Cow::Owned(shadow)
    }

    /// Pads the line at byte `at` of the shadow copy and those after it up to the next quotation mark, where the
    /// scalar may end. False when that has been tried, or has been tried too often.
    pub(super) fn widen(&mut self, text: &str, at: Span) -> bool {
        self.parsed += text.len();
        let at = self.original(at.start) as usize;
        let line = text.get(..at).and_then(|before| before.rfind(['\n', '\r'])).map_or(0, |end| end + 1);
        let tried = self.lines.last().is_some_and(|last| last.text >= line);
        let work = (ROUNDS * text.len()).clamp(WORK.0, WORK.1);
        if tried || self.parsed.max(self.lines.len() * PAD.len()) > work {
            return false;
        }
        let mut start = line;
        for content in text.get(line..).unwrap_or_default().split_inclusive('\n') {
            if !content.trim().is_empty() {
                self.lines.push(Line { text: start, shadow: start + self.lines.len() * PAD.len() });
            }
            if content.contains(['"', '\'']) {
                break;
            }
            start += content.len();
        }
        true
    }

    /// Moves an error from the shadow copy to the text.
    pub(super) fn restore_error(&self, mut error: YamlError) -> YamlError {
        error.span = self.restore(error.span);
        if let Some((span, _)) = &mut error.related {
            *span = self.restore(*span);
        }
        error
    }

    /// Moves a tree from the shadow copy to the text.
    pub(super) fn restore_node(&self, node: &mut Node) {
        if self.lines.is_empty() {
            return;
        }
        node.span = self.restore(node.span);
        match &mut node.value {
            Value::Scalar(_) => {}
            Value::List(items) => items.iter_mut().for_each(|item| self.restore_node(item)),
            Value::Map(entries) => {
                for entry in entries {
                    entry.key_span = self.restore(entry.key_span);
                    self.restore_node(&mut entry.value);
                }
            }
        }
    }

    fn restore(&self, span: Span) -> Span {
        Span { start: self.original(span.start), end: self.original(span.end) }
    }

    /// The byte of the text for a byte of the shadow copy; a byte of the padding belongs to its line's start.
    fn original(&self, shadow: u32) -> u32 {
        let shadow = shadow as usize;
        let before = self.lines.partition_point(|line| line.shadow < shadow);
        let line = self.lines.get(..before).and_then(<[Line]>::last).map_or(0, |line| line.text);
        Span::at(shadow.saturating_sub(before * PAD.len()).max(line)).start
    }
}
