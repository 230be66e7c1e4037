use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::load::record_subject;

fn today() -> Date {
    jiff::civil::date(2026, 3, 1)
}

fn policies(rules: &str) -> Policies {
    let text = format!("resource_rules:\n  issues:\n    rules:\n{rules}");
    let policies = Policies::read(FILE, &text);
    assert_eq!(policies.mistakes, [], "{rules}");
    policies
}

fn truth(conditions: &str, record: &Value) -> Truth {
    let policies = policies(&format!(
        "    - name: a\n      conditions: {conditions}\n      actions: {{mention: [a]}}\n"
    ));
    let subject = record_subject(record, Kind::Issue, None);
    policies.judge(&[], &subject, today()).unwrap().touched[0]
}

fn issue() -> Value {
    json!({
        "iid": 1, "title": "t", "state": "opened", "labels": ["type::bug", "p::2"], "author": {"username": "ada"},
        "milestone": {"title": "17.1", "state": "active", "start_date": "2026-02-01", "due_date": "2026-03-20"},
        "iteration": null, "weight": 3, "health_status": null, "issue_type": "issue", "upvotes": 4, "downvotes": 0,
        "user_notes_count": 7, "created_at": "2025-11-20T10:00:00Z", "updated_at": "2026-02-27T10:00:00Z",
    })
}

const TRUE: [&str; 22] = [
    "{state: opened, labels: [type::bug]}",
    "{labels: ['type::{bug, feature}', 'p::{1..3}']}",
    "{labels: [Any]}",
    "{labels: ['type::bug', 'p::2'], no_additional_labels: true}",
    "{forbidden_labels: [stale]}",
    "{milestone: '17.1'}",
    "{milestone: any}",
    "{milestone: started}",
    "{iteration: none}",
    "{author_username: ada}",
    "{weight: Any}",
    "{weight: 3}",
    "{health_status: None}",
    "{issue_type: issue}",
    "{votes: {attribute: upvotes, condition: greater_than, threshold: 3}}",
    "{discussions: {attribute: notes, condition: less_than, threshold: 8}}",
    "{date: {attribute: created_at, condition: older_than, interval_type: months, interval: 3}}",
    "{date: {attribute: updated_at, condition: newer_than, interval_type: days, interval: 5}}",
    "{date: {attribute: updated_at, condition: older_than, interval_type: hours, interval: 24}}",
    "{date: {attribute: created_at, condition: newer_than, interval_type: years, interval: 99999}}",
    "{date: {attribute: created_at, condition: older_than, interval_type: weeks, interval: 2, filter_in_ruby: true}}",
    "{}",
];

const FALSE: [&str; 14] = [
    "{state: closed}",
    "{labels: [None]}",
    "{labels: ['type::bug', stale]}",
    "{labels: ['type::bug'], no_additional_labels: true}",
    "{forbidden_labels: ['p::2']}",
    "{milestone: none}",
    "{milestone: upcoming}",
    "{iteration: any}",
    "{author_username: bob, ruby: 'true'}",
    "{weight: None}",
    "{health_status: at_risk}",
    "{votes: {attribute: upvotes, condition: greater_than, threshold: 4}}",
    "{date: {attribute: created_at, condition: older_than, interval_type: months, interval: 4}}",
    "{date: {attribute: merged_at, condition: older_than, interval_type: days, interval: 1}, state: closed}",
];

#[test]
fn conditions_hold_as_gitlab_triage_asks_them() {
    for conditions in TRUE {
        assert_eq!(truth(conditions, &issue()), Truth::Yes, "{conditions}");
    }
    for conditions in FALSE {
        assert_eq!(truth(conditions, &issue()), Truth::No, "{conditions}");
    }
    for (conditions, reason) in [
        ("{ruby: 'author == 1'}", Reason::Ruby),
        ("{author_member: {source: group, condition: member_of, source_id: 9}}", Reason::Members),
        (
            "{discussions: {attribute: threads, condition: less_than, threshold: 8}}",
            Reason::Lacks("discussions"),
        ),
        (
            "{date: {attribute: merged_at, condition: older_than, interval_type: days, interval: 1}}",
            Reason::Lacks("merged_at"),
        ),
    ] {
        assert_eq!(truth(conditions, &issue()), Truth::Unknown(reason), "{conditions}");
    }
}

#[test]
fn merge_requests_have_conditions_of_their_own() {
    let text = "resource_rules:\n  merge_requests:\n    rules:\n    - name: a\n      conditions: {draft: true, target_branch: main, reviewer_id: none}\n      actions: {comment: hi}\n";
    let policies = Policies::read(FILE, text);
    assert_eq!(policies.mistakes, []);
    let judged = |kind, record: &Value| {
        policies.judge(&[], &record_subject(record, kind, None), today()).unwrap().touched[0]
    };
    let request =
        json!({"iid": 1, "draft": true, "target_branch": "main", "source_branch": "x", "reviewers": []});
    assert_eq!(judged(Kind::MergeRequest, &request), Truth::Yes);
    assert_eq!(judged(Kind::Issue, &request), Truth::No);
}

proptest! {
    /// What a record does not say makes an answer unknown, never another one.
    #[test]
    fn a_record_that_says_less_never_answers_otherwise(
        at in 0..TRUE.len() + FALSE.len(), lacking in prop::collection::vec(0_usize..16, 0..4)
    ) {
        let conditions = TRUE.iter().chain(&FALSE).nth(at).unwrap();
        let (whole, mut record) = (truth(conditions, &issue()), issue());
        let keys: Vec<_> = record.as_object().unwrap().keys().cloned().collect();
        for key in lacking.iter().filter_map(|at| keys.get(*at)) {
            record.as_object_mut().unwrap().remove(key);
        }
        let less = truth(conditions, &record);
        prop_assert!(less == whole || matches!(less, Truth::Unknown(_)), "{} {:?} {:?}", conditions, whole, less);
    }

    /// Three answers follow the laws of logic, so that the order of conditions does not matter.
    #[test]
    fn the_order_of_conditions_does_not_matter(one in 0_usize..4, two in 0_usize..4, three in 0_usize..4) {
        let all = [Truth::Yes, Truth::No, Truth::Unknown(Reason::Ruby), Truth::Unknown(Reason::Members)];
        let (a, b, c) = (all[one], all[two], all[three]);
        prop_assert_eq!(a.and(b), b.and(a));
        prop_assert_eq!(a.or(b), b.or(a));
        prop_assert_eq!(a.and(b).and(c), a.and(b.and(c)));
        prop_assert_eq!(a.or(b).or(c), a.or(b.or(c)));
    }

    /// Whatever the file holds, it is read, and every mistake has a place in it.
    #[test]
    fn any_text_is_read(text in "[a-z:{}\\[\\],#&*!|>'\"\\- \n]{0,200}") {
        let text = format!("resource_rules:\n  issues:\n    rules:\n      - name: {text}");
        let policies = Policies::read(FILE, &text);
        policies.clashes(&text);
        for mistake in policies.mistakes {
            prop_assert!(mistake.place.start.byte <= text.len());
        }
    }
}

#[test]
fn mistakes_are_named_at_their_place() {
    let text = "\
resource_rules:
  isues: {}
  issues:
    rules:
      - conditions:
          label: [bug]
          state: open
          draft: true
          forbidden_labels: ['p::{1..2}']
          date: {attribute: updated, condition: older_than, interval_type: day, interval: six}
          labels: ['x{1..100000}']
        action: {}
      - just words
";
    let policies = Policies::read(FILE, text);
    // What cannot be read is never taken for a condition that holds.
    let subject = record_subject(&json!({"iid": 1, "state": "opened", "labels": ["bug"]}), Kind::Issue, None);
    let judged = policies.judge(&[], &subject, today()).unwrap();
    assert_eq!(judged.touched[0], Truth::Unknown(Reason::Unreadable));
    let told: Vec<_> = policies
        .mistakes
        .iter()
        .map(|of| format!("{}:{} {}; {}", of.place.start.line, of.place.start.column, of.message, of.help))
        .collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    2:3 unknown resource `isues`; did you mean `issues`?
    12:9 unknown key of a rule `action`; did you mean `actions`?
    5:9 a rule has no `name`; the bot shows it in its log: say what the rule is for
    6:11 unknown condition `label`; did you mean `labels`?
    7:18 unknown value `open`; did you mean `opened`?
    8:11 `draft` is no condition on issues; the bot ignores it: remove it, or move the rule
    9:31 braces do nothing under `forbidden_labels`; the bot expands braces under `labels` only: list the labels one by one
    10:29 unknown value `updated`; did you mean `updated_at`?
    10:76 unknown value `day`; did you mean `days`?
    10:91 `interval` is no whole number; write it in digits
    11:21 the braces stand for too many labels; list fewer
    5:9 a rule has no `actions`; add what the bot shall do, or remove the rule
    13:9 a rule is no map; give it a `name`, `conditions` and `actions`
    ");
    for (text, message) in [
        ("", "there are no rules in it"),
        ("a: 1\n", "there are no `resource_rules`"),
        ("resource_rules: [\n", "this is not YAML"),
        ("resource_rules:\n  issues:\n    rules: {a: 1}\n", "the rules are no list"),
    ] {
        let mistakes = Policies::read(FILE, text).mistakes;
        assert!(mistakes[0].message.starts_with(message), "{text}: {mistakes:?}");
    }
}

fn clashes(rules: &[(&str, &str)]) -> Vec<(ClashKind, Vec<usize>)> {
    let rule = |(at, (conditions, actions)): (usize, &(&str, &str))| {
        format!("    - name: r{at}\n      conditions: {conditions}\n      actions: {actions}\n")
    };
    let rules: String = rules.iter().enumerate().map(rule).collect();
    let text = format!("resource_rules:\n  issues:\n    rules:\n{rules}");
    let policies = Policies::read(FILE, &text);
    assert_eq!(policies.mistakes, []);
    policies.clashes(&text).0.into_iter().map(|clash| (clash.kind, clash.policies)).collect()
}

#[test]
fn policies_that_undo_each_other_are_told() {
    use ClashKind::*;
    let pair = |one, other| clashes(&[one, other]);
    let (bug, stale) = ("{labels: [bug]}", "{labels: [stale]}");
    assert_eq!(pair((bug, "{labels: [x]}"), (stale, "{remove_labels: [x]}")), [(Opposed, vec![0, 1])]);
    assert_eq!(pair((bug, "{labels: ['p::1']}"), (stale, "{labels: ['p::2']}")), [(Opposed, vec![0, 1])]);
    assert_eq!(pair((bug, "{status: close}"), (stale, "{status: reopen}")), [(Opposed, vec![0, 1])]);
    // A quick action in a comment does what an action does.
    assert_eq!(
        pair((bug, "{comment: '/label ~x'}"), (stale, "{comment: '/unlabel ~x'}")),
        [(Opposed, vec![0, 1])]
    );
    let (closes, reopens) = (
        ("{state: opened, labels: [bug]}", "{status: close}"),
        ("{state: closed, labels: [bug]}", "{status: reopen}"),
    );
    assert_eq!(pair(closes, reopens), [(PingPong, vec![0, 1])]);
    let (there, back) =
        (("{labels: ['p::1']}", "{labels: ['p::2']}"), ("{labels: ['p::2']}", "{labels: ['p::1']}"));
    assert_eq!(pair(there, back), [(PingPong, vec![0, 1])]);
    let (adds, removes) =
        (("{forbidden_labels: [x]}", "{labels: [x]}"), ("{labels: [x]}", "{remove_labels: [x]}"));
    assert_eq!(pair(adds, removes), [(PingPong, vec![0, 1])]);
    assert_eq!(
        pair((bug, "{labels: [x]}"), ("{labels: [a], forbidden_labels: [a]}", "{labels: [x]}")),
        [(Impossible, vec![1])]
    );
    let step = |from: &'static str, to: &'static str| (from, to);
    let circle = [
        step("{labels: ['s::a']}", "{labels: ['s::b']}"),
        step("{labels: ['s::b']}", "{labels: ['s::c']}"),
        step("{labels: ['s::c']}", "{labels: ['s::a']}"),
    ];
    assert_eq!(clashes(&circle), [(Circle, vec![0, 1, 2])]);
}

#[test]
fn policies_that_follow_each_other_are_no_contradiction() {
    let pair = |one, other| clashes(&[one, other]);
    let none: Vec<(ClashKind, Vec<usize>)> = Vec::new();
    for (one, other) in [
        // One after the other.
        (
            ("{forbidden_labels: ['s::new', 's::old']}", "{labels: ['s::new']}"),
            ("{labels: ['s::new']}", "{labels: ['s::old']}"),
        ),
        // Different authors, milestones, ages.
        (("{author_username: a}", "{labels: ['p::1']}"), ("{author_username: b}", "{labels: ['p::2']}")),
        (("{milestone: none}", "{labels: [x]}"), ("{milestone: '17.1'}", "{remove_labels: [x]}")),
        (
            (
                "{state: opened, date: {attribute: updated_at, condition: older_than, interval_type: days, interval: 90}}",
                "{labels: [x]}",
            ),
            (
                "{state: opened, date: {attribute: updated_at, condition: newer_than, interval_type: days, interval: 90}}",
                "{remove_labels: [x]}",
            ),
        ),
        (("{labels: [None]}", "{labels: [x]}"), ("{labels: [bug]}", "{remove_labels: [x]}")),
        // Nested scopes live side by side.
        (("{labels: [bug]}", "{labels: ['w::a::1']}"), ("{labels: [bug]}", "{labels: ['w::b::1']}")),
    ] {
        assert_eq!(pair(one, other), none, "{one:?} {other:?}");
    }
}

#[test]
fn a_contradiction_happens_to_records_now_or_is_possible_only() {
    let text = "resource_rules:\n  issues:\n    rules:\n    - {name: a, conditions: {labels: ['p::1'], state: opened}, actions: {labels: ['p::2']}}\n    - {name: b, conditions: {labels: ['p::2'], ruby: x}, actions: {labels: ['p::1']}}\n    - {name: c, conditions: {labels: ['p::1']}, actions: {labels: ['p::3']}, limits: {oldest: 1}}\n";
    let policies = Policies::read(FILE, text);
    let mut survey = Survey::new(&policies, text);
    for number in 1..=7 {
        let label = if number % 2 == 0 { "p::1" } else { "other" };
        let record = json!({"iid": number, "state": "opened", "labels": [label], "created_at": format!("2026-01-0{number}T00:00:00Z")});
        let subject = record_subject(&record, Kind::Issue, None);
        let verdicts = policies.judge(&survey.clashes, &subject, today()).unwrap();
        survey.take(number, &subject.name, &verdicts);
        survey.cover(verdicts.reach(), ["rule", "rule"].into_iter().filter(|_| number < 4));
    }
    let clashes: Vec<_> =
        survey.clashes.iter().map(|of| (of.kind, of.policies.clone(), of.now, of.unknown)).collect();
    assert_eq!(clashes, [(ClashKind::PingPong, vec![0, 1], 0, 3), (ClashKind::Opposed, vec![0, 2], 3, 0)]);
    let touched: Vec<_> = survey.policies.iter().map(|of| (of.matches, of.now(), of.unknown)).collect();
    assert_eq!(touched, [(3, 3, 0), (0, 0, 0), (3, 1, 0)]);
    assert_eq!(survey.covered["rule"], Cover { subjects: 3, touched: 1, unknown: 0 });
    let written = serde_json::to_string(&survey).unwrap();
    assert_eq!(serde_json::from_str::<Survey>(&written).unwrap(), survey);
}
