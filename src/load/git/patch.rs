//! What a merge request's record lacks, as git tells it: the changed lines, and the messages of its commits.

use std::path::Path;

use serde_json::{Value, json};

use super::changes::Compare;
use super::{Git, GitError, Stretch};

/// Commits beyond these are not read.
const MOST: &str = "--max-count=1000";

/// The changes of `stretch` as a unified diff, of all files, or of those at `paths`; without the content of binary files.
///
/// # Errors
/// Where git cannot compare.
pub fn patch(root: &Path, stretch: &Stretch, paths: &[&str]) -> Result<String, GitError> {
    let git = Git::at(root)?;
    let (base, head) = (Some(stretch.base.as_str()), Some(stretch.head.as_str()));
    let compare = Compare { git: &git, base, head, staged: false };
    // As text, or an attribute of the merge request could hide a page.
    let diff = compare.start(&["--unified=3", "--text", "--no-indent-heuristic"], paths)?.stdout()?;
    Ok(without_binaries(&String::from_utf8_lossy(&diff)))
}

/// The diff of each file in `diff`, as git wrote it.
pub(in crate::load) fn parts(diff: &str) -> impl Iterator<Item = &str> {
    let mut rest = diff;
    std::iter::from_fn(move || {
        // Every line of a hunk begins with its sign, so this is git's own.
        let end = rest.find("\ndiff --git ").map_or(rest.len(), |at| at + 1);
        let (part, next) = rest.split_at(end);
        rest = next;
        (!part.is_empty()).then_some(part)
    })
}

/// `diff` with a remark in the place of every file's lines where these hold a NUL.
fn without_binaries(diff: &str) -> String {
    let mut out = String::with_capacity(diff.len());
    for file in parts(diff) {
        let (head, lines) = file.split_at(file.find("\n@@").map_or(file.len(), |at| at + 1));
        let is_binary = memchr::memchr(0, lines.as_bytes()).is_some();
        out.extend([head, if is_binary { "Binary files differ\n" } else { lines }]);
    }
    out
}

/// The commits from the base to the tip of `stretch`, the newest first, as the API lists them.
///
/// # Errors
/// Where git cannot read them.
pub fn messages(root: &Path, stretch: &Stretch) -> Result<Vec<Value>, GitError> {
    let range = format!("{}..{}", stretch.base, stretch.tip);
    let arguments = ["log", "-z", MOST, "--no-show-signature", "--no-color", "--format=%H%n%B", &range, "--"];
    let log = Git::at(root)?.start(&arguments)?.stdout()?;
    let log = String::from_utf8_lossy(&log);
    let commits = log.split('\0').filter_map(|commit| commit.split_once('\n'));
    Ok(commits
        .map(|(id, message)| {
            let message = message.strip_suffix('\n').unwrap_or(message);
            json!({ "id": id, "title": message.lines().next().unwrap_or_default(), "message": message })
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_binary_files_are_left_out() {
        let diff = "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\0\n+b\ndiff --git a/y b/y\n--- a/y\n+++ b/y\n\
                    @@ -1 +1 @@\n-a\n+b\n";
        let expected = "diff --git a/x b/x\n--- a/x\n+++ b/x\nBinary files differ\ndiff --git a/y b/y\n--- a/y\n\
                        +++ b/y\n@@ -1 +1 @@\n-a\n+b\n";
        assert_eq!(without_binaries(diff), expected);
    }
}
