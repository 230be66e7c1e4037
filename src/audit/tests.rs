use std::sync::Arc;

use jiff::civil::{Date, date};

use super::plan::Observed;
use super::*;
use crate::diagnostic::RuleHeader;
use crate::finding::{Checked, Excerpt};
use crate::subject::Kind;
use crate::text::Position;

/// An issue with the findings of `rules`, errors by the first of them.
fn seen(labels: &[&str], rules: &[&str], created: Option<Date>) -> Seen {
    let findings = rules.iter().enumerate().map(|(at, id)| Finding {
        rule: Arc::new(RuleHeader { id: (*id).to_owned(), ..RuleHeader::default() }),
        severity: if at == 0 { Severity::Error } else { Severity::Info },
        message: "Change this".to_owned(),
        help: String::new(),
        path: None,
        field: None,
        text: String::new(),
        start: Position::default(),
        end: Position::default(),
        related: Vec::new(),
        fix: None,
        shared: None,
        grace: false,
        fingerprint: String::new(),
        excerpt: Excerpt::default(),
    });
    let checked = Checked {
        kind: Kind::Issue,
        name: "group/project#1".to_owned(),
        bytes: 10,
        findings: findings.collect(),
        suppressed: Vec::new(),
        unchanged: 0,
        not_checked: Vec::new(),
        canonical: None,
        source: None,
        repair: None,
    };
    let profile = Profile {
        title: Some("A title".to_owned()),
        state: Some("opened".into()),
        labels: labels.iter().map(|label| (*label).into()).collect(),
        created,
        updated: created,
        ..Profile::default()
    };
    Seen {
        place: 1,
        checked,
        profile,
        policies: None,
        reach: None,
        observed: Observed::default(),
        proposal: Default::default(),
    }
}

fn prefixes(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn a_record_counts_once_for_each_of_its_teams_and_a_confidential_one_for_none() {
    let mut teams = Teams::new(&prefixes(&["group::", "team::", "group::", ""]));
    teams.add(&seen(&["group::a", "group::a", "group::b", "bug"], &["x", "y"], None));
    teams.add(&seen(&["team::c", "group::"], &[], None));
    let mut hidden = seen(&["group::secret"], &["x"], None);
    (hidden.profile.confidential, hidden.profile.title) = (true, None);
    teams.add(&hidden);
    let [group, team] = teams.0.as_slice() else { unreachable!("{teams:?}") };
    let of = |tally: &TeamTally| (tally.subjects, tally.with_findings, tally.error, tally.info);
    let names: Vec<_> = group.teams.iter().map(|(name, tally)| (name.as_str(), of(tally))).collect();
    assert_eq!(names, [("group::a", (1, 1, 1, 1)), ("group::b", (1, 1, 1, 1))]);
    assert_eq!((of(&group.without), of(&group.hidden)), ((1, 0, 0, 0), (1, 1, 1, 0)));
    assert_eq!((team.teams.len(), of(&team.without)), (1, (1, 1, 1, 1)));
    assert_eq!(teams.of(&hidden).count(), 0);
}

#[test]
fn parts_add_up_to_the_whole_however_many_teams_there_are() {
    let labels: Vec<_> = (0..700).map(|number| format!("team::{}", number * 7919 % 700)).collect();
    let subjects: Vec<_> =
        labels.iter().map(|label| seen(&[label], &["x"], Some(date(2025, 1, 1)))).collect();
    let sum = |subjects: &[Seen]| {
        let (mut teams, mut ages) = (Teams::new(&prefixes(&["team::"])), Ages::new(Some(date(2025, 2, 1))));
        subjects.iter().for_each(|seen| {
            teams.add(seen);
            ages.add(seen);
        });
        (teams, ages)
    };
    let whole = sum(&subjects);
    assert_eq!((whole.0.0[0].teams.len(), whole.0.0[0].others.subjects), (500, 200));
    for at in [0, 1, 350, 699] {
        let (mut first, second) = (sum(&subjects[at..]), sum(&subjects[..at]));
        first.0.merge(second.0);
        first.1.merge(&second.1);
        assert_eq!(first, whole);
    }
    let read: Teams = serde_json::from_str(&serde_json::to_string(&whole.0).unwrap()).unwrap();
    assert_eq!(read, whole.0);
}

#[test]
fn an_age_falls_into_one_bucket() {
    let today = date(2026, 1, 1);
    let mut ages = Ages::new(Some(today));
    for days in [0, 6, 7, 29, 30, 89, 90, 364, 365, 4000] {
        ages.add(&seen(&[], &["x"], today.checked_sub(jiff::Span::new().days(days)).ok()));
    }
    ages.add(&seen(&[], &["x"], None));
    ages.add(&seen(&[], &[], Some(today)));
    let mut closed = seen(&[], &["x"], Some(today));
    closed.profile.state = Some("closed".into());
    ages.add(&closed);
    assert_eq!(ages.created.buckets.map(Worst::subjects), [2; 5]);
    assert_eq!((ages.created.unknown, ages.open), (1, 12));
}

fn entry(date: &str, source: &str, rules: &str, error: usize) -> Entry {
    let found = BTreeMap::from([("x".to_owned(), Found { error, ..Found::default() })]);
    Entry {
        date: date.to_owned(),
        source: source.to_owned(),
        rules: rules.to_owned(),
        found,
        ..Entry::default()
    }
}

#[test]
fn damaged_lines_are_named_and_the_others_stand() {
    let runs = [entry("2025-01-01", "a", "1", 9), entry("2025-01-02", "a", "1", 8)];
    let bytes =
        [runs[0].line().as_bytes(), b"{\"date\":\"2025-0\n\n[1]\n\xff\n", runs[1].line().as_bytes()].concat();
    let history = History::read(&bytes);
    assert_eq!(history.entries, runs);
    assert_eq!(history.damaged.iter().map(|line| line.line).collect::<Vec<_>>(), [2, 4, 5]);
    assert!(!history.is_foreign() && History::read(b"# A page\n").is_foreign());
    assert!(!History::read(b"").is_foreign());
    let wrong = entry("2025-02-30", "a", "1", 1).line();
    assert_eq!(History::read(wrong.as_bytes()).damaged.len(), 1);
}

#[test]
fn only_runs_over_the_same_source_compare_and_the_last_of_a_day_stands() {
    let history = History {
        entries: vec![
            entry("2025-01-01", "a", "1", 9),
            entry("2025-01-08", "a", "1", 7),
            entry("2025-01-08", "b", "1", 99),
            entry("2025-01-08", "a", "1", 6),
        ],
        damaged: Vec::new(),
    };
    let burn_down = history.burn_down(&entry("2025-01-15", "a", "1", 5));
    let errors: Vec<_> = burn_down.points.iter().map(|point| point.entry.sum().error).collect();
    assert_eq!((errors, burn_down.elsewhere, burn_down.replaced), (vec![9, 6, 5], 1, 1));
    assert_eq!(burn_down.previous().map(|entry| entry.sum().error), Some(6));
    // By other rules nothing is said to be mended.
    let other = history.burn_down(&entry("2025-01-15", "a", "2", 5));
    assert!(other.points[2].other_rules && other.previous().is_none());
    // A run of today stands for the earlier one of today, and a run of the past in its place.
    let again = history.burn_down(&entry("2025-01-08", "a", "1", 4));
    assert_eq!((again.points.len(), again.replaced), (2, 2));
    assert_eq!(again.previous().map(|entry| entry.sum().error), Some(9));
}

#[test]
fn a_table_keeps_the_first_findings_and_counts_all() {
    let (mut table, teams) = (Table::default(), Teams::new(&prefixes(&["group::"])));
    let mut long = seen(&["group::a", "bug"], &["x"; 3], None);
    long.checked.findings[0].message = "ä".repeat(300);
    for _ in 0..7000 {
        table.add(&long, &teams);
    }
    assert_eq!((table.rows.iter().len(), table.findings), (MOST_ROWS, 21_000));
    let row = table.rows.iter().next();
    assert_eq!(row.map(|row| (row.text.chars().count(), row.teams.len())), Some((241, 1)));
}
