//! What holds for the conditions of all rules.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::load::record_subject;

/// Records that lack some fields, and say in others what rules ask for.
fn record() -> impl Strategy<Value = serde_json::Value> {
    let labels = prop::sample::subsequence(
        vec![
            "sm_req::new",
            "Deliverable",
            "direction",
            "workflow::in dev",
            "customer",
            "planning issue",
            "infradev",
        ],
        0..4,
    );
    let text = prop::sample::select(vec![
        "Q4FY20 slides",
        "18.4 Planning issue",
        "### Cost\n\nNone: we pay #1234.",
        "",
    ]);
    let field = prop_oneof![
        labels.prop_map(|labels| ("labels", serde_json::json!(labels))),
        text.clone().prop_map(|text| ("title", text.into())),
        text.prop_map(|text| ("description", text.into())),
        prop::sample::select(vec!["opened", "closed"]).prop_map(|state| ("state", state.into())),
        prop::sample::select(vec!["Backlog", "18.1"])
            .prop_map(|title| ("milestone", serde_json::json!({"title": title, "due_date": "2025-08-18"}))),
        Just(("milestone", serde_json::Value::Null)),
        Just(("created_at", "2025-04-01T10:00:00Z".into())),
        Just(("links", serde_json::json!([]))),
    ];
    prop::collection::vec(field, 0..8).prop_map(|fields| {
        serde_json::Value::Object(fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    })
}

proptest! {
    #[test]
    fn what_many_rules_ask_is_answered_as_if_each_asked_alone(record in record()) {
        static RULES: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::all().unwrap());
        let subject = record_subject(&record, Kind::Issue, None);
        let (shared, world) = (Document::new(&subject), World::on(jiff::civil::date(2025, 9, 1)));
        for rule in RULES.of_kind(Kind::Issue).0 {
            for cond in rule.checks.iter().map(|(when, _)| when).chain([&rule.when]) {
                let alone = cond.holds(&Document::new(&subject), &world);
                prop_assert_eq!(cond.holds(&shared, &world), alone, "{}", rule.voice.header.id);
            }
        }
    }
}
