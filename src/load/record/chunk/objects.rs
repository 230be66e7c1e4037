//! Where the objects of a text end that stand one after the other.

use serde::de::IgnoredAny;
use serde_json::Deserializer;

use super::RawRecord;

/// The objects that `text` starts with, after `before` others; where the last of them ends; and whether what follows
/// is an object that is cut off, or nothing.
pub(super) fn objects(text: &[u8], before: usize) -> (Vec<RawRecord>, usize, bool) {
    let (mut records, mut end) = (Vec::new(), 0);
    loop {
        let rest = trimmed(text.get(end..).unwrap_or_default());
        match rest.first() {
            None => return (records, end, true),
            Some(b'{') => {}
            Some(_) => return (records, end, false),
        }
        let mut values = Deserializer::from_slice(rest).into_iter::<IgnoredAny>();
        let length = match line(rest) {
            Some(length) => length,
            None => match values.next() {
                Some(Err(error)) => return (records, end, error.is_eof()),
                _ => values.byte_offset(),
            },
        };
        let start = text.len() - rest.len();
        end = start + length;
        records.push(RawRecord { position: before + records.len() + 1, start, end });
    }
}

/// Length of the object that `text` starts with, where its end shows without parsing: in JSON `}`, a line break and
/// `{` follow each other only between two objects, for no string holds a line break. If `text` is no JSON, whoever
/// parses the object finds that out before the `{`.
fn line(text: &[u8]) -> Option<usize> {
    for brace in memchr::memchr_iter(b'}', text) {
        let after = text.get(brace + 1..)?;
        let next = trimmed(after);
        match next.first()? {
            // Between two objects there is nothing of that, and within one it does not matter.
            b',' | b'}' | b']' => {}
            b'{' if after.iter().take(after.len() - next.len()).any(|byte| *byte == b'\n') => {
                return Some(brace + 1);
            }
            _ => return None,
        }
    }
    None
}

/// `text` without the white space that JSON allows before a value.
pub(super) fn trimmed(text: &[u8]) -> &[u8] {
    let start = text.iter().position(|byte| !matches!(byte, b' ' | b'\n' | b'\r' | b'\t'));
    start.and_then(|start| text.get(start..)).unwrap_or_default()
}
