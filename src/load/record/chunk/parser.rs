//! Parses records that stand one after the other in a text.

use serde_json::de::StrRead;
use serde_json::{Deserializer, StreamDeserializer};

use super::{RawRecord, trimmed};
use crate::load::json::Object;

/// One buffer serves all texts that hold escapes; a parser for each record would grow its own.
pub(super) struct Parser<'t> {
    bytes: &'t [u8],
    /// What is known to be UTF-8, and where it starts.
    text: &'t str,
    offset: usize,
    /// Where `objects` started.
    start: usize,
    objects: StreamDeserializer<'t, StrRead<'t>, Object<'t>>,
}

impl<'t> Parser<'t> {
    pub(super) fn new(bytes: &'t [u8]) -> Self {
        Self { bytes, text: "", offset: 0, start: 0, objects: Deserializer::from_str("").into_iter() }
    }

    /// The object that `record` is; `None` if it is something else.
    pub(super) fn parse(&mut self, record: &RawRecord) -> Option<Object<'t>> {
        let end = self.start + self.objects.byte_offset();
        let mut follows =
            self.bytes.get(end..record.start).is_some_and(|between| trimmed(between).is_empty());
        if record.end > self.offset + self.text.len() {
            // What is no UTF-8 may stand in a record that was dropped.
            let rest = self.bytes.get(record.start..)?;
            (self.text, self.offset, follows) = (utf8(rest), record.start, false);
        }
        if !follows {
            self.start = record.start;
            self.objects = Deserializer::from_str(self.text.get(record.start - self.offset..)?).into_iter();
        }
        let object = self.objects.next()?.ok()?;
        (self.start + self.objects.byte_offset() == record.end).then_some(object)
    }
}

/// What `bytes` start with that is UTF-8.
fn utf8(bytes: &[u8]) -> &str {
    let valid = |error: simdutf8::compat::Utf8Error| bytes.get(..error.valid_up_to());
    let text = simdutf8::compat::from_utf8(bytes);
    text.or_else(|error| simdutf8::compat::from_utf8(valid(error).unwrap_or_default())).unwrap_or_default()
}
