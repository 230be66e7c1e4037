//! What issues are called: the titles of a file of records, those of confidential ones left out.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use super::{LoadError, RecordKind, each_record};
use crate::subject::Subject;

/// An issue, epic or merge request that can be named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title {
    /// Its full reference, `group/project#12`; `#12` where the project is unknown.
    pub reference: String,
    /// Its title, one line.
    pub title: String,
    /// Where it is shown, if the record says so.
    pub url: Option<String>,
}

/// The titles in the file at `path`: a JSON array, one object or NDJSON of records, as the REST API gives them.
/// `project` is the project of records that do not name theirs.
///
/// # Errors
/// Those of [`each_record`].
pub fn read_titles(path: &Path, project: Option<&str>) -> Result<Vec<Title>, LoadError> {
    let name = path.display().to_string();
    let unreadable = |source| LoadError::Unreadable { path: name.clone(), source };
    let reader = BufReader::new(File::open(path).map_err(unreadable)?);
    let mut titles = Vec::new();
    each_record(reader, RecordKind::IssueOrEpic, &name, project, &mut |record| {
        titles.extend(record.ok().as_ref().and_then(title));
    })?;
    Ok(titles)
}

/// The title of a record; none where it is confidential, or might be.
fn title(record: &Subject) -> Option<Title> {
    let header = record.header.as_ref()?;
    let get = |key: &str| header.get(key).and_then(|node| node.as_str());
    let confidential = header.get("confidential").and_then(|node| node.as_str());
    if confidential.is_some_and(|confidential| confidential != "false") {
        return None;
    }
    let is_request = header.get("source_branch").is_some();
    let reference = if is_request { record.name.replacen('#', "!", 1) } else { record.name.clone() };
    let title = get("title")?.split_whitespace().collect::<Vec<_>>().join(" ");
    (!title.is_empty()).then(|| Title { reference, title, url: get("web_url").map(str::to_owned) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn confidential_titles_are_never_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("issues.ndjson");
        let records = [
            r#"{"iid": 1, "title": "Open\n one", "web_url": "https://h/a/b/-/issues/1", "confidential": false}"#,
            r#"{"iid": 2, "title": "Secret", "web_url": "https://h/a/b/-/issues/2", "confidential": true}"#,
            r#"{"iid": 3, "title": "Request", "project_id": 1, "source_branch": "x"}"#,
            r#"{"iid": 4, "title": "Epic", "group_id": 1, "references": {"full": "a&4"}}"#,
            r#"{"iid": 5, "title": null}"#,
        ];
        std::fs::write(&file, records.join("\n")).unwrap();
        let titles = read_titles(&file, Some("c/d")).unwrap();
        let titles: Vec<_> = titles.iter().map(|title| (&*title.reference, &*title.title)).collect();
        assert_eq!(titles, [("a/b#1", "Open one"), ("c/d!3", "Request"), ("a&4", "Epic")]);
    }
}
