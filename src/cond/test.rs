//! What is asked of one field.

mod need;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, de::Error};

use super::words::holds_term;
use super::{begins, date_of, days_between, exact_day, same_folded};
use crate::document::field::{Glance, Presence};
use crate::document::metadata::scope;
use crate::globs::Globs;
use crate::pattern::Pattern;
use crate::world::World;
use crate::yaml::{DecodeError, Node, from_node};

/// What is asked of one field; all that is given must hold.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Test {
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
    /// What is asked, where that is one thing only.
    #[serde(skip)]
    alone: Option<Alone>,
}

/// The one thing that most tests ask.
#[derive(Clone, Copy, Debug)]
enum Alone {
    /// One of `any` is among the values.
    Any,
    /// None of `none` is.
    None,
    /// The field is `present`.
    Present,
}

impl Test {
    /// Reads a test; a scalar stands for `is`.
    ///
    /// # Errors
    /// On unknown tests and broken patterns, at their place.
    pub fn read(node: &Node) -> Result<Self, DecodeError> {
        if let Some(value) = node.as_str() {
            return Ok(Self { is: Some(value.to_owned()), ..Self::default() });
        }
        let alone = match node.entries() {
            [entry] => match entry.key.as_str() {
                "any" => Some(Alone::Any),
                "none" => Some(Alone::None),
                "present" => Some(Alone::Present),
                _ => None,
            },
            _ => None,
        };
        from_node(node).map(|test| Self { alone, ..test })
    }

    /// Whether one value satisfies the tests on values.
    pub fn accepts(&self, value: &str) -> bool {
        let among = |list: &Option<Vec<String>>| {
            list.as_ref().is_none_or(|list| list.iter().any(|item| self.same(item, value)))
        };
        self.is.as_ref().is_none_or(|is| self.same(is, value))
            && among(&self.any)
            && self.none.as_ref().is_none_or(|list| list.iter().all(|item| !self.same(item, value)))
            && self.prefix.as_ref().is_none_or(|prefix| begins(value, prefix))
            && self.matches.as_ref().is_none_or(|pattern| pattern.is_match(value))
            && self.not_matches.as_ref().is_none_or(|pattern| !pattern.is_match(value))
            && self.glob.as_ref().is_none_or(|globs| globs.has(value))
    }

    /// Whether the test holds; `None` where the record lacks the field and the test needs it.
    pub fn holds(&self, field: Glance<'_>, world: &World) -> Option<bool> {
        let known = |answer: bool| (field.presence != Presence::Absent).then_some(answer);
        let one_of =
            |list: &Vec<String>| field.values.iter().any(|mark| list.iter().any(|of| *of == mark.text));
        match (self.alone, &self.any, &self.none, self.present) {
            (Some(Alone::Any), Some(any), ..) => known(one_of(any)),
            (Some(Alone::None), _, Some(none), _) => Some(!one_of(none)),
            (Some(Alone::Present), .., Some(present)) => known(present == (field.presence == Presence::Set)),
            _ => self.holds_all(field, world),
        }
    }

    fn holds_all(&self, field: Glance<'_>, world: &World) -> Option<bool> {
        let kept = |value: &&str| {
            !self.except.iter().any(|other| self.same(other, value))
                && !self.besides.iter().any(|other| value.starts_with(other.as_str()))
                && self.counting.as_ref().is_none_or(|pattern| pattern.is_match(value))
        };
        let values = || field.values.iter().map(|mark| &*mark.text).filter(kept);
        let has = |wanted: &String| values().any(|value| self.same(wanted, value));
        if self.none.as_ref().is_some_and(|list| list.iter().any(has)) {
            return Some(false);
        }
        if self.not_matches.as_ref().is_some_and(|pattern| values().any(|value| pattern.is_match(value))) {
            return Some(false);
        }
        if self.given.is_some_and(|given| given != (field.presence == Presence::Set)) {
            return Some(false);
        }
        if !self.needs_value() {
            return Some(true);
        }
        if field.presence == Presence::Absent {
            return None;
        }
        let count = values().count();
        let day = || field.first().and_then(|mark| date_of(&mark.text));
        let number = || field.first().and_then(|mark| mark.text.parse::<f64>().ok());
        Some(
            self.present.is_none_or(|present| present == (field.presence == Presence::Set))
                && self.is.as_ref().is_none_or(has)
                && self.any.as_ref().is_none_or(|list| list.iter().any(has))
                && self.all.as_ref().is_none_or(|list| list.iter().all(has))
                && self.prefix.as_ref().is_none_or(|prefix| values().any(|value| begins(value, prefix)))
                && self
                    .scope
                    .as_deref()
                    .is_none_or(|wanted| values().any(|value| scope(value) == Some(wanted)))
                && self.only.as_ref().is_none_or(|only| {
                    let begins =
                        |value: &&str| self.prefix.as_ref().is_none_or(|prefix| begins(value, prefix));
                    values().filter(begins).all(|value| only.iter().any(|item| self.same(item, value)))
                })
                && self
                    .prefixes
                    .as_ref()
                    .is_none_or(|list| list.iter().all(|prefix| values().any(|value| begins(value, prefix))))
                && self.under.as_ref().is_none_or(|list| {
                    values().any(|value| list.iter().any(|path| value == path || lies_below(value, path)))
                })
                && self.matches.as_ref().is_none_or(|pattern| values().any(|value| pattern.is_match(value)))
                && self.matches_any.as_ref().is_none_or(|patterns| {
                    values().any(|value| patterns.iter().any(|pattern| pattern.is_match(value)))
                })
                && self.words.as_ref().is_none_or(|terms| values().any(|value| holds_term(value, terms)))
                && self.at_most.is_none_or(|most| number().is_none_or(|number| number <= most))
                && self.since.is_none_or(|since| day().is_some_and(|day| day >= since))
                && self.min.is_none_or(|min| count >= min)
                && self.max.is_none_or(|max| count <= max)
                && self.past.is_none_or(|past| day().is_some_and(|day| (day < world.today) == past))
                && self
                    .older_than_days
                    .is_none_or(|days| day().is_some_and(|day| days_between(day, world.today) > days))
                && self.glob.as_ref().is_none_or(|globs| values().any(|value| globs.has(value))),
        )
    }

    /// Days after its date on which the test does not hold yet, and holds from then on.
    pub(super) fn limit(&self) -> Option<i64> {
        self.older_than_days.or((self.past == Some(true)).then_some(0))
    }

    fn same(&self, wanted: &str, value: &str) -> bool {
        wanted == value || (self.fold && same_folded(wanted, value))
    }

    fn needs_value(&self) -> bool {
        self.present.is_some()
            || self.is.is_some()
            || self.any.is_some()
            || self.all.is_some()
            || self.prefix.is_some()
            || self.scope.is_some()
            || self.only.is_some()
            || self.prefixes.as_ref().is_some_and(|list| !list.is_empty())
            || self.under.is_some()
            || self.matches.is_some()
            || self.matches_any.is_some()
            || self.words.is_some()
            || self.at_most.is_some()
            || self.since.is_some()
            || self.min.is_some()
            || self.max.is_some()
            || self.past.is_some()
            || self.older_than_days.is_some()
            || self.glob.as_ref().is_some_and(|globs| !globs.is_empty())
    }
}

fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
    exact_day(&text).map(Some).ok_or_else(|| D::Error::custom("expected a day, `YYYY-MM-DD`"))
}

fn lies_below(value: &str, path: &str) -> bool {
    begins(value, path) && value.get(path.len()..).is_some_and(|rest| rest.starts_with('/'))
}
