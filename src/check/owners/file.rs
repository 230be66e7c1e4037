//! A CODEOWNERS file as GitLab reads it: sections, each with its own last match.

use globset::{GlobBuilder, GlobMatcher};

use super::words;
use crate::text::{LineIndex, Span};

/// The lines of a file.
#[derive(Debug, Default)]
pub(super) struct OwnersFile {
    /// The lines with a pattern.
    pub(super) rows: Vec<Row>,
}

/// A line with a pattern.
#[derive(Debug)]
pub(super) struct Row {
    /// The name of its section in small letters; empty before the first one.
    section: String,
    /// The pattern, without the mark of an exclusion.
    pub(super) pattern: Span,
    /// What follows the pattern.
    pub(super) owners: Vec<Span>,
    /// Its section names owners for lines that name none.
    pub(super) has_default: bool,
    /// It takes files out of its section.
    pub(super) excludes: bool,
    matcher: Option<GlobMatcher>,
}

impl OwnersFile {
    /// Reads `text`.
    pub(super) fn new(text: &str) -> Self {
        let lines = LineIndex::new(text);
        let mut rows = Vec::new();
        let (mut section, mut has_default) = (String::new(), false);
        for number in 0..lines.count() {
            let line = lines.line_span(number, text);
            let source = line.of(text).trim_start_matches('\u{feff}').trim();
            if source.is_empty() || source.starts_with('#') {
                continue;
            }
            if let Some((name, rest)) = header(source) {
                section = name.trim().to_lowercase();
                has_default = rest.contains('@');
                continue;
            }
            let mut words = words(text, line).into_iter();
            let Some(first) = words.next() else { continue };
            let excludes = first.of(text).starts_with('!');
            let pattern = Span { start: first.start + u32::from(excludes), ..first };
            rows.push(Row {
                section: section.clone(),
                pattern,
                owners: words.collect(),
                has_default,
                excludes,
                matcher: matcher(pattern.of(text)),
            });
        }
        Self { rows }
    }

    /// The line that counts for `path` in each section.
    pub(super) fn winners<'f>(&'f self, path: &str) -> impl Iterator<Item = &'f Row> {
        let mut winners: Vec<&Row> = Vec::new();
        let mut excluded: Vec<&str> = Vec::new();
        for row in self.rows.iter().rev() {
            let matches = row.matcher.as_ref().is_some_and(|matcher| matcher.is_match(path));
            if !matches {
                continue;
            }
            if row.excludes {
                excluded.push(&row.section);
            } else if winners.iter().all(|winner| winner.section != row.section) {
                winners.push(row);
            }
        }
        winners.retain(|winner| !excluded.contains(&winner.section.as_str()));
        winners.into_iter()
    }
}

/// The name of a section and what follows its header: `[Name]`, `^[Name]`, `[Name][2] @default`.
fn header(line: &str) -> Option<(&str, &str)> {
    let inner = line.strip_prefix('^').unwrap_or(line).strip_prefix('[')?;
    inner.split_once(']')
}

/// `pattern` as GitLab completes it: without a slash at its start at any depth, with one at its end all below.
fn matcher(pattern: &str) -> Option<GlobMatcher> {
    let pattern = pattern.replace("\\ ", " ").replace("\\#", "#");
    let anywhere = match pattern.strip_prefix('/') {
        Some(rooted) => rooted.to_owned(),
        None => format!("**/{pattern}"),
    };
    let whole =
        if anywhere.is_empty() || anywhere.ends_with('/') { format!("{anywhere}**") } else { anywhere };
    Some(GlobBuilder::new(&whole).literal_separator(true).build().ok()?.compile_matcher())
}

/// A pattern as a path from the root, without stars and slashes at its end.
pub(super) fn bare(pattern: &str) -> String {
    let path = pattern.trim_end_matches(['*', '/']).trim_start_matches('/');
    if path.is_empty() { String::new() } else { format!("/{path}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_match_of_each_section_counts() {
        let text = "* @all\n/doc/ @docs\n*.md @md\n[A][2] @x\n/doc/\n^[B]\n/doc/* @b\n!/doc/x.md\n[a]\ndoc/x\\ y.md @z\n";
        let file = OwnersFile::new(text);
        let winners =
            |path: &str| -> Vec<&str> { file.winners(path).map(|row| row.pattern.of(text)).collect() };
        assert_eq!(winners("doc/x.md"), ["/doc/", "*.md"]);
        assert_eq!(winners("doc/x y.md"), ["doc/x\\ y.md", "/doc/*", "*.md"]);
        assert_eq!(winners("doc/a/b.txt"), ["/doc/", "/doc/"]);
        assert_eq!(winners("src/main.rs"), ["*"]);
        assert_eq!(
            (bare("*"), bare("/source/direction/**/*")),
            (String::new(), "/source/direction".to_owned())
        );
        assert!(file.rows.iter().any(|row| row.has_default && row.owners.is_empty()));
    }
}
