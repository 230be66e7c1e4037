//! What a text becomes, where its values stand, and what is refused.

use std::time::{Duration, Instant};

use super::*;

fn subject(text: &str) -> Node {
    parse(text, &Limits::subject()).unwrap().unwrap()
}

fn refused(text: &str) -> YamlError {
    parse(text, &Limits::config()).unwrap_err()
}

/// The source and the decoded text of the value at `path`.
fn at(text: &str, path: &str) -> (String, String) {
    let root = subject(text);
    let node = root.at(path).unwrap().node;
    (node.span.of(text).to_owned(), node.as_str().unwrap_or_default().to_owned())
}

#[test]
fn spans_are_bytes_behind_a_byte_order_mark_and_crlf_and_emoji() {
    let text = "\u{feff}a: \u{1f389}日本\r\nb:\t'x'\r\n";
    assert_eq!(at(text, "a").0, "\u{1f389}日本");
    assert_eq!(at(text, "b").0, "x");
}

#[test]
fn quoted_scalars_stand_without_their_quotes() {
    let text = "a: \"d\\u00e9j\\u00e0\"\nb: 'it''s'\nc: ''\n";
    assert_eq!(at(text, "a"), ("d\\u00e9j\\u00e0".into(), "déjà".into()));
    assert_eq!(at(text, "b"), ("it''s".into(), "it's".into()));
    assert_eq!(subject(text).at("c").unwrap().node.span, Span::at(text.len() - 2));
}

#[test]
fn block_scalars_stand_without_header_indentation_and_last_line_break() {
    let text = "a: |\n  x\n   y \n\n\nb: >-\n\n  q\n  r\nc: |\n";
    assert_eq!(at(text, "a"), ("x\n   y ".into(), "x\n y \n".into()));
    assert_eq!(at(text, "b"), ("\n  q\n  r".into(), "\nq r".into()));
    assert_eq!(subject(text).at("c").unwrap().node.span, Span::at(text.len()));
}

#[test]
fn a_block_scalar_ends_as_the_file_ends() {
    assert_eq!(at("a: |\n  x", "a"), ("x".into(), "x".into()));
    assert_eq!(at("a: |\n  x\n", "a"), ("x".into(), "x\n".into()));
    assert_eq!(at("a: |\r\n  x\r\n  y\r\n", "a"), ("x\r\n  y".into(), "x\ny\n".into()));
}

#[test]
fn an_absent_value_is_the_empty_place_after_its_colon() {
    let root = subject("a:\nb: {x: , y: 1}\n");
    let absent = root.get("a").unwrap();
    assert!(absent.is_null());
    assert_eq!(absent.span, Span::at(2));
    assert_eq!(root.at("b.x").unwrap().node.span, Span::at(9));
}

#[test]
fn lists_and_maps_span_their_content() {
    let text = "a: [1, [2]]\nb:\n- x\n- y\n\nc:\n  - k: v\n    l: w\n\n# end\n";
    let root = subject(text);
    assert_eq!(root.span.of(text), text.strip_suffix("\n\n# end\n").unwrap());
    assert_eq!(at(text, "a").0, "[1, [2]]");
    assert_eq!(at(text, "b").0, "- x\n- y");
    assert_eq!(at(text, "c").0, "- k: v\n    l: w");
    assert_eq!(at(text, "c[0]").0, "k: v\n    l: w");
}

#[test]
fn aliases_repeat_the_latest_anchor_of_their_name() {
    let text = "a: &x one\nb: &x [two]\nc: *x\nd: *x\n";
    assert_eq!(at(text, "c[0]"), ("two".into(), "two".into()));
    assert_eq!(refused("a: &x [*x]\n").message, "an alias cannot stand inside of what it repeats");
    assert!(refused("a: *x\n").message.contains("unknown anchor"));
}

#[test]
fn configuration_refuses_what_would_be_read_in_silence() {
    let error = refused("a: 1\nb: 2\na: 3\n");
    assert_eq!(error.message, "duplicate key `a`");
    assert_eq!((error.span, error.related), (Span::new(10, 11), Some((Span::new(0, 1), "first".into()))));
    assert!(refused("a: !foo b\n").message.contains("tag `!foo`"));
    assert!(refused("<<: {a: 1}\n").message.contains("merge key"));
    assert!(refused("{a: 1}: b\n").message.contains("a key must be text"));
    assert!(refused("a: 1\n---\nb: 2\n").message.contains("second document"));
}

#[test]
fn subjects_keep_what_ruby_reads() {
    let text = "a: 1\na: !foo 2\n<<: {b: 1}\n{c: d}: 3\n---\nb: 2\n";
    let keys: Vec<_> = subject(text).entries().iter().map(|entry| entry.key.clone()).collect();
    assert_eq!(keys, ["a", "a", "<<", "{c: d}"]);
}

#[test]
fn subjects_may_continue_quoted_text_at_the_margin() {
    let text = "- a: \"one\ntwo's\r\n\r\nthree\"\n  b: 'x\n\ty'\n  c: é\n";
    assert!(parse(text, &Limits::config()).is_err());
    assert_eq!(at(text, "[0].a"), ("one\ntwo's\r\n\r\nthree".into(), "one two's\nthree".into()));
    assert_eq!(at(text, "[0].b"), ("x\n\ty".into(), "x y".into()));
    assert_eq!(at(text, "[0].c"), ("é".into(), "é".into()));
}

#[test]
fn errors_point_into_the_text_even_behind_padded_lines() {
    let text = "a: \"one\ntwo\"\nb: x: y\n";
    let error = parse(text, &Limits::subject()).unwrap_err();
    assert_eq!(error.span.of(text), ":");
    assert_eq!(error.span.start as usize, text.rfind(": y").unwrap());
}

#[test]
fn a_text_without_a_document_is_nothing() {
    for text in ["", "\n", "# only a comment\n", "\u{feff}"] {
        assert_eq!(parse(text, &Limits::config()), Ok(None), "{text:?}");
    }
}

#[test]
fn comments_are_not_limited() {
    let text = format!("a:\n{}  b: 1\n", "# c\n".repeat(2_000));
    assert_eq!(at(&text, "a.b").1, "1");
}

#[test]
fn hostile_texts_end_soon_with_an_error() {
    let laughs = (1..=9).fold("a0: &a0 [x]\n".to_owned(), |text, level| {
        let inner = vec![format!("*a{}", level - 1); 9].join(", ");
        text + &format!("a{level}: &a{level} [{inner}]\n")
    });
    let chain = (1..=10_000).fold("- &a0 x\n".to_owned(), |text, n| {
        let before = n - 1;
        text + &format!("- &a{n} [*a{before}]\n")
    });
    let texts = [
        "[".repeat(100_000),
        "{a: ".repeat(100_000),
        "- ".repeat(100_000),
        laughs,
        chain,
        format!("- &a {}\n{}", "x".repeat(10_000), "- *a\n".repeat(20_000)),
        format!("{}x", "&a [".repeat(100_000)),
        format!("a: \"{}", "'\nx".repeat(100_000)),
        "- \"\nx\n\"\n".repeat(50_000),
    ];
    for text in texts {
        let head: String = text.chars().take(20).collect();
        for limits in [Limits::config(), Limits::subject()] {
            let start = Instant::now();
            assert!(parse(&text, &limits).is_err(), "{head}");
            assert!(start.elapsed() < Duration::from_secs(5), "{head}: {:?}", start.elapsed());
        }
    }
}

#[test]
fn a_text_larger_than_its_limit_is_refused() {
    let limits = Limits { bytes: 8, ..Limits::subject() };
    assert!(parse("a: 12345", &limits).is_ok());
    assert!(parse("a: 123456", &limits).is_err());
}
