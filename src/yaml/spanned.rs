//! Values that keep their place while serde decodes them.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::de::value::SeqDeserializer;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, EnumAccess, VariantAccess, Visitor};
use serde::{Serialize, Serializer};

use super::de::{DecodeError, Entries, Items};
use super::node::{Node, Style, Value};
use crate::text::Span;

/// The newtype name that asks this module's deserializer for the place too. Other formats unwrap the newtype.
pub(super) const PLACED: &str = "$proclint::yaml::Placed";

/// A value with its place in the source; the place is empty when it comes from another format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands, in bytes.
    pub span: Span,
}

impl<T> Deref for Spanned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: Serialize> Serialize for Spanned<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Spanned<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(PLACED, SpannedVisitor(PhantomData))
    }
}

struct SpannedVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for SpannedVisitor<T> {
    type Value = Spanned<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        Ok(Spanned { value: T::deserialize(deserializer)?, span: Span::default() })
    }

    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<Self::Value, A::Error> {
        let (place, contents) = access.variant::<Place>()?;
        Ok(Spanned { value: contents.newtype_variant()?, span: place.span() })
    }
}

/// A node's span and style as they travel through serde: start, end, and the style's number.
#[derive(serde::Deserialize)]
pub(super) struct Place(u32, u32, u32);

impl Place {
    fn of(node: &Node) -> Self {
        let style = match &node.value {
            Value::Scalar(scalar) => scalar.style as u32,
            _ => 0,
        };
        Self(node.span.start, node.span.end, style)
    }

    pub(super) fn span(&self) -> Span {
        Span { start: self.0, end: self.1 }
    }

    pub(super) fn style(&self) -> Style {
        [Style::Plain, Style::Quoted]
            .into_iter()
            .find(|style| *style as u32 == self.2)
            .unwrap_or(Style::Block)
    }
}

/// Hands a node over with its place: an enum whose variant is the [`Place`]. As a newtype variant it holds what the
/// target asks for; as a tuple variant it holds a scalar's text, untyped, or the children.
pub(super) struct Handover<'n>(pub(super) &'n Node);

impl<'de> EnumAccess<'de> for Handover<'_> {
    type Error = DecodeError;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), DecodeError> {
        let Place(start, end, style) = Place::of(self.0);
        let place = SeqDeserializer::new([start, end, style].into_iter());
        Ok((seed.deserialize(place)?, self))
    }
}

impl<'de> VariantAccess<'de> for Handover<'_> {
    type Error = DecodeError;

    fn unit_variant(self) -> Result<(), DecodeError> {
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, DecodeError> {
        seed.deserialize(self.0)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, DecodeError> {
        match &self.0.value {
            Value::Scalar(scalar) => visitor.visit_str(&scalar.text),
            Value::List(items) => visitor.visit_seq(Items::new(items)),
            Value::Map(entries) => visitor.visit_map(Entries::new(entries)),
        }
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        v: V,
    ) -> Result<V::Value, DecodeError> {
        self.tuple_variant(0, v)
    }
}
