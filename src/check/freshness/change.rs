//! What a merge request changes in the text of a page, and whether its date went along.

use std::collections::BTreeMap;

use super::{Freshness, Stale};
use crate::check::{Sink, View};
use crate::document::Document;
use crate::document::flat::count_words;
use crate::subject::{Change, Counts, DiffFile, DiffLine, Format, Kind, Part, Role, Subject};
use crate::text::Span;

impl Freshness {
    /// Reports pages whose text a merge request changes and whose date it leaves behind.
    pub(super) fn changes(&self, stale: &Stale, view: View<'_>, sink: &mut Sink<'_>) {
        let Some(files) = &view.doc.subject.diffs else {
            return sink.not_checked("the record has no diffs");
        };
        for file in files.iter().filter(|file| !file.added && !file.deleted && self.covers(&file.new_path)) {
            if file.incomplete {
                sink.not_checked(format!("the diff of `{}` was not in the record", file.new_path));
            } else {
                self.change(stale, view, file, sink);
            }
        }
    }

    fn change(&self, stale: &Stale, view: View<'_>, file: &DiffFile, sink: &mut Sink<'_>) {
        let text = view.doc.text();
        let lines = body_lines(text, file);
        let before = Side::new(text, &lines, Change::Removed);
        let after = Side::new(text, &lines, Change::Added);
        let (old, new) = (Document::new(&before.page), Document::new(&after.page));
        if changed_words(&words(&old), &words(&new)) < stale.min_changed_words {
            return;
        }
        match (self.marker_of(&old), self.marker_of(&new)) {
            (Some(old), Some(new)) => {
                if old.date == new.date
                    && let Some(days) = stale.age(&new, view)
                {
                    self.report_age(after.back(new.date_span), "not-bumped", days, &new, None, sink);
                }
            }
            (None, None) => {
                let Some(page) = view.world.page(&file.new_path) else {
                    let path = &file.new_path;
                    return sink.not_checked(format!("the review date of `{path}` is not in the diff"));
                };
                let page = page_subject(page.into_owned(), Some(&file.new_path));
                if let Some(marker) = self.marker_of(&Document::new(&page))
                    && let Some(days) = stale.age(&marker, view)
                {
                    self.report_age(file.path_span, "not-bumped", days, &marker, None, sink);
                }
            }
            _ => {}
        }
    }
}

/// One side of a change as a page of its own, with the way back to the lines of the diff.
struct Side {
    page: Subject,
    /// Start of each line in the page, and its place in the diff.
    lines: Vec<(usize, Span)>,
}

impl Side {
    /// The lines that are unchanged or of `change`.
    fn new(text: &str, lines: &[DiffLine], change: Change) -> Self {
        let mut page = String::new();
        let mut places = Vec::new();
        for line in lines {
            if line.change == change || line.change == Change::Context {
                places.push((page.len(), line.span));
                page.push_str(line.span.of(text));
                page.push('\n');
            } else if line.change == Change::Hunk {
                page.push('\n');
            }
        }
        Self { page: page_subject(page, None), lines: places }
    }

    fn back(&self, span: Span) -> Span {
        let line = self.lines.partition_point(|(start, _)| *start <= span.start as usize).saturating_sub(1);
        let Some((start, place)) = self.lines.get(line) else { return span };
        let from = place.start as usize + (span.start as usize - start);
        Span::new(from, from + span.len())
    }
}

/// A page with the content `text`.
pub(in crate::check) fn page_subject(text: String, path: Option<&str>) -> Subject {
    Subject {
        kind: Kind::Page,
        format: Format::Markdown,
        name: String::new(),
        path: path.map(str::to_owned),
        project: None,
        parts: vec![Part { role: Role::Body, field: String::new(), span: Span::new(0, text.len()) }],
        text,
        header: None,
        counts: Counts::default(),
        diffs: None,
    }
}

/// The last line at which a hunk without both fences is still taken for front matter.
const LAST_FIELD: u32 = 25;

/// The lines of a diff behind the page's front matter, of which a hunk may show a part only.
fn body_lines(text: &str, file: &DiffFile) -> Vec<DiffLine> {
    let start = file.lines.iter().take_while(|line| line.change == Change::Hunk).count();
    let hunk: Vec<_> = file.lines.iter().skip(start).take_while(|line| line.change != Change::Hunk).collect();
    let words = |line: &DiffLine| line.span.of(text).trim_end();
    let number = hunk.first().map_or(0, |line| line.new.max(line.old));
    let opened = usize::from(number == 1 && hunk.first().is_some_and(|line| words(line) == "---"));
    let close = hunk.iter().skip(opened).position(|line| words(line) == "---").map(|at| at + opened);
    let fields = &hunk[opened..close.unwrap_or(hunk.len())];
    let read =
        fields.iter().all(|line| is_field(words(line))) && fields.iter().any(|line| has_key(words(line)));
    let skip = match close {
        Some(close) if opened > 0 || read => close + 1,
        None if opened > 0 || (read && (2..=LAST_FIELD).contains(&number)) => hunk.len(),
        _ => 0,
    };
    file.lines.iter().skip(start + skip).copied().collect()
}

/// Whether a line reads like one of front matter: a key, an item, a continued value.
fn is_field(line: &str) -> bool {
    has_key(line) || line.is_empty() || line.starts_with(['#', ' ']) || line.starts_with("- ")
}

/// Whether a line starts with a key in small letters.
fn has_key(line: &str) -> bool {
    let of_key = |byte: u8| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'-');
    line.split_once(':').is_some_and(|(key, _)| !key.is_empty() && key.bytes().all(of_key))
}

/// The words of a page's prose, links reduced to their text, without punctuation.
fn words<'d>(document: &'d Document<'_>) -> Vec<&'d str> {
    let prose = document.outlines().iter().flat_map(|outline| outline.prose());
    prose
        .flat_map(|piece| piece.span.of(document.text()).split_whitespace())
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .collect()
}

/// How many words differ; a word in the place of another counts once, a moved one not at all.
fn changed_words(before: &[&str], after: &[&str]) -> usize {
    let mut balance: BTreeMap<&str, isize> = BTreeMap::new();
    before.iter().for_each(|word| *balance.entry(word).or_default() -= 1);
    after.iter().for_each(|word| *balance.entry(word).or_default() += 1);
    let sum = |more: fn(&isize) -> bool| -> usize {
        let differ = balance.iter().filter(|(_, times)| more(times));
        differ.map(|(word, times)| times.unsigned_abs() * count_words(word).max(1)).sum()
    };
    sum(|times| *times > 0).max(sum(|times| *times < 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_for_a_word_counts_once() {
        assert_eq!(changed_words(&["we", "work", "on", "search"], &["we", "work", "on", "docs"]), 1);
        assert_eq!(changed_words(&["a"], &["a", "b", "c"]), 2);
        assert_eq!(changed_words(&["a", "b"], &["b", "a"]), 0);
    }

    /// What counts of a diff whose hunks start at these lines of the page.
    fn body(hunks: &[(u32, &str)]) -> Vec<String> {
        let (mut text, mut file) = (String::new(), DiffFile::default());
        for (number, lines) in hunks {
            file.lines.push(DiffLine { change: Change::Hunk, span: Span::at(text.len()), old: 0, new: 0 });
            for (number, line) in (*number..).zip(lines.lines()) {
                let span = Span::new(text.len(), text.len() + line.len());
                file.lines.push(DiffLine { change: Change::Context, span, old: number, new: number });
                text.push_str(line);
            }
        }
        let body = body_lines(&text, &file);
        let shown = body.iter().filter(|line| line.change != Change::Hunk);
        shown.map(|line| line.span.of(&text).to_owned()).collect()
    }

    #[test]
    fn front_matter_is_left_out_although_a_hunk_shows_a_part_of_it() {
        assert_eq!(body(&[(1, "---\ntitle: X\n---\nBody")]), ["Body"]);
        assert_eq!(body(&[(1, "---\nlist of words")]), [""; 0], "its end is not in the hunk");
        assert_eq!(body(&[(2, "title: X\n---\nBody")]), ["Body"], "its start is not in the hunk");
        assert_eq!(body(&[(LAST_FIELD, "owner: X\n# of the stage\n- y")]), [""; 0], "nor is its end");
        assert_eq!(body(&[(2, "title: X"), (40, "title: Y")]), ["title: Y"]);
    }

    #[test]
    fn what_only_looks_like_front_matter_counts() {
        for (number, lines) in [
            (1, "title: X\nno fence opens it"),
            (1, "owner: X"),
            (LAST_FIELD + 1, "owner: X\nstage: Y"),
            (2, "- a\n---\nBody"),
            (2, "## Next\n---\nBody"),
            (2, "Note: a sentence"),
            (2, ": no key"),
            (2, "title: X\nA sentence\n---\nBody"),
        ] {
            assert_eq!(body(&[(number, lines)]), lines.lines().collect::<Vec<_>>(), "{lines:?} at {number}");
        }
    }
}
