//! A change as a unified diff, as `git apply` and `patch` read it.

use similar::TextDiff;

/// The change of `name` from `old` to `new`; empty where there is none.
pub fn diff(name: &str, old: &str, new: &str) -> String {
    if old == new {
        return String::new();
    }
    // A name must not end its line; behind one with blanks a tab says where it ends.
    let name: String = name.chars().map(|c| if c.is_control() { '?' } else { c }).collect();
    let end = if name.contains(' ') { "\t" } else { "" };
    let header = [format!("a/{name}{end}"), format!("b/{name}{end}")];
    // To git a carriage return alone ends no line.
    let [old, new] = [old, new].map(|text| text.split_inclusive('\n').collect::<Vec<_>>());
    let lines = TextDiff::configure().diff_slices(&old, &new);
    let mut text = format!("--- {}\n+++ {}\n", header[0], header[1]);
    // The crate writes hunks as well, and leaves a line that ends in a carriage return without its mark.
    for hunk in lines.unified_diff().context_radius(3).iter_hunks() {
        text.extend([&hunk.header().to_string(), "\n"]);
        for change in hunk.iter_changes() {
            let (sign, line) = (change.tag().to_string(), change.value());
            let end = if line.ends_with('\n') { "" } else { "\n\\ No newline at end of file\n" };
            text.extend([&sign, line, end]);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diff_names_the_file_and_marks_a_missing_line_break() {
        assert_eq!(diff("a.md", "a\n", "a\n"), "");
        assert_eq!(
            diff("my page.md", "a\r\nb", "a\r\nc"),
            "--- a/my page.md\t\n+++ b/my page.md\t\n@@ -1,2 +1,2 @@\n a\r\n-b\n\\ No newline at end of file\n+c\n\\ No newline at end of file\n"
        );
        assert_eq!(diff("a", "a\rb\nc\n", "a\rb\nd\n"), "--- a/a\n+++ b/a\n@@ -1,2 +1,2 @@\n a\rb\n-c\n+d\n");
    }

    #[test]
    fn a_carriage_return_at_the_very_end_is_no_line_break() {
        assert_eq!(
            diff("a", "b\r", "c\r"),
            "--- a/a\n+++ b/a\n@@ -1 +1 @@\n-b\r\n\\ No newline at end of file\n+c\r\n\\ No newline at end of file\n"
        );
    }
}
