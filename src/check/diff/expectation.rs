//! What has to come with a trigger: a changed page, or certain words in what is added to it.

use serde::Deserialize;

use super::circumstance::changed;
use super::page::Page;
use crate::check::View;
use crate::globs::Globs;
use crate::pattern::Pattern;
use crate::subject::DiffFile;

/// Something that pages have to say. Without `says` it is enough that one of them changes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Expectation {
    /// The variant that is reported where it is missing.
    pub variant: String,
    /// Only these triggers ask for it, and names of `names`; all where neither is given.
    #[serde(default)]
    triggers: Vec<String>,
    names: Option<Pattern>,
    /// The pages that are looked at. Where none of them is changed, nothing is asked of their words.
    pages: Globs,
    /// What one paragraph of added lines has to match, all of it.
    #[serde(default)]
    says: Vec<Pattern>,
    /// The content of code counts as words.
    #[serde(default)]
    code: bool,
    /// Words that do not count.
    leave_out: Option<Pattern>,
    /// It is enough that one of the pages links to an added heading already.
    #[serde(default)]
    or_linked: bool,
}

/// Whether an expectation is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is.
    Met,
    /// It is not.
    Missed,
    /// The record lacks the lines of a page, so nothing can be said.
    Open,
}

impl Expectation {
    /// Whether a trigger's entry `name` asks for it.
    pub fn concerns(&self, trigger: &str, name: &str) -> bool {
        let all = self.triggers.is_empty() && self.names.is_none();
        all || self.triggers.iter().any(|own| own == trigger)
            || self.names.as_ref().is_some_and(|names| names.is_match(name))
    }

    /// Whether the changed `files` meet it.
    pub fn verdict(&self, view: View<'_>, files: &[DiffFile]) -> Verdict {
        let text = view.doc.text();
        let pages: Vec<&DiffFile> = changed(files, &self.pages).collect();
        let met = if self.says.is_empty() {
            !pages.is_empty() || (self.or_linked && self.is_linked(view, files))
        } else {
            pages.is_empty() || pages.iter().any(|file| self.is_said(&Page::new(text, file)))
        };
        match met {
            true => Verdict::Met,
            false if pages.iter().any(|file| file.incomplete) => Verdict::Open,
            false => Verdict::Missed,
        }
    }

    fn is_said(&self, page: &Page) -> bool {
        page.paragraphs(self.code).into_iter().any(|mut words| {
            if let Some(pattern) = &self.leave_out {
                for found in pattern.hits(&words.clone()) {
                    words.replace_range(found.range(), &" ".repeat(found.len()));
                }
            }
            self.says.iter().all(|pattern| pattern.is_match(&words))
        })
    }

    /// Whether a page of the working directory links to a heading that the merge request adds.
    fn is_linked(&self, view: View<'_>, files: &[DiffFile]) -> bool {
        let pages = || view.world.files.iter().filter(|(path, _)| self.pages.has(path));
        let added = files.iter().filter(|file| file.new_path.ends_with(".md") && !file.deleted);
        added.map(|file| Page::new(view.doc.text(), file)).any(|page| {
            page.anchors().any(|anchor| pages().any(|(_, text)| text.contains(&format!("#{anchor})"))))
        })
    }
}
