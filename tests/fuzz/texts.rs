//! Files: any bytes as the text of any kind of file, waivers in it, and lines of CODEOWNERS.

use std::io::Write;

use proclint::document::Document;
use proclint::engine;
use proclint::finding::Checked;
use proclint::fix::{Mended, Reach, mend};
use proclint::load::{RecordKind, file_subject, kind_of, read_text};
use proclint::text::LineIndex;
use proclint::world::World;
use serde_json::json;

use super::given::{RULES, check, choice, file, record, world};
use super::spans::{exact, outlined};

/// Bytes of a file's start in which a NUL makes it binary.
const BINARY_WINDOW: usize = 8 * 1024;

/// Any bytes as a file: read or refused as what they are, parsed with true spans, checked twice alike.
pub fn document(data: &[u8]) {
    let bytes = data.get(1..).unwrap_or_default();
    let is_text = std::str::from_utf8(bytes).is_ok() && !bytes[..bytes.len().min(BINARY_WINDOW)].contains(&0);
    if !is_text {
        let mut folder = tempfile::NamedTempFile::new().expect("a folder for temporary files");
        folder.write_all(bytes).expect("room for a small file");
        let refused = read_text(folder.path()).expect_err("no text").to_string();
        assert!(!refused.is_empty());
    }
    let subject = file(data);
    let lines = LineIndex::new(&subject.text);
    let whole: String =
        (0..lines.count()).map(|line| lines.line_span(line, &subject.text).of(&subject.text)).collect();
    assert_eq!(whole, subject.text);
    outlined(&Document::new(&subject));
    let checked = check(&subject);
    exact(&subject, &checked);
    assert_eq!(places(&checked), places(&check(&subject)));
}

fn places(checked: &Checked) -> Vec<(String, usize, usize, String)> {
    let place = |finding: &proclint::finding::Finding| {
        (finding.rule.id.clone(), finding.start.byte, finding.end.byte, finding.fingerprint.clone())
    };
    checked.findings.iter().map(place).collect()
}

/// Waivers have true spans; they move findings, and neither add nor lose any; unused ones can be removed at once.
pub fn waivers(data: &[u8]) {
    let mut subject = file(data);
    let document = Document::new(&subject);
    let fits = |span: proclint::text::Span| subject.text.get(span.range()).is_some();
    let waivers = document.waivers();
    for waiver in &waivers.waivers {
        assert!(fits(waiver.span) && fits(waiver.covers), "{waiver:?}");
        assert!(waiver.removal.iter().all(|span| fits(*span)), "{waiver:?}");
        for named in &waiver.rules {
            assert_eq!(named.span.of(&subject.text), named.id, "{waiver:?}");
            assert!(named.removal.is_none_or(fits), "{waiver:?}");
        }
    }
    assert!(waivers.flaws.iter().all(|flaw| fits(flaw.span)), "{:?}", waivers.flaws);
    let mut with = check(&subject);
    exact(&subject, &with);
    let unused = |checked: &Checked| {
        checked.findings.iter().filter(|of| of.rule.id == "waiver-unused" && of.fix.is_some()).count()
    };
    if unused(&with) > 0 {
        let Mended { checked, repair, .. } = mend(&subject, &with, Reach::All, &check);
        let left = repair.left.iter().filter(|left| left.finding.rule.id == "waiver-unused").count();
        assert!(unused(&checked) <= left, "a fix of waiver-unused was neither made nor refused");
    }
    with.ignore_waivers();
    with.findings.retain(|finding| !finding.rule.id.starts_with("waiver-"));
    subject.text = subject.text.replace("proclint", "prolcint");
    let without = check(&subject);
    assert!(without.suppressed.is_empty());
    let bare = |checked: &Checked| -> Vec<_> {
        places(checked).into_iter().map(|(rule, start, end, _)| (rule, start, end)).collect()
    };
    assert_eq!(bare(&with), bare(&without));
}

/// Lines of CODEOWNERS: checked as a file, looked up by a merge request that adds pages, and changed by one.
pub fn owners(data: &[u8]) {
    let (choice, text) = choice(data);
    let path = [".gitlab/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"][choice % 3];
    let (kind, format) = kind_of(path).expect("a known kind");
    let subject = file_subject(path, text.clone(), kind, format);
    let mut world: World = world();
    world.files.insert(path.to_owned(), text.clone());
    for page in ["source/direction/a/index.html.md", "source/direction/a b/c.md.erb", "doc/a.md"] {
        world.files.insert(page.to_owned(), String::new());
    }
    let checked = engine::check(&subject, &RULES, &world, true);
    exact(&subject, &checked);
    let lines: String = text.lines().map(|line| format!("+{line}\n")).collect();
    let added = |path: &str, diff: &str| json!({"old_path": path, "new_path": path, "new_file": true, "diff": format!("@@ -0,0 +1 @@\n{diff}")});
    let value = json!({
        "iid": 1, "title": "Add pages", "description": "", "source_branch": "a", "diffs": [
            added("source/direction/a/index.html.md", "+a\n"),
            added("source/direction/b/index.html.md.erb", "+a\n"),
            added(path, &lines),
        ],
    });
    for subject in record(&value, RecordKind::MergeRequest) {
        exact(&subject, &engine::check(&subject, &RULES, &world, true));
    }
}
