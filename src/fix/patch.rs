//! Edits that do not touch each other, as one change of a text: in its own line endings, and with the way from old
//! offsets to new ones.

use crate::diagnostic::Edit;
use crate::load::file_subject;
use crate::subject::{Part, Role, Subject};
use crate::text::Span;

/// The byte-order mark; nothing is put in front of it.
const MARK: &str = "\u{feff}";

/// One change of a text.
#[derive(Clone, Debug, Default)]
pub struct Patch {
    /// In the order of the text, disjoint.
    edits: Vec<Edit>,
}

impl Patch {
    /// The change that all of `edits` make together; what two of them say alike is made once.
    pub fn new(edits: impl IntoIterator<Item = Edit>) -> Self {
        let mut edits: Vec<Edit> = edits.into_iter().collect();
        edits.sort_by(|a, b| (a.span, &a.text).cmp(&(b.span, &b.text)));
        edits.dedup();
        Self { edits }
    }

    /// `text` after the change. A text that ends without a line break, or with one, keeps it so.
    pub fn apply(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() + 256);
        let mut at = 0;
        for Edit { span, text: inserted } in &self.edits {
            let start = (span.start as usize).max(at);
            out.push_str(text.get(at..start).unwrap_or_default());
            out.push_str(inserted);
            at = span.end as usize;
        }
        out.push_str(text.get(at..).unwrap_or_default());
        if text.is_empty() || out.is_empty() {
            return out;
        }
        match (text.ends_with(['\n', '\r']), out.ends_with(['\n', '\r'])) {
            (false, true) => out.truncate(out.trim_end_matches(['\n', '\r']).len()),
            (true, false) => out.push_str(newline(text, text.len())),
            _ => {}
        }
        out
    }

    /// Where `span` lies after the change: it grows by what is put inside it, not by what is put at its ends.
    pub fn moved(&self, span: Span) -> Span {
        let start = self.offset(span.start as usize, true);
        Span::new(start, self.offset(span.end as usize, span.is_empty()).max(start))
    }

    /// The new place of `offset`; an insertion right there counts as in front of it where `after` says so. Inside of
    /// what is replaced, offsets move to its ends.
    fn offset(&self, offset: usize, after: bool) -> usize {
        let mut shift = 0_isize;
        for Edit { span, text } in &self.edits {
            let (start, end) = (span.start as usize, span.end as usize);
            if end < offset || (end == offset && (start < end || after)) {
                shift += text.len() as isize - (end - start) as isize;
            } else if start < offset {
                let here = if after { start } else { start + text.len() };
                return here.saturating_add_signed(shift);
            } else {
                break;
            }
        }
        offset.saturating_add_signed(shift)
    }

    /// `subject` with its text changed. In a record only the description may change.
    pub fn rewrite(&self, subject: &Subject) -> Subject {
        let text = self.apply(&subject.text);
        if let Some(path) = &subject.path {
            let mut rewritten = file_subject(path, text, subject.kind, subject.format);
            rewritten.name.clone_from(&subject.name);
            rewritten.project.clone_from(&subject.project);
            return rewritten;
        }
        let mut rewritten = Subject { text, ..subject.clone() };
        for part in &mut rewritten.parts {
            part.span = match part.role {
                Role::Body => {
                    let start = self.offset(part.span.start as usize, false);
                    Span::new(start, self.offset(part.span.end as usize, true).max(start))
                }
                _ => self.moved(part.span),
            };
        }
        let has_body = rewritten.parts.iter().any(|part| part.role == Role::Body);
        if let (false, Some(first), Some(last)) = (has_body, self.edits.first(), self.edits.last()) {
            let start = self.offset(first.span.start as usize, false);
            let span = Span::new(start, self.offset(last.span.end as usize, true).max(start));
            let description = Part { role: Role::Body, field: "description".to_owned(), span };
            rewritten.parts.insert(0, description);
        }
        for file in rewritten.diffs.iter_mut().flatten() {
            file.path_span = self.moved(file.path_span);
            file.lines.iter_mut().for_each(|line| line.span = self.moved(line.span));
        }
        rewritten
    }
}

/// The edits of one fix as they fit `text`: sorted, with its line endings, behind its byte-order mark; `None` where
/// they do not fit it or contradict each other.
pub(super) fn fitted(text: &str, edits: &[Edit]) -> Option<Vec<Edit>> {
    let mut fitted = Vec::with_capacity(edits.len());
    for Edit { span, text: inserted } in edits {
        let range = span.range();
        let old = text.get(range.clone())?;
        let (mut start, mut end) = (range.start, range.end);
        if text.starts_with(MARK) && start < MARK.len() {
            (start, end) = (MARK.len(), end.max(MARK.len()));
        }
        // Between the two halves of a line break nothing has its place.
        if start == end && text.get(..start)?.ends_with('\r') && text.get(start..)?.starts_with('\n') {
            (start, end) = (start - 1, end - 1);
        }
        let inserted = match inserted.contains(['\n', '\r']) {
            true => inserted.replace("\r\n", "\n").replace('\r', "\n").replace('\n', newline(text, end)),
            false => inserted.clone(),
        };
        if inserted != old {
            fitted.push(Edit { span: Span::new(start, end), text: inserted });
        }
    }
    fitted.sort_by(|a, b| (a.span, &a.text).cmp(&(b.span, &b.text)));
    fitted.dedup();
    let apart = fitted.windows(2).all(|pair| !touch(&pair[0], &pair[1]));
    apart.then_some(fitted)
}

/// Whether two edits have to do with the same bytes, or put something at the same place.
pub(super) fn touch(a: &Edit, b: &Edit) -> bool {
    let (a, b) = (a.span, b.span);
    if a.is_empty() || b.is_empty() {
        a.start <= b.end && b.start <= a.end
    } else {
        a.start < b.end && b.start < a.end
    }
}

/// How lines end at byte `at`: the line itself, else the one before it.
fn newline(text: &str, at: usize) -> &'static str {
    let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
    let next = || after.find(['\n', '\r']).map(|found| before.len() + found);
    let Some(found) = next().or_else(|| before.rfind(['\n', '\r'])) else { return "\n" };
    let (head, tail) = text.split_at_checked(found).unwrap_or((text, ""));
    match (
        tail.starts_with("\r\n") || (tail.starts_with('\n') && head.ends_with('\r')),
        tail.starts_with('\r'),
    ) {
        (true, _) => "\r\n",
        (false, true) => "\r",
        (false, false) => "\n",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::record_subject;
    use crate::subject::Kind;

    fn edit(start: usize, end: usize, text: &str) -> Edit {
        Edit { span: Span::new(start, end), text: text.to_owned() }
    }

    fn patched(text: &str, edits: &[Edit]) -> Option<String> {
        fitted(text, edits).map(|edits| Patch::new(edits).apply(text))
    }

    #[test]
    fn what_is_put_in_takes_the_endings_of_the_lines_around_it() {
        assert_eq!(patched("a\r\nb\n", &[edit(0, 0, "x\ny\n")]).unwrap(), "x\r\ny\r\na\r\nb\n");
        assert_eq!(patched("a\r\nb\n", &[edit(5, 5, "x\r\n")]).unwrap(), "a\r\nb\nx\n");
        assert_eq!(patched("a\r\n", &[edit(2, 2, "x")]).unwrap(), "ax\r\n");
        assert_eq!(patched("a\rb", &[edit(2, 2, "x\n")]).unwrap(), "a\rx\rb");
    }

    #[test]
    fn the_first_mark_and_the_last_line_break_stay() {
        assert_eq!(patched("\u{feff}a", &[edit(0, 0, "x")]).unwrap(), "\u{feff}xa");
        assert_eq!(patched("a", &[edit(1, 1, "\n\nb\n")]).unwrap(), "a\n\nb");
        assert_eq!(patched("a\r\nb\r\n", &[edit(3, 6, "")]).unwrap(), "a\r\n");
        assert_eq!(patched("a\r\nb\r\n", &[edit(1, 6, "")]).unwrap(), "a\r\n");
        assert_eq!(patched("", &[edit(0, 0, "a\n")]).unwrap(), "a\n");
    }

    #[test]
    fn edits_that_do_not_fit_are_none() {
        assert_eq!(patched("é", &[edit(1, 2, "x")]), None);
        assert_eq!(patched("a", &[edit(0, 9, "x")]), None);
        assert_eq!(patched("abc", &[edit(0, 2, "x"), edit(1, 3, "y")]), None);
        assert_eq!(patched("abc", &[edit(0, 1, "x"), edit(0, 1, "x"), edit(2, 3, "c")]).unwrap(), "xbc");
    }

    #[test]
    fn offsets_know_the_way_to_the_new_text() {
        let patch = Patch::new([edit(2, 4, "long"), edit(6, 6, "+")]);
        let moved = |start, end| patch.moved(Span::new(start, end)).range();
        assert_eq!(moved(0, 2), 0..2);
        assert_eq!(moved(2, 4), 2..6);
        assert_eq!(moved(3, 5), 2..7);
        assert_eq!(moved(4, 6), 6..8);
        assert_eq!(moved(6, 7), 9..10);
        assert_eq!(moved(6, 6), 9..9);
    }

    #[test]
    fn the_parts_of_a_record_move_with_its_description() {
        let record = serde_json::json!({
            "iid": 1, "description": "See #21549.", "notes": [{"body": "A note."}],
            "diffs": [{"new_path": "a.md", "old_path": "a.md", "diff": "@@ -1 +1 @@\n-a\n+b\n"}],
        });
        let subject = record_subject(&record, Kind::MergeRequest, None);
        let body = subject.parts[0].span;
        let edits = [
            edit(body.start as usize, body.start as usize, "Now: "),
            edit(body.end as usize, body.end as usize, "\n\n/due"),
        ];
        let rewritten = Patch::new(edits).rewrite(&subject);
        let parts: Vec<_> = rewritten.parts.iter().map(|part| part.span.of(&rewritten.text)).collect();
        assert_eq!(parts, ["Now: See #21549.\n\n/due", "A note."]);
        let file = &rewritten.diffs.as_ref().unwrap()[0];
        assert_eq!(file.path_span.of(&rewritten.text), "a.md");
        assert_eq!(file.lines.last().unwrap().span.of(&rewritten.text), "b");
    }

    #[test]
    fn a_record_gets_one_description_where_it_has_none() {
        for (record, parts) in [
            (serde_json::json!({"iid": 1, "description": "Text."}), vec!["Text./due"]),
            (serde_json::json!({"iid": 1, "notes": [{"body": "A note."}]}), vec!["/due", "A note."]),
            (serde_json::json!({"iid": 1}), vec!["/due"]),
        ] {
            let subject = record_subject(&record, Kind::Issue, None);
            let body = subject.parts.iter().find(|part| part.role == Role::Body);
            let end = body.map_or(subject.text.len(), |body| body.span.end as usize);
            let rewritten = Patch::new([edit(end, end, "/due")]).rewrite(&subject);
            let mut found: Vec<_> =
                rewritten.parts.iter().map(|part| part.span.of(&rewritten.text)).collect();
            found.sort_unstable();
            assert_eq!(found, parts, "{record}");
        }
    }
}
