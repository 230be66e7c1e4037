//! Reports: whatever was found in whatever texts, every format is what its readers take it for, tells of all of it, and
//! is the same from one thread and from many.

use std::sync::Mutex;

use proclint::baseline::{Baseline, Scope, written as baseline_text};
use proclint::engine::{self, distinguish};
use proclint::finding::{Checked, Finding, Fixes, Part, Report, Shard};
use proclint::fix::{Mended, Reach, diff, mend, propose};
use proclint::merge::{Merged, ShardReport, arrange, merge};
use proclint::only_new::OnlyNew;
use proclint::publish::{Limits, Publication, Shown, Stamp, note, wanted};
use proclint::report::{Format, Style, render, render_diffs};
use proclint::subject::Subject;
use proclint::world::World;
use serde_json::json;

use super::given::{RULES, check, subject, world};
use super::readers;

/// What separates the subjects; it stands in no UTF-8.
const END: u8 = 0xff;

/// The most subjects of a run.
const MOST: usize = 4;

/// A run over several files and records.
pub fn reports(data: &[u8]) {
    let (first, rest) = data.split_first().unwrap_or((&0, &[]));
    let mut subjects: Vec<Subject> = rest.split(|byte| *byte == END).take(MOST).map(subject).collect();
    for (number, subject) in subjects.iter_mut().enumerate() {
        // A run has one subject of a name.
        subject.name = format!("{number}/{}", subject.name);
        subject.path = subject.path.take().map(|path| format!("{number}/{path}"));
    }
    let report = run(&subjects, 1);
    let width = usize::from(*first);
    let one = all_formats(&report, width);
    let many = all_formats(&run(&subjects, 4), width);
    assert!(one == many, "one thread tells of something else than four");
    written(&report, subjects.first(), readers::HANDBOOK);
    split_and_merged(&report);
    taken_over(&report, &subjects);
    mended(&subjects, if width.is_multiple_of(2) { Reach::Safe } else { Reach::All });
}

/// Checks `subjects` with `threads` threads that share a world.
fn run(subjects: &[Subject], threads: usize) -> Report {
    let world = world();
    let found = Mutex::new(Vec::new());
    let waiting = Mutex::new(subjects.iter());
    let work = |world: &World| {
        loop {
            let next = waiting.lock().expect("no thread panics").next();
            let Some(subject) = next else { break };
            let checked = engine::check(subject, &RULES, world, true);
            found.lock().expect("no thread panics").push(checked);
        }
    };
    if threads == 1 {
        work(&world);
    } else {
        std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(|| work(&world)))));
    }
    let found = found.into_inner().expect("no thread panics");
    report_of(found, subjects)
}

fn report_of(mut found: Vec<Checked>, subjects: &[Subject]) -> Report {
    found.retain(|checked| !checked.is_silent());
    arrange(&mut found, &mut []);
    let mut report = Report {
        subjects: found,
        checked: subjects.len(),
        bytes: subjects.iter().map(|subject| subject.text.len()).sum(),
        rules: RULES.len(),
        today: "2026-03-15".to_owned(),
        ..Report::default()
    };
    distinguish(&mut report);
    report
}

fn rendered(format: Format, report: &Report, style: &Style) -> Vec<u8> {
    let mut out = Vec::new();
    render(format, report, style, &mut out).expect("memory takes what is written");
    out
}

fn all_formats(report: &Report, width: usize) -> Vec<Vec<u8>> {
    let style = Style { width, terminal: true, unicode: width.is_multiple_of(2), ..Style::default() };
    Format::ALL.iter().map(|format| rendered(*format, report, &style)).collect()
}

/// Every format of `report` is read back, and has every finding. `record` is what it is published in; its rules link
/// to places below `home`.
pub fn written(report: &Report, record: Option<&Subject>, home: &str) {
    let style = Style::default();
    let of = |format| rendered(format, report, &style);
    let text = |format| String::from_utf8(of(format)).expect("UTF-8");
    let count = report.findings().count();
    let prints: Vec<_> = report.findings().map(|finding| finding.fingerprint.as_str()).collect();
    let length = |value: &serde_json::Value| value.as_array().map(Vec::len);

    let document = readers::json(&of(Format::Json));
    assert_eq!(length(&document["diagnostics"]), Some(count));
    for (told, finding) in document["diagnostics"].as_array().into_iter().flatten().zip(report.findings()) {
        assert_eq!((&told["text"], &told["message"]), (&json!(finding.text), &json!(finding.message)));
    }
    let lines = readers::lines(&of(Format::Ndjson));
    assert_eq!(lines.iter().filter(|line| line["type"] == "diagnostic").count(), count);
    let issues = readers::code_quality(&of(Format::Gitlab));
    let told: Vec<_> =
        issues.as_array().into_iter().flatten().filter_map(|of| of["fingerprint"].as_str()).collect();
    assert_eq!(told, prints);
    let sarif = readers::sarif(&of(Format::Sarif));
    assert_eq!(length(&sarif["runs"][0]["results"]), Some(count + report.suppressed().count()));
    assert_eq!(readers::xml(&text(Format::Junit), "failure"), count);
    readers::annotations(&text(Format::Github));
    let rdjson = readers::json(&of(Format::Rdjson));
    assert!(length(&rdjson["diagnostics"]) >= Some(count));
    readers::markdown(&text(Format::Markdown), home);
    for format in [Format::Human, Format::Concise] {
        for width in [0, 40, 100] {
            let style = Style { width, terminal: true, ..Style::default() };
            readers::quiet(&String::from_utf8(rendered(format, report, &style)).expect("UTF-8"));
        }
    }
    let stamp = Stamp::of(&json!({"title": "a"}), "0123456789abcdef");
    let publication = Publication {
        report,
        record,
        stamp: &stamp,
        failed: count > 0,
        quick_actions: &[],
        preview: &[],
        limits: Limits::default(),
    };
    readers::markdown(&note(&publication, &Shown::default()).body, home);
    assert!(wanted(&publication).len() <= count);
}

/// The report of the only shard, read back, is the report.
fn split_and_merged(report: &Report) {
    let part = Shard::new(1, 1).map(|shard| Part { shard, input: String::new(), complete: true, idle: None });
    let of_shard = Report { part, ..report.clone() };
    let text = String::from_utf8(rendered(Format::Json, &of_shard, &Style::default())).expect("UTF-8");
    let read = ShardReport::read("shard.json", &text).and_then(|shard| merge(vec![shard]));
    let Ok(Merged::Check { report: merged, .. }) = read else { panic!("{read:?}: {text}") };
    assert!(all_formats(&merged, 80) == all_formats(report, 80), "a merged report says something else");
}

/// What a baseline takes over is not found again, and it is written as it was read.
fn taken_over(report: &Report, subjects: &[Subject]) {
    let scope = Scope { rules: &RULES, chosen: false, folders: &[], gaps: &[], split: None };
    let entries = Baseline::default().renewed(&scope, report);
    let text = baseline_text(&entries);
    let baseline = Baseline::read("baseline", &text).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert_eq!(baseline.len(), report.findings().count());
    let only_new = OnlyNew { baseline: Some(baseline), changes: None };
    for subject in subjects {
        let mut checked = check(subject);
        only_new.sift(&mut checked, &subject.text);
        let left: Vec<&Finding> = checked.findings.iter().filter(|of| of.shared.is_none()).collect();
        assert!(left.is_empty(), "{left:?} is new");
    }
    let baseline = only_new.baseline.unwrap_or_default();
    let again = baseline.renewed(&scope, &Report::default());
    assert_eq!(baseline_text(&again), text);
}

/// A report that tells of fixes is read back like any other; the changes it shows can be applied.
fn mended(subjects: &[Subject], reach: Reach) {
    let mut found = Vec::new();
    for subject in subjects {
        let mut checked = check(subject);
        if checked.findings.iter().all(|finding| finding.fix.is_none()) {
            continue;
        }
        checked.repair = Some(if subject.path.is_none() {
            propose(subject, &checked, reach, &check)
        } else {
            let Mended { subject: mended, mut repair, .. } = mend(subject, &checked, reach, &check);
            repair.diff = diff(&subject.name, &subject.text, &mended.text);
            repair
        });
        found.push(checked);
    }
    let report = Report { fixes: Some(Fixes::Shown), ..report_of(found, subjects) };
    written(&report, None, readers::HANDBOOK);
    let mut shown = Vec::new();
    render_diffs(&report, &Style::default(), &mut shown).expect("memory takes what is written");
}
