//! Work that stays in a quarter that is over, and templates and pages that put new work there.

use jiff::civil::Date;
use serde::Deserialize;

use super::quarter::Quarter;
use crate::check::clock::{Clock, End};
use crate::check::quick_actions::code;
use crate::check::{Hit, Sink, View};
use crate::cond::days_between;
use crate::diagnostic::{Edit, Fix};
use crate::document::field::Presence;
use crate::document::metadata::milestone;
use crate::document::quick_action::QuickLine;
use crate::document::quick_action::arguments::own;
use crate::pattern::Pattern;
use crate::subject::Kind;
use crate::text::Span;

/// How quarters are written, and how long work may stay in one that is over.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rollover {
    quarter_pattern: Pattern,
    #[serde(deserialize_with = "crate::check::range::month")]
    fiscal_year_start_month: i8,
    /// Days after its end in which issues are moved on.
    grace_days: i64,
    /// The label of work that was carried over from an earlier quarter.
    carry_label: Option<String>,
}

impl Rollover {
    pub const VARIANTS: &'static [&'static str] = &["issue", "template", "page", "carried"];

    /// Whether it asks which milestones a record had before.
    pub fn looks_back(&self) -> bool {
        self.carry_label.is_some()
    }

    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        match view.doc.subject.kind {
            Kind::Page => {
                for line in code::lines(view.doc) {
                    self.command(view, &line, "page", sink);
                }
            }
            kind if kind.is_template() => {
                // The last one wins.
                let runs = |line: &&QuickLine| {
                    names_milestone(line, view.doc.text()) && line.runs(view.doc.text()).is_some()
                };
                if let Some(line) = view.doc.quick_lines().iter().rfind(runs) {
                    self.command(view, line, "template", sink);
                }
            }
            _ => self.record(view, sink),
        }
    }

    fn record(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let field = view.doc.field("milestone");
        let Some(title) = field.first() else { return };
        if self.days_over(&title.text, view).is_some_and(|days| days > self.grace_days) {
            self.report(view, field.place, &title.text, "issue", sink);
        }
        if let (Some(label), Some(now)) = (&self.carry_label, Quarter::of(&title.text, &self.quarter_pattern))
        {
            self.carried(view, now, label, sink);
        }
    }

    /// Where the record stands with the end of its quarter and the days of grace.
    pub(super) fn clock(&self, view: View<'_>, end: End) -> Option<Clock> {
        let field = view.doc.field("milestone");
        let last = self.end(&field.first()?.text)?;
        let due = last.checked_add(jiff::Span::new().try_days(self.grace_days).ok()?).ok()?;
        Some(Clock::until(due, end, view.world.today))
    }

    /// Reports work of the quarter `now` that was in an earlier one and does not say so.
    fn carried(&self, view: View<'_>, now: Quarter, label: &str, sink: &mut Sink<'_>) {
        let labels = view.doc.field("labels");
        if labels.presence == Presence::Absent || labels.values.iter().any(|mark| mark.text == label) {
            return;
        }
        let Some(events) = view.doc.milestone_events() else {
            return sink.not_checked("the record has no `resource_milestone_events`");
        };
        let earlier = events.iter().flat_map(|event| [event.from, event.to]).flatten().find(|stop| {
            let start = |quarter: Quarter| quarter.start(self.fiscal_year_start_month);
            Quarter::of(stop.title, &self.quarter_pattern).is_some_and(|before| start(before) < start(now))
        });
        if let Some(before) = earlier {
            let values = [("hit", before.title), ("title", before.title), ("other", label)];
            sink.report(Hit::at(labels.place, &values).variant("carried"));
        }
    }

    fn command(&self, view: View<'_>, line: &QuickLine, variant: &str, sink: &mut Sink<'_>) {
        let text = view.doc.text();
        if !names_milestone(line, text) {
            return;
        }
        let mark = milestone(text, own(text, line.argument).0);
        let Some(at) = mark.span.of(text).find(&*mark.text) else { return };
        if self.days_over(&mark.text, view).is_some_and(|days| days > 0) {
            let start = mark.span.start as usize + at;
            self.report(view, Span::new(start, start + mark.text.len()), &mark.text, variant, sink);
        }
    }

    /// Days since the quarter called `title` ended.
    fn days_over(&self, title: &str, view: View<'_>) -> Option<i64> {
        Some(days_between(self.end(title)?, view.world.today))
    }

    /// The last day of the quarter called `title`.
    fn end(&self, title: &str) -> Option<Date> {
        Quarter::of(title, &self.quarter_pattern)?.end(self.fiscal_year_start_month)
    }

    fn report(&self, view: View<'_>, span: Span, title: &str, variant: &str, sink: &mut Sink<'_>) {
        let current = Quarter::at(view.world.today, self.fiscal_year_start_month);
        let other = current.spelt_like(title, &self.quarter_pattern).unwrap_or_default();
        let fix = view.doc.subject.path.as_ref().map(|_| Fix {
            title: format!("Write `{other}`"),
            safe: false,
            edits: vec![Edit { span, text: other.clone() }],
        });
        let values = [("hit", span.of(view.doc.text())), ("title", title), ("other", &*other)];
        sink.report(Hit::at(span, &values).variant(variant).fix(fix));
    }
}

fn names_milestone(line: &QuickLine, text: &str) -> bool {
    line.command(text).is_some_and(|command| command.canonical == "milestone")
}
