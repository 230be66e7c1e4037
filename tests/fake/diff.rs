//! Which lines of a merge request's diff take a comment.

use serde_json::Value;

/// What a line of a hunk is, by its numbers before and after the change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) old: Option<u64>,
    pub(super) new: Option<u64>,
}

/// The lines of the hunks of `diff`, as the API gives it: from the first `@@` on.
pub(super) fn lines(diff: &str) -> Vec<Line> {
    let (mut old, mut new) = (0, 0);
    let mut found = Vec::new();
    for text in diff.lines() {
        if let Some(header) = text.strip_prefix("@@ -") {
            let mut starts = header.split(['+', ' ', ',', '@']).filter(|part| !part.is_empty());
            old = starts.next().and_then(|start| start.parse().ok()).unwrap_or(0);
            let after = header.split_once('+').map_or("", |(_, after)| after);
            new = after.split([',', ' ']).next().and_then(|start| start.parse().ok()).unwrap_or(0);
            continue;
        }
        match text.as_bytes().first() {
            Some(b'+') => {
                found.push(Line { old: None, new: Some(new) });
                new += 1;
            }
            Some(b'-') => {
                found.push(Line { old: Some(old), new: None });
                old += 1;
            }
            Some(b'\\') => {}
            _ => {
                found.push(Line { old: Some(old), new: Some(new) });
                old += 1;
                new += 1;
            }
        }
    }
    found
}

/// Whether `position` names a line of `diffs`: an added line by its new number alone, a removed one by its old number
/// alone, an unchanged one by both.
pub(super) fn takes(diffs: &[Value], position: &Value) -> bool {
    let path = |key: &str| position[key].as_str();
    let number = |key: &str| {
        let value = &position[key];
        value.as_u64().or_else(|| value.as_str()?.parse().ok())
    };
    let file = diffs.iter().find(|file| {
        file["new_path"].as_str() == path("new_path") && file["old_path"].as_str() == path("old_path")
    });
    let Some(file) = file else { return false };
    match position["position_type"].as_str() {
        Some("file") => true,
        Some("text") => {
            let wanted = Line { old: number("old_line"), new: number("new_line") };
            lines(file["diff"].as_str().unwrap_or_default()).contains(&wanted)
        }
        _ => false,
    }
}
