//! A tree as one text that is quick to read back: rules are embedded so.
//!
//! A value is a letter for what it is, a length, a colon and what it holds: `p3:one` is a scalar, `l2:p3:onep3:two` a list
//! of two, `m1:3:keyp5:value` a map of one entry. Lengths are bytes of text, items and entries. Places are not kept.

use std::fmt::Write;

use super::node::{Entry, Node, Scalar, Style, Value};
use crate::text::Span;

/// Writes `node` to `out`.
pub fn pack(node: &Node, out: &mut String) {
    match &node.value {
        Value::Scalar(Scalar { text, style }) => {
            // Writing to a text cannot fail.
            let _ = write!(out, "{}{}:{text}", letter(*style), text.len());
        }
        Value::List(items) => {
            let _ = write!(out, "l{}:", items.len());
            items.iter().for_each(|item| pack(item, out));
        }
        Value::Map(entries) => {
            let _ = write!(out, "m{}:", entries.len());
            for entry in entries {
                let _ = write!(out, "{}:{}", entry.key.len(), entry.key);
                pack(&entry.value, out);
            }
        }
    }
}

/// Reads back what [`pack`] wrote; `None` for any other text.
pub fn unpack(text: &str) -> Option<Node> {
    let mut rest = text;
    let node = value(&mut rest)?;
    rest.is_empty().then_some(node)
}

fn letter(style: Style) -> &'static str {
    match style {
        Style::Plain => "p",
        Style::Quoted => "q",
        Style::Block => "b",
    }
}

fn value(rest: &mut &str) -> Option<Node> {
    let (letter, behind) = rest.split_at_checked(1)?;
    *rest = behind;
    let length = length(rest)?;
    let value = match letter {
        "l" => {
            let mut items = Vec::with_capacity(length.min(rest.len()));
            for _ in 0..length {
                items.push(value(rest)?);
            }
            Value::List(items)
        }
        "m" => {
            let mut entries = Vec::with_capacity(length.min(rest.len()));
            for _ in 0..length {
                let length = self::length(rest)?;
                let key = take(rest, length)?.into();
                entries.push(Entry { key, key_span: Span::default(), value: value(rest)? });
            }
            Value::Map(entries)
        }
        letter => {
            let style = [Style::Plain, Style::Quoted, Style::Block]
                .into_iter()
                .find(|style| self::letter(*style) == letter)?;
            Value::Scalar(Scalar { text: take(rest, length)?.into(), style })
        }
    };
    Some(Node { span: Span::default(), value })
}

/// A number and its colon.
fn length(rest: &mut &str) -> Option<usize> {
    let end = rest.bytes().position(|byte| byte == b':')?;
    let length = take(rest, end)?.parse().ok()?;
    take(rest, 1)?;
    Some(length)
}

fn take<'t>(rest: &mut &'t str, length: usize) -> Option<&'t str> {
    let (text, behind) = rest.split_at_checked(length)?;
    *rest = behind;
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::{Limits, parse};

    fn there_and_back(yaml: &str) -> (Node, Option<Node>) {
        let node = parse(yaml, &Limits::config()).unwrap().unwrap();
        let mut packed = String::new();
        pack(&node, &mut packed);
        (node, unpack(&packed))
    }

    #[test]
    fn a_tree_comes_back_without_its_places() {
        let (node, back) = there_and_back("a: [1, '2', {é: ü}, [], ~]\nb: |\n  two\n  lines\nc: {}\nd: ''\n");
        let words = |node: &Node| serde_json::to_string(node).unwrap();
        let back = back.unwrap();
        assert_eq!(words(&back), words(&node));
        assert_eq!(back.get("b").map(|node| node.span), Some(Span::default()));
        assert!(back.at("a[4]").unwrap().node.is_null() && !back.get("d").unwrap().is_null());
    }

    #[test]
    fn a_text_that_is_no_tree_is_refused() {
        let broken = [
            "",
            "p",
            "p3:ab",
            "p1:ab",
            "l2:p1:a",
            "m1:3:keyp9:value",
            "x1:a",
            "p1é",
            "l99999999999999999999:",
            "q1:é",
        ];
        assert_eq!(broken.map(unpack), [const { None }; 10]);
    }
}
