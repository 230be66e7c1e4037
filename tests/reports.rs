//! Every report format, rendered from one small run.

#[path = "reports/fixture.rs"]
mod fixture;

use std::time::Duration;

use proclint::diagnostic::Severity;
use proclint::finding::Report;
use proclint::report::{Format, Style, canonical_files, render};
use proclint::subject::Kind;
use proptest::prelude::*;

fn rendered(format: Format, report: &Report, style: &Style) -> String {
    let mut out = Vec::new();
    assert!(render(format, report, style, &mut out).is_ok());
    String::from_utf8_lossy(&out).into_owned()
}

fn style() -> Style {
    Style { width: 80, elapsed: Some(Duration::from_millis(12)), ..Style::default() }
}

#[test]
fn human() {
    insta::assert_snapshot!(rendered(Format::Human, &fixture::report(), &style()), @r#"
    docs/release.md · page · 2 findings

      ⚠ bare-reference: Say what `#21549` is: write the reference with a `+`
       ╭─[docs/release.md:3:11]
     2 │
     3 │ 発布の前に see #21549 と    done 🎉.
       ·                ──────       ──┬─
       ·                   │           ╰── done it may be, but what
     4 │
       ╰────
      also: docs/release.md:7:5: the same reference
      help: Write `#21549+`, and GitLab shows the title beside the number.
      fix:  Append `+` (safe)
      note: handbook says: “Use full links, so that readers see the title of what
            is linked.”
            https://handbook.example/bare-reference#why

      ☞ review-date: End the page with the date of its review
       ╭─[docs/release.md:8:1]
     7 │ See #21549 again.
     8 │
       · ▲
       ╰────
      note: https://handbook.example/review-date#why

    grp/proj!7 · merge-request · 2 findings

      × subtype-label: Add a subtype label to `type::feature`
       ╭─[grp/proj!7:3:5]
     2 │ labels:
     3 │   - type::feature
       ·     ─────────────
     4 │
       ╰────
      note: handbook says: “Each merge request has a type and a subtype label.”
            https://handbook.example/subtype-label#why

      × limit-undocumented: Document the limit of 100000 on the page of
      │ application limits
       ╭─[config/limits.rb:9:1]
     9 │ +limit = 100000 # a comment that goes on and on until nobody can see whe…
       ·  ──────────────
       ╰────
      note: handbook says: “Every limit is documented where its users look for
            it.”
            https://handbook.example/limit-undocumented#why

    Not checked
      docs/latin1.md: it is not UTF-8
      2 subjects, 2 rules: the record carries no commits

    2 errors, 1 warning, 1 hint in 12 subjects (48 KB) in 12 ms
    "#);
}

#[test]
fn human_in_a_narrow_terminal_without_unicode() {
    let style = Style { width: 40, unicode: false, ..style() };
    insta::assert_snapshot!(rendered(Format::Human, &fixture::report(), &style), @r#"
    docs/release.md - page - 2 findings

      ! bare-reference: Say what `#21549`
      | is: write the reference with a `+`
       ,-[docs/release.md:3:11]
     2 |
     3 | 発布の前に see #21549 と    don...
       :                ^^^^^^
     4 |
       `----
      also: docs/release.md:3:20: done it
            may be, but what
      also: docs/release.md:7:5: the same
            reference
      help: Write `#21549+`, and GitLab
            shows the title beside the
            number.
      fix:  Append `+` (safe)
      note: handbook says: "Use full
            links, so that readers see the
            title of what is linked."
            https://handbook.example/bare-reference#why

      > review-date: End the page with the
      | date of its review
       ,-[docs/release.md:8:1]
     7 | See #21549 again.
     8 |
       : ^
       `----
      note: https://handbook.example/review-date#why

    grp/proj!7 - merge-request - 2 findings

      x subtype-label: Add a subtype label
      | to `type::feature`
       ,-[grp/proj!7:3:5]
     2 | labels:
     3 |   - type::feature
       :     ^^^^^^^^^^^^^
     4 |
       `----
      note: handbook says: "Each merge
            request has a type and a
            subtype label."
            https://handbook.example/subtype-label#why

      x limit-undocumented: Document the
      | limit of 100000 on the page of
      | application limits
       ,-[config/limits.rb:9:1]
     9 | +limit = 100000 # a comment th...
       :  ^^^^^^^^^^^^^^
       `----
      note: handbook says: "Every limit is
            documented where its users
            look for it."
            https://handbook.example/limit-undocumented#why

    Not checked
      docs/latin1.md: it is not UTF-8
      2 subjects, 2 rules: the record
        carries no commits

    2 errors, 1 warning, 1 hint in 12
    subjects (48 KB) in 12 ms
    "#);
}

#[test]
fn concise() {
    insta::assert_snapshot!(rendered(Format::Concise, &fixture::report(), &style()), @r#"
    docs/release.md:3:11: warning bare-reference: Say what `#21549` is: write the reference with a `+`
    docs/release.md:8:1: info review-date: End the page with the date of its review
    grp/proj!7:3:5: error subtype-label: Add a subtype label to `type::feature`
    config/limits.rb:9:1: error limit-undocumented: Document the limit of 100000 on the page of application limits
    not checked: docs/latin1.md: it is not UTF-8
    not checked: 2 subjects, 2 rules: the record carries no commits
    2 errors, 1 warning, 1 hint in 12 subjects (48 KB) in 12 ms
    "#);
}

#[test]
fn json() {
    insta::assert_snapshot!(rendered(Format::Json, &fixture::report(), &style()), @r##"
    {
      "schema": 1,
      "tool": {
        "name": "proclint",
        "version": "0.1.0",
        "rules": 108
      },
      "checked": {
        "subjects": 12,
        "bytes": 48211,
        "today": "2026-03-15"
      },
      "not_checked": [
        {
          "subject": "docs/latin1.md",
          "rule": null,
          "reason": "it is not UTF-8"
        },
        {
          "subject": "grp/proj!7",
          "rule": "commit-subject",
          "reason": "the record carries no commits"
        },
        {
          "subject": "grp/proj!7",
          "rule": "commit-body",
          "reason": "the record carries no commits"
        },
        {
          "subject": "grp/proj!8",
          "rule": "commit-subject",
          "reason": "the record carries no commits"
        }
      ],
      "diagnostics": [
        {
          "rule": "bare-reference",
          "severity": "warning",
          "message": "Say what `#21549` is: write the reference with a `+`",
          "help": "Write `#21549+`, and GitLab shows the title beside the number.",
          "url": "https://handbook.example/bare-reference#why",
          "subject": {
            "kind": "page",
            "name": "docs/release.md"
          },
          "path": "docs/release.md",
          "field": null,
          "text": "#21549",
          "start": {
            "line": 3,
            "column": 11,
            "byte": 32
          },
          "end": {
            "line": 3,
            "column": 17,
            "byte": 38
          },
          "related": [
            {
              "message": "done it may be, but what",
              "text": "done",
              "start": {
                "line": 3,
                "column": 20,
                "byte": 43
              },
              "end": {
                "line": 3,
                "column": 24,
                "byte": 47
              }
            },
            {
              "message": "the same reference",
              "text": "#21549",
              "start": {
                "line": 7,
                "column": 5,
                "byte": 70
              },
              "end": {
                "line": 7,
                "column": 11,
                "byte": 76
              }
            }
          ],
          "fix": {
            "title": "Append `+`",
            "safe": true,
            "edits": [
              {
                "start": 38,
                "end": 38,
                "text": "+"
              }
            ]
          },
          "fingerprint": "bare-reference-32"
        },
        {
          "rule": "review-date",
          "severity": "info",
          "message": "End the page with the date of its review",
          "help": "",
          "url": "https://handbook.example/review-date#why",
          "subject": {
            "kind": "page",
            "name": "docs/release.md"
          },
          "path": "docs/release.md",
          "field": null,
          "text": "",
          "start": {
            "line": 8,
            "column": 1,
            "byte": 85
          },
          "end": {
            "line": 8,
            "column": 1,
            "byte": 85
          },
          "related": [],
          "fix": null,
          "fingerprint": "review-date-85"
        },
        {
          "rule": "subtype-label",
          "severity": "error",
          "message": "Add a subtype label to `type::feature`",
          "help": "",
          "url": "https://handbook.example/subtype-label#why",
          "subject": {
            "kind": "merge-request",
            "name": "grp/proj!7"
          },
          "path": null,
          "field": "labels[0]",
          "text": "type::feature",
          "start": {
            "line": 3,
            "column": 5,
            "byte": 31
          },
          "end": {
            "line": 3,
            "column": 18,
            "byte": 44
          },
          "related": [],
          "fix": null,
          "fingerprint": "subtype-label-31"
        },
        {
          "rule": "limit-undocumented",
          "severity": "error",
          "message": "Document the limit of 100000 on the page of application limits",
          "help": "",
          "url": "https://handbook.example/limit-undocumented#why",
          "subject": {
            "kind": "merge-request",
            "name": "grp/proj!7"
          },
          "path": "config/limits.rb",
          "field": "diffs",
          "text": "limit = 100000",
          "start": {
            "line": 9,
            "column": 1,
            "byte": 96
          },
          "end": {
            "line": 9,
            "column": 15,
            "byte": 110
          },
          "related": [],
          "fix": null,
          "fingerprint": "limit-undocumented-96"
        }
      ],
      "suppressed": [],
      "summary": {
        "error": 2,
        "warning": 1,
        "info": 1,
        "waived": 0,
        "baseline": 0,
        "unchanged": 0
      }
    }
    "##);
}

#[test]
fn ndjson() {
    insta::assert_snapshot!(rendered(Format::Ndjson, &fixture::report(), &style()), @r##"
    {"type":"diagnostic","rule":"bare-reference","severity":"warning","message":"Say what `#21549` is: write the reference with a `+`","help":"Write `#21549+`, and GitLab shows the title beside the number.","url":"https://handbook.example/bare-reference#why","subject":{"kind":"page","name":"docs/release.md"},"path":"docs/release.md","field":null,"text":"#21549","start":{"line":3,"column":11,"byte":32},"end":{"line":3,"column":17,"byte":38},"related":[{"message":"done it may be, but what","text":"done","start":{"line":3,"column":20,"byte":43},"end":{"line":3,"column":24,"byte":47}},{"message":"the same reference","text":"#21549","start":{"line":7,"column":5,"byte":70},"end":{"line":7,"column":11,"byte":76}}],"fix":{"title":"Append `+`","safe":true,"edits":[{"start":38,"end":38,"text":"+"}]},"fingerprint":"bare-reference-32"}
    {"type":"diagnostic","rule":"review-date","severity":"info","message":"End the page with the date of its review","help":"","url":"https://handbook.example/review-date#why","subject":{"kind":"page","name":"docs/release.md"},"path":"docs/release.md","field":null,"text":"","start":{"line":8,"column":1,"byte":85},"end":{"line":8,"column":1,"byte":85},"related":[],"fix":null,"fingerprint":"review-date-85"}
    {"type":"diagnostic","rule":"subtype-label","severity":"error","message":"Add a subtype label to `type::feature`","help":"","url":"https://handbook.example/subtype-label#why","subject":{"kind":"merge-request","name":"grp/proj!7"},"path":null,"field":"labels[0]","text":"type::feature","start":{"line":3,"column":5,"byte":31},"end":{"line":3,"column":18,"byte":44},"related":[],"fix":null,"fingerprint":"subtype-label-31"}
    {"type":"diagnostic","rule":"limit-undocumented","severity":"error","message":"Document the limit of 100000 on the page of application limits","help":"","url":"https://handbook.example/limit-undocumented#why","subject":{"kind":"merge-request","name":"grp/proj!7"},"path":"config/limits.rb","field":"diffs","text":"limit = 100000","start":{"line":9,"column":1,"byte":96},"end":{"line":9,"column":15,"byte":110},"related":[],"fix":null,"fingerprint":"limit-undocumented-96"}
    {"type":"not_checked","subject":"docs/latin1.md","rule":null,"reason":"it is not UTF-8"}
    {"type":"not_checked","subject":"grp/proj!7","rule":"commit-subject","reason":"the record carries no commits"}
    {"type":"not_checked","subject":"grp/proj!7","rule":"commit-body","reason":"the record carries no commits"}
    {"type":"not_checked","subject":"grp/proj!8","rule":"commit-subject","reason":"the record carries no commits"}
    {"type":"summary","schema":1,"tool":{"name":"proclint","version":"0.1.0","rules":108},"checked":{"subjects":12,"bytes":48211,"today":"2026-03-15"},"summary":{"error":2,"warning":1,"info":1,"waived":0,"baseline":0,"unchanged":0}}
    "##);
}

#[test]
fn gitlab() {
    let report = fixture::report();
    insta::assert_snapshot!(rendered(Format::Gitlab, &report, &style()), @r#"
    [
      {
        "description": "Say what `#21549` is: write the reference with a `+`",
        "check_name": "bare-reference",
        "fingerprint": "bare-reference-32",
        "severity": "minor",
        "location": {
          "path": "docs/release.md",
          "lines": {
            "begin": 3
          }
        }
      },
      {
        "description": "End the page with the date of its review",
        "check_name": "review-date",
        "fingerprint": "review-date-85",
        "severity": "info",
        "location": {
          "path": "docs/release.md",
          "lines": {
            "begin": 8
          }
        }
      },
      {
        "description": "Add a subtype label to `type::feature`",
        "check_name": "subtype-label",
        "fingerprint": "subtype-label-31",
        "severity": "major",
        "location": {
          "path": "gl-proclint-texts/grp-proj-7.md",
          "lines": {
            "begin": 3
          }
        }
      },
      {
        "description": "Document the limit of 100000 on the page of application limits",
        "check_name": "limit-undocumented",
        "fingerprint": "limit-undocumented-96",
        "severity": "major",
        "location": {
          "path": "config/limits.rb",
          "lines": {
            "begin": 9
          }
        }
      }
    ]
    "#);
    let files = canonical_files(&report, "gl-proclint-texts");
    assert_eq!(files, [("gl-proclint-texts/grp-proj-7.md".to_owned(), fixture::RECORD)]);
}

#[test]
fn hostile_text_is_shown_and_not_obeyed() {
    let report = fixture::hostile();
    insta::assert_snapshot!(rendered(Format::Human, &report, &style()), @r#"
    grp/\u{1b}[2J#1 · issue · 1 finding

      × odd\u{1b}[0m: Take \u{1b}]0;title\u{7} out\nof \u{202e}it
       ╭─[grp/\u{1b}[2J#1:1:14]
     1 │ a\u{1b}[31m b\u{202e}c\u{200d}\u{200d} here\u{2066}
       ·                                        ────
     2 │ next\u{0}
       · ──┬─
       ·   ╰── line\u{2028}two
       ╰────
      help: No \u{9b}2J, no \u{200b}.
      note: handbook says: “quote \u{202e}”
            https://handbook.example/odd\u{1b}[0m#why

    Not checked
      a\rb: c\u{8}d

    1 error in 1 subject (36 bytes) in 12 ms
    "#);
    insta::assert_snapshot!(rendered(Format::Concise, &report, &style()), @r#"
    grp/\u{1b}[2J#1:1:14: error odd\u{1b}[0m: Take \u{1b}]0;title\u{7} out\nof \u{202e}it
    not checked: a\rb: c\u{8}d
    1 error in 1 subject (36 bytes) in 12 ms
    "#);
    for format in [Format::Human, Format::Concise, Format::Gitlab] {
        let text = rendered(format, &report, &style());
        let harmful =
            |c: char| c.is_control() && c != '\n' || matches!(c, '\u{200d}' | '\u{202e}' | '\u{2066}');
        assert_eq!(text.find(harmful), None, "{}", format.name());
    }
}

#[test]
fn a_clean_run_says_so_in_every_format() {
    let report = Report { checked: 12, bytes: 48_211, ..Report::default() };
    let human = rendered(Format::Human, &report, &style());
    assert_eq!(human, "No findings in 12 subjects (48 KB) in 12 ms\n");
    assert_eq!(rendered(Format::Concise, &report, &style()), human);
    assert_eq!(rendered(Format::Gitlab, &report, &style()), "[]\n");
    assert_eq!(rendered(Format::Ndjson, &report, &style()).lines().count(), 1);
    let quiet = Style { quiet: true, ..style() };
    assert_eq!(rendered(Format::Human, &report, &quiet), "");
    assert_eq!(rendered(Format::Concise, &report, &quiet), "");
}

#[test]
fn only_a_style_that_asks_for_them_gets_escapes() {
    let report = fixture::report();
    for (color, links) in [(false, false), (true, false), (false, true), (true, true)] {
        for format in Format::ALL {
            let text = rendered(format, &report, &Style { color, links, ..style() });
            let for_people = matches!(format, Format::Human | Format::Concise);
            assert_eq!(text.contains("\u{1b}["), color && for_people, "{}", format.name());
            assert_eq!(text.contains("\u{1b}]8;;"), links && for_people, "{}", format.name());
        }
    }
}

#[test]
fn links_do_not_change_where_lines_break() {
    let report = fixture::report();
    let text = rendered(Format::Human, &report, &Style { links: true, ..style() });
    let link =
        "\u{1b}]8;;https://handbook.example/bare-reference#why\u{1b}\\bare-reference\u{1b}]8;;\u{1b}\\";
    let title = format!("  ⚠ {link}: Say what `#21549` is: write the reference with a `+`\n");
    assert!(text.contains(&title), "{text}");
}

#[test]
fn no_width_is_too_small() {
    for report in [fixture::report(), fixture::hostile()] {
        for width in 0..100 {
            for unicode in [false, true] {
                let text = rendered(Format::Human, &report, &Style { width, unicode, ..style() });
                let wide = text
                    .lines()
                    .filter(|line| !line.contains("://"))
                    .map(textwrap::core::display_width)
                    .max();
                assert!(width < 40 || wide <= Some(width), "{width}: {wide:?}\n{text}");
            }
        }
    }
}

#[test]
fn long_spans_show_their_first_lines() {
    let text = "# Why\n1\n2\n3\n4\n5\n6\n7\n8\n## How\n";
    let rule = fixture::rule("section-long", "");
    let mut finding = fixture::finding(text, 0..text.len() - 7, &rule, Severity::Warning);
    finding.message = "Split the section".into();
    let subjects = vec![fixture::checked(Kind::Page, "a.md", text, vec![finding])];
    let style = Style { quiet: true, ..style() };
    insta::assert_snapshot!(rendered(Format::Human, &Report { subjects, ..Report::default() }, &style), @r#"
    a.md · page · 1 finding

      ⚠ section-long: Split the section
       ╭─[a.md:1:1]
     1 │ ╭─▶ # Why
     2 │ │   1
     3 │ │   2
     4 │ │   3
     5 │ │   4
     6 │ ├─▶ 5
       · ╰──── to line 9
       ╰────
      note: https://handbook.example/section-long#why
    "#);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_span_in_any_text_is_drawn(
        text in "(a|b c|日本|é|🎉|\t|\r|\n|\r\n|\u{1b}|\u{202e}|\u{200d}|\u{feff}|0123456789){0,40}",
        marks in proptest::collection::vec((0usize..200, 0usize..30), 1..4),
        width in 0usize..60,
        unicode: bool,
    ) {
        let boundary = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
        let span = |(start, len): (usize, usize)| {
            boundary(start).unwrap_or(0)..boundary(start + len).unwrap_or(0)
        };
        let rule = fixture::rule("any", "");
        let mut finding = fixture::finding(&text, span(marks[0]), &rule, Severity::Info);
        finding.related = marks[1..].iter().map(|mark| fixture::related(&text, span(*mark), "too")).collect();
        let at = format!("a.md:{}:{}]", finding.start.line, finding.start.column);
        let subjects = vec![fixture::checked(Kind::Page, "a.md", &text, vec![finding])];
        let report = Report { subjects, ..Report::default() };
        let shown = rendered(Format::Human, &report, &Style { width, unicode, quiet: true, ..style() });
        prop_assert!(shown.contains(&at), "{at} is not in\n{shown}");
        let arrow = if unicode { ['▲', '─', '▶'] } else { ['^', '-', '>'] };
        let is_frame = |line: &str| line.contains("[a.md:") || line.trim_start().starts_with(['╰', '`']);
        let mut lines = shown.lines().skip(3).filter(|line| !is_frame(line));
        prop_assert!(lines.any(|line| line.contains(arrow)), "nothing is marked in\n{shown}");
        if width >= 40 {
            let wide = shown.lines().map(textwrap::core::display_width).max();
            prop_assert!(wide <= Some(width), "{wide:?} > {width}\n{shown}");
        }
    }
}

#[test]
fn names_lead_back_to_their_formats() {
    for format in Format::ALL {
        assert_eq!(Format::from_name(format.name()), Some(format));
    }
    assert_eq!(Format::from_name("HUMAN"), None);
}
