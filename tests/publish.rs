//! The note and threads of a merge request, run after run, against the fake server.
#![allow(clippy::expect_used, clippy::panic, reason = "a test says what it expects")]

mod fake;
#[path = "reports/fixture.rs"]
#[allow(dead_code, reason = "other tests use the rest of it")]
mod fixture;
#[path = "reports/hostile.rs"]
#[allow(dead_code, reason = "other tests use the rest of it")]
mod hostile;
#[path = "publish/scene.rs"]
mod scene;

use fake::Fault;
use hostile::{assert_quiet, hostile};
use proclint::diagnostic::{Edit, Fix, Severity};
use proclint::finding::{NotChecked, Report, Suppressed, Suppression};
use proclint::load::gitlab::Token;
use proclint::load::record_subject;
use proclint::publish::{Limits, Publication, Shown, Stamp, note as note_of, wanted};
use proclint::subject::Kind;
use proclint::text::Span;
use proptest::prelude::*;
use scene::{Files, Scene};
use serde_json::{Value, json};

const PAGE: &str = "# Page\n\nOne.\n\nTwo.\n\nThree.\n\nFour.\n\nFive.\n";
const FOUND: &str = "# Page\n\nOne.\n\nPeople utilize it.\n\nThree.\n\nFour.\n\nFive.\n";
const MOVED: &str = "# Page\n\nZero.\n\nHalf.\n\nOne.\n\nPeople utilize it.\n\nThree.\n\nFour.\n\nFive.\n";
const TWICE: &str = "# Page\n\nOne.\n\nPeople utilize it.\n\nThree.\n\nFour.\n\nWe utilize it.\n";

fn files(of: &[(&'static str, &'static str)]) -> Files {
    of.iter().copied().collect()
}

fn page(text: &'static str) -> Files {
    files(&[("docs/page.md", text)])
}

fn set_resolved(thread: &mut Value, resolved: bool) {
    let by = if resolved { json!({ "id": 11, "username": "anna" }) } else { Value::Null };
    for note in thread["notes"].as_array_mut().expect("notes") {
        note["resolved"] = json!(resolved);
        note["resolved_by"] = by.clone();
    }
}

#[test]
fn ten_runs_leave_one_note_and_the_right_threads() {
    let mut scene = Scene::new(&page(PAGE));
    let alien = json!({
        "id": "a".repeat(40), "individual_note": false, "notes": [{
            "id": 5, "type": "DiffNote", "author": { "id": 11, "username": "anna" }, "resolvable": true, "resolved": false,
            "body": "<!-- proclint:finding 1 2 plain-words -->\n\nNot by the bot.", "system": false,
        }],
    });
    let mut written = Vec::new();
    let mut run = |scene: &Scene, expected: &[&str]| {
        let (writes, published) = scene.run();
        assert_eq!(published.problems, []);
        assert_eq!(writes, expected, "run {}", written.len() + 1);
        assert_eq!(published.changes, expected.len());
        let (notes, threads) = scene.shown();
        assert_eq!(notes.len(), 1, "{notes:?}");
        written.push(threads);
    };
    const OPEN: &str = "POST discussions";
    const STATE: &str = "PUT discussions";
    const EDIT: &str = "PUT notes";

    // It appears, and a run with nothing new does nothing.
    scene.push(&page(FOUND));
    run(&scene, &[OPEN, "POST notes"]);
    run(&scene, &[]);
    // It moves, and somebody answers.
    scene.push(&page(MOVED));
    run(&scene, &[EDIT]);
    scene.somebody(|thread| {
        let reply = json!({
            "id": 77, "type": "DiffNote", "author": { "id": 11, "username": "anna" }, "body": "Why?",
            "system": false, "resolvable": true, "resolved": false,
        });
        thread["notes"].as_array_mut().expect("notes").push(reply);
    });
    scene.stored(|item| item.discussions.push(alien.clone()));
    run(&scene, &[]);
    // It is mended, and returns.
    scene.push(&page(PAGE));
    run(&scene, &[STATE, EDIT]);
    scene.push(&page(FOUND));
    run(&scene, &[STATE, EDIT]);
    // Somebody does not mind it; the file gets another name.
    scene.somebody(|thread| set_resolved(thread, true));
    scene.push(&files(&[("docs/renamed.md", FOUND)]));
    run(&scene, &[EDIT, EDIT]);
    // It is gone after a force-push, and returns with another.
    scene.push(&page(PAGE));
    run(&scene, &[EDIT, EDIT]);
    scene.push(&files(&[("docs/renamed.md", TWICE)]));
    run(&scene, &[STATE, EDIT, OPEN, EDIT]);
    run(&scene, &[]);

    let shown: Vec<_> = written.iter().enumerate().map(|(at, of)| format!("{}: {of:#?}", at + 1)).collect();
    insta::assert_snapshot!(shown.join("\n"));
    assert!(scene.stored(|item| item.discussions.contains(&alien)), "others' threads are as they were");
}

#[test]
fn a_clean_merge_request_is_left_in_peace() {
    let mut scene = Scene::new(&page(PAGE));
    scene.stored(|item| item.record.insert("description".into(), json!("Nothing.")));
    scene.push(&page(PAGE));
    let (writes, published) = scene.run();
    assert_eq!((writes, published.problems), (Vec::<String>::new(), vec![]));
    assert_eq!(scene.fake.log().len(), 2, "who am I, and what is there");

    scene.push(&page(FOUND));
    scene.run();
    scene.push(&page(PAGE));
    assert_eq!(scene.run().0, ["PUT discussions", "PUT notes"]);
    let (notes, threads) = scene.shown();
    assert!(notes[0].contains("Nothing is left to do"), "{notes:?}");
    assert!(threads[0].contains("resolved"), "{threads:?}");
}

#[test]
fn threads_are_at_the_right_pair_of_lines() {
    let base = files(&[("docs/old.md", PAGE)]);
    let mut scene = Scene::new(&base);
    // The first word is on an added line of a renamed file, the second on a line that did not change.
    let text = "# Page\n\nOne.\n\nTwo utilize.\n\nThree.\n\nFour.\n\nFive.\n";
    scene.push(&files(&[("docs/new.md", text), ("docs/added.md", "We utilize it.\n")]));
    assert_eq!(scene.run().0, ["POST discussions", "POST discussions", "POST notes"]);
    let (_, threads) = scene.shown();
    assert!(threads[0].starts_with("docs/added.md:null/1 open"), "{threads:?}");
    assert!(threads[1].starts_with("docs/new.md:null/5 open"), "{threads:?}");
    let positions = scene.stored(|item| {
        let threads = item.discussions.iter().filter(|thread| thread["notes"][0]["type"] == "DiffNote");
        threads.map(|thread| thread["notes"][0]["position"]["old_path"].clone()).collect::<Vec<_>>()
    });
    assert_eq!(positions, [json!("docs/added.md"), json!("docs/old.md")]);

    let base = page("# Page\n\nWe utilize it.\n\nTwo.\n");
    let mut scene = Scene::new(&base);
    scene.push(&page("# Page\n\nZero.\n\nWe utilize it.\n\nTwo.\n"));
    scene.run();
    let (_, threads) = scene.shown();
    assert!(threads[0].starts_with("docs/page.md:3/5 open"), "{threads:?}");
}

#[test]
fn a_line_gitlab_does_not_take_is_told_in_the_note() {
    let mut scene = Scene::new(&page(PAGE));
    scene.push(&page(FOUND));
    scene.fake.fault("POST /projects/7/merge_requests/1/discussions", 1, Fault::Status(400));
    let (writes, published) = scene.run();
    assert_eq!((writes, published.problems), (vec!["POST discussions".into(), "POST notes".into()], vec![]));
    let body = note(&scene);
    assert!(body.contains("Plain words are read") && !body.contains("see its thread"), "{body}");
    assert_eq!(scene.run().0, Vec::<String>::new(), "it is not tried again at the same commit");
    scene.push(&page(MOVED));
    assert_eq!(scene.run().0, ["POST discussions", "PUT notes"]);
}

#[test]
fn there_are_not_more_threads_than_anybody_reads() {
    let mut scene = Scene::new(&page(PAGE));
    scene.limits.threads = 1;
    scene.push(&page(TWICE));
    assert_eq!(scene.run().0, ["POST discussions", "POST notes"]);
    assert_eq!(scene.run().0, Vec::<String>::new());
}

#[test]
fn the_thread_of_a_mended_line_is_resolved_and_not_that_of_its_like() {
    let mut scene = Scene::new(&page(PAGE));
    scene.push(&page(TWICE));
    assert_eq!(scene.run().0, ["POST discussions", "POST discussions", "POST notes"]);
    scene.push(&page("# Page\n\nOne.\n\nPeople use it.\n\nThree.\n\nFour.\n\nWe utilize it.\n"));
    assert_eq!(scene.run().0, ["PUT notes", "PUT discussions", "PUT notes"]);
    let (_, threads) = scene.shown();
    assert!(threads[0].starts_with("docs/page.md:null/5 resolved"), "{threads:?}");
    assert!(threads[1].starts_with("docs/page.md:null/11 open"), "{threads:?}");
    assert_eq!(scene.run().0, Vec::<String>::new());
}

#[test]
fn what_is_not_posted_is_said_once() {
    let mut shown = Vec::new();
    for token in [
        Token::job("token-of-the-job".to_owned()).expect("a token"),
        Token::none(),
        Token::access("token-that-reads".to_owned()).expect("a token"),
        Token::access("token-of-old".to_owned()).expect("a token"),
    ] {
        let mut scene = Scene::with(&page(PAGE), token);
        scene.push(&page(TWICE));
        let (writes, published) = scene.run();
        assert!(writes.len() <= 1 && published.changes == 0, "{writes:?}");
        let told = published.problems.iter().map(|of| format!("{}\n  {}", of.reason, of.remedy));
        shown.extend(told);
    }
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn a_server_that_fails_costs_the_note_and_nothing_else() {
    for fault in [Fault::Status(500), Fault::RateLimited { retry_after: Some(1), reset_in: None }] {
        let mut scene = Scene::new(&page(PAGE));
        scene.push(&page(FOUND));
        scene.fake.fault("POST", 99, fault.clone());
        let (_, published) = scene.run();
        assert_eq!((published.changes, published.problems.len()), (0, 2), "{published:?}");
        assert!(published.problems.iter().all(|of| !of.remedy.is_empty()));
    }
    // What was stored although it failed is found again, and not written twice.
    let mut scene = Scene::new(&page(PAGE));
    scene.push(&page(FOUND));
    scene.fake.fault("POST", 2, Fault::StatusAfter(502));
    assert_eq!(scene.run().1.changes, 0);
    assert_eq!(scene.run().0, ["PUT notes"], "the finding has a thread");
    assert_eq!(scene.run().0, Vec::<String>::new());
    let (notes, threads) = scene.shown();
    assert_eq!((notes.len(), threads.len()), (1, 1));
}

#[test]
fn an_old_job_does_not_write_over_a_newer_one() {
    let mut scene = Scene::new(&page(PAGE));
    scene.push(&page(FOUND));
    let old = scene.stored(|item| Value::Object(item.record.clone()));
    scene.run();
    scene.push(&page(MOVED));
    let head = old["sha"].as_str().expect("a commit").to_owned();
    scene.run();
    let (writes, published) = scene.judge(&old, &head);
    assert!(writes.is_empty());
    assert!(published.problems[0].reason.contains("has moved on to commit"), "{published:?}");
}

#[test]
fn a_safe_fix_is_a_suggestion_and_quick_actions_are_not_run() {
    let mut scene = Scene::new(&page(PAGE));
    scene.quick_actions = vec!["/label ~bug".into(), "/close".into()];
    scene.push(&page(FOUND));
    scene.run();
    let thread = scene.stored(|item| {
        let mut threads = item.discussions.iter().map(|thread| thread["notes"][0].clone());
        threads.find(|note| note["type"] == "DiffNote").expect("a thread")
    });
    insta::assert_snapshot!("a_thread", thread["body"].as_str().expect("a text"));
    insta::assert_snapshot!("a_note", note(&scene));
    let record = scene.stored(|item| item.record.clone());
    assert_eq!((&record["labels"], &record["state"]), (&json!(["feature"]), &json!("opened")));
}

#[test]
fn what_must_not_spread_is_not_quoted() {
    let mut scene = Scene::new(&page(PAGE));
    scene.discreet = true;
    scene.push(&page(FOUND));
    assert_eq!(scene.run().0, ["POST discussions", "POST notes"]);
    let bodies = scene.stored(|item| {
        let notes =
            item.discussions.iter().flat_map(|thread| thread["notes"].as_array().expect("notes").clone());
        notes.filter_map(|note| note["body"].as_str().map(str::to_owned)).collect::<Vec<_>>()
    });
    assert!(bodies.iter().all(|body| !body.contains("utilize")), "{bodies:#?}");
}

fn note(scene: &Scene) -> String {
    let notes = scene.stored(|item| item.notes());
    let note = notes.iter().find(|note| note["type"].is_null()).expect("a note");
    note["body"].as_str().expect("a text").to_owned()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_published_of_hostile_text_does_nothing(
        texts in prop::collection::vec(hostile(), 9),
        line in hostile(),
        characters in 400_usize..4000,
    ) {
        let [message, help, path, quote, id, reason, action, mended, title] = texts.as_slice() else { return Ok(()) };
        let line = line.replace(['\n', '\r'], " ");
        let text = format!("{line} here\n");
        let rule = fixture::rule(id, quote);
        let at = text.len() - 5..text.len() - 1;
        let mut finding = fixture::finding(&text, at.clone(), &rule, Severity::Error);
        finding.message.clone_from(message);
        finding.help.clone_from(help);
        finding.path = Some(path.clone());
        let edit = Edit { span: Span::from(at), text: mended.clone() };
        finding.fix = Some(Fix { title: title.clone(), safe: true, edits: vec![edit] });
        let mut subject = fixture::checked(Kind::Page, path, &text, vec![finding.clone(), finding.clone()]);
        let suppression = Suppression::Waiver { reason: reason.clone(), owner: Some(id.clone()), until: None, line: 1 };
        subject.suppressed = vec![Suppressed { finding, suppression }];
        subject.not_checked =
            vec![NotChecked { subject: path.clone(), rule: Some(id.clone()), reason: reason.clone() }];
        let report = Report { subjects: vec![subject], checked: 1, ..Report::default() };
        let diff = format!("@@ -0,0 +1 @@\n+{text}");
        let record = json!({
            "iid": 1, "title": title,
            "diffs": [{ "old_path": path, "new_path": path, "diff": diff, "new_file": true }],
        });
        let subject = record_subject(&record, Kind::MergeRequest, None);
        let (actions, preview) = ([action.clone()], [reason.clone()]);
        let publication = Publication {
            report: &report,
            record: Some(&subject),
            stamp: &Stamp::of(&record, help),
            failed: true,
            quick_actions: &actions,
            preview: &preview,
            limits: Limits { characters, ..Limits::default() },
        };
        let note = note_of(&publication, &Shown::default());
        assert_quiet(&note.body)?;
        for thread in wanted(&publication) {
            assert_quiet(&thread.body.replace('\t', " "))?;
        }
    }

    #[test]
    fn a_note_is_cut_to_size_and_says_what_it_leaves_out(number in 1_usize..60, characters in 1500_usize..6000) {
        let text = "a word here\n".repeat(number);
        let rule = fixture::rule("a-rule", "Say it.");
        let findings: Vec<_> = (0..number)
            .map(|at| fixture::finding(&text, at * 12 + 2..at * 12 + 6, &rule, Severity::Warning))
            .collect();
        let report = Report {
            subjects: vec![fixture::checked(Kind::Page, "a.md", &text, findings)],
            checked: 1,
            ..Report::default()
        };
        let publication = Publication {
            report: &report,
            record: None,
            stamp: &Stamp::of(&json!({}), "c"),
            failed: false,
            quick_actions: &[],
            preview: &[],
            limits: Limits { characters, ..Limits::default() },
        };
        let note = note_of(&publication, &Shown::default()).body;
        prop_assert!(note.chars().count() <= characters, "{} of {characters}", note.chars().count());
        let shown = note.matches("- **warning**").count();
        let left = note.split("… and ").nth(1).and_then(|rest| rest.split(' ').next());
        let left: usize = left.map_or(0, |left| left.parse().unwrap_or_default());
        prop_assert_eq!(shown + left, number);
    }
}
