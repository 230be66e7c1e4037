//! Entries of a YAML file and their fields that a merge request adds, removes or changes.

use serde::Deserialize;

use crate::globs::Globs;
use crate::subject::{Change, DiffFile, DiffLine};
use crate::text::Span;

/// Which keys set off a check.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyTrigger {
    /// The files: maps of entries.
    paths: Globs,
    /// Files whose entries stand below one key.
    nested: Globs,
    /// The fields of an entry that matter.
    fields: Vec<String>,
}

/// Spaces that one level of a data file is indented.
const INDENT: usize = 2;

/// A line with a key.
#[derive(Clone, Debug)]
struct Keyed<'t> {
    /// The entry it belongs to; the number of the hunk where the entry starts before it.
    entry: String,
    /// The key of a field; `None` for the line of the entry itself.
    field: Option<&'t str>,
    value: &'t str,
    span: Span,
    added: bool,
}

impl KeyTrigger {
    /// Whether the trigger looks at the file `path`.
    pub fn reads(&self, path: &str) -> bool {
        self.paths.has(path)
    }

    /// What `file` changes: the key of an added or removed entry, else the line of the field.
    pub fn found(&self, text: &str, file: &DiffFile) -> Vec<Span> {
        if !self.reads(&file.new_path) {
            return Vec::new();
        }
        let lines = self.lines(text, file);
        let same = |one: &Keyed<'_>, other: &Keyed<'_>| one.entry == other.entry && one.field == other.field;
        let opposite = |line: &Keyed<'_>| {
            lines
                .iter()
                .filter(|other| other.added != line.added && same(line, other))
                .cloned()
                .collect::<Vec<_>>()
        };
        let whole: Vec<_> =
            lines.iter().filter(|line| line.field.is_none() && opposite(line).is_empty()).collect();
        let of_whole = |line: &&Keyed<'_>| {
            whole.iter().any(|entry| entry.entry == line.entry && entry.added == line.added)
        };
        let fields = lines.iter().filter(|line| line.field.is_some() && !of_whole(line)).filter(|line| {
            let others = opposite(line);
            // Of an old and a new value the new one is shown.
            if line.added { others.iter().all(|other| other.value != line.value) } else { others.is_empty() }
        });
        let mut found: Vec<_> =
            whole.iter().map(|line| line.span).chain(fields.map(|line| line.span)).collect();
        found.sort();
        found
    }

    /// The changed lines with keys that matter.
    fn lines<'t>(&self, text: &'t str, file: &DiffFile) -> Vec<Keyed<'t>> {
        let depth = usize::from(self.nested.has(&file.new_path)) * INDENT;
        let mut lines = Vec::new();
        let (mut old, mut new) = ("0".to_owned(), "0".to_owned());
        for (number, line) in file.lines.iter().enumerate() {
            if line.change == Change::Hunk {
                // Behind the numbers git names the line that the hunk belongs to.
                let header = line.span.of(text).rsplit_once("@@").map_or("", |(_, line)| line.trim());
                let named = header.strip_suffix(':').filter(|_| depth == 0);
                old = named.map_or_else(|| number.to_string(), str::to_owned);
                new.clone_from(&old);
                continue;
            }
            let Some((indent, key, value)) = keyed(text, line) else { continue };
            let is_entry = indent == depth;
            if is_entry {
                if line.change != Change::Added {
                    key.clone_into(&mut old);
                }
                if line.change != Change::Removed {
                    key.clone_into(&mut new);
                }
            }
            let matters =
                is_entry || (indent == depth + INDENT && self.fields.iter().any(|field| field == key));
            if line.change == Change::Context || !matters {
                continue;
            }
            let added = line.change == Change::Added;
            let start = line.span.start as usize + indent;
            let length = if is_entry { key.len() } else { line.span.of(text).trim().len() };
            lines.push(Keyed {
                entry: if added { new.clone() } else { old.clone() },
                field: (!is_entry).then_some(key),
                value,
                span: Span::new(start, start + length),
                added,
            });
        }
        lines
    }
}

/// Indentation, key and bare value of a line; `None` for a comment, an item and anything else.
fn keyed<'t>(text: &'t str, line: &DiffLine) -> Option<(usize, &'t str, &'t str)> {
    let content = line.span.of(text);
    let words = content.trim_start_matches(' ');
    let (key, value) = words.trim_end().split_once(':')?;
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ' | '.' | '/');
    if key.is_empty()
        || !key.starts_with(|c: char| c.is_alphanumeric() || c == '_')
        || !key.chars().all(plain)
    {
        return None;
    }
    if !value.is_empty() && !value.starts_with([' ', '\t']) {
        return None;
    }
    let value = value.split_once(" #").map_or(value, |(value, _)| value).trim();
    Some((content.len() - words.len(), key, value.trim_matches(['"', '\''])))
}
