//! From nodes to types: a serde deserializer that is strict about types and exact about places.

mod access;
mod error;

use serde::de::{DeserializeOwned, Deserializer, IntoDeserializer, Visitor};

use self::access::Variant;
pub(super) use self::access::{Entries, Items};
use self::error::phrase;
pub use self::error::{DecodeError, suggestion};
use super::natural::Natural;
use super::node::{Node, Style, Value};
use super::spanned::{Handover, PLACED};
use crate::text::Span;

#[cfg(test)]
mod tests;

/// Decodes `node` to a type.
///
/// # Errors
///
/// The first value that does not fit, with its place and its path.
pub fn from_node<T: DeserializeOwned>(node: &Node) -> Result<T, DecodeError> {
    T::deserialize(node).map_err(|error| error.or_at(node.span))
}

impl Node {
    fn text(&self) -> Result<&str, DecodeError> {
        if let Some(text) = self.as_str() {
            return Ok(text);
        }
        let error = DecodeError::mismatch(self, "a string");
        Err(match &self.value {
            Value::Scalar(scalar) if scalar.text.is_empty() => {
                error.help("write a value; quote one that begins with `#`, which starts a comment")
            }
            Value::Scalar(scalar) => error.help(format!("quote it: '{}'", scalar.text)),
            _ => error,
        })
    }

    /// The scalar by the core schema; a list or map is text that fits no type.
    fn natural(&self) -> Natural<'_> {
        match &self.value {
            Value::Scalar(scalar) => Natural::of(scalar),
            _ => Natural::Text(""),
        }
    }

    fn whole<T: TryFrom<u64> + TryFrom<i64>>(&self, range: &str) -> Result<T, DecodeError> {
        let number = match self.natural() {
            Natural::Unsigned(number) => T::try_from(number).ok(),
            Natural::Signed(number) => T::try_from(number).ok(),
            _ => None,
        };
        number.ok_or_else(|| self.not_a_number(&format!("a whole number{range}")))
    }

    #[allow(clippy::cast_precision_loss, reason = "a target that wants a float takes the nearest one")]
    fn float(&self) -> Result<f64, DecodeError> {
        match self.natural() {
            Natural::Unsigned(number) => Ok(number as f64),
            Natural::Signed(number) => Ok(number as f64),
            Natural::Float(number) => Ok(number),
            _ => Err(self.not_a_number("a number")),
        }
    }

    fn not_a_number(&self, expected: &str) -> DecodeError {
        let error = DecodeError::mismatch(self, expected);
        match &self.value {
            Value::Scalar(scalar) => match scalar.text.parse::<f64>() {
                Ok(_) if scalar.style != Style::Plain => error.help("remove the quotes"),
                Ok(number) if number.is_finite() && matches!(self.natural(), Natural::Text(_)) => {
                    error.help(format!("write it as `{number}`"))
                }
                _ => error,
            },
            _ => error,
        }
    }

    fn boolean(&self) -> Result<bool, DecodeError> {
        if let Natural::Bool(value) = self.natural() {
            return Ok(value);
        }
        let error = DecodeError::mismatch(self, "`true` or `false`");
        let Value::Scalar(scalar) = &self.value else { return Err(error) };
        Err(match scalar.text.to_ascii_lowercase().as_str() {
            "true" | "false" if scalar.style != Style::Plain => error.help("remove the quotes"),
            "yes" | "on" | "true" => error.help("write `true`"),
            "no" | "off" | "false" => error.help("write `false`"),
            _ => error,
        })
    }

    /// Where an error about the map as a whole belongs.
    fn head(&self) -> Span {
        self.entries().first().map_or(Span { end: self.span.start, ..self.span }, |entry| entry.key_span)
    }
}

/// The numbers from `min` to `max` in words; what no author reaches is not named.
fn range(min: i128, max: i128) -> String {
    let max = (max < i64::MAX.into()).then(|| format!(" to {max}"));
    match (min, max) {
        (..0, None) => String::new(),
        (min, None) => format!(" of {min} or more"),
        (min, Some(max)) => format!(" from {min}{max}"),
    }
}

macro_rules! whole_numbers {
    ($($method:ident $visit:ident $int:ty),+ $(,)?) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
            visitor.$visit(self.whole(&range(<$int>::MIN.into(), <$int>::MAX.into()))?)
        }
    )+};
}

impl<'de> Deserializer<'de> for &Node {
    type Error = DecodeError;

    whole_numbers! {
        deserialize_u8 visit_u8 u8,
        deserialize_u16 visit_u16 u16,
        deserialize_u32 visit_u32 u32,
        deserialize_u64 visit_u64 u64,
        deserialize_i8 visit_i8 i8,
        deserialize_i16 visit_i16 i16,
        deserialize_i32 visit_i32 i32,
        deserialize_i64 visit_i64 i64,
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match &self.value {
            Value::List(_) => self.deserialize_seq(visitor),
            Value::Map(_) => self.deserialize_map(visitor),
            Value::Scalar(scalar) => match Natural::of(scalar) {
                Natural::Null => visitor.visit_unit(),
                Natural::Bool(value) => visitor.visit_bool(value),
                Natural::Unsigned(value) => visitor.visit_u64(value),
                Natural::Signed(value) => visitor.visit_i64(value),
                Natural::Float(value) => visitor.visit_f64(value),
                Natural::Text(value) => visitor.visit_str(value),
            },
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_bool(self.boolean()?)
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_f64(self.float()?)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_f64(self.float()?)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_str(self.text()?)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_str(self.text()?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_str(self.text()?)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_str(self.text()?)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_bytes(self.text()?.as_bytes())
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        if self.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        if self.is_null() { visitor.visit_unit() } else { Err(DecodeError::mismatch(self, "nothing")) }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        if name == PLACED { visitor.visit_enum(Handover(self)) } else { visitor.visit_newtype_struct(self) }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match &self.value {
            Value::List(items) => visitor.visit_seq(Items::new(items)),
            _ => Err(DecodeError::mismatch(self, phrase(&visitor))),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, DecodeError> {
        match &self.value {
            Value::List(items) if items.len() != length => Err(DecodeError::new(
                self.span,
                format!("expected a list of {length}, found {}", items.len()),
            )),
            _ => self.deserialize_seq(visitor),
        }
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        self.deserialize_tuple(length, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match &self.value {
            Value::Map(entries) => {
                visitor.visit_map(Entries::new(entries)).map_err(|error| error.or_at(self.head()))
            }
            _ => Err(DecodeError::mismatch(self, phrase(&visitor))),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        match (self.as_str(), self.entries()) {
            (Some(name), _) => visitor.visit_enum(name.into_deserializer()),
            (None, [entry]) => visitor.visit_enum(Variant(entry)),
            _ => Err(DecodeError::mismatch(self, format_args!("one of {}", variants.join(", ")))),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_unit()
    }
}
