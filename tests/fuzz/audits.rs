//! Audits: records and policies, counted as a whole and by two shards.

use std::io::Cursor;
use std::sync::LazyLock;

use proclint::audit::remedies::{self, Action, Header, PlanWriter, Planning, Proposal, undo};
use proclint::audit::{Digest, Entry, History, Plan, Profile, Seen};
use proclint::document::Document;
use proclint::engine::redact::redact;
use proclint::fix::Reach;
use proclint::hygiene::{Hygiene, stock};
use proclint::load::{RecordKind, each_record};
use proclint::policy::{Policies, Survey, Verdicts};
use proclint::report::{AuditPage, FindingSheet, Past, write_digest, write_digest_markdown};
use proclint::subject::Subject;
use serde_json::json;

use super::given::{RULES, check, world};
use super::readers;

static PLAN: LazyLock<Plan<'static>> = LazyLock::new(|| Plan::of(&RULES));

/// When the plan is made.
const MADE_AT: &str = "2026-03-15T09:00:00Z";

/// What separates the policies from the records; it stands in no UTF-8.
const END: u8 = 0xff;

/// Any text as policies, behind it any bytes as records: mistakes and contradictions have true places, what is
/// confidential is gone, and two shards say what one audit says.
pub fn audits(data: &[u8]) {
    let at = data.iter().position(|byte| *byte == END);
    let (text, records) = at.map_or((data, &[][..]), |at| (&data[..at], &data[at + 1..]));
    let text = String::from_utf8_lossy(text);
    let policies = Policies::read(".triage-policies.yml", &text);
    let survey = Survey::new(&policies, &text);
    let places = policies.mistakes.iter().map(|mistake| &mistake.place);
    let places = places.chain(policies.policies.iter().map(|policy| &policy.place));
    for place in places.chain(survey.clashes.iter().flat_map(|clash| &clash.places)) {
        assert!(text.get(place.start.byte..place.end.byte).is_some(), "{place:?}");
    }
    for policy in &policies.policies {
        assert!(policy.conditions.iter().all(|(_, span)| text.get(span.range()).is_some()), "{policy:?}");
    }
    let digest = || {
        let mut hygiene = Hygiene { complete: true, ..Hygiene::default() };
        hygiene.set_labels(stock::labels(&[json!("a::b"), json!({"name": "c", "description": null})]));
        hygiene.set_milestones(stock::milestones(&[json!({"title": "17.9", "due_date": "2026-01-01"})]));
        let mut digest = Digest::new("2026-03-15".to_owned(), RULES.len());
        (digest.hygiene, digest.policies) = (Some(hygiene), Some(survey.clone()));
        digest
    };
    let mut writer = PlanWriter::new(Cursor::new(Vec::new()));
    let (mut whole, mut shards) = (digest(), [digest().deferring(), digest().deferring()]);
    let mut sheet = FindingSheet::new(Vec::new()).expect("memory takes what is written");
    let (mut place, mut rows) = (0, 0);
    let _ = each_record(records, RecordKind::Any, "records", Some("a/b"), &mut |subject| {
        place += 1;
        match subject {
            Ok(subject) => {
                let seen = seen(place, &subject, &policies, &survey);
                writer.add(&seen.proposal).expect("memory takes what is written");
                sheet.add(&seen, &whole).expect("memory takes what is written");
                rows += seen.checked.findings.len() + seen.checked.not_checked.len();
                whole.add(&mut seen.clone());
                shards[place % 2].add(&mut seen.clone());
            }
            Err(gap) => {
                whole.gap(&gap);
                shards[place % 2].gap(&gap);
            }
        }
    });
    let whole = whole.settled();
    told(&whole, readers::HANDBOOK);
    planned(writer, &whole);
    let sheet = sheet.finish().expect("memory takes what is written");
    assert_eq!(readers::csv(&sheet), rows);
    let [mut merged, other] = shards;
    merged.merge(other);
    let json = |digest: &Digest| serde_json::to_string(digest).expect("a digest has a JSON form");
    assert_eq!(json(&merged.settled()), json(&whole), "two shards say something else than one audit");
}

/// The subject as an audit counts it.
fn seen(place: usize, subject: &Subject, policies: &Policies, survey: &Survey) -> Seen {
    let world = world();
    let observed = PLAN.observe(&Document::new(subject), &world);
    let mut checked = check(subject);
    let planning = Planning { reach: Reach::All, made_at: Some(MADE_AT.to_owned()) };
    let proposal = Proposal::of(subject, &checked, &planning);
    redact(subject, &mut checked);
    let policies = policies.judge(&survey.clashes, subject, world.today);
    let reach = policies.as_ref().map(Verdicts::reach);
    Seen {
        place,
        profile: Profile::of(&Document::new(subject), false),
        policies,
        reach,
        observed,
        proposal,
        checked,
    }
}

/// A plan is read as it was written, and everything in it can be posted and taken back.
fn planned(writer: PlanWriter<Cursor<Vec<u8>>>, digest: &Digest) {
    let (text, today) = (String::new, digest.today.clone());
    let (not_planned, rules) = Default::default();
    let about = Header {
        schema: 0,
        proclint: text(),
        source: text(),
        undo: false,
        made_at: MADE_AT.to_owned(),
        today,
        rules_hash: text(),
        subjects: 0,
        entries: 0,
        rules,
        not_planned,
    };
    let mut out = Vec::new();
    let header = writer.finish(about, digest, &RULES, &mut out).expect("memory takes what is written");
    readers::lines(&out);
    let text = String::from_utf8(out).expect("UTF-8");
    // Whoever gives a record twice gets an entry twice, which no plan may hold.
    let mut ids: Vec<_> = text.lines().skip(1).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    if ids.len() < all {
        return;
    }
    let plan = remedies::Plan::read("plan", &text).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert_eq!((plan.entries.len(), all), (header.entries, header.entries));
    for entry in plan.entries {
        let actions = entry.actions().expect("it was read");
        let back = undo(&actions, &entry.state).unwrap_or_else(|error| panic!("{error}: {entry:?}"));
        for action in actions.iter().chain(&back) {
            let line = action.line().expect("it can be posted");
            assert!(line.starts_with('/') && !line.contains(['\n', '\r']), "{line:?}");
            assert_eq!(Action::read(&line, entry.kind).as_ref(), Ok(action));
        }
    }
}

/// A digest is what its readers take it for, whatever it is written as; its rules link to places below `home`.
pub fn told(digest: &Digest, home: &str) {
    readers::json(&serde_json::to_vec(digest).expect("a digest has a JSON form"));
    let mut page = Vec::new();
    write_digest(digest, &mut page).expect("memory takes what is written");
    readers::quiet(&String::from_utf8(page).expect("UTF-8"));
    let mut page = Vec::new();
    write_digest_markdown(digest, &mut page).expect("memory takes what is written");
    readers::markdown(&String::from_utf8(page).expect("UTF-8"), home);
    let present = Entry::of(digest, "records", "0".repeat(16));
    let history = History::read(format!("{}not a line\n{}", present.line(), present.line()).as_bytes());
    assert_eq!((history.entries.len(), history.damaged.len()), (2, 1));
    let burn_down = history.burn_down(&present);
    let past = Past { path: "history", burn_down: &burn_down, damaged: &history.damaged };
    readers::html(&AuditPage { digest, past: Some(past) }.html());
}
