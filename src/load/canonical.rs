//! The one text a record is linted as: its fields, its description, comments, commit messages and changed files.

use super::diff::{self, RawFile};
use super::fields::{self, items};
use super::header;
use super::identity::Identity;
use super::json::{Json, Object};
use crate::subject::{Change, Counts, DiffFile, DiffLine, Format, Kind, Part, Role, Subject};
use crate::text::Span;

/// The record as a subject of `kind`; `project` is its project where the record does not say, `position` its
/// 1-based place in the input.
pub(super) fn subject(record: &Object<'_>, kind: Kind, project: Option<&str>, position: usize) -> Subject {
    let identity = Identity::of(record, kind, project);
    let description = string(record, "description");
    let (text, header) = header::write(&fields::of(record, kind, &identity), description.map_or(0, str::len));
    let mut canonical = Canonical { text, parts: Vec::new() };
    if let Some(description) = description {
        canonical.gap();
        canonical.part(Role::Body, "description".to_owned(), description);
    }
    for (index, note) in items(record, "notes").enumerate() {
        canonical.note(index, note);
    }
    for (index, commit) in items(record, "commits").enumerate() {
        canonical.commit(index, commit);
    }
    let files = diff::of_record(record);
    let diffs = files.map(|files| files.into_iter().map(|file| canonical.file(file)).collect());
    if !canonical.text.ends_with('\n') {
        canonical.text.push('\n');
    }
    Subject {
        kind,
        format: Format::Markdown,
        name: identity.name(kind, position),
        path: None,
        project: identity.project,
        text: canonical.text,
        parts: canonical.parts,
        header: Some(header),
        counts: counts(record),
        diffs,
    }
}

/// What the record counts.
fn counts(record: &Object<'_>) -> Counts {
    let count = |key: &str| record.get(key).and_then(Json::as_u64);
    Counts { upvotes: count("upvotes"), downvotes: count("downvotes"), notes: count("user_notes_count") }
}

struct Canonical {
    text: String,
    parts: Vec<Part>,
}

impl Canonical {
    /// Ends what stands there with an empty line.
    fn gap(&mut self) {
        while !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    fn separator(&mut self, title: &str) {
        self.gap();
        // A name from the record must not end the line.
        self.text.extend(["--- ", &title.replace(char::is_control, " "), " ---\n\n"]);
    }

    fn part(&mut self, role: Role, field: String, content: &str) {
        let start = self.text.len();
        self.text.push_str(content);
        self.parts.push(Part { role, field, span: Span::new(start, self.text.len()) });
    }

    /// A comment; a project export keeps its text in `note`. System notes tell what GitLab did, nobody wrote them.
    fn note(&mut self, index: usize, note: &Json<'_>) {
        let get = |key: &str| note.get(key).and_then(Json::as_str);
        let is_system = note.get("system").and_then(Json::as_bool).unwrap_or(false);
        let Some(body) = note.as_str().or_else(|| get("body")).or_else(|| get("note")).filter(|_| !is_system)
        else {
            return;
        };
        let field = if note.is_string() { format!("notes[{index}]") } else { format!("notes[{index}].body") };
        let author = note.get("author");
        let author = author.and_then(|user| user.as_str().or_else(|| user.get("username")?.as_str()));
        let mut title = field.clone();
        for (word, value) in [(" by @", author), (" at ", get("created_at").or_else(|| get("at")))] {
            title.extend(value.into_iter().flat_map(|value| [word, value]));
        }
        self.separator(&title);
        self.part(Role::Note, field, body);
    }

    fn commit(&mut self, index: usize, commit: &Json<'_>) {
        let Some(message) = commit.as_str().or_else(|| commit.get("message")?.as_str()) else { return };
        let field = if commit.is_string() {
            format!("commits[{index}]")
        } else {
            format!("commits[{index}].message")
        };
        self.separator(&field);
        self.part(Role::Commit, field, message);
    }

    /// A changed file as git shows it.
    fn file(&mut self, file: RawFile<'_>) -> DiffFile {
        self.gap();
        let old = self.path("--- ", (!file.added).then_some(("a/", file.old.as_str())));
        let new = self.path("+++ ", (!file.deleted).then_some(("b/", file.new.as_str())));
        let mut lines = Vec::with_capacity(file.lines.len());
        for line in &file.lines {
            let start = self.text.len();
            self.text.extend([line.raw, "\n"]);
            let Some(change) = line.change else { continue };
            let content = line.raw.strip_suffix('\r').unwrap_or(line.raw);
            let sign = if change == Change::Hunk || content.is_empty() { 0 } else { 1 };
            let span = Span::new(start + sign, start + content.len());
            lines.push(DiffLine { change, span, old: line.old, new: line.new });
        }
        DiffFile {
            renamed: file.renamed,
            added: file.added,
            deleted: file.deleted,
            incomplete: file.incomplete,
            path_span: if file.deleted { old } else { new },
            old_path: file.old,
            new_path: file.new,
            lines,
        }
    }

    fn path(&mut self, sign: &str, path: Option<(&str, &str)>) -> Span {
        let (prefix, path) = path.unwrap_or(("", "/dev/null"));
        self.text.extend([sign, prefix]);
        let start = self.text.len();
        self.text.push_str(path);
        let span = Span::new(start, self.text.len());
        self.text.push('\n');
        span
    }
}

/// The string at `key`, if it says anything.
fn string<'r>(record: &'r Object<'_>, key: &str) -> Option<&'r str> {
    record.get(key).and_then(Json::as_str).filter(|text| !text.is_empty())
}
