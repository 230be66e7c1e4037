//! A plan: the quick actions that would mend what an audit found, one record a line, for a person to read and cut down.

mod action;
mod propose;
mod read;
mod state;
mod writer;

use std::collections::BTreeMap;
use std::io;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

pub use action::{Action, Unfit, undo};
pub use propose::{Planning, Proposal};
pub use read::{BadPlan, Plan};
pub use state::State;
pub use writer::PlanWriter;

use crate::rule::set::{BUILT_IN, ConfigText, OwnFile};
use crate::subject::Kind;

/// The version of the format.
pub const SCHEMA: u32 = 1;

/// The first line of a plan.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Header {
    /// The version of the format, [`SCHEMA`].
    pub schema: u32,
    /// The version of proclint that made it.
    pub proclint: String,
    /// What was audited; for an undo file the plan it undoes.
    pub source: String,
    /// Whether it undoes another plan: it brings back what was, whatever the rules say by now.
    #[serde(default)]
    pub undo: bool,
    /// When it was made, as in `2026-03-15T09:00:00Z`.
    pub made_at: String,
    /// The day that counted as today, `YYYY-MM-DD`.
    pub today: String,
    /// A hash of all rules and the configuration.
    pub rules_hash: String,
    /// Number of subjects of the audit.
    pub subjects: usize,
    /// Number of entries when it was made.
    pub entries: usize,
    /// For each rule with an entry, how many subjects it hit of those it reads.
    pub rules: BTreeMap<String, Share>,
    /// What was not planned, and how often, by the reason.
    pub not_planned: BTreeMap<String, usize>,
}

/// How many subjects a rule hit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// Subjects of the kinds that the rule reads.
    pub asked: usize,
    /// Subjects among them with a finding of the rule.
    pub hit: usize,
}

impl Share {
    /// The share in percent; 0 where nothing was asked.
    pub fn percent(self) -> f64 {
        self.hit as f64 * 100.0 / self.asked.max(1) as f64
    }
}

/// What is posted to one record.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What tells it from all other entries of all plans, hexadecimal.
    pub id: String,
    /// The record's name, as in `group/project#12`.
    pub subject: String,
    /// Its project.
    pub project: String,
    /// `issue` or `merge-request`.
    pub kind: Kind,
    /// Its number in the project.
    pub iid: u64,
    /// Its page, where the record says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Which rules ask for it; empty in an undo file.
    pub why: Vec<Reason>,
    /// The quick actions, one a line.
    pub quick_actions: Vec<String>,
    /// The record's state for which they were worked out.
    #[serde(default)]
    pub state: State,
    /// Quick actions whose effect must still stand, in an undo file: what a person changed since stays.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub still: Vec<String>,
}

/// A rule that asks for an entry; no word of the record is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// The rule's id.
    pub rule: String,
    /// What the rule is about.
    pub title: String,
    /// The finding's fingerprint.
    pub fingerprint: String,
}

impl Entry {
    /// Its quick actions, read strictly.
    ///
    /// # Errors
    /// Where one of them is not allowed in a plan.
    pub fn actions(&self) -> Result<Vec<Action>, Unfit> {
        self.quick_actions.iter().map(|line| Action::read(line, self.kind)).collect()
    }

    /// The quick actions whose effect must still stand.
    ///
    /// # Errors
    /// Where one of them is not allowed in a plan.
    pub fn standing(&self) -> Result<Vec<Action>, Unfit> {
        self.still.iter().map(|line| Action::read(line, self.kind)).collect()
    }
}

/// `of` as a line of a plan, without its line break.
pub(crate) fn line_of<T: Serialize>(kind: &'static str, of: &T) -> io::Result<String> {
    #[derive(Serialize)]
    struct Line<'l, T> {
        r#type: &'static str,
        #[serde(flatten)]
        of: &'l T,
    }
    Ok(serde_json::to_string(&Line { r#type: kind, of })?)
}

/// A hash of everything that decides what rules find: proclint's own rules, `own` ones and the configuration.
pub fn rules_hash(own: &[OwnFile], config: &ConfigText) -> String {
    let texts = BUILT_IN.iter().map(|rule| rule.yaml);
    let texts = texts.chain(own.iter().map(|file| file.text.as_str())).chain([config.text.as_str()]);
    hash(texts)
}

/// 16 hexadecimal digits that stand for `parts` in their order.
pub(crate) fn hash<'p>(parts: impl IntoIterator<Item = &'p str>) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part.as_bytes());
    }
    digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
