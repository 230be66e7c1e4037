//! The text of one file, or the reason why it is none.

use std::fs::{self, File, FileType};
use std::io::{self, Read};
use std::path::Path;

use super::LoadError;
use super::files::MAX_BYTES;

/// Number of bytes at a file's start in which a NUL makes it binary, as git has it.
const BINARY_WINDOW: usize = 8 * 1024;

/// The text of a file that was named and that the run cannot do without: a commit message, a page.
///
/// # Errors
/// [`LoadError::Unreadable`] where the file cannot be read or is not UTF-8.
pub fn read_text(path: &Path) -> Result<String, LoadError> {
    let text = File::open(path).and_then(bounded).and_then(|bytes| match content(&bytes) {
        Content::Text(text) => Ok(text),
        Content::Binary => Err(io::Error::other("binary, there is a NUL near its start")),
        Content::Refused(reason) => Err(io::Error::other(reason)),
    });
    text.map_err(|source| LoadError::Unreadable { path: path.display().to_string(), source })
}

/// The text of a file that is read because it is there: a configuration, a lock, a fact.
///
/// # Errors
/// Those of [`open_found`], where it is not UTF-8, and where it is larger than [`MAX_BYTES`].
pub fn read_small(path: &Path) -> io::Result<String> {
    utf8(bounded(open_found(path)?)?)
}

/// The text of a file that was named for this run: a baseline, a report. A pipe is read to its end, as where a shell puts
/// what a command prints in its place.
///
/// # Errors
/// Those of the system, where it is not UTF-8, and where what is no file, and may have no end, is larger than
/// [`MAX_BYTES`].
pub fn read_given(path: &Path) -> io::Result<String> {
    if path.metadata()?.is_file() { fs::read_to_string(path) } else { utf8(bounded(File::open(path)?)?) }
}

/// The bytes of a file that nobody named for this run, or that makes no sense as a pipe: a history, a certificate.
///
/// # Errors
/// Those of [`open_found`].
pub fn read_found(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open_found(path)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Opens a file that nobody named for this run, so that nobody is there to fill a pipe that lies in its place.
///
/// # Errors
/// Those of the system, and where there is something else than a file at the end of all links.
pub fn open_found(path: &Path) -> io::Result<File> {
    let kind = path.metadata()?.file_type();
    if !kind.is_file() {
        return Err(io::Error::other(format!("it is {}, and no file", what(kind))));
    }
    File::open(path)
}

/// What a thing is that is no file.
#[cfg(unix)]
fn what(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    match kind {
        kind if kind.is_dir() => "a folder",
        kind if kind.is_fifo() => "a pipe",
        kind if kind.is_socket() => "a socket",
        _ => "a device",
    }
}

#[cfg(not(unix))]
fn what(kind: FileType) -> &'static str {
    if kind.is_dir() { "a folder" } else { "a device" }
}

fn utf8(bytes: Vec<u8>) -> io::Result<String> {
    String::from_utf8(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error.utf8_error()))
}

fn bounded(file: File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
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
