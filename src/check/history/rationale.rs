//! Moves of planned work to a milestone without a plan: somebody says why.

use serde::Deserialize;

use super::{HOUR, moves, release};
use crate::check::{Hit, Sink, View};
use crate::cond::{date_of, days_between, folded};
use crate::diagnostic::Severity;
use crate::document::comment::Comment;
use crate::document::event::{end_of, timestamp};
use crate::document::flat::count_words;
use crate::document::milestone_event::{MilestoneEvent, Stop};
use crate::pattern::Pattern;

/// Days of a release, at most.
const RELEASE: i64 = 31;

/// Which moves are explained, and what counts as an explanation.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moves {
    /// The milestones without a plan.
    special: Vec<String>,
    /// The one of them that waits for demand.
    demand: String,
    before_hours: i64,
    after_hours: i64,
    /// Words of an explanation.
    min_words: usize,
    /// How many releases ahead a plan is near.
    near_releases: i64,
    /// Users that explain nothing.
    bots: Vec<Pattern>,
    /// Whether moves from demand to a release are looked at.
    check_exit: bool,
    /// What tells that the demand was validated.
    validation_terms: Vec<String>,
    ignore_events_older_than_days: i64,
}

impl Moves {
    pub const VARIANTS: &'static [&'static str] = &["exit"];

    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let doc = view.doc;
        let Some(events) = moves(doc) else {
            let parked = doc.field("milestone").first().is_some_and(|title| self.is_special(&title.text));
            if parked {
                sink.not_checked("the record has no milestone events");
            }
            return;
        };
        let parks = |event: &MilestoneEvent<'_>| {
            release(event.from).is_some() && event.to.is_some_and(|stop| self.is_special(stop.title))
        };
        let leaves = |event: &MilestoneEvent<'_>| {
            let waited = |stop: Stop<'_>| folded(stop.title) == folded(&self.demand);
            self.check_exit && event.from.is_some_and(waited) && release(event.to).is_some()
        };
        for event in events.iter().filter(|event| self.is_due(view, event)) {
            if !parks(event) && !leaves(event) {
                continue;
            }
            let Some(comments) = doc.comments() else { return sink.not_checked("the record has no `notes`") };
            let mut near = comments.iter().filter(|comment| self.is_near(event, comment));
            if parks(event) {
                if !near.any(|comment| words(comment) >= self.min_words) {
                    report(view, event, "", self.severity(event), sink);
                }
            } else {
                let description = doc.field("description");
                let told = description.first().is_some_and(|mark| self.validates(&mark.text));
                if !told && !near.any(|comment| self.validates(comment.body)) {
                    report(view, event, "exit", None, sink);
                }
            }
        }
    }

    fn is_special(&self, title: &str) -> bool {
        self.special.iter().any(|special| folded(special) == folded(title))
    }

    /// Whether the time for an explanation is over, but not long ago.
    fn is_due(&self, view: View<'_>, event: &MilestoneEvent<'_>) -> bool {
        let today = view.world.today;
        let recent = date_of(event.at)
            .is_some_and(|day| days_between(day, today) <= self.ignore_events_older_than_days);
        let over = timestamp(event.at)
            .zip(end_of(today))
            .is_some_and(|(at, now)| at.as_second() + self.after_hours * HOUR <= now.as_second());
        recent && over
    }

    /// Whether somebody wrote the comment about the time of the event.
    fn is_near(&self, event: &MilestoneEvent<'_>, comment: &Comment<'_>) -> bool {
        let whole =
            |pattern: &Pattern, name: &str| pattern.find(name).is_some_and(|found| found.len() == name.len());
        let by_bot = comment.author.is_some_and(|author| self.bots.iter().any(|bot| whole(bot, author)));
        let apart = comment
            .at
            .and_then(timestamp)
            .zip(timestamp(event.at))
            .map(|(comment, event)| comment.as_second() - event.as_second());
        let near =
            apart.is_none_or(|apart| (-self.before_hours * HOUR..=self.after_hours * HOUR).contains(&apart));
        !comment.system && !by_bot && near
    }

    fn validates(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.validation_terms.iter().any(|term| text.contains(&term.to_lowercase()))
    }

    /// A plan that was far away is given up with less harm; where its dates are not told, it counts as near.
    fn severity(&self, event: &MilestoneEvent<'_>) -> Option<Severity> {
        let due = event.from.and_then(|stop| date_of(stop.due?))?;
        let days = days_between(date_of(event.at)?, due);
        (days > (self.near_releases + 1) * RELEASE).then_some(Severity::Info)
    }
}

/// The words that the author wrote: no quotes, quick actions, links, mentions or references.
fn words(comment: &Comment<'_>) -> usize {
    let Some(outline) = comment.outline else { return count_words(comment.body) };
    let base = comment.span.start as usize;
    let own = outline.prose().filter(|piece| !piece.link && !outline.is_quoted(piece.span.start));
    let texts = own.filter_map(|piece| {
        comment.body.get(
            (piece.span.start as usize).checked_sub(base)?..(piece.span.end as usize).checked_sub(base)?,
        )
    });
    let words = texts
        .flat_map(str::split_whitespace)
        .filter(|word| !word.starts_with(['@', '#', '!', '%', '~', '&']));
    words.map(count_words).sum()
}

fn report(
    view: View<'_>,
    event: &MilestoneEvent<'_>,
    variant: &str,
    severity: Option<Severity>,
    sink: &mut Sink<'_>,
) {
    let title = |stop: Option<Stop<'_>>| stop.map_or("", |stop| stop.title).to_owned();
    let at = event.at.get(..10).unwrap_or(event.at);
    let user = event.user.map_or_else(|| "somebody".to_owned(), |user| format!("@{user}"));
    let (from, to) = (title(event.from), title(event.to));
    let values =
        [("hit", event.span.of(view.doc.text())), ("from", &from), ("to", &to), ("at", at), ("user", &user)];
    sink.report(Hit { severity, ..Hit::at(event.span, &values).variant(variant) });
}
