//! The component in `templates/`: its inputs, and its shell as the runner of a job runs it.
#![allow(clippy::expect_used, clippy::panic, reason = "a test says what it expects")]

mod fake;
mod job;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use job::{Job, READER, commit};
use serde_json::Value;

/// The two documents of the component: what it takes, and its job.
fn documents() -> (Value, String) {
    documents_of("templates/proclint.yml")
}

fn documents_of(path: &str) -> (Value, String) {
    let text = read(path);
    let (spec, job) = text.split_once("\n---\n").expect("two documents");
    (serde_yaml::from_str(spec).expect("YAML"), job.to_owned())
}

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("a file")
}

/// The job with `given` inputs, put into the text as GitLab does; a value that stands alone keeps its type.
fn interpolated(given: &[(&str, &str)]) -> Value {
    interpolated_of("templates/proclint.yml", given)
}

fn interpolated_of(path: &str, given: &[(&str, &str)]) -> Value {
    let (spec, mut text) = documents_of(path);
    let inputs = spec["spec"]["inputs"].as_object().expect("inputs");
    for (name, _) in given {
        assert!(inputs.contains_key(*name), "{name} is no input");
    }
    for (name, input) in inputs {
        let given = given.iter().find(|(known, _)| known == name).map(|(_, value)| (*value).to_owned());
        let default = &input["default"];
        let default = default.as_str().map_or_else(|| default.to_string(), str::to_owned);
        text = text.replace(&format!("$[[ inputs.{name} ]]"), &given.unwrap_or(default));
    }
    assert!(!text.contains("$[["), "an input is not declared: {text}");
    serde_yaml::from_str(&text).expect("YAML")
}

/// The shell of the job, as a runner hands it to `sh`.
fn script(job: &Value) -> String {
    script_of(job, "proclint")
}

fn script_of(jobs: &Value, name: &str) -> String {
    let lines = jobs[name]["script"].as_array().expect("a script").iter();
    lines.map(|line| line.as_str().expect("a line")).collect::<Vec<_>>().join("\n")
}

/// The code the script ends with, and what it wrote.
fn run(scene: &Job, inputs: &[(&str, &str)]) -> (Option<i32>, String) {
    let program = ("program", env!("CARGO_BIN_EXE_proclint"));
    let job = interpolated(&[&[("install", "true"), program], inputs].concat());
    let output = scene.command("sh").args(["-eu", "-c", &script(&job)]).output().expect("a shell");
    (output.status.code(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

fn one_page() -> Job {
    Job::new(
        &[("docs/page.md", "# Page\n\nSee #21549.\n")],
        &[("docs/page.md", "# Page\n\nSee #21549.\n\nSee #1001 too.\n")],
    )
}

#[test]
fn every_input_is_used_and_described() {
    for path in ["templates/proclint.yml", "templates/audit.yml"] {
        let (spec, text) = documents_of(path);
        for (name, input) in spec["spec"]["inputs"].as_object().expect("inputs") {
            assert!(text.contains(&format!("$[[ inputs.{name} ]]")), "{name} is not used");
            let optional =
                !input["default"].is_null() || (path, name.as_str()) == ("templates/audit.yml", "source");
            assert!(input["description"].is_string() && optional, "{name}");
        }
    }
    let job = &interpolated(&[])["proclint"];
    assert_eq!((&job["needs"], &job["stage"]), (&serde_json::json!([]), &serde_json::json!("test")));
}

#[test]
fn the_pipeline_of_this_project_gives_inputs_that_there_are() {
    let pipeline: BTreeMap<String, Value> = serde_yaml::from_str(&read(".gitlab-ci.yml")).expect("YAML");
    let includes = pipeline["include"].as_array().expect("includes");
    let own =
        includes.iter().find(|include| include["local"] == "templates/proclint.yml").expect("the component");
    let (spec, _) = documents();
    for name in own["inputs"].as_object().expect("inputs").keys() {
        assert!(!spec["spec"]["inputs"][name].is_null(), "{name} is no input");
    }
}

#[test]
fn the_job_judges_the_merge_request_and_leaves_its_reports() {
    let mut scene = one_page();
    scene.set("PROCLINT_TOKEN", READER);
    let (code, told) = run(&scene, &[]);
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("docs/page.md:5:5: warning bare-reference"), "{told}");
    let report = fs::read_to_string(scene.work().join("gl-code-quality-report.json")).expect("a report");
    let report: Vec<Value> = serde_json::from_str(&report).expect("a list");
    assert!(report.iter().any(|entry| entry["location"]["path"] == "docs/page.md"), "{report:?}");
    let lines: Vec<_> = report.iter().map(|entry| &entry["location"]["lines"]["begin"]).collect();
    assert_eq!(
        lines.iter().filter(|line| ***line == 3).count(),
        1,
        "the widget compares with old findings: {report:?}"
    );
    let junit = fs::read_to_string(scene.work().join("gl-proclint-junit.xml")).expect("a report");
    assert!(junit.contains("bare-reference"), "{junit}");
    assert_eq!(run(&scene, &[("fail-on", "error"), ("note", "false")]).0, Some(0));
    assert!(run(&scene, &[("all-files", "true")]).1.contains("docs/page.md:3:5"));
}

#[test]
fn a_branch_longer_than_the_clone_is_compared_all_the_same() {
    let mut scene = one_page();
    let origin = scene.origin();
    for number in 0..25 {
        commit(&origin, &[], &format!("Step {number}"));
    }
    let head = job::git(&origin, &["rev-parse", "HEAD"]);
    scene.clone_at("topic", 20);
    scene.set("CI_COMMIT_SHA", &head);
    assert_eq!(scene.run(&[]).code, 2, "without the component's step");
    let (code, told) = run(&scene, &[]);
    assert_eq!(code, Some(1), "{told}");
    assert!(
        told.contains("docs/page.md:5:5: warning bare-reference") && !told.contains("docs/page.md:3:5"),
        "{told}"
    );
}

#[test]
fn the_default_branch_is_checked_for_the_widget() {
    let mut scene = one_page();
    let names: Vec<_> =
        scene.variables.keys().filter(|name| name.starts_with("CI_MERGE_REQUEST")).cloned().collect();
    names.iter().for_each(|name| scene.unset(name));
    scene.set("CI_COMMIT_BRANCH", "main");
    scene.set("CI_PIPELINE_SOURCE", "schedule");
    let (code, told) = run(&scene, &[("fail-on", "never")]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("docs/page.md:3:5") && told.contains("docs/page.md:5:5"), "{told}");
}

#[test]
fn jobs_that_share_an_audit_find_what_one_run_finds() {
    let folder = tempfile::tempdir().expect("a folder");
    let record = |iid: usize| {
        let state = ["in dev", "in review", "complete"][iid % 3];
        let labels = [format!("workflow::{state}"), "workflow::verification".to_owned()];
        serde_json::json!({"iid": iid, "title": "x", "description": format!("See #{}.", 2000 + iid), "labels": labels})
    };
    let records: Vec<_> = (1..50).map(|iid| record(iid).to_string()).collect();
    fs::write(folder.path().join("issues.ndjson"), records.join("\n")).expect("written");
    let program = env!("CARGO_BIN_EXE_proclint");
    let jobs = interpolated_of(
        "templates/audit.yml",
        &[("install", "true"), ("program", program), ("source", "issues.ndjson")],
    );
    let run = |job: &str, index: &str| {
        let mut shell = std::process::Command::new("sh");
        shell.args(["-eu", "-c", &script_of(&jobs, job)]).current_dir(folder.path());
        shell.env("CI_NODE_INDEX", index).env("CI_NODE_TOTAL", "4");
        let output = shell.env("CI_PIPELINE_CREATED_AT", "2025-08-15T10:00:00Z").output().expect("a shell");
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    assert_eq!(jobs["proclint-audit"]["parallel"], 4);
    for index in ["3", "1", "4", "2"] {
        run("proclint-audit", index);
    }
    let told = run("proclint-audit-report", "1");
    let one = |format: &str| {
        let mut command = std::process::Command::new(program);
        command.args(["audit", "issues.ndjson", "--today", "2025-08-15", "--format", format]);
        let output = command.current_dir(folder.path()).output().expect("proclint runs");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let written = |file: &str| fs::read_to_string(folder.path().join(file)).expect("a report");
    assert!(told.contains("scoped-label-exclusive  49 errors"), "{told}");
    assert_eq!(
        (told, written("audit.json"), written("audit.md")),
        (one("human"), one("json"), one("markdown"))
    );
}
