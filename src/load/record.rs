//! Records of the GitLab REST API or a project export, read one after the other however large the file is.

mod chunk;

use std::cell::Cell;
use std::fmt;
use std::io::{self, BufRead, Read};

use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, de};
use serde_json::Value;

pub use chunk::{Chunk, RecordChunk, each_chunk};

use super::json::{Json, Object};
use super::{LoadError, canonical};
use crate::finding::NotChecked;
use crate::subject::{Kind, Subject};

/// What a file of records holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordKind {
    /// Merge requests.
    MergeRequest,
    /// Issues and epics; an epic has `group_id` and no `project_id`.
    IssueOrEpic,
    /// Any of them; a merge request has a `source_branch`.
    Any,
}

impl RecordKind {
    fn of(self, record: &Object<'_>) -> Kind {
        match self {
            Self::MergeRequest => Kind::MergeRequest,
            Self::Any if record.contains_key("source_branch") => Kind::MergeRequest,
            Self::IssueOrEpic | Self::Any
                if record.contains_key("group_id") && !record.contains_key("project_id") =>
            {
                Kind::Epic
            }
            Self::IssueOrEpic | Self::Any => Kind::Issue,
        }
    }
}

/// Hands every record of `reader` to `visit`, in order, and returns their number: one object, arrays of objects, or
/// objects one after the other, as in NDJSON. Never more than one record is in memory.
///
/// `source` names the input in messages; `project` is the project of records that do not name theirs.
///
/// # Errors
/// [`LoadError::Json`] where the input is empty, cut off or no JSON, after the records before it were visited;
/// [`LoadError::Unreadable`] where reading itself fails.
pub fn each_record(
    mut reader: impl BufRead,
    kind: RecordKind,
    source: &str,
    project: Option<&str>,
    visit: &mut dyn FnMut(Result<Subject, NotChecked>),
) -> Result<usize, LoadError> {
    let mut base = Base::default();
    if reader.fill_buf().map_err(|error| unreadable(source, error))?.starts_with(BOM) {
        reader.consume(BOM.len());
        base.offset = BOM.len() as u64;
    }
    Stream::new(kind, source, project, base, visit).read(reader)
}

const BOM: &[u8] = b"\xef\xbb\xbf";

fn unreadable(source: &str, error: io::Error) -> LoadError {
    LoadError::Unreadable { path: source.to_owned(), source: error }
}

/// The record `value` as a subject of `kind`; a value that is no object has no fields.
pub fn record_subject(value: &Value, kind: Kind, project: Option<&str>) -> Subject {
    let record = value.as_object().map(Object::from).unwrap_or_default();
    canonical::subject(&record, kind, project, 1)
}

/// A reader that knows how many bytes were taken from it; the parser takes them one by one.
struct Counted<'o, R> {
    reader: R,
    offset: &'o Cell<u64>,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.offset.set(self.offset.get() + count as u64);
        Ok(count)
    }
}

/// What stands before a text.
#[derive(Clone, Copy, Debug, Default)]
struct Base {
    /// Bytes.
    offset: u64,
    /// Line breaks.
    lines: usize,
    /// Bytes since the last of them.
    column: usize,
    /// Records.
    read: usize,
}

impl Base {
    /// What stands before the text that follows `text`, apart from records.
    fn after(self, text: &[u8]) -> Self {
        let lines = memchr::memchr_iter(b'\n', text).count();
        let column = match memchr::memrchr(b'\n', text) {
            Some(last) => text.len() - last - 1,
            None => self.column + text.len(),
        };
        Self { offset: self.offset + text.len() as u64, lines: self.lines + lines, column, ..self }
    }

    /// The error of a parser that has taken `taken` bytes since then: it stopped at the last of them, or missed the one
    /// after it.
    fn broken(self, error: &serde_json::Error, source: &str, taken: u64) -> LoadError {
        let taken = self.offset + taken;
        let missed = usize::from(error.is_eof());
        let message = error.to_string();
        let reason = message.rsplit_once(" at line ").map_or(message.as_str(), |(reason, _)| reason);
        let reason = match reason.strip_prefix("EOF while parsing ") {
            Some(_) if taken == 0 => "it is empty".to_owned(),
            Some("a value") => "it ends where a value belongs".to_owned(),
            Some(within) => format!("it ends inside {within}"),
            None => reason.to_owned(),
        };
        let before = if error.line() == 1 { self.column } else { 0 };
        LoadError::Json {
            name: source.to_owned(),
            offset: (taken + missed as u64).saturating_sub(1),
            line: self.lines + error.line(),
            column: (before + error.column() + missed).max(1),
            read: self.read,
            reason,
        }
    }
}

/// The length of the longest text that can be checked, in bytes: spans count them in 32 bits.
const LONGEST: usize = u32::MAX as usize;

/// Makes subjects of what it reads.
struct Stream<'v> {
    /// Bytes of the longest text that is handed on.
    longest: usize,
    kind: RecordKind,
    source: &'v str,
    project: Option<&'v str>,
    /// What stands before the text that is read; its records grow.
    base: Base,
    visit: &'v mut dyn FnMut(Result<Subject, NotChecked>),
}

impl<'v> Stream<'v> {
    fn new(
        kind: RecordKind,
        source: &'v str,
        project: Option<&'v str>,
        base: Base,
        visit: &'v mut dyn FnMut(Result<Subject, NotChecked>),
    ) -> Self {
        Self { longest: LONGEST, kind, source, project, base, visit }
    }

    /// Reads all there is, at least one value, and returns the number of records, those before it included.
    fn read(&mut self, reader: impl BufRead) -> Result<usize, LoadError> {
        let offset = Cell::new(0);
        let mut json = serde_json::Deserializer::from_reader(Counted { reader, offset: &offset });
        let mut first = true;
        while first || json.end().is_err() {
            first = false;
            if let Err(error) = self.deserialize(&mut json) {
                return Err(match error.io_error_kind() {
                    Some(io) => unreadable(self.source, io.into()),
                    None => self.base.broken(&error, self.source, offset.get()),
                });
            }
        }
        Ok(self.base.read)
    }

    /// Makes a subject of `record`, or tells why there is none; `None` is any value that is no object.
    fn record(&mut self, record: Option<&Object<'_>>) {
        self.base.read += 1;
        let outcome = match record {
            Some(record) => match api_error(record) {
                Some(error) => Err(format!("an error of the API instead of a record: {error}")),
                None if wraps_records(record) => {
                    Err("an object around the records: give the list in it".to_owned())
                }
                None => Ok(canonical::subject(record, self.kind.of(record), self.project, self.base.read)),
            },
            None => Err("not an object, so no record of the API".to_owned()),
        };
        let outcome = outcome.and_then(|subject| match subject.text.len() {
            length if length > self.longest => Err(format!("larger than {} GiB", LONGEST.div_ceil(1 << 30))),
            _ => Ok(subject),
        });
        let subject = || format!("{}, record {}", self.source, self.base.read);
        let outcome = outcome.map_err(|reason| NotChecked { subject: subject(), rule: None, reason });
        (self.visit)(outcome);
    }
}

/// What GitLab answers instead of a record: `{"message": "404 Project Not Found"}` or `{"error": "…"}`.
fn api_error(record: &Object<'_>) -> Option<String> {
    let is_record = ["iid", "title", "description"].iter().any(|key| record.contains_key(key));
    let error = record.get("message").or_else(|| record.get("error")).filter(|_| !is_record)?;
    Some(error.as_str().map_or_else(|| error.to_string(), str::to_owned))
}

/// Whether `record` only holds other records, as `{"issues": [{…}]}` or the answer of a GraphQL query does.
fn wraps_records(record: &Object<'_>) -> bool {
    let own = ["labels", "diffs", "changes", "notes", "commits"];
    let holds_records = |(key, value): (&str, &Json<'_>)| match value {
        Json::Array(items) => !own.contains(&key) && items.iter().all(Json::is_object),
        value => key == "data" && value.is_object(),
    };
    !record.is_empty() && record.iter().all(holds_records)
}

impl<'de> DeserializeSeed<'de> for &mut Stream<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &mut Stream<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object or an array of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        while let Some(value) = elements.next_element::<Json<'_>>()? {
            self.record(value.as_object());
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        self.record(Some(&Object::deserialize(MapAccessDeserializer::new(map))?));
        Ok(())
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        self.record(None);
        Ok(())
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<(), E> {
        self.record(None);
        Ok(())
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<(), E> {
        self.record(None);
        Ok(())
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<(), E> {
        self.record(None);
        Ok(())
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<(), E> {
        self.record(None);
        Ok(())
    }

    fn visit_str<E: de::Error>(self, _: &str) -> Result<(), E> {
        self.record(None);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
