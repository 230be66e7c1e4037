//! A test as a rule writes it.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, de::Error};

use super::{Ask, Counted, Test};
use crate::cond::exact_day;
use crate::globs::Globs;
use crate::pattern::Pattern;

/// What a rule may ask of one field.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct Written {
    /// The field has a value (`true`) or is empty (`false`).
    present: Option<bool>,
    /// The record carries the field with a value (`true`) or does not (`false`); a field it lacks answers too.
    given: Option<bool>,
    /// Values are compared by their letters and digits alone, in any letter case.
    fold: bool,
    /// Values that are passed over.
    except: Vec<String>,
    /// The value is this one.
    is: Option<String>,
    /// One of these is among the values.
    any: Option<Vec<String>>,
    /// All of these are among the values.
    all: Option<Vec<String>>,
    /// None of these is among the values; a field the record lacks passes.
    none: Option<Vec<String>>,
    /// A value begins with this and goes on.
    prefix: Option<String>,
    /// A value is a label of this scope: the scope ends at its last `::`.
    scope: Option<String>,
    /// The values, with `prefix` those that begin with it, are all among these.
    only: Option<Vec<String>>,
    /// For each of these a value begins with it and goes on.
    prefixes: Option<Vec<String>>,
    /// A value is one of these paths or lies below one.
    under: Option<Vec<String>>,
    /// A value matches this pattern.
    matches: Option<Pattern>,
    /// No value matches this pattern; a field the record lacks passes.
    not_matches: Option<Pattern>,
    /// A value matches one of these patterns.
    matches_any: Option<Vec<Pattern>>,
    /// Values that begin with one of these do not count.
    besides: Vec<String>,
    /// Only values that match this count.
    counting: Option<Pattern>,
    /// A value holds one of these terms as a whole word, in any letter case, in the plural too.
    words: Option<Vec<String>>,
    /// There are at least this many values.
    min: Option<usize>,
    /// There are at most this many values.
    max: Option<usize>,
    /// The value is a number, and at most this one.
    at_most: Option<f64>,
    /// The value is a date, this one or a later one.
    #[serde(deserialize_with = "day")]
    since: Option<Date>,
    /// The value is a date at least this many days before today.
    older_than_days: Option<i64>,
    /// The value is a date before today.
    past: Option<bool>,
    /// A path matches one of these globs.
    glob: Option<Globs>,
}

impl From<Written> for Test {
    fn from(written: Written) -> Self {
        let Written { except, besides, counting: matching, fold, .. } = written;
        let some_count = !except.is_empty() || !besides.is_empty() || matching.is_some();
        let only = |values| Ask::Only { values, prefix: written.prefix.clone() };
        let asks = [
            written.none.map(Ask::None),
            written.not_matches.map(Ask::NotMatches),
            written.given.map(Ask::Given),
            written.present.map(Ask::Present),
            written.is.map(Ask::Is),
            written.any.map(Ask::Any),
            written.all.map(Ask::All),
            written.only.map(only),
            written.prefix.map(Ask::Prefix),
            written.scope.map(Ask::Scope),
            written.prefixes.filter(|list| !list.is_empty()).map(Ask::Prefixes),
            written.under.map(Ask::Under),
            written.matches.map(Ask::Matches),
            written.matches_any.map(Ask::MatchesAny),
            written.words.map(Ask::Words),
            written.at_most.map(Ask::AtMost),
            written.since.map(Ask::Since),
            written.min.map(Ask::Min),
            written.max.map(Ask::Max),
            written.past.map(Ask::Past),
            written.older_than_days.map(Ask::OlderThanDays),
            written.glob.filter(|globs| !globs.is_empty()).map(|globs| Ask::Glob(Box::new(globs))),
        ];
        Self {
            fold,
            counted: some_count.then(|| Box::new(Counted { except, besides, matching })),
            asks: asks.into_iter().flatten().collect(),
        }
    }
}

fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
    exact_day(&text).map(Some).ok_or_else(|| D::Error::custom("expected a day, `YYYY-MM-DD`"))
}
