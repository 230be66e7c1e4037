//! A merge request on the fake server whose commits a test makes, and a job that judges and publishes.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use proclint::diagnostic::{Diagnostic, Edit, Fix, RuleHeader, Severity};
use proclint::engine::{distinguish, located};
use proclint::finding::{Checked, Report};
use proclint::load::gitlab::{Access, Clock, Gitlab, Item, Parts, ProxyChoice, Token};
use proclint::load::{file_subject, record_subject};
use proclint::publish::{Limits, Publication, Published, Stamp, is_marked, publish};
use proclint::subject::{Format, Kind, Subject};
use proclint::text::Span;
use serde_json::{Value, json};

use crate::fake::{Fake, Item as Stored, State};
use crate::fixture;

pub const BOT: &str = "token-of-the-bot";

/// The word that the rule of these tests is about, in files.
const WORD: &str = "utilize";

/// A clock on which no wait takes time.
struct Quick;

impl Clock for Quick {
    fn now(&self) -> u64 {
        SystemTime::now().duration_since(UNIX_EPOCH).expect("a time").as_secs()
    }

    fn sleep(&self, _: Duration) {}

    fn jitter(&self) -> f64 {
        0.5
    }
}

/// Files by their path.
pub type Files = BTreeMap<&'static str, &'static str>;

pub struct Scene {
    pub fake: Fake,
    gitlab: Gitlab,
    pub limits: Limits,
    /// What somebody could paste.
    pub quick_actions: Vec<String>,
    /// Whether what is found must not spread.
    pub discreet: bool,
    base: Files,
    head: Files,
    pushes: usize,
}

impl Scene {
    /// A merge request whose target branch holds `base`.
    pub fn new(base: &Files) -> Self {
        Self::with(base, Token::access(BOT.to_owned()).expect("a token"))
    }

    pub fn with(base: &Files, token: Token) -> Self {
        let fake = Fake::start(State::sample());
        let mut access = Access::new(fake.api(), token);
        access.connection.proxy = ProxyChoice::None;
        let gitlab = Gitlab::new(access, Box::new(Quick)).expect("a client");
        Self {
            fake,
            gitlab,
            limits: Limits::default(),
            quick_actions: Vec::new(),
            discreet: false,
            base: base.clone(),
            head: base.clone(),
            pushes: 0,
        }
    }

    /// The merge request on the server, to look at or to change.
    pub fn stored<T>(&self, with: impl FnOnce(&mut Stored) -> T) -> T {
        with(&mut self.fake.state().projects[0].merge_requests[0])
    }

    /// Pushes a commit that makes the branch hold `head`.
    pub fn push(&mut self, head: &Files) {
        self.pushes += 1;
        self.head = head.clone();
        let commit = format!("{:040x}", 0xabc0_0000 + self.pushes);
        let diffs: Vec<Value> = changed(&self.base, head);
        let [base, start] = ["b", "5"].map(|digit| digit.repeat(40));
        self.stored(|item| {
            item.diffs = diffs;
            item.record.insert("sha".into(), json!(commit));
            let refs = json!({ "base_sha": base, "start_sha": start, "head_sha": commit });
            item.record.insert("diff_refs".into(), refs);
            let version = json!({
                "id": item.versions.len() + 3, "base_commit_sha": base, "start_commit_sha": start,
                "head_commit_sha": commit,
            });
            item.versions.insert(0, version);
        });
    }

    /// What a job at the present commit does on the server: the calls that write, and what it could not write.
    pub fn run(&self) -> (Vec<String>, Published) {
        let parts = Parts { commits: false, diffs: true, notes: false };
        let record = self.gitlab.merge_request_record("7", 1, parts).map(|fetched| fetched.record);
        let record = record.unwrap_or_else(|_| json!({ "iid": 1 }));
        let head = record["sha"].as_str().unwrap_or_default().to_owned();
        self.judge(&record, &head)
    }

    /// As [`run`](Self::run), by a job that judges `record` as it was at the commit `head`.
    pub fn judge(&self, record: &Value, head: &str) -> (Vec<String>, Published) {
        let subject = record_subject(record, Kind::MergeRequest, None);
        let report = self.report(&subject);
        let stamp = Stamp::of(record, head);
        self.fake.clear_log();
        let published = publish(
            &self.gitlab,
            &Item::merge_request("7", 1),
            &Publication {
                report: &report,
                record: Some(&subject),
                stamp: &stamp,
                failed: report.findings().next().is_some(),
                quick_actions: &self.quick_actions,
                preview: &[],
                limits: self.limits,
            },
        );
        let log = self.fake.log();
        let writes = log.iter().filter(|seen| seen.method != "GET");
        let writes: Vec<_> = writes.map(|seen| what(seen.line().as_str())).collect();
        (writes, published)
    }

    fn report(&self, record: &Subject) -> Report {
        let mut subjects: Vec<Checked> = self
            .head
            .iter()
            .filter(|(path, text)| self.base.get(*path) != Some(*text))
            .map(|(path, text)| {
                judged(
                    &file_subject(path, (*text).to_owned(), Kind::Page, Format::Markdown),
                    WORD,
                    self.discreet,
                )
            })
            .collect();
        subjects.push(judged(record, "Raises", self.discreet));
        let mut report = Report { checked: subjects.len(), subjects, ..Report::default() };
        distinguish(&mut report);
        report
    }

    /// The bot's notes without their marks, and its threads: path, lines, whether resolved, the notes' first lines.
    pub fn shown(&self) -> (Vec<String>, Vec<String>) {
        let discussions = self.stored(|item| item.discussions.clone());
        let is_own = |note: &Value| {
            note["author"]["username"] == "proclint-bot" && note["body"].as_str().is_some_and(is_marked)
        };
        let own = discussions.iter().filter(|thread| is_own(&thread["notes"][0]));
        let (notes, threads): (Vec<_>, Vec<_>) = own.partition(|thread| thread["individual_note"] == true);
        let text = |note: &Value| {
            let body = note["body"].as_str().unwrap_or_default();
            body.lines()
                .find(|line| !line.is_empty() && !line.starts_with("<!--"))
                .unwrap_or_default()
                .to_owned()
        };
        let notes = notes.iter().map(|thread| text(&thread["notes"][0])).collect();
        let thread = |thread: &&Value| {
            let first = &thread["notes"][0];
            let position = &first["position"];
            let said: Vec<_> = thread["notes"].as_array().expect("notes").iter().map(text).collect();
            format!(
                "{}:{}/{} {}: {}",
                position["new_path"].as_str().unwrap_or_default(),
                position["old_line"],
                position["new_line"],
                if first["resolved"] == true { "resolved" } else { "open" },
                said.join(" + ")
            )
        };
        (notes, threads.iter().map(thread).collect())
    }

    /// Somebody answers, resolves or opens the first thread of the bot.
    pub fn somebody(&self, does: impl Fn(&mut Value)) {
        self.stored(|item| {
            let thread = item.discussions.iter_mut().find(|thread| thread["notes"][0]["type"] == "DiffNote");
            does(thread.expect("a thread"));
        });
    }
}

/// The method and what it is about, without numbers.
fn what(line: &str) -> String {
    let (method, target) = line.split_once(' ').unwrap_or_default();
    let last: Vec<_> = target.split('/').skip_while(|step| *step != "1").skip(1).collect();
    format!("{method} {}", last.first().copied().unwrap_or_default())
}

/// Each `word` of `subject` is a finding that a safe fix mends.
fn judged(subject: &Subject, word: &str, discreet: bool) -> Checked {
    let rule = Arc::new(RuleHeader {
        id: "plain-words".into(),
        title: "Plain words".into(),
        url: "https://handbook.example/words#plain".into(),
        quote: "Use plain words.".into(),
        discreet,
    });
    let found = subject.text.match_indices(word).map(|(at, _)| {
        let span = Span::new(at, at + word.len());
        Diagnostic {
            rule: Arc::clone(&rule),
            severity: Severity::Warning,
            span,
            message: format!("Say `use` and not `{word}`"),
            help: "Plain words are read by more people.".into(),
            related: Vec::new(),
            fix: Some(Fix {
                title: "Write `use`".into(),
                safe: true,
                edits: vec![Edit { span, text: "use".into() }],
            }),
            shared: None,
            grace: false,
        }
    });
    fixture::checked(subject.kind, &subject.name, &subject.text, located(subject, found.collect()))
}

/// The changed files, as `GET …/diffs` lists them; a file that is gone while one of the same text is new was renamed.
fn changed(base: &Files, head: &Files) -> Vec<Value> {
    let entry = |old: &str, new: &str, before: Option<&str>, after: Option<&str>| {
        let text = similar::TextDiff::from_lines(before.unwrap_or_default(), after.unwrap_or_default());
        json!({
            "old_path": old, "new_path": new, "diff": text.unified_diff().to_string(), "collapsed": false,
            "too_large": false, "new_file": before.is_none(), "deleted_file": after.is_none(),
            "renamed_file": old != new, "a_mode": "100644", "b_mode": "100644",
        })
    };
    let gone: Vec<_> = base.iter().filter(|(path, _)| !head.contains_key(*path)).collect();
    let mut files = Vec::new();
    for (path, text) in head {
        let old = base.get(path).map(|text| (*path, *text));
        let first = |text: &str| text.lines().next().map(str::to_owned);
        let renamed =
            gone.iter().find(|(_, before)| first(before) == first(text)).map(|(old, text)| (**old, **text));
        match old.or(renamed) {
            Some((old, before)) if (old, before) != (*path, *text) => {
                files.push(entry(old, path, Some(before), Some(text)));
            }
            Some(_) => {}
            None => files.push(entry(path, path, None, Some(text))),
        }
    }
    files
}
