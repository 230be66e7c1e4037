//! The YAML reader against an independent one, and against arbitrary text.

#[path = "fuzz/spans.rs"]
#[allow(dead_code, reason = "others need the rest")]
mod spans;

use proclint::yaml::{Limits, Node, parse};
use proptest::prelude::*;

/// Documents on which both readers must agree.
const DOCUMENTS: &[&str] = &[
    "a: 1\nb: -2\nc: 1.5\nd: true\ne: null\nf: ~\ng:\nh: text\n",
    "a: '1'\nb: \"true\"\nc: ''\n",
    "a: \"tab\\tquote\\\"\\u00e9\\n\"\nb: 'it''s'\n",
    "- a\n- - b\n  - c\n-\n  d: e\n",
    "a:\n- b\n- c\nd: [e, [f], {g: h}]\n",
    "a: |\n  x\n   y\n\n  z\nb: >-\n  q\n  r\n\n  s\n",
    "a: |+\n  x\n\n\nb: |2\n    x\n   y\n",
    "a: >\n\n  x\n\n   y\n  z\n",
    "a: |\n  no final line break",
    "a: one\n  two\n\n  three # comment\nb: 'one\n  two'\n",
    "# comment\na: b # comment\n# comment\n",
    "a: é\nb: \u{1f389} 日本\n日本: c\n",
    "a: b\r\nc: |\r\n  d\r\n  e\r\nf: g\r\n",
    "a: &x {b: c}\nd: *x\ne: [*x, *x]\n",
    "? a\n: b\n? c\n: d\n",
    "---\na: b\n...\n",
    "{a: 1, b: [x, y], \"c\": {}}\n",
    "a:\tb\nc: d\t# e\n",
    "url: https://example.com/a:b#c\ntime: a 12:30 b\nhash: a#b\n",
    "[]\n",
    "text\n",
];

#[test]
fn the_oracle_reads_the_same_values() {
    for text in DOCUMENTS {
        let expected: serde_json::Value = serde_yaml::from_str(text).expect(text);
        let node = parse(text, &Limits::config()).expect(text).expect(text);
        assert_eq!(serde_json::to_value(&node).expect(text), expected, "{text}");
        let again: Node = serde_json::from_value(expected.clone()).expect(text);
        assert_eq!(serde_json::to_value(&again).expect(text), expected, "{text}");
    }
}

#[test]
fn spans_are_exact_in_known_documents() {
    DOCUMENTS.iter().for_each(|text| spans::yaml(text));
}

/// Fragments that YAML gives a meaning to.
const FRAGMENTS: &[&str] = &[
    "a",
    "b: ",
    "- ",
    "? ",
    ": ",
    "\n",
    "\n  ",
    "\r\n",
    "\r",
    "\t",
    " ",
    "'",
    "\"",
    "\\",
    "|",
    ">",
    "|+\n",
    "|1\n",
    "[",
    "]",
    "{",
    "}",
    ",",
    "#",
    " # c",
    "&a ",
    "*a",
    "!t ",
    "!!str ",
    "---\n",
    "...\n",
    "<<: ",
    "~",
    "%",
    "\u{feff}",
    "é",
    "\u{1f389}",
    "\u{85}",
    "\u{2028}",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_text_never_panics(text in any::<String>()) {
        spans::yaml(&text);
    }

    #[test]
    fn arbitrary_yaml_never_panics(
        fragments in proptest::collection::vec(proptest::sample::select(FRAGMENTS), 0..40),
    ) {
        spans::yaml(&fragments.concat());
    }
}
