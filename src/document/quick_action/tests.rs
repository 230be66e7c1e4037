use super::*;
use crate::document::Document;
use crate::load::file_subject;
use crate::subject::{Format, Kind};

/// The places of all candidates of a template, in order.
fn places(text: &str) -> Vec<Place> {
    let path = ".gitlab/issue_templates/Example.md";
    let subject = file_subject(path, text.to_owned(), Kind::IssueTemplate, Format::Markdown);
    Document::new(&subject).quick_lines().iter().map(|line| line.place).collect()
}

/// The place of the only candidate.
fn place(text: &str) -> Option<Place> {
    let places = places(text);
    assert!(places.len() < 2, "{places:?}");
    places.first().copied()
}

#[test]
fn a_top_level_paragraph_runs_its_commands() {
    for text in [
        "/label ~x",
        "/label ~x\n",
        "\u{feff}/label ~x\n",
        "text\n/label ~x\n",
        "text\r\n/label ~x\r\n",
        "日本語🎉\n/label ~x",
        "# Heading\n/label ~x\n",
        "```\ncode\n```\n/label ~x\n",
        "- item\n```\ncode\n```\n/label ~x\n",
        "text\n\n---\n/label ~x\n",
        "- item\n\n/label ~x\n",
        "- item\n<!-- note -->\n/label ~x\n",
        "> quote\n\n/label ~x\n",
        "> # Heading\n/label ~x\n",
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n/label ~x\n",
        "<!-- one -->\n/label ~x\n",
        "<!-- one\ntwo\n-->\n/label ~x\n",
        "<details>\n<summary>s</summary>\n\ntext\n\n</details>\n\n/label ~x\n",
        "Use the <details> tag.\n\n/label ~x\n",
        "text <b>bold</b>\n/label ~x\n",
        "text <!-- never closed\n/label ~x\n",
        ">>>\nquote\n>>>\n/label ~x\n",
        "<p>\nHello\n\n/label ~x\n\n</p>\n",
        "[id]: https://example.com\n/label ~x\n",
        "/label ~x\t\n",
    ] {
        assert_eq!(place(text), Some(Place::Runs), "{text:?}");
    }
}

#[test]
fn lists_and_quotes_take_the_line_below_them() {
    for text in [
        "- item\n/label ~x\n",
        "- [ ] box\n/label ~x\n",
        "- [~] box\n/label ~x\n",
        "1. item\n/label ~x\n",
        "- item\r\n/label ~x\r\n",
        "- item\n  /label ~x\n",
        "- item\n\t/label ~x\n",
        "- outer\n  - inner\n/label ~x\n",
        "- item\n\n  more\n/label ~x\n",
        "- item\n\n  more\n  /label ~x\n",
        "> quote\n/label ~x\n",
        "> [!note]\n> text\n/label ~x\n",
        "> - item\n/label ~x\n",
        "[^1]: note\n/label ~x\n",
    ] {
        assert_eq!(place(text), Some(Place::Continues), "{text:?}");
    }
    assert_eq!(places("- a\n/label ~x\n/close\n"), [Place::Continues; 2]);
}

#[test]
fn blanks_before_the_slash_keep_it_from_running() {
    for text in [
        "text\n\n  /label ~x\n",
        " /label ~x\n",
        "text\n    /label ~x\n",
        "text\n\t/label ~x\n",
        "- item\n\n  /label ~x\n",
        "1. item\n\n   /label ~x\n",
    ] {
        assert_eq!(place(text), Some(Place::Indented), "{text:?}");
    }
    assert_eq!(places("- item\n\n  /label ~x\n  /close\n"), [Place::Indented; 2]);
}

#[test]
fn code_is_no_candidate() {
    for text in [
        "text\n\n    /label ~x\n",
        "\t/label ~x\n",
        "```\n/label ~x\n```\n",
        "~~~\n/label ~x\n",
        "- item\n  ```\n  /label ~x\n  ```\n",
        "`\n/label ~x\n`\n",
        "$$\n/label ~x\n$$\n",
        "`/label ~x`\n",
        "> /label ~x\n",
        "/label\t~x\n",
        "/label~x\n",
        "/etc/label\n",
        "see /label ~x\n",
    ] {
        assert_eq!(place(text), None, "{text:?}");
    }
}

#[test]
fn blocks_of_html_and_tables_swallow_what_follows() {
    let table = "| a | b |\n|---|---|\n| 1 | 2 |\n";
    for (text, expected) in [
        ("<details>\n\ntext\n\n</details>\n/label ~x\n", Place::HtmlBlock),
        ("<details>\n\ntext\n\n</details>\r\n/label ~x\r\n", Place::HtmlBlock),
        ("<br>\n/label ~x\n", Place::HtmlBlock),
        ("<hr/>\n/label ~x\n", Place::HtmlBlock),
        ("<p>text</p>\n/label ~x\n", Place::HtmlBlock),
        ("<div>\ntext\n/label ~x\n", Place::OpenHtml),
        ("<details>\n<summary>s</summary>\n\n/label ~x\n", Place::OpenHtml),
        ("<div>\n/label ~x\n</div>\n", Place::Inert),
        ("<div>\n\n/label ~x\n\n</div>\n", Place::Inert),
        ("<pre>\n/label ~x\n</pre>\n", Place::Inert),
        ("<details>\n<summary>s</summary>\n\n/label ~x\n\n</details>\n", Place::Inert),
        ("<details>\n/label ~x\n</details>\n", Place::Inert),
        (&format!("{table}/label ~x\n"), Place::TableRow),
        (&format!("{table}/label ~x | adds it\n"), Place::Inert),
        ("/label ~x\n---\n", Place::Setext),
        ("/label ~x\n===\n", Place::Setext),
        (">>>\n/label ~x\n>>>\n", Place::Inert),
        (">>>\ntext\n/label ~x\n>>>\n", Place::Inert),
        (">>> [!note] Title\ntext\n/label ~x\n>>>\n", Place::Inert),
    ] {
        assert_eq!(place(text), Some(expected), "{text:?}");
    }
}

#[test]
fn comments_that_were_meant_to_end_are_told_from_deliberate_ones() {
    for (text, expected) in [
        ("<!--\n/label ~x\n-->\n", Place::Inert),
        ("<!-- pick one\n/label ~x\n-->\n", Place::Inert),
        ("<!--\n/label ~x\n<!-- note -->\n", Place::Inert),
        ("<!-- Describe it\n\n/label ~x\n\n<!-- Steps -->\n", Place::BrokenComment),
        ("<!-- Describe it <!-- Steps\n/label ~x\n-->\n", Place::BrokenComment),
        ("<!-- Describe it\n/label ~x\n", Place::BrokenComment),
        ("- item\n<!--\n/label ~x\n-->\n", Place::Inert),
    ] {
        assert_eq!(place(text), Some(expected), "{text:?}");
    }
}

#[test]
fn bullets_and_boxes_are_told_from_words() {
    for text in [
        "- /close\n",
        "* [ ] /close\n",
        "1. /close\n",
        "2) [x] /close\n",
        "- [~] /close\n",
        "- a\n  - /close\n",
    ] {
        assert_eq!(place(text), Some(Place::Bullet), "{text:?}");
    }
    assert_eq!(place("- use /close\n"), None);
}

#[test]
fn a_long_line_of_slashes_is_read_once() {
    assert_eq!(places(&"/".repeat(2_000_000)), []);
}
