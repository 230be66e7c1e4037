//! What in a diff sets off a check: entries of a pattern, in certain files.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::hunk::Side;
use crate::globs::Globs;
use crate::pattern::Pattern;
use crate::text::Span;

/// A pattern whose matches are entries. The group `hit` is an entry's name and where it is reported; the groups `name` and
/// `place` say either by itself. The whole match stands in for a group that is not there.
#[derive(Debug)]
pub struct Trigger {
    /// What expectations call it.
    pub id: String,
    /// Only entries that were not there before count, not changed ones.
    pub only_new: bool,
    paths: Option<Globs>,
    pattern: Pattern,
    without: Option<Pattern>,
    name: Option<Pattern>,
    not_name: Option<Pattern>,
}

/// An entry of a changed line.
#[derive(Clone, Copy, Debug)]
pub struct Added<'s> {
    /// The entry.
    pub entry: Entry<'s>,
    /// Where its name stands.
    pub place: Span,
    /// What follows a mark in its lines or in the line above, which makes it deliberate.
    pub deliberate: Option<&'s str>,
}

/// One match of a trigger.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'s> {
    /// Its name.
    pub name: &'s str,
    /// All of it.
    pub text: &'s str,
}

impl Trigger {
    /// Whether the trigger looks at the file `path`.
    pub fn reads(&self, path: &str) -> bool {
        self.paths.as_ref().is_none_or(|globs| globs.has(path))
    }

    /// All entries of a side.
    pub fn entries<'s>(&self, side: &'s Side) -> Vec<Entry<'s>> {
        self.matches(side).into_iter().map(|(entry, _, _)| entry).collect()
    }

    /// The entries that a changed line belongs to.
    pub fn added<'s>(&self, side: &'s Side, mark: Option<&str>) -> Vec<Added<'s>> {
        let reason = |range: &std::ops::Range<usize>| {
            let (_, after) = side.lines_of(range).split_once(mark?)?;
            Some(after.lines().next().unwrap_or_default().trim())
        };
        let touched = self.matches(side).into_iter().filter(|(_, range, _)| side.touches(range));
        touched
            .filter_map(|(entry, range, name)| {
                Some(Added { entry, place: side.span(&name)?, deliberate: reason(&range) })
            })
            .collect()
    }

    fn matches<'s>(
        &self,
        side: &'s Side,
    ) -> Vec<(Entry<'s>, std::ops::Range<usize>, std::ops::Range<usize>)> {
        let entry = |captures: regex::Captures<'s>| {
            let all = captures.get(0)?;
            let hit = captures.name("hit").unwrap_or(all);
            let name = captures.name("name").unwrap_or(hit);
            let place = captures.name("place").unwrap_or(hit);
            Some((Entry { name: name.as_str(), text: all.as_str() }, all.range(), place.range()))
        };
        let named = |name: &str| {
            self.name.as_ref().is_none_or(|pattern| pattern.is_match(name))
                && !self.not_name.as_ref().is_some_and(|pattern| pattern.is_match(name))
        };
        let all = self.pattern.all_captures(&side.text).into_iter().filter_map(entry);
        let whole = |text: &str| !self.without.as_ref().is_some_and(|without| without.is_match(text));
        all.filter(|(entry, _, _)| named(entry.name) && whole(entry.text)).collect()
    }
}

/// A trigger as written in full.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Written {
    #[serde(default)]
    id: String,
    paths: Option<Globs>,
    pattern: Pattern,
    /// What an entry does not contain.
    without: Option<Pattern>,
    name: Option<Pattern>,
    not_name: Option<Pattern>,
    #[serde(default)]
    only_new: bool,
}

impl<'de> Deserialize<'de> for Trigger {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PatternOrMap)
    }
}

/// A pattern alone is a trigger in all files.
struct PatternOrMap;

impl<'de> Visitor<'de> for PatternOrMap {
    type Value = Trigger;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a pattern or a map with `pattern`")
    }

    fn visit_str<E: Error>(self, source: &str) -> Result<Trigger, E> {
        let pattern = Pattern::new(source).map_err(E::custom)?;
        let (paths, without, name, not_name) = (None, None, None, None);
        Ok(Trigger { id: String::new(), only_new: false, paths, pattern, without, name, not_name })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Trigger, A::Error> {
        let Written { id, paths, pattern, without, name, not_name, only_new } =
            Written::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Trigger { id, only_new, paths, pattern, without, name, not_name })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::{Limits, from_node, parse};

    #[test]
    fn a_pattern_alone_is_a_trigger_in_all_files() {
        let read = |yaml: &str| {
            let node = parse(yaml, &Limits::config()).expect("valid").expect("not empty");
            from_node::<Vec<Trigger>>(&node)
        };
        let triggers = read("['max_(?<hit>\\w+)', {pattern: 'x', paths: ['*.rb']}]").expect("two triggers");
        assert_eq!(triggers.iter().map(|t| t.reads("a.js")).collect::<Vec<_>>(), [true, false]);
        assert!(crate::pattern::proved(|| read("['(']")).is_err() && read("[{patern: 'x'}]").is_err());
    }
}
