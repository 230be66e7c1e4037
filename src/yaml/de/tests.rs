//! What decoding accepts, and how it words what it refuses.

use std::collections::BTreeMap;
use std::fmt::Debug;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{DecodeError, from_node};
use crate::text::Span;
use crate::yaml::{Limits, Node, Spanned, parse};

fn tree(text: &str) -> Node {
    parse(text, &Limits::config()).unwrap().unwrap()
}

fn decode<T: DeserializeOwned>(text: &str) -> Result<T, DecodeError> {
    from_node(&tree(text))
}

/// Decodes `text` as it is and by way of JSON, which must agree, and renders the error as a reader sees it.
fn refused<T: DeserializeOwned + Debug>(text: &str) -> String {
    let node = tree(text);
    let json = serde_json::to_string(&node).unwrap();
    let again = from_node::<T>(&serde_json::from_str(&json).unwrap()).unwrap_err();
    let error = from_node::<T>(&node).unwrap_err();
    assert_eq!(again.path, error.path);
    let help = error.help.map_or(String::new(), |help| format!(" ({help})"));
    format!("{} at `{}` [{}]{help}", error.message, error.path, error.span.of(text))
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Rule {
    id: String,
    severity: Option<Severity>,
    #[serde(default)]
    checks: Vec<Check>,
    #[serde(default)]
    labels: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum Severity {
    Info,
    Warning,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum Check {
    Pattern { regex: Spanned<String>, min: Option<u8> },
    Words(Vec<String>),
    Between(u8, u8),
    Never,
}

#[test]
fn a_rule_decodes_with_the_places_it_asks_for() {
    let text = "id: r\nseverity: warning\nchecks:\n  - pattern: {regex: '#\\d+', min: 2}\n  \
                - words: [a, 1.10]\n  - between: [1, 2]\n  - never\nlabels: {a: [no, 012]}\n";
    let rule: Rule = decode(text).unwrap();
    assert_eq!(rule.severity, Some(Severity::Warning));
    let Check::Pattern { regex, min: Some(2) } = &rule.checks[0] else { panic!("{:?}", rule.checks) };
    assert_eq!((regex.as_str(), regex.span.of(text)), ("#\\d+", "#\\d+"));
    assert_eq!(rule.checks[1], Check::Words(vec!["a".into(), "1.10".into()]));
    assert_eq!(rule.checks[2..], [Check::Between(1, 2), Check::Never]);
    assert_eq!(rule.labels["a"], ["no", "012"]);
}

#[test]
fn json_decodes_to_the_same_rule() {
    let text =
        "id: 1.10\nchecks:\n  - words: [yes, 012, 12, 1.5, true, 'true', -3]\n  - pattern: {regex: x}\n";
    let node = tree(text);
    let json = serde_json::to_string(&node).unwrap();
    assert_eq!(
        json,
        r#"{"id":"1.10","checks":[{"words":["yes","012",12,1.5,true,"true",-3]},{"pattern":{"regex":"x"}}]}"#
    );
    let mut read: Rule = from_node(&serde_json::from_str(&json).unwrap()).unwrap();
    if let Check::Pattern { regex, .. } = &mut read.checks[1] {
        assert_eq!(regex.span, Span::default());
        regex.span = Span::new(text.len() - 3, text.len() - 2);
    }
    assert_eq!(read, from_node(&node).unwrap());
}

#[test]
fn unknown_keys_point_at_the_key_and_suggest() {
    assert_eq!(
        refused::<Rule>("id: r\nserverity: info\n"),
        "unknown key `serverity` at `serverity` [serverity] (did you mean `severity`?)"
    );
    assert_eq!(
        refused::<Rule>("id: r\nchecks:\n  - pattern: {regex: x, zzz: 1}\n"),
        "unknown key `zzz` at `checks[0].pattern.zzz` [zzz] (allowed: regex, min)"
    );
}

#[test]
fn missing_keys_point_at_the_first_key_of_their_map() {
    assert_eq!(refused::<Rule>("severity: info\n"), "missing key `id` at `` [severity]");
    assert_eq!(
        refused::<Rule>("id: r\nchecks:\n- pattern:\n    min: 1\n"),
        "missing key `regex` at `checks[0].pattern` [min]"
    );
}

#[test]
fn unknown_names_point_at_the_value_and_suggest() {
    assert_eq!(
        refused::<Rule>("id: r\nseverity: warn\n"),
        "unknown value `warn` at `severity` [warn] (did you mean `warning`?)"
    );
    assert_eq!(
        refused::<Rule>("id: r\nchecks: [{patern: {}}]\n"),
        "unknown value `patern` at `checks[0].patern` [patern] (did you mean `pattern`?)"
    );
}

#[test]
fn wrong_types_say_what_is_there() {
    assert_eq!(refused::<Rule>("id: r\nlabels: {a: x}\n"), "expected a list, found `x` at `labels.a` [x]");
    assert_eq!(refused::<Rule>("id: [a]\n"), "expected a string, found a list at `id` [[a]]");
    assert_eq!(refused::<Rule>("- a\n"), "expected a map, found a list at `` [- a]");
    assert_eq!(
        refused::<Rule>("id: r\nchecks: [between: [1]]\n"),
        "expected a list of 2, found 1 at `checks[0].between` [[1]]"
    );
    assert_eq!(
        refused::<Rule>("id: r\nchecks: [words]\n"),
        "expected settings under this name, found the name alone at `checks[0]` [words]"
    );
}

#[test]
fn a_hash_that_became_a_comment_is_explained() {
    assert_eq!(
        refused::<Rule>("id: #\\d+\n"),
        "expected a string, found nothing at `id` [] (write a value; quote one that begins with `#`, \
         which starts a comment)"
    );
}

#[test]
fn numbers_and_booleans_are_strict() {
    assert_eq!(refused::<u8>("300"), "expected a whole number from 0 to 255, found `300` at `` [300]");
    assert_eq!(
        refused::<u8>("'3'"),
        "expected a whole number from 0 to 255, found the text \"3\" at `` [3] (remove the quotes)"
    );
    assert_eq!(
        refused::<u8>("012"),
        "expected a whole number from 0 to 255, found `012` at `` [012] (write it as `12`)"
    );
    assert_eq!(refused::<f64>("1.10"), "expected a number, found `1.10` at `` [1.10] (write it as `1.1`)");
    assert_eq!(refused::<bool>("yes"), "expected `true` or `false`, found `yes` at `` [yes] (write `true`)");
    assert_eq!(decode::<(f64, f64, i8)>("[1, -1.5, -4]"), Ok((1.0, -1.5, -4)));
    assert_eq!(decode::<Option<bool>>("~"), Ok(None));
    assert_eq!(decode::<char>("é"), Ok('é'));
}

#[test]
fn nodes_pass_through_unchanged() {
    let node = tree("a: [x, 'y', ~, 12]\nb: |\n  z\n");
    assert_eq!(from_node::<Node>(&node), Ok(node.clone()));
    let within: BTreeMap<String, Node> = from_node(&node).unwrap();
    assert_eq!(Some(&within["a"]), node.get("a"));
}

#[test]
fn a_type_s_own_error_is_placed_at_its_value() {
    #[derive(Debug, Deserialize)]
    #[serde(try_from = "String")]
    struct Odd;
    impl TryFrom<String> for Odd {
        type Error = &'static str;
        fn try_from(_: String) -> Result<Self, Self::Error> {
            Err("not odd")
        }
    }
    assert_eq!(refused::<Vec<Odd>>("[even]"), "not odd at `[0]` [even]");
}
