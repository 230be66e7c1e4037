//! The one predicate language of rules: conditions on the fields of a subject.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, de::Error};

use crate::document::{Document, Field, field::Presence};
use crate::globs::Globs;
use crate::pattern::Pattern;
use crate::world::World;
use crate::yaml::{DecodeError, Node, Value, from_node, suggestion};

mod days;
mod items;
mod scope;

use self::days::Days;
use self::items::Items;
use self::scope::Scope;

/// What is known about a condition on a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It holds.
    True,
    /// It does not.
    False,
    /// The record does not carry this field, so nothing can be said.
    Unknown(String),
}

/// Conditions that must all hold.
#[derive(Clone, Debug, Default)]
pub struct Cond {
    off: bool,
    fields: Vec<(String, Test)>,
    items: Vec<Items>,
    days: Vec<Days>,
    any_of: Vec<Cond>,
    not: Vec<Cond>,
}

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

/// Fields that are no REST keys but may be asked for.
const OWN_FIELDS: [&str; 8] =
    ["path", "file", "kind", "project", "description", "tasks", "templates", "first-template"];

/// The REST keys that conditions may name; front-matter keys are free.
const RECORD_FIELDS: [&str; 34] = [
    "iid",
    "title",
    "state",
    "draft",
    "confidential",
    "issue_type",
    "author",
    "assignees",
    "reviewers",
    "labels",
    "milestone",
    "iteration",
    "epic",
    "due_date",
    "start_date",
    "weight",
    "health_status",
    "severity",
    "created_at",
    "updated_at",
    "closed_at",
    "merged_at",
    "source_branch",
    "target_branch",
    "moved_to_id",
    "moved_to",
    "closed_as_duplicate_of",
    "duplicated_to",
    "duplicated_to_id",
    "links",
    "children",
    "notes",
    "web_url",
    "due",
];

impl Cond {
    /// Reads a condition. `free` allows keys that are no REST keys, for rules that read front matter.
    ///
    /// # Errors
    /// On unknown fields, unknown tests and broken patterns, at their place.
    pub fn read(node: &Node, free: bool) -> Result<Self, DecodeError> {
        let Value::Map(entries) = &node.value else {
            return Err(DecodeError::new(node.span, "expected a map from fields to tests"));
        };
        let mut cond = Self::default();
        for entry in entries {
            match entry.key.as_str() {
                // A constant, so that a parameter of the rule can switch a condition off.
                "if" => cond.off |= !from_node::<bool>(&entry.value)?,
                "any-of" => {
                    cond.any_of = entry
                        .value
                        .items()
                        .iter()
                        .map(|item| Self::read(item, free))
                        .collect::<Result<_, _>>()?;
                    if cond.any_of.is_empty() {
                        return Err(DecodeError::new(entry.value.span, "expected a list of conditions"));
                    }
                }
                "not" => cond.not.push(Self::read(&entry.value, free)?),
                "items" => cond.items.push(from_node(&entry.value)?),
                "days" => cond.days.push(from_node(&entry.value)?),
                field => {
                    let root = field.split(['.', '[']).next().unwrap_or_default();
                    if !free && !OWN_FIELDS.contains(&root) && !RECORD_FIELDS.contains(&root) {
                        let known: Vec<_> = OWN_FIELDS.into_iter().chain(RECORD_FIELDS).collect();
                        return Err(DecodeError::new(entry.key_span, format!("unknown field `{root}`"))
                            .with_help(Some(suggestion(root, &known))));
                    }
                    cond.fields.push((field.to_owned(), Test::read(&entry.value)?));
                }
            }
        }
        Ok(cond)
    }

    /// Whether the condition holds for `document`.
    pub fn holds(&self, document: &Document<'_>, world: &World) -> Verdict {
        self.holds_in(Scope::Document(document), world)
    }

    /// Whether the condition holds for `entry` of a list in a record.
    pub fn holds_for(&self, entry: &Node, world: &World) -> Verdict {
        self.holds_in(Scope::Entry(entry), world)
    }

    fn holds_in(&self, scope: Scope<'_>, world: &World) -> Verdict {
        if self.off {
            return Verdict::False;
        }
        let mut unknown = None;
        for (path, test) in &self.fields {
            match test.holds(&scope.field(path, world), world) {
                Some(true) => {}
                Some(false) => return Verdict::False,
                None if path == "project" && scope.is_file() => return Verdict::False,
                None => unknown = unknown.or_else(|| Some(path.clone())),
            }
        }
        let items = self.items.iter().map(|items| items.holds(scope, world));
        for verdict in items.chain(self.days.iter().map(|days| days.holds(scope, world))) {
            match verdict {
                Verdict::True => {}
                Verdict::False => return Verdict::False,
                Verdict::Unknown(field) => unknown = unknown.or(Some(field)),
            }
        }
        for cond in &self.not {
            match cond.holds_in(scope, world) {
                Verdict::True => return Verdict::False,
                Verdict::False => {}
                Verdict::Unknown(field) => unknown = unknown.or(Some(field)),
            }
        }
        if !self.any_of.is_empty() {
            let mut missing = None;
            let any = self.any_of.iter().any(|cond| match cond.holds_in(scope, world) {
                Verdict::True => true,
                Verdict::False => false,
                Verdict::Unknown(field) => {
                    missing = missing.take().or(Some(field));
                    false
                }
            });
            match (any, missing) {
                (true, _) => {}
                (false, None) => return Verdict::False,
                (false, field) => unknown = unknown.or(field),
            }
        }
        unknown.map_or(Verdict::True, Verdict::Unknown)
    }
}

impl Test {
    /// Reads a test; a scalar stands for `is`.
    ///
    /// # Errors
    /// On unknown tests and broken patterns, at their place.
    pub fn read(node: &Node) -> Result<Self, DecodeError> {
        match node.as_str() {
            Some(value) => Ok(Self { is: Some(value.to_owned()), ..Self::default() }),
            None => from_node(node),
        }
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
    pub fn holds(&self, field: &Field<'_>, world: &World) -> Option<bool> {
        let kept = |value: &&str| !self.except.iter().any(|other| self.same(other, value));
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

    fn same(&self, wanted: &str, value: &str) -> bool {
        wanted == value || (self.fold && folded(wanted) == folded(value))
    }

    fn needs_value(&self) -> bool {
        self.present.is_some()
            || self.is.is_some()
            || self.any.is_some()
            || self.all.is_some()
            || self.prefix.is_some()
            || self.only.is_some()
            || self.prefixes.as_ref().is_some_and(|list| !list.is_empty())
            || self.under.is_some()
            || self.matches.is_some()
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

/// The letters and digits of `text` in small letters.
pub fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether `value` begins with `prefix` and goes on.
pub fn begins(value: &str, prefix: &str) -> bool {
    value.strip_prefix(prefix).is_some_and(|rest| !rest.is_empty())
}

fn lies_below(value: &str, path: &str) -> bool {
    begins(value, path) && value.get(path.len()..).is_some_and(|rest| rest.starts_with('/'))
}

/// The calendar day of a date or time stamp, `YYYY-MM-DD…`.
pub fn date_of(text: &str) -> Option<Date> {
    text.get(..10)?.parse().ok()
}

/// The calendar day that `text` is: exactly `yyyy-mm-dd`, and a day that exists.
pub fn exact_day(text: &str) -> Option<Date> {
    let dashed = text.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    if dashed && text.len() == 10 { text.parse().ok() } else { None }
}

/// Whole days from `earlier` to `later`; negative when they are the other way round.
pub fn days_between(earlier: Date, later: Date) -> i64 {
    earlier.until(later).map_or(0, |span| i64::from(span.get_days()))
}

#[cfg(test)]
mod tests;
