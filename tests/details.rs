//! Which details of a record the rules ask for: what an example of a rule shows to matter, the rule asks for.
#![allow(clippy::expect_used, reason = "a test says what it expects")]

use std::collections::BTreeMap;

use proclint::config::Config;
use proclint::engine::check;
use proclint::load::record_subject;
use proclint::rule::RuleSet;
use proclint::rule::set::{ConfigText, Selection, built_in};
use proclint::subject::{Detail, Details, Kind, Subject};
use proclint::world::World;
use serde_json::{Map, Value, json};

/// The record of an example, with what the rule is run with.
struct Case {
    id: &'static str,
    record: Map<String, Value>,
    kind: Kind,
    world: World,
    rules: RuleSet,
}

/// `value` without the marks around findings.
fn unmarked(value: Value) -> Value {
    let plain = |text: &str| text.replace(['«', '»'], "");
    match value {
        Value::String(text) => plain(&text).into(),
        Value::Array(items) => items.into_iter().map(unmarked).collect(),
        Value::Object(map) => {
            let entries = map.into_iter().map(|(key, value)| (plain(&key), unmarked(value)));
            Value::Object(entries.filter(|(key, _)| !key.is_empty()).collect())
        }
        other => other,
    }
}

/// Rule `id` alone, as a project with the settings of an example has it.
fn rules(id: &str, example: &Value) -> RuleSet {
    let settings: Map<String, Value> = ["parameters", "variants"]
        .into_iter()
        .filter_map(|key| Some((key.to_owned(), unmarked(example.get(key)?.clone()))))
        .collect();
    let text = json!({ "rules": { id: settings } }).to_string();
    let config = if settings.is_empty() { Config::default() } else { Config::read(&text).expect("settings") };
    let selection = Selection { select: vec![id.to_owned()], ignore: Vec::new() };
    RuleSet::new(&[], config, &ConfigText::default(), &selection).expect("a rule")
}

/// The examples of all rules that are records.
fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for rule in built_in() {
        let file: Value = serde_yaml::from_str(rule.yaml).expect("YAML");
        for example in file["examples"].as_array().into_iter().flatten() {
            let content = ["bad", "good", "near-miss"].iter().find_map(|claim| example.get(*claim));
            let Some(Value::Object(record)) = content.cloned().map(unmarked) else { continue };
            let kinds = file["on"].as_array().expect("kinds").iter().filter_map(Value::as_str);
            let own = example["as"].as_str();
            for kind in kinds.filter(|kind| own.is_none_or(|own| own == *kind)).filter_map(Kind::from_name) {
                let day = example["today"].as_str().map(|day| day.parse().expect("a day"));
                let mut world = World::on(day.unwrap_or(jiff::civil::date(2025, 6, 16)));
                world.project = example["project"].as_str().map(str::to_owned);
                let files = example["files"].as_object().into_iter().flatten();
                world.files = files
                    .map(|(path, text)| (path.clone(), text.as_str().unwrap_or_default().to_owned()))
                    .collect::<BTreeMap<_, _>>();
                if kind.is_record() {
                    let rules = rules(rule.id, example);
                    cases.push(Case { id: rule.id, record: record.clone(), kind, world, rules });
                }
            }
        }
    }
    cases
}

fn without(record: &Map<String, Value>, details: Details) -> Map<String, Value> {
    let kept = record.iter().filter(|(key, _)| !Detail::of_field(key).is_some_and(|of| details.has(of)));
    kept.map(|(key, value)| (key.clone(), value.clone())).collect()
}

impl Case {
    fn subject(&self, left_out: Details) -> Subject {
        record_subject(&Value::Object(without(&self.record, left_out)), self.kind, None)
    }

    /// What the rule says of the record without some details, wherever it stands.
    fn said(&self, left_out: Details) -> String {
        let checked = check(&self.subject(left_out), &self.rules, &self.world, false);
        let found: Vec<_> = checked.findings.iter().map(|found| (&found.message, &found.text)).collect();
        format!("{found:?} {:?}", checked.not_checked)
    }
}

#[test]
fn every_detail_that_changes_what_a_rule_says_is_asked_for() {
    let all: Details = Detail::ALL.into_iter().collect();
    let (mut mattered, mut forgotten) = (Details::NONE, Vec::new());
    for case in cases() {
        let asked = case.rules.details_for(&case.subject(all), &case.world);
        for detail in Detail::ALL.into_iter().filter(|detail| detail.is_of(case.kind)) {
            if case.said(Details::NONE) == case.said(detail.into()) {
                continue;
            }
            mattered = mattered.with(detail);
            assert!(case.rules.details(case.kind).has(detail), "{} looks at {}", case.id, detail.key());
            if !asked.has(detail) {
                let record = Value::Object(case.record.clone());
                forgotten.push(format!("{}: {} of {record}", case.id, detail.key()));
            }
        }
    }
    assert!(forgotten.is_empty(), "{forgotten:#?}");
    // Commit messages are examples of their own.
    let shown = mattered.with(Detail::Commits);
    assert_eq!(shown, all, "the examples show of each detail that it can matter");
}

#[test]
fn what_no_rule_asks_for_is_not_fetched() {
    let details = |select: &[&str], kind: Kind| {
        let select = select.iter().map(|&id| id.to_owned()).collect();
        let selection = Selection { select, ignore: Vec::new() };
        let rules = RuleSet::new(&[], Config::default(), &ConfigText::default(), &selection).expect("rules");
        rules.details(kind).iter().map(Detail::key).collect::<Vec<_>>()
    };
    assert_eq!(details(&["bare-reference", "scoped-label-exclusive"], Kind::Issue), [""; 0]);
    assert_eq!(details(&["bare-reference"], Kind::MergeRequest), ["commits"]);
    assert_eq!(
        details(&["sm-request-transition"], Kind::Issue),
        ["resource_label_events", "resource_state_events"]
    );
    assert_eq!(details(&["epic-structure"], Kind::Epic), ["children"]);
}

#[test]
fn a_record_that_a_rule_passes_over_needs_none_of_its_details() {
    let selection = Selection { select: vec!["feedback-issue-summary".to_owned()], ignore: Vec::new() };
    let rules = RuleSet::new(&[], Config::default(), &ConfigText::default(), &selection).expect("a rule");
    let world = World::on(jiff::civil::date(2026, 1, 15));
    let asked = |record: Value| rules.details_for(&record_subject(&record, Kind::Issue, None), &world);
    let issue = |state: &str, label: &str| json!({"iid": 1, "title": "Fonts", "state": state, "labels": [label], "closed_at": "2026-01-02"});
    assert!(asked(issue("closed", "feedback")).has(Detail::Notes));
    assert!(asked(issue("opened", "feedback")).is_empty());
    assert!(asked(issue("closed", "bug")).is_empty());
}
