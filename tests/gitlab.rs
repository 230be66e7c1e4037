//! The client against the fake server: what it reads and writes, and how it ends when something fails.
#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout, reason = "a test says what it expects")]

mod fake;

use std::fmt::Write as _;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use fake::{Fake, Fault, State};
use miette::Diagnostic;
use proclint::load::gitlab::{
    Access, Clock, Event, Gitlab, GitlabError, Item, List, Parts, Place, Position, Posted, ProxyChoice, Token,
};
use proclint::load::{RecordKind, each_record, record_subject};
use proclint::subject::Kind;
use serde_json::{Value, json};

const BOT: &str = "token-of-the-bot";
const READER: &str = "token-that-reads";
const JOB: &str = "token-of-the-job";

/// A clock that passes the time of a wait at once, and remembers it.
#[derive(Clone, Default)]
struct Quick(Arc<Mutex<Vec<Duration>>>);

impl Clock for Quick {
    fn now(&self) -> u64 {
        let real = SystemTime::now().duration_since(UNIX_EPOCH).expect("a time");
        let waited: Duration = self.0.lock().expect("waits").iter().sum();
        (real + waited).as_secs()
    }

    fn sleep(&self, time: Duration) {
        self.0.lock().expect("waits").push(time);
    }

    fn jitter(&self) -> f64 {
        0.5
    }
}

impl Quick {
    fn waits(&self) -> Vec<u64> {
        self.0.lock().expect("waits").iter().map(Duration::as_secs).collect()
    }
}

fn state() -> State {
    State::sample()
}

fn access(secret: &str) -> Token {
    Token::access(secret.to_owned()).expect("a token")
}

/// A server, its client, and the client's clock.
struct Scene {
    fake: Fake,
    gitlab: Gitlab,
    clock: Quick,
}

impl Scene {
    fn new() -> Self {
        Self::with(access(BOT), state(), |_| {})
    }

    fn of(token: Token) -> Self {
        Self::with(token, state(), |_| {})
    }

    fn with(token: Token, state: State, change: impl FnOnce(&mut Access)) -> Self {
        let fake = Fake::start(state);
        let clock = Quick::default();
        let gitlab = client(&fake, token, clock.clone(), change);
        Self { fake, gitlab, clock }
    }

    fn read(&self) -> Result<Value, GitlabError> {
        self.gitlab.merge_request("group/project", 1)
    }
}

fn client(fake: &Fake, token: Token, clock: Quick, change: impl FnOnce(&mut Access)) -> Gitlab {
    let mut access = Access::new(fake.api(), token);
    access.connection.proxy = ProxyChoice::None;
    change(&mut access);
    Gitlab::new(access, Box::new(clock)).expect("a client")
}

fn merge_request() -> Item {
    Item::merge_request("group/project", 1)
}

fn project() -> Place {
    Place::Project("group/project".to_owned())
}

fn iids(items: impl Iterator<Item = Result<Value, GitlabError>>) -> Vec<u64> {
    items.map(|item| item.expect("an item")["iid"].as_u64().expect("a number")).collect()
}

/// A line of the file that the merge request changes.
fn line(old_line: Option<u32>, new_line: Option<u32>) -> Position {
    let [base_sha, start_sha, head_sha] = ["b", "5", "c"].map(|digit| digit.repeat(40));
    let path = "docs/limits.md".to_owned();
    Position { base_sha, start_sha, head_sha, old_path: path.clone(), new_path: path, old_line, new_line }
}

/// What a user reads of an error.
fn told(error: &GitlabError, fake: &Fake) -> String {
    let help = error.help().map(|help| help.to_string()).expect("every error says what to do");
    format!("{error}\n  help: {help}").replace(&fake.host(), "gitlab.test")
}

#[test]
fn a_fetched_merge_request_is_the_record_of_a_saved_one() {
    let scene = Scene::new();
    scene.gitlab.create_note(&merge_request(), "Looks good.").expect("a note");
    let fetched = scene.gitlab.merge_request_record("group/project", 1, Parts::ALL).expect("a record");
    assert!(fetched.missing.is_empty(), "{:?}", fetched.missing);
    assert_eq!(scene.gitlab.calls(), 5, "one for each part and the note");

    let online = record_subject(&fetched.record, Kind::MergeRequest, None);
    let saved = fetched.record.to_string();
    let mut offline = Vec::new();
    let mut keep = |subject: Result<_, _>| offline.extend(subject.ok());
    each_record(saved.as_bytes(), RecordKind::MergeRequest, "saved", None, &mut keep).expect("a record");
    let offline = offline.pop().expect("a subject");
    assert_eq!(offline.text, online.text);
    assert_eq!(online.name, "group/project!1");
    for part in ["+New line, see #21549.", "Raise the limit\n", "Looks good."] {
        assert!(online.text.contains(part), "{}", online.text);
    }
    let diffs = online.diffs.expect("changed files");
    assert_eq!(diffs.iter().map(|file| file.incomplete).collect::<Vec<_>>(), [false, false, true]);
}

#[test]
fn a_long_list_is_read_page_by_page() {
    let mut long = state();
    let first = long.projects[0].issues[0].clone();
    long.projects[0].issues = (1..=250)
        .map(|iid| {
            let mut issue = first.clone();
            issue.record.insert("iid".to_owned(), json!(iid));
            issue.record.insert("id".to_owned(), json!(iid + 5000));
            issue
        })
        .collect();
    let everything: Vec<u64> = (1..=250).collect();

    let scene = Scene::with(access(READER), long.clone(), |_| {});
    let mut issues = scene.gitlab.list(&project(), List::Issues, &[]);
    let beginning = iids(issues.by_ref().take(100));
    assert_eq!(scene.gitlab.calls(), 1, "the second page is asked for when it is needed");
    let place = issues.place().expect("more pages").to_owned();
    assert_eq!(beginning, everything[..100]);
    assert_eq!(iids(issues), everything[100..]);
    assert_eq!(iids(scene.gitlab.resume(&place)), everything[100..]);
    assert!(scene.fake.log().iter().all(|seen| seen.target.contains("pagination=keyset")));

    long.no_keyset = true;
    let old = Scene::with(access(READER), long, |_| {});
    let numbered = old.gitlab.list(&project(), List::Issues, &[("sort", "asc")]);
    assert_eq!(iids(numbered), everything);
    assert_eq!(old.fake.count("pagination=keyset"), 1, "asked once, then by number");
}

#[test]
fn every_list_is_found() {
    let scene = Scene::of(access(READER));
    let group = Place::Group("group".to_owned());
    let count = |place: &Place, list: List, filters: &[(&str, &str)]| {
        scene.gitlab.list(place, list, filters).filter(|item| item.is_ok()).count()
    };
    assert_eq!(count(&project(), List::Issues, &[("labels", "workflow::design"), ("state", "opened")]), 15);
    assert_eq!(count(&project(), List::MergeRequests, &[]), 7);
    assert_eq!(count(&project(), List::Labels, &[]), 6);
    assert_eq!(count(&project(), List::Milestones, &[]), 2);
    assert_eq!(count(&project(), List::Members, &[]), 2);
    assert_eq!(count(&group, List::Issues, &[]), 45);
    assert_eq!(count(&group, List::MergeRequests, &[("state", "merged")]), 0);
    assert_eq!(count(&group, List::Epics, &[]), 1);
    assert_eq!(iids(scene.gitlab.children("group", 5)), [1, 6]);
    let links: Vec<_> = scene.gitlab.links(&Item::issue("7", 1)).collect::<Result<_, _>>().expect("links");
    assert_eq!(links[0]["link_type"], "blocks");
    assert_eq!(scene.gitlab.current_user().expect("a user")["username"], "reader");
    assert_eq!(scene.gitlab.token_facts().expect("facts")["scopes"], json!(["read_api"]));
    assert_eq!(scene.gitlab.server_version().expect("a version")["version"], "19.4.0-ee");
    assert!(scene.gitlab.current_job().is_err(), "that is for job tokens");
    assert_eq!(scene.gitlab.project("group/project").expect("a project")["id"], 7);
    for seen in scene.fake.log() {
        assert_eq!(seen.header("private-token"), Some(READER));
        assert!(
            !seen.target.contains(READER)
                && seen.headers.iter().filter(|(_, value)| value == READER).count() == 1
        );
    }
}

#[test]
fn notes_are_written_edited_and_may_be_commands() {
    let scene = Scene::new();
    let item = Item::issue("group/project", 1);
    let Posted::Stored(note) = scene.gitlab.create_note(&item, "First.").expect("a note") else {
        panic!("a note with text is stored")
    };
    let id = note["id"].as_u64().expect("an id");
    scene.gitlab.edit_note(&item, id, "Second.").expect("an edit");
    let notes: Vec<_> = scene.gitlab.notes(&item).collect::<Result<_, _>>().expect("notes");
    assert_eq!((notes.len(), &notes[0]["body"]), (1, &json!("Second.")));

    let commands = "/label ~\"workflow::in dev\" ~nowhere\n/milestone %19.5\n/close";
    let posted = scene.gitlab.create_note(&item, commands).expect("commands");
    assert!(matches!(posted, Posted::Commands(_)), "{posted:?}");
    let record = scene.fake.state().projects[0].issues[0].record.clone();
    assert_eq!(record["labels"], json!(["bug", "workflow::in dev"]));
    assert_eq!((&record["milestone"]["title"], &record["state"]), (&json!("19.5"), &json!("closed")));
    for (event, key) in [(Event::Label, "label"), (Event::Milestone, "milestone"), (Event::State, "state")] {
        let events: Vec<_> = scene.gitlab.events(&item, event).collect::<Result<_, _>>().expect("events");
        assert_eq!(events.len(), 1, "{events:?}");
        assert!(events[0].get(key).is_some(), "{events:?}");
    }
    assert_eq!(scene.gitlab.notes(&item).count(), 1, "commands are no note");

    let long = scene.gitlab.create_note(&item, &"x".repeat(1_000_001)).expect_err("too long");
    assert!(long.to_string().contains("maximum is 1000000 characters"), "{long}");
}

#[test]
fn threads_are_opened_answered_and_resolved() {
    let scene = Scene::new();
    let item = merge_request();
    for (old, new) in [(None, Some(3)), (Some(3), None), (Some(4), Some(5))] {
        scene.gitlab.create_discussion(&item, "Here.", Some(&line(old, new))).expect("a line of the diff");
    }
    for (old, new) in [(None, Some(5)), (None, Some(99)), (Some(3), Some(3)), (None, None)] {
        let refused = scene.gitlab.create_discussion(&item, "Here.", Some(&line(old, new)));
        let error = refused.expect_err("no line of the diff");
        assert!(matches!(error, GitlabError::Refused { status: 400, .. }), "{error}");
        assert!(error.to_string().contains("must be a valid line code"), "{error}");
    }
    let thread = scene.gitlab.create_discussion(&item, "Why?", None).expect("a thread");
    let id = thread["id"].as_str().expect("an id");
    scene.gitlab.reply(&item, id, "Because.").expect("a reply");
    let is_resolved = |resolved| {
        let thread = scene.gitlab.resolve(&item, id, resolved).expect("a thread");
        thread["notes"].as_array().expect("notes").iter().all(|note| note["resolved"] == resolved)
    };
    assert!(is_resolved(true) && is_resolved(false));
    let threads: Vec<_> = scene.gitlab.discussions(&item).collect::<Result<_, _>>().expect("threads");
    assert_eq!(threads.iter().map(|thread| thread["notes"].as_array().map_or(0, Vec::len)).sum::<usize>(), 5);
}

#[test]
fn a_job_token_reads_what_it_may_and_the_rest_is_named() {
    let scene = Scene::of(Token::job(JOB.to_owned()).expect("a token"));
    let fetched = scene.gitlab.merge_request_record("7", 1, Parts::ALL).expect("a record");
    let missing: Vec<_> = fetched.missing.iter().map(|(key, error)| (*key, error.is_access())).collect();
    assert_eq!(missing, [("commits", true), ("diffs", true)]);
    assert!(fetched.record.get("diffs").is_none() && fetched.record["notes"].is_array());
    assert_eq!(scene.gitlab.current_job().expect("a job")["user"]["username"], "anna");
    let posted = scene.gitlab.create_note(&merge_request(), "Hello.").expect_err("may not post");
    let mut shown = told(&fetched.missing[0].1, &scene.fake) + "\n";
    shown += &told(&posted, &scene.fake);
    insta::assert_snapshot!(shown);
    assert!(scene.fake.log().iter().all(|seen| seen.header("job-token") == Some(JOB)));
}

#[test]
fn a_token_that_may_not_is_told_what_it_needs() {
    let mut shown = String::new();
    let reads = Scene::of(access(READER));
    assert!(reads.read().is_ok());
    let mut show = |name: &str, error: &GitlabError, fake: &Fake| {
        writeln!(shown, "{name}:\n{}\n", told(error, fake)).expect("text");
    };
    let error = reads.gitlab.create_note(&merge_request(), "Hello.").expect_err("may not");
    show("a token that only reads, posting", &error, &reads.fake);
    for (name, token) in [
        ("no token", Token::none()),
        ("an unknown token", access("nonsense")),
        ("an expired token", access("token-of-old")),
    ] {
        let scene = Scene::of(token);
        show(name, &scene.read().expect_err("may not"), &scene.fake);
        assert_eq!(scene.gitlab.calls(), 1, "asking again would not help");
    }
    let scene = Scene::new();
    let error = scene.gitlab.merge_request("group/project", 99).expect_err("no such merge request");
    show("a number that is not there", &error, &scene.fake);
    insta::assert_snapshot!(shown);
}

/// How a call of a client ends under a fault: its outcome, the waits, the number of calls.
fn outcome(times: usize, fault: Fault) -> String {
    // What is to be read in the end must have the time for it on a busy machine.
    let timeout = Duration::from_secs(if times > 2 { 1 } else { 3 });
    let stalls = fault == Fault::Stall;
    let scene = Scene::with(access(BOT), state(), |access| {
        if stalls {
            access.connection.timeout = timeout;
        }
    });
    scene.fake.fault("/merge_requests/1", times, fault);
    let outcome = match scene.read() {
        Ok(record) => format!("read: {}", record["title"]),
        Err(error) => {
            assert!(!format!("{error:?}").contains(BOT) && !error.to_string().contains(BOT));
            told(&error, &scene.fake)
        }
    };
    assert!(scene.fake.log().iter().all(|seen| !seen.target.contains(BOT)));
    format!("{outcome}\n  calls: {}, waits: {:?}", scene.gitlab.calls(), scene.clock.waits())
}

#[test]
fn every_fault_ends_in_an_answer_or_a_remedy() {
    let limited = |retry_after, reset_in| Fault::RateLimited { retry_after, reset_in };
    let table: Vec<(&str, usize, Fault)> = vec![
        ("no answer, once", 1, Fault::Stall),
        ("no answer at all", 9, Fault::Stall),
        ("a reset in the middle, once", 1, Fault::Reset),
        ("cut off in the middle, once", 1, Fault::CutOff),
        ("cut off always", 9, Fault::CutOff),
        ("429 with Retry-After", 1, limited(Some(7), Some(50))),
        ("429 with RateLimit-Reset only", 1, limited(None, Some(20))),
        ("429 without a word", 2, limited(None, None)),
        ("429 for ten minutes", 9, limited(Some(600), None)),
        ("429 always", 9, limited(Some(3), None)),
        ("429 from a server an hour ahead", 1, Fault::Skewed(3600)),
        ("429 from a server an hour behind", 1, Fault::Skewed(-3600)),
        ("500 twice, then fine", 2, Fault::Status(500)),
        ("500 always", 9, Fault::Status(500)),
        ("502 with a web page, always", 9, Fault::Status(502)),
        ("half of the JSON, once", 1, Fault::HalfJson),
        ("half of the JSON, always", 9, Fault::HalfJson),
        ("a web page with 200", 1, Fault::WebPage),
        ("a login page", 1, Fault::Redirect("/users/sign_in".to_owned())),
        ("the token expires", 1, Fault::Expired),
        ("403 without a reason", 1, Fault::Status(403)),
    ];
    let mut shown = String::new();
    for (name, times, fault) in table {
        writeln!(shown, "{name}:\n{}\n", outcome(times, fault)).expect("text");
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn a_server_that_stays_silent_is_not_waited_for_again_and_again() {
    let scene =
        Scene::with(access(BOT), state(), |access| access.connection.timeout = Duration::from_secs(1));
    scene.fake.fault("GET", 3, Fault::Stall);
    for calls in [2, 3, 3] {
        scene.read().expect_err("no answer");
        assert_eq!(scene.gitlab.calls(), calls);
    }
    let error = scene.read().expect_err("not asked");
    assert!(error.to_string().ends_with("cannot be reached: it did not answer the calls before"), "{error}");

    let scene =
        Scene::with(access(BOT), state(), |access| access.connection.timeout = Duration::from_secs(3));
    scene.fake.fault("GET", 2, Fault::Stall);
    scene.read().expect_err("no answer");
    scene.read().expect("an answer");
    scene.fake.fault("GET", 2, Fault::Status(500));
    scene.read().expect("an answer, after all tries");
}

#[test]
fn a_redirect_to_another_host_is_not_followed() {
    let other = Fake::start(state());
    let scene = Scene::new();
    scene.fake.fault("/merge_requests/1", 1, Fault::Redirect(format!("{}/projects/7", other.api())));
    let error = scene.read().expect_err("another host");
    assert!(error.to_string().contains(&other.host()), "{error}");
    scene.fake.fault("/labels", 1, Fault::NextPageAt(other.host()));
    let mut labels = scene.gitlab.list(&project(), List::Labels, &[]);
    let error = labels.find_map(Result::err).expect("another host");
    assert!(error.to_string().contains(&other.host()), "{error}");
    assert!(other.log().is_empty(), "nothing was sent there: {:?}", other.log());
    assert!(labels.next().is_none(), "the list has ended");
}

#[test]
fn a_moved_project_is_read_at_its_new_place_and_not_written_to() {
    let scene = Scene::new();
    let record = scene.gitlab.merge_request("group/old-name", 1).expect("a merge request");
    assert_eq!(record["iid"], 1);
    let error = scene.gitlab.create_note(&Item::issue("group/old-name", 1), "Hello.").expect_err("moved");
    assert!(matches!(error, GitlabError::Moved { .. }), "{error}");
    assert!(error.to_string().contains("`projects/7/issues/1/notes`"), "{error}");
}

#[test]
fn a_list_that_leads_in_a_circle_ends() {
    let scene = Scene::new();
    scene.fake.fault("/labels", 9, Fault::SamePage);
    let outcomes: Vec<_> = scene.gitlab.list(&project(), List::Labels, &[]).collect();
    assert!(matches!(outcomes.last(), Some(Err(GitlabError::Circle { .. }))), "{outcomes:?}");
}

#[test]
fn a_note_is_never_sent_twice() {
    let stored = |times: usize, fault: Fault| {
        let scene = Scene::new();
        scene.fake.fault("POST", times, fault);
        let outcome = scene.gitlab.create_note(&merge_request(), "Once.");
        let notes = scene.fake.state().projects[0].merge_requests[0].notes().len();
        (outcome.map_err(|error| told(&error, &scene.fake)), notes, scene.fake.count("POST"))
    };
    let limited = Fault::RateLimited { retry_after: Some(2), reset_in: None };
    let (outcome, notes, calls) = stored(2, limited);
    assert!(outcome.is_ok(), "429 says that nothing was done");
    assert_eq!((notes, calls), (1, 3));
    let mut busy = state();
    busy.notes_a_minute = Some(2);
    let scene = Scene::with(access(BOT), busy, |_| {});
    for _ in 0..5 {
        scene.gitlab.create_note(&merge_request(), "Many.").expect("a note, after a wait");
    }
    assert_eq!(scene.fake.state().projects[0].merge_requests[0].notes().len(), 5);
    assert_eq!((scene.fake.count("POST"), scene.clock.waits().len()), (7, 2), "a limit no header announces");
    for (fault, notes_then) in
        [(Fault::StatusAfter(500), 1), (Fault::CutOff, 1), (Fault::HalfJson, 1), (Fault::Status(503), 0)]
    {
        let (outcome, notes, calls) = stored(1, fault.clone());
        let error = outcome.expect_err("not known");
        assert_eq!((notes, calls), (notes_then, 1), "{fault:?}");
        assert!(error.contains("look before sending it again"), "{error}");
    }
}

#[test]
fn an_edit_may_be_sent_again() {
    let scene = Scene::new();
    let Posted::Stored(note) = scene.gitlab.create_note(&merge_request(), "One.").expect("a note") else {
        panic!("a note with text is stored")
    };
    scene.fake.fault("PUT", 2, Fault::StatusAfter(502));
    let id = note["id"].as_u64().expect("an id");
    let edited = scene.gitlab.edit_note(&merge_request(), id, "Two.").expect("an edit");
    assert_eq!((&edited["body"], scene.fake.count("PUT")), (&json!("Two."), 3));
}

#[test]
fn a_run_has_a_budget_and_keeps_to_the_window() {
    let scene = Scene::with(access(BOT), state(), |access| access.budget = 3);
    scene.fake.fault("/merge_requests/1", 9, Fault::Status(500));
    let error = scene.read().expect_err("spent");
    assert!(matches!(error, GitlabError::Budget { budget: 3, .. }), "{error}");
    assert_eq!((scene.gitlab.calls(), scene.gitlab.calls_left(), scene.fake.log().len()), (3, 0, 3));

    let mut narrow = state();
    narrow.rate = Some(2);
    let scene = Scene::with(access(BOT), narrow, |_| {});
    for waits in [0, 0, 1] {
        scene.read().expect("a merge request");
        assert_eq!(scene.clock.waits().len(), waits);
    }
    assert!((58..=60).contains(&scene.clock.waits()[0]), "{:?}", scene.clock.waits());
}

#[test]
fn what_did_not_change_is_not_sent_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let kept = folder.path().join("answers");
    let scene = Scene::with(access(BOT), state(), |access| access.cache = Some(kept.clone()));
    let first = scene.read().expect("a merge request");
    let again =
        client(&scene.fake, access(BOT), Quick::default(), |access| access.cache = Some(kept.clone()));
    scene.fake.clear_log();
    assert_eq!(again.merge_request("group/project", 1).expect("a merge request"), first);
    assert!(scene.fake.log()[0].header("if-none-match").is_some());

    scene.fake.state().projects[0].merge_requests[0].record["title"] = json!("Another");
    assert_eq!(again.merge_request("group/project", 1).expect("a merge request")["title"], "Another");
    let stranger =
        client(&scene.fake, Token::none(), Quick::default(), |access| access.cache = Some(kept.clone()));
    assert!(stranger.merge_request("group/project", 1).is_err(), "what is kept is no way in");

    let files: Vec<_> =
        std::fs::read_dir(&kept).expect("a folder").map(|file| file.expect("a file").path()).collect();
    assert_eq!(files.len(), 1);
    assert!(!std::fs::read_to_string(&files[0]).expect("text").contains(BOT));
    std::fs::write(&files[0], "broken").expect("written");
    assert!(scene.read().is_ok(), "a broken file is as good as none");
}

#[test]
fn what_cannot_be_reached_is_told() {
    let nobody =
        std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let open = |api: String, certificates: &[&str]| {
        let mut access = Access::new(api, access(BOT));
        access.connection.proxy = ProxyChoice::None;
        access.connection.certificates = certificates.iter().map(std::path::PathBuf::from).collect();
        let gitlab = Gitlab::new(access, Box::new(Quick::default())).expect("a client");
        gitlab.current_user().expect_err("nobody there").to_string()
    };
    assert_eq!(
        open(format!("http://{nobody}/api/v4"), &[]),
        format!("{nobody} cannot be reached: the connection is refused")
    );
    let lost = open("http://gitlab.invalid/api/v4".to_owned(), &[]);
    assert_eq!(lost, "gitlab.invalid cannot be reached: its name is not known");
    let fake = Fake::start(state());
    let unsafe_api = fake.api().replace("http:", "https:");
    let error = open(unsafe_api.clone(), &[]);
    assert!(error.starts_with(&format!("the connection to {} is not safe", fake.host())), "{error}");
    let error = open(unsafe_api.clone(), &["nowhere.pem"]);
    assert!(error.starts_with("the certificates in `nowhere.pem` cannot be read"), "{error}");
    let error = open(unsafe_api, &[concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")]);
    assert!(error.ends_with("there is no certificate in it"), "{error}");
}

#[test]
fn what_a_server_says_cannot_harm_who_reads_it() {
    let scene = Scene::new();
    let item = Item::issue(format!("group/\u{1b}[31m\u{202e}{BOT}"), 1);
    let error = scene.gitlab.create_note(&item, "Hello.").expect_err("no such project").to_string();
    assert!(!error.contains(['\u{1b}', '\u{202e}']), "{error:?}");
}

#[test]
fn a_job_finds_its_access_in_the_environment() {
    let of = |variables: &[(&str, &str)]| {
        let find = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        Access::from_env(&find)
    };
    let api = ("CI_API_V4_URL", "https://gitlab.example.com/api/v4");
    assert!(of(&[("CI_JOB_TOKEN", "glcbt-token")]).expect("no mistake").is_none());
    let kind = |variables: &[(&str, &str)]| {
        format!("{:?}", of(variables).expect("no mistake").expect("access").token.kind())
    };
    assert_eq!(kind(&[api]), "None");
    assert_eq!(kind(&[api, ("CI_JOB_TOKEN", "glcbt-token"), ("PROCLINT_TOKEN", "")]), "Job");
    assert_eq!(kind(&[api, ("CI_JOB_TOKEN", "glcbt-token"), ("PROCLINT_TOKEN", "glpat-token")]), "Access");
    assert!(of(&[api, ("PROCLINT_TOKEN", "secret with a space")]).is_err());
    assert!(of(&[api, ("PROCLINT_TOKEN", "short")]).is_err());
    let shown =
        format!("{:?}", of(&[api, ("PROCLINT_TOKEN", "glpat-secret"), ("CI_SERVER_TLS_CA_FILE", "/ca.pem")]));
    assert!(shown.contains("/ca.pem") && !shown.contains("secret"), "{shown}");
}

/// The name of the user at `api`, or what is wrong, in a process with other variables.
fn asked_by_a_process(api: &str, variables: &[(&str, &str)]) -> String {
    let mut process = Command::new(std::env::current_exe().expect("this test"));
    process.args(["--ignored", "--exact", "--nocapture", "asks_who_it_is"]);
    for proxy in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
        process.env_remove(proxy).env_remove(proxy.to_uppercase());
    }
    let output =
        process.env("CI_API_V4_URL", api).env("PROCLINT_TOKEN", BOT).envs(variables.iter().copied()).output();
    let shown = String::from_utf8(output.expect("it runs").stdout).expect("text");
    let answer = shown.lines().find_map(|line| line.split_once("answer: "));
    answer.unwrap_or_else(|| panic!("no answer: {shown}")).1.to_owned()
}

#[test]
#[ignore = "other tests run it, in a process with other variables"]
fn asks_who_it_is() {
    let access = Access::from_env(&|name| std::env::var(name).ok()).expect("no mistake").expect("an API");
    let gitlab = Gitlab::new(access, Box::new(Quick::default())).expect("a client");
    match gitlab.current_user() {
        Ok(user) => println!("answer: {}", user["username"]),
        Err(error) => println!("answer: {error}"),
    }
}

#[test]
fn an_authority_of_its_own_is_trusted_where_it_is_given() {
    let (address, authority) = fake::tls::serve();
    let api = format!("https://{address}/api/v4");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("authority.pem");
    std::fs::write(&file, authority).expect("written");
    let file = file.to_str().expect("UTF-8");
    let refused = asked_by_a_process(&api, &[]);
    assert_eq!(
        refused,
        format!("the connection to {address} is not safe: invalid peer certificate: UnknownIssuer")
    );
    for variable in ["CI_SERVER_TLS_CA_FILE", "SSL_CERT_FILE"] {
        assert_eq!(asked_by_a_process(&api, &[(variable, file)]), "\"bot\"", "{variable}");
    }
}

#[test]
fn a_proxy_of_the_environment_is_used_and_told_no_secret() {
    let proxy = Fake::start(state());
    let address = format!("http://user:password@{}", proxy.host());
    let variables = [("HTTP_PROXY", address.as_str()), ("HTTPS_PROXY", &address)];
    let refused = asked_by_a_process("https://gitlab.invalid/api/v4", &variables);
    assert_eq!(refused, "gitlab.invalid cannot be reached: the proxy does not let it through");
    assert!(
        proxy.log().iter().all(|seen| seen.method == "CONNECT" && seen.header("private-token").is_none())
    );
    assert_eq!(proxy.log().len(), 4, "{:?}", proxy.log());

    let direct = Fake::start(state());
    proxy.clear_log();
    let variables = [("HTTP_PROXY", address.as_str()), ("NO_PROXY", "127.0.0.1")];
    assert_eq!(asked_by_a_process(&direct.api(), &variables), "\"proclint-bot\"");
    assert!(proxy.log().is_empty());
}

#[test]
fn threads_share_one_client_and_its_budget() {
    let scene = Scene::with(access(BOT), state(), |access| access.budget = 10);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..5).map(|_| scene.read()).filter(Result::is_ok).count());
        }
    });
    assert_eq!((scene.gitlab.calls(), scene.fake.log().len()), (10, 10));
}
