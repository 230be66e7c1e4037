use super::*;
use crate::load::{file_subject, kind_of, record_subject};
use crate::subject::Kind;

/// What each waiver of the file covers, with its scope.
fn covered(path: &str, text: &str) -> Vec<(Scope, String)> {
    let (kind, format) = kind_of(path).expect("a kind");
    let subject = file_subject(path, text.to_owned(), kind, format);
    let found = Document::new(&subject).waivers();
    assert_eq!(found.flaws, [], "{text}");
    found.waivers.iter().map(|waiver| (waiver.scope, waiver.covers.of(text).to_owned())).collect()
}

fn line(words: &str) -> (Scope, String) {
    (Scope::Line, words.to_owned())
}

#[test]
fn a_waiver_alone_covers_the_next_line_and_another_its_own() {
    let waiver = "<!-- proclint: allow a-b: why -->";
    for (text, words) in [
        (format!("{waiver}\nOne\nTwo\n"), "One\n"),
        (format!("{waiver}\n\n  \nOne\n"), "One\n"),
        (format!("One {waiver}\nTwo\n"), &*format!("One {waiver}\n")),
        (format!("{waiver} One\nTwo\n"), &*format!("{waiver} One\n")),
        (format!("> {waiver}\n>\n> One\n"), "> One\n"),
        (format!("- {waiver}\n  One\n- Two\n"), "  One\n"),
        (format!("  1. {waiver}\n     One"), "     One"),
        (format!("| a {waiver} |\n|---|\n| b |\n"), &*format!("| a {waiver} |\n")),
        ("<!-- proclint: allow a-b:\n  why -->\r\nOne\r\n".to_owned(), "One\r\n"),
        (waiver.to_owned(), ""),
    ] {
        assert_eq!(covered("page.md", &text), [line(words)], "{text}");
    }
}

#[test]
fn waivers_one_above_the_other_cover_the_same_line() {
    let text = "<!-- proclint: allow a-b: why -->\n<!-- proclint: allow c-d: why -->\nOne\n";
    assert_eq!(covered("page.md", text), [line("One\n"), line("One\n")]);
}

#[test]
fn blocks_nest_and_end_with_their_line() {
    let text = "<!-- proclint: allow-block a-b: why -->\nOne\n<!-- proclint: allow-block c-d: why -->\nTwo\n\
                <!-- proclint: end -->\nThree\n<!-- proclint: end -->\nFour\n";
    let found = covered("page.md", text);
    assert!(found[0].1.ends_with("Three\n<!-- proclint: end -->\n"), "{found:?}");
    assert_eq!(found[1], (Scope::Block, "\nTwo\n<!-- proclint: end -->\n".to_owned()));
}

#[test]
fn comments_of_yaml_and_lists_are_read_and_what_looks_like_one_is_not() {
    let text =
        "a: 1 # proclint: allow a-b: why\n# proclint: allow a-b: why\nb: |\n  # proclint: allow a-b: why\n";
    assert_eq!(
        covered("data/categories.yml", text),
        [line("a: 1 # proclint: allow a-b: why\n"), line("b: |\n")]
    );
    let text =
        "# proclint: allow a-b: why\n\n/doc @me # proclint: allow c-d: why\n/x#proclint: allow a-b: w\n";
    let last = "/doc @me # proclint: allow c-d: why\n";
    assert_eq!(covered(".gitlab/CODEOWNERS", text), [line(last), line(last)]);
    let text = "---\ntitle: A # proclint: allow a-b: why\n---\nBody\n";
    assert_eq!(covered("page.md", text), [line("title: A # proclint: allow a-b: why\n")]);
}

#[test]
fn front_matter_allows_for_the_whole_page() {
    for list in ["[{a-b: why}]", "{a-b: why}", "['a-b: why']"] {
        let text = format!("---\nproclint: {{allow: {list}}}\n---\nBody\n");
        assert_eq!(covered("page.md", &text), [(Scope::File, text.clone())]);
    }
}

#[test]
fn mentions_are_no_waivers() {
    for text in [
        "Write `<!-- proclint: allow a-b: why -->`.\n",
        "    <!-- proclint: allow a-b: why -->\n",
        "```html\n<!-- proclint: allow a-b: why -->\n```\n",
        "&lt;!-- proclint: allow a-b: why --&gt;\n",
        "proclint: allow a-b: why\n",
        "<!-- see proclint: allow a-b: why -->\n",
        "<!-- proclint allow comments are waivers -->\n",
        "# proclint: allow a-b: why\n",
    ] {
        assert_eq!(covered("page.md", text), [], "{text}");
    }
}

#[test]
fn only_the_description_of_a_record_waives() {
    let waiver = "See #12 <!-- proclint: allow a-b: why -->";
    let record = serde_json::json!({"title": waiver, "description": waiver, "notes": [{"body": waiver}]});
    let subject = record_subject(&record, Kind::Issue, None);
    let found = Document::new(&subject).waivers();
    assert_eq!(found.waivers.len(), 1);
    assert_eq!(found.waivers[0].covers.of(&subject.text).trim_end(), waiver);
}

#[test]
fn a_waiver_at_the_end_of_a_description_reaches_no_comment() {
    let description = "See #12\n\n<!-- proclint: allow a-b: why -->";
    let record = serde_json::json!({"description": description, "notes": [{"body": "See #13"}]});
    let subject = record_subject(&record, Kind::Issue, None);
    let found = Document::new(&subject).waivers();
    let covered: Vec<_> = found.waivers.iter().map(|waiver| waiver.covers.of(&subject.text)).collect();
    assert_eq!(covered, [""]);
}

#[test]
fn a_reason_gives_up_its_owner_and_its_day() {
    for (words, text, owner, until) in [
        ("a log", "a log", None, None),
        ("a log, @jane, until 2026-12-31", "a log", Some("jane"), Some("2026-12-31")),
        ("a log (@grp/team, until 2026-12-31).", "a log", Some("grp/team"), Some("2026-12-31")),
        ("until 2026-12-31: a log", "a log", None, Some("2026-12-31")),
        ("agreed with @jane in March", "agreed with @jane in March", Some("jane"), None),
        ("a log until the end of 2026", "a log until the end of 2026", None, None),
        ("@jane until 2026-12-31", "", Some("jane"), Some("2026-12-31")),
        ("–", "", None, None),
    ] {
        let comment = format!("<!-- proclint: allow a-b: {words} -->\nOne\n");
        let (kind, format) = kind_of("page.md").expect("a page");
        let subject = file_subject("page.md", comment, kind, format);
        let reason = Document::new(&subject).waivers().waivers.remove(0).reason;
        let day = reason.until.map(|(day, _)| day.to_string());
        assert_eq!((&*reason.text, reason.owner.as_deref(), day.as_deref()), (text, owner, until), "{words}");
    }
}

#[test]
fn owner_and_day_may_stand_before_the_colon() {
    let text = "One <!-- proclint: allow a-b, c-d (@jane, until 2026-12-31): a log -->\n";
    let (kind, format) = kind_of("page.md").expect("a page");
    let subject = file_subject("page.md", text.to_owned(), kind, format);
    let waiver = Document::new(&subject).waivers().waivers.remove(0);
    let names: Vec<_> = waiver.rules.iter().map(|named| named.span.of(text)).collect();
    assert_eq!(names, ["a-b", "c-d"]);
    assert_eq!((&*waiver.reason.text, waiver.reason.owner.as_deref()), ("a log", Some("jane")));
    assert_eq!(waiver.reason.until.map(|(_, span)| span.of(text)), Some("until 2026-12-31"));
}

#[test]
fn a_waiver_leaves_no_trace_where_it_is_removed() {
    let waiver = "<!-- proclint: allow a-b: why -->";
    for (text, rest) in [
        (format!("A\n\n{waiver}\n\nB\n"), "A\n\nB\n"),
        (format!("A\n{waiver}\nB\n"), "A\nB\n"),
        (format!("{waiver}\n\nB\n"), "B\n"),
        (format!("A {waiver}\nB\n"), "A\nB\n"),
        (format!("A {waiver} B\n"), "A B\n"),
        (format!("{waiver} B\n"), "B\n"),
        (format!("> {waiver}\n> B\n"), "> B\n"),
        (format!("- {waiver}\n  B\n"), "- B\n"),
        (format!("| A {waiver} | B |\n|---|---|\n"), "| A | B |\n|---|---|\n"),
        (format!("A\r\n\r\n{waiver}\r\n\r\nB"), "A\r\n\r\nB"),
        (waiver.to_owned(), ""),
        (
            "A\n\n<!-- proclint: allow-block a-b: why -->\n\nB\n\n<!-- proclint: end -->\n\nC\n".to_owned(),
            "A\n\nB\n\nC\n",
        ),
        ("<!-- proclint: allow-block a-b: why --> <!-- proclint: end -->\nC\n".to_owned(), "\nC\n"),
        ("---\ntitle: A\nproclint: {allow: [{a-b: why}]}\n---\nB\n".to_owned(), "---\ntitle: A\n---\nB\n"),
        ("---\nproclint:\n  allow:\n  - a-b: >\n      why\nx: 1\n---\nB\n".to_owned(), "---\nx: 1\n---\nB\n"),
    ] {
        let (kind, format) = kind_of("page.md").expect("a page");
        let subject = file_subject("page.md", text.clone(), kind, format);
        let mut removed = text.clone();
        let removal = Document::new(&subject).waivers().waivers[0].removal.clone();
        assert!(!removal.is_empty(), "a removal");
        for span in removal.iter().rev() {
            removed.replace_range(span.range(), "");
        }
        assert_eq!(removed, rest, "{text}");
    }
}
