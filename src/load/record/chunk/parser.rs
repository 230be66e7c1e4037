//! Parses records that stand one after the other in a text.

use serde_json::de::StrRead;
use serde_json::{Deserializer, StreamDeserializer};

use super::RawRecord;
use crate::load::json::Object;

/// One buffer serves all texts that hold escapes; a parser for each record would grow its own.
pub(super) struct Parser<'t> {
    /// What is UTF-8.
    text: &'t str,
    /// Where `objects` started.
    start: usize,
    objects: StreamDeserializer<'t, StrRead<'t>, Object<'t>>,
}

impl<'t> Parser<'t> {
    pub(super) fn new(text: &'t [u8]) -> Self {
        let text = simdutf8::compat::from_utf8(text)
            .or_else(|error| simdutf8::compat::from_utf8(&text[..error.valid_up_to()]))
            .unwrap_or_default();
        Self { text, start: 0, objects: Deserializer::from_str(text).into_iter() }
    }

    /// The object that `record` is; `None` if it is something else.
    pub(super) fn parse(&mut self, record: &RawRecord) -> Option<Object<'t>> {
        let between = self.text.get(self.start + self.objects.byte_offset()..record.start)?;
        if !between.trim_start().is_empty() {
            self.start = record.start;
            self.objects = Deserializer::from_str(self.text.get(record.start..)?).into_iter();
        }
        let object = self.objects.next()?.ok()?;
        (self.start + self.objects.byte_offset() == record.end).then_some(object)
    }
}
