//! What the pages show works: each command runs, each block is read by what it is for, each option, path and link is
//! there. A block or a command that nothing here tries makes these tests fail.
#![cfg(unix)]
#![allow(clippy::expect_used, clippy::panic, reason = "a test says what it expects")]

mod fake;
mod job;
#[path = "snippets/page.rs"]
mod page;
#[path = "snippets/place.rs"]
mod place;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::LazyLock;

use page::{Shown, Snippet, pages, read, snippets};
use place::Place;
use proclint::config::Config;
use proclint::yaml::{Limits, Node, parse};
use regex::Regex;
use serde_json::Value;

/// What a command of a page leaves open.
const OPEN: [(&str, &str); 9] = [
    ("RULE FILE", "bare-reference docs/page.md"),
    ("RULE", "bare-reference"),
    ("SOURCE", "issues.ndjson"),
    ("FOLDER", "saved"),
    ("[DIR]", "rules"),
    ("DIR", "rules"),
    ("PAGE", "product-processes.md"),
    ("HANDBOOK", "../handbook"),
    ("I/N", "1/1"),
];

/// The options of each command, as its help lists them.
static OPTIONS: LazyLock<BTreeMap<String, BTreeSet<String>>> = LazyLock::new(|| {
    let help = |words: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_proclint")).args(words).arg("-h").output();
        String::from_utf8(output.expect("proclint runs").stdout).expect("UTF-8")
    };
    let all = help(&[]);
    let commands = all.lines().filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next());
    let commands =
        commands.filter(|word| word.starts_with(|c: char| c.is_ascii_lowercase()) && *word != "help");
    let option = Regex::new(r"--[a-z][a-z-]*").expect("a pattern");
    let of = |command: &str| {
        let update: &[&str] = if command == "baseline" { &["baseline", "update"] } else { &[command] };
        let options = option.find_iter(&help(update)).map(|found| found.as_str().to_owned()).collect();
        (command.to_owned(), options)
    };
    commands.map(of).collect()
});

/// The command in a piece of code, from its name on.
fn command(code: &str) -> Option<&str> {
    let start = code.find("proclint ").filter(|at| *at == 0 || code[..*at].ends_with(' '))?;
    let name = code[start..].split_whitespace().nth(1)?;
    OPTIONS.contains_key(name).then(|| &code[start..])
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr].concat()).into_owned()
}

/// It ran, with or without findings.
fn assert_ran(at: &str, what: &str, output: &Output) {
    assert!(matches!(output.status.code(), Some(0 | 1)), "{at}: {what}: {}", told(output));
}

/// Runs a command that stands in a line. One that is only a name may lack what it needs.
fn run_command(place: &Place, snippet: &Snippet, command: &str) {
    let filled = OPEN.iter().fold(command.to_owned(), |text, (open, filled)| text.replace(open, filled));
    let is_name = filled.split_whitespace().count() == 2;
    // What one of four machines does, all four do.
    let parts: Vec<String> = match filled.contains("2/4") {
        true => (1..=4)
            .map(|n| filled.replace("2/4", &format!("{n}/4")).replace("2.json", &format!("{n}.json")))
            .collect(),
        false => vec![filled],
    };
    for part in parts {
        let output = place.shell(&part, &[]);
        let lacks = told(&output).contains("required arguments were not provided");
        if !(is_name && lacks) {
            assert_ran(&snippet.place, &part, &output);
        }
    }
}

fn keys(value: &Node) -> Vec<&str> {
    value.entries().iter().map(|entry| entry.key.as_str()).collect()
}

/// Reads a block of YAML as what it is.
fn try_yaml(place: &Place, Snippet { place: at, text, .. }: &Snippet) {
    let node =
        parse(text, &Limits::config()).unwrap_or_else(|error| panic!("{at}: {error}")).expect("not empty");
    let keys = keys(&node);
    if keys.contains(&"id") {
        let id = node.get("id").and_then(Node::as_str).expect("a name");
        place.write(&format!("rules/{id}.yml"), text);
        let output = place.shell("proclint test rules", &[]);
        assert!(output.status.success(), "{at}: {}", told(&output));
    } else if keys.contains(&"repos") {
        try_hooks(at, text);
    } else if keys.contains(&"include") {
        let parsed: Value = serde_yaml::from_str(text).expect("YAML");
        let component = parsed["include"][0]["component"].as_str().expect("a component");
        let (path, version) = component.rsplit_once('@').expect("a version");
        let name = path.rsplit('/').next().expect("a name");
        assert_eq!(version, env!("CARGO_PKG_VERSION"), "{at}");
        read(&format!("templates/{name}.yml"));
    } else if node.entries().iter().all(|entry| entry.value.get("script").is_some()) {
        try_jobs(place, at, text);
    } else {
        Config::read(text).unwrap_or_else(|error| panic!("{at}: {error}"));
        place.write("shown.yml", text);
        let rules = if text.contains("flow-of-work") { " --rules rules" } else { "" };
        let output = place.shell(&format!("proclint check docs --config shown.yml{rules}"), &[]);
        assert_ran(at, text, &output);
    }
}

fn try_hooks(at: &str, text: &str) {
    let given: Value = serde_yaml::from_str(text).expect("YAML");
    let known: Value = serde_yaml::from_str(&read(".pre-commit-hooks.yaml")).expect("YAML");
    let repository = &given["repos"][0];
    assert_eq!(repository["rev"], format!("v{}", env!("CARGO_PKG_VERSION")), "{at}");
    for hook in repository["hooks"].as_array().expect("hooks") {
        let is_known = known.as_array().expect("hooks").iter().any(|known| known["id"] == hook["id"]);
        assert!(is_known, "{at}: there is no hook {}", hook["id"]);
    }
}

/// Runs the scripts of the jobs, one after the other, and looks for what they are to leave.
fn try_jobs(place: &Place, at: &str, text: &str) {
    let jobs: Value = serde_yaml::from_str(text).expect("YAML");
    for (name, job) in jobs.as_object().expect("jobs") {
        let known = ["image", "script", "artifacts", "rules", "variables", "parallel", "needs"];
        let unknown = job.as_object().expect("a job").keys().find(|key| !known.contains(&key.as_str()));
        assert_eq!(unknown, None, "{at}: {name}");
        let needs = job["needs"].as_array().into_iter().flatten();
        needs
            .for_each(|needed| assert!(jobs[needed.as_str().expect("a name")].is_object(), "{at}: {needed}"));
        let lines = job["script"].as_array().expect("a script").iter();
        let script = lines.map(|line| line.as_str().expect("a line")).collect::<Vec<_>>().join("\n");
        let total = job["parallel"].as_u64().unwrap_or(1);
        for index in 1..=total {
            let (index, total) = (index.to_string(), total.to_string());
            let variables = [
                ("CI_NODE_INDEX", &*index),
                ("CI_NODE_TOTAL", &total),
                ("CI_PIPELINE_CREATED_AT", "2026-03-15T08:00:00Z"),
            ];
            let more = [("CI_PROJECT_ID", "7"), ("CI_DEFAULT_BRANCH", "main")];
            assert_ran(at, name, &place.shell(&script, &[&variables[..], &more].concat()));
        }
        let artifacts = &job["artifacts"];
        let paths = artifacts["paths"].as_array().into_iter().flatten();
        let reports = artifacts["reports"].as_object().into_iter().flat_map(|reports| reports.values());
        for path in paths.chain(reports).filter_map(Value::as_str) {
            assert!(place.has(path), "{at}: {name} leaves no {path}");
        }
    }
}

/// Waivers that a page shows allow what is found there, and nothing is wrong with them.
fn try_waivers(place: &Place, Snippet { place: at, text, .. }: &Snippet) {
    place.write("docs/waived.md", text);
    let output =
        place.shell("proclint check docs/waived.md --today 2026-03-15 --format json --fail-on info", &[]);
    assert_eq!(output.status.code(), Some(0), "{at}: {}", told(&output));
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let waived = report["suppressed"].as_array().map(Vec::len);
    assert!(waived >= Some(text.matches("proclint: allow").count()), "{at}: {report:#}");
}

#[test]
fn what_a_page_shows_can_be_run() {
    // Which change is whose is told in the history, not how to do things.
    for page in pages().into_iter().filter(|page| page != "CHANGELOG.md" && page != "docs/rules.md") {
        let shown = snippets(&page);
        let has_any = shown.iter().any(|snippet| match &snippet.shown {
            Shown::Block(_) => true,
            Shown::Code => command(&snippet.text).is_some(),
            Shown::Link => false,
        });
        if !has_any {
            continue;
        }
        let place = Place::new();
        for snippet in &shown {
            let (at, text) = (&snippet.place, &snippet.text);
            match &snippet.shown {
                Shown::Block(language) => match language.as_str() {
                    "sh" => assert_ran(at, text, &place.shell(text, &[])),
                    "console" => text.lines().for_each(|line| assert_ran(at, line, &place.shell(line, &[]))),
                    "yaml" => try_yaml(&place, snippet),
                    "json" => drop(
                        serde_json::from_str::<Value>(text).unwrap_or_else(|error| panic!("{at}: {error}")),
                    ),
                    "markdown" => try_waivers(&place, snippet),
                    // `tests/docs.rs` makes it.
                    "text" if read(&page).contains(&format!("<!-- capture -->\n\n```text\n{text}")) => {}
                    other => panic!("{at}: nothing tries a block of `{other}`"),
                },
                Shown::Code => {
                    if let Some(command) = command(text) {
                        run_command(&place, snippet, command);
                    } else if text.starts_with("sha256sum ") {
                        assert_ran(at, text, &place.shell(text, &[]));
                    }
                }
                Shown::Link => {}
            }
        }
    }
}

#[test]
fn options_paths_tests_and_links_are_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let option = Regex::new(r"(?:^|\s)(--[a-z][a-z-]*)").expect("a pattern");
    let path =
        Regex::new(r"^(?:src|tests|docs|rules|templates|benches|fuzz|\.ci)/[\w./-]*$").expect("a pattern");
    let target = Regex::new(r"--(test|bench|example) ([a-z-]+)").expect("a pattern");
    let manifest = read("Cargo.toml");
    // Those of the programs in `benches/`.
    let foreign = ["--install-peers", "--update"];
    let mut seen = 0;
    for snippet in pages().iter().flat_map(|page| snippets(page)) {
        let (at, text) = (&snippet.place, &snippet.text);
        match snippet.shown {
            Shown::Code if command(text).is_some() => {
                let command = command(text).unwrap_or_default();
                let name = command.split_whitespace().nth(1).unwrap_or_default();
                for found in option.captures_iter(command) {
                    assert!(OPTIONS[name].contains(&found[1]), "{at}: {name} has no {}", &found[1]);
                    seen += 1;
                }
            }
            Shown::Code if text.starts_with("--") => {
                let name = text.split([' ', '=']).next().unwrap_or_default();
                let is_known =
                    foreign.contains(&name) || OPTIONS.values().any(|options| options.contains(name));
                assert!(is_known, "{at}: no command has {name}");
                seen += 1;
            }
            Shown::Code if text.contains("cargo ") => {
                for found in target.captures_iter(text) {
                    let is_test =
                        &found[1] == "test" && root.join(format!("tests/{}.rs", &found[2])).is_file();
                    let is_declared =
                        manifest.contains(&format!("[[{}]]\nname = \"{}\"", &found[1], &found[2]));
                    assert!(is_test || is_declared, "{at}: there is no {}", &found[0]);
                    seen += 1;
                }
            }
            // What a page says of a project's own folder is not here.
            Shown::Code if path.is_match(text) && !text.contains("TARGET") && !at.starts_with("README") => {
                assert!(root.join(text).exists(), "{at}: there is no {text}");
                seen += 1;
            }
            // What a rule quotes may lead to another page of its handbook.
            Shown::Link if !text.contains("://") && !text.starts_with('/') => {
                let (file, anchor) = text.split_once('#').unwrap_or((text, ""));
                let folder = root.join(at).parent().expect("a folder").to_owned();
                assert!(file.is_empty() || folder.join(file).exists(), "{at}: there is no {file}");
                let is_rule = file.ends_with("docs/rules.md") && !anchor.is_empty();
                assert!(
                    !is_rule || read("docs/rules.md").contains(&format!("\n## {anchor}\n")),
                    "{at}: {anchor}"
                );
                seen += 1;
            }
            Shown::Block(_) | Shown::Code | Shown::Link => {}
        }
    }
    assert!(seen > 150, "only {seen} are looked at");
}
