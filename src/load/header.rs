//! Writes a record's fields as YAML and builds their tree on the way, so that no text is parsed twice.
//!
//! A string stands there as it is wherever YAML allows it: in double quotes if it needs no escape, else alone in a
//! block. Only one with control characters or line breaks is escaped.

use std::fmt::{Display, Write};

use super::fields::Field;
use super::json::Json;
use crate::text::Span;
use crate::yaml::{Entry, Node, Style, Value};

/// Bytes that hold the header of most records.
const ROOM: usize = 1024;

/// The text of `fields` between two lines of `---`, and the map they form with spans in that text.
/// The text has room for `more` bytes.
pub(super) fn write(fields: &[Field<'_>], more: usize) -> (String, Node) {
    let mut writer = Writer { out: String::with_capacity(ROOM + more) };
    writer.out.push_str("---\n");
    let start = writer.out.len();
    let entries = writer.block_map(fields.iter().map(|(key, value)| (*key, &**value)), 0);
    let node = Node { span: Span::new(start, writer.out.len()), value: Value::Map(entries) };
    writer.out.push_str("\n---\n");
    (writer.out, node)
}

struct Writer {
    out: String,
}

impl Writer {
    fn block_map<'j>(
        &mut self,
        entries: impl Iterator<Item = (&'j str, &'j Json<'j>)>,
        indent: usize,
    ) -> Vec<Entry> {
        let mut written = Vec::with_capacity(entries.size_hint().0);
        for (key, value) in entries {
            if !written.is_empty() {
                self.new_line(indent);
            }
            let key_span = self.key(key);
            let value = self.after_indicator(value, indent, Indicator::Key);
            written.push(Entry { key: key.into(), key_span, value });
        }
        written
    }

    /// Writes `value` after the `:` or `-` that stands at `indent`.
    fn after_indicator(&mut self, value: &Json<'_>, indent: usize, indicator: Indicator) -> Node {
        match value {
            Json::String(text) if !is_plain(text) && wants_block(text) => {
                self.out.push_str(" |-");
                self.new_line(indent + 2);
                let start = self.out.len();
                self.out.push_str(text);
                Node::scalar(Span::new(start, self.out.len()), &**text, Style::Block)
            }
            Json::Array(items) if !fits_a_line(value) => {
                self.new_line(indent + 2);
                let start = self.out.len();
                let mut written = Vec::with_capacity(items.len());
                for item in items {
                    if !written.is_empty() {
                        self.new_line(indent + 2);
                    }
                    self.out.push('-');
                    written.push(self.after_indicator(item, indent + 2, Indicator::Dash));
                }
                Node { span: Span::new(start, self.out.len()), value: Value::List(written) }
            }
            Json::Object(map) if !fits_a_line(value) => {
                match indicator {
                    Indicator::Key => self.new_line(indent + 2),
                    Indicator::Dash => self.out.push(' '),
                }
                let start = self.out.len();
                let entries = self.block_map(map.iter(), indent + 2);
                Node { span: Span::new(start, self.out.len()), value: Value::Map(entries) }
            }
            _ => {
                self.out.push(' ');
                self.on_line(value)
            }
        }
    }

    /// Writes `value` within the line.
    fn on_line(&mut self, value: &Json<'_>) -> Node {
        let start = self.out.len();
        match value {
            Json::String(text) => {
                let span = self.quoted(text);
                Node::scalar(span, &**text, Style::Quoted)
            }
            Json::Array(items) => {
                self.out.push('[');
                let mut written = Vec::with_capacity(items.len());
                for item in items {
                    self.comma(written.len());
                    written.push(self.on_line(item));
                }
                self.out.push(']');
                Node { span: Span::new(start, self.out.len()), value: Value::List(written) }
            }
            Json::Object(map) => {
                self.out.push('{');
                let mut entries = Vec::with_capacity(map.len());
                for (key, value) in map.iter() {
                    self.comma(entries.len());
                    let key_span = self.key(key);
                    self.out.push(' ');
                    entries.push(Entry { key: key.into(), key_span, value: self.on_line(value) });
                }
                self.out.push('}');
                Node { span: Span::new(start, self.out.len()), value: Value::Map(entries) }
            }
            Json::Null => self.plain("null"),
            Json::Bool(value) => self.plain(if *value { "true" } else { "false" }),
            Json::Number(number) => self.plain(number),
        }
    }

    fn plain(&mut self, value: impl Display) -> Node {
        let start = self.out.len();
        // A string takes all that is written to it.
        let _ = write!(self.out, "{value}");
        let span = Span::new(start, self.out.len());
        Node::scalar(span, span.of(&self.out), Style::Plain)
    }

    /// Writes `key` and its colon.
    fn key(&mut self, key: &str) -> Span {
        let span = if is_bare_key(key) {
            let start = self.out.len();
            self.out.push_str(key);
            Span::new(start, self.out.len())
        } else {
            self.quoted(key)
        };
        self.out.push(':');
        span
    }

    fn quoted(&mut self, text: &str) -> Span {
        self.out.push('"');
        let start = self.out.len();
        if is_plain(text) {
            self.out.push_str(text);
            let span = Span::new(start, self.out.len());
            self.out.push('"');
            return span;
        }
        for c in text.chars() {
            match c {
                '"' | '\\' => self.out.extend(['\\', c]),
                '\n' => self.out.push_str("\\n"),
                '\r' => self.out.push_str("\\r"),
                c if is_unprintable(c) => self.out.push_str(&format!("\\u{:04x}", u32::from(c))),
                c => self.out.push(c),
            }
        }
        let span = Span::new(start, self.out.len());
        self.out.push('"');
        span
    }

    fn comma(&mut self, written: usize) {
        if written > 0 {
            self.out.push_str(", ");
        }
    }

    fn new_line(&mut self, indent: usize) {
        self.out.push('\n');
        (0..indent).for_each(|_| self.out.push(' '));
    }
}

/// What a value follows.
#[derive(Clone, Copy)]
enum Indicator {
    Key,
    Dash,
}

/// Whether `text` is ASCII that stands for itself in double quotes.
fn is_plain(text: &str) -> bool {
    let stands = |byte: u8| matches!(byte, b' '..=b'~') & (byte != b'"') & (byte != b'\\');
    // Without a way out of the loop many bytes are compared at once.
    text.bytes().fold(true, |all, byte| all & stands(byte))
}

/// Whether `text` stands unescaped only in a block: it holds `"` or `\`, and nothing a block cannot hold.
fn wants_block(text: &str) -> bool {
    memchr::memchr2(b'"', b'\\', text.as_bytes()).is_some()
        && !text.starts_with([' ', '\t'])
        && !text.chars().any(is_unprintable)
}

/// Whether YAML would refuse `c`, or end the line at it.
pub(super) fn is_unprintable(c: char) -> bool {
    (c.is_control() && c != '\t')
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// Whether `value` is written within one line; a list of maps takes a line for each.
fn fits_a_line(value: &Json<'_>) -> bool {
    match value {
        Json::String(text) => is_plain(text) || !wants_block(text),
        Json::Array(items) => items.iter().all(|item| !item.is_object() && fits_a_line(item)),
        Json::Object(map) => map.iter().all(|(_, value)| fits_a_line(value)),
        _ => true,
    }
}

/// Whether `key` needs no quotes in any version of YAML.
fn is_bare_key(key: &str) -> bool {
    let word = key.bytes().fold(true, |all, byte| all & (byte.is_ascii_alphanumeric() | (byte == b'_')));
    let typed = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    word && key.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && !(key.len() <= 5 && typed.iter().any(|typed| key.eq_ignore_ascii_case(typed)))
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use serde_json::json;

    use super::*;

    fn fields<'r>(record: &'r Json<'_>) -> Vec<Field<'r>> {
        let fields = record.as_object().unwrap().iter();
        fields.map(|(key, value)| (key, Cow::Borrowed(value))).collect()
    }

    #[test]
    fn strings_stand_as_they_are() {
        let record = json!({
            "title": "Say \"hi\"",
            "labels": ["a", "b::c"],
            "quoted": ["a", "say \"hi\""],
            "milestone": {"title": "17.1", "due_date": null},
            "links": [{"iid": 1, "state": "opened"}, {"iid": 2, "title": "a \\ b"}],
            "bell": "ring\u{7} \"x\"",
            "none": [],
            "on": true,
        });
        let (text, node) = write(&fields(&Json::from(&record)), 0);
        let expected = r#"---
title: |-
  Say "hi"
labels: ["a", "b::c"]
quoted:
  - "a"
  - |-
    say "hi"
milestone: {title: "17.1", due_date: null}
links:
  - {iid: 1, state: "opened"}
  - iid: 2
    title: |-
      a \ b
bell: "ring\u0007 \"x\""
none: []
"on": true
---
"#;
        assert_eq!(text, expected);
        for (path, covered) in [
            ("title", "Say \"hi\""),
            ("labels[1]", "b::c"),
            ("quoted[1]", "say \"hi\""),
            ("milestone.title", "17.1"),
            ("milestone", "{title: \"17.1\", due_date: null}"),
            ("links[1].title", "a \\ b"),
            ("none", "[]"),
        ] {
            let found = node.at(path).unwrap();
            assert_eq!(found.node.span.of(&text), covered, "{path}");
            assert_eq!(node.path_to(found.node.span), path);
        }
        assert_eq!(node.entry("on").unwrap().key_span.of(&text), "on");
    }
}
