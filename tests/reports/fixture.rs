//! A run of two subjects with a finding of every shape, and one whose texts mean harm.

use std::ops::Range;
use std::sync::Arc;

use proclint::diagnostic::{Edit, Fix, RuleHeader, Severity};
use proclint::finding::{
    Checked, Excerpt, Finding, NotChecked, RelatedPlace, Report, Suppressed, Suppression,
};
use proclint::subject::Kind;
use proclint::text::{LineIndex, Span};

pub const PAGE: &str =
    "# 発布\r\n\r\n発布の前に see #21549 と\tdone 🎉.\r\n\r\nText.\r\n\r\nSee #21549 again.\r\n";

pub const RECORD: &str = "title: Add a limit\nlabels:\n  - type::feature\n\n## Description\n\nCloses it.\n\n\
    ## Diff\n\n@@ -1 +9 @@\n+limit = 100000 # a comment that goes on and on until nobody can see where it ends, but it does\n";

pub fn report() -> Report {
    let reference =
        rule("bare-reference", "Use full links, so that readers see the title of what is linked.");
    let limit = rule("limit-undocumented", "Every limit is documented where its users look for it.");
    let subtype = rule("subtype-label", "Each merge request has a type and a subtype label.");
    let empty = rule("review-date", "");

    let mut bare = finding(PAGE, span(PAGE, "#21549"), &reference, Severity::Warning);
    bare.message = "Say what `#21549` is: write the reference with a `+`".into();
    bare.help = "Write `#21549+`, and GitLab shows the title beside the number.".into();
    bare.path = Some("docs/release.md".into());
    bare.related = vec![
        related(PAGE, span(PAGE, "done"), "done it may be, but what"),
        related(PAGE, PAGE.rfind("#21549").map_or(0..0, |at| at..at + 6), "the same reference"),
    ];
    bare.fix = Some(Fix {
        title: "Append `+`".into(),
        safe: true,
        edits: vec![Edit { span: Span::at(bare.end.byte), text: "+".into() }],
    });
    let mut end = finding(PAGE, PAGE.len()..PAGE.len(), &empty, Severity::Info);
    end.message = "End the page with the date of its review".into();
    end.path = Some("docs/release.md".into());
    let mut labels = finding(RECORD, span(RECORD, "type::feature"), &subtype, Severity::Error);
    labels.message = "Add a subtype label to `type::feature`".into();
    labels.field = Some("labels[0]".into());
    let mut added = finding(RECORD, span(RECORD, "limit = 100000"), &limit, Severity::Error);
    added.message = "Document the limit of 100000 on the page of application limits".into();
    added.path = Some("config/limits.rb".into());
    added.field = Some("diffs".into());
    (added.start.line, added.start.column) = (9, 1);
    (added.end.line, added.end.column) = (9, 15);

    let gap = |subject: &str, rule: Option<&str>| NotChecked {
        subject: subject.into(),
        rule: rule.map(Into::into),
        reason: "the record carries no commits".into(),
    };
    let page = checked(Kind::Page, "docs/release.md", PAGE, vec![bare, end]);
    let mut record = checked(Kind::MergeRequest, "grp/proj!7", RECORD, vec![labels, added]);
    record.canonical = Some(RECORD.into());
    record.not_checked =
        vec![gap("grp/proj!7", Some("commit-subject")), gap("grp/proj!7", Some("commit-body"))];
    let mut other = checked(Kind::MergeRequest, "grp/proj!8", "", Vec::new());
    other.not_checked = vec![gap("grp/proj!8", Some("commit-subject"))];
    Report {
        subjects: vec![page, record, other],
        checked: 12,
        bytes: 48_211,
        rules: 108,
        today: "2026-03-15".into(),
        not_checked: vec![NotChecked {
            subject: "docs/latin1.md".into(),
            rule: None,
            reason: "it is not UTF-8".into(),
        }],
        fixes: None,
        part: None,
        preview: None,
    }
}

/// The same run, in which somebody allowed the finding of the page, and the baseline lists the label.
pub fn apart() -> Report {
    let mut report = report();
    let waiver = Suppression::Waiver {
        reason: "the tracker is [gone](https://evil.example)".into(),
        owner: Some("@docs".into()),
        until: Some("2026-12-31".into()),
        line: 2,
    };
    for (subject, suppression) in report.subjects.iter_mut().zip([waiver, Suppression::Baseline]) {
        let finding = subject.findings.remove(0);
        subject.suppressed.push(Suppressed { finding, suppression });
        subject.unchanged = 3;
    }
    report
}

pub fn hostile() -> Report {
    let text = "\u{feff}a\u{1b}[31m\tb\u{202e}c\u{200d}\u{200d} here\u{2066}\rnext\0\n";
    let rule = rule("odd\u{1b}[0m", "quote \u{202e}");
    let mut finding = finding(text, span(text, "here"), &rule, Severity::Error);
    finding.message = "Take \u{1b}]0;title\u{7} out\nof \u{202e}it".into();
    finding.help = "No \u{9b}2J, no \u{200b}.".into();
    finding.related = vec![related(text, span(text, "next"), "line\u{2028}two")];
    Report {
        subjects: vec![checked(Kind::Issue, "grp/\u{1b}[2J#1", text, vec![finding])],
        checked: 1,
        bytes: text.len(),
        not_checked: vec![NotChecked { subject: "a\rb".into(), rule: None, reason: "c\u{8}d".into() }],
        ..Report::default()
    }
}

pub fn rule(id: &str, quote: &str) -> Arc<RuleHeader> {
    let url = format!("https://handbook.example/{}#why", id.escape_default());
    Arc::new(RuleHeader { id: id.into(), title: String::new(), url, quote: quote.into(), discreet: false })
}

fn span(text: &str, part: &str) -> Range<usize> {
    text.find(part).map_or(0..0, |at| at..at + part.len())
}

pub fn finding(text: &str, span: Range<usize>, rule: &Arc<RuleHeader>, severity: Severity) -> Finding {
    let index = LineIndex::new(text);
    let position = |offset: usize| index.position(offset as u32, text);
    let (start, end) = (position(span.start), position(span.end));
    let first = (start.line - 1).saturating_sub(2);
    let window = index.line_span(first, text).range().start..index.line_span(end.line + 1, text).range().end;
    Finding {
        rule: Arc::clone(rule),
        severity,
        message: String::new(),
        help: String::new(),
        path: None,
        field: None,
        text: text[span.clone()].into(),
        start,
        end,
        related: Vec::new(),
        fix: None,
        shared: None,
        grace: false,
        fingerprint: format!("{}-{}", rule.id, span.start),
        excerpt: Excerpt {
            text: text[window.clone()].into(),
            first_line: first + 1,
            cut: 0,
            span: (span.start - window.start, span.end - window.start),
        },
    }
}

pub fn related(text: &str, span: Range<usize>, message: &str) -> RelatedPlace {
    let index = LineIndex::new(text);
    RelatedPlace {
        message: message.into(),
        text: text[span.clone()].into(),
        start: index.position(span.start as u32, text),
        end: index.position(span.end as u32, text),
    }
}

pub fn checked(kind: Kind, name: &str, text: &str, findings: Vec<Finding>) -> Checked {
    Checked {
        kind,
        name: name.into(),
        bytes: text.len(),
        findings,
        suppressed: Vec::new(),
        unchanged: 0,
        not_checked: Vec::new(),
        canonical: None,
        source: None,
        repair: None,
    }
}
