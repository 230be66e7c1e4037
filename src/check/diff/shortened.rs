//! Values of names that a diff makes smaller, as numbers with or without a unit of time.

use std::ops::Range;

use serde::Deserialize;

use super::hunk::{Hunk, Side};
use crate::check::{Hit, Sink};
use crate::pattern::Pattern;

/// Names whose values are compared.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shortened {
    /// The names.
    name: Pattern,
    /// What leads from a name to its value, and the value: a number and, where it has one, its unit.
    value: Pattern,
    /// Lines that are no code.
    comments: Pattern,
}

/// A value of a name.
#[derive(Debug)]
struct Amount<'s> {
    name: &'s str,
    source: &'s str,
    number: f64,
    /// Seconds of its unit; absent where it has none.
    unit: Option<f64>,
    range: Range<usize>,
}

impl Shortened {
    /// Reports the values in `hunks` that are smaller than those they replace.
    pub fn check(&self, text: &str, hunks: &[Hunk], variant: &str, sink: &mut Sink<'_>) {
        let old: Vec<Amount<'_>> = hunks.iter().flat_map(|hunk| self.amounts(&hunk.old)).collect();
        let mut seen: Vec<&str> = Vec::new();
        for (side, new) in
            hunks.iter().flat_map(|hunk| self.amounts(&hunk.new).into_iter().map(|new| (&hunk.new, new)))
        {
            let nth = seen.iter().filter(|name| **name == new.name).count();
            seen.push(new.name);
            let mut replaced = old.iter().filter(|old| old.name == new.name);
            let Some(old) = replaced.clone().nth(nth).or_else(|| replaced.next_back()) else { continue };
            let Some(span) = side.span(&new.range).filter(|_| new.is_less_than(old)) else { continue };
            let values = [("hit", span.of(text)), ("missing", new.name), ("before", old.source)];
            sink.report(Hit::at(span, &values).variant(variant));
        }
    }

    /// The values of the names in changed lines.
    fn amounts<'s>(&self, side: &'s Side) -> Vec<Amount<'s>> {
        let text = side.text.as_str();
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let mut amounts = Vec::new();
        let mut at = 0;
        while let Some(start) = text.get(at..).and_then(|rest| rest.find(is_part)).map(|skip| at + skip) {
            let rest = text.get(start..).unwrap_or_default();
            let name = rest.split(|c| !is_part(c)).next().unwrap_or_default();
            at = start + name.len();
            let line = text.get(..start).and_then(|before| before.rsplit('\n').next()).unwrap_or_default();
            if !self.name.is_match(name) || self.comments.is_match(line) {
                continue;
            }
            let Some(found) = self.value.captures(text.get(at..).unwrap_or_default()) else { continue };
            let Some(hit) = found.name("hit") else { continue };
            let range = at + hit.start()..at + hit.end();
            if let Some((number, unit)) = read(hit.as_str()).filter(|_| side.touches(&range)) {
                amounts.push(Amount { name, source: hit.as_str(), number, unit, range });
            }
        }
        amounts
    }
}

impl Amount<'_> {
    /// A value without a unit has that of the other.
    fn is_less_than(&self, other: &Self) -> bool {
        let seconds = |amount: &Self, unit: Option<f64>| amount.number * amount.unit.or(unit).unwrap_or(1.0);
        seconds(self, other.unit) < seconds(other, self.unit)
    }
}

/// A day in seconds.
const DAY: f64 = 86_400.0;

/// The number of `90.days`, `3 months` or `1_000`, and the seconds of its unit: whole ones, so that 120 seconds are no
/// less than 2 minutes.
fn read(value: &str) -> Option<(f64, Option<f64>)> {
    let digits = value.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = value.get(digits.len()..)?.to_ascii_lowercase();
    let number = digits.trim_end_matches(['.', ' ']).replace('_', "").parse().ok()?;
    let seconds = match unit.strip_suffix('s').unwrap_or(&unit) {
        "" => None,
        "second" => Some(1.0),
        "minute" => Some(60.0),
        "hour" | "h" => Some(3_600.0),
        "day" | "d" => Some(DAY),
        "week" | "w" => Some(7.0 * DAY),
        "fortnight" => Some(14.0 * DAY),
        "month" | "mo" => Some(30.0 * DAY),
        "year" | "y" => Some(365.0 * DAY),
        _ => return None,
    };
    Some((number, seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_and_years_are_counted_in_days() {
        assert_eq!(read("90.days"), Some((90.0, Some(DAY))));
        assert_eq!(read("1.5 months"), Some((1.5, Some(30.0 * DAY))));
        assert_eq!(read("1_000"), Some((1000.0, None)));
        assert_eq!(read("1.year"), Some((1.0, Some(365.0 * DAY))));
        assert_eq!(read("5.gigabytes"), None);
    }
}
