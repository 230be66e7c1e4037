//! Reads a unified diff, git's own or one that lacks headers.

use super::diff::{RawFile, RawLine};
use super::gitpath;
use crate::subject::Change;

/// The files of `diff`. Without `@@` lines a file's lines count from 1; without file headers it has no name.
pub(super) fn parse(diff: &str) -> Vec<RawFile<'_>> {
    let mut parser = Parser::default();
    let mut lines = diff.strip_suffix('\n').unwrap_or(diff).split('\n').peekable();
    while let Some(raw) = lines.next() {
        let next = lines.peek().copied().unwrap_or_default();
        if !parser.in_hunk(raw) {
            parser.outside(raw, next);
        }
    }
    parser.files.retain(|file| !file.new.is_empty() || !file.old.is_empty() || !file.lines.is_empty());
    parser.files.iter_mut().for_each(settle);
    parser.files
}

/// Derives what the headers of a file leave open.
fn settle(file: &mut RawFile<'_>) {
    if file.deleted || file.new.is_empty() {
        file.new.clone_from(&file.old);
    } else if file.added || file.old.is_empty() {
        file.old.clone_from(&file.new);
    }
    file.renamed = file.old != file.new;
}

#[derive(Default)]
struct Parser<'d> {
    files: Vec<RawFile<'d>>,
    /// Lines the current hunk still announces, of the old and of the new file.
    left: (u32, u32),
    /// The numbers of the next line in the old and in the new file.
    next: (u32, u32),
    /// The last line was the old file's header.
    headed: bool,
    /// The current hunk announced no numbers of lines, so an empty line may be one whose blank was stripped.
    loose: bool,
    /// The current file is binary: what follows is no text until the next file.
    binary: bool,
}

impl<'d> Parser<'d> {
    /// Takes `raw` as a line of the current hunk if the hunk has lines left; its look does not matter then.
    fn in_hunk(&mut self, raw: &'d str) -> bool {
        let change = match (raw.bytes().next(), self.left) {
            (_, (0, 0)) => return false,
            (Some(b'+'), (_, 1..)) => Change::Added,
            (Some(b'-'), (1.., _)) => Change::Removed,
            (Some(b' ' | b'\r') | None, (1.., 1..)) => Change::Context,
            (Some(b'\\'), _) => {
                self.remark(raw);
                return true;
            }
            _ => {
                self.left = (0, 0);
                return false;
            }
        };
        self.line(raw, change);
        true
    }

    /// Takes `raw` where no hunk claims it: headers, hunks, and the lines of hunks that count wrong or not at all.
    fn outside(&mut self, raw: &'d str, next: &str) {
        let headed = std::mem::take(&mut self.headed);
        let line = raw.strip_suffix('\r').unwrap_or(raw);
        if let Some(names) = line.strip_prefix("diff --git ") {
            let (old, new) = gitpath::pair(names);
            self.open(RawFile { old, new, ..RawFile::default() });
        } else if line.starts_with("@@") {
            self.hunk(raw, line);
        } else if self.is_old_header(line, next) {
            self.old_header(&line[4..]);
        } else if line.starts_with("+++ ") && (headed || self.is_lone_header(line)) {
            self.new_header(&line[4..], headed);
        } else if !self.binary && !self.extended_header(line) {
            match line.bytes().next() {
                Some(b'+') => self.line(raw, Change::Added),
                Some(b'-') => self.line(raw, Change::Removed),
                Some(b' ') => self.line(raw, Change::Context),
                None if self.loose => self.line(raw, Change::Context),
                Some(b'\\') => self.remark(raw),
                _ => {}
            }
        }
    }

    fn is_old_header(&self, line: &str, next: &str) -> bool {
        line.starts_with("--- ") && (next.starts_with("+++ ") || self.files.is_empty())
    }

    /// Whether a `+++ ` without its `--- ` names a file; elsewhere it is an added line that starts with `++ `.
    fn is_lone_header(&self, line: &str) -> bool {
        let named = ["+++ b/", "+++ \"b/", "+++ /dev/null"].iter().any(|start| line.starts_with(start));
        named || self.current_is_empty()
    }

    fn current_is_empty(&self) -> bool {
        self.files.last().is_none_or(|file| file.lines.is_empty())
    }

    fn open(&mut self, file: RawFile<'d>) {
        self.files.push(file);
        self.left = (0, 0);
        self.next = (1, 1);
        self.loose = false;
        self.binary = false;
    }

    fn current(&mut self) -> &mut RawFile<'d> {
        if self.files.is_empty() {
            self.open(RawFile::default());
        }
        let last = self.files.len() - 1;
        &mut self.files[last]
    }

    fn old_header(&mut self, path: &str) {
        // After `diff --git` the header belongs to the file that line opened.
        let opened = self.files.last().is_some_and(|file| file.lines.is_empty() && !file.new.is_empty());
        if !opened {
            self.open(RawFile::default());
        }
        self.headed = true;
        let file = self.current();
        match gitpath::header(path) {
            Some(path) => file.old = path,
            None => file.added = true,
        }
    }

    fn new_header(&mut self, path: &str, headed: bool) {
        let opened =
            headed || self.files.last().is_some_and(|file| file.lines.is_empty() && !file.old.is_empty());
        if !opened {
            self.open(RawFile::default());
        }
        let file = self.current();
        match gitpath::header(path) {
            Some(path) => file.new = path,
            None => file.deleted = true,
        }
    }

    /// Takes a line between `diff --git` and the first hunk.
    fn extended_header(&mut self, line: &str) -> bool {
        if line.starts_with("Binary files ") || line == "GIT binary patch" {
            self.binary = true;
            return true;
        }
        if !self.current_is_empty() || self.files.is_empty() {
            return false;
        }
        let file = self.current();
        if line.starts_with("new file mode ") {
            file.added = true;
        } else if line.starts_with("deleted file mode ") {
            file.deleted = true;
        } else if let Some(path) = line.strip_prefix("rename from ") {
            file.old = gitpath::unquoted(path);
        } else if let Some(path) = line.strip_prefix("rename to ") {
            file.new = gitpath::unquoted(path);
        } else {
            return false;
        }
        true
    }

    fn hunk(&mut self, raw: &'d str, line: &str) {
        self.binary = false;
        let numbers = hunk_numbers(line);
        self.loose = numbers.is_none();
        self.current().lines.push(RawLine { raw, change: Some(Change::Hunk), old: 0, new: 0 });
        if let Some(((old, old_count), (new, new_count))) = numbers {
            self.next = (old, new);
            self.left = (old_count, new_count);
        }
    }

    fn line(&mut self, raw: &'d str, change: Change) {
        self.loose |= self.left == (0, 0);
        self.current();
        let (in_old, in_new) = (change != Change::Added, change != Change::Removed);
        let (old, new) = self.next;
        let line = RawLine {
            raw,
            change: Some(change),
            old: if in_old { old } else { 0 },
            new: if in_new { new } else { 0 },
        };
        if in_old {
            self.next.0 = old.saturating_add(1);
            self.left.0 = self.left.0.saturating_sub(1);
        }
        if in_new {
            self.next.1 = new.saturating_add(1);
            self.left.1 = self.left.1.saturating_sub(1);
        }
        self.current().lines.push(line);
    }

    fn remark(&mut self, raw: &'d str) {
        self.current().lines.push(RawLine { raw, change: None, old: 0, new: 0 });
    }
}

/// First line and number of lines.
pub(super) type Range = (u32, u32);

/// Start and count of the old and the new lines in `@@ -1,2 +3,4 @@`; a missing count is 1.
pub(super) fn hunk_numbers(line: &str) -> Option<(Range, Range)> {
    let (old, rest) = line.strip_prefix("@@ -")?.split_once(" +")?;
    let (new, _) = rest.split_once(" @@")?;
    let range = |text: &str| {
        let (start, count) = text.split_once(',').unwrap_or((text, "1"));
        Some((start.parse().ok()?, count.parse().ok()?))
    };
    Some((range(old)?, range(new)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every file as `old -> new`, with its lines as `old/new sign content`.
    fn shown(diff: &str) -> String {
        let mut out = String::new();
        for file in parse(diff) {
            let flag = |set: bool, word: &'static str| if set { word } else { "" };
            let (added, deleted, renamed) =
                (flag(file.added, " added"), flag(file.deleted, " deleted"), flag(file.renamed, " renamed"));
            out += &format!("{} -> {}{added}{deleted}{renamed}\n", file.old, file.new);
            for line in file.lines.iter().filter(|line| !matches!(line.change, None | Some(Change::Hunk))) {
                out += &format!("{}/{} {}\n", line.old, line.new, line.raw);
            }
        }
        out
    }

    #[test]
    fn headers_inside_a_hunk_are_lines() {
        let diff = "diff --git a/q.sql b/q.sql\nindex 1..2 100644\n--- a/q.sql\n+++ b/q.sql\n@@ -7,2 +7,2 @@ x\n \
                    keep\n--- old comment\n+++ new\n\\ No newline at end of file\ndiff --git a/n b/n\nnew file mode \
                    100644\n--- /dev/null\n+++ b/n\n@@ -0,0 +1 @@\n+x\n";
        let expected = "q.sql -> q.sql\n7/7  keep\n8/0 --- old comment\n0/8 +++ new\nn -> n added\n0/1 +x\n";
        assert_eq!(shown(diff), expected);
    }

    #[test]
    fn a_diff_without_numbers_counts_from_one() {
        let diff = "+++ b/db/1.rb\n+    add\n keep\n\n+more\n+++ b/doc.md\n+text\n--- a/gone.md\n+++ /dev/null\n-bye\n";
        let expected = "db/1.rb -> db/1.rb\n0/1 +    add\n1/2  keep\n2/3 \n0/4 +more\ndoc.md -> doc.md\n0/1 +text\n\
                        gone.md -> gone.md deleted\n1/0 -bye\n";
        assert_eq!(shown(diff), expected);
    }

    #[test]
    fn files_without_hunks_are_named_by_git() {
        let diff = "diff --git a/old name b/new name\nsimilarity index 100%\nrename from old name\nrename to new \
                    name\ndiff --git \"a/na\\303\\257ve.png\" \"b/na\\303\\257ve.png\"\nnew file mode 100644\nGIT \
                    binary patch\nliteral 3\n+abc\n-def\n\ndiff --git a/e b/e\ndeleted file mode 100644\n";
        let expected = "old name -> new name renamed\nnaïve.png -> naïve.png added\ne -> e deleted\n";
        assert_eq!(shown(diff), expected);
    }

    #[test]
    fn hunks_that_count_wrong_lose_no_line() {
        assert_eq!(shown("@@ -1 +1 @@\n-a\n+b\n+c\n"), " -> \n1/0 -a\n0/1 +b\n0/2 +c\n");
        assert_eq!(
            shown("@@ -1,9 +1,9 @@\n+a\ndiff --git a/x b/x\n@@ @@\n+b\n"),
            " -> \n0/1 +a\nx -> x\n0/1 +b\n"
        );
    }
}
