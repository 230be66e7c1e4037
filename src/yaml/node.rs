//! The spanned tree that every YAML text becomes.

use compact_str::CompactString;

use crate::text::Span;

/// One node with its place in the source.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// A scalar's content without quotes or block indicator; a list or map from its first to its last byte.
    pub span: Span,
    /// What it holds.
    pub value: Value,
}

/// What a node holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A scalar, decoded but not typed: the reader decides whether `1.10` is a number.
    Scalar(Scalar),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping in source order; keys are unique unless the parser was told to keep duplicates.
    Map(Vec<Entry>),
}

/// A scalar's decoded text and how it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar {
    /// The value after unquoting and unfolding.
    pub text: CompactString,
    /// How it was written.
    pub style: Style,
}

/// How a scalar was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// In single or double quotes.
    Quoted,
    /// A block after `|` or `>`.
    Block,
}

/// One key with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key's text.
    pub key: CompactString,
    /// Where the key stands, without quotes.
    pub key_span: Span,
    /// Its value; an absent value is an empty plain scalar right after the colon.
    pub value: Node,
}

/// What [`Node::at`] found.
#[derive(Clone, Copy, Debug)]
pub struct Found<'n> {
    /// Where the last key of the path stands; an item of a list has none.
    pub key: Option<Span>,
    /// The value.
    pub node: &'n Node,
}

impl Node {
    /// A scalar node.
    pub fn scalar(span: Span, text: impl Into<CompactString>, style: Style) -> Self {
        Self { span, value: Value::Scalar(Scalar { text: text.into(), style }) }
    }

    /// The same tree in a text that stands `offset` bytes further right.
    #[must_use]
    pub fn shifted(mut self, offset: usize) -> Self {
        self.shift(offset);
        self
    }

    fn shift(&mut self, offset: usize) {
        self.span = self.span.shifted(offset);
        match &mut self.value {
            Value::Scalar(_) => {}
            Value::List(items) => items.iter_mut().for_each(|item| item.shift(offset)),
            Value::Map(entries) => {
                for entry in entries {
                    entry.key_span = entry.key_span.shifted(offset);
                    entry.value.shift(offset);
                }
            }
        }
    }

    /// The scalar's text; `None` for lists, maps and null.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(scalar) if !self.is_null() => Some(&scalar.text),
            _ => None,
        }
    }

    /// Whether the node is YAML's null: nothing, `~` or `null`, unquoted.
    pub fn is_null(&self) -> bool {
        matches!(&self.value, Value::Scalar(scalar) if scalar.style == Style::Plain
            && Self::is_null_text(&scalar.text))
    }

    pub(super) fn is_null_text(text: &str) -> bool {
        matches!(text, "" | "~" | "null" | "Null" | "NULL")
    }

    /// The items of a list; empty for everything else.
    pub fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The entries of a map; empty for everything else.
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The entry for `key` of a map.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    /// The value for `key` of a map.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The node at `path`, written as `labels[1]` or `milestone.due_date`.
    pub fn at(&self, path: &str) -> Option<Found<'_>> {
        let mut found = Found { key: None, node: self };
        for step in path.split(['.', '[']).filter(|step| !step.is_empty()) {
            found = match step.strip_suffix(']') {
                Some(index) => {
                    let item = found.node.items().get(index.parse::<usize>().ok()?)?;
                    Found { key: None, node: item }
                }
                None => {
                    let entry = found.node.entry(step)?;
                    Found { key: Some(entry.key_span), node: &entry.value }
                }
            };
        }
        Some(found)
    }

    /// The path of the deepest key or item whose key or value holds `span`; empty outside of every entry.
    pub fn path_to(&self, span: Span) -> String {
        let mut path = String::new();
        let mut node = self;
        'deeper: loop {
            for entry in node.entries() {
                if entry.key_span.contains(span) || entry.value.span.contains(span) {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(&entry.key);
                    if entry.key_span.contains(span) {
                        return path;
                    }
                    node = &entry.value;
                    continue 'deeper;
                }
            }
            for (index, item) in node.items().iter().enumerate() {
                if item.span.contains(span) {
                    path.push_str(&format!("[{index}]"));
                    node = item;
                    continue 'deeper;
                }
            }
            return path;
        }
    }
}
