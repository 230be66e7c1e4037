//! Text that means harm, and what must hold for Markdown that quotes it.

use std::sync::LazyLock;

use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use regex::Regex;

/// GitLab's default closing pattern, with its references to issues written out.
pub static CLOSING: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"\b(?:[Cc]los(?:e[sd]?|ing)|\b[Ff]ix(?:e[sd]|ing)?|\b[Rr]esolv(?:e[sd]?|ing)|\b[Ii]mplement(?:s|ed|ing)?):? +(?:issues? +)?(?:[\w./-]*#\d+|GL-\d+|https?://|[A-Z][A-Z0-9_]+-\d+)",
    )
});

/// What GitLab or GitHub makes into a mention, a reference, a link, an emoji, mathematics or a placeholder.
pub static LIVE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r#"(?-u:@\w|[#!&]\d|~[\w"]|%[\w"{]|\^\w|\$|\bGL-\d|\b[A-Z][A-Z0-9_]+-\d|\b[0-9a-fA-F]{7,}\b|://|www\.|\[|\]|\{|\}|:\w+:|[<>|*_~\\])"#,
    )
});

pub fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|error| unreachable!("{error}"))
}

pub fn events(markdown: &str) -> impl Iterator<Item = Event<'_>> {
    Parser::new_ext(markdown, Options::all() - Options::ENABLE_SMART_PUNCTUATION)
}

/// The text of `markdown` outside of code.
pub fn prose(markdown: &str) -> String {
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

pub fn everything(markdown: &str) -> String {
    let text = events(markdown).filter_map(|event| match event {
        Event::Text(text) | Event::Code(text) => Some(text.to_string()),
        _ => None,
    });
    text.collect::<String>().chars().filter(|c| !c.is_whitespace() && *c != '`').collect()
}

pub fn is_hidden(c: char) -> bool {
    c.is_control() && c != '\n'
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        || matches!(c, '\u{61c}' | '\u{ad}' | '\u{e0000}'..='\u{e0fff}')
}

/// What must hold for anything that quotes.
pub fn assert_inert(markdown: &str) -> Result<(), TestCaseError> {
    prop_assert!(!markdown.lines().any(|line| line.starts_with('/')), "a quick action in\n{markdown}");
    assert_quiet(markdown)
}

/// What must hold for what may also offer quick actions, in a block of code.
pub fn assert_quiet(markdown: &str) -> Result<(), TestCaseError> {
    let emoji_joiner = |c: &char| *c == '\u{200c}';
    prop_assert_eq!(markdown.chars().filter(|c| !emoji_joiner(c)).find(|c| is_hidden(*c)), None);
    prop_assert!(!CLOSING.is_match(markdown), "it closes:\n{markdown}");
    let prose = prose(markdown);
    prop_assert!(!prose.lines().any(|line| line.starts_with('/')), "a quick action in\n{markdown}");
    let live = LIVE.find(&prose);
    prop_assert!(live.is_none(), "{live:?} is alive in\n{markdown}");
    for event in events(markdown) {
        let is_alien = match &event {
            Event::Html(html) => {
                !html.starts_with("<!-- proclint:") || html.trim_end().matches("-->").count() != 1
            }
            Event::InlineHtml(_) | Event::Start(Tag::Image { .. } | Tag::BlockQuote(_)) => true,
            Event::Start(Tag::Link { dest_url, .. }) => !dest_url.starts_with("https://handbook.example/"),
            _ => false,
        };
        prop_assert!(!is_alien, "{event:?} in\n{markdown}");
    }
    Ok(())
}

pub fn hostile() -> impl Strategy<Value = String> {
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
