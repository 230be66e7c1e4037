//! Lists of a project or a group, and what belongs to one issue or merge request.

use serde_json::Value;

use super::address::escape;
use super::call::Call;
use super::note::Item;
use super::page::Items;
use super::{Gitlab, GitlabError};

/// Whose list it is, by path or number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A project.
    Project(String),
    /// A group.
    Group(String),
}

impl Place {
    pub(super) fn path(&self) -> String {
        match self {
            Self::Project(id) => format!("projects/{}", escape(id)),
            Self::Group(id) => format!("groups/{}", escape(id)),
        }
    }
}

/// What is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// Issues, the oldest first.
    Issues,
    /// Merge requests, the oldest first.
    MergeRequests,
    /// Epics of a group.
    Epics,
    /// Labels, those of the groups above included.
    Labels,
    /// Milestones, those of the groups above included.
    Milestones,
    /// Members, inherited ones included.
    Members,
}

/// What happened to an issue or a merge request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// `resource_label_events`.
    Label,
    /// `resource_milestone_events`.
    Milestone,
    /// `resource_state_events`.
    State,
}

impl Event {
    /// The key of a record that holds these events, which is also the endpoint's name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Label => "resource_label_events",
            Self::Milestone => "resource_milestone_events",
            Self::State => "resource_state_events",
        }
    }
}

impl Gitlab {
    /// The items of a list, with GitLab's own filters: `("state", "opened")`, `("updated_after", …)`.
    pub fn list(&self, place: &Place, list: List, filters: &[(&str, &str)]) -> Items<'_> {
        let (name, usual): (_, &[(&str, &str)]) = match list {
            List::Issues => ("issues", &[]),
            List::MergeRequests => ("merge_requests", &[("order_by", "created_at"), ("sort", "asc")]),
            List::Epics => ("epics", &[("order_by", "created_at"), ("sort", "asc")]),
            List::Labels => ("labels", &[]),
            List::Milestones => ("milestones", &[("include_ancestors", "true")]),
            List::Members => ("members/all", &[]),
        };
        let call = Call::get(format!("{}/{name}", place.path()));
        match (list, place) {
            (List::Issues, Place::Project(_)) => Items::keyset(self, call.with(filters)),
            (List::Issues, Place::Group(_)) => {
                let oldest_first = [("scope", "all"), ("order_by", "created_at"), ("sort", "asc")];
                Items::new(self, call.with(&oldest_first).with(filters))
            }
            (_, _) => Items::new(self, call.with(usual).with(filters)),
        }
    }

    /// Goes on with a list at the place [`Items::place`] gave in another run.
    pub fn resume(&self, place: &str) -> Items<'_> {
        Items::at(self, place)
    }

    /// What happened to `item`, the oldest first.
    pub fn events(&self, item: &Item, event: Event) -> Items<'_> {
        Items::new(self, Call::get(format!("{}/{}", item.path(), event.key())))
    }

    /// The issues linked to an issue, with their `link_type`.
    pub fn links(&self, item: &Item) -> Items<'_> {
        Items::new(self, Call::get(format!("{}/links", item.path())))
    }

    /// The children of an epic: its issues, then the epics below it.
    pub fn children(&self, group: &str, epic: u64) -> impl Iterator<Item = Result<Value, GitlabError>> + '_ {
        let path = format!("groups/{}/epics/{epic}", escape(group));
        let of = |name: &str| Items::new(self, Call::get(format!("{path}/{name}")));
        let (issues, epics) = (of("issues"), of("epics"));
        issues.chain(epics)
    }
}
