//! The README's table and capture, and `docs/rules.md`, say what the program says; `UPDATE=1 cargo test --test docs`
//! rewrites them.
#![allow(clippy::expect_used, clippy::panic, reason = "a test says what it expects")]

use std::fs;
use std::process::Command;

use proclint::example::showcases;
use proclint::finding::Report;
use proclint::report::{Format, Style, render};
use proclint::rule::RuleSet;
use proclint::rule::set::{BuiltIn, built_in};
use proclint::yaml::{Limits, Node, parse};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");

/// Compares what stands between `<!-- name -->` and `<!-- /name -->` with `expected`, or puts it there.
fn holds(name: &str, expected: &str) {
    let readme = fs::read_to_string(PATH).expect("the README can be read");
    let (open, close) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let start = readme.find(&open).expect("the mark opens") + open.len();
    let end = readme.find(&close).expect("the mark closes");
    if std::env::var_os("UPDATE").is_some() {
        let updated = format!("{}{expected}{}", &readme[..start], &readme[end..]);
        fs::write(PATH, updated).expect("the README can be written");
    } else {
        assert_eq!(&readme[start..end], expected, "stale; run UPDATE=1 cargo test --test docs");
    }
}

#[test]
fn the_readme_is_up_to_date() {
    holds("rules", &table());
    holds("capture", &capture());
}

fn table() -> String {
    let mut rows: Vec<String> = built_in()
        .iter()
        .map(|rule| {
            let node = parse(rule.yaml, &Limits::config()).expect("valid").expect("not empty");
            let field =
                |key: &str| node.get(key).and_then(Node::as_str).unwrap_or_default().replace('|', "\\|");
            let on: Vec<_> =
                node.get("on").map(Node::items).unwrap_or_default().iter().filter_map(Node::as_str).collect();
            let off = if rule.default { "" } else { ", off" };
            let from = field("from");
            let own = format!("docs/rules.md#{}", rule.id);
            format!(
                "| [`{}`]({}) | {}{off} | {} | {} |\n",
                rule.id,
                if from.is_empty() { own } else { from },
                field("severity"),
                on.join(", "),
                field("title")
            )
        })
        .collect();
    rows.sort();
    let head = "| rule | severity | reads | what it finds |\n|---|---|---|---|\n";
    format!(
        "\n{} rules; the links lead to the handbook's sentence, those of rules about waivers to their description.\n\n{head}{}\n",
        rows.len(),
        rows.concat()
    )
}

/// What the program prints for the sample merge request.
fn capture() -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_proclint"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args([
            "check",
            "--config",
            "tests/project/.proclint.yml",
            "--format",
            "human",
            "--quiet",
            "--today",
            "2025-08-15",
        ])
        .args(["--merge-request", "tests/project/merge-request.json"])
        .args(["--select", "scoped-label-exclusive,bare-reference,limit-undocumented"])
        .env("COLUMNS", "96")
        .env("LC_ALL", "C.UTF-8")
        .env_remove("CLICOLOR_FORCE")
        .output()
        .expect("proclint runs");
    let text = String::from_utf8(output.stdout).expect("the report is UTF-8");
    format!("\n```text\n{}\n```\n\n", text.trim_end())
}

#[test]
fn the_page_of_rules_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/rules.md");
    let expected = page();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(path, expected).expect("the page can be written");
    } else {
        let today = fs::read_to_string(path).expect("the page can be read");
        assert!(today == expected, "docs/rules.md is stale; run UPDATE=1 cargo test --test docs");
    }
}

/// One section a rule: what, why with the quote, an example as it is reported, the options.
fn page() -> String {
    let rules = RuleSet::all().expect("all rules are chosen");
    let mut sorted: Vec<_> = built_in().iter().collect();
    sorted.sort_by_key(|rule| rule.id);
    let mut out = String::from(
        "# The rules\n\nGenerated from the files under `rules/` by `UPDATE=1 cargo test --test docs`. \
         `proclint explain RULE` shows all examples of a rule.\n",
    );
    for rule in sorted {
        let node = parse(rule.yaml, &Limits::config()).expect("valid").expect("not empty");
        out.push_str(&section(rule, &node, &rules));
    }
    out
}

fn section(rule: &BuiltIn, node: &Node, rules: &RuleSet) -> String {
    let field = |key: &str| node.get(key).and_then(Node::as_str).unwrap_or_default();
    let on: Vec<_> =
        node.get("on").map(Node::items).unwrap_or_default().iter().filter_map(Node::as_str).collect();
    let switch = if rule.default { "on" } else { "off" };
    let mut out = format!("\n## {}\n\n{}.\n\n", rule.id, field("title"));
    out.push_str("| severity | default | reads |\n|---|---|---|\n");
    out.push_str(&format!("| {} | {switch} | {} |\n\n", field("severity"), on.join(", ")));
    if !field("quote").is_empty() {
        let cited = (field("heading"), field("from"), field("quote"));
        out.push_str(&format!("The handbook, [{}]({}):\n\n> {}\n\n", cited.0, cited.1, cited.2));
    }
    // Four back-ticks, because an example may hold a fence of three.
    out.push_str(&format!("````text\n{}\n````\n", example(rule.yaml, rules).trim_end()));
    let parameters = node.get("parameters").map(Node::entries).unwrap_or_default();
    out.push_str(if parameters.is_empty() { "" } else { "\nParameters:\n\n" });
    for parameter in parameters {
        let value = serde_json::to_string(&parameter.value).expect("a parameter is JSON");
        let short: String = value.chars().take(100).collect();
        let more = if short.len() < value.len() { "…" } else { "" };
        out.push_str(&format!("- `{}`: `` {short}{more} ``\n", parameter.key));
    }
    let variants = node.get("variants").map(Node::entries).unwrap_or_default();
    out.push_str(if variants.is_empty() { "" } else { "\nVariants:\n\n" });
    for variant in variants {
        let value = |key: &str| variant.value.get(key).and_then(Node::as_str);
        let off = if value("default") == Some("off") { ", off" } else { "" };
        let severity = value("severity").unwrap_or(field("severity"));
        out.push_str(&format!(
            "- `{}` ({severity}{off}): {}\n",
            variant.key,
            value("message").unwrap_or(field("message"))
        ));
    }
    out
}

/// The first bad example of a rule, as a run reports it.
fn example(yaml: &str, rules: &RuleSet) -> String {
    let mut checked = showcases(yaml, rules)
        .expect("the examples can be read")
        .into_iter()
        .next()
        .expect("there is a bad example");
    checked.findings.truncate(1);
    let report = Report { subjects: vec![checked], checked: 1, ..Report::default() };
    let style = Style { width: 100, quiet: true, ..Style::default() };
    let mut out = Vec::new();
    render(Format::Human, &report, &style, &mut out).expect("memory can be written");
    String::from_utf8(out).expect("a report is UTF-8")
}

/// What the page on machines shows is what the cases of the command line run.
#[test]
fn the_page_on_states_shows_rules_that_work() {
    let root = env!("CARGO_MANIFEST_DIR");
    let read = |path: &str| fs::read_to_string(format!("{root}/{path}")).expect("the file can be read");
    let page = read("docs/states.md");
    for shown in ["tests/cli/flow.in/rules/flow-of-work.yml", "tests/cli/flow.in/small-work.yml"] {
        assert!(
            page.contains(&format!("```yaml\n{}```\n", read(shown))),
            "docs/states.md does not show {shown}"
        );
    }
}

#[test]
fn the_tests_that_the_security_page_names_are_there() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/");
    let page = fs::read_to_string(format!("{folder}SECURITY.md")).expect("the page can be read");
    let threats = page.lines().skip_while(|line| !line.starts_with("| threat |")).skip(2);
    for threat in threats.take_while(|line| line.starts_with('|')) {
        let shown = threat.trim_end_matches(" |").rsplit(" | ").next().unwrap_or_default();
        assert!(shown.contains("`tests/") || shown.contains("`deny.toml`"), "nothing shows this: {threat}");
    }
    let (mut file, mut named) = (String::new(), 0);
    for code in page.split('`').skip(1).step_by(2) {
        if code.starts_with("tests/") || code.starts_with("src/") {
            file = code.to_owned();
            assert!(
                fs::exists(format!("{folder}{code}")).expect("the folder can be read"),
                "there is no {code}"
            );
        } else if code.contains('_') && !code.contains(['(', '.', ' ']) && file.ends_with(".rs") {
            let tests = fs::read_to_string(format!("{folder}{file}")).expect("the test can be read");
            assert!(tests.contains(&format!("fn {code}(")), "{file} has no test {code}");
            named += 1;
        }
    }
    assert!(named > 40, "only {named} tests are named");
}
