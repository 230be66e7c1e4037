//! List files that are read together: each address and each name stands in them once.

use serde::Deserialize;

use super::lines::line::Line;
use super::{Hit, Sink, View};
use crate::globs::Globs;
use crate::pattern::Pattern;
use crate::scan::Need;
use crate::text::{LineIndex, Span};
use crate::world::World;

/// Lines of an address and its name, in sets of files.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unique {
    /// Files that are read together, in their order.
    file_sets: Vec<FileSet>,
    /// How a line starts; others are passed over.
    start: Pattern,
    /// Characters that the reader replaces in a name.
    fold: Pattern,
}

/// Globs of files that are read together.
#[derive(Debug, Deserialize)]
#[serde(try_from = "Vec<String>")]
struct FileSet {
    globs: Vec<String>,
    files: Globs,
}

impl TryFrom<Vec<String>> for FileSet {
    type Error = String;

    fn try_from(globs: Vec<String>) -> Result<Self, String> {
        Ok(Self { files: Globs::new(&globs)?, globs })
    }
}

/// A line of a list.
#[derive(Clone, Debug)]
struct Listed {
    url: String,
    name: String,
    url_span: Span,
    name_span: Span,
}

impl Unique {
    /// The values that messages may name.
    pub const VALUES: &'static [&'static str] = &["hit", "other", "place"];

    /// The variants the check may report.
    pub fn variants(&self) -> Vec<&str> {
        vec!["name", "case", "address"]
    }

    /// What a text must contain: nothing, the paths say which files are read.
    pub fn need(&self) -> Need {
        Need::Nothing
    }

    /// Reports every line of a list that repeats an earlier one, of this file or of one read before it.
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let Some(path) = view.doc.subject.path.as_deref() else { return };
        for set in self.file_sets.iter().filter(|set| set.files.has(path)) {
            let mut earlier: Vec<(String, Listed)> = Vec::new();
            for file in set.before(path, view.world) {
                let text = view.world.page(&file).unwrap_or_default();
                earlier.extend(self.lines(&text).into_iter().map(|line| (file.clone(), line)));
            }
            for line in self.lines(view.doc.text()) {
                self.judge(&line, &earlier, view, path, sink);
                earlier.push((path.to_owned(), line));
            }
        }
    }

    fn lines(&self, text: &str) -> Vec<Listed> {
        let index = LineIndex::new(text);
        let lines = (0..index.count()).filter_map(|line| Line::new(text, index.line_span(line, text)));
        lines
            .filter(|line| self.start.is_match(line.content.of(text)))
            .map(|line| {
                let name_span = line.second.map_or(Span::at(line.end), |(_, name)| name);
                let (url, name) = (line.first.of(text).to_owned(), name_span.of(text).to_owned());
                Listed { url, name, url_span: line.first, name_span }
            })
            .collect()
    }

    fn judge(
        &self,
        line: &Listed,
        earlier: &[(String, Listed)],
        view: View<'_>,
        path: &str,
        sink: &mut Sink<'_>,
    ) {
        let same_file = |file: &str| file == path;
        let place = |file: &str, span: Span| match same_file(file) {
            true => format!("line {}", view.doc.lines().line_of(span.start) + 1),
            false => file.to_owned(),
        };
        if let Some((file, first)) =
            earlier.iter().find(|(file, other)| same_file(file) && other.url == line.url)
        {
            let values = [
                ("hit", line.url.as_str()),
                ("other", &first.name),
                ("place", &*place(file, first.url_span)),
            ];
            let hit = Hit::at(line.url_span, &values).variant("address");
            sink.report(hit.related(first.url_span, "the same address"));
        }
        if line.name.is_empty() {
            return;
        }
        let folded = self.folded(&line.name);
        let others = || earlier.iter().filter(|(_, other)| other.url != line.url && !other.name.is_empty());
        let equal = others().find(|(_, other)| self.folded(&other.name) == folded);
        let by_case =
            || others().find(|(_, other)| self.folded(&other.name).to_lowercase() == folded.to_lowercase());
        let found = equal.map(|found| ("name", found)).or_else(|| by_case().map(|found| ("case", found)));
        if let Some((variant, (file, first))) = found {
            let values = [
                ("hit", line.name.as_str()),
                ("other", &first.name),
                ("place", &*place(file, first.name_span)),
            ];
            let hit = Hit::at(line.name_span, &values).variant(variant);
            sink.report(match same_file(file) {
                true => hit.related(first.name_span, "the name is first used here"),
                false => hit,
            });
        }
    }

    /// The name as the reader stores it.
    fn folded(&self, name: &str) -> String {
        let mut folded = name.to_owned();
        for found in self.fold.hits(name).iter().rev() {
            folded.replace_range(found.range(), "_");
        }
        folded
    }
}

impl FileSet {
    /// The files of the set that are read before `path`.
    fn before(&self, path: &str, world: &World) -> Vec<String> {
        let mut files: Vec<String> = Vec::new();
        for glob in &self.globs {
            let folder = glob.rsplit_once('/').map_or("", |(folder, _)| folder).trim_start_matches('/');
            let Ok(matcher) = Globs::new(std::slice::from_ref(glob)) else { continue };
            for name in world.names(folder) {
                let file = format!("{folder}/{name}");
                if matcher.has(&file) && !files.contains(&file) {
                    files.push(file);
                }
            }
            // A file that nobody listed has its place behind those of its own glob that sort before it.
            if matcher.has(path) {
                files.retain(|file| file.as_str() != path && (!matcher.has(file) || file.as_str() < path));
                return files;
            }
        }
        files
    }
}
