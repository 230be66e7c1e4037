//! What a baseline lets pass, how often, and what of it is stale.

use super::*;
use crate::engine;
use crate::load::{file_subject, kind_of};
use crate::rule::RuleSet;
use crate::subject::Format;
use crate::world::World;

fn checked(path: &str, text: &str) -> Checked {
    let rules = RuleSet::all().unwrap();
    let (kind, format) = kind_of(path).unwrap_or((Kind::Page, Format::Markdown));
    let world = World::on(jiff::civil::date(2026, 3, 15));
    let mut checked =
        engine::check(&file_subject(path, text.to_owned(), kind, format), &rules, &world, false);
    checked.findings.retain(|finding| finding.rule.id == "bare-reference");
    checked
}

fn report(subjects: Vec<Checked>) -> Report {
    Report { subjects, ..Report::default() }
}

/// What is left of `subjects` when `baseline` has let its part pass, and the entries that are stale.
fn against(baseline: &Baseline, subjects: &[Checked], folders: &[&str]) -> (usize, Vec<String>) {
    let folders: Vec<_> = folders.iter().map(|folder| (*folder).to_owned()).collect();
    let rules = RuleSet::all().unwrap();
    let mut new = 0;
    for subject in subjects {
        baseline.judged(subject);
        new += subject.findings.iter().filter(|finding| !baseline.lets_pass(&subject.name, finding)).count();
    }
    let scope = Scope { rules: &rules, chosen: false, folders: &folders, gaps: &[], split: None };
    (new, baseline.stale(&scope).into_iter().map(|stale| stale.message).collect())
}

fn of(subjects: Vec<Checked>) -> Baseline {
    let rules = RuleSet::all().unwrap();
    let scope = Scope { rules: &rules, chosen: false, folders: &[], gaps: &[], split: None };
    Baseline::read("b", &written(&Baseline::default().renewed(&scope, &report(subjects)))).unwrap()
}

#[test]
fn findings_are_counted_wherever_their_lines_go() {
    let old = || checked("a.md", "See #21549.\n\nAnd #21549 too.\n");
    assert_eq!(against(&of(vec![old()]), &[old()], &[]), (0, vec![]));
    let moved = checked("a.md", "# Title\n\nNew words.\n\nAnd #21549 too.\n\nLook, see #21549.\n");
    assert_eq!(against(&of(vec![old()]), &[moved], &[]), (0, vec![]));
    let more = checked("a.md", "See #21549.\n\nAnd #21549 too.\n\nEven #21549, and #4711.\n");
    assert_eq!(against(&of(vec![old()]), &[more], &[]), (2, vec![]));
    let fewer = checked("a.md", "See #21549.\n");
    let stale = "Count `bare-reference` in a.md down from 2 to 1 in the baseline".to_owned();
    assert_eq!(against(&of(vec![old()]), &[fewer], &[]), (0, vec![stale]));
}

#[test]
fn only_what_a_run_has_looked_at_is_stale() {
    let baseline = || of(vec![checked("docs/a.md", "See #21549.\n")]);
    let stale = ["Take `bare-reference` in docs/a.md out of the baseline: it is gone".to_owned()];
    for (folders, expected) in
        [(&[][..], &[][..]), (&["."], &stale), (&["docs"], &stale), (&["doc", "docs/b"], &[])]
    {
        assert_eq!(against(&baseline(), &[], folders), (0, expected.to_vec()), "{folders:?}");
    }
    let mut unread = checked("docs/a.md", "Nothing.\n");
    assert_eq!(against(&baseline(), std::slice::from_ref(&unread), &[]), (0, stale.to_vec()));
    unread.not_checked.push(crate::finding::NotChecked {
        subject: "docs/a.md".to_owned(),
        rule: Some("bare-reference".to_owned()),
        reason: "no title".to_owned(),
    });
    assert_eq!(against(&baseline(), &[unread], &["."]), (0, vec![]));
}

#[test]
fn the_file_is_sorted_and_survives_what_a_merge_does_to_it() {
    let baseline = of(vec![checked("b.md", "See #21549.\n"), checked("a.md", "See #1234, or #21549.\n")]);
    let rules = RuleSet::all().unwrap();
    let scope = Scope { rules: &rules, chosen: false, folders: &[], gaps: &[], split: None };
    let text = written(&baseline.renewed(&scope, &report(vec![])));
    let lines: Vec<_> = text.lines().collect();
    let places: Vec<_> = lines[1..].iter().map(|line| line.split("\"count\"").next().unwrap()).collect();
    assert_eq!(
        places,
        [
            r##"{"subject":"a.md","rule":"bare-reference","text":"#1234","##,
            r##"{"subject":"a.md","rule":"bare-reference","text":"#21549","##,
            r##"{"subject":"b.md","rule":"bare-reference","text":"#21549","##,
        ]
    );
    let union = format!("\u{feff}{}\r\n{}\n\n{}\n{}\n{}\n", lines[0], lines[3], lines[1], lines[3], lines[2]);
    let merged = Baseline::read("b", &union).unwrap();
    assert_eq!(written(&merged.renewed(&scope, &report(vec![]))), text);
    for mark in ["<<<<<<< ours", "=======", ">>>>>>> theirs"] {
        let conflict = text.replace(lines[2], mark);
        assert!(matches!(Baseline::read("b", &conflict), Err(BaselineError::Conflict { .. })), "{mark}");
    }
    assert!(matches!(Baseline::read("b", ""), Err(BaselineError::Header { .. })));
    let broken = text.replace("\"count\":1", "\"count\":-1");
    assert!(matches!(Baseline::read("b", &broken), Err(BaselineError::Line { .. })));
}

#[test]
fn what_hides_in_the_text_is_shown_in_the_file() {
    let mut subject = checked("a.md", "See #21549.\n");
    subject.findings[0].text = format!("a\u{202e}b\n{}", "long ".repeat(40));
    let entry = Entry::of(&subject, &subject.findings[0], String::new());
    assert!(entry.text.starts_with("a\\u{202e}b long ") && entry.text.ends_with('…'), "{}", entry.text);
}
