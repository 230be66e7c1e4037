//! Text from outside does nothing in the Markdown it is quoted in, whatever it is.

#[path = "reports/fixture.rs"]
#[allow(dead_code, reason = "other tests use the rest of it")]
mod fixture;

use std::sync::LazyLock;

use proclint::diagnostic::Severity;
use proclint::finding::{NotChecked, Report, Suppressed, Suppression};
use proclint::report::neutral::{code, fenced, numbered, words};
use proclint::report::{Format, Style, render};
use proclint::subject::Kind;
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use regex::Regex;

/// GitLab's default closing pattern, with its references to issues written out.
static CLOSING: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"\b(?:[Cc]los(?:e[sd]?|ing)|\b[Ff]ix(?:e[sd]|ing)?|\b[Rr]esolv(?:e[sd]?|ing)|\b[Ii]mplement(?:s|ed|ing)?):? +(?:issues? +)?(?:[\w./-]*#\d+|GL-\d+|https?://|[A-Z][A-Z0-9_]+-\d+)",
    )
});

/// What GitLab or GitHub makes into a mention, a reference, a link, an emoji, mathematics or a placeholder.
static LIVE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r#"(?-u:@\w|[#!&]\d|~[\w"]|%[\w"{]|\^\w|\$|\bGL-\d|\b[A-Z][A-Z0-9_]+-\d|\b[0-9a-fA-F]{7,}\b|://|www\.|\[|\]|\{|\}|:\w+:|[<>|*_~\\])"#,
    )
});

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|error| unreachable!("{error}"))
}

fn events(markdown: &str) -> impl Iterator<Item = Event<'_>> {
    Parser::new_ext(markdown, Options::all() - Options::ENABLE_SMART_PUNCTUATION)
}

/// The text of `markdown` outside of code.
fn prose(markdown: &str) -> String {
    let mut in_block = false;
    let mut prose = String::new();
    for event in events(markdown) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => in_block = true,
            Event::End(TagEnd::CodeBlock) => in_block = false,
            Event::Text(text) if !in_block => prose.push_str(&text),
            Event::Code(_) | Event::SoftBreak | Event::HardBreak | Event::End(_) => prose.push('\n'),
            _ => {}
        }
    }
    prose
}

fn everything(markdown: &str) -> String {
    let text = events(markdown).filter_map(|event| match event {
        Event::Text(text) | Event::Code(text) => Some(text.to_string()),
        _ => None,
    });
    text.collect::<String>().chars().filter(|c| !c.is_whitespace() && *c != '`').collect()
}

fn is_hidden(c: char) -> bool {
    c.is_control() && c != '\n'
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        || matches!(c, '\u{61c}' | '\u{ad}' | '\u{e0000}'..='\u{e0fff}')
}

/// What must hold for anything that quotes.
fn assert_inert(markdown: &str) -> Result<(), TestCaseError> {
    let emoji_joiner = |c: &char| *c == '\u{200c}';
    prop_assert_eq!(markdown.chars().filter(|c| !emoji_joiner(c)).find(|c| is_hidden(*c)), None);
    prop_assert!(!markdown.lines().any(|line| line.starts_with('/')), "a quick action in\n{markdown}");
    prop_assert!(!CLOSING.is_match(markdown), "it closes:\n{markdown}");
    let prose = prose(markdown);
    let live = LIVE.find(&prose);
    prop_assert!(live.is_none(), "{live:?} is alive in\n{markdown}");
    Ok(())
}

fn hostile() -> impl Strategy<Value = String> {
    let dangerous = prop::sample::select(vec![
        "@all",
        "@",
        "#1",
        "!1",
        "&1",
        "~x",
        "~\"a b\"",
        "%1",
        "%{x}",
        "$1",
        "^alert#1",
        "GL-4",
        "JIRA-12",
        "9ba12248f",
        "Closes",
        "closes:",
        "Fixing",
        "resolved",
        "implements",
        "issues",
        " ",
        "  ",
        "\n",
        "\r\n",
        "\n\n",
        "\t",
        "/",
        "/close",
        "/label ~x",
        "`",
        "``",
        "```",
        "~~~",
        "<",
        "<!--",
        "-->",
        "<img src=x onerror=y>",
        "</details>",
        "[",
        "](",
        "[x](javascript:y)",
        "![",
        "[[Home]]",
        "[issue:1]",
        "https://gitlab.example/g/p/-/issues/1",
        "www.x.y",
        "*",
        "**",
        "_",
        "~~",
        "|",
        "---",
        "===",
        "# ",
        "> ",
        ">>>",
        "- ",
        "1. ",
        "\\",
        "&#64;",
        "&lt;",
        ":smile:",
        "{+",
        "+}",
        "\u{202e}",
        "\u{200b}",
        "\u{1b}[31m",
        "\0",
        "\u{feff}",
        "é",
        "日本",
        "a",
        "word",
        "7",
        "-",
        ".",
        ",",
        ":",
        "(",
        ")",
        "\"",
        "'",
        "“",
        "::include{file=x}",
        "[^1]",
        "$$",
        "\u{2028}",
        "\u{85}",
    ]);
    let piece = prop_oneof![4 => dangerous.prop_map(str::to_owned), 1 => any::<String>(), 1 => "[ -~]{0,6}"];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn words_are_only_words(text in hostile()) {
        let shown = words(&text);
        assert_inert(&shown)?;
        prop_assert!(!shown.contains('\n'));
        for event in events(&shown) {
            let is_plain = matches!(
                event,
                Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph) | Event::Text(_) | Event::Code(_)
            );
            prop_assert!(is_plain, "{event:?} in\n{shown}");
        }
    }

    #[test]
    fn words_lose_nothing(text in "[ -~é日“”]{0,40}") {
        let kept: String = text.chars().filter(|c| !c.is_whitespace() && *c != '`').collect();
        prop_assert_eq!(everything(&words(&text)), kept);
    }

    #[test]
    fn code_is_one_span(text in hostile()) {
        let shown = code(&text);
        assert_inert(&shown)?;
        let spans: Vec<_> = events(&shown).filter(|event| !matches!(event, Event::Start(_) | Event::End(_))).collect();
        prop_assert!(matches!(spans.as_slice(), [Event::Code(_)]), "{spans:?} of\n{shown}");
    }

    #[test]
    fn blocks_are_one_block(text in hostile(), first in 1usize..2000) {
        for shown in [fenced(&text), numbered(text.lines(), first)] {
            assert_inert(&shown)?;
            let blocks: Vec<_> = events(&shown).filter(|event| !matches!(event, Event::Text(_))).collect();
            prop_assert_eq!(blocks.len(), 2, "{:?} of\n{}", blocks, shown);
            prop_assert!(matches!(blocks.first(), Some(Event::Start(Tag::CodeBlock(_)))));
        }
    }

    #[test]
    fn a_report_of_hostile_text_is_inert(
        texts in prop::collection::vec(hostile(), 9),
        is_baseline: bool,
    ) {
        let [text, message, help, name, path, quote, id, reason, owner] = texts.as_slice() else { return Ok(()) };
        let rule = fixture::rule(id, quote);
        let mut finding = fixture::finding(text, 0..text.len(), &rule, Severity::Error);
        finding.message.clone_from(message);
        finding.help.clone_from(help);
        let mut waived = finding.clone();
        waived.path = Some(path.clone());
        let mut subject = fixture::checked(Kind::Issue, name, text, vec![finding, waived.clone()]);
        let waiver = Suppression::Waiver { reason: reason.clone(), owner: Some(owner.clone()), until: None, line: 1 };
        let suppression = if is_baseline { Suppression::Baseline } else { waiver };
        subject.suppressed = vec![Suppressed { finding: waived, suppression }];
        subject.not_checked =
            vec![NotChecked { subject: name.clone(), rule: Some(id.clone()), reason: reason.clone() }];
        let report = Report { subjects: vec![subject], checked: 1, ..Report::default() };
        let mut out = Vec::new();
        prop_assert!(render(Format::Markdown, &report, &Style::default(), &mut out).is_ok());
        let shown = String::from_utf8_lossy(&out);
        assert_inert(&shown)?;
        for event in events(&shown) {
            if let Event::Start(Tag::Link { dest_url, .. }) = &event {
                prop_assert!(dest_url.starts_with("https://handbook.example/"), "{dest_url} in\n{shown}");
            }
            let is_alien = matches!(
                event,
                Event::Html(_) | Event::InlineHtml(_) | Event::FootnoteReference(_) | Event::InlineMath(_)
                    | Event::DisplayMath(_) | Event::Rule | Event::TaskListMarker(_)
                    | Event::Start(Tag::Image { .. } | Tag::BlockQuote(_) | Tag::Table(_) | Tag::MetadataBlock(_))
            );
            prop_assert!(!is_alien, "{event:?} in\n{shown}");
        }
    }
}
