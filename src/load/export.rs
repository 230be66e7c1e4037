//! The unpacked export of a GitLab project or group: one NDJSON file for each relation.

use std::path::{Path, PathBuf};

/// The relations that hold records, in the order in which they are read.
pub(super) const RELATIONS: [&str; 3] = ["epics.ndjson", "issues.ndjson", "merge_requests.ndjson"];

/// Where they may stand below the folder that is named: the archive, its `tree`, the relations themselves.
const FOLDERS: [&str; 3] = ["tree/project", "project", "."];

/// The file `name` beside the records of the export in `folder`, such as `labels.ndjson`, if it has one.
pub fn export_list(folder: &Path, name: &str) -> Option<PathBuf> {
    let beside = export_files(folder).first()?.with_file_name(name);
    beside.is_file().then_some(beside)
}

/// The files of records of the export in `folder`; none where it is no export.
pub fn export_files(folder: &Path) -> Vec<PathBuf> {
    let files = |folder: PathBuf| -> Vec<PathBuf> {
        RELATIONS.iter().map(|name| folder.join(name)).filter(|file| file.is_file()).collect()
    };
    folders(folder).map(files).find(|files| !files.is_empty()).unwrap_or_default()
}

/// The file `name` of the export in `folder`, if there is one.
pub(super) fn relation(folder: &Path, name: &str) -> Option<PathBuf> {
    folders(folder).map(|folder| folder.join(name)).find(|file| file.is_file())
}

fn folders(folder: &Path) -> impl Iterator<Item = PathBuf> {
    FOLDERS.iter().map(move |below| match *below {
        "." => folder.to_owned(),
        below => folder.join(below),
    })
}
