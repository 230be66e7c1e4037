//! Nodes to and from other formats, JSON above all.

use std::fmt;

use compact_str::CompactString;
use serde::de::{Deserialize, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::natural::{Natural, float_text};
use super::node::{Entry, Node, Style, Value};
use super::spanned::{PLACED, Place, Spanned};
use crate::text::Span;

/// Plain scalars become numbers, booleans or null only where their text comes back unchanged.
impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.value {
            Value::Scalar(scalar) => match Natural::of(scalar) {
                Natural::Null => serializer.serialize_unit(),
                Natural::Bool(value) => serializer.serialize_bool(value),
                Natural::Unsigned(value) => serializer.serialize_u64(value),
                Natural::Signed(value) => serializer.serialize_i64(value),
                Natural::Float(value) => serializer.serialize_f64(value),
                Natural::Text(value) => serializer.serialize_str(value),
            },
            Value::List(items) => serializer.collect_seq(items),
            Value::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for entry in entries {
                    map.serialize_entry(entry.key.as_str(), &entry.value)?;
                }
                map.end()
            }
        }
    }
}

/// From this module's deserializer, a copy with spans; from other formats, nodes with empty spans.
impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(PLACED, NodeVisitor)
    }
}

struct NodeVisitor;

fn plain<E>(text: impl Into<CompactString>) -> Result<Node, E> {
    Ok(Node::scalar(Span::default(), text, Style::Plain))
}

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<Node, A::Error> {
        let (place, contents) = access.variant::<Place>()?;
        let mut node = contents.tuple_variant(0, self)?;
        node.span = place.span();
        if let Value::Scalar(scalar) = &mut node.value {
            scalar.style = place.style();
        }
        Ok(node)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        plain("")
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        plain("")
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        plain(value.to_string())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        plain(value.to_string())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        plain(value.to_string())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        plain(float_text(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::scalar(Span::default(), value, Style::Quoted))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Node { span: Span::default(), value: Value::List(items) })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        let mut entries = Vec::new();
        while let Some((key, value)) = access.next_entry::<Spanned<CompactString>, Node>()? {
            entries.push(Entry { key: key.value, key_span: key.span, value });
        }
        Ok(Node { span: Span::default(), value: Value::Map(entries) })
    }
}
