//! A plan of quick actions, posted to the fake server: never twice, nothing lost, and undone to what was.
#![allow(clippy::expect_used, clippy::panic, reason = "a test says what it expects")]

mod fake;
#[path = "apply/scene.rs"]
mod scene;

use std::fs;
use std::process::{Command, Stdio};

use fake::Fault;
use proclint::apply::{Applied, ApplyError, Journal};
use proclint::audit::remedies::Plan;
use proptest::prelude::*;
use scene::{BOT, ISSUES, SICK, Scene, issue, plan_text, read, stopped};
use serde_json::{Value, json};

const READER: &str = "token-that-reads";

fn numbers(applied: &Applied) -> [usize; 5] {
    let Applied { done, skipped, failed, left, before, .. } = applied;
    [done.len(), skipped.len(), failed.len(), *left, *before]
}

#[test]
fn a_plan_is_posted_in_parts_and_undone_to_what_was() {
    let scene = Scene::new();
    assert_eq!(scene.plan().entries[0].quick_actions, ["/label ~\"planning issue\"", "/milestone %\"17.1\""]);
    assert_eq!(numbers(&scene.apply(4)), [4, 0, 0, 2, 0]);
    assert_eq!(numbers(&scene.apply(4)), [2, 0, 0, 0, 4]);
    scene.fake.clear_log();
    assert_eq!(numbers(&scene.apply(4)), [0, 0, 0, 0, 6]);
    assert_eq!(scene.fake.log().len(), 0);
    assert!((1..=SICK).all(|iid| scene.is_mended(iid)) && scene.has_no_notes());

    // A person likes one of the changes to be another, and adds something beside another.
    scene.change(2, "milestone", json!({ "id": 3, "title": "17.3" }));
    scene.change(3, "labels", json!(["bug", "mine", "planning issue"]));
    let undone = scene.apply_with(&scene.undo_path(), 20, BOT, 1000);
    assert_eq!(numbers(&undone), [5, 1, 0, 0, 0]);
    assert_eq!(undone.skipped[0].reason, "somebody changed its milestone since");
    assert_eq!(scene.record(2)["milestone"]["title"], "17.3");
    assert_eq!(scene.record(3)["labels"], json!(["bug", "mine"]));
    assert!([1, 4, 5, 6].iter().all(|iid| scene.is_as_before(*iid)) && scene.has_no_notes());
}

#[test]
fn what_changed_since_the_plan_is_left_alone() {
    let scene = Scene::new();
    scene.change(1, "labels", json!(["bug", "feature"]));
    scene.change(2, "title", json!("17.2 Planning issue, again"));
    scene.change(3, "labels", json!(["bug", "planning issue"]));
    scene.change(3, "milestone", json!({ "id": 3, "title": "17.3" }));
    let applied = scene.apply(20);
    assert_eq!(numbers(&applied), [3, 3, 0, 0, 0]);
    let reasons: Vec<&str> = applied.skipped.iter().map(|told| told.reason.as_str()).collect();
    assert_eq!(
        reasons,
        [
            "its labels changed since the plan was made",
            "something of it changed since the plan was made",
            "it is so already",
        ]
    );
    assert_eq!(scene.fake.count("POST"), 3);
}

#[test]
fn what_gitlab_did_in_part_is_told_and_undone_in_part() {
    let scene = Scene::new();
    scene.fake.state().projects[0].milestones.retain(|of| of["title"] != "17.2");
    scene.fake.state().projects[0].labels.retain(|of| of["name"] != "planning issue");
    let applied = scene.apply(2);
    // The first has its milestone and no label, the second has nothing, which GitLab says.
    assert_eq!(numbers(&applied), [0, 0, 2, 4, 0]);
    assert!(applied.failed[0].reason.starts_with("GitLab ran it in part"), "{}", applied.failed[0].reason);
    assert!(applied.failed[1].reason.contains("Failed to apply commands"), "{}", applied.failed[1].reason);
    assert_eq!(read(&scene.undo_path()).entries.len(), 1);
    assert_eq!(numbers(&scene.apply_with(&scene.undo_path(), 20, BOT, 1000)), [1, 0, 0, 0, 0]);
    assert!(scene.is_as_before(1) && scene.is_as_before(2));
}

#[test]
fn a_token_without_rights_stops_the_run_and_leaves_the_journal_whole() {
    let scene = Scene::new();
    let applied = scene.apply_with(&scene.path, 20, READER, 1000);
    assert_eq!(numbers(&applied), [0, 0, 0, 6, 0]);
    assert!(matches!(applied.stopped, Some(ApplyError::Gitlab(_))), "{}", stopped(&applied));
    assert!(!stopped(&applied).contains(READER));
    scene.fake.state().tokens[0].revoked = true;
    assert!(stopped(&scene.apply(20)).contains("revoked"));
    scene.fake.state().tokens[0].revoked = false;
    assert_eq!(numbers(&scene.apply(20)), [6, 0, 0, 0, 0]);
    assert_eq!(read(&scene.undo_path()).entries.len(), 6);
}

#[test]
fn three_failures_in_a_row_leave_the_rest() {
    let scene = Scene::new();
    scene.fake.state().projects[0].issues.truncate(1);
    let applied = scene.apply(20);
    assert_eq!(numbers(&applied), [1, 0, 3, 2, 0]);
    assert_eq!(stopped(&applied), "3 entries in a row could not be posted, so that the rest is left");
}

#[test]
fn records_of_another_server_are_not_touched() {
    let scene = Scene::new();
    for iid in 1..=ISSUES {
        scene.change(iid, "web_url", json!(format!("https://other.example/group/project/-/issues/{iid}")));
    }
    let applied = scene.apply(20);
    assert_eq!(
        stopped(&applied),
        "the plan is for gitlab.example.com, and this server's records are at other.example"
    );
    assert_eq!(scene.fake.count("POST"), 0);
}

#[test]
fn a_person_who_took_back_what_a_stopped_run_did_is_not_overruled() {
    let scene = Scene::new();
    // One look and one post; the look that would tell what came of it is never made.
    let applied = scene.apply_with(&scene.path, 20, BOT, 2);
    assert_eq!(numbers(&applied), [0, 0, 0, 6, 0]);
    assert!(scene.is_mended(1));
    scene.change(1, "labels", json!(["bug"]));
    let applied = scene.apply(20);
    assert_eq!(numbers(&applied), [5, 1, 0, 0, 0]);
    assert_eq!(scene.record(1)["labels"], json!(["bug"]));
    assert_eq!(scene.label_events(1), (1, 0));
}

#[test]
fn two_runs_do_not_post_at_once() {
    let scene = Scene::new();
    let plan = scene.plan();
    let _held = Journal::open(&scene.path, &plan.header).expect("a journal");
    let error = Journal::open(&scene.path, &plan.header).expect_err("held");
    assert!(matches!(error, ApplyError::Held { .. }), "{error}");
}

#[test]
fn the_brake_holds_what_is_unlikely_and_the_terms_what_is_stale() {
    let scene = Scene::new();
    let (terms, plan) = (scene.terms(), scene.plan());
    terms.meet(&plan).expect("6 of 40");
    let error = |change: &dyn Fn(&mut Plan)| {
        let mut plan = scene.plan();
        change(&mut plan);
        terms.meet(&plan).expect_err("refused").to_string()
    };
    let many: Vec<Value> = (1..=12).map(issue).collect();
    let many = Plan::read("plan.ndjson", &plan_text(&many)).expect("a plan");
    assert_eq!(
        terms.meet(&many).expect_err("6 of 12").to_string(),
        "the brake holds: planning-issue-milestone hits 6 of the 12 subjects it reads, 50.0 %, and the brake is 25 %"
    );
    // Under ten subjects a share says nothing, and a rule without entries does not count.
    let few = Plan::read(
        "plan.ndjson",
        &plan_text(&many.entries.iter().map(|of| issue(of.iid)).collect::<Vec<_>>()),
    );
    terms.meet(&few.expect("a plan")).expect("6 of 6 is few");
    terms.meet(&Plan { entries: Vec::new(), ..many }).expect("its entries were deleted");
    let old = error(&|plan| plan.header.made_at = "2026-01-01T00:00:00Z".to_owned());
    assert!(old.contains("hours old, more than 24"), "{old}");
    assert!(error(&|plan| plan.header.made_at = "2999-01-01T00:00:00Z".to_owned()).contains("cannot be"));
    assert!(error(&|plan| plan.header.rules_hash = "0".repeat(16)).contains("other rules"));
}

#[test]
fn a_forged_line_is_refused() {
    let scene = Scene::new();
    for (old, new) in [
        ("/milestone %", "/title %"),
        ("/milestone %\\\"17.1\\\"", "/milestone %\\\"17.1\\\"\\n/close"),
        ("/label ~\\\"planning issue\\\"", "/unlabel"),
        ("\"why\":[{", "\"whose\":[{"),
        ("\"rule\":\"planning-issue-milestone\"", "\"rule\":\"another\""),
        ("\"type\":\"entry\"", "\"type\":\"void\""),
        ("\"kind\":\"issue\"", "\"kind\":\"epic\""),
        ("{\"type\":\"plan\"", "{\"type\":\"entry\""),
    ] {
        let forged = scene.text.replacen(old, new, 1);
        assert_ne!(forged, scene.text, "{old}");
        assert!(Plan::read("plan.ndjson", &forged).is_err(), "{new}");
    }
    let twice = format!("{}{}\n", scene.text, scene.text.lines().last().expect("a line"));
    assert!(Plan::read("plan.ndjson", &twice).is_err());
}

#[test]
fn a_confidential_record_gives_its_plan_nothing_but_what_is_changed() {
    let mut record = issue(1);
    record["confidential"] = json!(true);
    record["assignees"] = json!([{ "username": "anna" }]);
    let text = plan_text(&[record]);
    let entry = text.lines().last().expect("an entry");
    assert!(!entry.contains("anna") && !entry.contains("Planning issue"), "{entry}");
    assert!(entry.contains("\"fingerprint\":\"\""), "{entry}");
}

/// What goes wrong with the calls of one run.
fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        Just(Fault::Status(500)),
        Just(Fault::Status(503)),
        Just(Fault::StatusAfter(500)),
        Just(Fault::StatusAfter(502)),
        Just(Fault::Reset),
        Just(Fault::CutOff),
        Just(Fault::HalfJson),
        Just(Fault::WebPage),
        Just(Fault::StallAfter),
        Just(Fault::Expired),
        Just(Fault::RateLimited { retry_after: Some(1), reset_in: None }),
        Just(Fault::RateLimited { retry_after: Some(3600), reset_in: None }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 40, ..ProptestConfig::default() })]

    /// Runs that end anywhere, over a server that fails anyhow, do each entry once; the undo brings back what was.
    #[test]
    fn no_fault_posts_twice_or_loses_an_entry(
        runs in prop::collection::vec((1_usize..30, 1_usize..8, prop::collection::vec((any::<bool>(), 1_usize..3, fault()), 0..3), any::<bool>()), 1..4),
    ) {
        let scene = Scene::new();
        let path = |undo: bool| if undo { scene.undo_path() } else { scene.path.clone() };
        for undo in [false, true] {
            for (budget, cap, faults, torn) in &runs {
                for (posts, times, fault) in faults {
                    scene.fake.fault(if *posts { "POST " } else { "GET " }, *times, fault.clone());
                }
                scene.apply_with(&path(undo), *cap, BOT, *budget);
                if *torn {
                    // The last line was not yet whole when the machine went down; an intent always is by then.
                    let journal = path(undo).with_added_extension("journal.ndjson");
                    let text = fs::read_to_string(&journal).expect("UTF-8");
                    if text.lines().last().is_some_and(|line| line.contains("\"done\"")) {
                        fs::write(&journal, &text[..text.len() - 5]).expect("written");
                    }
                }
            }
            // The faults that are left over meet runs of their own.
            for _ in 0..12 {
                scene.apply_with(&path(undo), 20, BOT, 1000);
            }
            let last = scene.apply_with(&path(undo), 20, BOT, 1000);
            prop_assert_eq!(stopped(&last), "");
            prop_assert_eq!(numbers(&last), [0, 0, 0, 0, SICK as usize]);
            for iid in 1..=SICK {
                prop_assert!(if undo { scene.is_as_before(iid) } else { scene.is_mended(iid) }, "{iid}");
                prop_assert_eq!(scene.label_events(iid), (1, usize::from(undo)));
            }
            prop_assert!(scene.has_no_notes());
            prop_assert_eq!(scene.fake.state().notes_taken, SICK * (1 + u64::from(undo)));
        }
    }
}

/// The command as a person runs it, with the variables that name the server.
fn command(scene: &Scene, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_proclint"));
    command
        .args(["audit", "--apply", "plan.ndjson"])
        .args(arguments)
        .current_dir(scene.folder.path())
        .env("CI_API_V4_URL", scene.fake.api())
        .env("PROCLINT_TOKEN", BOT)
        .env("NO_PROXY", "*")
        .env_remove("CI_JOB_TOKEN");
    command
}

#[test]
fn a_run_that_is_killed_in_a_post_is_gone_on_with() {
    let scene = Scene::new();
    scene.fake.fault("issues/3/notes", 1, Fault::StallAfter);
    let quiet =
        |command: &mut Command| command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it runs");
    let mut child = quiet(&mut command(&scene, &["--write"]));
    while !scene.is_mended(3) {
        std::thread::yield_now();
    }
    child.kill().expect("killed");
    child.wait().expect("ended");
    let shown = command(&scene, &[]).output().expect("it runs");
    assert_eq!((shown.status.code(), scene.is_mended(4)), (Some(1), false));
    let output = command(&scene, &["--write", "--format", "json"]).output().expect("it runs");
    let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!((told["posted"].as_array().map(Vec::len), &told["settled_before"]), (Some(4), &json!(2)));
    assert!((1..=SICK).all(|iid| scene.is_mended(iid) && scene.label_events(iid) == (1, 0)));
    for file in fs::read_dir(scene.folder.path()).expect("a folder") {
        let text = fs::read_to_string(file.expect("a file").path()).expect("UTF-8");
        assert!(!text.contains(BOT));
    }
}
