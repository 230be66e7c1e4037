//! Dates of levels: each level's date, the level reached, and today must tell one story.

use jiff::civil::Date;
use serde::Deserialize;

use super::route::Entry;
use crate::check::{Hit, Sink, View};
use crate::cond::{days_between, exact_day};
use crate::yaml::{Node, Value};

/// What [`Dates`] may report.
pub(super) const VARIANTS: [&str; 5] =
    ["order", "not-a-date", "future-but-reached", "passed", "missing-date"];

/// The keys of an entry that say which level it reached and when.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Dates {
    /// The key with the level reached.
    reached: String,
    /// Values of that key that are below every level.
    below: Vec<String>,
    /// The levels, lowest first.
    levels: Vec<Level>,
    /// How many days a level may be late.
    grace_days: i64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Level {
    /// The level's name.
    level: String,
    /// The key with its date.
    date: String,
}

/// A date with its rank and place.
struct Dated<'n> {
    rank: usize,
    key: &'n str,
    day: Date,
    node: &'n Node,
}

impl Dates {
    /// The keys it looks at.
    pub(super) fn keys(&self) -> Vec<String> {
        self.levels.iter().map(|level| &level.date).chain([&self.reached]).cloned().collect()
    }

    /// Reports what contradicts itself in `entry`.
    pub(super) fn check(&self, entry: &Entry<'_>, view: View<'_>, sink: &mut Sink<'_>) {
        let mut dated: Vec<Dated<'_>> = Vec::new();
        let mut empty = true;
        for (rank, level) in self.levels.iter().enumerate() {
            let Some(node) = entry.node.get(&level.date).filter(|node| !is_empty(node)) else { continue };
            empty = false;
            match node.as_str().and_then(exact_day) {
                Some(day) => dated.push(Dated { rank, key: &level.date, day, node }),
                None => {
                    let text = node.span.of(view.doc.text());
                    let values = [("hit", text), ("entry", entry.key()), ("key", &level.date)];
                    sink.report(Hit::at(node.span, &values).variant("not-a-date"));
                }
            }
        }
        for pair in dated.windows(2) {
            if let [earlier, later] = pair
                && later.day < earlier.day
            {
                let values = later.values(entry, earlier.key);
                let hit = Hit::at(later.node.span, &values).variant("order");
                sink.report(hit.related(earlier.node.span, format!("`{}` is later", earlier.key)));
            }
        }
        self.against_level(entry, &dated, empty, view.world.today, sink);
    }

    /// Compares the dates with the level that the entry says it has reached.
    fn against_level(
        &self,
        entry: &Entry<'_>,
        dated: &[Dated<'_>],
        empty: bool,
        today: Date,
        sink: &mut Sink<'_>,
    ) {
        let Some(node) = entry.node.get(&self.reached) else { return };
        let Some(name) = node.as_str().map(str::trim) else { return };
        let reached = self.levels.iter().position(|level| level.level.eq_ignore_ascii_case(name));
        if reached.is_none() && !self.below.iter().any(|below| below.eq_ignore_ascii_case(name)) {
            return;
        }
        if empty && reached.is_some() {
            let values = [("hit", name), ("entry", entry.key()), ("key", &self.reached)];
            sink.report(Hit::at(node.span, &values).variant("missing-date"));
        }
        for date in dated {
            let is_reached = reached.is_some_and(|reached| date.rank <= reached);
            let variant = match is_reached {
                true if date.day > today => "future-but-reached",
                false if days_between(date.day, today) > self.grace_days => "passed",
                _ => continue,
            };
            let values = date.values(entry, name);
            let related = format!("`{}` is `{name}`", self.reached);
            sink.report(Hit::at(date.node.span, &values).variant(variant).related(node.span, related));
        }
    }
}

impl<'n> Dated<'n> {
    fn values<'v>(&self, entry: &'v Entry<'n>, other: &'v str) -> [(&'static str, &'v str); 4]
    where
        'n: 'v,
    {
        let hit = self.node.as_str().unwrap_or_default();
        [("hit", hit), ("entry", entry.key()), ("key", self.key), ("other", other)]
    }
}

/// Whether a value says nothing: null, or blank text.
fn is_empty(node: &Node) -> bool {
    match &node.value {
        Value::Scalar(scalar) => node.is_null() || scalar.text.trim().is_empty(),
        Value::List(items) => items.is_empty(),
        Value::Map(entries) => entries.is_empty(),
    }
}
