//! Writes synthetic issues as NDJSON, the same for the same seed: `cargo run --release --example issues -- 1000000 7`.
//!
//! They look like those of a large project: labels in scopes, milestones, dates, and descriptions of about 1 KB with task
//! lists, references and quick actions; a few are confidential, a few break the process.
#![allow(clippy::print_stderr, reason = "a program says how it is used")]

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

/// SplitMix64: small, seeded, good enough for text.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }

    /// True once in `times`.
    fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    fn pick<'c>(&mut self, choices: &[&'c str]) -> &'c str {
        let at = self.below(choices.len() as u64) as usize;
        choices.get(at).copied().unwrap_or_default()
    }
}

const TYPES: [&str; 4] = ["type::feature", "type::bug", "type::maintenance", "type::ignore"];
const STATES: [&str; 6] = [
    "workflow::planning breakdown",
    "workflow::ready for development",
    "workflow::in dev",
    "workflow::in review",
    "workflow::verification",
    "workflow::complete",
];
const GROUPS: [&str; 5] = [
    "group::project management",
    "group::product planning",
    "group::ide",
    "group::code review",
    "group::runner",
];
const OTHERS: [&str; 8] = [
    "backend",
    "frontend",
    "documentation",
    "customer",
    "customer+",
    "Deliverable",
    "direction",
    "planning issue",
];
const SEVERITIES: [&str; 4] = ["severity::1", "severity::2", "severity::3", "severity::4"];
const MILESTONES: [&str; 6] = ["17.11", "18.0", "18.1", "18.2", "18.3", "Backlog"];
const WORDS: [&str; 36] = [
    "board",
    "swimlanes",
    "time",
    "out",
    "when",
    "a",
    "group",
    "has",
    "many",
    "labels",
    "so",
    "users",
    "cannot",
    "see",
    "their",
    "work",
    "we",
    "should",
    "load",
    "them",
    "in",
    "pages",
    "and",
    "keep",
    "the",
    "order",
    "stable",
    "query",
    "index",
    "cache",
    "the",
    "release",
    "needs",
    "docs",
    "before",
    "rollout",
];
const TITLES: [&str; 6] = [
    "Boards time out with many lists",
    "Add a limit for swimlanes",
    "18.4 Planning issue",
    "Export of audit events",
    "Show the milestone in the sidebar",
    "Q4FY20 slides for the launch",
];

fn sentence(dice: &mut Dice) -> String {
    let words: Vec<_> = (0..8 + dice.below(10)).map(|_| dice.pick(&WORDS)).collect();
    let mut sentence = words.join(" ");
    if dice.once_in(12) {
        sentence.push_str(&format!(", see #{}", 1000 + dice.below(90_000)));
    }
    sentence + ".\n"
}

fn description(dice: &mut Dice) -> String {
    let mut text = "### Problem\n\n".to_owned();
    while text.len() < 700 {
        text.push_str(&sentence(dice));
    }
    text.push_str("\n### Tasks\n\n");
    for _ in 0..3 {
        text.push_str(&format!("- [{}] {}", dice.pick(&[" ", "x"]), sentence(dice)));
    }
    if dice.once_in(4) {
        text.push_str("\n/label ~backend\n");
    }
    text
}

fn issue(number: u64, dice: &mut Dice) -> serde_json::Value {
    let mut labels = vec![dice.pick(&TYPES), dice.pick(&GROUPS)];
    if !dice.once_in(3) {
        labels.push(dice.pick(&STATES));
    }
    // Somebody set a second state without GitLab's exclusive labels.
    if dice.once_in(50) {
        labels.push(dice.pick(&STATES));
    }
    if dice.once_in(3) {
        labels.push(dice.pick(&SEVERITIES));
    }
    labels.extend((0..dice.below(3)).map(|_| dice.pick(&OTHERS)).collect::<Vec<_>>());
    labels.dedup();
    let day = |dice: &mut Dice| format!("2025-{:02}-{:02}", 1 + dice.below(8), 1 + dice.below(28));
    let closed = dice.once_in(2);
    let created = day(dice);
    let milestone = dice.once_in(3).then(|| {
        serde_json::json!({"title": dice.pick(&MILESTONES), "state": "active", "start_date": null, "due_date": null})
    });
    let assignees: Vec<_> =
        dice.once_in(2).then(|| serde_json::json!({"username": "jane"})).into_iter().collect();
    serde_json::json!({
        "id": 100_000_000 + number,
        "iid": number,
        "project_id": 278_964,
        "title": dice.pick(&TITLES),
        "description": description(dice),
        "state": if closed { "closed" } else { "opened" },
        "created_at": format!("{created}T10:00:00.000Z"),
        "updated_at": "2025-08-30T10:00:00.000Z",
        "closed_at": closed.then_some("2025-08-30T10:00:00.000Z"),
        "labels": labels,
        "milestone": milestone,
        "assignees": assignees,
        "author": {"username": "author"},
        "confidential": dice.once_in(40),
        "issue_type": "issue",
        "due_date": dice.once_in(5).then(|| day(dice)),
        "weight": dice.below(8),
        "references": {"short": format!("#{number}"), "full": format!("group/project#{number}")},
        "web_url": format!("https://gitlab.example.com/group/project/-/issues/{number}"),
    })
}

fn main() -> ExitCode {
    let mut numbers = std::env::args().skip(1).map(|argument| argument.parse::<u64>());
    let (Some(Ok(count)), seed) = (numbers.next(), numbers.next()) else {
        eprintln!("usage: issues COUNT [SEED]");
        return ExitCode::from(2);
    };
    let mut dice = Dice(seed.and_then(Result::ok).unwrap_or(1));
    let mut out = BufWriter::new(io::stdout().lock());
    let written = (1..=count).try_for_each(|number| {
        serde_json::to_writer(&mut out, &issue(number, &mut dice))?;
        out.write_all(b"\n")
    });
    match written.and_then(|()| out.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        // The reader has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
