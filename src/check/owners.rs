//! CODEOWNERS: lines whose owners GitLab can read, and pages that have a line of their own.

mod file;

use serde::Deserialize;

use self::file::{OwnersFile, Row, bare};
use super::{Hit, Sink, View};
use crate::diagnostic::{Edit, Fix};
use crate::globs::Globs;
use crate::scan::Need;
use crate::subject::{Change, DiffFile, Kind};
use crate::text::Span;
use crate::world::World;

/// The pages that need an owner, and the lines that are too general to name one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Owners {
    /// The pages.
    page_globs: Globs,
    /// Where the file may stand; the first one counts.
    codeowners: Vec<String>,
    /// The folder whose lines are read.
    direction_root: String,
    /// Patterns that cover everything.
    generic_patterns: Vec<String>,
    /// Roles that GitLab knows as owners, with `@@`.
    roles: Vec<String>,
}

impl Owners {
    /// The values that messages may name.
    pub const VALUES: &'static [&'static str] = &["hit", "entry", "count"];

    /// The variants the check may report.
    pub fn variants(&self) -> Vec<&str> {
        vec!["malformed", "no-owner", "uncovered"]
    }

    /// What a text must contain: nothing, the paths say which files are read.
    pub fn need(&self) -> Need {
        Need::Nothing
    }

    /// Looks at the lines of the file, or at the pages that a merge request adds.
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let subject = view.doc.subject;
        if subject.kind == Kind::MergeRequest {
            return self.added_pages(view, sink);
        }
        let path = subject.path.as_deref().unwrap_or_default();
        if self.codeowners.iter().any(|own| own == path) {
            let file = OwnersFile::new(&subject.text);
            for row in &file.rows {
                self.row(row, &subject.text, sink);
            }
            if sink.wants("uncovered") {
                self.uncovered(&file, view, sink);
            }
        }
    }

    fn row(&self, row: &Row, text: &str, sink: &mut Sink<'_>) {
        let root = bare(&self.direction_root);
        let pattern = row.pattern.of(text);
        let path = bare(pattern);
        if row.excludes || !(path == root || path.starts_with(&format!("{root}/"))) {
            return;
        }
        if row.owners.is_empty() && !row.has_default {
            let values = [("hit", pattern), ("entry", pattern)];
            sink.report(Hit::at(row.pattern, &values).variant("no-owner"));
        }
        for owner in &row.owners {
            let token = owner.of(text);
            // What follows is meant as a remark, although GitLab reads it.
            let remark = token.starts_with('#');
            if !self.is_owner(token) {
                let without = token.trim_end_matches([',', ';']);
                let fix = (without != token && self.is_owner(without)).then(|| Fix {
                    title: format!("Write `{without}`"),
                    safe: true,
                    edits: vec![Edit { span: *owner, text: without.to_owned() }],
                });
                let values = [("hit", token), ("entry", pattern)];
                sink.report(Hit::at(*owner, &values).variant("malformed").fix(fix));
            }
            if remark {
                break;
            }
        }
    }

    /// Whether GitLab takes `token` for a user, a group, a role or an address.
    fn is_owner(&self, token: &str) -> bool {
        let of_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        let is_name = |name: &str| {
            !name.is_empty() && name.chars().all(of_name) && !name.ends_with('.') && !name.starts_with('-')
        };
        if let Some(role) = token.strip_prefix("@@") {
            return self.roles.iter().any(|known| known.eq_ignore_ascii_case(role));
        }
        if let Some(name) = token.strip_prefix('@') {
            return name.split('/').all(is_name);
        }
        token.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty() && host.contains('.') && host.chars().all(of_name) && !host.ends_with('.')
        })
    }

    /// Whether a line with `pattern` covers everything, written as a folder or with stars.
    fn is_generic(&self, pattern: &str) -> bool {
        self.generic_patterns.iter().any(|generic| bare(generic) == bare(pattern))
    }

    /// Whether a line of the file is about `path` itself, not about everything.
    fn covers(&self, file: &OwnersFile, path: &str, text: &str) -> bool {
        file.winners(path).any(|row| !self.is_generic(row.pattern.of(text)))
    }

    fn added_pages(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let Some(files) = &view.doc.subject.diffs else { return sink.not_checked("the record has no diffs") };
        let pages = || files.iter().filter(|file| file.added && self.page_globs.has(&file.new_path));
        if pages().next().is_none() {
            return;
        }
        let Some(text) = self.after(view.doc.text(), files, view.world) else {
            return sink.not_checked("there is no CODEOWNERS in the working directory");
        };
        let owners = OwnersFile::new(&text);
        for page in pages().filter(|page| !self.covers(&owners, &page.new_path, &text)) {
            sink.report(Hit::at(page.path_span, &[("hit", page.new_path.as_str())]));
        }
    }

    /// CODEOWNERS as the merge request leaves it; `None` where there is none.
    fn after(&self, text: &str, files: &[DiffFile], world: &World) -> Option<String> {
        let changed = |path: &str| files.iter().find(|file| !file.deleted && file.new_path == path);
        let path = self.codeowners.iter().find(|path| world.has(path) || changed(path).is_some())?;
        let before = world.page(path).unwrap_or_default();
        let Some(file) = changed(path) else { return Some(before.into_owned()) };
        let lines = |change| {
            file.lines.iter().filter(move |line| line.change == change).map(|line| line.span.of(text))
        };
        let is_there = |line: &str| before.lines().any(|own| own.trim_end() == line.trim_end());
        if lines(Change::Added).all(is_there) {
            return Some(before.into_owned());
        }
        // The checkout is the one before the change; where in it the lines are added does not matter for what
        // they cover, as a section of their own.
        let removed: Vec<_> = lines(Change::Removed).map(str::trim_end).collect();
        let mut after: String = before
            .lines()
            .filter(|line| !removed.contains(&line.trim_end()))
            .flat_map(|line| [line, "\n"])
            .collect();
        after.push_str("[proclint: added lines]\n");
        after.extend(lines(Change::Added).flat_map(|line| [line, "\n"]));
        Some(after)
    }

    /// Says at a general line how many pages of the checkout have no other one.
    fn uncovered(&self, file: &OwnersFile, view: View<'_>, sink: &mut Sink<'_>) {
        let text = view.doc.text();
        let Some(generic) = file.rows.iter().rfind(|row| self.is_generic(row.pattern.of(text))) else {
            return;
        };
        let root = self.direction_root.trim_matches('/');
        let pages = below(view.world, root, 0);
        let open: Vec<_> =
            pages.iter().filter(|path| self.page_globs.has(path) && !self.covers(file, path, text)).collect();
        if let Some(first) = open.first() {
            let values =
                [("hit", generic.pattern.of(text)), ("entry", first), ("count", &*open.len().to_string())];
            sink.report(Hit::at(generic.pattern, &values).variant("uncovered"));
        }
    }
}

/// The owners of the page `path` in the first file of `codeowners` that there is, as it writes them.
pub(super) fn owners_of(path: &str, codeowners: &[String], world: &World) -> Option<String> {
    let text = codeowners.iter().find_map(|file| world.page(file))?;
    let file = OwnersFile::new(&text);
    let owners = file.winners(path).flat_map(|row| &row.owners).map(|owner| owner.of(&text));
    let owners: Vec<_> = owners.take_while(|owner| !owner.starts_with('#')).collect();
    (!owners.is_empty()).then(|| owners.join(" "))
}

/// Folders deeper than this are not looked into.
const MAX_DEPTH: usize = 12;

/// The files below `folder`.
fn below(world: &World, folder: &str, depth: usize) -> Vec<String> {
    let mut files = Vec::new();
    for name in world.names(folder) {
        let path = format!("{folder}/{name}");
        if world.has(&path) {
            files.push(path);
        } else if depth < MAX_DEPTH {
            files.extend(below(world, &path, depth + 1));
        }
    }
    files
}

/// The place of a word, as tests and rows see it.
fn words(text: &str, span: Span) -> Vec<Span> {
    let mut found = Vec::new();
    let (mut start, mut escaped) = (None, false);
    let line = span.of(text);
    for (at, c) in line.char_indices() {
        if c.is_whitespace() && !escaped {
            found.extend(start.take().map(|start: usize| Span::new(start, at)));
        } else {
            start.get_or_insert(at);
        }
        escaped = c == '\\' && !escaped;
    }
    found.extend(start.map(|start| Span::new(start, line.len())));
    found.into_iter().map(|word| word.shifted(span.start as usize)).collect()
}
