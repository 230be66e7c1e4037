//! The text of one file, or the reason why it is none.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::LoadError;
use super::files::MAX_BYTES;

/// Number of bytes at a file's start in which a NUL makes it binary, as git has it.
const BINARY_WINDOW: usize = 8 * 1024;

/// The text of a file the run cannot do without: a commit message, a configuration.
///
/// # Errors
/// [`LoadError::Unreadable`] where the file cannot be read or is not UTF-8.
pub fn read_text(path: &Path) -> Result<String, LoadError> {
    let text = bounded(path).and_then(|bytes| match content(&bytes) {
        Content::Text(text) => Ok(text),
        Content::Binary => Err(io::Error::other("binary, there is a NUL near its start")),
        Content::Refused(reason) => Err(io::Error::other(reason)),
    });
    text.map_err(|source| LoadError::Unreadable { path: path.display().to_string(), source })
}

/// The text of a file that is read because it is there: a configuration, a lock, a fact.
///
/// # Errors
/// Those of the system, where it is not UTF-8, and where it is larger than [`MAX_BYTES`]: what a name in a repository
/// leads to may have no end.
pub fn read_small(path: &Path) -> io::Result<String> {
    String::from_utf8(bounded(path)?)
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error.utf8_error()))
}

fn bounded(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_BYTES {
        let reason = format!("larger than {} MiB", MAX_BYTES >> 20);
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, reason));
    }
    Ok(bytes)
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
