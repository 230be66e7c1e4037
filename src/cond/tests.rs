//! Conditions on records.

use super::*;
use crate::load::record_subject;
use crate::subject::Kind;
use crate::yaml::{Limits, parse};

fn verdict(cond: &str, record: serde_json::Value) -> Verdict {
    let node = parse(cond, &Limits::config()).unwrap().unwrap();
    let subject = record_subject(&record, Kind::Issue, None);
    Cond::read(&node, false).unwrap().holds(&Document::new(&subject), &World::default())
}

#[test]
fn a_field_the_record_lacks_is_not_given() {
    let lacking = serde_json::json!({"labels": []});
    assert_eq!(verdict("moved_to: {given: false}", lacking.clone()), Verdict::True);
    assert_eq!(verdict("moved_to: {given: true}", lacking.clone()), Verdict::False);
    assert_eq!(verdict("moved_to: {present: true}", lacking), Verdict::Unknown("moved_to".to_owned()));
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
