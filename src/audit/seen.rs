//! One subject as an audit counts it: what the check said, and the few fields that tell whose it is.

use compact_str::CompactString;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::plan::Observed;
use super::remedies::Proposal;
use crate::document::Document;
use crate::finding::Checked;
use crate::policy::{Reach, Verdicts};
use crate::yaml::Node;

/// A subject after its check.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Seen {
    /// Its place in the source, from 1; what cannot be read has a place too.
    pub place: usize,
    /// What the check said, already redacted where that was asked for.
    pub checked: Checked,
    /// What the record says of itself.
    pub profile: Profile,
    /// What the policies of the project would do to it, where there are any; counted as soon as it is seen.
    #[serde(skip)]
    pub policies: Option<Verdicts>,
    /// Whether any policy would touch it, where there are any.
    #[serde(default)]
    pub reach: Option<Reach>,
    /// What the machines and time limits of the rules see in it; it is counted before a subject waits.
    #[serde(skip)]
    pub observed: Observed,
    /// The quick actions that would mend it; taken as soon as it is seen.
    #[serde(skip)]
    pub proposal: Proposal,
}

/// The fields of a record that an audit sums up; all are absent for a file.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Profile {
    /// The number within its project or group.
    pub iid: Option<u64>,
    /// Its page.
    pub url: Option<String>,
    /// Its title; absent where it is confidential and not to be shown.
    pub title: Option<String>,
    /// `opened`, `closed`, `merged` or `locked`.
    pub state: Option<CompactString>,
    /// The names of its labels, in its own order.
    pub labels: Vec<CompactString>,
    /// The title of its milestone.
    pub milestone: Option<CompactString>,
    /// The day it was created.
    pub created: Option<Date>,
    /// The day of its last change.
    pub updated: Option<Date>,
    /// The day it was closed.
    pub closed: Option<Date>,
    /// Only members may see it.
    pub confidential: bool,
}

impl Seen {
    /// The same, fit to be written down: a confidential subject whose title is not shown keeps no other words either.
    pub(super) fn without_secrets(&self) -> Self {
        let mut seen = self.clone();
        if seen.profile.confidential && seen.profile.title.is_none() {
            (seen.profile.labels, seen.profile.milestone) = (Vec::new(), None);
        }
        seen
    }
}

impl Profile {
    /// Whether only members may see it, and its words are not to be shown.
    pub fn is_hidden(&self) -> bool {
        self.confidential && self.title.is_none()
    }

    /// What the subject of `document` says of itself; a confidential title only where `show_confidential`.
    pub fn of(document: &Document<'_>, show_confidential: bool) -> Self {
        let subject = document.subject;
        let Some(header) = subject.header.as_ref().filter(|_| subject.kind.is_record()) else {
            return Self::default();
        };
        let text = |key: &str| document.kept_field(key)?.first().map(|mark| &*mark.text);
        let title = || header.get("title").and_then(Node::as_str).map(str::to_owned);
        let day = |key: &str| text(key)?.get(..10)?.parse().ok();
        let confidential = text("confidential") == Some("true");
        let labels = header.get("labels").map(Node::items).unwrap_or_default();
        let name = |label: &Node| {
            let name = label.as_str().or_else(|| label.get("name").or_else(|| label.get("title"))?.as_str());
            name.map(CompactString::from)
        };
        Self {
            iid: text("iid").and_then(|iid| iid.parse().ok()),
            url: text("web_url").map(str::to_owned),
            title: if show_confidential || !confidential { title() } else { None },
            state: text("state").map(CompactString::from),
            labels: labels.iter().filter_map(name).collect(),
            milestone: header
                .get("milestone")
                .and_then(|of| of.get("title"))
                .and_then(Node::as_str)
                .map(CompactString::from),
            created: day("created_at"),
            updated: day("updated_at"),
            closed: day("closed_at"),
            confidential,
        }
    }
}
