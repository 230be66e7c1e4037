//! The changed files of a merge request record: a list of file diffs, or one unified diff.

use super::json::{Json, Object};
use super::unified;
use crate::subject::Change;

/// A changed file before it is written into the canonical text.
#[derive(Debug, Default, PartialEq)]
pub(super) struct RawFile<'d> {
    pub(super) old: String,
    pub(super) new: String,
    pub(super) added: bool,
    pub(super) deleted: bool,
    pub(super) renamed: bool,
    pub(super) incomplete: bool,
    pub(super) lines: Vec<RawLine<'d>>,
}

/// A line of a hunk as it stands in the diff.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct RawLine<'d> {
    /// Sign and content, without the line feed.
    pub(super) raw: &'d str,
    /// What it is; `None` for git's remark about a missing line break.
    pub(super) change: Option<Change>,
    /// Its line number in the old file, or 0.
    pub(super) old: u32,
    /// Its line number in the new file, or 0.
    pub(super) new: u32,
}

/// The changed files under `diffs`, `changes` (the deprecated endpoint's key) or `diff`; `None` without such a key.
pub(super) fn of_record<'r>(record: &'r Object<'_>) -> Option<Vec<RawFile<'r>>> {
    ["diffs", "changes", "diff"].iter().find_map(|key| match record.get(key)? {
        Json::Array(files) => Some(files.iter().filter_map(Json::as_object).map(of_entry).collect()),
        Json::String(diff) => Some(unified::parse(diff)),
        _ => None,
    })
}

/// One item of `GET …/diffs`; its `diff` starts at the first hunk, or with file headers where `unidiff` was asked for.
fn of_entry<'r>(entry: &'r Object<'_>) -> RawFile<'r> {
    let text = |key: &str| entry.get(key).and_then(Json::as_str).filter(|text| !text.is_empty());
    let flag = |key: &str| entry.get(key).and_then(Json::as_bool).unwrap_or(false);
    let new = text("new_path").or_else(|| text("old_path")).unwrap_or_default();
    let old = text("old_path").unwrap_or(new);
    let diff = text("diff").unwrap_or_default();
    let parsed = unified::parse(diff);
    // A list made by hand may lack the flags; file headers and the two paths tell the same.
    let added = flag("new_file") || parsed.iter().any(|file| file.added);
    let deleted = flag("deleted_file") || parsed.iter().any(|file| file.deleted);
    let lines = parsed.into_iter().flat_map(|file| file.lines).collect();
    RawFile {
        old: old.to_owned(),
        new: new.to_owned(),
        added,
        deleted,
        renamed: flag("renamed_file") || (old != new && !added && !deleted),
        incomplete: diff.is_empty() && (flag("collapsed") || flag("too_large")),
        lines,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_file_too_large_to_show_is_incomplete_and_a_mere_rename_is_not() {
        let record = json!({"diffs": [
            {"old_path": "a", "new_path": "a", "diff": "", "too_large": true},
            {"old_path": "b", "new_path": "c", "diff": "", "renamed_file": true, "collapsed": false},
            {"old_path": "d", "new_path": "d", "diff": "--- a/d\n+++ b/d\n@@ -0,0 +1 @@\n+x\n", "new_file": true},
            {"old_path": "e", "new_path": "f", "diff": ""},
            {"new_path": "g", "diff": "--- /dev/null\n+++ b/g\n@@ -0,0 +1 @@\n+x\n"},
        ]});
        let record = Json::from(&record);
        let files = of_record(record.as_object().unwrap()).unwrap();
        assert_eq!(
            files.iter().map(|file| file.incomplete).collect::<Vec<_>>(),
            [true, false, false, false, false]
        );
        assert!(files[1].renamed && files[2].added && files[3].renamed && files[4].added);
        assert_eq!(files[2].lines.len(), 2);
        assert_eq!(of_record(Json::from(&json!({"diffs": null})).as_object().unwrap()), None);
    }
}
