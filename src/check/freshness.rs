//! A date in the text of a page that says when it was last looked at: that it is there, valid and recent.

pub(super) mod category;
pub(super) mod change;
mod marker;
mod rendered;

use serde::Deserialize;

use self::category::Category;
use self::marker::{Marker, Spellings};
use super::owners::owners_of;
use super::{Hit, Sink, View};
use crate::cond::{days_between, exact_day};
use crate::diagnostic::{Edit, Fix};
use crate::document::Document;
use crate::globs::Globs;
use crate::scan::Need;
use crate::subject::Role;
use crate::text::Span;

/// What is asked of the date of a page.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Freshness {
    /// The pages that have a date.
    page_globs: Globs,
    /// Pages of these globs that have none.
    exempt_globs: Globs,
    /// The words before the date.
    marker: String,
    /// All spellings of these words.
    accept: Spellings,
    /// What is looked for.
    find: Find,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Find {
    /// Pages without a valid date at their top.
    Missing(Missing),
    /// Pages whose date is long ago, or stayed while the text changed.
    Stale(Stale),
}

/// Which pages need a date, and where.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Missing {
    /// Which pages need one.
    pages: Category,
    /// The last line, counted from the top of the text, that is still the top.
    max_line: usize,
}

/// When a date is too old.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stale {
    /// Days that a review is valid.
    #[serde(deserialize_with = "super::range::days")]
    max_age_days: i64,
    /// Changed words that make a change worth a review.
    min_changed_words: usize,
    /// Where the owners of pages are named, for one finding per owner.
    codeowners: Vec<String>,
}

impl Freshness {
    /// The values that messages may name.
    pub const VALUES: &'static [&'static str] = &["hit", "marker", "days", "today", "owners"];

    /// The variants the check may report.
    pub fn variants(&self) -> Vec<&str> {
        match self.find {
            Find::Missing(_) => vec!["missing", "invalid", "not-at-top", "spelling"],
            Find::Stale(_) => vec!["stale", "spread", "not-bumped"],
        }
    }

    /// What a text must contain: nothing, as the words may be missing, and the paths say which pages are read.
    pub fn need(&self) -> Need {
        Need::Nothing
    }

    /// Looks at the date of a page, or at the pages that a merge request changes.
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        match (&self.find, view.doc.subject.path.as_deref()) {
            (Find::Missing(missing), Some(path)) if self.covers(path) => {
                self.presence(missing, view, path, sink);
            }
            (Find::Stale(stale), Some(path)) if self.covers(path) => self.age(stale, view, sink),
            (Find::Stale(stale), None) => self.changes(stale, view, sink),
            _ => {}
        }
    }

    fn covers(&self, path: &str) -> bool {
        self.page_globs.has(path) && !self.exempt_globs.has(path)
    }

    /// The first marker of a page's text.
    fn marker_of(&self, document: &Document<'_>) -> Option<Marker> {
        let bodies = document.outlines().iter().filter(|outline| outline.role == Role::Body);
        bodies.filter_map(|outline| marker::find(document.text(), outline, &self.accept, &self.marker)).next()
    }

    fn presence(&self, missing: &Missing, view: View<'_>, path: &str, sink: &mut Sink<'_>) {
        let (doc, today) = (view.doc, view.world.today.to_string());
        let report = |sink: &mut Sink<'_>, span: Span, variant: &str, hit: &str, fix| {
            let values = [("hit", hit), ("marker", self.marker.as_str()), ("today", today.as_str())];
            sink.report(Hit::at(span, &values).variant(variant).fix(fix));
        };
        let top = doc.body().map_or(0, |body| body.span.start);
        let Some(marker) = self.marker_of(doc) else {
            if missing.pages.has(doc, view.world, path) {
                let place = category::title(doc).unwrap_or(Span { start: top, end: top });
                let fix = self.insertion(doc, top, &today);
                report(sink, place, "missing", place.of(doc.text()), Some(fix));
            }
            return;
        };
        if let Some(date) = &marker.date
            && exact_day(date).is_none_or(|day| day > view.world.today)
        {
            report(sink, marker.date_span, "invalid", date, None);
        }
        let span = marker.span();
        let line = doc.lines().line_of(span.start) + 1 - doc.lines().line_of(top);
        if line > missing.max_line {
            report(sink, span, "not-at-top", span.of(doc.text()), None);
        }
        if marker.date.is_some() && marker.spelling != self.marker {
            let fix = self.respelling(doc.text(), &marker);
            report(sink, span, "spelling", &marker.spelling, fix);
        }
    }

    /// Puts today's date before the first heading; only a person knows whether the review took place.
    fn insertion(&self, doc: &Document<'_>, top: u32, today: &str) -> Fix {
        let heading = doc.body().and_then(|body| body.headings.first());
        let at = heading.map_or(top, |heading| heading.span.start);
        let newline = if doc.text().contains("\r\n") { "\r\n" } else { "\n" };
        let text = format!("{}: {today}{newline}{newline}", self.marker);
        Fix {
            title: format!("Insert `{}: {today}` once the review took place", self.marker),
            safe: false,
            edits: vec![Edit { span: Span { start: at, end: at }, text }],
        }
    }

    /// Rewrites the words and keeps the date; inside a sentence the words could not stand as they are.
    fn respelling(&self, text: &str, marker: &Marker) -> Option<Fix> {
        let gap = Span { start: marker.words.end, end: marker.date_span.start };
        let in_line = !gap.of(text).contains(['|', '<', '*', '_', '`', '\n']);
        let (span, words) = if in_line {
            (Span { end: gap.end, ..marker.words }, format!("{}: ", self.marker))
        } else {
            (marker.words, self.marker.clone())
        };
        marker.leads.then(|| Fix {
            title: format!("Write `{}`", self.marker),
            safe: true,
            edits: vec![Edit { span, text: words }],
        })
    }

    fn age(&self, stale: &Stale, view: View<'_>, sink: &mut Sink<'_>) {
        let Some(marker) = self.marker_of(view.doc) else { return };
        if let Some(days) = stale.age(&marker, view) {
            let fix = Fix {
                title: format!("Set the date to {} once the review took place", view.world.today),
                safe: false,
                edits: vec![Edit { span: marker.date_span, text: view.world.today.to_string() }],
            };
            if let Some(owners) = stale.digest(view, sink) {
                let date = marker.date_span.of(view.doc.text());
                let values = [("hit", date), ("days", &*days.to_string()), ("owners", &*owners)];
                let hit = Hit::at(marker.date_span, &values).variant("spread").fix(Some(fix));
                return sink.report(Hit { shared: Some(owners.clone()), ..hit });
            }
            self.report_age(marker.date_span, "stale", days, &marker, Some(fix), sink);
        }
    }

    fn report_age(
        &self,
        span: Span,
        variant: &str,
        days: i64,
        marker: &Marker,
        fix: Option<Fix>,
        sink: &mut Sink<'_>,
    ) {
        let days = days.to_string();
        let date = marker.date.as_deref().unwrap_or_default();
        let values = [("hit", date), ("marker", self.marker.as_str()), ("days", days.as_str())];
        sink.report(Hit::at(span, &values).variant(variant).fix(fix));
    }
}

impl Stale {
    /// The owners of the page, where one finding stands for all of their pages.
    fn digest(&self, view: View<'_>, sink: &Sink<'_>) -> Option<String> {
        let path = view.doc.subject.path.as_deref().filter(|_| sink.wants("spread"))?;
        owners_of(path, &self.codeowners, view.world)
    }

    /// The days since the date of `marker`, where it is valid and too long ago.
    fn age(&self, marker: &Marker, view: View<'_>) -> Option<i64> {
        let day = exact_day(marker.date.as_deref()?)?;
        Some(days_between(day, view.world.today)).filter(|days| *days > self.max_age_days)
    }
}
