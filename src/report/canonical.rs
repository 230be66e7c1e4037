//! Files for findings that have none: a record's canonical text, under a name any file system takes.

use std::collections::HashSet;

use crate::finding::{Checked, Report};

/// The longest stem of a file name; the rest of a longer subject name is cut.
const STEM: usize = 120;

/// Where the canonical texts of records are written, for reports that can only point into files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CanonicalFiles {
    /// The folder, relative to the repository, with `/`.
    pub dir: String,
}

impl Default for CanonicalFiles {
    fn default() -> Self {
        Self { dir: "gl-proclint-texts".to_owned() }
    }
}

/// The texts a report points into, each with the path it has to be written to.
pub fn canonical_files<'a>(report: &'a Report, dir: &str) -> Vec<(String, &'a str)> {
    let texts = report.subjects.iter().map(|subject| subject.canonical.as_deref());
    paths(report, dir).into_iter().zip(texts).filter_map(|(path, text)| Some((path?, text?))).collect()
}

/// For each subject the path of its canonical text; `None` where all its findings lie in files of their own.
pub(super) fn paths(report: &Report, dir: &str) -> Vec<Option<String>> {
    let dir = dir.trim_start_matches("./").trim_end_matches('/');
    let mut taken = HashSet::new();
    report
        .subjects
        .iter()
        .map(|subject| is_needed(subject).then(|| path(dir, &unique(&stem(&subject.name), &mut taken))))
        .collect()
}

fn path(dir: &str, stem: &str) -> String {
    if dir.is_empty() { format!("{stem}.md") } else { format!("{dir}/{stem}.md") }
}

fn is_needed(subject: &Checked) -> bool {
    let has_text = subject.kind.is_record() || subject.canonical.is_some();
    has_text && subject.findings.iter().any(|finding| finding.path.is_none())
}

fn stem(name: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') { c } else { '-' };
    let name: String = name.chars().map(safe).collect();
    let name = name.trim_matches(['.', '-']);
    match name.get(..STEM).unwrap_or(name) {
        "" => "record".to_owned(),
        name => name.to_owned(),
    }
}

/// `stem`, or with the first free number behind it. File systems that ignore case must not merge two of them.
fn unique(stem: &str, taken: &mut HashSet<String>) -> String {
    let numbered = (2..).map(|number| format!("{stem}-{number}"));
    std::iter::once(stem.to_owned())
        .chain(numbered)
        .find(|name| taken.insert(name.to_ascii_lowercase()))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_and_never_shared() {
        assert_eq!(stem("grp/proj!7"), "grp-proj-7");
        assert_eq!(stem("../../etc/päss wd"), "etc-p-ss-wd");
        assert_eq!(stem("#12"), "12");
        assert_eq!(stem("日本"), "record");
        let mut taken = HashSet::new();
        let names = ["a-7", "A-7", "a-7-2", "a-7"].map(|stem| unique(stem, &mut taken));
        assert_eq!(names, ["a-7", "A-7-2", "a-7-2-2", "a-7-3"]);
    }
}
