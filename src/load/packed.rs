//! The export of a GitLab project as it is downloaded: a compressed archive, read without unpacking it.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Component, Path, PathBuf};

use flate2::read::MultiGzDecoder;
use tar::Archive;

use super::catalogue::listed;
use super::export::RELATIONS;
use super::{Catalogue, LoadError, RecordKind, each_record};
use crate::finding::NotChecked;
use crate::subject::Subject;

/// The most bytes of one record: a few kilobytes of an archive may become gigabytes.
const MOST: usize = 64 << 20;

/// Whether `path` is called like a packed export.
pub fn is_packed(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    name.ends_with(".tar.gz") || name.ends_with(".tgz")
}

/// Hands every record of the packed export at `path` to `visit`, relation by relation as those of an unpacked one.
///
/// # Errors
/// [`LoadError::Unreadable`] where the archive is broken or a record too large, [`LoadError::Json`] where a relation is
/// broken, each after the records before it were visited; [`LoadError::NoExport`] where it holds no records.
pub fn each_packed(
    path: &Path,
    project: Option<&str>,
    visit: &mut dyn FnMut(Result<Subject, NotChecked>),
) -> Result<(), LoadError> {
    let shown = path.display().to_string();
    let mut found = false;
    for relation in RELATIONS {
        let read = |name: &Path, size: u64, reader: &mut dyn Read| -> Result<(), LoadError> {
            if size > 0 {
                let source = format!("{shown}/{}", name.display());
                each_record(BufReader::new(reader), RecordKind::Any, &source, project, visit)?;
            }
            Ok(())
        };
        found |= member(path, relation, read)?.is_some();
    }
    if found { Ok(()) } else { Err(LoadError::NoExport { path: shown }) }
}

/// The labels and milestones of the packed export at `path`.
pub(super) fn catalogue(path: &Path) -> Catalogue {
    let read = |name: &str| match member(path, name, |_, _, reader| Ok(listed(BufReader::new(reader), name)))
    {
        Ok(Some(list)) => list,
        Ok(None) => Err(format!("there is no {name}")),
        Err(error) => Err(error.to_string()),
    };
    Catalogue { labels: read("labels.ndjson"), milestones: read("milestones.ndjson") }
}

/// Hands the file of a relation in the archive at `path` to `read`, with its name and size; nothing where there is none.
fn member<T>(
    path: &Path,
    relation: &str,
    read: impl FnOnce(&Path, u64, &mut dyn Read) -> Result<T, LoadError>,
) -> Result<Option<T>, LoadError> {
    let unreadable = |source| LoadError::Unreadable { path: path.display().to_string(), source };
    let mut archive = Archive::new(MultiGzDecoder::new(File::open(path).map_err(unreadable)?));
    // What extends a header, such as a long name, would be read into memory however long it is.
    for member in archive.entries().map_err(unreadable)?.raw(true) {
        let member = member.map_err(unreadable)?;
        let name = member.path().map_err(unreadable)?.into_owned();
        if is_relation(&name, relation) && member.header().entry_type().is_file() {
            let size = member.size();
            return read(&name, size, &mut Lines { inner: member, most: MOST, length: 0 }).map(Some);
        }
    }
    Ok(None)
}

/// Whether the member called `name` is the relation: it is only compared, so a name that leads elsewhere harms nobody.
fn is_relation(name: &Path, relation: &str) -> bool {
    let plain: PathBuf = name.components().filter(|part| *part != Component::CurDir).collect();
    ["tree/project", "project", ""].iter().any(|folder| plain == Path::new(folder).join(relation))
}

/// A reader that gives up where a line is too long.
struct Lines<R> {
    inner: R,
    most: usize,
    /// Bytes of the line so far.
    length: usize,
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let read = buffer.get(..count).unwrap_or_default();
        self.length = match memchr::memrchr(b'\n', read) {
            Some(end) => count - end - 1,
            None => self.length + count,
        };
        if self.length > self.most {
            let reason = format!("a record is larger than {} MB", self.most >> 20);
            return Err(io::Error::new(io::ErrorKind::InvalidData, reason));
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn packed(members: &[(&str, &str)]) -> tempfile::NamedTempFile {
        let file = tempfile::Builder::new().suffix(".tar.gz").tempfile().unwrap();
        let mut archive = tar::Builder::new(GzEncoder::new(file.reopen().unwrap(), Compression::fast()));
        for (name, text) in members {
            let mut header = tar::Header::new_gnu();
            // Names that `set_path` refuses are what a hostile archive has.
            header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
            header.set_size(text.len() as u64);
            header.set_cksum();
            archive.append(&header, text.as_bytes()).unwrap();
        }
        archive.into_inner().unwrap().finish().unwrap();
        file
    }

    fn read(members: &[(&str, &str)]) -> (Vec<String>, Result<(), LoadError>) {
        let (file, mut names) = (packed(members), Vec::new());
        let outcome =
            each_packed(file.path(), Some("g/p"), &mut |subject| names.extend(subject.map(|s| s.name)));
        (names, outcome)
    }

    #[test]
    fn relations_are_found_in_their_order_and_nothing_else() {
        let (names, outcome) = read(&[
            ("./VERSION", "0.2.4"),
            ("./tree/project/merge_requests.ndjson", "{\"iid\": 7, \"source_branch\": \"a\"}\n"),
            ("../../tree/project/issues.ndjson", "{\"iid\": 666}\n"),
            ("/tree/project/issues.ndjson", "{\"iid\": 667}\n"),
            ("tree/project/issues.ndjson", "{\"iid\": 1}\n{\"iid\": 2}\n"),
            ("tree/project/epics.ndjson", ""),
        ]);
        outcome.unwrap();
        assert_eq!(names, ["g/p#1", "g/p#2", "g/p!7"]);
        let labels = packed(&[("./tree/project/labels.ndjson", "{\"title\": \"bug\"}\n")]);
        let found = catalogue(labels.path());
        assert_eq!(found.labels.map(|labels| labels.len()), Ok(1));
        assert_eq!(found.milestones, Err("there is no milestones.ndjson".to_owned()));
    }

    #[test]
    fn an_archive_of_something_else_is_said() {
        assert!(matches!(read(&[("README.md", "Hello.")]).1, Err(LoadError::NoExport { .. })));
        let broken = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(broken.path(), "no archive").unwrap();
        let outcome = each_packed(broken.path(), None, &mut |_| {});
        assert!(matches!(outcome, Err(LoadError::Unreadable { .. })), "{outcome:?}");
    }

    #[test]
    fn a_record_that_grows_without_end_is_not_read() {
        let mut lines =
            Lines { inner: io::Cursor::new(b"short\nshort\nmuch too long".to_vec()), most: 8, length: 0 };
        let mut text = Vec::new();
        assert!(lines.read_to_end(&mut text).is_err());
        let mut lines = Lines { inner: io::Cursor::new(b"short\nshort\nshort".to_vec()), most: 8, length: 0 };
        assert_eq!(lines.read_to_end(&mut text).unwrap(), 17);
    }
}
