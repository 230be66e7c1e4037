//! The dates of milestones: there where they are needed, in order, and fit for a sprint or a quarter.

use jiff::civil::Date;
use serde::Deserialize;

use super::quarter::Quarter;
use crate::check::{Hit, Sink, View};
use crate::cond::{days_between, exact_day, folded};
use crate::pattern::Pattern;
use crate::text::Span;
use crate::yaml::{Node, Value};

/// What windows there are, and how long they last.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dates {
    sprint_pattern: Pattern,
    not_sprint: Option<Pattern>,
    /// Days of a sprint, first and last day included.
    #[serde(deserialize_with = "crate::check::range::days")]
    sprint_days: i64,
    quarter_pattern: Pattern,
    #[serde(deserialize_with = "crate::check::range::month")]
    fiscal_year_start_month: i8,
    /// Days by which a date may miss its quarter.
    quarter_slack_days: i64,
    /// Milestones without an end.
    open_ended: Vec<String>,
    require_dates_for: Which,
}

/// The milestones that have dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Which {
    SprintAndQuarter,
    All,
}

/// An active milestone.
struct Milestone<'n> {
    title: &'n str,
    title_span: Span,
    start: When,
    due: When,
    sprint: bool,
    quarter: Option<Quarter>,
}

/// A date of a milestone.
#[derive(Clone, Copy)]
enum When {
    /// There is no key for it.
    Absent,
    /// The key is empty.
    Missing(Span),
    /// It is no day.
    Unreadable,
    Given(Date, Span),
}

impl Dates {
    pub const VARIANTS: &'static [&'static str] = &["missing", "order", "length", "quarter", "overlap"];

    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let Some(node) = view.doc.node() else { return };
        let mut milestones = Vec::new();
        if view.doc.subject.kind.is_record() {
            milestones.extend(node.get("milestone").and_then(|node| self.milestone(node)));
        } else {
            self.collect(node, &mut milestones);
        }
        for milestone in &milestones {
            self.judge(milestone, view, sink);
        }
        overlaps(&milestones, view, sink);
    }

    fn collect<'n>(&self, node: &'n Node, found: &mut Vec<Milestone<'n>>) {
        if let Some(milestone) = self.milestone(node).filter(|_| has_dates(node)) {
            found.push(milestone);
            return;
        }
        match &node.value {
            Value::Scalar(_) => {}
            Value::List(items) => items.iter().for_each(|item| self.collect(item, found)),
            Value::Map(entries) => entries.iter().for_each(|entry| self.collect(&entry.value, found)),
        }
    }

    fn milestone<'n>(&self, node: &'n Node) -> Option<Milestone<'n>> {
        let title = node.get("title")?;
        let (title, title_span) = (title.as_str()?.trim(), title.span);
        let is_active = node.get("state").and_then(Node::as_str) == Some("active");
        let is_open_ended = self.open_ended.iter().any(|name| folded(name) == folded(title));
        (is_active && !is_open_ended).then(|| Milestone {
            title,
            title_span,
            start: when(node, "start_date"),
            due: when(node, "due_date"),
            sprint: self.sprint_pattern.is_match(title)
                && !self.not_sprint.as_ref().is_some_and(|pattern| pattern.is_match(title)),
            quarter: Quarter::of(title, &self.quarter_pattern),
        })
    }

    fn judge(&self, milestone: &Milestone<'_>, view: View<'_>, sink: &mut Sink<'_>) {
        let text = view.doc.text();
        let mut say = |span: Span, variant: &str, other: &str| {
            let values = [("hit", span.of(text)), ("title", milestone.title), ("other", other)];
            let once = format!("{}\0{variant}\0{other}\0{}", milestone.title, span.of(text));
            sink.report(Hit { shared: Some(once), ..Hit::at(span, &values).variant(variant) });
        };
        if self.require_dates_for == Which::All || milestone.sprint || milestone.quarter.is_some() {
            match (milestone.start, milestone.due) {
                (When::Absent, When::Absent) => say(milestone.title_span, "missing", "start and due date"),
                (start, due) => {
                    for (when, name) in [(start, "start date"), (due, "due date")] {
                        match when {
                            When::Absent => say(milestone.title_span, "missing", name),
                            When::Missing(key) => say(key, "missing", name),
                            When::Unreadable | When::Given(..) => {}
                        }
                    }
                }
            }
        }
        if let (When::Given(start, _), When::Given(due, span)) = (milestone.start, milestone.due) {
            let days = days_between(start, due) + 1;
            if days < 1 {
                say(span, "order", &start.to_string());
            } else if milestone.sprint && days > self.sprint_days {
                say(span, "length", &days.to_string());
            }
        }
        let month = self.fiscal_year_start_month;
        let Some((from, to)) = milestone.quarter.and_then(|q| Some((q.start(month)?, q.end(month)?))) else {
            return;
        };
        for when in [milestone.start, milestone.due] {
            let When::Given(day, span) = when else { continue };
            let misses = days_between(day, from).max(days_between(to, day));
            if misses > self.quarter_slack_days {
                say(span, "quarter", &format!("{from} to {to}"));
            }
        }
    }
}

/// Reports every sprint that begins before the one before it has ended.
fn overlaps(milestones: &[Milestone<'_>], view: View<'_>, sink: &mut Sink<'_>) {
    let mut sprints: Vec<_> = milestones
        .iter()
        .filter_map(|milestone| match (milestone.start, milestone.due) {
            (When::Given(start, span), When::Given(due, _)) if milestone.sprint && start <= due => {
                Some((start, due, span, milestone))
            }
            _ => None,
        })
        .collect();
    sprints.sort_by_key(|(start, due, ..)| (*start, *due));
    for pair in sprints.windows(2) {
        let [(_, due, _, earlier), (start, _, span, later)] = pair else { continue };
        if start <= due {
            let hit = span.of(view.doc.text());
            let values = [("hit", hit), ("title", later.title), ("other", earlier.title)];
            let hit = Hit::at(*span, &values).variant("overlap");
            sink.report(hit.related(earlier.title_span, "the sprint before"));
        }
    }
}

fn when(node: &Node, key: &str) -> When {
    let Some(entry) = node.entry(key) else { return When::Absent };
    match entry.value.as_str().map(str::trim).filter(|text| !text.is_empty()) {
        None => When::Missing(entry.key_span),
        Some(text) => exact_day(text).map_or(When::Unreadable, |day| When::Given(day, entry.value.span)),
    }
}

/// Whether an entry of a data file is a milestone: others have a title too.
fn has_dates(node: &Node) -> bool {
    node.entry("start_date").is_some() || node.entry("due_date").is_some()
}
