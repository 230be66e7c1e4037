//! An audit as one HTML page that needs no network: what each rule says, for whom, how old, whether it gets less.

use std::cmp::Ordering;

use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::machine::Drawing;
use super::rows::Rows;
use super::{chart, counts, hygiene, plain, policy, share, sorted, sum, uri, words};
use crate::audit::levels::{Late, Level};
use crate::audit::{
    AgeTally, Ages, BurnDown, Damaged, Digest, Entry, Family, RanRule, RuleTally, Table, TeamTally, Worst,
};

const STYLE: &str = include_str!("../../../templates/audit.css");
const SCRIPT: &str = include_str!("../../../templates/audit.js");

/// The most rules named for a team.
const TOP: usize = 3;

/// What a page is made of.
#[derive(Clone, Copy, Debug)]
pub struct AuditPage<'a> {
    /// The sum.
    pub digest: &'a Digest,
    /// Earlier audits, where a history was asked for.
    pub past: Option<Past<'a>>,
}

/// Earlier audits.
#[derive(Clone, Copy, Debug)]
pub struct Past<'a> {
    /// The file.
    pub path: &'a str,
    /// Its runs over the same source, and the present one.
    pub burn_down: &'a BurnDown,
    /// Its lines that hold no run.
    pub damaged: &'a [Damaged],
}

#[derive(Template)]
#[template(path = "audit.html")]
struct View<'a> {
    page: &'a AuditPage<'a>,
    sum: String,
    style: &'static str,
    style_hash: String,
    script: &'static str,
    script_hash: String,
    found: Vec<RuleView<'a>>,
    silent: Vec<RuleView<'a>>,
    families: Vec<FamilyView<'a>>,
    ages: Option<[AgesView<'a>; 2]>,
    past: Option<PastView<'a>>,
    /// What labels, milestones and policies themselves lack, as it is told at a terminal.
    project: String,
    machines: Vec<Drawing<'a>>,
    levels: Vec<(&'a str, &'a Level, String)>,
    rows: Rows<'a>,
}

#[derive(Default)]
struct RuleView<'a> {
    id: &'a str,
    title: &'a str,
    quote: &'a str,
    link: String,
    verdict: &'static str,
    mark: &'static str,
    counts: String,
    subjects: usize,
    waived: usize,
    share: String,
    percent: f64,
    /// The difference to the run before, where it compares.
    change: String,
}

struct FamilyView<'a> {
    prefix: &'a str,
    teams: Vec<TeamView<'a>>,
}

struct TeamView<'a> {
    name: String,
    /// The label to filter by; none for those that stand for several.
    label: Option<String>,
    tally: &'a TeamTally,
    percent: f64,
    top: Vec<(&'a str, usize)>,
}

struct AgesView<'a> {
    since: &'static str,
    chart: String,
    tally: &'a AgeTally,
}

struct PastView<'a> {
    of: Past<'a>,
    chart: String,
    change: Option<String>,
}

impl AuditPage<'_> {
    /// The page as HTML.
    pub fn html(&self) -> String {
        let (found, silent) = self.rules();
        let empty = Table::default();
        let view = View {
            page: self,
            sum: sum(self.digest),
            style: STYLE,
            style_hash: hash(STYLE),
            script: SCRIPT,
            script_hash: hash(SCRIPT),
            found,
            silent,
            families: self
                .digest
                .teams
                .0
                .iter()
                .filter(|family| !family.teams.is_empty())
                .map(shown)
                .collect(),
            ages: self.ages(),
            past: self.past.map(past),
            project: self.project(),
            machines: self
                .digest
                .flow
                .machines
                .iter()
                .map(|(name, tally)| Drawing::new(name, tally))
                .collect(),
            levels: self.levels(),
            rows: Rows::new(self.digest.table().unwrap_or(&empty)),
        };
        // Writing to memory cannot fail, and the template calls nothing that can.
        view.render().unwrap_or_default()
    }

    /// The rules with findings, the most frequent first, and the others by name.
    fn rules(&self) -> (Vec<RuleView<'_>>, Vec<RuleView<'_>>) {
        let previous = self.past.and_then(|past| past.burn_down.previous());
        let ran = |id: &str| self.digest.frame.rules.iter().find(|rule| rule.header.id == id);
        let found = sorted(self.digest).into_iter().map(|(id, tally)| {
            let (verdict, mark) = match tally {
                RuleTally { error: 1.., .. } => ("broken", "error"),
                RuleTally { warning: 1.., .. } => ("to change", "warning"),
                _ => ("hints", "info"),
            };
            let before = previous.map(|entry| entry.found.get(id).map_or(0, |found| found.findings()));
            RuleView {
                id,
                title: &tally.title,
                quote: ran(id).map_or("", |rule| &rule.header.quote),
                link: uri::link(&tally.url).unwrap_or_default(),
                verdict,
                mark,
                counts: counts(tally),
                subjects: tally.subjects,
                waived: tally.waived,
                share: share(tally, self.digest),
                percent: percent(tally.subjects, self.digest.subjects),
                change: before.map(|before| change(before, tally.findings())).unwrap_or_default(),
            }
        });
        let of = |rule: &RanRule| self.digest.found.get(&rule.header.id);
        let silent =
            self.digest.frame.rules.iter().filter(|rule| of(rule).is_none_or(|tally| tally.findings() == 0));
        let silent = silent.map(|rule| {
            let (verdict, mark) = self.silence(rule);
            RuleView {
                id: &rule.header.id,
                title: &rule.header.title,
                link: uri::link(&rule.header.url).unwrap_or_default(),
                verdict,
                mark,
                waived: of(rule).map_or(0, |tally| tally.waived),
                ..RuleView::default()
            }
        });
        (found.collect(), silent.collect())
    }

    /// What it means that `rule` found nothing.
    fn silence(&self, rule: &RanRule) -> (&'static str, &'static str) {
        let mut gaps = self.digest.gaps.not_checked.values();
        if !rule.on.iter().any(|kind| self.digest.kinds.contains_key(kind)) {
            ("nothing there that it reads", "idle")
        } else if gaps.any(|tally| tally.rules.contains(&rule.header.id)) {
            ("nothing found, not checked everywhere", "gap")
        } else {
            ("nothing found", "clean")
        }
    }

    fn project(&self) -> String {
        let mut told = Vec::new();
        // Writing to memory cannot fail.
        let _ = self.digest.hygiene.iter().try_for_each(|of| hygiene::write(of, &mut told));
        let _ = self.digest.policies.iter().try_for_each(|of| policy::write(of, &mut told));
        String::from_utf8_lossy(&told).into_owned()
    }

    /// The time limits, each with the subjects that are over it.
    fn levels(&self) -> Vec<(&str, &Level, String)> {
        let late = |of: &Late| {
            format!(
                "{} by {}",
                plain::line(&of.subject),
                words::count(of.days.unsigned_abs() as usize, "day")
            )
        };
        let limits = self.digest.levels.limits.iter();
        limits
            .map(|(name, of)| (name.as_str(), of, of.worst.iter().map(late).collect::<Vec<_>>().join(", ")))
            .collect()
    }

    fn ages(&self) -> Option<[AgesView<'_>; 2]> {
        let ages = &self.digest.ages;
        let of = |since: &'static str, tally| AgesView {
            since,
            chart: chart::ages(tally, &format!("Open subjects with findings by days since {since}")),
            tally,
        };
        (ages.open > 0).then(|| [of("creation", &ages.created), of("the last change", &ages.updated)])
    }
}

impl View<'_> {
    /// Whether an earlier run says what changed.
    fn compares(&self) -> bool {
        self.past.as_ref().is_some_and(|past| past.change.is_some())
    }

    /// Text from outside, harmless on one line.
    fn line<'t>(&self, text: &'t str) -> std::borrow::Cow<'t, str> {
        plain::line(text)
    }
}

impl AgesView<'_> {
    /// The buckets with their names.
    fn rows(&self) -> impl Iterator<Item = (&'static str, &Worst)> {
        Ages::NAMES.into_iter().zip(&self.tally.buckets)
    }
}

fn shown(family: &Family) -> FamilyView<'_> {
    let view = |name: String, label, tally| TeamView {
        name,
        label,
        tally,
        percent: percent(tally.with_findings, tally.subjects),
        top: tally.top(TOP),
    };
    let named = family.teams.iter();
    let mut teams: Vec<_> = named
        .map(|(label, tally)| {
            let name = plain::line(label).into_owned();
            view(name.clone(), Some(name), tally)
        })
        .collect();
    teams.sort_by(|a, b| (b.tally.findings(), &a.name).cmp(&(a.tally.findings(), &b.name)));
    let rest = [
        (format!("without a label {}", family.prefix), &family.without),
        ("more teams, together".to_owned(), &family.others),
        ("confidential, team not shown".to_owned(), &family.hidden),
    ];
    teams.extend(
        rest.into_iter().filter(|(_, tally)| tally.subjects > 0).map(|(name, tally)| view(name, None, tally)),
    );
    FamilyView { prefix: &family.prefix, teams }
}

fn past(of: Past<'_>) -> PastView<'_> {
    PastView {
        of,
        chart: chart::burn_down(of.burn_down, "Findings by day, one line for errors, warnings and hints"),
        change: change_since(of.burn_down),
    }
}

/// What changed since the run before the present one, as a sentence without its end; `None` where none compares.
pub fn change_since(past: &BurnDown) -> Option<String> {
    let (before, present) = (past.previous()?, &past.points.get(past.present)?.entry);
    let (then, now) = (before.sum().findings(), present.sum().findings());
    let how = match now.cmp(&then) {
        Ordering::Less => format!("{} fewer than", words::count(then - now, "finding")),
        Ordering::Equal => "As many findings as".to_owned(),
        Ordering::Greater => format!("{} more than", words::count(now - then, "finding")),
    };
    let of =
        |entry: &Entry| format!("{} in {}", entry.sum().findings(), words::count(entry.subjects, "subject"));
    Some(format!("{how} on {}: {} then, {} now", before.date, of(before), of(present)))
}

fn change(before: usize, now: usize) -> String {
    match now.cmp(&before) {
        Ordering::Less => format!("−{}", before - now),
        Ordering::Equal => "±0".to_owned(),
        Ordering::Greater => format!("+{}", now - before),
    }
}

fn percent(part: usize, whole: usize) -> f64 {
    part as f64 * 100.0 / whole.max(1) as f64
}

/// What a policy of the page names `text` by, so that nothing else of its kind runs.
fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text)))
}
