//! What a scalar means where no type asks: YAML's core schema, for texts that survive the trip there and back.

use super::node::{Node, Scalar, Style};

/// A scalar by YAML's core schema.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Natural<'s> {
    Null,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    /// Everything else. `012`, `1.10` and `1e3` are text: written back as numbers they would read differently.
    Text(&'s str),
}

impl<'s> Natural<'s> {
    pub(super) fn of(scalar: &'s Scalar) -> Self {
        let text = scalar.text.as_str();
        if scalar.style != Style::Plain {
            return Self::Text(text);
        }
        match text {
            _ if Node::is_null_text(text) => Self::Null,
            "true" => Self::Bool(true),
            "false" => Self::Bool(false),
            _ if text.starts_with(|c: char| c == '-' || c.is_ascii_digit()) => Self::number(text),
            _ => Self::Text(text),
        }
    }

    fn number(text: &'s str) -> Self {
        if let Some(number) = text.parse::<u64>().ok().filter(|number| number.to_string() == text) {
            return Self::Unsigned(number);
        }
        if let Some(number) = text.parse::<i64>().ok().filter(|number| number.to_string() == text) {
            return Self::Signed(number);
        }
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() && float_text(number) == text => Self::Float(number),
            _ => Self::Text(text),
        }
    }
}

/// The one text of a float that reads back as the same float and is not a whole number's.
pub(super) fn float_text(number: f64) -> String {
    format!("{number:?}")
}
