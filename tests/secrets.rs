//! Secrets of the environment are shown by no command, in no format, at no level of words, whatever a server does.
#![allow(clippy::expect_used, clippy::panic, reason = "a test says what it expects")]

mod fake;
mod job;
mod planted;

use std::collections::BTreeSet;
use std::fmt::{Debug, Display};
use std::fs;
use std::ops::Deref;
use std::process::Stdio;

use fake::{Fake, Fault, tls};
use job::{Job, git};
use planted::{ACCESS, JOB, PROXY, VARIABLES, assert_unseen, assert_unseen_below};
use proclint::load::gitlab::{Access, Gitlab, Token};
use regex::Regex;
use serde::Serialize;
use serde_json::{Value, json};

const RULE: &str = "id: plain-words\ntitle: Plain words\nfrom: https://handbook.example/words/#plain\nheading: Plain\n\
                    quote: \"Use plain words.\"\nsays: should\nseverity: warning\non: [page, issue]\nmessage: \"Say \
                    `{hit}` in plain words\"\nhelp: \"Replace the word.\"\ntext:\n  match: \"utilise\"\n  literals: \
                    [utilise]\nexamples:\n  - bad: \"We «utilise» it.\"\n  - good: \"We use it.\"\n";

const PAGE: &str = "# Page\n\nSee #21549.\n\n<!-- proclint: allow unexplained-acronym: old -->\nAn MVC.\n";

const ISSUES: &str = "{\"iid\": 1, \"project_id\": 7, \"title\": \"17.1 Planning issue\", \"description\": \"See #21549. We \
                      utilise it.\", \"labels\": [], \"state\": \"opened\"}\n";

/// What runs without a server, in this order; `FORMAT` stands for each that the command has.
const OFFLINE: [&str; 36] = [
    "check docs --format FORMAT -vv",
    "check docs --quiet --color always --format FORMAT --report FORMAT=report.FORMAT",
    "check --merge-request mr.json --issues issues.ndjson --format FORMAT -v",
    "check --merge-request env --format FORMAT",
    "check --commit-msg message --format FORMAT",
    "check --stdin-filename docs/page.md -v",
    "check --since HEAD~1 -vv",
    "check --staged -vv",
    "check docs --diff",
    "check docs --shard 1/2 --report json=1.json",
    "check docs --shard 2/2 --report json=2.json",
    "merge 1.json 2.json --format FORMAT --report FORMAT=merged.FORMAT",
    "baseline update docs",
    "check docs --baseline proclint-baseline.ndjson -vv",
    "audit issues.ndjson --format FORMAT --report FORMAT=audit.FORMAT --history past.ndjson --plan offline.ndjson",
    "audit issues.ndjson --shard 1/1 --format json --report json=part.json",
    "merge part.json --page page.html",
    "audit --apply offline.ndjson --format FORMAT",
    "simulate --rule rules/plain-words.yml --over issues.ndjson --format FORMAT",
    "why plain-words docs/page.md --format FORMAT",
    "why plain-words #1 --issues issues.ndjson --format FORMAT",
    "waivers --format FORMAT",
    "rules --format FORMAT",
    "rules --lock",
    "explain bare-reference --format FORMAT",
    "test rules",
    "drift handbook --rules rules --format FORMAT",
    "coverage handbook/words.md --format FORMAT",
    "init",
    "init --yes",
    "check docs --fix",
    "check nowhere -vv",
    "check --config nowhere.yml",
    "check --nonsense",
    "--version",
    "help",
];

/// What asks a server; `NAME` is another one in each run.
static ONLINE: [&str; 5] = [
    "ci --call-timeout=1 -vv --format FORMAT --report FORMAT=ci.FORMAT",
    "doctor --call-timeout=1 --format FORMAT",
    "audit group/project --call-timeout=1 --format FORMAT --save NAME.FORMAT --cache cache --history \
     NAME.h.ndjson --report html=online.html --report csv=online.csv",
    "simulate --rule rules/plain-words.yml --over group/project --call-timeout=1 --format FORMAT",
    "audit --apply NAME.plan.ndjson --write --call-timeout=1 --brake 100 --format FORMAT",
];

/// What is run where a fault is waited for.
static SLOW: [&str; 2] = ["ci --call-timeout=1 -vv", "audit group/project --call-timeout=1 --save NAME"];

/// A job that holds every secret, with a server whose records repeat its `token`, and files for each command.
fn scene(token: &str) -> Job {
    let target = [
        ("docs/page.md", PAGE),
        ("rules/plain-words.yml", RULE),
        (".proclint.yml", "rule-folders: [rules]\n"),
    ];
    let mut job =
        Job::new(&target, &[("docs/page.md", &format!("{PAGE}\nSee #1001 too, which we utilise.\n"))]);
    for (name, value) in VARIABLES {
        job.set(name, value);
    }
    {
        let mut state = job.fake.state();
        let with_secret =
            |token: &fake::Token, secret: &str| fake::Token { secret: secret.to_owned(), ..token.clone() };
        let (bot, of_job) = (with_secret(&state.tokens[0], ACCESS), with_secret(&state.tokens[2], JOB));
        state.tokens.extend([bot, of_job]);
        let project = &mut state.projects[0];
        project.issues.truncate(3);
        for (issue, iid) in project.issues.iter_mut().zip(1..) {
            issue.record["title"] = json!(format!("17.{iid} Planning issue, see #21549 {token}"));
            issue.record["description"] =
                json!(format!("We utilise {token}, see #21549.\n\n- {token} #21550\n"));
        }
        project.merge_requests.truncate(1);
        project.merge_requests[0].record["description"] = json!(format!("{token} See #1002 {token}"));
        project.labels = vec![json!({ "name": "planning issue", "description": token })];
        project.milestones = vec![json!({ "id": 1, "iid": 1, "title": "17.1", "state": "active" })];
    }
    let work = job.work();
    let mut remote = VARIABLES.iter().find(|(name, _)| *name == "CI_REPOSITORY_URL").map(|(_, url)| *url);
    git(&work, &["remote", "set-url", "origin", remote.take().expect("a URL")]);
    let write = |path: &str, text: &str| {
        let path = work.join(path);
        fs::create_dir_all(path.parent().expect("below the folder")).expect("a folder");
        fs::write(path, text).expect("written");
    };
    write("issues.ndjson", ISSUES);
    write("mr.json", "{\"iid\": 1, \"title\": \"Add it\", \"description\": \"See #21549.\"}");
    write("message", "Add it\n\nSee #21549.\n");
    write("handbook/words.md", "# Words\n\n## Plain\n\nYou must use plain words.\n");
    // What waits here is a file as well.
    fs::create_dir(work.join("tmp")).expect("a folder");
    let tmp = work.join("tmp").display().to_string();
    job.set("TMPDIR", &tmp);
    job
}

/// The values of `--format` that `command` has; one empty one where it has no such option.
fn formats(job: &Job, command: &str) -> Vec<String> {
    let help = job.proclint(&[command, "-h"]);
    let help = String::from_utf8_lossy(&help.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
    let listed = Regex::new(r"--format <FORMAT> .*?\[possible values: ([^\]]+)\]").expect("a pattern");
    let listed = listed.captures(&help).map(|found| found[1].to_owned());
    listed.map_or_else(|| vec![String::new()], |listed| listed.split(", ").map(str::to_owned).collect())
}

/// Runs `line` in every format that it has; none shows a secret, and each ends by itself.
fn run(job: &Job, line: &str) {
    let command = line.split(' ').next().expect("a command");
    let formats = if line.contains("FORMAT") { formats(job, command) } else { vec![String::new()] };
    formats.iter().for_each(|format| run_as(job, line, format, &[]));
}

fn run_as(job: &Job, line: &str, format: &str, variables: &[(&str, &str)]) {
    let line = line.replace("FORMAT", format);
    run_words(job, &line.split_whitespace().collect::<Vec<_>>(), variables);
}

fn run_words(job: &Job, words: &[&str], variables: &[(&str, &str)]) -> Option<i32> {
    let mut command = job.command(env!("CARGO_BIN_EXE_proclint"));
    let command = command.args(words).envs(variables.iter().copied()).stdin(Stdio::null());
    let output = command.output().expect("proclint runs");
    let what = format!("proclint {}", words.join(" "));
    assert_unseen(&what, &output.stdout);
    assert_unseen(&what, &output.stderr);
    let code = output.status.code();
    assert!(matches!(code, Some(0..=3)), "{what}: {code:?} {}", String::from_utf8_lossy(&output.stderr));
    code
}

/// A server was told no secret but in the header that is for it.
fn assert_asked_well(name: &str, fake: &Fake) {
    for seen in fake.log() {
        let is_for_it = |header: &str| matches!(header, "private-token" | "job-token");
        assert_unseen(&format!("{name}: {}", seen.target), seen.target.as_bytes());
        assert_unseen(&format!("{name}: a body"), seen.body.as_bytes());
        for (header, value) in seen.headers.iter().filter(|(header, _)| !is_for_it(header)) {
            assert_unseen(&format!("{name}: the header {header}"), value.as_bytes());
        }
    }
}

#[test]
fn no_command_shows_a_secret() {
    let job = scene(ACCESS);
    OFFLINE.iter().for_each(|line| run(&job, line));
    let help = job.proclint(&["--help"]);
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    let listed =
        help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let commands: BTreeSet<_> = listed.filter_map(|line| line.split_whitespace().next()).collect();
    let run_here: BTreeSet<_> =
        OFFLINE.iter().chain(&ONLINE).filter_map(|line| line.split(' ').next()).collect();
    assert!(commands.len() > 10 && commands.is_subset(&run_here), "{commands:?} is more than {run_here:?}");
    commands.iter().for_each(|command| run(&job, &format!("{command} --help")));
    for option in ["--format", "--report"] {
        let has = |command: &&&str| {
            let help = job.proclint(&[command, "-h"]);
            String::from_utf8_lossy(&help.stdout).contains(&format!(" {option} <"))
        };
        for command in commands.iter().filter(has) {
            let mut lines = OFFLINE.iter().chain(&ONLINE).filter(|line| line.starts_with(*command));
            assert!(lines.any(|line| line.contains(&format!("{option} FORMAT"))), "{command} {option}");
        }
    }
    assert!(assert_unseen_below("offline", &job.work()) > 40);
    assert!(job.fake.log().is_empty());
}

/// Runs what asks a server, in every format, or where every call meets `fault`, in two.
fn meets(
    job: &Job,
    name: &str,
    plan: &str,
    fault: Option<&Fault>,
    lines: &[&str],
    variables: &[(&str, &str)],
) {
    let fake = Fake::start(job.fake.state().clone());
    fs::write(job.work().join(format!("{name}.plan.ndjson")), plan).expect("written");
    let api = fake.api();
    let variables = [&[("CI_API_V4_URL", api.as_str())], variables].concat();
    if let Some(fault) = fault {
        fake.fault("", usize::MAX, fault.clone());
    }
    for line in lines {
        let has = || formats(job, line.split(' ').next().expect("a command"));
        let formats = if fault.is_some() { vec!["human".to_owned(), "json".to_owned()] } else { has() };
        let formats = if line.contains("FORMAT") { formats } else { vec![String::new()] };
        formats.iter().for_each(|format| run_as(job, &line.replace("NAME", name), format, &variables));
    }
    assert_asked_well(name, &fake);
}

/// What a plan that can be posted holds.
fn plan() -> String {
    let job = scene(ACCESS);
    run(&job, "audit group/project --select planning-issue-unlabelled --plan plan.ndjson");
    let plan = fs::read_to_string(job.work().join("plan.ndjson")).expect("a plan");
    assert!(plan.contains("/label"), "{plan}");
    plan
}

#[test]
fn no_answer_makes_a_command_show_a_secret() {
    let elsewhere = Fake::start(fake::State::sample());
    let quick = [
        Fault::Echo(200),
        Fault::Echo(401),
        Fault::Echo(403),
        Fault::Echo(404),
        Fault::Echo(422),
        Fault::EchoText(400),
        Fault::EchoRedirect,
        Fault::EchoNextPage,
        Fault::Redirect(elsewhere.api()),
        Fault::Redirect(format!("http://anna:{PROXY}@127.0.0.1/?private_token={ACCESS}")),
        Fault::WebPage,
        Fault::Expired,
        Fault::RateLimited { retry_after: Some(3600), reset_in: None },
    ];
    // These are waited for and tried again.
    let slow = [Fault::Echo(500), Fault::HalfJson, Fault::CutOff, Fault::Stall];
    let plan = plan();
    let (bot, mut runner) = (scene(ACCESS), scene(JOB));
    runner.unset("PROCLINT_TOKEN");
    std::thread::scope(|scope| {
        let start = |job, name: String, fault, lines: &'static [&'static str]| {
            let plan = &plan;
            scope.spawn(move || meets(job, &name, plan, fault, lines, &[]));
        };
        for (number, fault) in (1..).zip(&slow) {
            for lines in SLOW.chunks(1) {
                start(&bot, format!("slow-{number}-{}", &lines[0][..2]), Some(fault), lines);
            }
        }
        start(&bot, "success".to_owned(), None, &ONLINE);
        start(&runner, "success".to_owned(), None, &ONLINE);
        for (number, fault) in (1..).zip(&quick) {
            start(&bot, format!("quick-{number}"), Some(fault), &ONLINE);
        }
        for (number, fault) in (1..).zip(&quick[2..8]) {
            start(&runner, format!("job-{number}"), Some(fault), &ONLINE);
        }
    });
    assert!(elsewhere.log().is_empty(), "a token went to another host");
    assert_unseen_below("the access token", &bot.work());
    assert_unseen_below("the token of the job", &runner.work());
}

#[test]
fn no_connection_makes_a_command_show_a_secret() {
    let (secure, authority) = tls::serve();
    let job = scene(ACCESS);
    let trusted = job.work().join("ca.pem");
    fs::write(&trusted, authority).expect("written");
    let (api, trusted) = ("CI_API_V4_URL", trusted.display().to_string());
    let proxies = |address: String| {
        let of = |name| (name, address.clone());
        vec![of("HTTP_PROXY"), of("HTTPS_PROXY"), of("ALL_PROXY"), ("NO_PROXY", String::new())]
    };
    let cases = [
        vec![(api, "http://127.0.0.1:9/api/v4".to_owned())],
        vec![(api, "http://nowhere.invalid/api/v4".to_owned())],
        vec![(api, format!("https://{secure}/api/v4"))],
        vec![(api, format!("https://{secure}/api/v4")), ("CI_SERVER_TLS_CA_FILE", trusted)],
        vec![(api, format!("http://127.0.0.1:9/api/v4?private_token={ACCESS}"))],
        vec![(api, format!("http://{ACCESS}@127.0.0.1:9/api/v4"))],
        vec![(api, format!("http://anna:{PROXY}@127.0.0.1:9/api/v4"))],
        proxies(format!("http://anna:{PROXY}@127.0.0.1:9")),
        proxies(format!("socks9://anna:{PROXY}@::")),
        proxies(format!("http://anna:{PROXY}@")),
        vec![("PROCLINT_TOKEN", format!("{ACCESS} x"))],
    ];
    std::thread::scope(|scope| {
        for (number, variables) in (1..).zip(&cases) {
            for line in &SLOW {
                let job = &job;
                scope.spawn(move || {
                    let variables: Vec<_> =
                        variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
                    let name = format!("{}-{number}", &line[..2]);
                    meets(job, &name, "", None, &[line], &variables);
                });
            }
        }
    });
    assert_unseen_below("no connection", &job.work());
}

#[test]
fn a_secret_in_an_address_on_the_command_line_goes_no_further() {
    let job = scene(ACCESS);
    let words = |words: &[&str]| run_words(&job, words, &[]);
    let page = format!("http://{}/group/project/-/issues?private_token={ACCESS}#{ACCESS}", job.fake.host());
    for format in formats(&job, "audit") {
        let report = format!("{format}=page.{format}");
        let reports =
            ["--format", &format, "--report", &report, "--history", "h.ndjson", "--plan", "p.ndjson"];
        let code = words(&[&["audit", &page, "--select", "plain-words"][..], &reports].concat());
        assert_eq!(code, Some(1), "{format}");
    }
    let rule = ["simulate", "--rule", "rules/plain-words.yml", "--over"];
    assert_eq!(words(&[&rule[..], &[&page]].concat()), Some(0));
    let secret = format!("http://oauth2:{ACCESS}@{}/group/project", job.fake.host());
    assert_eq!(words(&["audit", &secret]), Some(2));
    assert_eq!(words(&["audit", &format!("https://gitlab.invalid/a/b?private_token={ACCESS}")]), Some(2));
    for source in [
        format!("https://oauth2:{ACCESS}@gitlab.example.com/p"),
        format!("https://{JOB}@gitlab.example.com/p"),
    ] {
        assert_eq!(words(&["init", "--yes", "--source", &source]), Some(2));
    }
    assert_eq!(words(&["init", "--yes", "--source", "ssh://git@gitlab.example.com/p"]), Some(0));
    assert_asked_well("addresses", &job.fake);
    assert_unseen_below("addresses", &job.work());
}

/// Names what a type is not: where `$type` is `$trait`, there are two of these constants, and this does not compile.
macro_rules! is_not {
    ($type:ty: $($trait:path),+) => {$({
        trait Ambiguous<Case> {
            const NOT: bool = true;
        }
        impl<T: ?Sized> Ambiguous<()> for T {}
        #[allow(dead_code, reason = "it is there to be ambiguous")]
        struct Is;
        impl<T: ?Sized + $trait> Ambiguous<Is> for T {}
        const { assert!(<$type as Ambiguous<_>>::NOT) };
    })+};
}

#[test]
fn a_token_cannot_be_printed_or_serialised() {
    is_not!(Token: Display, Serialize, Deref, AsRef<str>, AsRef<[u8]>, Into<String>, Into<Value>, PartialEq);
    is_not!(Access: Display, Serialize);
    is_not!(Gitlab: Display, Serialize, Debug);
    let token = || Token::access(ACCESS.to_owned()).expect("a token");
    let access = Access::new("https://gitlab.example.com/api/v4", token());
    let panicked = std::panic::catch_unwind(|| std::panic::panic_any(format!("{:?} {:#?}", token(), access)));
    let told = *panicked.expect_err("it panics").downcast::<String>().expect("words");
    assert!(told.starts_with("Token { kind: Access, .. } Access {"), "{told}");
    assert_unseen("a panic", told.as_bytes());
}
