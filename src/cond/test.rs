//! What is asked of one field.

mod need;
mod written;

use jiff::civil::Date;
use serde::Deserialize;

use self::written::Written;
use super::words::holds_term;
use super::{begins, date_of, days_between, same_folded};
use crate::document::field::{Glance, Presence};
use crate::document::metadata::scope;
use crate::globs::Globs;
use crate::pattern::Pattern;
use crate::world::World;
use crate::yaml::{DecodeError, Node, from_node};

/// What is asked of one field; all that is given must hold.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "Written")]
pub struct Test {
    /// Values are compared by their letters and digits alone, in any letter case.
    fold: bool,
    /// Which values count, where not all do.
    counted: Option<Box<Counted>>,
    /// First what a field that the record lacks answers too.
    asks: Vec<Ask>,
}

/// Which values count.
#[derive(Clone, Debug)]
struct Counted {
    except: Vec<String>,
    besides: Vec<String>,
    matching: Option<Pattern>,
}

/// One thing that is asked, as [`Written`] names it.
#[derive(Clone, Debug)]
enum Ask {
    None(Vec<String>),
    NotMatches(Pattern),
    Given(bool),
    Present(bool),
    Is(String),
    Any(Vec<String>),
    All(Vec<String>),
    Prefix(String),
    Scope(String),
    Only { values: Vec<String>, prefix: Option<String> },
    Prefixes(Vec<String>),
    Under(Vec<String>),
    Matches(Pattern),
    MatchesAny(Vec<Pattern>),
    Words(Vec<String>),
    AtMost(f64),
    Since(Date),
    Min(usize),
    Max(usize),
    Past(bool),
    OlderThanDays(i64),
    Glob(Box<Globs>),
}

impl Test {
    /// Reads a test; a scalar stands for `is`.
    ///
    /// # Errors
    /// On unknown tests and broken patterns, at their place.
    pub fn read(node: &Node) -> Result<Self, DecodeError> {
        match node.as_str() {
            Some(value) => Ok(Self { asks: vec![Ask::Is(value.to_owned())], ..Self::default() }),
            None => from_node(node),
        }
    }

    /// Whether the test holds; `None` where the record lacks the field and the test needs it.
    pub fn holds(&self, field: Glance<'_>, world: &World) -> Option<bool> {
        let absent = field.presence == Presence::Absent;
        for ask in &self.asks {
            if absent && ask.needs_field() {
                return None;
            }
            if !self.passes(ask, field, world) {
                return Some(false);
            }
        }
        Some(true)
    }

    fn passes(&self, ask: &Ask, field: Glance<'_>, world: &World) -> bool {
        let values = || field.values.iter().map(|mark| &*mark.text).filter(|value| self.counts(value));
        let has = |wanted: &String| values().any(|value| self.same(wanted, value));
        let day = || field.first().and_then(|mark| date_of(&mark.text));
        match ask {
            Ask::None(list) => !list.iter().any(has),
            Ask::NotMatches(pattern) => !values().any(|value| pattern.is_match(value)),
            Ask::Given(set) | Ask::Present(set) => *set == (field.presence == Presence::Set),
            Ask::Is(wanted) => has(wanted),
            Ask::Any(list) => list.iter().any(has),
            Ask::All(list) => list.iter().all(has),
            Ask::Prefix(prefix) => values().any(|value| begins(value, prefix)),
            Ask::Scope(wanted) => values().any(|value| scope(value) == Some(wanted)),
            Ask::Only { values: only, prefix } => values()
                .filter(|value| prefix.as_ref().is_none_or(|prefix| begins(value, prefix)))
                .all(|value| only.iter().any(|item| self.same(item, value))),
            Ask::Prefixes(list) => list.iter().all(|prefix| values().any(|value| begins(value, prefix))),
            Ask::Under(list) => {
                values().any(|value| list.iter().any(|path| value == path || lies_below(value, path)))
            }
            Ask::Matches(pattern) => values().any(|value| pattern.is_match(value)),
            Ask::MatchesAny(patterns) => {
                values().any(|value| patterns.iter().any(|pattern| pattern.is_match(value)))
            }
            Ask::Words(terms) => values().any(|value| holds_term(value, terms)),
            Ask::AtMost(most) => {
                let number = field.first().and_then(|mark| mark.text.parse::<f64>().ok());
                number.is_none_or(|number| number <= *most)
            }
            Ask::Since(since) => day().is_some_and(|day| day >= *since),
            Ask::Min(min) => values().count() >= *min,
            Ask::Max(max) => values().count() <= *max,
            Ask::Past(past) => day().is_some_and(|day| (day < world.today) == *past),
            Ask::OlderThanDays(days) => day().is_some_and(|day| days_between(day, world.today) > *days),
            Ask::Glob(globs) => values().any(|value| globs.has(value)),
        }
    }

    /// Days after its date on which the test does not hold yet, and holds from then on.
    pub(super) fn limit(&self) -> Option<i64> {
        self.asks.iter().find_map(|ask| match ask {
            Ask::OlderThanDays(days) => Some(*days),
            Ask::Past(true) => Some(0),
            _ => None,
        })
    }

    fn counts(&self, value: &str) -> bool {
        self.counted.as_deref().is_none_or(|Counted { except, besides, matching }| {
            !except.iter().any(|other| self.same(other, value))
                && !besides.iter().any(|other| value.starts_with(other.as_str()))
                && matching.as_ref().is_none_or(|pattern| pattern.is_match(value))
        })
    }

    fn same(&self, wanted: &str, value: &str) -> bool {
        wanted == value || (self.fold && same_folded(wanted, value))
    }
}

impl Ask {
    /// Whether it cannot be answered where the record lacks the field.
    fn needs_field(&self) -> bool {
        !matches!(self, Self::None(_) | Self::NotMatches(_) | Self::Given(_))
    }
}

fn lies_below(value: &str, path: &str) -> bool {
    begins(value, path) && value.get(path.len()..).is_some_and(|rest| rest.starts_with('/'))
}
