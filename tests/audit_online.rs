//! `proclint audit` of a project or group of a GitLab server, against the fake one: every record once, no call twice.
#![allow(clippy::expect_used, clippy::panic, reason = "a test says what it expects")]

mod fake;

use std::collections::HashSet;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Mutex;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use fake::{Fake, Fault, Item, State};
use proclint::load::Catalogue;
use proclint::load::gitlab::{Access, Clock, Gitlab, GitlabError, List, Place, ProxyChoice, Token};
use proclint::load::harvest::{Harvest, HarvestError, Needs, Progress, Wanted};
use proclint::subject::{Detail, Details};
use serde_json::{Value, json};

const READER: &str = "token-that-reads";

/// A project with so many issues; every third is closed, every fifth confidential.
fn state(issues: u64) -> State {
    let mut state = State::sample();
    let first = state.projects[0].issues[0].clone();
    let issue = |iid: u64| {
        let mut issue = Item { links: Vec::new(), ..first.clone() };
        let mut set = |key: &str, value: Value| issue.record.insert(key.to_owned(), value);
        set("iid", json!(iid));
        set("id", json!(iid + 5000));
        set("title", json!(format!("Issue {iid}")));
        set("state", json!(if iid.is_multiple_of(3) { "closed" } else { "opened" }));
        set("confidential", json!(iid.is_multiple_of(5)));
        set("description", json!(format!("See #{}.", 20_000 + iid)));
        set("created_at", json!(format!("2026-01-01T08:{:02}:{:02}.000Z", iid / 60, iid % 60)));
        let full = format!("group/project#{iid}");
        set("references", json!({ "full": full }));
        let moved = json!({"id": 1, "action": "add", "created_at": "2026-01-02T08:00:00.000Z", "label": {"name": "sm_req::new"}});
        issue.resource_label_events = vec![moved];
        issue
    };
    state.projects[0].issues = (1..=issues).map(issue).collect();
    state
}

fn run(fake: &Fake, folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_proclint"));
    command.current_dir(folder).arg("audit").args(arguments).args(["--today", "2026-03-01"]);
    for name in ["CI_JOB_TOKEN", "CI_PROJECT_PATH", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        command.env_remove(name);
    }
    command.env("CI_API_V4_URL", fake.api()).env("PROCLINT_TOKEN", READER).envs(variables.iter().copied());
    let output = command.output().expect("proclint runs");
    let told = String::from_utf8_lossy(&[&output.stdout[..], &output.stderr].concat()).into_owned();
    assert!(!told.contains(READER), "a token is shown: {told}");
    output
}

/// Exit code, standard output and standard error.
fn told(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

const REFERENCES: [&str; 2] = ["--select", "bare-reference"];

#[test]
fn a_project_is_read_page_by_page_and_the_saved_records_say_the_same() {
    for keyset in [true, false] {
        let fake = Fake::start(State { no_keyset: !keyset, ..state(250) });
        let here = folder();
        let arguments = ["group/project", "--save", "saved", REFERENCES[0], REFERENCES[1]];
        let online = run(&fake, here.path(), &arguments, &[]);
        let (code, shown, warned) = told(&online);
        assert_eq!((code, warned.as_str()), (Some(1), ""), "{shown}");
        assert!(shown.contains("251 warnings                 251 subjects, 97.7 %"), "{shown}");
        // Nobody needs details of issues; the words of commits are read.
        assert_eq!(fake.count("/projects/7/issues/"), 0);
        assert_eq!(fake.count("/commits"), 7);
        assert_eq!(fake.count("GET /projects/group%2Fproject/issues"), if keyset { 3 } else { 4 });
        let calls = fake.log().len();
        for format in ["human", "json", "markdown", "ndjson"] {
            let other = format!("saved-{format}");
            let online =
                ["group/project", "--save", &other, "--format", format, REFERENCES[0], REFERENCES[1]];
            let online = run(&fake, here.path(), &online, &[]);
            let calls = fake.log().len();
            let saved = [other.as_str(), "--format", format, REFERENCES[0], REFERENCES[1]];
            assert_eq!(told(&run(&fake, here.path(), &saved, &[])), told(&online));
            assert_eq!(fake.log().len(), calls, "the folder needs no server");
        }
        assert!(fake.log().len() > calls);
        let labels = std::fs::read_to_string(here.path().join("saved/labels.ndjson")).expect("labels");
        assert_eq!(labels.lines().count(), 6);
        assert!(here.path().join("saved/milestones.ndjson").is_file());
        assert!(!here.path().join("saved/unfinished.json").exists());
    }
}

#[test]
fn confidential_items_are_redacted_unless_they_are_asked_for() {
    let fake = Fake::start(state(10));
    let here = folder();
    for format in ["human", "json", "markdown", "ndjson"] {
        let arguments = ["group/project", "--format", format, REFERENCES[0], REFERENCES[1]];
        let (_, shown, _) = told(&run(&fake, here.path(), &arguments, &[]));
        assert!(shown.contains("#20001") && !shown.contains("#20005"), "{shown}");
    }
    let arguments =
        ["group/project", "--format", "ndjson", "--show-confidential", REFERENCES[0], REFERENCES[1]];
    assert!(told(&run(&fake, here.path(), &arguments, &[])).1.contains("#20005"));
}

#[test]
fn details_are_fetched_only_where_a_rule_can_need_them() {
    let mut state = state(12);
    for issue in &mut state.projects[0].issues[..4] {
        issue.record.insert("labels".to_owned(), json!(["feedback"]));
    }
    state.projects[0].issues[7].record.insert("labels".to_owned(), json!(["sm_req::triage"]));
    let fake = Fake::start(state);
    let here = folder();
    let calls = |rule: &str| {
        fake.clear_log();
        run(&fake, here.path(), &["group/project", "--what", "issues", "--select", rule], &[]);
        let of = |part: &str| fake.log().iter().filter(|seen| seen.target.contains(part)).count();
        (of("/notes"), of("_label_events"), of("_state_events"), of("_milestone_events"), of("/links"))
    };
    assert_eq!(calls("bare-reference"), (0, 0, 0, 0, 0));
    assert_eq!(calls("sm-request-transition"), (0, 12, 12, 0, 0));
    // Who is in a state has a history to sum up, whether or not a rule judges its moves.
    assert_eq!(calls("sm-request-state"), (0, 1, 0, 0, 0));
    assert_eq!(fake.count("/issues/8/resource_label_events"), 1);
    // Only one of the four is closed.
    assert_eq!(calls("feedback-issue-summary"), (1, 0, 0, 0, 1));
    assert_eq!(fake.count("/issues/3/notes"), 1);
}

#[test]
fn a_group_has_epics_and_a_tier_without_them_is_no_failure() {
    let fake = Fake::start(state(5));
    let here = folder();
    let arguments = ["group", "--save", "saved", "--select", "epic-structure,bare-reference"];
    let (_, shown, warned) = told(&run(&fake, here.path(), &arguments, &[]));
    assert_eq!(warned, "");
    assert!(shown.contains("in 13 subjects") || shown.contains("subjects of 13"), "{shown}");
    assert_eq!(fake.count("/groups/3/epics/5/issues"), 1);
    let saved = std::fs::read_to_string(here.path().join("saved/epics.ndjson")).expect("epics");
    let epic: Value = serde_json::from_str(&saved).expect("an epic");
    assert_eq!(epic["children"][1]["title"], "Below");

    fake.state().groups[0].no_epics = true;
    let arguments = ["group", "--save", "free", REFERENCES[0], REFERENCES[1]];
    let online = told(&run(&fake, here.path(), &arguments, &[]));
    assert_eq!(online.0, Some(1), "{online:?}");
    assert!(online.1.contains("the access token may not do `GET groups/group/epics`"), "{}", online.1);
    assert_eq!(told(&run(&fake, here.path(), &["free", REFERENCES[0], REFERENCES[1]], &[])), online);
}

#[test]
fn filters_are_gitlabs_own() {
    let fake = Fake::start(state(9));
    let here = folder();
    let arguments =
        ["group/project", "--what", "issues", "--state", "closed", "--updated-after", "2026-01-02"];
    let (_, shown, _) = told(&run(&fake, here.path(), &[&arguments[..], &REFERENCES].concat(), &[]));
    assert!(shown.contains("subjects of 3") || shown.contains("in 3 subjects"), "{shown}");
    assert_eq!(fake.count("state=closed&updated_after=2026-01-02T00%3A00%3A00Z"), 1);
    assert_eq!(fake.count("merge_requests"), 0);
}

#[test]
fn a_source_that_is_not_there_is_told_with_what_was_tried() {
    let fake = Fake::start(state(1));
    let here = folder();
    let missing = |source: &str, variables: &[(&str, &str)]| {
        let (code, shown, warned) = told(&run(&fake, here.path(), &[source], variables));
        assert!(code == Some(2) && shown.is_empty(), "{shown}");
        warned
            .replace('│', " ")
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .replace(&fake.host(), "gitlab.test")
    };
    let unknown = missing("group/unknown", &[]);
    assert!(unknown.contains("has no project or group called so for the access token"), "{unknown}");
    assert_eq!(
        (fake.count("GET /projects/group%2Funknown"), fake.count("GET /groups/group%2Funknown")),
        (1, 1)
    );
    let bare = missing("group/project", &[("PROCLINT_TOKEN", "")]);
    assert!(bare.contains("called so without a token") && bare.contains("PROCLINT_TOKEN"), "{bare}");
    let job = missing("group/project", &[("PROCLINT_TOKEN", ""), ("CI_JOB_TOKEN", "token-of-the-job")]);
    assert!(job.contains("called so for the job token"), "{job}");
    let nowhere = missing("group/project", &[("CI_API_V4_URL", "")]);
    assert!(nowhere.contains("no GitLab server is known"), "{nowhere}");
    let elsewhere = missing("https://gitlab.invalid/group/project", &[]);
    assert!(elsewhere.contains("the server that CI_API_V4_URL names"), "{elsewhere}");
    assert!(fake.log().iter().all(|seen| !seen.target.contains("token")));
    let page = format!("http://{}/group/project/-/issues", fake.host());
    let by_page = run(&fake, here.path(), &[&page, REFERENCES[0], REFERENCES[1]], &[("CI_API_V4_URL", "")]);
    assert_eq!(told(&by_page).0, Some(1), "{by_page:?}");
}

#[test]
fn what_did_not_change_is_not_sent_again() {
    let fake = Fake::start(state(3));
    let here = folder();
    let arguments = ["group/project", "--cache", "answers", "--what", "issues", REFERENCES[0], REFERENCES[1]];
    let first = told(&run(&fake, here.path(), &arguments, &[]));
    fake.clear_log();
    assert_eq!(told(&run(&fake, here.path(), &arguments, &[])), first);
    assert!(fake.log().iter().all(|seen| seen.header("if-none-match").is_some()), "{:?}", fake.log());
}

#[test]
fn a_spent_budget_is_said_and_the_next_run_goes_on() {
    let fake = Fake::start(state(250));
    let here = folder();
    let rule = ["--select", "sm-request-transition"];
    let whole = run(&fake, here.path(), &["group/project", "--save", "whole", rule[0], rule[1]], &[]);
    let calls = fake.log().len();
    fake.clear_log();
    let arguments = ["group/project", "--save", "parts", "--budget", "120", rule[0], rule[1]];
    let mut runs = 0;
    let last = loop {
        let part = told(&run(&fake, here.path(), &arguments, &[]));
        runs += 1;
        assert!(runs < 20, "{part:?}");
        if !part.1.contains("the budget of 120 calls is spent") {
            break part;
        }
        assert!(part.1.contains("run the same command again to go on from here"), "{}", part.1);
        // A folder that is not complete does not look so.
        let offline = told(&run(&fake, here.path(), &["parts", rule[0], rule[1]], &[]));
        assert!(offline.1.contains("has not ended: run it again to go on"), "{offline:?}");
    };
    assert_eq!(last, told(&whole));
    let read = |name: &str| std::fs::read_to_string(here.path().join(name)).expect("records");
    for name in ["issues", "merge_requests", "labels", "milestones"] {
        let (parts, whole) = (read(&format!("parts/{name}.ndjson")), read(&format!("whole/{name}.ndjson")));
        assert!(parts == whole, "{name}: {} and {} lines", parts.lines().count(), whole.lines().count());
    }
    // Each run looks the project up again; a record whose calls were under way is asked for again.
    let again = fake.log().len() - calls;
    assert!(again <= (runs - 1) * (1 + 4), "{again} calls twice in {runs} runs");
    let taken = told(&run(&fake, here.path(), &arguments, &[]));
    assert!(taken.2.contains("parts holds records already"), "{taken:?}");
}

#[test]
fn what_only_members_read_is_said_once_where_there_is_no_token() {
    let mut state = state(12);
    state.projects[0].public = true;
    let fake = Fake::start(state);
    let here = folder();
    let arguments = ["group/project", "--what", "issues", "--select", "prioritization-session-incomplete"];
    let (code, shown, warned) = told(&run(&fake, here.path(), &arguments, &[("PROCLINT_TOKEN", "")]));
    assert_eq!((code, warned.as_str()), (Some(0), ""), "{shown}");
    let gap = "not checked: 12: its `notes` were not read: a request without a token may not read them";
    assert!(shown.contains(gap), "{shown}");
    assert!(fake.count("/notes") <= 4, "each of the threads asks once at most");
}

#[test]
fn a_packed_export_says_what_the_unpacked_one_says() {
    let here = folder();
    let export = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/audit.in/export");
    let file = std::fs::File::create(here.path().join("export.tar.gz")).expect("a file");
    let mut archive = tar::Builder::new(flate2::write::GzEncoder::new(file, flate2::Compression::fast()));
    archive.append_dir_all(".", export).expect("members");
    archive.into_inner().expect("an archive").finish().expect("written");
    let said = |source: &str| {
        let fake = Fake::start(State::default());
        let told = told(&run(&fake, here.path(), &[source, "--format", "ndjson", "--fail-on", "never"], &[]));
        assert!(fake.log().is_empty());
        told
    };
    let packed = said("export.tar.gz");
    // Which labels are unused is told of an unpacked one only, whose boards are read.
    let records = |said: &str| {
        said.lines().filter(|line| !line.contains("\"digest\"")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(records(&packed.1), records(&said(export).1));
    assert!(packed.1.contains("\"subjects\":2"), "{packed:?}");
}

#[test]
fn a_rate_limit_is_kept_to() {
    let fake = Fake::start(state(3));
    fake.fault("/notes", 2, Fault::RateLimited { retry_after: Some(0), reset_in: None });
    let here = folder();
    let arguments = ["group/project", "--what", "issues", "--select", "prioritization-session-incomplete"];
    let (code, shown, warned) = told(&run(&fake, here.path(), &arguments, &[]));
    assert_eq!((code, warned.as_str()), (Some(0), ""), "{shown}");
    assert!(!shown.contains("were not read"), "{shown}");
    assert_eq!(fake.count("/notes"), 5);
}

/// A clock that passes the time of a wait at once.
#[derive(Default)]
struct Quick(Mutex<Duration>);

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

/// Nobody waits.
struct Quiet;

impl Progress for Quiet {
    fn begin(&self, _: &'static str) {}
    fn total(&self, _: Option<u64>) {}
    fn record(&self) {}
}

/// Reads the issues with their comments; their names, what was not read, and how it ended.
fn harvest(fake: &Fake, save: Option<&Path>) -> (Vec<String>, Vec<String>, Result<bool, HarvestError>) {
    let mut access = Access::new(fake.api(), Token::access(READER.to_owned()).expect("a token"));
    access.connection.proxy = ProxyChoice::None;
    let gitlab = Gitlab::new(access, Box::new(Quick::default())).expect("a client");
    let (mut names, mut gaps) = (Vec::new(), Vec::new());
    let place = Place::Project("group/project".to_owned());
    let wanted = Wanted { lists: vec![List::Issues], ..Wanted::default() };
    let catalogue = Catalogue::unknown("nobody asked");
    let needs = Needs::new(&|_| Details::NONE.with(Detail::Notes));
    let harvest = Harvest {
        gitlab: &gitlab,
        place: &place,
        wanted: &wanted,
        catalogue: &catalogue,
        needs: &needs,
        threads: 4,
        save,
        progress: &Quiet,
    };
    let outcome = harvest.run(&mut |subject| match subject {
        Ok(subject) => names.push(subject.name),
        Err(gap) if gap.reason == "only a part was asked for: only issues" => {}
        Err(gap) => gaps.push(format!("{}: {}", gap.subject, gap.reason)),
    });
    (names, gaps, outcome)
}

fn everything(issues: u64) -> Vec<String> {
    (1..=issues).map(|iid| format!("group/project#{iid}")).collect()
}

#[test]
fn a_server_that_goes_away_half_way_costs_nothing_that_was_read() {
    let fake = Fake::start(state(250));
    let here = folder();
    let saved = here.path().join("saved");
    fake.fault("/issues/130/", 99, Fault::CutOff);
    let (names, _, outcome) = harvest(&fake, Some(&saved));
    assert!(matches!(outcome, Err(HarvestError::Gitlab(GitlabError::BrokenOff { .. }))), "{outcome:?}");
    assert_eq!(names, everything(200), "what is listed is handed on all the same");
    assert!(!saved.join("issues.ndjson").exists());

    // A run that is killed may leave half a line.
    let partial = saved.join("issues.ndjson.partial");
    assert_eq!(std::fs::read_to_string(&partial).expect("records").lines().count(), 129);
    let read: HashSet<String> =
        fake.log().iter().map(fake::Seen::line).filter(|line| line.contains("/notes")).collect();
    let half = std::fs::read_to_string(&partial).expect("records") + "{\"iid\": 1";
    std::fs::write(&partial, half).expect("written");

    let better = Fake::start(state(250));
    std::fs::write(
        saved.join("unfinished.json"),
        std::fs::read_to_string(saved.join("unfinished.json"))
            .expect("a state")
            .replace(&fake.host(), &better.host()),
    )
    .expect("written");
    let (names, gaps, outcome) = harvest(&better, Some(&saved));
    assert!(outcome.is_ok() && gaps.is_empty(), "{outcome:?} {gaps:?}");
    assert_eq!(names, everything(250));
    // Number 130 was asked for, and not answered.
    assert_eq!(better.count("/notes"), 250 - (read.len() - 1), "no comments are fetched twice");
    assert_eq!(better.count("/issues?"), 1, "one page was left");
    assert_eq!(std::fs::read_to_string(saved.join("issues.ndjson")).expect("records").lines().count(), 250);
}

#[test]
fn one_record_that_the_server_cannot_give_is_said_and_kept() {
    let fake = Fake::start(state(20));
    fake.fault("/issues/7/notes", 99, Fault::Status(500));
    fake.fault("/issues/9/notes", 99, Fault::Status(403));
    let here = folder();
    let saved = here.path().join("saved");
    let (names, gaps, outcome) = harvest(&fake, Some(&saved));
    assert!(outcome.is_ok(), "{outcome:?}");
    assert_eq!(names, everything(20));
    assert_eq!(gaps.len(), 2, "{gaps:?}");
    assert!(
        gaps[0].starts_with("group/project#7: its `notes` were not read: GitLab failed with 500"),
        "{gaps:?}"
    );
    assert!(
        gaps[1].starts_with("group/project#9: its `notes` were not read: the access token may not"),
        "{gaps:?}"
    );
    let again = proclint::load::harvest::saved_gaps(&saved).expect("a list");
    assert_eq!(again.len(), 3, "with the part that was asked for");
    fake.fault("/notes", 999, Fault::Status(502));
    let (_, _, outcome) = harvest(&fake, None);
    assert!(matches!(outcome, Err(HarvestError::Gitlab(GitlabError::Server { .. }))), "{outcome:?}");
}

#[test]
fn a_rule_is_tried_over_a_project_of_the_server() {
    let fake = Fake::start(state(9));
    let here = folder();
    let simulate = |source: &str, more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_proclint"));
        let rule = concat!(env!("CARGO_MANIFEST_DIR"), "/rules/communication/bare-reference.yml");
        command.current_dir(here.path()).args(["simulate", "--rule", rule, "--over", source]).args(more);
        command.args(["--format", "json", "--today", "2026-03-01"]);
        command.env("CI_API_V4_URL", fake.api()).env("PROCLINT_TOKEN", READER).env_remove("CI_JOB_TOKEN");
        told(&command.output().expect("proclint runs"))
    };
    let online = simulate("group/project", &["--what", "issues", "--save", "saved"]);
    let tried: Value = serde_json::from_str(&online.1).expect("JSON");
    assert_eq!((online.0, &tried["seen"], &tried["hit"]), (Some(0), &json!(9), &json!(9)), "{online:?}");
    assert!(!online.1.contains("#20005"), "a confidential issue is shown");
    assert_eq!(simulate("saved", &[]), online);
    let (code, shown, warned) = simulate("group/unknown", &[]);
    assert!(code == Some(2) && shown.is_empty() && warned.contains("project or group"), "{warned}");
}
