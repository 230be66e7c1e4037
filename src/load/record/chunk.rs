//! Records one after the other, as in NDJSON, in chunks that any thread may parse; anything else is read at once.

mod objects;
mod parser;

use std::io::{self, Read};
use std::mem;
use std::ops::ControlFlow;
use std::sync::Arc;

use objects::{objects, trimmed};
use parser::Parser;
use serde::de::IgnoredAny;

use super::{BOM, Base, RecordKind, Stream, unreadable};
use crate::finding::NotChecked;
use crate::load::LoadError;
use crate::subject::Subject;

/// Bytes that are read at once; a longer record makes its chunk longer.
const CHUNK: usize = 1 << 18;

/// What a source of subjects hands on.
#[derive(Debug)]
pub enum Chunk {
    /// Records that are still to be parsed.
    Records(RecordChunk),
    /// A subject, or why there is none.
    Subject(Box<Result<Subject, NotChecked>>),
}

/// The text of some records, which stand one after the other in their source.
#[derive(Debug)]
pub struct RecordChunk {
    source: Arc<Source>,
    /// It goes on after the last record: only there a parser may see that this is no JSON.
    text: Vec<u8>,
    /// Where the text starts.
    base: Base,
    records: Vec<RawRecord>,
}

/// Where records come from.
#[derive(Debug)]
struct Source {
    kind: RecordKind,
    name: String,
    project: Option<String>,
}

/// One record: an object, perhaps after white space.
#[derive(Clone, Copy, Debug)]
struct RawRecord {
    /// Its place in the source, from 1.
    position: usize,
    start: usize,
    end: usize,
}

impl RecordChunk {
    /// Number of records.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Drops the records that `keep` does not want; it is given their number in this chunk, from 0, and their bytes.
    /// One that is no JSON stays, so that nobody takes the rest of the source for whole.
    pub fn retain(&mut self, mut keep: impl FnMut(usize, &[u8]) -> bool) {
        let (mut number, text) = (0, &self.text);
        self.records.retain(|of| {
            number += 1;
            let text = text.get(of.start..of.end).unwrap_or_default();
            keep(number - 1, text) || serde_json::from_slice::<IgnoredAny>(text).is_err()
        });
    }

    /// Hands the records to `visit`, in order, each with its number in the chunk as it was read, from 0.
    ///
    /// # Errors
    /// [`LoadError::Json`] at the first that is no JSON.
    pub fn each_record(
        &self,
        visit: &mut dyn FnMut(usize, Result<Subject, NotChecked>),
    ) -> Result<(), LoadError> {
        let Source { kind, name, project } = &*self.source;
        let mut parser = Parser::new(&self.text);
        for record in &self.records {
            let RawRecord { position, start, .. } = *record;
            let number = position - self.base.read - 1;
            let mut visit = |subject| visit(number, subject);
            let base = Base { read: position - 1, ..self.base };
            let mut stream = Stream::new(*kind, name, project.as_deref(), base, &mut visit);
            if let Some(object) = parser.parse(record) {
                stream.record(Some(&object));
            } else {
                let (before, text) = self.text.split_at_checked(start).unwrap_or_default();
                stream.base = Base { read: position - 1, ..self.base.after(before) };
                stream.read(text)?;
            }
        }
        Ok(())
    }
}

/// Hands what `reader` holds to `visit`, in order, as [`each_record`](super::each_record) does, until that has enough:
/// objects that stand one after the other in chunks, everything else one by one. Returns the number of records.
///
/// # Errors
/// Those of [`each_record`](super::each_record), as far as they are not in a chunk.
pub fn each_chunk(
    reader: impl Read,
    kind: RecordKind,
    source: &str,
    project: Option<&str>,
    visit: &mut dyn FnMut(Chunk) -> ControlFlow<()>,
) -> Result<usize, LoadError> {
    let source = Source { kind, name: source.to_owned(), project: project.map(str::to_owned) };
    Reading { source: Arc::new(source), reader, text: Vec::new(), base: Base::default() }.run(CHUNK, visit)
}

struct Reading<R> {
    source: Arc<Source>,
    reader: R,
    /// What was read and not handed on.
    text: Vec<u8>,
    /// Where that starts.
    base: Base,
}

impl<R: Read> Reading<R> {
    fn run(
        mut self,
        chunk: usize,
        visit: &mut dyn FnMut(Chunk) -> ControlFlow<()>,
    ) -> Result<usize, LoadError> {
        self.fill(chunk.max(BOM.len()))?;
        if self.text.starts_with(BOM) {
            self.text.drain(..BOM.len());
            self.base.offset = BOM.len() as u64;
        }
        loop {
            let (records, end, cut_off) = objects(&self.text, self.base.read);
            let read = records.len();
            let rest = self.text.get(end..).unwrap_or_default();
            let mut next = Vec::with_capacity(room(chunk, rest));
            next.extend_from_slice(rest);
            let text = mem::replace(&mut self.text, next);
            let base = self.base;
            let taken = text.get(..end).unwrap_or_default();
            self.base = Base { read: base.read + read, ..base.after(taken) };
            let records = RecordChunk { source: Arc::clone(&self.source), text, base, records };
            if read > 0 && visit(Chunk::Records(records)).is_break() {
                return Ok(self.base.read);
            }
            // What is cut off may be whole when more is read; twice as much each time, or it is looked at too often.
            let wanted = room(chunk, &self.text);
            if !cut_off || !self.fill(wanted)? {
                return self.rest(visit);
            }
        }
    }

    /// Reads until `length` bytes are there; whether there were more.
    fn fill(&mut self, length: usize) -> Result<bool, LoadError> {
        let wanted = length.saturating_sub(self.text.len()) as u64;
        let read = self.reader.by_ref().take(wanted).read_to_end(&mut self.text);
        read.map(|read| read > 0).map_err(|error| unreadable(&self.source.name, error))
    }

    /// Reads what stands there otherwise, and what never ends.
    fn rest(self, visit: &mut dyn FnMut(Chunk) -> ControlFlow<()>) -> Result<usize, LoadError> {
        if self.base.read > 0 && trimmed(&self.text).is_empty() {
            return Ok(self.base.read);
        }
        let Source { kind, name, project } = &*self.source;
        let mut flow = ControlFlow::Continue(());
        let mut visit = |subject| {
            if flow.is_continue() {
                flow = visit(Chunk::Subject(Box::new(subject)));
            }
        };
        let mut stream = Stream::new(*kind, name, project.as_deref(), self.base, &mut visit);
        stream.read(io::BufReader::new(self.text.as_slice().chain(self.reader)))
    }
}

/// Bytes to read up to where `rest` was cut off.
fn room(chunk: usize, rest: &[u8]) -> usize {
    chunk.max(rest.len() * 2)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::each_record;
    use super::*;

    /// What was read and how that ended, in words.
    type Told = (Vec<String>, String);

    fn told(subject: &Result<Subject, NotChecked>) -> String {
        match subject {
            Ok(subject) => format!("{} {:?}", subject.name, subject.text),
            Err(gap) => format!("{gap:?}"),
        }
    }

    fn in_sequence(text: &[u8]) -> Told {
        let mut all = Vec::new();
        let read =
            each_record(text, RecordKind::Any, "x", Some("g/p"), &mut |subject| all.push(told(&subject)));
        (all, format!("{read:?}"))
    }

    fn in_chunks(text: &[u8], size: usize) -> Told {
        let source = Source { kind: RecordKind::Any, name: "x".to_owned(), project: Some("g/p".to_owned()) };
        let reading =
            Reading { source: Arc::new(source), reader: text, text: Vec::new(), base: Base::default() };
        let (mut all, mut broken) = (Vec::new(), None);
        let read = reading.run(size, &mut |chunk| {
            let outcome = match chunk {
                Chunk::Subject(subject) => {
                    all.push(told(&subject));
                    Ok(())
                }
                Chunk::Records(records) => records.each_record(&mut |_, subject| all.push(told(&subject))),
            };
            match outcome {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    broken = Some(error);
                    ControlFlow::Break(())
                }
            }
        });
        (all, format!("{:?}", broken.map_or(read, Err)))
    }

    fn piece() -> impl Strategy<Value = Vec<u8>> {
        let whole = prop_oneof![
            "\\{\"iid\": [0-9]{1,3}(, \"title\": \"[a-z\\\\{}ä ]{0,9}\")?\\}",
            "\\{\r?\n?\"labels\":( \n)*\\[\"a\"\\],\n\"weight\": null\\}",
            "\\[\\{\"iid\": 1\\}(,5)?\\]",
            "\\{\"a\":\\{\"b\":(\\{\\}|\"[}\\]{,\" ]{0,3}\"|\\[\\{\\})\\]?[ \r\n]{0,2}\\}[ \r\n,]{0,2}\\}{0,2}",
            "[ \r\n\t\u{feff}\u{c}]{1,3}",
            "(true|17|\"x\"|null|nul|1e999|-|,|\\]|\\}|\\{|\"|\\{\"iid\": 1e999\\}|\\{\"title\": \"\\\\ud800\"\\})",
        ];
        prop_oneof![
            8 => whole.prop_map(String::into_bytes),
            1 => proptest::collection::vec(any::<u8>(), 1..4),
            1 => Just(b"{\"title\": \"caf\xe9\"}".to_vec()),
        ]
    }

    #[test]
    fn what_is_wrong_with_a_dropped_record_does_not_touch_the_others() {
        let text = b"{\"iid\": 1}\n{\"title\": \"caf\xe9\"}\n{\"iid\": 3} {\"iid\": 1e999}\n{\"iid\": 5}\n";
        let mut all = Vec::new();
        let mut visit = |chunk| {
            if let Chunk::Records(mut records) = chunk {
                records.retain(|number, _| number % 2 == 0);
                records.each_record(&mut |number, subject| all.push((number, told(&subject)))).unwrap();
            }
            ControlFlow::Continue(())
        };
        each_chunk(&text[..], RecordKind::Any, "x", Some("g/p"), &mut visit).unwrap();
        let name = |(number, told): &(usize, String)| (*number, told.split(' ').next().unwrap().to_owned());
        let expected =
            [(0, "g/p#1"), (2, "g/p#3"), (4, "g/p#5")].map(|(number, name)| (number, name.to_owned()));
        assert_eq!(all.iter().map(name).collect::<Vec<_>>(), expected);
    }

    proptest! {
        #[test]
        fn chunks_hold_what_one_reader_sees(
            pieces in proptest::collection::vec((piece(), any::<bool>()), 0..9),
            cut in 0..9_usize,
            size in 1..90_usize,
        ) {
            let line = |(piece, ends): &(Vec<u8>, bool)| [&piece[..], if *ends { b"\n" } else { b"" }].concat();
            let mut text: Vec<u8> = pieces.iter().flat_map(line).collect();
            text.truncate(text.len() - cut.min(text.len()) * usize::from(cut > 5));
            prop_assert_eq!(in_chunks(&text, size), in_sequence(&text));
        }
    }
}
