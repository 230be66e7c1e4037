//! A factor of a score, and what a cell says about it.

use std::ops::Range;

use serde::Deserialize;

use super::cell::CellText;
use super::number::{Number, numbers};
use super::scale::{Scale, same};
use super::unit::{Units, phrase};

/// A factor of the scheme.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Factor {
    /// What its row or column is called.
    pub name: String,
    /// Its standard values; any number above 0 where there is none.
    values: Option<Scale>,
    /// The values are percentages.
    #[serde(default)]
    percent: bool,
    /// A value may carry an `x`.
    #[serde(default)]
    times: bool,
    /// The units of a number without a scale.
    #[serde(default)]
    pub units: Units,
    /// The score is divided by it.
    #[serde(default)]
    pub divides: bool,
}

/// What is the matter with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It is none of the standard values.
    OffScale,
    /// Its name stands for another number than the one next to it.
    Contradiction,
    /// Its unit is not one of the factor's.
    Unit,
}

/// What a cell says about its factor.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// Nothing yet.
    Blank,
    /// This value, percentages as fractions.
    Value(f64),
    /// Something in order that is not one number: a range, a bound.
    Vague,
    /// Something that does not fit, with its value where only the scale speaks against it.
    Off {
        /// Where it stands in the cell.
        at: Range<usize>,
        /// Why it does not fit.
        trouble: Trouble,
        /// The number it is nevertheless.
        value: Option<f64>,
    },
}

/// Whether `cell` is empty, a row of dashes, or one of the `blank` values.
pub fn is_blank(cell: &CellText, blank: &[String]) -> bool {
    let text = cell.text.trim();
    text.chars().all(|c| matches!(c, '-' | '–' | '—' | '…' | '.'))
        || blank.iter().any(|value| value.eq_ignore_ascii_case(text))
}

impl Factor {
    /// What `cell` says.
    pub fn read(&self, cell: &CellText, blank: &[String]) -> Reading {
        if is_blank(cell, blank) {
            return Reading::Blank;
        }
        let numbers = numbers(&cell.text, false);
        let candidates = candidates(&cell.text, &numbers);
        match (&self.values, candidates.first()) {
            (Some(scale), Some(first)) => self.scaled(scale, cell, &candidates, first),
            (Some(scale), None) => match scale.opening(cell.text.trim()) {
                Some(value) => Reading::Value(self.fraction(value)),
                None => Reading::Off { at: cell.words(), trouble: Trouble::OffScale, value: None },
            },
            (None, Some(first)) => self.free(&cell.text, first),
            (None, None) => Reading::Off { at: cell.words(), trouble: Trouble::OffScale, value: None },
        }
    }

    /// The standard values as a message names them.
    pub fn scale(&self) -> String {
        let Some(scale) = &self.values else { return format!("{} above 0", self.units.name) };
        let sign = if self.percent { "%" } else { "" };
        scale.values().map(|value| format!("{value}{sign}")).collect::<Vec<_>>().join(", ")
    }

    fn scaled(&self, scale: &Scale, cell: &CellText, candidates: &[&Number], first: &Number) -> Reading {
        let text = cell.text.as_str();
        let fits = |number: &&&Number| self.value(text, number).is_some_and(|value| scale.has(value));
        let number = candidates.iter().find(fits).copied().unwrap_or(first);
        let value = self.value(text, number);
        let at = self.extent(text, number);
        if let Some((name, named)) = scale.beside(text, &at) {
            if value.is_some_and(|value| same(value, named)) {
                return Reading::Value(self.fraction(named));
            }
            let at = closed(text, at.start.min(name.start)..at.end.max(name.end));
            return Reading::Off { at, trouble: Trouble::Contradiction, value: None };
        }
        match (value, scale.opening(text.trim())) {
            (Some(value), _) if scale.has(value) => Reading::Value(self.fraction(value)),
            (_, Some(named)) => Reading::Value(self.fraction(named)),
            (value, None) => {
                let value = value.map(|value| self.fraction(value));
                Reading::Off { at, trouble: Trouble::OffScale, value }
            }
        }
    }

    /// The number's value, if it is written as the factor's values are.
    fn value(&self, text: &str, number: &Number) -> Option<f64> {
        let glued = text.get(number.end..number.range.end).unwrap_or_default();
        let plain = number.exact || (self.times && matches!(glued, "x" | "X"));
        let value = number.value.filter(|_| plain && !is_negative(text, number))?;
        match (number.percent, self.percent) {
            (true, false) => None,
            // `0.8` is 80 %, and so is a bare `80` where only percentages make sense.
            (false, true) if value <= 1.0 => Some(value * 100.0),
            _ => Some(value),
        }
    }

    fn fraction(&self, value: f64) -> f64 {
        if self.percent { value / 100.0 } else { value }
    }

    /// The number with the `x` before or after it.
    fn extent(&self, text: &str, number: &Number) -> Range<usize> {
        let Range { mut start, mut end } = number.range.clone();
        if is_negative(text, number) {
            start = text.len() - text.trim_start().len();
        }
        for mark in ["x", "X", "×"].into_iter().filter(|_| self.times) {
            let before = text.get(..start).unwrap_or_default();
            start = before.strip_suffix(mark).map_or(start, str::len);
            let rest = text.get(end..).unwrap_or_default();
            let after = rest.trim_start_matches(' ').strip_prefix(mark);
            if let Some(after) = after.filter(|after| !after.starts_with(char::is_alphanumeric)) {
                end = text.len() - after.len();
            }
        }
        start..end
    }

    fn free(&self, text: &str, number: &Number) -> Reading {
        let phrase = phrase(text, number.end);
        if let Some(phrase) = phrase.clone().filter(|phrase| self.units.is_foreign(text, phrase)) {
            let at = closed(text, number.range.start..phrase.end);
            return Reading::Off { at, trouble: Trouble::Unit, value: None };
        }
        let own = phrase.and_then(|phrase| self.units.own(text, &phrase));
        let end = own.unwrap_or(number.end);
        if is_negative(text, number) || number.value.is_some_and(|value| value <= 0.0) {
            let at = closed(text, self.extent(text, number).start..end);
            return Reading::Off { at, trouble: Trouble::OffScale, value: None };
        }
        let before = text.get(..number.range.start).unwrap_or_default().trim_end();
        let rest = text.get(end..).unwrap_or_default();
        let open = text.get(number.end..).is_some_and(|rest| rest.starts_with('+'));
        let one = (number.exact || own.is_some()) && !number.range_like && !open;
        let vague = before.ends_with(['<', '>', '≤', '≥']) || !numbers(rest, false).is_empty();
        number.value.filter(|_| one && !vague).map_or(Reading::Vague, Reading::Value)
    }
}

/// Whether all that stands before the number is a minus sign.
fn is_negative(text: &str, number: &Number) -> bool {
    text.get(..number.range.start).is_some_and(|before| matches!(before.trim_start(), "-" | "−"))
}

/// The numbers that may be the value, the likeliest first: the one that opens the cell, those after `=`, those alone in
/// brackets, any.
fn candidates<'n>(text: &str, numbers: &'n [Number]) -> Vec<&'n Number> {
    let lead =
        |c: char| c.is_whitespace() || matches!(c, '~' | '≈' | '-' | '−' | 'x' | 'X' | '×' | '(' | '<' | '>');
    let before = |number: &Number| text.get(..number.range.start).unwrap_or_default().trim_end_matches(lead);
    let alone = |number: &Number| {
        let opened = text.get(..number.range.start).is_some_and(|before| before.ends_with('('));
        let after = text.get(number.range.end..).unwrap_or_default();
        opened && after.trim_start_matches([' ', 'x', 'X', '×']).starts_with(')')
    };
    let mut found: Vec<&Number> = Vec::new();
    found.extend(numbers.first().filter(|number| before(number).is_empty()));
    found.extend(numbers.iter().filter(|number| before(number).ends_with(['=', ':', '→'])));
    found.extend(numbers.iter().filter(|number| alone(number)));
    found.extend(numbers.first());
    found
}

/// `range` with the bracket that closes one opened in it.
fn closed(text: &str, range: Range<usize>) -> Range<usize> {
    let inside = text.get(range.clone()).unwrap_or_default();
    let open = inside.matches('(').count() > inside.matches(')').count();
    let rest = text.get(range.end..).unwrap_or_default();
    match rest.trim_start().strip_prefix(')').filter(|_| open) {
        Some(after) => range.start..text.len() - after.len(),
        None => range,
    }
}
