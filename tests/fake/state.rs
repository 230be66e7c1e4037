//! What the server holds: projects, groups, issues, merge requests, users and tokens.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// Everything.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct State {
    pub projects: Vec<Project>,
    pub groups: Vec<Group>,
    pub tokens: Vec<Token>,
    /// How many calls a minute are allowed; `RateLimit-Limit`.
    pub rate: Option<u64>,
    /// How many notes a minute are taken; GitLab's own limit, which no header announces.
    pub notes_a_minute: Option<u64>,
    /// How many were taken in this minute, which ends with a refusal: tests do not wait.
    pub notes_taken: u64,
    /// Whether lists of issues can be paged by key; servers before 18.3 cannot.
    pub no_keyset: bool,
    /// Counts what is made: ids and times come from it.
    pub made: u64,
    /// How many calls were made in this window.
    pub observed: u64,
}

/// A token, and who it belongs to.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Token {
    pub secret: String,
    /// Whether it is a job's.
    #[serde(default)]
    pub job: bool,
    #[serde(default)]
    pub scopes: Vec<String>,
    pub user: String,
    /// The role in every project: 20 Reporter, 30 Developer, 40 Maintainer.
    #[serde(default = "developer")]
    pub role: u32,
    #[serde(default)]
    pub expired: bool,
    #[serde(default)]
    pub revoked: bool,
}

fn developer() -> u32 {
    30
}

/// A project.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Project {
    pub id: u64,
    pub path: String,
    pub public: bool,
    /// Where it was before: those paths are redirected.
    pub moved_from: Vec<String>,
    pub labels: Vec<Value>,
    pub milestones: Vec<Value>,
    pub members: Vec<Value>,
    pub issues: Vec<Item>,
    pub merge_requests: Vec<Item>,
}

/// A group; the projects whose path begins with its own belong to it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Group {
    pub id: u64,
    pub path: String,
    pub labels: Vec<Value>,
    pub milestones: Vec<Value>,
    pub members: Vec<Value>,
    pub epics: Vec<Epic>,
    /// Whether its tier lacks epics.
    pub no_epics: bool,
}

/// An epic, with what lies below it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Epic {
    pub record: Map<String, Value>,
    pub issues: Vec<Value>,
    pub epics: Vec<Value>,
    pub notes: Vec<Value>,
    pub related_epics: Vec<Value>,
    pub resource_label_events: Vec<Value>,
    pub resource_state_events: Vec<Value>,
}

/// An issue or a merge request, with what belongs to it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Item {
    pub record: Map<String, Value>,
    pub discussions: Vec<Value>,
    pub commits: Vec<Value>,
    pub diffs: Vec<Value>,
    pub versions: Vec<Value>,
    pub links: Vec<Value>,
    pub resource_label_events: Vec<Value>,
    pub resource_milestone_events: Vec<Value>,
    pub resource_state_events: Vec<Value>,
}

impl Item {
    /// An item that holds nothing but its fields.
    pub fn of(record: &Value) -> Self {
        Self { record: record.as_object().cloned().unwrap_or_default(), ..Self::default() }
    }

    pub fn iid(&self) -> u64 {
        self.record.get("iid").and_then(Value::as_u64).unwrap_or(0)
    }

    /// All notes, the oldest first.
    pub fn notes(&self) -> Vec<Value> {
        let notes = self.discussions.iter().filter_map(|thread| thread["notes"].as_array()).flatten();
        let mut notes: Vec<Value> = notes.cloned().collect();
        notes.sort_by_key(|note| (note["created_at"].as_str().map(str::to_owned), note["id"].as_u64()));
        notes
    }
}

impl State {
    /// A project with issues, merge requests, labels and milestones, its group, and four tokens.
    pub fn sample() -> Self {
        serde_json::from_str(include_str!("state.json")).expect("a state")
    }

    /// A number nothing else has.
    pub(super) fn next_id(&mut self) -> u64 {
        self.made += 1;
        1000 + self.made
    }

    /// The time of the next change; each is a second after the one before.
    pub(super) fn now(&mut self) -> String {
        self.made += 1;
        let start: jiff::Timestamp = "2026-03-02T09:00:00Z".parse().expect("a time");
        let made = i64::try_from(self.made).expect("few");
        let time = start + jiff::SignedDuration::from_secs(made);
        format!("{}.000Z", time.strftime("%Y-%m-%dT%H:%M:%S"))
    }

    /// The id of a new thread: 40 hexadecimal digits.
    pub(super) fn next_thread(&mut self) -> String {
        let digest = Sha256::digest(self.next_id().to_be_bytes());
        digest.iter().take(20).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// A user as records show them.
pub(super) fn user(name: &str) -> Value {
    let digest = Sha256::digest(name.as_bytes());
    let id = u64::from(digest[0]) * 256 + u64::from(digest[1]) + 1;
    json!({
        "id": id, "username": name, "name": name, "state": "active", "locked": false, "avatar_url": null,
        "web_url": format!("https://gitlab.example.com/{name}"),
    })
}

/// Whether `value` is the number that `text` writes.
pub(super) fn is_number(value: &Value, text: &str) -> bool {
    value.as_u64().is_some_and(|number| text.parse() == Ok(number))
}
