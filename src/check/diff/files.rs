//! Files that a merge request adds, deletes or renames.

use serde::Deserialize;

use crate::check::freshness::category::title;
use crate::check::freshness::change::page_subject;
use crate::document::Document;
use crate::globs::Globs;
use crate::subject::{Change, DiffFile};
use crate::text::Span;

/// Which files set off a check, and when.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileTrigger {
    /// The files.
    paths: Globs,
    /// What happens to them, one of these.
    fate: Vec<Fate>,
    /// How the title of the added page starts.
    title: Option<String>,
    /// The folder that the file is not in.
    outside: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Fate {
    Added,
    Deleted,
    Renamed,
}

impl FileTrigger {
    /// The path of `file` where it sets off the check.
    pub fn found(&self, text: &str, file: &DiffFile) -> Option<Span> {
        let has = |fate| match fate {
            Fate::Added => file.added,
            Fate::Deleted => file.deleted,
            Fate::Renamed => file.renamed,
        };
        let covered = self.paths.has(&file.new_path) || (file.renamed && self.paths.has(&file.old_path));
        let outside = self
            .outside
            .as_ref()
            .is_none_or(|folder| !file.new_path.starts_with(folder.trim_start_matches('/')));
        (covered && outside && self.fate.iter().any(|fate| has(*fate)) && self.is_titled(text, file))
            .then_some(file.path_span)
    }

    fn is_titled(&self, text: &str, file: &DiffFile) -> bool {
        let Some(start) = &self.title else { return true };
        let mut page = String::new();
        for line in file.lines.iter().filter(|line| line.change == Change::Added) {
            page.extend([line.span.of(text), "\n"]);
        }
        let page = page_subject(page, Some(&file.new_path));
        let page = Document::new(&page);
        title(&page).is_some_and(|title| title.of(page.text()).trim().starts_with(start.as_str()))
    }
}
