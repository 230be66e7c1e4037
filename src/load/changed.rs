//! Reads the files that changed, and no other: from the work tree, or as they are staged.

use std::path::PathBuf;

use super::LoadError;
use super::files::{FileInput, WalkOptions, WalkSummary, each_file, file_subject};
use super::git::{Blobs, ChangedFile, Changes, Git};
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
    if changes.staged {
        return staged(changes, &files, options, visit).map(|seen| WalkSummary {
            seen,
            skipped,
            ..WalkSummary::default()
        });
    }
    let paths: Vec<_> = files.iter().map(|(_, file)| changes.root.join(&file.path)).collect();
    let (there, gone): (Vec<_>, Vec<_>) = files.iter().zip(paths).partition(|(_, path)| path.is_file());
    for ((name, _), _) in &gone {
        let reason = "it has merge conflicts, and the work tree has no file of it".to_owned();
        visit(Err(NotChecked { subject: (*name).to_owned(), rule: None, reason }));
    }
    let there: Vec<_> = there.into_iter().map(|(_, path)| path).collect();
    let read = each_file(&there, options, visit)?;
    Ok(WalkSummary { skipped: skipped + read.skipped, seen: read.seen + gone.len(), ..read })
}

fn staged(
    changes: &Changes,
    files: &[(&str, &ChangedFile)],
    options: &WalkOptions<'_>,
    visit: &(dyn Fn(Result<FileInput, NotChecked>) + Sync),
) -> Result<usize, LoadError> {
    if files.is_empty() {
        return Ok(0);
    }
    let mut blobs = Blobs::open(&Git::at(&changes.root)?)?;
    let mut buffer = Vec::new();
    for (name, file) in files {
        let refuse = |reason| visit(Err(NotChecked { subject: (*name).to_owned(), rule: None, reason }));
        let Some((kind, format)) = options.kinds.kind_of(name) else { continue };
        let Some(blob) = file.blob.as_ref().filter(|_| !file.unmerged) else {
            refuse("it has merge conflicts".to_owned());
            continue;
        };
        let read = match blobs.read(blob, options.max_bytes, &mut buffer) {
            Ok(size) if size > options.max_bytes => too_large(options.max_bytes),
            Ok(_) => content(&buffer),
            Err(error) => Content::Refused(format!("cannot be read from the index: {error}")),
        };
        match read {
            Content::Text(text) => visit(Ok(FileInput {
                subject: file_subject(name, text, kind, format),
                path: changes.root.join(&file.path),
            })),
            Content::Binary => refuse("binary, there is a NUL near its start".to_owned()),
            Content::Refused(reason) => refuse(reason),
        }
    }
    Ok(files.len())
}
