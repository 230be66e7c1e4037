//! Every rule that ships: it compiles, cites the handbook in at most 25 words, speaks kindly, and its examples hold.
#![allow(clippy::expect_used, clippy::panic, reason = "a test says what it expects")]

use proclint::example;
use proclint::fix::Reach;
use proclint::pattern::proved;
use proclint::rule::RuleSet;
use proclint::rule::set::{NEEDS, built_in};
use proclint::scan::Need;
use proclint::subject::Kind;
use proclint::text::LineIndex;
use proclint::yaml::{Limits, Node, parse};

/// `RULE=bare-reference cargo test --test rules` looks at one rule only.
fn wanted(id: &str) -> bool {
    std::env::var("RULE").map_or(true, |rule| rule == id)
}

fn tree(yaml: &str) -> Node {
    parse(yaml, &Limits::config()).expect("valid YAML").expect("not empty")
}

#[test]
fn every_rule_compiles_and_every_pattern_is_proved() {
    let rules = proved(|| {
        let rules = RuleSet::all().expect("all rules are chosen");
        Kind::ALL.map(|kind| rules.of_kind(kind).1)
    });
    assert_eq!(rules.concat(), Vec::<String>::new());
}

#[test]
fn every_example_holds() {
    let rules = RuleSet::all().expect("all rules are chosen");
    let mut report = String::new();
    let mut count = 0;
    for rule in built_in().iter().filter(|rule| wanted(rule.id)) {
        match example::run(rule.yaml, &rules) {
            Ok((examples, failures)) => {
                count += examples;
                let lines = LineIndex::new(rule.yaml);
                for failure in failures {
                    let line = lines.position(failure.span.start, rule.yaml).line;
                    report.push_str(&format!("rules/{}:{line}: {}\n\n", rule.path, failure.message));
                }
            }
            Err(error) => {
                let line = LineIndex::new(rule.yaml).position(error.span.start, rule.yaml).line;
                report.push_str(&format!("rules/{}:{line}: {error} {:?}\n\n", rule.path, error.help));
            }
        }
    }
    assert!(report.is_empty(), "\n{report}");
    assert!(count > 0, "no example was run");
}

#[test]
fn every_fix_removes_its_finding_and_leads_to_no_other() {
    let rules = RuleSet::all().expect("all rules are chosen");
    let mut report = String::new();
    for rule in built_in().iter().filter(|rule| wanted(rule.id)) {
        let lines = LineIndex::new(rule.yaml);
        for (span, left) in example::unfixable(rule.yaml, &rules, Reach::Safe).expect("readable examples") {
            let line = lines.position(span.start, rule.yaml).line;
            report
                .push_str(&format!("rules/{}:{line}: {:?}: {}\n", rule.path, left.finding.text, left.reason));
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

#[test]
fn every_rule_has_bad_good_and_near_miss_examples() {
    for rule in built_in() {
        let tree = tree(rule.yaml);
        let examples = tree.get("examples").map(Node::items).unwrap_or_default();
        for claim in ["bad", "good", "near-miss"] {
            let has = examples.iter().any(|example| example.get(claim).is_some());
            assert!(has, "{} has no example that is {claim}", rule.id);
        }
    }
}

#[test]
fn every_rule_cites_the_handbook_in_at_most_25_words() {
    for rule in built_in() {
        let tree = tree(rule.yaml);
        // No handbook knows of proclint's waivers.
        if tree.get("waivers").is_some() {
            assert!(["from", "heading", "quote"].iter().all(|key| tree.get(key).is_none()), "{}", rule.id);
            continue;
        }
        let quote = tree.get("quote").and_then(Node::as_str).unwrap_or_default();
        let words = quote.split_whitespace().count();
        assert!((1..=25).contains(&words), "{} cites {words} words", rule.id);
        let from = tree.get("from").and_then(Node::as_str).unwrap_or_default();
        assert!(from.starts_with("https://") && from.contains('#'), "{} cites {from}", rule.id);
    }
}

#[test]
fn every_message_is_one_kind_sentence() {
    for rule in built_in() {
        let tree = tree(rule.yaml);
        let variants = tree.get("variants").map(Node::entries).unwrap_or_default();
        let messages =
            variants.iter().filter_map(|variant| variant.value.get("message")).chain(tree.get("message"));
        for message in messages.filter_map(Node::as_str) {
            let message = message.trim();
            assert!(
                message.len() <= 140,
                "{}: the message is {} bytes long: {message}",
                rule.id,
                message.len()
            );
            assert!(!message.ends_with('.'), "{}: the message ends with a full stop: {message}", rule.id);
            assert!(!message.contains(". "), "{}: the message is more than one sentence: {message}", rule.id);
            let lower = message.to_lowercase();
            for harsh in ["you must", "you should", "wrong", "bad ", "never ", "forbidden", "illegal"] {
                assert!(!lower.contains(harsh), "{}: {message:?} is not kind: {harsh:?}", rule.id);
            }
        }
    }
}

/// What the list in `src/rule/needs.tsv` has to say.
fn needs() -> String {
    let rules = RuleSet::all().expect("all rules are chosen");
    let mut list = String::new();
    for kind in Kind::ALL {
        list.push_str(&format!("[{}]\n", kind.name()));
        for rule in rules.of_kind(kind).0 {
            let words = match rule.need(kind) {
                Need::Nothing => "*".to_owned(),
                Need::Sigil => "#0".to_owned(),
                Need::Any(words) if words.is_empty() => "-".to_owned(),
                Need::Any(words) => words.join("\t"),
            };
            list.push_str(&format!("{}\t{words}\n", rule.voice.header.id));
        }
    }
    list
}

#[test]
fn the_list_of_literals_says_what_the_rules_need() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/rule/needs.tsv");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, needs()).expect("the list can be written");
    } else {
        assert_eq!(NEEDS, needs(), "stale; run UPDATE=1 cargo test --test rules");
    }
}

/// How messages begin that ask for something that is not there; they have nothing to name.
const ASKING: [&str; 10] = ["Add", "Apply", "Ask", "Assign", "Give", "Let", "Link", "Name", "Put", "Say"];

/// Whether a message holds what was found: all of a short text, or one word of a longer one.
fn names(message: &str, found: &str) -> bool {
    let message = message.to_lowercase();
    let found = found.to_lowercase();
    let mut words = found.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 3);
    message.contains(found.trim()) || words.any(|word| message.contains(word))
}

#[test]
fn every_message_names_what_was_found_or_asks_for_what_is_missing() {
    let rules = RuleSet::all().expect("all rules are chosen");
    let mut silent = std::collections::BTreeSet::new();
    for rule in built_in().iter().filter(|rule| wanted(rule.id)) {
        let tree = tree(rule.yaml);
        let variants = tree.get("variants").map(Node::entries).unwrap_or_default();
        let texts = variants.iter().filter_map(|variant| variant.value.get("message"));
        let texts: Vec<_> = texts.chain(tree.get("message")).filter_map(Node::as_str).collect();
        for checked in example::showcases(rule.yaml, &rules).expect("the examples can be read") {
            for finding in checked.findings {
                let is_fixed = texts.contains(&finding.message.as_str());
                let asks = ASKING.iter().any(|verb| finding.message.starts_with(verb));
                if is_fixed && !asks && !finding.text.is_empty() && !names(&finding.message, &finding.text) {
                    silent.insert(format!("{}: {:?} for {:?}", rule.id, finding.message, finding.text));
                }
            }
        }
    }
    assert!(silent.is_empty(), "{silent:#?}");
}

#[test]
fn a_record_without_labels_is_unchecked_by_the_rules_that_its_words_concern_only() {
    let rules = RuleSet::all().expect("all rules are chosen");
    let touched = |record: serde_json::Value| -> Vec<String> {
        let subject = proclint::load::record_subject(&record, proclint::subject::Kind::Issue, None);
        let found = rules.touched(&proclint::document::Document::new(&subject)).0;
        found.iter().map(|rule| rule.voice.header.id.clone()).collect()
    };
    let has = |ids: &[String], id: &str| ids.iter().any(|of| of == id);
    let lacking = touched(serde_json::json!({"iid": 1, "title": "A title"}));
    assert!(has(&lacking, "board-workflow-label"), "it may have the label that the rule asks for");
    assert!(!has(&lacking, "infradev-slo-overdue"), "no label of a severity stands in it");
    let known = touched(serde_json::json!({"iid": 1, "title": "A title", "labels": []}));
    assert!(!has(&known, "sm-request-assigned") && has(&lacking, "sm-request-assigned"));
}
