//! The one predicate language of rules: conditions on the fields of a subject.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, de::Error};

use crate::document::Document;
use crate::world::World;
use crate::yaml::{DecodeError, Node, Value, from_node, suggestion};

mod days;
mod detail;
mod items;
mod limit;
pub mod need;
mod notes;
mod question;
mod scope;
mod section;
mod test;
pub mod trace;
mod words;

use self::question::{Asks, Question};
use self::scope::Scope;
pub use self::test::Test;
pub use crate::document::answers::Verdict;

/// Conditions that must all hold.
#[derive(Clone, Debug, Default)]
pub struct Cond {
    off: bool,
    /// In the order in which they are asked.
    questions: Vec<Question>,
    any_of: Vec<Cond>,
    not: Vec<Cond>,
}

/// Fields that are no REST keys but may be asked for.
const OWN_FIELDS: [&str; 12] = [
    "path",
    "file",
    "kind",
    "project",
    "description",
    "tasks",
    "templates",
    "first-template",
    "headings",
    "prose",
    "visible",
    "references",
];

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
                // A constant, so that a parameter of the rule can switch a condition off: `false`, an empty list, or
                // a `value` that is not what it `is` to be.
                "if" => {
                    cond.off |= match &entry.value.value {
                        Value::List(items) => items.is_empty(),
                        Value::Map(_) => {
                            let text = |key| entry.value.get(key).and_then(Node::as_str);
                            text("value") != text("is")
                        }
                        _ => !from_node::<bool>(&entry.value)?,
                    }
                }
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
                key @ ("items" | "days" | "section" | "comments") => {
                    cond.questions.push(Question::read(key, &entry.value)?);
                }
                field => {
                    let root = field.split(['.', '[']).next().unwrap_or_default();
                    if !free && !OWN_FIELDS.contains(&root) && !RECORD_FIELDS.contains(&root) {
                        let known: Vec<_> = OWN_FIELDS.into_iter().chain(RECORD_FIELDS).collect();
                        return Err(DecodeError::new(entry.key_span, format!("unknown field `{root}`"))
                            .with_help(Some(suggestion(root, &known))));
                    }
                    cond.questions.push(Question::read(field, &entry.value)?);
                }
            }
        }
        cond.questions.sort_by_key(Question::rank);
        Ok(cond)
    }

    /// Whether the condition holds for `document`.
    pub fn holds(&self, document: &Document<'_>, world: &World) -> Verdict<'_> {
        self.holds_in(Scope::Document(document), world)
    }

    /// Whether the condition holds for `entry` of a list in a record.
    pub fn holds_for(&self, entry: &Node, world: &World) -> Verdict<'_> {
        self.holds_in(Scope::Entry(entry), world)
    }

    fn holds_in(&self, scope: Scope<'_>, world: &World) -> Verdict<'_> {
        if self.off {
            return Verdict::False;
        }
        let mut unknown = None;
        for question in &self.questions {
            match question.answer(scope, world) {
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
                    missing = missing.or(Some(field));
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

    /// What it asks of fields, at its top.
    fn fields(&self) -> impl Iterator<Item = (&str, &Test)> {
        self.questions.iter().filter_map(|question| match &question.asks {
            Asks::Field(path, test) => Some((path.as_str(), &**test)),
            _ => None,
        })
    }
}

impl<'de> Deserialize<'de> for Cond {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::read(&Node::deserialize(deserializer)?, true).map_err(D::Error::custom)
    }
}

/// The key of the record that a field is read from: what is derived from the description is missing with it.
fn source_of(field: &str) -> &str {
    match field.split('.').next() {
        Some("headings" | "prose" | "visible" | "references" | "tasks") => "description",
        _ => field,
    }
}

/// The letters and digits of `text` in small letters.
pub fn folded(text: &str) -> String {
    folding(text).collect()
}

/// Whether two texts have the same letters and digits, in any letter case.
pub fn same_folded(one: &str, other: &str) -> bool {
    if one.is_ascii() && other.is_ascii() {
        return folding_ascii(one).eq(folding_ascii(other));
    }
    folding(one).eq(folding(other))
}

fn folding_ascii(text: &str) -> impl Iterator<Item = u8> {
    text.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase())
}

fn folding(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}

/// Whether `value` begins with `prefix` and goes on.
pub fn begins(value: &str, prefix: &str) -> bool {
    value.strip_prefix(prefix).is_some_and(|rest| !rest.is_empty())
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
