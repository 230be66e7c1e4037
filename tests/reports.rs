//! Every report format, rendered from one small run.
#![allow(clippy::expect_used, reason = "a test says what it expects")]

#[path = "reports/fixture.rs"]
mod fixture;

use std::time::Duration;

use proclint::diagnostic::Severity;
use proclint::finding::{NotChecked, Report};
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
      grp/proj!7, grp/proj!8, 2 rules: the record carries no commits

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
      grp/proj!7, grp/proj!8, 2 rules: the
        record carries no commits

    2 errors, 1 warning, 1 hint in 12
    subjects (48 KB) in 12 ms
    "#);
}

#[test]
fn after_fifty_findings_of_a_rule_human_gives_each_a_line() {
    let mut report = fixture::report();
    let page = &mut report.subjects[0];
    let first = page.findings[0].clone();
    page.findings.splice(0..0, std::iter::repeat_n(first, 51));
    let shown = rendered(Format::Human, &report, &style());
    assert_eq!(shown.matches("╭─[docs/release.md:3:11]").count(), 50);
    let line = "\n  docs/release.md:3:11: warning bare-reference: Say what `#21549` is: write the reference with a `+`";
    assert_eq!(shown.matches(line).count(), 2);
    // Another rule is still drawn.
    let told = "review-date#why\n\n  2 findings in a line each: of a rule 50 are drawn, and `--format json` tells\n  all of them\n\n";
    assert!(shown.contains(told), "{shown}");
}

#[test]
fn concise() {
    insta::assert_snapshot!(rendered(Format::Concise, &fixture::report(), &style()), @r#"
    docs/release.md:3:11: warning bare-reference: Say what `#21549` is: write the reference with a `+`
    docs/release.md:8:1: info review-date: End the page with the date of its review
    grp/proj!7:3:5: error subtype-label: Add a subtype label to `type::feature`
    config/limits.rb:9:1: error limit-undocumented: Document the limit of 100000 on the page of application limits
    not checked: docs/latin1.md: it is not UTF-8
    not checked: grp/proj!7, grp/proj!8, 2 rules: the record carries no commits
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
fn gitlab_takes_every_entry() {
    for report in [fixture::report(), fixture::apart(), fixture::hostile()] {
        let shown = rendered(Format::Gitlab, &report, &style());
        let issues: Vec<serde_json::Value> = serde_json::from_str(&shown).expect("an array");
        assert_eq!(issues.len(), report.findings().count());
        let mut fingerprints: Vec<_> = issues.iter().map(|issue| issue["fingerprint"].as_str()).collect();
        fingerprints.sort_unstable();
        fingerprints.dedup();
        assert_eq!(fingerprints.len(), issues.len(), "{shown}");
        for issue in &issues {
            let known = ["info", "minor", "major", "critical", "blocker"];
            assert!(issue["severity"].as_str().is_some_and(|severity| known.contains(&severity)), "{issue}");
            assert!(issue["description"].as_str().is_some_and(|text| !text.is_empty()), "{issue}");
            assert!(issue["check_name"].is_string() && issue["fingerprint"].is_string(), "{issue}");
            let path = issue["location"]["path"].as_str().expect("a path");
            assert!(!path.is_empty() && !path.starts_with(['/', '.']), "{issue}");
            assert!(issue["location"]["lines"]["begin"].as_u64() > Some(0), "{issue}");
        }
    }
}

#[test]
fn sarif() {
    let shown = rendered(Format::Sarif, &fixture::apart(), &style());
    is_valid_sarif(&shown);
    insta::assert_snapshot!(shown, @r#"
    {
      "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
      "version": "2.1.0",
      "runs": [
        {
          "tool": {
            "driver": {
              "name": "proclint",
              "semanticVersion": "0.1.0",
              "rules": [
                {
                  "id": "bare-reference",
                  "fullDescription": {
                    "text": "Use full links, so that readers see the title of what is linked."
                  },
                  "helpUri": "https://handbook.example/bare-reference#why",
                  "help": {
                    "text": "The handbook says: “Use full links, so that readers see the title of what is linked.”"
                  }
                },
                {
                  "id": "limit-undocumented",
                  "fullDescription": {
                    "text": "Every limit is documented where its users look for it."
                  },
                  "helpUri": "https://handbook.example/limit-undocumented#why",
                  "help": {
                    "text": "The handbook says: “Every limit is documented where its users look for it.”"
                  }
                },
                {
                  "id": "review-date",
                  "helpUri": "https://handbook.example/review-date#why"
                },
                {
                  "id": "subtype-label",
                  "fullDescription": {
                    "text": "Each merge request has a type and a subtype label."
                  },
                  "helpUri": "https://handbook.example/subtype-label#why",
                  "help": {
                    "text": "The handbook says: “Each merge request has a type and a subtype label.”"
                  }
                }
              ]
            }
          },
          "invocations": [
            {
              "executionSuccessful": true,
              "toolExecutionNotifications": [
                {
                  "level": "warning",
                  "message": {
                    "text": "not checked: docs/latin1.md: it is not UTF-8"
                  },
                  "locations": [
                    {
                      "logicalLocations": [
                        {
                          "name": "docs/latin1.md",
                          "fullyQualifiedName": "docs/latin1.md",
                          "kind": "resource"
                        }
                      ]
                    }
                  ]
                },
                {
                  "level": "warning",
                  "message": {
                    "text": "not checked: grp/proj!7: the record carries no commits"
                  },
                  "associatedRule": {
                    "id": "commit-subject"
                  },
                  "locations": [
                    {
                      "logicalLocations": [
                        {
                          "name": "grp/proj!7",
                          "fullyQualifiedName": "grp/proj!7",
                          "kind": "resource"
                        }
                      ]
                    }
                  ]
                },
                {
                  "level": "warning",
                  "message": {
                    "text": "not checked: grp/proj!7: the record carries no commits"
                  },
                  "associatedRule": {
                    "id": "commit-body"
                  },
                  "locations": [
                    {
                      "logicalLocations": [
                        {
                          "name": "grp/proj!7",
                          "fullyQualifiedName": "grp/proj!7",
                          "kind": "resource"
                        }
                      ]
                    }
                  ]
                },
                {
                  "level": "warning",
                  "message": {
                    "text": "not checked: grp/proj!8: the record carries no commits"
                  },
                  "associatedRule": {
                    "id": "commit-subject"
                  },
                  "locations": [
                    {
                      "logicalLocations": [
                        {
                          "name": "grp/proj!8",
                          "fullyQualifiedName": "grp/proj!8",
                          "kind": "resource"
                        }
                      ]
                    }
                  ]
                }
              ]
            }
          ],
          "originalUriBaseIds": {
            "%SRCROOT%": {
              "description": {
                "text": "the root of the repository"
              }
            }
          },
          "columnKind": "unicodeCodePoints",
          "results": [
            {
              "ruleId": "review-date",
              "ruleIndex": 2,
              "level": "note",
              "message": {
                "text": "End the page with the date of its review"
              },
              "locations": [
                {
                  "physicalLocation": {
                    "artifactLocation": {
                      "uri": "docs/release.md",
                      "uriBaseId": "%SRCROOT%"
                    },
                    "region": {
                      "startLine": 8,
                      "startColumn": 1,
                      "endLine": 8,
                      "endColumn": 1
                    }
                  }
                }
              ],
              "partialFingerprints": {
                "proclint/1": "review-date-85"
              },
              "baselineState": "new"
            },
            {
              "ruleId": "bare-reference",
              "ruleIndex": 0,
              "level": "warning",
              "message": {
                "text": "Say what `#21549` is: write the reference with a `+`"
              },
              "locations": [
                {
                  "physicalLocation": {
                    "artifactLocation": {
                      "uri": "docs/release.md",
                      "uriBaseId": "%SRCROOT%"
                    },
                    "region": {
                      "startLine": 3,
                      "startColumn": 11,
                      "endLine": 3,
                      "endColumn": 17
                    }
                  }
                }
              ],
              "relatedLocations": [
                {
                  "physicalLocation": {
                    "artifactLocation": {
                      "uri": "docs/release.md",
                      "uriBaseId": "%SRCROOT%"
                    },
                    "region": {
                      "startLine": 3,
                      "startColumn": 20,
                      "endLine": 3,
                      "endColumn": 24
                    }
                  },
                  "message": {
                    "text": "done it may be, but what"
                  }
                },
                {
                  "physicalLocation": {
                    "artifactLocation": {
                      "uri": "docs/release.md",
                      "uriBaseId": "%SRCROOT%"
                    },
                    "region": {
                      "startLine": 7,
                      "startColumn": 5,
                      "endLine": 7,
                      "endColumn": 11
                    }
                  },
                  "message": {
                    "text": "the same reference"
                  }
                }
              ],
              "partialFingerprints": {
                "proclint/1": "bare-reference-32"
              },
              "baselineState": "new",
              "suppressions": [
                {
                  "kind": "inSource",
                  "status": "accepted",
                  "justification": "waived: the tracker is [gone](https://evil.example) (owner: @docs) (until 2026-12-31)",
                  "location": {
                    "physicalLocation": {
                      "artifactLocation": {
                        "uri": "docs/release.md",
                        "uriBaseId": "%SRCROOT%"
                      },
                      "region": {
                        "startLine": 2
                      }
                    }
                  }
                }
              ],
              "fixes": [
                {
                  "description": {
                    "text": "Append `+`"
                  },
                  "artifactChanges": [
                    {
                      "artifactLocation": {
                        "uri": "docs/release.md",
                        "uriBaseId": "%SRCROOT%"
                      },
                      "replacements": [
                        {
                          "deletedRegion": {
                            "startLine": 3,
                            "startColumn": 17,
                            "endLine": 3,
                            "endColumn": 17
                          },
                          "insertedContent": {
                            "text": "+"
                          }
                        }
                      ]
                    }
                  ]
                }
              ]
            },
            {
              "ruleId": "limit-undocumented",
              "ruleIndex": 1,
              "level": "error",
              "message": {
                "text": "Document the limit of 100000 on the page of application limits"
              },
              "locations": [
                {
                  "physicalLocation": {
                    "artifactLocation": {
                      "uri": "config/limits.rb",
                      "uriBaseId": "%SRCROOT%"
                    },
                    "region": {
                      "startLine": 9,
                      "startColumn": 1,
                      "endLine": 9,
                      "endColumn": 15
                    }
                  },
                  "logicalLocations": [
                    {
                      "name": "diffs",
                      "fullyQualifiedName": "grp/proj!7.diffs",
                      "kind": "property"
                    }
                  ]
                }
              ],
              "partialFingerprints": {
                "proclint/1": "limit-undocumented-96"
              },
              "baselineState": "new"
            },
            {
              "ruleId": "subtype-label",
              "ruleIndex": 3,
              "level": "error",
              "message": {
                "text": "Add a subtype label to `type::feature`"
              },
              "locations": [
                {
                  "logicalLocations": [
                    {
                      "name": "labels[0]",
                      "fullyQualifiedName": "grp/proj!7.labels[0]",
                      "kind": "property"
                    }
                  ]
                }
              ],
              "partialFingerprints": {
                "proclint/1": "subtype-label-31"
              },
              "baselineState": "unchanged",
              "suppressions": [
                {
                  "kind": "external",
                  "status": "accepted",
                  "justification": "in the baseline"
                }
              ]
            }
          ],
          "properties": {
            "subjects": 12,
            "unchanged": 6
          }
        }
      ]
    }
    "#);
}

#[test]
fn sarif_is_valid_whatever_the_run() {
    for report in [fixture::report(), fixture::hostile(), Report::default()] {
        is_valid_sarif(&rendered(Format::Sarif, &report, &style()));
    }
    let hostile = rendered(Format::Sarif, &fixture::hostile(), &style());
    assert!(hostile.contains("https://handbook.example/odd%5Cu%7B1b%7D%5B0m#why"), "{hostile}");
}

#[test]
fn sarif_names_a_file_outside_the_repository_from_a_base_of_its_own() {
    let mut report = fixture::apart();
    let page = &mut report.subjects[0];
    page.name = "../../notes/a b.md".to_owned();
    page.findings.iter_mut().for_each(|finding| finding.path = Some("../../notes/a b.md".to_owned()));
    let shown = rendered(Format::Sarif, &report, &style());
    is_valid_sarif(&shown);
    let sarif: serde_json::Value = serde_json::from_str(&shown).expect("JSON");
    let run = &sarif["runs"][0];
    let place = &run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"];
    let expected = serde_json::json!({"uri": "notes/a%20b.md", "uriBaseId": "%SRCROOT_PARENT_2%"});
    assert_eq!(*place, expected);
    let base = &run["originalUriBaseIds"]["%SRCROOT_PARENT_2%"];
    let expected = "the folder 2 steps above the root of the repository";
    assert_eq!(*base, serde_json::json!({"description": {"text": expected}}));
    report.subjects[0].name = "/notes/a b.md".to_owned();
    report.subjects[0]
        .findings
        .iter_mut()
        .for_each(|finding| finding.path = Some("/notes/a b.md".to_owned()));
    let shown = rendered(Format::Sarif, &report, &style());
    is_valid_sarif(&shown);
    let sarif: serde_json::Value = serde_json::from_str(&shown).expect("JSON");
    let place = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"];
    assert_eq!(*place, serde_json::json!({"uri": "file:///notes/a%20b.md"}));
}

#[test]
fn gaps_of_one_reason_name_the_first_of_their_subjects() {
    let gap = |number: usize| NotChecked {
        subject: format!("docs/\u{1b}{number}.md"),
        rule: Some("review-date".to_owned()),
        reason: "not UTF-8".to_owned(),
    };
    for (gaps, line) in [
        (3, "docs/\\u{1b}1.md, docs/\\u{1b}2.md, docs/\\u{1b}3.md, review-date: not UTF-8"),
        (5, "docs/\\u{1b}1.md, docs/\\u{1b}2.md, docs/\\u{1b}3.md and 2 more, review-date: not UTF-8"),
    ] {
        let report = Report { not_checked: (1..=gaps).rev().map(gap).collect(), ..Report::default() };
        let shown = rendered(Format::Concise, &report, &style());
        assert_eq!(shown.lines().next(), Some(format!("not checked: {line}").as_str()));
        let json: serde_json::Value =
            serde_json::from_str(&rendered(Format::Json, &report, &style())).expect("JSON");
        assert_eq!(json["not_checked"].as_array().map(Vec::len), Some(gaps), "JSON has them all");
    }
}

/// Holds `text` against the schema of SARIF 2.1.0, its formats included.
fn is_valid_sarif(text: &str) {
    // One pattern of the standard, for the language of a run, has a bracket too many for a strict engine.
    let schema = include_str!("reports/sarif-2.1.0.json").replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$");
    let schema: serde_json::Value = serde_json::from_str(&schema).expect("JSON");
    let schema = jsonschema::options().should_validate_formats(true).build(&schema).expect("a schema");
    let sarif = serde_json::from_str(text).expect("JSON");
    let errors: Vec<_> = schema.iter_errors(&sarif).map(|error| error.to_string()).collect();
    assert_eq!(errors, [""; 0], "{text}");
}

#[test]
fn junit() {
    let shown = rendered(Format::Junit, &fixture::apart(), &style());
    insta::assert_snapshot!(shown, @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="proclint" tests="8" failures="2" skipped="6">
      <testsuite name="proclint" tests="1" failures="0" skipped="1">
        <testcase classname="docs/latin1.md" name="docs/latin1.md: not checked">
          <skipped message="not checked: it is not UTF-8">not checked: it is not UTF-8</skipped>
        </testcase>
      </testsuite>
      <testsuite name="docs/release.md" tests="2" failures="1" skipped="1">
        <testcase classname="docs/release.md" name="review-date: End the page with the date of its review" file="docs/release.md">
          <properties>
            <property name="fingerprint" value="review-date-85"/>
          </properties>
          <failure type="info" message="End the page with the date of its review">docs/release.md:8:1
    End the page with the date of its review
    https://handbook.example/review-date#why</failure>
        </testcase>
        <testcase classname="docs/release.md" name="bare-reference: Say what `#21549` is: write the reference with a `+`" file="docs/release.md">
          <properties>
            <property name="fingerprint" value="bare-reference-32"/>
          </properties>
          <skipped message="waived: the tracker is [gone](https://evil.example) (owner: @docs) (until 2026-12-31)">waived: the tracker is [gone](https://evil.example) (owner: @docs) (until 2026-12-31)</skipped>
        </testcase>
      </testsuite>
      <testsuite name="grp/proj!7" tests="4" failures="1" skipped="3">
        <testcase classname="grp/proj!7" name="limit-undocumented: Document the limit of 100000 on the page of application limits" file="config/limits.rb">
          <properties>
            <property name="fingerprint" value="limit-undocumented-96"/>
          </properties>
          <failure type="error" message="Document the limit of 100000 on the page of application limits">config/limits.rb:9:1
    Document the limit of 100000 on the page of application limits
    https://handbook.example/limit-undocumented#why</failure>
        </testcase>
        <testcase classname="grp/proj!7" name="subtype-label: Add a subtype label to `type::feature`">
          <properties>
            <property name="fingerprint" value="subtype-label-31"/>
          </properties>
          <skipped message="in the baseline">in the baseline</skipped>
        </testcase>
        <testcase classname="grp/proj!7" name="commit-subject: not checked">
          <skipped message="not checked: the record carries no commits">not checked: the record carries no commits</skipped>
        </testcase>
        <testcase classname="grp/proj!7" name="commit-body: not checked">
          <skipped message="not checked: the record carries no commits">not checked: the record carries no commits</skipped>
        </testcase>
      </testsuite>
      <testsuite name="grp/proj!8" tests="1" failures="0" skipped="1">
        <testcase classname="grp/proj!8" name="commit-subject: not checked">
          <skipped message="not checked: the record carries no commits">not checked: the record carries no commits</skipped>
        </testcase>
      </testsuite>
    </testsuites>
    "#);
}

#[test]
fn junit_is_xml_with_true_counts_and_names_of_their_own() {
    let mut twice = fixture::report();
    let again = twice.subjects[0].findings[0].clone();
    twice.subjects[0].findings.push(again);
    for report in [fixture::report(), fixture::apart(), fixture::hostile(), twice, Report::default()] {
        let shown = rendered(Format::Junit, &report, &style());
        let xml = roxmltree::Document::parse(&shown).expect("well-formed XML");
        let count = |name: &str| xml.descendants().filter(|node| node.has_tag_name(name)).count();
        let root = xml.root_element();
        let told = |key: &str| root.attribute(key).and_then(|count| count.parse().ok());
        assert_eq!(told("tests"), Some(count("testcase")), "{shown}");
        assert_eq!(told("failures"), Some(report.findings().count()), "{shown}");
        assert_eq!(told("failures"), Some(count("failure")), "{shown}");
        assert_eq!(told("skipped"), Some(report.suppressed().count() + report.gaps().count()), "{shown}");
        let key = |node: roxmltree::Node<'_, '_>| {
            Some((node.attribute("classname")?.to_owned(), node.attribute("name")?.to_owned()))
        };
        let mut keys: Vec<_> =
            xml.descendants().filter(|node| node.has_tag_name("testcase")).filter_map(key).collect();
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), count("testcase"), "{shown}");
    }
}

#[test]
fn github() {
    insta::assert_snapshot!(rendered(Format::Github, &fixture::apart(), &style()), @r#"
    ::notice file=docs/release.md,line=8,endLine=8,col=1,endColumn=1,title=proclint%3A review-date::End the page with the date of its review
    ::error file=config/limits.rb,line=9,endLine=9,col=1,endColumn=15,title=proclint%3A limit-undocumented::Document the limit of 100000 on the page of application limits
    ::notice title=proclint%3A not checked::docs/latin1.md: it is not UTF-8
    ::notice title=proclint%3A not checked::grp/proj!7, grp/proj!8, 2 rules: the record carries no commits
    "#);
    let mut report = fixture::report();
    let finding = &mut report.subjects[0].findings[0];
    finding.message = "100%\n::error::x, y: z".into();
    finding.path = Some("a,b:c%.md".into());
    finding.help.clear();
    let shown = rendered(Format::Github, &report, &style());
    let line = "::warning file=a%2Cb%3Ac%25.md,line=3,endLine=3,col=11,endColumn=17,title=proclint%3A \
                bare-reference::100%25\\n::error::x, y: z";
    assert_eq!(shown.lines().next(), Some(line));
}

#[test]
fn rdjson() {
    insta::assert_snapshot!(rendered(Format::Rdjson, &fixture::report(), &style()), @r#"
    {
      "source": {
        "name": "proclint"
      },
      "diagnostics": [
        {
          "message": "Say what `#21549` is: write the reference with a `+`\nWrite `#21549+`, and GitLab shows the title beside the number.",
          "location": {
            "path": "docs/release.md",
            "range": {
              "start": {
                "line": 3,
                "column": 21
              },
              "end": {
                "line": 3,
                "column": 27
              }
            }
          },
          "severity": "WARNING",
          "code": {
            "value": "bare-reference",
            "url": "https://handbook.example/bare-reference#why"
          },
          "suggestions": [
            {
              "range": {
                "start": {
                  "line": 3,
                  "column": 27
                },
                "end": {
                  "line": 3,
                  "column": 27
                }
              },
              "text": "+"
            }
          ]
        },
        {
          "message": "End the page with the date of its review",
          "location": {
            "path": "docs/release.md",
            "range": {
              "start": {
                "line": 8,
                "column": 1
              },
              "end": {
                "line": 8,
                "column": 1
              }
            }
          },
          "severity": "INFO",
          "code": {
            "value": "review-date",
            "url": "https://handbook.example/review-date#why"
          }
        },
        {
          "message": "Add a subtype label to `type::feature`",
          "location": {
            "path": "gl-proclint-texts/grp-proj-7.md",
            "range": {
              "start": {
                "line": 3,
                "column": 5
              },
              "end": {
                "line": 3,
                "column": 18
              }
            }
          },
          "severity": "ERROR",
          "code": {
            "value": "subtype-label",
            "url": "https://handbook.example/subtype-label#why"
          }
        },
        {
          "message": "Document the limit of 100000 on the page of application limits",
          "location": {
            "path": "config/limits.rb",
            "range": {
              "start": {
                "line": 9,
                "column": 1
              },
              "end": {
                "line": 9,
                "column": 15
              }
            }
          },
          "severity": "ERROR",
          "code": {
            "value": "limit-undocumented",
            "url": "https://handbook.example/limit-undocumented#why"
          }
        },
        {
          "message": "not checked: it is not UTF-8",
          "location": {
            "path": "docs/latin1.md"
          },
          "severity": "INFO",
          "code": {
            "value": "not-checked"
          }
        },
        {
          "message": "not checked: the record carries no commits",
          "location": {
            "path": "grp/proj!7"
          },
          "severity": "INFO",
          "code": {
            "value": "commit-subject"
          }
        },
        {
          "message": "not checked: the record carries no commits",
          "location": {
            "path": "grp/proj!7"
          },
          "severity": "INFO",
          "code": {
            "value": "commit-body"
          }
        },
        {
          "message": "not checked: the record carries no commits",
          "location": {
            "path": "grp/proj!8"
          },
          "severity": "INFO",
          "code": {
            "value": "commit-subject"
          }
        }
      ]
    }
    "#);
}

#[test]
fn markdown() {
    insta::assert_snapshot!(rendered(Format::Markdown, &fixture::apart(), &style()), @r#"
    ## proclint

    1 error, 1 hint in 12 subjects (48 KB), 1 waived, 1 in the baseline, 6 on lines that did not change.

    ### `docs/release.md`

    - **hint** [`review-date`](https://handbook.example/review-date#why) in `docs/release.md:8:1`: End the page with the date of its review

      ```text
      6 |
      7 | See #21549 again.
      ```

    ### `grp/proj!7`

    - **error** [`limit-undocumented`](https://handbook.example/limit-undocumented#why) in `config/limits.rb:9:1`: Document the limit of 100000 on the page of application limits

      The handbook says: “Every limit is documented where its users look for it.”

      ```text
      9 | +limit = 100000 # a comment that goes on and on until nobody can see where it ends, but it does
      ```

    ### Not checked

    - docs/latin1.md: it is not `UTF-8`
    - `grp/proj!7, grp/proj!8`, 2 rules: the record carries no commits

    ### Found, and not counted

    - [`bare-reference`](https://handbook.example/bare-reference#why) in `docs/release.md:3:11`: waived: the tracker is `[gone](https://evil.example)` (owner: `@docs`) (until 2026-12-31)
    - [`subtype-label`](https://handbook.example/subtype-label#why) in `grp/proj!7:3:5`: in the baseline
    "#);
}

#[test]
fn every_format_tells_of_the_same_findings() {
    let report = fixture::report();
    let prints: Vec<_> = report.findings().map(|finding| finding.fingerprint.clone()).collect();
    for format in [Format::Json, Format::Ndjson, Format::Gitlab, Format::Sarif, Format::Junit] {
        let shown = rendered(format, &report, &style());
        let mut at = 0;
        for print in &prints {
            let found = shown[at..].find(&format!("\"{print}\""));
            assert!(found.is_some(), "{print} is missing or out of order in {}", format.name());
            at += found.unwrap_or_default();
        }
    }
    for format in Format::ALL {
        let shown = rendered(format, &report, &style());
        assert!(shown.contains("limit-undocumented"), "{}", format.name());
    }
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
    for format in Format::ALL.into_iter().filter(|format| !matches!(format, Format::Json | Format::Ndjson)) {
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
    assert_eq!(rendered(Format::Github, &report, &style()), "");
    let markdown = rendered(Format::Markdown, &report, &style());
    assert_eq!(markdown, "## proclint\n\nNo findings in 12 subjects (48 KB).\n");
    let junit = rendered(Format::Junit, &report, &style());
    assert!(junit.contains(r#"name="no findings in 12 subjects"/>"#), "{junit}");
    assert!(rendered(Format::Sarif, &report, &style()).contains(r#""results": []"#));
    assert!(rendered(Format::Rdjson, &report, &style()).contains(r#""diagnostics": []"#));
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
