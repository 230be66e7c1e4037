//! The text of one file, or the reason why it is none.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::LoadError;

/// Number of bytes at a file's start in which a NUL makes it binary, as git has it.
const BINARY_WINDOW: usize = 8 * 1024;

/// The text of a file the run cannot do without: a commit message, a configuration.
///
/// # Errors
/// [`LoadError::Unreadable`] where the file cannot be read or is not UTF-8.
pub fn read_text(path: &Path) -> Result<String, LoadError> {
    let text = std::fs::read(path).and_then(|bytes| match content(&bytes) {
        Content::Text(text) => Ok(text),
        Content::Binary => Err(io::Error::other("binary, there is a NUL near its start")),
        Content::Refused(reason) => Err(io::Error::other(reason)),
    });
    text.map_err(|source| LoadError::Unreadable { path: path.display().to_string(), source })
}

/// What a file holds.
pub(super) enum Content {
    /// Text that can be linted.
    Text(String),
    /// No text: there is a NUL near its start.
    Binary,
    /// Text that cannot be linted, with the reason in words.
    Refused(String),
}

/// Reads the file at `path` through `buffer`, which keeps its size for the next one.
pub(super) fn read(path: &Path, max_bytes: u64, buffer: &mut Vec<u8>) -> io::Result<Content> {
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    if size > max_bytes {
        return Ok(too_large(max_bytes));
    }
    buffer.clear();
    // A pipe or a growing file has no size to trust.
    file.take(max_bytes.saturating_add(1)).read_to_end(buffer)?;
    if buffer.len() as u64 > max_bytes {
        return Ok(too_large(max_bytes));
    }
    Ok(content(buffer))
}

pub(super) fn too_large(max_bytes: u64) -> Content {
    Content::Refused(format!("larger than {} MiB", max_bytes.div_ceil(1 << 20)))
}

pub(super) fn content(bytes: &[u8]) -> Content {
    let start = &bytes[..bytes.len().min(BINARY_WINDOW)];
    if memchr::memchr(0, start).is_some() {
        return Content::Binary;
    }
    match simdutf8::compat::from_utf8(bytes) {
        Ok(text) => Content::Text(text.to_owned()),
        Err(error) => {
            let offset = error.valid_up_to();
            let line = memchr::memchr_iter(b'\n', &bytes[..offset]).count() + 1;
            Content::Refused(format!("not UTF-8 at byte {offset} (line {line})"))
        }
    }
}
