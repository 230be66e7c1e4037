//! Reads the files that changed, and no other: from the work tree, or as they are staged.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::LoadError;
use super::files::{FileInput, WalkOptions, WalkSummary, each_file, file_subject};
use super::git::{Blobs, ChangedFile, Changes, Content as Stored, Git};
use super::name::Base;
use super::read::{Content, content, too_large};
use super::roots::{Exclude, Roots};
use crate::finding::NotChecked;

/// Hands every changed file at or below `roots` (all where empty) that has a kind and is not excluded to `visit`.
///
/// # Errors
/// As [`each_file`]; where git cannot be run.
pub fn each_changed(
    changes: &Changes,
    roots: &[PathBuf],
    options: &WalkOptions<'_>,
    visit: &(dyn Fn(Result<FileInput, NotChecked>) + Sync),
) -> Result<WalkSummary, LoadError> {
    let base = Base::new(options.base);
    let roots: Vec<_> = Roots::new(roots)?.given().map(|root| base.name(&root)).collect();
    let exclude = Exclude::new(options.exclude)?;
    let named = |name: &str| {
        let below = |root: &String| {
            name.strip_prefix(root.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        roots.is_empty() || roots.iter().any(|root| root == "." || below(root))
    };
    let wanted = |(name, _): &(&str, &ChangedFile)| {
        named(name) && options.kinds.kind_of(name).is_some() && !exclude.holds(name, false)
    };
    let all = changes.files().count();
    let files: Vec<_> = changes.files().filter(wanted).collect();
    let skipped = all - files.len();
    if changes.content != Stored::WorkTree {
        return stored(changes, &files, options, visit).map(|seen| WalkSummary {
            seen,
            skipped,
            ..WalkSummary::default()
        });
    }
    let paths: Vec<_> = files.iter().map(|(_, file)| changes.root.join(&file.path)).collect();
    let (there, gone): (Vec<_>, Vec<_>) = files.iter().zip(paths).partition(|(_, path)| path.is_file());
    for ((name, file), _) in &gone {
        let reason = if file.unmerged {
            "it has merge conflicts, and the work tree has no file of it"
        } else {
            "the work tree has no file of it, as where a sparse checkout leaves it out"
        };
        let reason = reason.to_owned();
        visit(Err(NotChecked { subject: (*name).to_owned(), rule: None, reason }));
    }
    let there: Vec<_> = there.into_iter().map(|(_, path)| path).collect();
    let read = each_file(&there, options, visit)?;
    Ok(WalkSummary { skipped: skipped + read.skipped, seen: read.seen + gone.len(), ..read })
}

fn stored(
    changes: &Changes,
    files: &[(&str, &ChangedFile)],
    options: &WalkOptions<'_>,
    visit: &(dyn Fn(Result<FileInput, NotChecked>) + Sync),
) -> Result<usize, LoadError> {
    if files.is_empty() {
        return Ok(0);
    }
    let mut blobs = None;
    let mut buffer = Vec::new();
    for (name, file) in files {
        let refuse = |reason| visit(Err(NotChecked { subject: (*name).to_owned(), rule: None, reason }));
        let Some((kind, format)) = options.kinds.kind_of(name) else { continue };
        let Some(blob) = file.blob.as_ref().filter(|_| !file.unmerged) else {
            refuse("it has merge conflicts".to_owned());
            continue;
        };
        let path = changes.root.join(&file.path);
        if !options.reads(name, &path) {
            continue;
        }
        let read = if holds(&path, blob, options.max_bytes, &mut buffer) {
            Ok(buffer.len() as u64)
        } else {
            let blobs = match &mut blobs {
                Some(blobs) => blobs,
                none => none.insert(Blobs::open(&Git::at(&changes.root)?)?),
            };
            blobs.read(blob, options.max_bytes, &mut buffer)
        };
        let read = match read {
            Ok(size) if size > options.max_bytes => too_large(options.max_bytes),
            Ok(_) => content(&buffer),
            Err(error) => Content::Refused(format!("git cannot read it: {error}")),
        };
        match read {
            Content::Text(text) => {
                visit(Ok(FileInput { subject: file_subject(name, text, kind, format), path }))
            }
            Content::Binary => refuse("binary, there is a NUL near its start".to_owned()),
            Content::Refused(reason) => refuse(reason),
        }
    }
    Ok(files.len())
}

/// Whether the file at `path` is, byte for byte, the content that git calls `blob`; it is in `buffer` then. Most staged
/// files are, and asking git takes longer than all the rest.
fn holds(path: &Path, blob: &str, max_bytes: u64, buffer: &mut Vec<u8>) -> bool {
    buffer.clear();
    let size = path.symlink_metadata().ok().filter(|about| about.is_file()).map(|about| about.len());
    let Some(size) = size.filter(|size| *size <= max_bytes) else { return false };
    let read = File::open(path).and_then(|file| file.take(size + 1).read_to_end(buffer));
    read.is_ok() && name_of(buffer, blob.len()).is_some_and(|name| name == blob)
}

/// What git calls `content`, in a repository whose names have `digits` hexadecimal digits.
fn name_of(content: &[u8], digits: usize) -> Option<String> {
    let head = format!("blob {}\0", content.len());
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    match digits {
        40 => Some(hex(&Sha1::new().chain_update(head).chain_update(content).finalize())),
        64 => Some(hex(&Sha256::new().chain_update(head).chain_update(content).finalize())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_called_as_git_calls_it() {
        assert_eq!(name_of(b"hello\n", 40).unwrap(), "ce013625030ba8dba906f756967f9e9ca394464a");
        let long = "2cf8d83d9ee29543b34a87727421fdecb7e3f3a183d337639025de576db9ebb4";
        assert_eq!(name_of(b"hello\n", 64).unwrap(), long);
        assert_eq!(name_of(b"", 32), None);
    }
}
