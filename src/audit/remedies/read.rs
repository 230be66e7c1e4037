//! Reads a plan, which a person may have cut down, and trusts none of it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use miette::Diagnostic;
use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

use super::{Entry, Header, SCHEMA, Share};
use crate::subject::Kind;

/// A plan as it was read.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Its first line.
    pub header: Header,
    /// What is left of its entries, in their order.
    pub entries: Vec<Entry>,
}

/// Why a file is no plan that can be posted.
#[derive(Debug, Error, Diagnostic)]
#[error("{path} is no plan that can be posted: line {line}: {reason}")]
#[diagnostic(
    code(proclint::plan),
    help(
        "`proclint audit SOURCE --plan FILE` writes a plan; entries may be deleted from it, and nothing be added"
    )
)]
pub struct BadPlan {
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub reason: String,
}

impl Plan {
    /// Reads the text of the plan at `path`.
    ///
    /// # Errors
    /// On the first line that is none of a plan, or holds a quick action that no plan may hold.
    pub fn read(path: &str, text: &str) -> Result<Self, BadPlan> {
        let bad = |line: usize, reason: String| BadPlan { path: path.to_owned(), line, reason };
        let mut header: Option<Header> = None;
        let mut entries: Vec<Option<Entry>> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let number = number + 1;
            let (kind, value) = typed(line).map_err(|reason| bad(number, reason))?;
            match (kind.as_str(), &header) {
                ("plan", None) => header = Some(decoded(value).map_err(|reason| bad(number, reason))?),
                ("entry", Some(header)) => {
                    let entry: Entry = decoded(value).map_err(|reason| bad(number, reason))?;
                    proved(&entry, header).map_err(|reason| bad(number, reason))?;
                    match places.get(&entry.id) {
                        // Whoever undoes needs the last word on it only.
                        Some(place) if header.undo => entries[*place] = Some(entry),
                        Some(_) => return Err(bad(number, "an entry stands there twice".to_owned())),
                        None => {
                            places.insert(entry.id.clone(), entries.len());
                            entries.push(Some(entry));
                        }
                    }
                }
                // It turned out not to have been posted.
                ("void", Some(header)) if header.undo => {
                    let place = value.get("id").and_then(Value::as_str).and_then(|id| places.get(id));
                    if let Some(place) = place {
                        entries[*place] = None;
                    }
                }
                (_, None) => return Err(bad(number, "the first line is not that of a plan".to_owned())),
                (kind, Some(_)) => return Err(bad(number, format!("there is no line of the type `{kind}`"))),
            }
        }
        let header = header.ok_or_else(|| bad(1, "it is empty".to_owned()))?;
        if header.schema != SCHEMA {
            let reason = format!("its format is {}, and this proclint knows {SCHEMA}", header.schema);
            return Err(bad(1, reason));
        }
        Ok(Self { header, entries: entries.into_iter().flatten().collect() })
    }

    /// The rules that entries still name, with their numbers.
    pub fn shares(&self) -> BTreeMap<&str, Share> {
        let named: BTreeSet<&str> =
            self.entries.iter().flat_map(|entry| &entry.why).map(|why| why.rule.as_str()).collect();
        named
            .into_iter()
            .map(|rule| (rule, self.header.rules.get(rule).copied().unwrap_or_default()))
            .collect()
    }
}

fn typed(line: &str) -> Result<(String, Value), String> {
    let mut value: Value = serde_json::from_str(line).map_err(|error| format!("no JSON: {error}"))?;
    let kind = value.as_object_mut().and_then(|map| map.shift_remove("type"));
    match kind {
        Some(Value::String(kind)) => Ok((kind, value)),
        _ => Err("it does not say its `type`".to_owned()),
    }
}

fn decoded<T: for<'de> Deserialize<'de>>(value: Value) -> Result<T, String> {
    T::deserialize(value).map_err(|error| error.to_string())
}

/// Whether an entry is one that proclint may have written.
fn proved(entry: &Entry, header: &Header) -> Result<(), String> {
    let is_id = entry.id.len() == 16 && entry.id.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_id {
        return Err("its `id` is none".to_owned());
    }
    if !matches!(entry.kind, Kind::Issue | Kind::MergeRequest) || entry.iid == 0 || entry.project.is_empty() {
        return Err("it names no issue and no merge request".to_owned());
    }
    // Without a rule that was counted there would be no brake.
    let counted = |rule: &String| header.rules.contains_key(rule);
    if !header.undo && (entry.why.is_empty() || !entry.why.iter().all(|why| counted(&why.rule))) {
        return Err("it names no rule of the first line".to_owned());
    }
    let actions = entry.actions()?;
    entry.standing()?;
    if actions.is_empty() {
        return Err("it has no quick actions".to_owned());
    }
    actions.iter().try_for_each(|action| action.line().map(drop))
}
