//! The fields of a record that quick actions change, as they are at one moment.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};

use super::Action;
use crate::subject::Subject;
use crate::yaml::Node;

/// What a record says of the fields that quick actions change; what it does not say is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct State {
    /// The moment of its last change, as GitLab writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<String>,
    /// The names of its labels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labels: Option<BTreeSet<String>>,
    /// The title of its milestone; `null` for none.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "said")]
    pub milestone: Option<Option<String>>,
    /// The usernames of its assignees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignees: Option<BTreeSet<String>>,
    /// Its weight; `null` for none.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "said")]
    pub weight: Option<Option<u64>>,
    /// The day it is due, `YYYY-MM-DD`; `null` for none.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "said")]
    pub due_date: Option<Option<String>>,
    /// `opened`, `closed`, `merged` or `locked`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
}

/// `null` says that there is none; only a missing key says nothing.
fn said<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
}

impl State {
    /// What the record `subject` says.
    pub fn of(subject: &Subject) -> Self {
        let Some(header) = &subject.header else { return Self::default() };
        let text = |key: &str| header.get(key).and_then(Node::as_str).map(str::to_owned);
        let names = |key: &str| {
            let items = header.get(key)?.items();
            // A project export has the numbers of users where the API has their names.
            items
                .iter()
                .map(|item| item.as_str().filter(|name| key == "labels" || !is_number(name)))
                .map(|name| name.map(str::to_owned))
                .collect()
        };
        let value = |key: &str| {
            let node = header.get(key)?;
            if node.is_null() { Some(None) } else { node.as_str().map(|text| Some(text.to_owned())) }
        };
        let milestone = header.get("milestone").and_then(|node| match node.get("title") {
            Some(title) => title.as_str().map(|title| Some(title.to_owned())),
            None => node.is_null().then_some(None),
        });
        let weight = value("weight").and_then(|weight| match weight {
            Some(weight) => weight.parse().ok().map(Some),
            None => Some(None),
        });
        Self {
            updated_at: text("updated_at"),
            labels: names("labels"),
            milestone,
            assignees: names("assignees"),
            weight,
            due_date: value("due_date"),
            state: text("state"),
        }
    }

    /// The fields that `actions` change, and the moment; nothing else is written down of what is confidential.
    #[must_use]
    pub fn touched(&self, actions: &[Action]) -> Self {
        let touches = |field: &str| actions.iter().any(|action| action.field() == field);
        Self {
            updated_at: self.updated_at.clone(),
            labels: self.labels.clone().filter(|_| touches("labels")),
            milestone: self.milestone.clone().filter(|_| touches("milestone")),
            assignees: self.assignees.clone().filter(|_| touches("assignees")),
            weight: self.weight.filter(|_| touches("weight")),
            due_date: self.due_date.clone().filter(|_| touches("due date")),
            state: self.state.clone().filter(|_| touches("state")),
        }
    }

    /// Whether both were taken at the same moment; `None` where one of them does not know its own.
    pub fn is_same_moment(&self, other: &Self) -> Option<bool> {
        let (ours, theirs) = (self.updated_at.as_deref()?, other.updated_at.as_deref()?);
        let moment = |text: &str| text.parse::<Timestamp>().ok();
        Some(ours == theirs || moment(ours).is_some_and(|ours| moment(theirs) == Some(ours)))
    }

    /// What is different in `now`, of what is known here, in words; `None` where nothing is.
    pub fn change(&self, now: &Self) -> Option<&'static str> {
        fn differs<T: PartialEq>(then: Option<&T>, now: Option<&T>) -> bool {
            then.is_some_and(|then| Some(then) != now)
        }
        let fields = [
            ("its labels", differs(self.labels.as_ref(), now.labels.as_ref())),
            ("its milestone", differs(self.milestone.as_ref(), now.milestone.as_ref())),
            ("its assignees", differs(self.assignees.as_ref(), now.assignees.as_ref())),
            ("its weight", differs(self.weight.as_ref(), now.weight.as_ref())),
            ("its due date", differs(self.due_date.as_ref(), now.due_date.as_ref())),
            ("its state", differs(self.state.as_ref(), now.state.as_ref())),
        ];
        let field = fields.into_iter().find(|(_, differs)| *differs).map(|(field, _)| field);
        let moved = self.updated_at.is_some() && self.is_same_moment(now) != Some(true);
        field.or_else(|| moved.then_some("something of it"))
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
