//! Commitments that shifted in the middle of a milestone: their label goes, and may come back later.

use serde::Deserialize;

use super::{HOUR, moves, release};
use crate::check::{Hit, Sink, View};
use crate::cond::{date_of, same_folded};
use crate::document::Document;
use crate::document::event::{end_of, timestamp};
use crate::document::field::Mark;
use crate::document::milestone_event::{MilestoneEvent, Stop};

/// The labels of a commitment, and the time there is to correct them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shifts {
    labels: Vec<String>,
    /// Hours in which the label goes and managers are told.
    settle_hours: i64,
    /// Whether a comment has to mention one of the managers.
    require_note: bool,
    managers: Vec<String>,
}

impl Shifts {
    pub const VARIANTS: &'static [&'static str] = &["kept", "untold"];

    /// Looks at the last shift; those before it are history.
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let doc = view.doc;
        let labels = doc.field("labels");
        let Some(label) = labels.values.iter().find(|mark| self.commits(&mark.text)) else { return };
        let Some(events) = moves(doc) else { return sink.not_checked("the record has no milestone events") };
        let Some(shift) = events.iter().rev().find(|event| is_shift(event)) else { return };
        let Some(at) = timestamp(shift.at).map(|at| at.as_second()) else { return };
        let settled = at + self.settle_hours * HOUR;
        if end_of(view.world.today).is_none_or(|now| now.as_second() < settled) {
            return;
        }
        let Some(changes) = self.changes(doc) else {
            return sink.not_checked("the record has no label events");
        };
        let before = changes.iter().rfind(|(time, _)| *time < at).map(|(_, added)| *added);
        let first_after = changes.iter().find(|(time, _)| *time >= at).map(|(_, added)| *added);
        // Without an event before the shift, the first one after it tells what went before.
        let was_on = before.unwrap_or(first_after != Some(true));
        let removed = changes.iter().any(|(time, added)| !added && (at..=settled).contains(time));
        if was_on && !removed {
            report(view, label, shift, "kept", sink);
        }
        if was_on && self.require_note && !self.is_told(doc, at, settled) {
            report(view, label, shift, "untold", sink);
        }
    }

    fn commits(&self, label: &str) -> bool {
        self.labels.iter().any(|own| same_folded(own, label))
    }

    /// When the label was added (`true`) and removed, the earliest first; `None` where the record does not tell.
    fn changes(&self, doc: &Document<'_>) -> Option<Vec<(i64, bool)>> {
        let node = doc.node()?;
        ["resource_label_events", "label_events", "events"].iter().find_map(|key| node.get(key))?;
        let events = doc.label_events().into_iter().filter(|event| self.commits(event.label));
        let mut changes: Vec<_> =
            events.filter_map(|event| Some((timestamp(event.at)?.as_second(), event.added))).collect();
        changes.sort_unstable();
        Some(changes)
    }

    /// Whether a comment of that time mentions a manager; comments that the record lacks tell nothing.
    fn is_told(&self, doc: &Document<'_>, at: i64, settled: i64) -> bool {
        let Some(comments) = doc.comments() else { return true };
        comments.iter().filter(|comment| !comment.system).any(|comment| {
            let time = comment.at.and_then(timestamp).map(|time| time.as_second());
            let names = |manager: &String| {
                let manager = manager.trim_start_matches('@');
                let goes_on = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
                let mut mentions = comment.body.split('@').skip(1);
                mentions.any(|rest| rest.strip_prefix(manager).is_some_and(|rest| !rest.starts_with(goes_on)))
            };
            time.is_none_or(|time| (at..=settled).contains(&time)) && self.managers.iter().any(names)
        })
    }
}

/// Whether the event left a milestone that had begun for a later one.
fn is_shift(event: &MilestoneEvent<'_>) -> bool {
    let day = |text: Option<&str>| text.and_then(date_of);
    let (Some(from), Some(to)) = (event.from, event.to) else { return false };
    let begun = day(from.start).zip(date_of(event.at)).is_some_and(|(start, at)| start < at);
    let later = match (release(Some(from)), release(Some(to))) {
        (Some(from), Some(to)) => from < to,
        _ => {
            let is_later = |key: fn(&Stop<'_>) -> Option<jiff::civil::Date>| Some(key(&from)? < key(&to)?);
            is_later(|stop| stop.start.and_then(date_of))
                .or_else(|| is_later(|stop| stop.due.and_then(date_of)))
                .unwrap_or(false)
        }
    };
    begun && later
}

fn report(view: View<'_>, label: &Mark<'_>, shift: &MilestoneEvent<'_>, variant: &str, sink: &mut Sink<'_>) {
    let title = |stop: Option<Stop<'_>>| stop.map_or("", |stop| stop.title).to_owned();
    let (from, to) = (title(shift.from), title(shift.to));
    let at = shift.at.get(..10).unwrap_or(shift.at);
    let values = [("hit", label.span.of(view.doc.text())), ("from", &from), ("to", &to), ("at", at)];
    sink.report(Hit::at(label.span, &values).variant(variant).related(shift.span, "the move"));
}
