//! States and moves of an audit: what label events tell, and what they do not. Of a history with gaps nothing is said.
#![allow(clippy::expect_used, reason = "a test says what it expects")]

use std::fmt::Write;
use std::sync::LazyLock;

use jiff::civil::{Date, date};
use proclint::audit::{Flow, Levels, Plan, Profile, Seen};
use proclint::check::states::machine::Legality;
use proclint::config::Config;
use proclint::document::Document;
use proclint::engine::check_document;
use proclint::load::record_subject;
use proclint::rule::RuleSet;
use proclint::rule::set::{ConfigText, OwnFile, Selection};
use proclint::subject::Kind;
use proclint::world::World;
use proptest::prelude::*;
use serde_json::{Value, json};

/// `a` to `b` to `c` to `d`, back from `c` to `b`, and `c` has the part `c::x`; `d` is the end.
static RULES: LazyLock<RuleSet> = LazyLock::new(|| rules("fold_minutes: 0"));

fn rules(options: &str) -> RuleSet {
    let text = format!(
        r#"
id: flow
title: Work flows
from: https://example.com/#flow
heading: Flow
quote: Work flows
severity: warning
on: [issue]
message: Keep the flow
variants:
  step: {{message: step}}
  reopen: {{message: reopen}}
  stay: {{message: stay}}
parameters:
  machine:
    - {{name: a, next: [b], stay: 2}}
    - {{name: b, next: [c], stay: 10}}
    - {{name: c, next: [b, d, "c::x"]}}
    - {{name: "c::x", parent: c}}
    - {{name: d, terminal: true}}
states:
  - {{prefix: "s::", states: $machine}}
  - {{find: transition, prefix: "s::", states: $machine, ignore_actors: [bot], {options}}}
  - {{find: stay, when: {{state: opened}}, prefix: "s::", states: $machine, weekend: [sat, sun]}}
examples: []
"#
    );
    let own = OwnFile { path: "flow.yml".to_owned(), text };
    let selection = Selection { select: vec!["flow".to_owned()], ignore: Vec::new() };
    RuleSet::new(&[own], Config::default(), &ConfigText::default(), &selection).expect("a rule")
}

const TODAY: Date = date(2025, 4, 1);

fn audit(rules: &RuleSet, records: &[Value]) -> (Flow, Levels) {
    shard(rules, records, |_| true)
}

/// The audit of the records at some places, from 0.
fn shard(rules: &RuleSet, records: &[Value], takes: impl Fn(usize) -> bool) -> (Flow, Levels) {
    let (plan, world) = (Plan::of(rules), World::on(TODAY));
    let (mut flow, mut levels) = (Flow::default(), Levels::default());
    for (at, record) in records.iter().enumerate().filter(|(at, _)| takes(*at)) {
        let subject = record_subject(record, Kind::Issue, Some("g/p"));
        let document = Document::new(&subject);
        let seen = Seen {
            proposal: Default::default(),
            place: at + 1,
            checked: check_document(&document, rules, &world, false),
            profile: Profile::of(&document, false),
            observed: plan.observe(&document, &world),
            policies: None,
            reach: None,
        };
        flow.add(&seen);
        levels.add(&seen, Some(TODAY));
    }
    (flow, levels)
}

/// Reads `+a 03-01T09:00:00 -b …`: labels of the machine that were added and removed; `?` stands for a deleted one.
fn record(iid: usize, labels: &[&str], events: &str) -> Value {
    let words: Vec<_> = events.split_whitespace().collect();
    let events = words.chunks(2).map(|pair| {
        let (sign, name) = pair[0].split_at(1);
        let label = if name == "?" { Value::Null } else { json!({"name": format!("s::{name}")}) };
        let action = if sign == "+" { "add" } else { "remove" };
        json!({"action": action, "created_at": format!("2025-{}Z", pair[1]), "user": {"username": "cl"}, "label": label})
    });
    let labels: Vec<_> = labels.iter().map(|name| format!("s::{name}")).collect();
    json!({
        "iid": iid, "state": "opened", "created_at": "2025-03-01T08:00:00Z", "labels": labels,
        "resource_label_events": events.collect::<Vec<_>>(),
    })
}

/// The moves, `a>b` or, where the machine does not have it, `a>!d`; then the stays that are over; then what is unknown.
fn told(rules: &RuleSet, records: &[Value]) -> String {
    let (flow, _) = audit(rules, records);
    let Some(machine) = flow.machines.get("flow") else { return String::new() };
    let mut told = String::new();
    for made in &machine.moves {
        let mark = match made.legality {
            Legality::Legal => "",
            Legality::Illegal => "!",
            Legality::Unknown => "?",
        };
        let (from, to) = (made.from.as_deref().unwrap_or("-"), made.to.as_deref().unwrap_or("-"));
        let times = if made.count == 1 { String::new() } else { format!("*{}", made.count) };
        write!(told, "{from}>{mark}{to}{times} ").expect("a string takes it");
    }
    for state in machine.states.iter().filter(|state| state.stays > 0) {
        write!(told, "{}:{} ", state.name, state.median_days.unwrap_or_default()).expect("a string takes it");
    }
    for reason in machine.history.unknown.keys() {
        write!(told, "({reason})").expect("a string takes it");
    }
    told.trim_end().to_owned()
}

fn tells(labels: &[&str], events: &str, expected: &str) {
    assert_eq!(told(&RULES, &[record(1, labels, events)]), expected, "{events}");
}

#[test]
fn events_tell_moves_and_stays() {
    tells(
        &["d"],
        "+a 03-01T09:00:00 +b 03-03T09:00:00 -a 03-03T09:00:00 +c 03-08T08:59:59 -b 03-08T08:59:59 +d 03-09T09:00:00 -c 03-09T09:00:00",
        "->a a>b b>c c>d a:2 b:4 c:1",
    );
    tells(&["d"], "+a 03-01T09:00:00 +d 03-02T09:00:00 -a 03-02T09:00:00", "->a a>!d a:1");
}

#[test]
fn one_second_is_one_change_in_whichever_order_it_is_listed() {
    let expected = "->a a>b a:1";
    tells(&["b"], "+a 03-01T09:00:00 +b 03-02T09:00:00 -a 03-02T09:00:00", expected);
    tells(&["b"], "+a 03-01T09:00:00 -a 03-02T09:00:00 +b 03-02T09:00:00", expected);
    tells(&["b"], "-a 03-02T09:00:00 +b 03-02T09:00:00 +a 03-01T09:00:00", expected);
    // Removed and added in the same second is no change at all, and told twice is told once.
    tells(&["a"], "+a 03-01T09:00:00 -a 03-02T09:00:00 +a 03-02T09:00:00", "->a");
    tells(&["a"], "+a 03-01T09:00:00 +a 03-01T09:00:00", "->a");
}

#[test]
fn what_lies_between_two_states_is_not_guessed() {
    tells(&["d"], "+a 03-01T09:00:00 -a 03-02T09:00:00 +d 03-05T09:00:00", "->a ->d a>- a:1");
    tells(&["a"], "+a 03-01T09:00:00 -a 03-02T09:00:00 +a 03-05T09:00:00", "->a*2 a>- a:1");
}

#[test]
fn a_part_of_a_state_comes_and_goes() {
    tells(
        &["c"],
        "+c 03-01T09:00:00 +c::x 03-02T09:00:00 -c::x 03-04T09:00:00",
        "->c c>c::x c::x>c c:1 c::x:2",
    );
}

#[test]
fn a_history_with_a_gap_is_unknown() {
    let deleted = "(the label of an event was deleted)";
    tells(
        &["d"],
        "+a 03-01T09:00:00 +? 03-02T09:00:00 -a 03-02T09:00:00 +d 03-03T09:00:00 -? 03-03T09:00:00",
        deleted,
    );
    let unadded = "(a label was removed that no event added)";
    tells(&["d"], "+d 03-02T09:00:00 -a 03-02T09:00:00", unadded);
    tells(&["b"], "-a 03-01T09:00:00 +a 03-02T09:00:00 +b 03-03T09:00:00 -a 03-03T09:00:00", unadded);
    let astray = "(the label events do not lead to the labels of the record)";
    tells(&["d"], "+a 03-01T09:00:00", astray);
    tells(&["d"], "", astray);
    tells(&[], "+a 03-01T09:00:00", astray);
    let unremoved = "(a label was added again that no event removed)";
    tells(&["a"], "+a 03-01T09:00:00 +a 03-02T09:00:00", unremoved);
    let several = "(the label events lead to more than one state at a time)";
    tells(&["a", "d"], "+a 03-01T09:00:00 +d 03-02T09:00:00", several);
    tells(&["d"], "+a 03-01T09:00:00 +d 03-02T09:00:00 -a 03-05T09:00:00", several);
    // A label that was called otherwise then.
    let undeclared = "(a label event is about no state of the machine)";
    tells(&["d"], "+begin 03-01T09:00:00 +d 03-02T09:00:00 -begin 03-02T09:00:00", undeclared);
}

#[test]
fn a_record_without_events_is_in_its_state_and_nothing_else_is_said() {
    let (flow, _) = audit(&RULES, &[json!({"iid": 1, "state": "closed", "labels": ["s::d"]})]);
    let machine = &flow.machines["flow"];
    assert_eq!((machine.states[4].now, machine.states[4].open), (1, 0));
    let unknown = &machine.history.unknown["the record has no `resource_label_events`"];
    assert_eq!(unknown.examples.iter().map(|of| of.subject.as_str()).collect::<Vec<_>>(), ["g/p#1"]);
    assert_eq!(told(&RULES, &[json!({"iid": 1, "labels": ["bug"], "resource_label_events": []})]), "");
}

#[test]
fn an_end_is_left_by_reopening() {
    let events = "+d 03-01T09:00:00 +b 03-05T09:00:00 -d 03-05T09:00:00";
    let with = |events: Option<Value>| {
        let mut left = record(1, &["b"], "+d 03-01T09:00:00 +b 03-05T09:00:00 -d 03-05T09:00:00");
        if let Some(events) = events {
            left["resource_state_events"] = events;
        }
        told(&RULES, &[left])
    };
    let reopened = json!([{"state": "reopened", "created_at": "2025-03-04T09:00:00Z"}]);
    assert_eq!(with(Some(reopened)), "->d d>b d:4", "{events}");
    assert_eq!(with(Some(json!([]))), "->d d>!b d:4");
    assert_eq!(with(None), "->d d>?b d:4");
}

#[test]
fn what_is_corrected_soon_is_one_change() {
    let events = "+a 03-01T09:00:00 +d 03-02T09:00:00 -a 03-02T09:00:00 +b 03-02T09:04:00 -d 03-02T09:04:00";
    assert_eq!(told(&rules("fold_minutes: 5"), &[record(1, &["b"], events)]), "->a a>b a:1");
    // Each step is told, so the way is known, and it is none that the machine has.
    let events = "+a 03-01T09:00:00 +c 03-02T09:00:00 -a 03-02T09:00:00 +d 03-02T09:04:00 -c 03-02T09:04:00";
    assert_eq!(told(&rules("fold_minutes: 5"), &[record(1, &["d"], events)]), "->a a>!d a:1");
}

#[test]
fn the_moves_of_a_bot_are_counted_and_not_judged() {
    let mut moved = record(1, &["d"], "+a 03-01T09:00:00 +d 03-02T09:00:00 -a 03-02T09:00:00");
    moved["resource_label_events"][1]["user"]["username"] = json!("bot");
    assert_eq!(told(&RULES, &[moved]), "->a a>?d a:1");
}

#[test]
fn closing_ends_a_stay_and_nobody_is_stuck_then() {
    let open = record(1, &["a"], "+a 03-03T09:00:00");
    let mut closed = record(2, &["a"], "+a 03-03T09:00:00");
    closed["state"] = json!("closed");
    closed["closed_at"] = json!("2025-03-10T10:00:00Z");
    let soon = record(3, &["b"], "+a 03-26T09:00:00 +b 03-27T09:00:00 -a 03-27T09:00:00");
    let (flow, levels) = audit(&RULES, &[open, closed, soon]);
    let state = &flow.machines["flow"].states[0];
    assert_eq!((state.now, state.open, state.stays, state.median_days), (2, 1, 2, Some(1)));
    let stuck: Vec<_> = state.oldest.iter().map(|of| (&*of.subject, &*of.since, of.days, of.limit)).collect();
    assert_eq!((state.stuck, stuck), (1, vec![("g/p#1", "2025-03-03", 21, 2)]));
    // Two business days: the first has been over since the 5th, the second was closed late, the third went on in time.
    let level = &levels.limits["flow/a"];
    assert_eq!((level.running, level.overdue, level.met, level.missed), (0, 1, 1, 1));
    assert_eq!(level.worst_days, Some(27));
    let level = &levels.limits["flow/b"];
    assert_eq!((level.running, level.due_soon), (1, 0));
}

/// What happened to a record at one time: the label that came, and the one that went.
#[derive(Clone, Debug)]
struct Action {
    added: Option<usize>,
    removed: Option<usize>,
}

const NAMES: [&str; 4] = ["a", "b", "c", "d"];

/// A whole history by the machine: it begins somewhere, goes on as the machine allows, or leaves all states.
fn history() -> impl Strategy<Value = Vec<Action>> {
    prop::collection::vec((0_usize..4, 0_u8..4), 1..9).prop_map(|choices| {
        let (mut now, mut actions) = (None, Vec::new());
        for (choice, leave) in choices {
            let next = match now {
                None => Some(choice),
                Some(_) if leave == 0 => None,
                Some(0) => Some(1),
                Some(1) => Some(2),
                Some(2) => Some(if choice % 2 == 0 { 1 } else { 3 }),
                Some(_) => None,
            };
            actions.push(Action { added: next, removed: now });
            now = next;
        }
        actions
    })
}

/// The record of a history of which only some of the events are left, listed in some order.
fn remains(actions: &[Action], kept: &[bool], turn: usize) -> Value {
    let mut events = Vec::new();
    for (minute, action) in actions.iter().enumerate() {
        for (action, state) in [("add", action.added), ("remove", action.removed)] {
            let Some(state) = state else { continue };
            let at = format!("2025-03-01T09:{minute:02}:00.000Z");
            events.push(json!({"action": action, "created_at": at, "label": {"name": format!("s::{}", NAMES[state])}}));
        }
    }
    let mut kept = kept.iter().cycle();
    events.retain(|_| kept.next() == Some(&true));
    let turn = turn % events.len().max(1);
    events.rotate_left(turn);
    let now = actions.last().and_then(|action| action.added);
    let labels: Vec<_> = now.map(|state| format!("s::{}", NAMES[state])).into_iter().collect();
    json!({"iid": 1, "state": "opened", "labels": labels, "resource_label_events": events, "resource_state_events": []})
}

/// Any events at all.
fn soup() -> impl Strategy<Value = Value> {
    let event = (0_usize..4, any::<bool>(), 1_u8..20, 0_u8..3);
    (prop::collection::vec(event, 0..6), prop::sample::subsequence(NAMES.to_vec(), 0..=2), any::<bool>())
        .prop_map(|(events, labels, open)| {
            let events = events.into_iter().map(|(state, added, day, hour)| {
                let action = if added { "add" } else { "remove" };
                let at = format!("2025-03-{day:02}T0{hour}:00:00Z");
                json!({"action": action, "created_at": at, "label": {"name": format!("s::{}", NAMES[state])}})
            });
            let labels: Vec<_> = labels.iter().map(|name| format!("s::{name}")).collect();
            json!({
                "state": if open { "opened" } else { "closed" }, "closed_at": "2025-03-21", "labels": labels,
                "created_at": "2025-03-01", "resource_label_events": events.collect::<Vec<_>>(),
            })
        })
}

fn illegal(flow: &Flow) -> usize {
    let moves = flow.machines.values().flat_map(|machine| &machine.moves);
    moves.filter(|made| made.legality == Legality::Illegal).map(|made| made.count).sum()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn lost_events_make_no_legal_history_illegal(
        actions in history(),
        kept in prop::collection::vec(prop::bool::weighted(0.7), 1..20),
        turn in 0_usize..20,
        fold in prop::sample::select(&[0, 3, 30]),
    ) {
        let rules = rules(&format!("fold_minutes: {fold}"));
        let (flow, _) = audit(&rules, &[remains(&actions, &kept, turn)]);
        prop_assert_eq!(illegal(&flow), 0, "{:?}", flow);
    }

    #[test]
    fn a_whole_history_is_known(actions in history(), turn in 0_usize..20) {
        let (flow, _) = audit(&RULES, &[remains(&actions, &[true], turn)]);
        let machine = &flow.machines["flow"];
        prop_assert_eq!(machine.history.known, 1, "{:?}", machine.history);
        let moves: usize = machine.moves.iter().map(|made| made.count).sum();
        prop_assert_eq!(moves, actions.len());
    }

    #[test]
    fn the_parts_of_an_audit_add_up_to_the_whole(
        mut records in prop::collection::vec(soup(), 0..24),
        shards in 1_usize..4,
    ) {
        for (at, record) in records.iter_mut().enumerate() {
            record["iid"] = json!(at + 1);
        }
        let written = |of: &(Flow, Levels)| serde_json::to_string_pretty(of).expect("it is written");
        let mut sum = (Flow::default(), Levels::default());
        for number in (0..shards).rev() {
            let part = written(&shard(&RULES, &records, |at| at % shards == number));
            let (flow, levels) = serde_json::from_str(&part).expect("what is written is read");
            sum.0.merge(flow);
            sum.1.merge(levels);
        }
        prop_assert_eq!(written(&sum), written(&audit(&RULES, &records)));
    }
}
