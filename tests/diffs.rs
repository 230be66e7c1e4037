//! What rules on diffs say where examples cannot tell: which variants speak, and what a record lacks.
#![allow(clippy::expect_used, reason = "a test says what it expects")]

use proclint::engine;
use proclint::finding::Checked;
use proclint::load::record_subject;
use proclint::rule::RuleSet;
use proclint::subject::Kind;
use proclint::world::World;
use serde_json::{Value, json};

fn check(record: &Value) -> Checked {
    let rules = RuleSet::all().expect("all rules are chosen");
    let subject = record_subject(record, Kind::MergeRequest, None);
    engine::check(&subject, &rules, &World::on("2025-06-16".parse().expect("a day")), false)
}

/// The messages of `rule`, each up to its first back-tick and with what it names.
fn messages(record: &Value, rule: &str) -> Vec<String> {
    let found = check(record).findings.into_iter().filter(|finding| finding.rule.id == rule);
    found.map(|finding| finding.message).collect()
}

fn gaps(record: &Value, rule: &str) -> Vec<String> {
    let gaps = check(record).not_checked.into_iter().filter(|gap| gap.rule.as_deref() == Some(rule));
    gaps.map(|gap| gap.reason).collect()
}

const COLUMN: &str =
    "+++ b/db/migrate/1.rb\n+    add_column :plan_limits, :hooks, :integer, default: 10, null: false\n";

fn documented(pages: &str) -> Value {
    json!({"iid": 7, "title": "Limit hooks", "description": "x", "diff": format!("{COLUMN}{pages}")})
}

#[test]
fn an_empty_section_misses_every_detail() {
    let record =
        documented("+++ b/doc/administration/instance_limits.md\n+### Hooks\n+\n+There is a limit.\n");
    let found = messages(&record, "limit-docs-incomplete");
    assert_eq!(found.len(), 5, "{found:#?}");
    for detail in ["on GitLab.com", "on GitLab Self-Managed", "default", "can be changed", "is reached"] {
        assert!(found.iter().any(|message| message.contains(detail)), "{detail}: {found:#?}");
    }
}

#[test]
fn without_the_instance_limits_page_its_details_are_not_asked_for() {
    let page = "+++ b/doc/user/hooks.md\n+You can have 10 hooks by default. This is configurable. If the limit is \
                exceeded, the hook is not created.\n";
    let found = messages(&documented(page), "limit-docs-incomplete");
    assert_eq!(found, ["Add the limit `hooks` to the page of instance limits"]);
}

#[test]
fn both_limit_rules_never_speak_together() {
    let record = documented("+++ b/doc/user/hooks.md\n+Text.\n");
    assert_eq!(messages(&record, "limit-undocumented"), Vec::<String>::new());
    assert_eq!(messages(&documented(""), "limit-docs-incomplete"), Vec::<String>::new());
    assert_eq!(messages(&documented(""), "limit-undocumented").len(), 1);
}

#[test]
fn what_a_record_lacks_is_said() {
    let bare = json!({"iid": 7, "title": "x", "labels": []});
    assert_eq!(gaps(&bare, "limit-undocumented"), ["the record has no diffs"]);
    let skipped = json!({"iid": 7, "title": "x", "labels": ["docs-only"]});
    assert_eq!(gaps(&skipped, "limit-undocumented"), Vec::<String>::new());
    let file = |path: &str| json!({"old_path": path, "new_path": path, "diff": "", "too_large": true});
    let large = json!({"iid": 7, "title": "x", "diffs": [file("db/migrate/1.rb"), file("db/migrate/2.rb"), file("a.css")]});
    assert_eq!(gaps(&large, "limit-undocumented"), ["the diff of 2 files was not in the record"]);
    let page = json!({"iid": 7, "title": "x", "diffs": [
        {"old_path": "db/migrate/1.rb", "new_path": "db/migrate/1.rb", "diff": COLUMN.split_once('\n').expect("a line").1},
        file("doc/administration/instance_limits.md"),
    ]});
    assert_eq!(
        gaps(&page, "limit-docs-incomplete"),
        ["the diff of a documentation page was not in the record"]
    );
    assert_eq!(messages(&page, "limit-docs-incomplete"), Vec::<String>::new());
}
