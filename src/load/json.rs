//! JSON of a record: its texts stay where they were read as far as they hold no escape, and a look-up needs no hash.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Number, Value};

/// A value; its texts live for `'t`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub(super) enum Json<'t> {
    Null,
    Bool(bool),
    Number(Number),
    String(Cow<'t, str>),
    Array(Vec<Json<'t>>),
    Object(Object<'t>),
}

/// Keys with their values in the order they were read; of a key that is repeated the first place and the last value.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Object<'t> {
    entries: Vec<(Cow<'t, str>, Json<'t>)>,
}

/// How many keys are compared one by one before a repeated one is looked for by its hash.
const FEW: usize = 48;

/// How many keys an issue has, about.
const ROOM: usize = 32;

impl<'t> Json<'t> {
    pub(super) fn text(text: &'t str) -> Self {
        Self::String(Cow::Borrowed(text))
    }

    /// The value at `key` of an object.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        self.as_object()?.get(key)
    }

    pub(super) fn as_object(&self) -> Option<&Object<'t>> {
        if let Self::Object(object) = self { Some(object) } else { None }
    }

    pub(super) fn as_array(&self) -> Option<&[Self]> {
        if let Self::Array(items) = self { Some(items) } else { None }
    }

    pub(super) fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self { Some(text) } else { None }
    }

    pub(super) fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(value) = self { Some(*value) } else { None }
    }

    pub(super) fn as_u64(&self) -> Option<u64> {
        if let Self::Number(number) = self { number.as_u64() } else { None }
    }

    pub(super) fn is_object(&self) -> bool {
        matches!(self, Self::Object(_))
    }

    pub(super) fn is_string(&self) -> bool {
        matches!(self, Self::String(_))
    }

    /// The same value with the texts of this one.
    pub(super) fn borrowed(&self) -> Json<'_> {
        match self {
            Self::Null => Json::Null,
            Self::Bool(value) => Json::Bool(*value),
            Self::Number(number) => Json::Number(number.clone()),
            Self::String(text) => Json::text(text),
            Self::Array(items) => items.iter().map(Self::borrowed).collect(),
            Self::Object(object) => {
                Json::Object(object.iter().map(|(key, value)| (key, value.borrowed())).collect())
            }
        }
    }
}

impl<'t> Object<'t> {
    pub(super) fn get(&self, key: &str) -> Option<&Json<'t>> {
        self.entries.iter().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    pub(super) fn contains_key(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Json<'t>)> {
        self.entries.iter().map(|(key, value)| (&**key, value))
    }

    pub(super) fn remove(&mut self, key: &str) {
        self.entries.retain(|(known, _)| known != key);
    }

    /// Sets `key`; `places` are those of all keys once there are more than a few.
    fn insert(&mut self, key: Cow<'t, str>, value: Json<'t>, places: &mut HashMap<Cow<'t, str>, usize>) {
        let place = if self.len() < FEW {
            self.entries.iter().position(|(known, _)| *known == key)
        } else {
            if places.is_empty() {
                places.extend(self.entries.iter().enumerate().map(|(at, (known, _))| (known.clone(), at)));
            }
            let next = self.len();
            Some(*places.entry(key.clone()).or_insert(next))
        };
        match place.and_then(|place| self.entries.get_mut(place)) {
            Some((_, known)) => *known = value,
            None => self.entries.push((key, value)),
        }
    }
}

impl FromIterator<Self> for Json<'_> {
    fn from_iter<I: IntoIterator<Item = Self>>(items: I) -> Self {
        Self::Array(items.into_iter().collect())
    }
}

/// Of keys that are not repeated.
impl<'t> FromIterator<(&'t str, Json<'t>)> for Object<'t> {
    fn from_iter<I: IntoIterator<Item = (&'t str, Json<'t>)>>(entries: I) -> Self {
        Self { entries: entries.into_iter().map(|(key, value)| (Cow::Borrowed(key), value)).collect() }
    }
}

impl<'v> From<&'v Value> for Json<'v> {
    fn from(value: &'v Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(*value),
            Value::Number(number) => Self::Number(number.clone()),
            Value::String(text) => Self::text(text),
            Value::Array(items) => items.iter().map(Self::from).collect(),
            Value::Object(map) => Self::Object(Object::from(map)),
        }
    }
}

impl<'v> From<&'v serde_json::Map<String, Value>> for Object<'v> {
    fn from(map: &'v serde_json::Map<String, Value>) -> Self {
        map.iter().map(|(key, value)| (key.as_str(), Json::from(value))).collect()
    }
}

/// As JSON without white space.
impl fmt::Display for Json<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de: 't, 't> Deserialize<'de> for Object<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor { room: ROOM })
    }
}

impl<'de: 't, 't> Deserialize<'de> for Json<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

/// A text as it is read, borrowed where that can be.
#[derive(Deserialize)]
#[serde(transparent)]
struct Text<'t>(#[serde(borrow)] Cow<'t, str>);

struct ObjectVisitor {
    /// How many keys are expected.
    room: usize,
}

impl<'de> Visitor<'de> for ObjectVisitor {
    type Value = Object<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
        let mut object = Object { entries: Vec::with_capacity(self.room) };
        let mut places = HashMap::new();
        while let Some(Text(key)) = map.next_key()? {
            object.insert(key, map.next_value()?, &mut places);
        }
        Ok(object)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any valid JSON value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Json<'de>, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Json<'de>, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Json<'de>, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Json<'de>, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Json<'de>, E> {
        Ok(Number::from_f64(value).map_or(Json::Null, Json::Number))
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Json<'de>, E> {
        Ok(Json::text(text))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Json<'de>, E> {
        Ok(Json::String(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json<'de>, A::Error> {
        let mut array = Vec::new();
        while let Some(item) = items.next_element()? {
            array.push(item);
        }
        Ok(Json::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Json<'de>, A::Error> {
        ObjectVisitor { room: 0 }.visit_map(map).map(Json::Object)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn json() -> impl Strategy<Value = String> {
        let scalar =
            "(null|true|0|-0|-7|18446744073709551615|1e3|1\\.10|5e-324|\"[a-cä]{0,2}(\\\\n|\\\\u00e4)?\")";
        scalar.prop_recursive(3, 300, 80, |value| {
            let entries = proptest::collection::vec(("[a-cä]{1,2}(\\\\n|\\\\u00e4)?", value.clone()), 0..80);
            let object = entries.prop_map(|entries| {
                let entry = |(key, value): &(String, String)| format!("\"{key}\": {value}");
                format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
            });
            let array =
                proptest::collection::vec(value, 0..4).prop_map(|items| format!("[{}]", items.join(",")));
            prop_oneof![object, array]
        })
    }

    proptest! {
        #[test]
        fn any_json_is_read_as_serde_json_reads_it(text in json()) {
            let value: Value = serde_json::from_str(&text).unwrap();
            let from_text: Json<'_> = serde_json::from_str(&text).unwrap();
            let mut reader = serde_json::Deserializer::from_reader(text.as_bytes());
            let from_reader = Json::deserialize(&mut reader).unwrap();
            prop_assert_eq!(&from_text, &Json::from(&value));
            prop_assert_eq!(&from_reader, &from_text);
            prop_assert_eq!(from_text.to_string(), value.to_string());
            prop_assert_eq!(from_text.borrowed().to_string(), value.to_string());
        }
    }
}
