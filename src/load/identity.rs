//! What a record is called: its project and its number, from whichever key has them.

use percent_encoding::percent_decode_str;

use super::json::{Json, Object};
use crate::subject::Kind;

/// The project (for an epic: the group) and the number of a record.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) project: Option<String>,
    pub(super) iid: Option<u64>,
}

impl Identity {
    /// Reads `references.full`, then `web_url`, then `project` or `project_path` of `record`, then takes `project`;
    /// an epic belongs to the group of a project.
    pub(super) fn of(record: &Object<'_>, kind: Kind, project: Option<&str>) -> Self {
        let group = |project| str::rsplit_once(project, '/').map_or(project, |(group, _)| group);
        let project = if kind == Kind::Epic { project.map(group) } else { project };
        let text = |key: &str| record.get(key).and_then(Json::as_str).filter(|text| !text.is_empty());
        let full =
            record.get("references").and_then(|references| references.get("full")).and_then(Json::as_str);
        let reference = full.map(of_reference).unwrap_or_default();
        let url = || text("web_url").map(of_url).unwrap_or_default();
        let own = || text("project").or_else(|| text("project_path")).or(project).map(str::to_owned);
        Self {
            project: reference.project.or_else(|| url().project).or_else(own),
            iid: record.get("iid").and_then(number).or(reference.iid).or_else(|| url().iid),
        }
    }

    /// `group/project!7`, `group/project#12`, `group&3`, without the project where it is unknown; a record without
    /// a number goes by its 1-based `position` in the input: `issue 3`.
    pub(super) fn name(&self, kind: Kind, position: usize) -> String {
        let Some(iid) = self.iid else { return format!("{} {position}", kind.name()) };
        let sigil = match kind {
            Kind::MergeRequest => '!',
            Kind::Epic => '&',
            _ => '#',
        };
        format!("{}{sigil}{iid}", self.project.as_deref().unwrap_or_default())
    }
}

fn number(value: &Json<'_>) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

fn of_reference(full: &str) -> Identity {
    let Some(at) = full.rfind(['!', '#', '&']) else { return Identity::default() };
    let project = Some(&full[..at]).filter(|project| !project.is_empty()).map(str::to_owned);
    Identity { project, iid: full[at + 1..].parse().ok() }
}

/// Reads `https://host/group/project/-/issues/12` and `https://host/groups/group/-/epics/3`.
fn of_url(url: &str) -> Identity {
    let path = url.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map(|(_, path)| path);
    let Some((project, rest)) = path.and_then(|path| path.split_once("/-/")) else {
        return Identity::default();
    };
    let project = project.strip_prefix("groups/").unwrap_or(project);
    let iid =
        rest.split('/').nth(1).and_then(|iid| iid.split(['?', '#']).next()).and_then(|iid| iid.parse().ok());
    Identity { project: Some(percent_decode_str(project).decode_utf8_lossy().into_owned()), iid }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn the_name_comes_from_the_best_key_there_is() {
        let name = |record: Value, kind| {
            Identity::of(Json::from(&record).as_object().unwrap(), kind, Some("given/it")).name(kind, 3)
        };
        let full =
            json!({"iid": 7, "references": {"full": "a/b!7"}, "web_url": "https://h/c/d/-/merge_requests/7"});
        assert_eq!(name(full, Kind::MergeRequest), "a/b!7");
        assert_eq!(name(json!({"web_url": "https://h/groups/a/b/-/epics/3"}), Kind::Epic), "a/b&3");
        assert_eq!(name(json!({"web_url": "https://h/a/b/-/work_items/12?x#note_1"}), Kind::Issue), "a/b#12");
        assert_eq!(name(json!({"project": "own/p", "iid": "12"}), Kind::Issue), "own/p#12");
        assert_eq!(name(json!({"iid": 12}), Kind::Issue), "given/it#12");
        assert_eq!(name(json!({"iid": 3}), Kind::Epic), "given&3");
        assert_eq!(name(json!({}), Kind::Issue), "issue 3");
        assert_eq!(Identity { project: None, iid: Some(12) }.name(Kind::Issue, 1), "#12");
    }
}
