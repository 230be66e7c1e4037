//! Conditions on records.

use super::*;
use crate::load::record_subject;
use crate::scan::Need;
use crate::subject::Kind;
use crate::yaml::{Limits, parse};

fn verdict(cond: &str, record: serde_json::Value) -> Verdict<'static> {
    let node = parse(cond, &Limits::config()).unwrap().unwrap();
    let subject = record_subject(&record, Kind::Issue, None);
    let cond: &Cond = Box::leak(Box::new(Cond::read(&node, false).unwrap()));
    cond.holds(&Document::new(&subject), &World::default())
}

#[test]
fn a_field_the_record_lacks_is_not_given() {
    let lacking = serde_json::json!({"labels": []});
    assert_eq!(verdict("moved_to: {given: false}", lacking.clone()), Verdict::True);
    assert_eq!(verdict("moved_to: {given: true}", lacking.clone()), Verdict::False);
    assert_eq!(verdict("moved_to: {present: true}", lacking), Verdict::Unknown("moved_to"));
    assert_eq!(verdict("moved_to: {given: true}", serde_json::json!({"moved_to": 4})), Verdict::True);
}

#[test]
fn folded_values_differ_in_letters_and_digits_only() {
    let backlog = serde_json::json!({"milestone": {"title": "SM - backlog"}});
    assert_eq!(verdict("milestone: {any: [SM_Backlog], fold: true}", backlog.clone()), Verdict::True);
    assert_eq!(verdict("milestone: {any: [SM_Backlog]}", backlog), Verdict::False);
}

#[test]
fn a_switch_that_is_off_makes_a_condition_false() {
    let issue = serde_json::json!({"state": "opened"});
    assert_eq!(verdict("{if: false, state: opened}", issue.clone()), Verdict::False);
    assert_eq!(verdict("not: {if: false, moved_to: {present: true}}", issue), Verdict::True);
}

#[test]
fn a_day_may_start_a_condition() {
    let issue = serde_json::json!({"created_at": "2024-05-02T10:00:00Z"});
    assert_eq!(verdict("created_at: {since: 2024-05-02}", issue.clone()), Verdict::True);
    assert_eq!(verdict("created_at: {since: 2024-05-03}", issue), Verdict::False);
    assert_eq!(verdict("created_at: {since: null}", serde_json::json!({})), Verdict::True);
}

#[test]
fn an_exact_day_is_ten_characters_and_exists() {
    assert!(exact_day("2024-02-29").is_some());
    for text in
        ["2023-02-29", "2022-13-01", "2022-1-01", "2022-10", "2022-10-01T10:00", "20221001", "+022-10-01"]
    {
        assert_eq!(exact_day(text), None, "{text}");
    }
}

#[test]
fn entries_of_a_list_are_counted_by_what_they_meet() {
    let open = "items: {of: links, where: {link_type: is_blocked_by, state: opened}, min: 1}";
    let links = |state: &str| serde_json::json!({"links": [{"link_type": "is_blocked_by", "state": state}]});
    assert_eq!(verdict(open, links("opened")), Verdict::True);
    assert_eq!(verdict(open, links("closed")), Verdict::False);
    assert_eq!(verdict(open, serde_json::json!({})), Verdict::Unknown("links"));
    assert_eq!(verdict("items: {of: links, max: null}", serde_json::json!({})), Verdict::True);
}

#[test]
fn days_are_counted_from_the_first_date_there_is() {
    let record = serde_json::json!({
        "milestone": {"start_date": null}, "due_date": "2020-04-20",
        "label_events": [{"add": "a", "at": "2020-04-01"}],
    });
    let days = |rest: &str| format!("days: {{from: [iteration.start_date, milestone.start_date], {rest}}}");
    assert_eq!(verdict(&days("or-added: [a], to: due_date, min: 19"), record.clone()), Verdict::True);
    assert_eq!(verdict(&days("or-added: [a], to: due_date, min: 20"), record.clone()), Verdict::False);
    assert_eq!(verdict(&days("to: due_date, min: 1"), record.clone()), Verdict::False);
    assert_eq!(verdict(&days("to: closed_at, min: 1"), record), Verdict::Unknown("closed_at"));
}

#[test]
fn a_test_without_a_value_asks_for_nothing() {
    let record = serde_json::json!({"created_at": "2020-04-01T10:00:00Z", "weight": 3});
    assert_eq!(verdict("created_at: {since: null}", serde_json::json!({})), Verdict::True);
    assert_eq!(verdict("created_at: {since: 2020-04-01}", record.clone()), Verdict::True);
    assert_eq!(verdict("created_at: {since: 2020-04-02}", record.clone()), Verdict::False);
    assert_eq!(verdict("weight: {at-most: 2}", record.clone()), Verdict::False);
    assert_eq!(verdict("weight: {at-most: null}", record), Verdict::True);
}

#[test]
fn values_may_be_passed_over_and_prefixes_asked_for() {
    let record = serde_json::json!({"labels": ["group::ide", "Deliverable"]});
    assert_eq!(verdict("labels: {any: [deliverable], fold: true}", record.clone()), Verdict::True);
    let passed_over = "labels: {any: [deliverable], except: [deliverable], fold: true}";
    assert_eq!(verdict(passed_over, record.clone()), Verdict::False);
    assert_eq!(verdict("labels: {prefixes: ['group::']}", record.clone()), Verdict::True);
    assert_eq!(verdict("labels: {prefixes: ['group::', 'type::']}", record), Verdict::False);
    assert_eq!(verdict("labels: {prefixes: []}", serde_json::json!({})), Verdict::True);
}

#[test]
fn a_path_lies_under_itself_and_its_folders() {
    let project = |path: &str| serde_json::json!({ "project": path });
    for (path, under) in [("a/b", true), ("a", true), ("ab/c", false), ("c/a", false)] {
        let expected = if under { Verdict::True } else { Verdict::False };
        assert_eq!(verdict("project: {under: [a]}", project(path)), expected, "{path}");
    }
}

#[test]
fn a_record_must_hold_the_words_of_labels_and_titles_and_of_nothing_else() {
    let need = |cond: &str| {
        let node = parse(cond, &Limits::config()).unwrap().unwrap();
        Cond::read(&node, false).unwrap().need(Kind::Issue)
    };
    let words = |words: &[&str]| Need::Any(words.iter().map(|&word| word.to_owned()).collect());
    assert_eq!(need("labels: {any: ['sm_req::done', '~x-ray']}"), words(&["done", "ray"]));
    assert_eq!(need("title: {matches: '(?i)rate limits?'}"), words(&["rate limit"]));
    assert_eq!(
        need("any-of: [{labels: infradev}, {title: {prefix: Feedback}}]"),
        words(&["Feedback", "infradev"])
    );
    assert_eq!(need("kind: epic"), words(&[]));
    // A record may spell a quote with a backslash, fold letters, or lack a milestone.
    for cond in
        ["title: {matches: 'say \"no\"'}", "labels: {any: [deliverable], fold: true}", "milestone: Backlog"]
    {
        assert_eq!(need(cond), Need::Nothing, "{cond}");
    }
    let lacking = serde_json::json!({"title": "A title"});
    assert!(!need::tells(&Document::new(&record_subject(&lacking, Kind::Issue, None))));
    let empty = serde_json::json!({"title": null, "labels": []});
    assert!(need::tells(&Document::new(&record_subject(&empty, Kind::Issue, None))));
}
