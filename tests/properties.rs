//! What holds for every text: exact spans, true positions, a prefilter without a say, findings that stay.
#![allow(clippy::expect_used, reason = "a test says what it expects")]

#[path = "fuzz/spans.rs"]
#[allow(dead_code, reason = "others need the rest")]
mod spans;

use std::sync::LazyLock;

use jiff::civil::date;
use proclint::cond::Verdict;
use proclint::document::Document;
use proclint::engine;
use proclint::finding::{Checked, Finding};
use proclint::fix::{Mended, Reach, mend};
use proclint::load::{RecordKind, each_record, file_subject, kind_of};
use proclint::rule::RuleSet;
use proclint::scan::{Haystack, Need, Prefilter};
use proclint::subject::Subject;
use proclint::text::LineIndex;
use proclint::world::World;
use proptest::prelude::*;

/// What texts are put together from: everything Markdown, GitLab and its rules know, whole and broken.
const PARTS: &[&str] = &[
    "<!-- proclint: allow bare-reference: why -->",
    "\n<!-- proclint: allow-file unexplained-acronym, bare-reference: why -->\n",
    "<!-- proclint: allow-block bare-reference: why, until 2020-01-01 -->",
    "<!-- proclint: end -->",
    "# proclint: allow bare-reference: why\n",
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    " ",
    "  ",
    "\t",
    "    ",
    "\u{feff}",
    "\u{a0}",
    "\u{200b}",
    "\u{301}",
    "\0",
    "word ",
    "Issue ",
    "see ",
    "closes ",
    "監査イベント",
    "。",
    "🎉",
    "👩‍👩‍👧",
    "שלום ",
    "\u{202e}",
    "é",
    "ǅ",
    "ﬁ",
    "#21549",
    "!12",
    "&4021",
    "group/project#7",
    "#12+",
    "MVC",
    "OKRs",
    "Objectives and Key Results (OKR)",
    "`",
    "``",
    "```\n",
    "~~~\n",
    "$",
    "$$",
    "*",
    "**",
    "_",
    "~~",
    "\\",
    "&amp;",
    "&#35;",
    "&",
    "[",
    "]",
    "(",
    ")",
    "![",
    "](",
    "[a]: /b\n",
    "[^a]",
    "[^a]: ",
    "<",
    ">",
    "</",
    "/>",
    "\"",
    "'",
    "[#12](https://gitlab.com/a/b/-/issues/12)",
    "https://gitlab.com/a/b/-/issues/12",
    "www.example.org",
    "<https://example.org/#1>",
    "<a href=\"/a/-/issues/1\">#1</a>",
    "<!-- ",
    " -->",
    "<details>",
    "</details>",
    "<code>",
    "</code>",
    "<div>\n",
    "</div>\n",
    "<br>",
    "{{< x >}}",
    "{{",
    "}}",
    "{% ",
    " %}",
    "<%",
    "%>",
    "{#id}",
    "{: .class}",
    "%{name}",
    "{",
    "}",
    "\n# ",
    "\n## ",
    " ##\n",
    "\n---\n",
    "\n===\n",
    "\n- ",
    "\n  - ",
    "\n1. ",
    "\n- [ ] ",
    "\n* [x] ",
    "\n> ",
    "\n>>>\n",
    "\n> [!note]\n> ",
    "\n| a | b |\n| --- | :-: |\n| ",
    " | ",
    "\n|",
    "\n    ",
    "/label ~\"type::bug\" ~a",
    "\n/label ~a::b\n",
    "\n/milestone %\"17.9\"\n",
    "/assign @me",
    "\n/copy_metadata #1\n",
    "---\ntitle: A\n---\n",
    "---\ntitle: [\n---\n",
    "+++\n",
    "---\n",
    "title: b\n",
    "labels: [a, b]\n",
    "2026-03-15",
    "FY26-Q1",
    "Last reviewed: 2024-01-01",
    "RICE",
    "| Reach | Impact | Confidence | Effort |\n|---|---|---|---|\n| 1 | 2 | 50% | 3 |\n",
];

const PATHS: [&str; 7] = [
    "content/handbook/page.md",
    ".gitlab/issue_templates/Bug.md",
    ".gitlab/merge_request_templates/Default.md",
    "data/release_posts/unreleased/item.yml",
    "data/release_posts/unreleased/item.md",
    "CODEOWNERS",
    "COMMIT_EDITMSG",
];

static RULES: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::all().expect("all rules are chosen"));

fn world() -> World {
    World::on(date(2026, 3, 15))
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PARTS), 0..40).prop_map(|parts| parts.concat())
}

fn subject() -> impl Strategy<Value = Subject> {
    let file = (prop::sample::select(&PATHS[..]), text()).prop_map(|(path, text)| {
        let (kind, format) = kind_of(path).expect("a known kind");
        file_subject(path, text, kind, format)
    });
    let record = (any::<bool>(), text(), text(), text(), text()).prop_map(|(is_issue, title, body, note, diff)| {
        let diff: String = diff.split_inclusive('\n').map(|line| format!("+{line}")).collect();
        let record = serde_json::json!({
            "iid": 7, "project_id": 1, "title": title, "description": body, "labels": ["a::b", "c"],
            "notes": [{"body": note}], "commits": [{"message": note}], "milestone": null,
            "diffs": [{"old_path": "a.md", "new_path": "a.md", "diff": format!("@@ -1,1 +1,9 @@\n{diff}")}],
        });
        let kind = if is_issue { RecordKind::IssueOrEpic } else { RecordKind::MergeRequest };
        let mut subjects = Vec::new();
        each_record(record.to_string().as_bytes(), kind, "record", Some("group/project"), &mut |subject| {
            subjects.extend(subject);
        })
        .expect("a record");
        subjects.remove(0)
    });
    prop_oneof![3 => file, 1 => record]
}

fn check(subject: &Subject) -> Checked {
    engine::check(subject, &RULES, &world(), false)
}

fn fingerprints(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.fingerprint.as_str()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn findings_say_exactly_where_they_are(subject in subject()) {
        spans::exact(&subject, &check(&subject));
    }

    #[test]
    fn outlines_are_in_order_and_in_their_parts(subject in subject()) {
        spans::outlined(&Document::new(&subject));
    }

    #[test]
    fn the_prefilter_finds_what_a_search_for_each_word_finds(
        text in text(),
        words in prop::collection::vec(prop::sample::select(PARTS), 1..12),
    ) {
        let words: Vec<String> = words.iter().filter(|word| !word.is_empty()).map(|word| (*word).to_owned()).collect();
        let needs: Vec<Need> =
            words.chunks(3).map(|words| Need::Any(words.to_vec())).chain([Need::Sigil, Need::Nothing]).collect();
        let lower = text.to_ascii_lowercase();
        let bytes = text.as_bytes();
        let naive = needs.iter().map(|need| match need {
            Need::Nothing => true,
            Need::Sigil => bytes.windows(2).any(|pair| b"#!&".contains(&pair[0]) && pair[1].is_ascii_digit()),
            Need::Any(words) => words.iter().any(|word| lower.contains(&word.to_ascii_lowercase())),
        });
        let prefilter = Prefilter::new(needs.clone());
        prop_assert_eq!(prefilter.touched(&Haystack::of(&[&text])).collect::<Vec<_>>(), naive.collect::<Vec<_>>());
    }

    #[test]
    fn a_rule_finds_nothing_and_misses_nothing_where_its_words_are_missing(subject in subject()) {
        let document = Document::new(&subject);
        let touched: Vec<_> = RULES.touched(&document).0.into_iter().map(std::ptr::from_ref).collect();
        let (world, mut found, mut gaps) = (world(), Vec::new(), Vec::new());
        for rule in RULES.of_kind(subject.kind).0 {
            if touched.contains(&std::ptr::from_ref(rule)) {
                continue;
            }
            let id = &rule.voice.header.id;
            for (when, check) in &rule.checks {
                let verdict = [&rule.when, when].map(|cond| cond.holds(&document, &world));
                if verdict.contains(&Verdict::False) {
                    continue;
                }
                // What a record lacks is said of the rules that could find something in it.
                let known = verdict == [Verdict::True, Verdict::True];
                prop_assert!(known || subject.kind.is_record(), "{}: {:?}", id, verdict);
                let mut sink = proclint::check::Sink::new(&rule.voice, &document, &mut found, &mut gaps);
                check.run(proclint::check::View::new(&document, &world), &mut sink);
                prop_assert!(found.is_empty(), "{}: {found:?}", id);
            }
        }
    }

    #[test]
    fn waivers_move_findings_and_neither_add_nor_lose_any(mut subject in subject()) {
        let mut with = check(&subject);
        let waived = with.suppressed.len();
        let about = |finding: &Finding| finding.rule.id.starts_with("waiver-");
        let unused = with.findings.iter().filter(|finding| finding.rule.id == "waiver-unused").count();
        with.ignore_waivers();
        with.findings.retain(|finding| !about(finding));
        subject.text = subject.text.replace("proclint", "prolcint");
        let without = check(&subject);
        prop_assert!(without.suppressed.is_empty());
        let places = |checked: &Checked| -> Vec<_> {
            checked.findings.iter().map(|f| (f.rule.id.clone(), f.start, f.end)).collect()
        };
        prop_assert_eq!(places(&with), places(&without), "{} waived, {} unused", waived, unused);
    }

    #[test]
    fn an_unused_waiver_is_removed_without_a_trace(text in text()) {
        let (kind, format) = kind_of(PATHS[0]).expect("a page");
        let page = |text: String| file_subject(PATHS[0], text, kind, format);
        let before = page(text);
        let unused = |checked: &Checked| -> Vec<_> {
            let unused = checked.findings.iter().filter(|finding| finding.rule.id == "waiver-unused");
            unused.filter_map(|finding| finding.fix.clone()).collect()
        };
        let found = check(&before);
        let Some(fix) = unused(&found).pop() else { return Ok(()) };
        let mut after = before.text.clone();
        let edit = &fix.edits[0];
        let words = edit.span.of(&after).trim_matches(|c: char| c.is_whitespace() || matches!(c, '>' | ','));
        let directive = words.trim_start_matches(['<', '!', '-', '#', ' ', '\u{feff}']);
        prop_assert!(directive.starts_with("proclint") || !directive.contains(' '), "removes {words:?}");
        after.replace_range(edit.span.range(), "");
        prop_assert!(after.len() < before.text.len());
    }

    #[test]
    fn an_unrelated_paragraph_changes_no_earlier_finding(text in text()) {
        let page = |text: String| {
            let (kind, format) = kind_of(PATHS[0]).expect("a page");
            check(&file_subject(PATHS[0], text, kind, format))
        };
        // What is still open at the end takes in what follows.
        let text = text.replace(['`', '<', '{', '~', '[', '$', '>', '+', '-'], "");
        let before = page(format!("{text}\n\n")).findings;
        let after = page(format!("{text}\n\nA quiet word at the end.\n")).findings;
        prop_assert_eq!(fingerprints(&before), fingerprints(&after));
    }

    #[test]
    fn the_same_text_gives_the_same_findings(subject in subject()) {
        let (once, twice) = (check(&subject), check(&subject));
        prop_assert_eq!(fingerprints(&once.findings), fingerprints(&twice.findings));
    }

    #[test]
    fn fixes_remove_findings_and_a_second_run_has_nothing_to_do(subject in subject(), all in any::<bool>()) {
        let reach = if all { Reach::All } else { Reach::Safe };
        let held = check(&subject);
        let Mended { subject: mended, checked, repair } = mend(&subject, &held, reach, &check);
        prop_assert!(checked.findings.len() + repair.fixed.len() <= held.findings.len());
        let now = check(&mended);
        prop_assert_eq!(fingerprints(&checked.findings), fingerprints(&now.findings));
        for finding in &checked.findings {
            let covered = mended.text.get(finding.start.byte..finding.end.byte);
            prop_assert_eq!(covered, Some(finding.text.as_str()), "{}", finding.rule.id);
        }
        let again = mend(&mended, &checked, reach, &check);
        prop_assert_eq!(&again.subject.text, &mended.text);
        prop_assert!(again.repair.fixed.is_empty());
    }

    #[test]
    fn lines_cover_the_text(text in text()) {
        let index = LineIndex::new(&text);
        let lines: String = (0..index.count()).map(|line| index.line_span(line, &text).of(&text)).collect();
        prop_assert_eq!(lines, text);
    }
}

#[test]
fn findings_of_one_place_are_in_the_order_of_their_rules_with_and_without_fixes() {
    let text = "| Reach | Impact | Confidence | Effort |\n|---|---|---|---|\n| 1 | 2 | 50% | 3 |\nMVC&";
    let (kind, format) = kind_of(PATHS[0]).expect("a page");
    let subject = file_subject(PATHS[0], text.to_owned(), kind, format);
    let held = check(&subject);
    let rules = |checked: &Checked| -> Vec<_> {
        checked.findings.iter().map(|finding| (finding.start.byte, finding.rule.id.clone())).collect()
    };
    assert!(rules(&held).is_sorted());
    assert!(rules(&held).windows(2).any(|pair| pair[0].0 == pair[1].0), "two findings start together");
    assert_eq!(rules(&mend(&subject, &held, Reach::Safe, &check).checked), rules(&held));
}

#[test]
fn a_waiver_that_a_fix_mends_counts_at_once() {
    let text = "See #21549. <!-- proclint: allow bare-refrence: a log -->\n";
    let (kind, format) = kind_of(PATHS[0]).expect("a page");
    let subject = file_subject(PATHS[0], text.to_owned(), kind, format);
    let Mended { subject: mended, checked, .. } = mend(&subject, &check(&subject), Reach::All, &check);
    assert!(mended.text.contains("allow bare-reference"), "{}", mended.text);
    let told = (fingerprints(&checked.findings), checked.suppressed.len());
    let now = check(&mended);
    assert_eq!(told, (fingerprints(&now.findings), now.suppressed.len()));
    assert_eq!(told.1, 1);
}
