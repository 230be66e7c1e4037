//! Records: any bytes as JSON, and any text as a unified diff in a record.

use proclint::audit::Profile;
use proclint::document::Document;
use proclint::engine::redact::redact;
use proclint::load::{RecordKind, each_record};
use proclint::report::write_finding_lines;
use proclint::subject::Subject;
use serde_json::json;

use super::given::{check, choice, record};
use super::readers;
use super::spans::{exact, outlined};

/// Any bytes as JSON or NDJSON: refused at a place in them, or checked and redacted.
pub fn records(data: &[u8]) {
    let (first, bytes) = data.split_first().unwrap_or((&0, &[]));
    let kind = [RecordKind::Any, RecordKind::IssueOrEpic, RecordKind::MergeRequest][usize::from(*first) % 3];
    let (mut subjects, mut visited) = (Vec::new(), 0);
    let read = each_record(bytes, kind, "records.json", Some("group/project"), &mut |subject| {
        visited += 1;
        subjects.extend(subject);
    });
    match read {
        Ok(read) => assert_eq!(read, visited),
        Err(proclint::load::LoadError::Json { offset, read, line, column, .. }) => {
            assert_eq!(read, visited);
            assert!(offset <= bytes.len() as u64 && line > 0 && column > 0, "{offset} {line}:{column}");
        }
        Err(error) => panic!("bytes in memory can be read: {error}"),
    }
    for subject in &subjects {
        judge(subject);
        let mut checked = check(subject);
        redact(subject, &mut checked);
        let profile = Profile::of(&Document::new(subject), false);
        if profile.confidential {
            assert!(profile.title.is_none() && checked.canonical.is_none());
            let all = checked.findings.iter().chain(checked.suppressed.iter().map(|of| &of.finding));
            for finding in all {
                let words = [&finding.text, &finding.help, &finding.excerpt.text];
                assert!(words.into_iter().all(String::is_empty) && finding.related.is_empty());
                assert!(finding.fix.is_none() && finding.shared.is_none());
            }
        }
        let mut lines = Vec::new();
        write_finding_lines(&checked, &mut lines).expect("memory takes what is written");
        let count = readers::lines(&lines).iter().filter(|line| line["type"] == "diagnostic").count();
        assert_eq!(count, checked.findings.len());
    }
}

/// Any text as a diff: given whole, and as what one file's entry holds.
pub fn diffs(data: &[u8]) {
    let (choice, text) = choice(data);
    let path = ["doc/a.md", "data/categories.yml", "app/a.rb", "config/routes.rb"][choice % 4];
    let whole = json!({"iid": 1, "title": "a", "description": "", "source_branch": "a", "diff": text});
    let entry = json!({"old_path": path, "new_path": path, "new_file": choice > 127, "diff": text});
    let entries = json!({"iid": 1, "title": "a", "description": "", "source_branch": "a", "diffs": [entry]});
    for value in [whole, entries] {
        for subject in record(&value, RecordKind::MergeRequest) {
            judge(&subject);
            let files = subject.diffs.iter().flatten();
            let mut end = 0;
            for file in files {
                assert!(subject.text.get(file.path_span.range()).is_some(), "{file:?}");
                for line in &file.lines {
                    assert!(subject.text.get(line.span.range()).is_some(), "{line:?}");
                    assert!(end <= line.span.start, "{line:?} stands before the end of another");
                    end = line.span.end;
                }
            }
        }
    }
}

fn judge(subject: &Subject) {
    outlined(&Document::new(subject));
    let fits = |span: proclint::text::Span| subject.text.get(span.range()).is_some();
    assert!(subject.parts.iter().all(|part| fits(part.span)), "{:?}", subject.parts);
    exact(subject, &check(subject));
}
