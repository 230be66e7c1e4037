//! From a scalar event to a node: the span of the content, and the two places where Ruby reads otherwise.

use std::ops::Range;

use granit_parser::ScalarStyle;

use super::node::{Node, Style};
use crate::text::Span;

const BREAKS: [char; 2] = ['\n', '\r'];
const BLANKS: [char; 4] = ['\n', '\r', ' ', '\t'];

/// The node for a scalar whose source the parser places at `raw`: quotes, if any, included.
pub(super) fn node(text: &str, raw: Range<usize>, decoded: &str, style: ScalarStyle, is_key: bool) -> Node {
    match style {
        ScalarStyle::Plain if raw.is_empty() => absent(text, raw.start, is_key),
        ScalarStyle::Plain => Node::scalar(raw.into(), decoded, Style::Plain),
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
            let inner = raw.start + 1..raw.end.saturating_sub(1).max(raw.start + 1);
            Node::scalar(inner.into(), decoded, Style::Quoted)
        }
        ScalarStyle::Literal | ScalarStyle::Folded => block(text, raw, decoded),
    }
}

/// The parser places an absent value before its colon; an edit belongs after it.
fn absent(text: &str, at: usize, is_key: bool) -> Node {
    let colon = !is_key && text.as_bytes().get(at) == Some(&b':');
    Node::scalar(Span::at(at + usize::from(colon)), "", Style::Plain)
}

fn block(text: &str, raw: Range<usize>, decoded: &str) -> Node {
    let source = text.get(raw.clone()).unwrap_or_default();
    if decoded.trim_matches(BLANKS).is_empty() {
        // Without content the parser's span begins at the header.
        let header = source.starts_with(['|', '>']);
        let start = if header { raw.start + line_length(source) } else { raw.start };
        return Node::scalar(Span::at(start), decoded, Style::Block);
    }
    let start = if decoded.starts_with('\n') { first_blank_line(text, raw.start) } else { raw.start };
    let end = raw.start + without_blank_lines(source).len();
    // The parser adds a line break that a file without a final one does not have, and Ruby does not.
    let ends_file = end == text.len();
    let decoded = if ends_file { decoded.strip_suffix('\n').unwrap_or(decoded) } else { decoded };
    Node::scalar(Span::new(start, end), decoded, Style::Block)
}

/// Leading blank lines are content, but the parser's span begins after them.
fn first_blank_line(text: &str, start: usize) -> usize {
    let before = text.get(..start).unwrap_or_default();
    let header = before.trim_end_matches(BLANKS).len();
    header + line_length(before.get(header..).unwrap_or_default())
}

/// Bytes up to and including the first line break.
fn line_length(source: &str) -> usize {
    match source.find(BREAKS) {
        Some(at) if source[at..].starts_with("\r\n") => at + 2,
        Some(at) => at + 1,
        None => source.len(),
    }
}

/// `source` up to the end of its last line with content; trailing blanks in that line are content.
fn without_blank_lines(source: &str) -> &str {
    let content = source.trim_end_matches(BLANKS).len();
    let rest = source.get(content..).unwrap_or_default();
    let end = content + rest.find(BREAKS).unwrap_or(rest.len());
    source.get(..end).unwrap_or(source)
}
