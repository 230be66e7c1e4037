//! Text to measure on, made from a seed: the same on every machine, and much like what proclint is meant for.

use std::fmt::Write as _;

use fastrand::Rng;
use serde_json::{Value, json};

/// Words of English pages.
pub const ENGLISH: &[&str] = &[
    "the",
    "team",
    "writes",
    "down",
    "how",
    "it",
    "works",
    "before",
    "anybody",
    "asks",
    "a",
    "page",
    "of",
    "handbook",
    "names",
    "who",
    "decides",
    "and",
    "until",
    "when",
    "release",
    "review",
    "engineers",
    "customers",
    "feature",
    "planning",
    "weekly",
    "meeting",
    "changes",
    "are",
    "small",
    "so",
    "that",
    "they",
    "can",
    "be",
    "reverted",
    "support",
    "answers",
    "within",
    "one",
    "day",
    "budget",
    "security",
    "documentation",
    "should",
];

/// Words of Japanese pages.
pub const JAPANESE: &[&str] = &[
    "監査",
    "チーム",
    "文書",
    "変更",
    "確認",
    "する",
    "ために",
    "製品",
    "計画",
    "会議",
    "毎週",
    "担当者",
    "決定",
    "公開",
    "レビュー",
    "手順",
    "を",
    "は",
    "が",
    "に",
    "記録",
    "顧客",
    "支援",
    "予算",
    "安全",
    "機能",
    "開発",
];

/// What rules look for, now and then, as in real pages; most of it is in order.
const NAMES: &[&str] = &[
    "MVC",
    "OKR",
    "KPI",
    "ARR",
    "DRI",
    "CTA",
    "UX",
    "PM",
    "EM",
    "SLO",
    "RFC",
    "API",
    "SaaS",
    "milestone",
    "[the epic](https://gitlab.com/groups/acme/-/epics/12)",
    "`workflow::in dev`",
    "acme/tool#12",
    "FY26",
];

/// A Markdown page of about `bytes` bytes in `words`.
pub fn page(seed: u64, bytes: usize, words: &[&str]) -> String {
    let mut random = Rng::with_seed(seed);
    let mut text = format!("---\ntitle: Page {seed}\n---\n\n");
    while text.len() < bytes {
        block(&mut random, words, &mut text);
    }
    text
}

fn block(random: &mut Rng, words: &[&str], text: &mut String) {
    match random.u8(..20) {
        0..3 => {
            text.push_str("## ");
            phrase(random, words, 4, text);
            text.push_str("\n\n");
        }
        3..7 => {
            for _ in 0..random.usize(2..7) {
                text.push_str("- ");
                phrase(random, words, 9, text);
                text.push('\n');
            }
            text.push('\n');
        }
        7 => {
            text.push_str("| Who | What |\n| --- | --- |\n");
            for _ in 0..random.usize(2..9) {
                text.push_str("| ");
                phrase(random, words, 2, text);
                text.push_str(" | ");
                phrase(random, words, 6, text);
                text.push_str(" |\n");
            }
            text.push('\n');
        }
        8 => text.push_str("```yaml\nrules:\n  name: {enabled: true}\n```\n\n"),
        _ => {
            for _ in 0..random.usize(2..6) {
                phrase(random, words, 14, text);
                text.push_str(". ");
            }
            text.push_str("\n\n");
        }
    }
}

fn phrase(random: &mut Rng, words: &[&str], length: usize, text: &mut String) {
    for at in 0..length {
        let separate = at > 0 && words[0].is_ascii();
        let word = match random.u8(..60) {
            0 => random.choice(NAMES).copied(),
            1 => Some("**must**"),
            _ => random.choice(words).copied(),
        };
        text.extend([if separate { " " } else { "" }, word.unwrap_or_default()]);
    }
}

/// A page with `count` bare references, each of which is a finding.
pub fn references(count: usize) -> String {
    let mut text = String::from("# Work\n\n");
    for number in 0..count {
        let _ =
            writeln!(text, "The export of large projects is slow because #{} is open.\n", 20_000 + number);
    }
    text
}

/// A page with `count` bare references, each of them waived.
pub fn waived(count: usize) -> String {
    let mut text = String::from("# Work\n\n");
    for number in 0..count {
        let _ = writeln!(
            text,
            "<!-- proclint: allow bare-reference: an old list -->\nThe export is slow because #{} is open.\n",
            20_000 + number
        );
    }
    text
}

/// An issue template of about 1 KB.
pub const TEMPLATE: &str = include_str!("template.txt");

/// A merge request as GitLab's REST API gives it, with a diff of `lines` lines.
pub fn merge_request(lines: usize) -> Value {
    let mut diff = format!("@@ -1,0 +1,{lines} @@\n");
    for line in 0..lines {
        let _ = writeln!(
            diff,
            "{}    total += weights[{line}] * rows.count  # step {line}",
            if line % 7 == 0 { ' ' } else { '+' }
        );
    }
    json!({
        "iid": 190_001,
        "project_id": 278_964,
        "title": "Limit the number of swimlanes on a board",
        "description": TEMPLATE,
        "state": "opened",
        "draft": false,
        "labels": ["type::feature", "workflow::in dev", "group::project management"],
        "milestone": {"title": "18.4", "due_date": "2025-09-12"},
        "author": {"username": "jdoe"},
        "assignees": [{"username": "jdoe"}],
        "reviewers": [],
        "created_at": "2025-08-01T10:00:00Z",
        "source_branch": "swimlane-limit",
        "target_branch": "main",
        "references": {"full": "gitlab-org/gitlab!190001"},
        "commits": [{"id": "0f6d6f1c", "title": "Limit the swimlanes", "message": "Limit the swimlanes\n\nMany are slow.\n"}],
        "diffs": [{"old_path": "app/boards.rb", "new_path": "app/boards.rb", "diff": diff}],
    })
}

/// An issue with `labels` labels, as GitLab's REST API gives it.
pub fn issue(number: usize, labels: usize) -> Value {
    let labels: Vec<String> = (0..labels).map(|label| format!("area::part {label}")).collect();
    json!({
        "iid": number + 1,
        "project_id": 7,
        "title": format!("Show the export of project {number}"),
        "description": "## Problem to solve\n\nNobody sees how far the export is.\n\n## Proposal\n\nShow a bar.\n",
        "state": "opened",
        "labels": labels,
        "author": {"username": "jdoe"},
        "assignees": [{"username": "jdoe"}],
        "created_at": "2025-08-01T10:00:00Z",
        "updated_at": "2025-08-02T10:00:00Z",
        "references": {"full": format!("acme/tool#{}", number + 1)},
    })
}

/// A rule of its own that looks for one word.
pub fn rule(number: usize) -> String {
    format!(
        "id: own-{number}\ntitle: A word\nfrom: https://handbook.example.com/words/#word\nheading: Words\n\
         quote: Do not use this word.\nseverity: warning\non: [page]\nmessage: \"Do not write `{{hit}}`\"\n\
         help: Leave it out.\ntext:\n  match: unwanted{number}x\n  literals: [unwanted{number}x]\n"
    )
}

/// Inputs of about `bytes` bytes that bring a careless parser to its knees, by name.
pub fn pathological(bytes: usize) -> Vec<(&'static str, String)> {
    let fill = |unit: &str| unit.repeat(bytes / unit.len());
    let nested = |unit: &str| {
        let mut text = String::new();
        for depth in 0.. {
            let line = format!("{}{unit}\n", "  ".repeat(depth % 1200));
            if text.len() + line.len() > bytes {
                return text;
            }
            text.push_str(&line);
        }
        text
    };
    let columns = |cell: &str| format!("{}|\n", cell.repeat(2000));
    let row = columns("| a ");
    let table = row.clone() + &columns("|---") + &row.repeat(bytes / row.len());
    vec![
        ("emphasis never closed", fill("*a _b ")),
        ("emphasis in pairs", fill("a**b__c*d_")),
        ("links never closed", fill("[a](")),
        ("images never closed", fill("![[")),
        ("footnotes", fill("[^a]")),
        ("code spans never closed", fill("` `` ``` ")),
        ("comments never closed", fill("<!-- a ")),
        ("deep lists", nested("- a")),
        ("deep quotes", fill(&format!("{}a\n", "> ".repeat(400)))),
        ("wide table", table),
        ("references in one line", fill("see #12345 and ")),
        ("references, a line each", fill("see #12345 and\n\n")),
        ("link definitions", fill("[a]: b\n\n[a]\n\n")),
        ("headings", fill("# a\n")),
        ("quick actions", fill("/label ~a ~\"b::c\"\n")),
        ("waivers", fill("<!-- proclint: allow bare-reference: old -->\n\n")),
        ("acronyms in one line", fill("MVC OKR KPI ")),
        ("sentences that must", fill("They should and must always do it. ")),
        ("one long word", fill("a")),
        ("entities", fill("&amp;&#35;")),
    ]
}
