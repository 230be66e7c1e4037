//! `proclint why` tells what the engine does: its account of every example agrees with what really happens.
#![allow(clippy::expect_used, reason = "a test says what it expects")]

use proclint::cond::Verdict;
use proclint::cond::trace::Trace;
use proclint::config::Config;
use proclint::document::Document;
use proclint::engine::trace::{Outcome, explain};
use proclint::load::record_subject;
use proclint::rule::set::{ConfigText, Selection, built_in};
use proclint::rule::{Conditions, RuleSet};
use proclint::subject::{Kind, Subject};
use proclint::world::World;
use proclint::yaml::{Limits, Node, parse};

/// What the parts of a condition come to.
fn together(traces: &[Trace]) -> Option<bool> {
    if traces.iter().any(|trace| trace.holds == Some(false)) {
        return Some(false);
    }
    traces.iter().all(|trace| trace.holds == Some(true)).then_some(true)
}

fn told(verdict: &Verdict) -> Option<bool> {
    match verdict {
        Verdict::True => Some(true),
        Verdict::False => Some(false),
        Verdict::Unknown(_) => None,
    }
}

/// The records among the examples of a rule, as every kind of record.
fn records(rule: &Node) -> Vec<Subject> {
    let examples = rule.get("examples").map(Node::items).unwrap_or_default().iter();
    let contents = examples
        .filter_map(|example| ["bad", "good", "near-miss"].iter().find_map(|claim| example.get(claim)))
        .filter(|content| !content.entries().is_empty());
    let json = contents.map(|content| serde_json::to_string(content).expect("JSON").replace(['«', '»'], ""));
    let values: Vec<serde_json::Value> =
        json.map(|json| serde_json::from_str(&json).expect("JSON")).collect();
    let kinds = [Kind::Issue, Kind::MergeRequest, Kind::Epic];
    kinds.iter().flat_map(|kind| values.iter().map(|value| record_subject(value, *kind, None))).collect()
}

#[test]
fn an_account_agrees_with_what_happens() {
    let world = World::on(jiff::civil::date(2025, 3, 1));
    let (mut fired, mut silent) = (0, 0);
    for built_in in built_in() {
        let node = parse(built_in.yaml, &Limits::config()).expect("valid YAML").expect("not empty");
        let selection = Selection { select: vec![built_in.id.to_owned()], ignore: Vec::new() };
        let rules = RuleSet::new(&[], Config::default(), &ConfigText::default(), &selection);
        let rules = rules.expect("the rule is sound");
        let rule = rules.get(built_in.id).expect("it is on");
        let conditions = Conditions::read(node.clone(), None).expect("they are sound");
        assert_eq!(conditions.checks.len(), rule.checks.len(), "{}", built_in.id);
        for subject in records(&node) {
            let document = Document::new(&subject);
            let account = explain(rule, &conditions, &document, &rules, &world).expect("it is sound");
            let name = format!("{} on {}:\n{}", built_in.id, subject.kind.name(), subject.text);
            assert_eq!(together(&account.when), told(&rule.when.holds(&document, &world)), "{name}");
            for (trace, (when, _)) in account.checks.iter().zip(&rule.checks) {
                assert_eq!(together(&trace.when), told(&when.holds(&document, &world)), "{name}");
            }
            let found: usize = account.checks.iter().map(|check| check.found - check.in_template).sum();
            if rule.judges_waivers {
                continue;
            }
            assert!(found >= account.findings.len(), "{name}");
            assert_eq!(found > 0, matches!(account.outcome, Outcome::Fired | Outcome::Waived), "{name}");
            *if found > 0 { &mut fired } else { &mut silent } += 1;
        }
    }
    assert!(fired > 100 && silent > 100, "{fired} fired, {silent} stayed silent");
}
