//! The fields at the top of a record, each read once, however many conditions ask for it.

use super::{Glance, Mark, Presence, collect, mark, said_in};
use crate::subject::Subject;
use crate::text::Span;

/// Fields that a record has beside those of its header.
const ADDED: usize = 4;

/// Groups of keys, some times as many as a record of GitLab has keys.
const GROUPS: usize = 128;

/// The fields in the order of the header.
#[derive(Debug)]
pub struct Roots<'s> {
    fields: Vec<Root<'s>>,
    /// The values of all fields, one after the other.
    marks: Vec<Mark<'s>>,
    /// For each group of keys how many fields come before the first of the group, or fewer.
    before: [u8; GROUPS],
    /// Where the header starts, if there is one.
    start: Option<Span>,
}

#[derive(Debug)]
struct Root<'s> {
    key: &'s str,
    start: u64,
    place: Span,
    /// Where its values start and end.
    marks: (usize, usize),
}

impl<'s> Roots<'s> {
    /// The fields of a record; none of what is no record.
    pub fn of(subject: &'s Subject) -> Self {
        let mut roots =
            Self { fields: Vec::new(), marks: Vec::new(), before: [u8::MAX; GROUPS], start: None };
        let Some(header) = &subject.header else { return roots };
        let entries = header.entries();
        roots.fields.reserve(entries.len() + ADDED);
        // Most fields have one value; labels have some more.
        roots.marks.reserve(2 * entries.len());
        let top = Span::at(0);
        roots.start = Some(Span::at(header.span.start as usize));
        roots.push("kind", top, |marks| marks.push(mark(subject.kind.name(), top)));
        roots.push("file", top, |marks| marks.push(mark(subject.file_name(), top)));
        if let Some(project) = &subject.project {
            roots.push("project", top, |marks| marks.push(mark(project, top)));
        }
        if let Some(said) = said_in(subject) {
            roots.push("description", said.span, |marks| marks.push(said));
        }
        for entry in entries.iter().filter(|entry| !is_derived(&entry.key)) {
            roots.push(&entry.key, entry.key_span, |marks| collect(&entry.value, marks));
        }
        roots
    }

    fn push(&mut self, key: &'s str, place: Span, collect: impl FnOnce(&mut Vec<Mark<'s>>)) {
        let first = self.marks.len();
        collect(&mut self.marks);
        let start = start(key);
        if let Some(before) = self.before.get_mut(group(start)) {
            *before = (*before).min(u8::try_from(self.fields.len()).unwrap_or(u8::MAX));
        }
        self.fields.push(Root { key, start, place, marks: (first, self.marks.len()) });
    }

    /// The field `key`, which may be absent; `None` where it is not kept here.
    pub fn get(&self, key: &str) -> Option<Glance<'_>> {
        let start = start(key);
        let before = self.before.get(group(start)).map_or(0, |before| usize::from(*before));
        let mut of_group = self.fields.iter().skip(before);
        match of_group.find(|root| root.start == start && root.key == key) {
            Some(Root { place, marks, .. }) => {
                Some(Glance::new(*place, self.marks.get(marks.0..marks.1).unwrap_or_default()))
            }
            None if is_derived(key) || key.contains(['.', '[']) => None,
            None => self.start.map(|place| Glance { presence: Presence::Absent, place, values: &[] }),
        }
    }
}

/// Whether a field is not what the key of its name in the header says, or not that alone.
fn is_derived(key: &str) -> bool {
    matches!(
        key,
        "first-template"
            | "headings"
            | "kind"
            | "path"
            | "project"
            | "prose"
            | "references"
            | "tasks"
            | "templates"
            | "visible"
    )
}

/// The first eight bytes of a key, which tell most keys apart at once.
fn start(key: &str) -> u64 {
    let bytes = key.as_bytes();
    match bytes.first_chunk() {
        Some(start) => u64::from_le_bytes(*start),
        None => bytes.iter().fold(0, |start, byte| start << 8 | u64::from(*byte)),
    }
}

/// The group of the keys with this start.
fn group(start: u64) -> usize {
    // Multiplied by 2^64 divided by the golden ratio, as Fibonacci hashing does: the highest bits depend on all bytes.
    (start.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 57) as usize
}
