//! A project with issues to mend, its server, and the plan beside which the journal grows.

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::civil::date;
use proclint::apply::{Applied, ApplyError, Journal, Terms, apply};
use proclint::audit::remedies::{Header, Plan, PlanWriter, Planning, Proposal, SCHEMA, rules_hash};
use proclint::audit::{Digest, Profile, Seen};
use proclint::config::Config;
use proclint::document::Document;
use proclint::engine::check;
use proclint::fix::Reach;
use proclint::load::gitlab::{Access, Clock, Gitlab, ProxyChoice, Token};
use proclint::load::record_subject;
use proclint::rule::RuleSet;
use proclint::rule::set::{ConfigText, Selection};
use proclint::subject::Kind;
use proclint::world::World;
use serde_json::{Map, Value, json};
use tempfile::TempDir;

use crate::fake::{Fake, Item, State};

pub const BOT: &str = "token-of-the-bot";

/// Of so many issues the first [`SICK`] lack their label and their milestone.
pub const ISSUES: u64 = 40;
pub const SICK: u64 = 6;

/// A clock on which waits pass at once.
#[derive(Clone, Default)]
pub struct Quick(Arc<Mutex<Duration>>);

impl Clock for Quick {
    fn now(&self) -> u64 {
        let real = SystemTime::now().duration_since(UNIX_EPOCH).expect("a time");
        (real + *self.0.lock().expect("waits")).as_secs()
    }

    fn sleep(&self, time: Duration) {
        *self.0.lock().expect("waits") += time;
    }

    fn jitter(&self) -> f64 {
        0.5
    }
}

pub fn issue(iid: u64) -> Value {
    let title = if iid <= SICK { format!("17.{iid} Planning issue") } else { format!("Fix part {iid}") };
    json!({
        "id": 500 + iid, "iid": iid, "project_id": 7, "title": title, "description": "Text.", "state": "opened",
        "labels": ["bug"], "milestone": null, "assignees": [], "weight": null, "due_date": null,
        "confidential": false, "created_at": "2026-01-01T00:00:00.000Z", "updated_at": "2026-01-02T00:00:00.000Z",
        "web_url": format!("https://gitlab.example.com/group/project/-/issues/{iid}"),
        "references": { "full": format!("group/project#{iid}") },
    })
}

pub fn state() -> State {
    let mut state = State::sample();
    let project = &mut state.projects[0];
    project.issues = (1..=ISSUES).map(|iid| Item::of(&issue(iid))).collect();
    project.labels = ["bug", "planning issue"].iter().map(|name| json!({ "name": name })).collect();
    project.milestones =
        (1..=SICK).map(|iid| json!({ "id": iid, "title": format!("17.{iid}"), "state": "active" })).collect();
    state
}

pub struct Scene {
    pub fake: Fake,
    pub folder: TempDir,
    pub path: PathBuf,
    pub text: String,
}

impl Scene {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("plan.ndjson");
        let text = plan_text(&(1..=ISSUES).map(issue).collect::<Vec<_>>());
        fs::write(&path, &text).expect("written");
        Self { fake: Fake::start(state()), folder, path, text }
    }

    pub fn plan(&self) -> Plan {
        read(&self.path)
    }

    pub fn undo_path(&self) -> PathBuf {
        self.folder.path().join("plan.ndjson.undo.ndjson")
    }

    pub fn gitlab(&self, secret: &str, budget: usize) -> Gitlab {
        let mut access = Access::new(self.fake.api(), Token::access(secret.to_owned()).expect("a token"));
        access.budget = budget;
        access.connection.timeout = Duration::from_millis(300);
        access.connection.proxy = ProxyChoice::None;
        Gitlab::new(access, Box::new(Quick::default())).expect("a client")
    }

    /// Posts the plan with the bot's token.
    pub fn apply(&self, cap: usize) -> Applied {
        self.apply_with(&self.path, cap, BOT, 1000)
    }

    pub fn apply_with(&self, path: &Path, cap: usize, secret: &str, budget: usize) -> Applied {
        let plan = read(path);
        let mut journal = Journal::open(path, &plan.header).expect("a journal");
        apply(&self.gitlab(secret, budget), &plan, &mut journal, cap)
    }

    pub fn record(&self, iid: u64) -> Map<String, Value> {
        self.fake.state().projects[0].issues[iid as usize - 1].record.clone()
    }

    /// A person changes a field of an issue.
    pub fn change(&self, iid: u64, key: &str, value: Value) {
        let mut state = self.fake.state();
        let record = &mut state.projects[0].issues[iid as usize - 1].record;
        record.insert(key.to_owned(), value);
        record.insert("updated_at".to_owned(), json!("2026-03-01T12:00:00.000Z"));
    }

    /// How often the issue got a label and how often it lost one.
    pub fn label_events(&self, iid: u64) -> (usize, usize) {
        let state = self.fake.state();
        let events = &state.projects[0].issues[iid as usize - 1].resource_label_events;
        let of = |action: &str| events.iter().filter(|event| event["action"] == action).count();
        (of("add"), of("remove"))
    }

    pub fn is_mended(&self, iid: u64) -> bool {
        let record = self.record(iid);
        record["labels"] == json!(["bug", "planning issue"])
            && record["milestone"]["title"] == format!("17.{iid}")
    }

    pub fn is_as_before(&self, iid: u64) -> bool {
        let bare = |mut record: Map<String, Value>| {
            record.remove("updated_at");
            // The server writes that nothing was closed.
            record.remove("closed_at");
            record
        };
        bare(self.record(iid)) == bare(issue(iid).as_object().expect("a record").clone())
    }

    /// No note was left by anything.
    pub fn has_no_notes(&self) -> bool {
        self.fake.state().projects[0].issues.iter().all(|issue| issue.notes().is_empty())
    }

    pub fn terms(&self) -> Terms {
        let now = jiff::Timestamp::now();
        let rules_hash = rules_hash(&[], &ConfigText::default());
        Terms { brake: 25, max_age: 24, rules_hash, now }
    }
}

pub fn read(path: &Path) -> Plan {
    let text = fs::read_to_string(path).expect("UTF-8");
    Plan::read("plan.ndjson", &text).expect("a plan")
}

/// The plan that an audit of `records` writes.
pub fn plan_text(records: &[Value]) -> String {
    let selection = Selection {
        select: vec!["planning-issue-unlabelled".to_owned(), "planning-issue-milestone".to_owned()],
        ignore: Vec::new(),
    };
    let rules = RuleSet::new(&[], Config::default(), &ConfigText::default(), &selection).expect("rules");
    let world = World::on(date(2026, 3, 1));
    let planning = Planning { reach: Reach::Safe, made_at: Some(jiff::Timestamp::now().to_string()) };
    let mut digest = Digest::new("2026-03-01".to_owned(), rules.len());
    let mut writer = PlanWriter::new(Cursor::new(Vec::new()));
    for record in records {
        let subject = record_subject(record, Kind::Issue, None);
        let checked = check(&subject, &rules, &world, false);
        let proposal = Proposal::of(&subject, &checked, &planning);
        writer.add(&proposal).expect("memory");
        let profile = Profile::of(&Document::new(&subject), false);
        digest.add(&mut Seen {
            place: 1,
            checked,
            profile,
            policies: None,
            reach: None,
            observed: Default::default(),
            proposal,
        });
    }
    let about = Header {
        schema: SCHEMA,
        proclint: "0.1.0".to_owned(),
        source: "issues.ndjson".to_owned(),
        undo: false,
        made_at: planning.made_at.clone().unwrap_or_default(),
        today: "2026-03-01".to_owned(),
        rules_hash: rules_hash(&[], &ConfigText::default()),
        subjects: 0,
        entries: 0,
        rules: Default::default(),
        not_planned: Default::default(),
    };
    let mut out = Vec::new();
    writer.finish(about, &digest, &rules, &mut out).expect("memory");
    String::from_utf8(out).expect("UTF-8")
}

/// What stopped a run, in words.
pub fn stopped(applied: &Applied) -> String {
    applied.stopped.as_ref().map_or_else(String::new, ApplyError::to_string)
}
