//! Fixes of a rule that replaces words: what they do to each other, to what does not count, and to a second run.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::diagnostic::{Diagnostic, Edit, Fix, RuleHeader, Severity};
use crate::document::Document;
use crate::engine::resolve;
use crate::finding::Suppressed;
use crate::load::{file_subject, record_subject};
use crate::rule::RuleSet;
use crate::subject::{Format, Kind};
use crate::text::Span;
use crate::world::World;

/// A word that is found, the words that take its place, and whether they do so without asking; without such words
/// there is a finding and no fix.
type Word = (&'static str, Option<&'static str>, bool);

/// Finds `words`; each is a rule of its own, `in-<word>`.
fn find(subject: &Subject, words: &[Word]) -> Checked {
    let document = Document::new(subject);
    let mut found = Vec::new();
    for (word, instead, safe) in words {
        let rule = Arc::new(RuleHeader { id: format!("in-{word}"), ..RuleHeader::default() });
        for (at, _) in subject.text.match_indices(word) {
            let span = Span::new(at, at + word.len());
            let fix = instead.map(|text| Fix {
                title: String::new(),
                safe: *safe,
                edits: vec![Edit { span, text: text.to_owned() }],
            });
            found.push(Diagnostic {
                rule: rule.clone(),
                severity: Severity::Warning,
                span,
                message: format!("Say something else than {word}"),
                help: String::new(),
                related: Vec::new(),
                fix,
                shared: None,
                grace: false,
            });
        }
    }
    found.sort_by(|a, b| (a.span, &a.rule.id).cmp(&(b.span, &b.rule.id)));
    Checked {
        kind: subject.kind,
        name: subject.name.clone(),
        bytes: subject.text.len(),
        findings: resolve(&document, found),
        suppressed: Vec::new(),
        unchanged: 0,
        not_checked: Vec::new(),
        canonical: None,
        source: None,
        repair: None,
    }
}

fn page(text: &str) -> Subject {
    file_subject("a.md", text.to_owned(), Kind::Page, Format::Markdown)
}

/// The new text, the words that were fixed, and why others were left.
fn mended(text: &str, words: &[Word], reach: Reach) -> (String, Vec<String>, Vec<String>) {
    let subject = page(text);
    let check = |subject: &Subject| find(subject, words);
    let mended = mend(&subject, &check(&subject), reach, &check);
    let again = mend(&mended.subject, &check(&mended.subject), reach, &check);
    assert_eq!(again.subject.text, mended.subject.text, "a second run changes nothing");
    let fixed = mended.repair.fixed.iter().map(|finding| finding.text.clone()).collect();
    let left =
        mended.repair.left.iter().map(|left| format!("{}: {}", left.finding.text, left.reason)).collect();
    (mended.subject.text, fixed, left)
}

#[test]
fn only_safe_fixes_are_made_unless_all_are_asked_for() {
    let words = [("colour", Some("hue"), true), ("grey", Some("gray"), false)];
    let (text, fixed, left) = mended("colour grey colour", &words, Reach::Safe);
    assert_eq!((text.as_str(), fixed.len(), left.len()), ("hue grey hue", 2, 0));
    let (text, ..) = mended("colour grey colour", &words, Reach::All);
    assert_eq!(text, "hue gray hue");
    let subject = page("colour grey colour grey");
    let check = |subject: &Subject| find(subject, &words);
    let withheld = |reach| mend(&subject, &check(&subject), reach, &check).repair.withheld;
    assert_eq!((withheld(Reach::Safe), withheld(Reach::All)), (2, 0));
}

#[test]
fn a_text_of_fixes_that_do_not_work_is_given_up_in_time() {
    let words = [("one", Some("no one"), true), ("two", Some("one"), true)];
    let text = "one two ".repeat(TRIALS);
    let (.., left) = mended(&text, &words, Reach::Safe);
    let (tried, given_up): (Vec<_>, Vec<_>) =
        left.iter().partition(|left| !left.ends_with("too many fixes of this text had to be refused"));
    assert!(!tried.is_empty() && !given_up.is_empty(), "{} {}", tried.len(), given_up.len());
}

#[test]
fn of_two_that_overlap_the_first_is_made_and_the_other_is_told() {
    let words = [("bcd", Some("-"), true), ("abc", Some("+"), true)];
    let (text, fixed, left) = mended("abcd", &words, Reach::Safe);
    assert_eq!((text.as_str(), fixed), ("+d", vec!["abc".to_owned()]));
    assert_eq!(left, ["bcd: it touches the fix of in-abc at line 1"]);
}

#[test]
fn what_had_to_wait_is_made_in_the_new_text() {
    let words = [("ab", Some("xb"), true), ("b", Some("y"), true)];
    let (text, fixed, left) = mended("ab b", &words, Reach::Safe);
    assert_eq!((text.as_str(), fixed.len(), left), ("xy y", 3, vec![]));
}

#[test]
fn a_fix_that_leads_to_a_finding_is_refused_alone() {
    let words = [("one", Some("two"), true), ("two", None, true), ("six", Some("ten"), true)];
    let (text, fixed, left) = mended("six one six two one six", &words, Reach::Safe);
    assert_eq!((text.as_str(), fixed.len()), ("ten one ten two one ten", 3));
    let reason = "one: it would lead to a finding of in-two: Say something else than two";
    assert_eq!(left, [reason, reason]);
}

#[test]
fn a_fix_that_does_not_remove_its_finding_is_refused_alone() {
    let words = [("one", Some("no one"), true), ("six", Some("ten"), true)];
    let (text, _, left) = mended("six one six", &words, Reach::Safe);
    assert_eq!(text, "ten one ten");
    assert_eq!(left, ["one: it would not remove the finding"]);
}

#[test]
fn a_fix_that_brings_back_what_another_one_removed_is_refused_alone() {
    let words = [
        ("MVC", Some("MVC (product)"), true),
        ("end", Some("no product"), true),
        ("one", Some("two"), true),
        ("two", None, true),
    ];
    // An explained MVC is fine, unless the end of the text takes the explanation back.
    let check = |subject: &Subject| {
        let mut checked = find(subject, &words);
        let explained = subject.text.contains("(product)") && !subject.text.contains("no product");
        checked.findings.retain(|finding| !explained || finding.text != "MVC");
        checked
    };
    let subject = page("MVC end one");
    let Mended { subject, repair, .. } = mend(&subject, &check(&subject), Reach::Safe, &check);
    assert_eq!(subject.text, "MVC (product) end one");
    let left: Vec<_> =
        repair.left.iter().map(|left| format!("{}: {}", left.finding.text, left.reason)).collect();
    let reason = |word| format!("it would lead to a finding of in-{word}: Say something else than {word}");
    assert_eq!(left, [format!("end: {}", reason("MVC")), format!("one: {}", reason("two"))]);
}

#[test]
fn a_finding_elsewhere_is_not_the_one_that_was_mended() {
    let words = [("one", Some("six"), true), ("two", Some("three, one"), true)];
    let (text, fixed, left) = mended("one two one", &words, Reach::Safe);
    assert_eq!((text.as_str(), fixed.len()), ("six two six", 2));
    assert_eq!(left, ["two: it would lead to a finding of in-one: Say something else than one"]);
}

#[test]
fn what_does_not_count_is_not_fixed_and_still_does_not_count() {
    let subject = page("one two one");
    let words = [("one", Some("a word"), true), ("two", Some("2"), true)];
    let check = |subject: &Subject| find(subject, &words);
    let mut held = check(&subject);
    held.findings.remove(0);
    let finding = held.findings.pop().unwrap();
    held.suppressed.push(Suppressed { finding, suppression: Suppression::Baseline });
    let Mended { subject, checked, repair } = mend(&subject, &held, Reach::Safe, &check);
    assert_eq!(subject.text, "one 2 one");
    assert_eq!((checked.findings.len(), repair.fixed.len()), (0, 1));
    let places: Vec<_> = checked.suppressed.iter().map(|of| of.finding.start.column).collect();
    assert_eq!(places, [7]);
}

#[test]
fn a_record_is_fixed_in_its_description_only() {
    let record =
        serde_json::json!({"iid": 1, "title": "one", "description": "one", "notes": [{"body": "one"}]});
    let subject = record_subject(&record, Kind::Issue, None);
    let words = [("one", Some("three"), true)];
    let check = |subject: &Subject| find(subject, &words);
    let Mended { subject, repair, .. } = mend(&subject, &check(&subject), Reach::Safe, &check);
    let parts: Vec<_> = subject.parts.iter().map(|part| part.span.of(&subject.text)).collect();
    assert_eq!(parts, ["three", "one"]);
    let reasons: Vec<_> = repair.left.iter().map(|left| left.reason.as_str()).collect();
    assert_eq!(reasons, ["it lies outside the description"; 2]);
}

/// Digits are words; nothing else is, so that everything else has to stay as it is.
const WORDS: &[&str] = &["1", "2", "12", "23", "31", "123", "4", "45", "5", "51"];
const INSTEAD: &[&str] = &["", "1", "2", "4", "6", "66", "45", "512", "7\n", "7\r\n7"];
const AROUND: &[&str] = &[
    "\n", "\r\n", "\r", " ", "\u{feff}", "é", "監査", "🎉", "\u{301}", "# ", "- ", "`", "*", "[a](b)",
    "---\n", "x",
];

#[test]
fn no_fix_moves_a_waiver_into_code() {
    let rules = RuleSet::all().unwrap();
    let world = World::on(jiff::civil::date(2024, 4, 2));
    let text = "See #21549.\n\n<!-- proclint: allow unexplained-acronym: old -->```\n\n\
                <!-- proclint: allow-file bare-reference: of the archive -->\n";
    let check = |subject: &Subject| crate::engine::check(subject, &rules, &world, false);
    let mended = mend(&page(text), &check(&page(text)), Reach::All, &check);
    assert_eq!(mended.subject.text, text);
    assert_eq!(mended.repair.left.len(), 1, "{:?}", mended.repair.left);
    assert!(mended.repair.left[0].reason.contains("a finding of bare-reference"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn fixes_change_what_they_say_and_nothing_else(
        parts in prop::collection::vec(prop::sample::select([WORDS, AROUND, AROUND].concat()), 0..60),
        instead in prop::collection::vec((prop::option::of(prop::sample::select(INSTEAD)), any::<bool>()), WORDS.len()),
        all in any::<bool>(),
    ) {
        let words: Vec<Word> = WORDS.iter().zip(&instead).map(|(word, (text, safe))| (*word, *text, *safe)).collect();
        let (subject, reach) = (page(&parts.concat()), if all { Reach::All } else { Reach::Safe });
        let check = |subject: &Subject| find(subject, &words);
        let held = check(&subject);
        let Mended { subject: mended, checked, repair } = mend(&subject, &held, reach, &check);

        let others = |text: &str| text.replace(|c: char| c.is_ascii_digit() || matches!(c, '\n' | '\r'), "");
        prop_assert_eq!(others(&subject.text), others(&mended.text));
        if !instead.iter().any(|(text, _)| text.is_some_and(|text| text.contains('\n'))) && subject.text.ends_with('x') {
            let others = |text: &str| text.replace(|c: char| c.is_ascii_digit(), "");
            prop_assert_eq!(others(&subject.text), others(&mended.text));
        }
        let ends = |text: &str| text.ends_with(['\n', '\r']);
        prop_assert!(subject.text.is_empty() || mended.text.is_empty() || ends(&subject.text) == ends(&mended.text));

        prop_assert!(checked.findings.len() + repair.fixed.len() <= held.findings.len());
        prop_assert_eq!(checked.findings.len(), check(&mended).findings.len());
        for finding in &checked.findings {
            let covered = mended.text.get(finding.start.byte..finding.end.byte);
            prop_assert_eq!(covered, Some(finding.text.as_str()));
        }
        let again = mend(&mended, &checked, reach, &check);
        prop_assert_eq!(&again.subject.text, &mended.text);
        prop_assert!(again.repair.fixed.is_empty());
    }
}
