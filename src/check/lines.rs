//! The lines of a list file: a URL, one space, and one word that names it.

pub(super) mod line;

use serde::Deserialize;

use self::line::Line;
use super::{Hit, Sink, View};
use crate::diagnostic::{Edit, Fix};
use crate::globs::Globs;
use crate::pattern::Pattern;
use crate::scan::Need;
use crate::subject::{Change, Kind};
use crate::text::Span;

/// What each line of a list holds.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lines {
    /// The list files.
    file_globs: Globs,
    /// How a line starts.
    start: Pattern,
    /// Lines that the file's reader passes over and that are meant so.
    comment: Pattern,
    /// The shape of the second field.
    alias_pattern: Pattern,
    /// How many parts between `_` the second field has at least.
    #[serde(default)]
    min_segments: usize,
    /// What the file's reader folds in the second field, so that two of them become one.
    folded: Pattern,
    /// What the second field's first part may be; anything where empty.
    #[serde(default)]
    groups: Vec<String>,
    /// Of a merge request, look at added lines alone.
    #[serde(default)]
    added_lines_only: bool,
}

impl Lines {
    /// The values that messages may name.
    pub const VALUES: &'static [&'static str] = &["hit", "joined"];

    /// The variants the check may report.
    pub fn variants(&self) -> Vec<&str> {
        vec!["indent", "start", "separator", "missing", "extra", "folded", "shape", "group", "trailing"]
    }

    /// What a text must contain: nothing, since the start itself may be missing.
    pub fn need(&self) -> Need {
        Need::Nothing
    }

    /// Looks at every line of a list, or at those that a merge request adds to one.
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let subject = view.doc.subject;
        if subject.kind != Kind::MergeRequest {
            if subject.path.as_deref().is_some_and(|path| self.file_globs.has(path)) {
                let lines = view.doc.lines();
                for line in 0..lines.count() {
                    self.judge(&subject.text, lines.line_span(line, &subject.text), true, sink);
                }
            }
            return;
        }
        for file in view.changed_files(&self.file_globs, sink) {
            let counts = |change| match change {
                Change::Added => true,
                Change::Context => !self.added_lines_only,
                _ => false,
            };
            for line in file.lines.iter().filter(|line| counts(line.change)) {
                self.judge(&subject.text, line.span, false, sink);
            }
        }
    }

    fn judge(&self, text: &str, span: Span, own: bool, sink: &mut Sink<'_>) {
        let Some(line) = Line::new(text, span) else { return };
        let content = line.content.of(text);
        let fix = |title: &str, safe, edit: (Span, &str)| {
            let edits = vec![Edit { span: edit.0, text: edit.1.to_owned() }];
            own.then(|| Fix { title: title.to_owned(), safe, edits })
        };
        let mut report = |variant, span: Span, joined: &str, fix| {
            let values = [("hit", span.of(text)), ("joined", joined)];
            sink.report(Hit::at(span, &values).variant(variant).fix(fix));
        };
        if !self.start.is_match(content) {
            if !self.comment.is_match(content) {
                report("start", line.first, "", None);
            }
            return;
        }
        if !line.indent.is_empty() {
            report("indent", line.indent, "", fix("Remove the white space", true, (line.indent, "")));
        }
        if !line.trailing.is_empty() {
            report("trailing", line.trailing, "", fix("Remove the white space", true, (line.trailing, "")));
        }
        let Some((gap, alias)) = line.second else { return report("missing", Span::at(line.end), "", None) };
        if gap.of(text) != " " {
            report("separator", gap, "", fix("Write one space", true, (gap, " ")));
        }
        let name = alias.of(text);
        if let Some(extra) = line.extra {
            let words = Span { start: alias.start, end: extra.end };
            let joined = words.of(text).split_whitespace().collect::<Vec<_>>().join("_");
            return report("extra", extra, &joined, fix("Join the words", false, (words, &joined)));
        }
        let segments: Vec<_> = name.split('_').collect();
        if self.folded.is_match(name) {
            report("folded", alias, "", None);
        } else if segments.len() < self.min_segments || !self.alias_pattern.is_match(name) {
            report("shape", alias, "", None);
        } else if !self.groups.is_empty() && !segments.first().is_some_and(|first| self.has_group(first)) {
            report("group", alias, "", None);
        }
    }

    fn has_group(&self, name: &str) -> bool {
        self.groups.iter().any(|group| group == name)
    }
}
