//! What belongs to a record of a list: each detail under the key in which a record holds it.

use serde_json::Value;

use super::call::Call;
use super::list::Event;
use super::note::Item;
use super::page::Items;
use super::{Gitlab, GitlabError, Place};
use crate::subject::{Detail, Kind};

/// How many levels of epics GitLab has below another one.
const LEVELS: usize = 7;

impl Gitlab {
    /// The `detail` of `record`, which is a `kind` as a list of the API has it; nothing where records of that kind have
    /// no such detail.
    ///
    /// # Errors
    /// Any [`GitlabError`]; [`GitlabError::Shape`] where the record does not say whose it is.
    pub fn detail(&self, kind: Kind, record: &Value, detail: Detail) -> Result<Vec<Value>, GitlabError> {
        if !detail.is_of(kind) {
            return Ok(Vec::new());
        }
        let number = |key: &'static str| record[key].as_u64().ok_or_else(|| unnumbered(kind));
        if kind == Kind::Epic {
            let (group, id, iid) = (number("group_id")?, number("id")?, number("iid")?);
            return self.detail_of_epic(record, group, id, iid, detail);
        }
        let (project, iid) = (number("project_id")?.to_string(), number("iid")?);
        let item =
            if kind == Kind::Issue { Item::issue(project, iid) } else { Item::merge_request(project, iid) };
        match detail {
            Detail::Notes => self.notes(&item),
            Detail::LabelEvents => self.events(&item, Event::Label),
            Detail::MilestoneEvents => self.events(&item, Event::Milestone),
            Detail::StateEvents => self.events(&item, Event::State),
            Detail::Links => self.links(&item),
            Detail::Commits => self.commits(&item),
            Detail::Diffs => self.diffs(&item),
            Detail::Children => return Ok(Vec::new()),
        }
        .collect()
    }

    /// Comments and events of epics are asked for by their id, the rest by their number in the group.
    fn detail_of_epic(
        &self,
        record: &Value,
        group: u64,
        id: u64,
        iid: u64,
        detail: Detail,
    ) -> Result<Vec<Value>, GitlabError> {
        let path = format!("groups/{group}/epics");
        let below = |of: u64, name: &str| Items::new(self, Call::get(format!("{path}/{of}/{name}")));
        match detail {
            Detail::Notes => {
                let call = Call::get(format!("{path}/{id}/notes"));
                Items::new(self, call.with(&[("order_by", "created_at"), ("sort", "asc")])).collect()
            }
            Detail::LabelEvents | Detail::StateEvents => below(id, detail.key()).collect(),
            Detail::Links => below(iid, "related_epics").collect(),
            Detail::Children => {
                // What lies deeper is below its own epic too, which the list of the group has.
                let levels = if record["parent_id"].is_null() { LEVELS } else { 1 };
                self.tree(group, iid, levels)
            }
            Detail::MilestoneEvents | Detail::Commits | Detail::Diffs => Ok(Vec::new()),
        }
    }

    /// The children of an epic, those of its epics below them in `children`.
    fn tree(&self, group: u64, iid: u64, levels: usize) -> Result<Vec<Value>, GitlabError> {
        let mut children: Vec<Value> = self.children(&group.to_string(), iid).collect::<Result<_, _>>()?;
        for child in children.iter_mut().filter(|_| levels > 1) {
            let is_epic = child["project_id"].is_null();
            if let (Some(group), Some(iid), true) =
                (child["group_id"].as_u64(), child["iid"].as_u64(), is_epic)
            {
                child["children"] = self.tree(group, iid, levels - 1)?.into();
            }
        }
        Ok(children)
    }

    /// How many issues a list has, which pages by key do not tell.
    ///
    /// # Errors
    /// Any [`GitlabError`].
    pub fn issue_count(&self, place: &Place, filters: &[(&str, &str)]) -> Result<u64, GitlabError> {
        let call = Call::get(format!("{}/issues_statistics", place.path())).with(&[("scope", "all")]);
        let name = call.name();
        let state = filters.iter().find(|(name, _)| *name == "state").map_or("all", |(_, state)| *state);
        let others: Vec<_> = filters.iter().filter(|(name, _)| *name != "state").copied().collect();
        let counts = self.object(call.with(&others))?;
        let count = counts["statistics"]["counts"][state].as_u64();
        count.ok_or(GitlabError::Shape { call: name, expected: "a number of issues" })
    }
}

fn unnumbered(kind: Kind) -> GitlabError {
    let (call, expected) = match kind {
        Kind::Epic => ("GET epics", "epics with `id`, `iid` and `group_id`"),
        _ => ("GET records", "records with `iid` and `project_id`"),
    };
    GitlabError::Shape { call: call.to_owned(), expected }
}
