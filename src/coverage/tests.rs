use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::*;
use crate::drift::Citation;

const WORDS: &str = "normative: [must, never, don't, make sure]\n";

fn enforcer(id: &str, heading: &str, quote: &str) -> Enforcer {
    let citation = Citation {
        rule: id.to_owned(),
        url: "https://example.com/handbook/page/#x".to_owned(),
        heading: heading.to_owned(),
        quote: quote.to_owned(),
    };
    Enforcer { title: id.to_owned(), citation }
}

fn coverage(page: &str, rules: &[Enforcer], entries: &str) -> Coverage {
    let file = |page: &str, text: &str| Judgements {
        page: page.to_owned(),
        path: format!("{page}.yml"),
        text: text.to_owned(),
    };
    let files = [file("words", WORDS), file("page", entries)];
    Coverage::new(page, &Basis::new("page", rules, &files).expect("valid"))
}

fn shown(coverage: &Coverage) -> Vec<(usize, &str, &str)> {
    let row = |sentence: &'_ Sentence| (sentence.line, sentence.verdict.name());
    coverage
        .sentences
        .iter()
        .map(|sentence| (row(sentence).0, sentence.text.as_str(), row(sentence).1))
        .collect()
}

#[test]
fn words_in_prose_make_a_sentence_normative_and_headings_code_comments_and_targets_do_not() {
    let page = "---\ntitle: must\n---\n\n# You must\n\nIt is. You **must**\nknock. Run `must`.\n\n```\nmust\n```\n\n<!-- must -->\n\n- Don’t [go](https://a.example/must \"must\").\n\n| a | Make\u{a0}sure |\n|---|---|\n| b | c |\n";
    let found = coverage(page, &[], "");
    assert_eq!(
        shown(&found),
        [(7, "You must knock.", "open"), (16, "Don’t go.", "open"), (18, "Make\u{a0}sure", "open")]
    );
    assert_eq!(found.sentences[0].heading, "You must");
    assert_eq!(found.sentences[1].words, ["don't"]);
}

#[test]
fn windows_line_breaks_and_broken_pages_are_read() {
    let found = coverage("# A\r\n\r\nYou must\r\nknock. You may.\r\n", &[], "");
    assert_eq!(shown(&found), [(3, "You must knock.", "open")]);
    for page in ["", "\u{feff}", "# ", "|", "- ", "```", "---\n", "必ず must。そして must"] {
        coverage(page, &[], "").html("page");
    }
}

#[test]
fn the_cited_words_under_the_cited_heading_are_meant() {
    let page = "# A\n\nPlease knock. You must knock twice.\n\n# B\n\nYou must knock twice. Then enter.\n";
    let rules = [enforcer("knock", "B", "must **knock** twice")];
    let found = coverage(page, &rules, "");
    assert_eq!(
        shown(&found),
        [(3, "You must knock twice.", "open"), (7, "You must knock twice.", "enforced")]
    );
    let elsewhere = [enforcer("knock", "C", "please knock")];
    assert_eq!(shown(&coverage(page, &elsewhere, ""))[0], (3, "Please knock.", "enforced"));
}

#[test]
fn an_entry_is_found_by_its_words_and_says_what_is_missing() {
    let hash = fingerprint("You must knock.");
    let entry =
        |tail: &str| format!("sentences:\n  - {{hash: {hash}, heading: A, words: You must, {tail}}}\n");
    let verdict = |page: &str, tail: &str| {
        let found = coverage(page, &[enforcer("knock", "Z", "nothing")], &entry(tail));
        (found.sentences[0].verdict.clone(), found.stale.len())
    };
    let judged = Verdict::Judged { reason: "habit".to_owned() };
    assert_eq!(verdict("# Moved\n\nyou **MUST** knock!\n", "reason: habit"), (judged, 0));
    let open = Verdict::Open { missing: Vec::new() };
    assert_eq!(verdict("You must knock twice.\n", "reason: habit"), (open, 1));
    let missing = Verdict::Open { missing: vec!["bell".to_owned()] };
    assert_eq!(verdict("You must knock.\n", "rule: bell, reason: habit").0, missing);
    let enforced = Verdict::Enforced { rules: vec!["knock".to_owned()], reason: None };
    assert_eq!(verdict("You must knock.\n", "rules: [bell, knock]").0, enforced);
}

#[test]
fn the_page_is_escaped_and_links_lead_to_the_web_only() {
    let page = "# A <script>alert(1)</script> & b\n\n1 < 2 & \"must\" `<b onclick=x>` &lt;i&gt;\n\n```\n</code><script>\n```\n";
    let mut rule = enforcer("knock", "A", "must");
    rule.citation.url = "javascript:alert(1)//page".to_owned();
    rule.title = "<img src=x>".to_owned();
    let html = coverage(page, &[rule], "").html("\"><script>");
    assert_eq!(html.matches("<script>").count(), 1, "our own");
    for raw in ["<b onclick", "<img", "</code><script", "href=\"javascript"] {
        assert!(!html.contains(raw), "{raw}");
    }
    assert!(html.contains("#rule-knock"), "{html}");
    let between = |start: &str, end: &str| html.split_once(start).unwrap().1.split_once(end).unwrap().0;
    let hash = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)));
    let policy = between("http-equiv=\"Content-Security-Policy\" content=\"", "\"");
    let (style, script) = (hash(between("<style>", "</style>")), hash(between("<script>", "</script>")));
    assert!(
        policy.starts_with(&format!("default-src 'none'; style-src {style}; script-src {script};")),
        "{policy}"
    );
    let forbidden = ["unsafe-inline", " style=\""];
    assert!(forbidden.iter().all(|words| !html.contains(words)), "the policy of the page forbids them");
}
