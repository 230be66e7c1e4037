//! Fills in the changed lines that the API leaves out of a merge request: of files it calls collapsed or too large.

use std::path::Path;

use serde_json::{Value, json};

use super::git::{GitError, Stretch, parts, patch};

/// Paths per call of git.
const BATCH: usize = 30;

/// Reads the lines of the collapsed and too large files in `record`'s `diffs` from the repository at `root`; a file that
/// git does not know as changed stays as it is.
///
/// # Errors
/// Where git cannot compare.
pub fn complete_diffs(record: &mut Value, root: &Path, stretch: &Stretch) -> Result<(), GitError> {
    let Some(files) = record.get_mut("diffs").and_then(Value::as_array_mut) else { return Ok(()) };
    let mut open: Vec<_> = files.iter_mut().filter(|file| lacks_lines(file)).collect();
    for batch in open.chunks_mut(BATCH) {
        let paths: Vec<_> =
            batch.iter().flat_map(|file| [path(file, "new_path"), path(file, "old_path")]).collect();
        let paths: Vec<_> = paths.iter().flatten().map(String::as_str).collect();
        let diff = patch(root, stretch, &paths)?;
        for file in batch {
            let found = parts(&diff).find(|part| is_about(part, file));
            if let Some(part) = found {
                file["diff"] = json!(part);
                file["collapsed"] = json!(false);
                file["too_large"] = json!(false);
            }
        }
    }
    Ok(())
}

fn lacks_lines(file: &Value) -> bool {
    let flag = |key: &str| file.get(key).and_then(Value::as_bool).unwrap_or(false);
    let is_empty = file.get("diff").and_then(Value::as_str).is_none_or(str::is_empty);
    is_empty && (flag("collapsed") || flag("too_large"))
}

fn path(file: &Value, key: &str) -> Option<String> {
    file.get(key).and_then(Value::as_str).filter(|path| !path.is_empty()).map(str::to_owned)
}

fn is_about(part: &str, file: &Value) -> bool {
    let parsed = super::unified::parse(part);
    parsed.iter().any(|parsed| path(file, "new_path").is_some_and(|new| new == parsed.new))
}
