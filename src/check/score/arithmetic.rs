//! Whether a score follows from its factors, and whether the calculation next to it is that of the factors.

use super::cell::CellText;
use super::factor::{Reading, Trouble};
use super::number::{Number, numbers};
use super::scale::same;
use super::table::{Item, ScoreTable};
use super::{Hit, Score, Sink};
use crate::diagnostic::{Edit, Fix};

impl Score {
    /// Reports the scores of `table` that do not follow.
    pub(super) fn arithmetic(&self, table: &ScoreTable, sink: &mut Sink<'_>) {
        for item in &table.items {
            let Some(values) = self.item_values(item) else { continue };
            let (above, below) = self.sides(&values);
            let expected = above.iter().product::<f64>() / below.iter().product::<f64>();
            for cell in &item.scores {
                self.score(cell, (&above, &below), expected, sink);
            }
        }
    }

    /// The values of all factors; `None` where one is blank, vague or off its scale.
    fn item_values(&self, item: &Item) -> Option<Vec<f64>> {
        let values = self.factors.iter().zip(&item.factors).map(|(factor, cell)| {
            match factor.read(cell.as_ref()?, &self.blank_values) {
                Reading::Value(value) => Some(value),
                Reading::Off { trouble: Trouble::OffScale, value, .. } if self.allow_custom_scale => value,
                _ => None,
            }
        });
        values.collect()
    }

    /// The factors that multiply and those that divide.
    fn sides(&self, values: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let side = |divides: bool| {
            let on = self.factors.iter().zip(values).filter(move |(factor, _)| factor.divides == divides);
            on.map(|(_, value)| *value).collect()
        };
        (side(false), side(true))
    }

    fn score(&self, cell: &CellText, sides: (&[f64], &[f64]), expected: f64, sink: &mut Sink<'_>) {
        let text = cell.text.as_str();
        let numbers = numbers(text, true);
        let (calculation, stated) = parts(text, &numbers, sides.0.len() + sides.1.len());
        let operands: Vec<&Number> =
            numbers.iter().filter(|number| number.range.end <= calculation).collect();
        let wrong = wrong_operands(text, &operands, sides);
        for operand in &wrong {
            let values = [("hit", cell.slice(&operand.range))];
            sink.report(Hit::at(cell.span(&operand.range), &values).variant("operand"));
        }
        let Some(stated) = stated.filter(|_| wrong.is_empty()) else { return };
        let Some(value) = stated.value else { return };
        let half_unit = 0.5 * 0.1_f64.powi(stated.decimals.try_into().unwrap_or(i32::MAX));
        if !expected.is_finite() || (expected - value).abs() <= half_unit + 1e-9 {
            return;
        }
        let right = format!("{expected:.*}", stated.decimals as usize);
        let at = stated.range.start..stated.end;
        let span = cell.span(&at);
        let values = [("hit", cell.slice(&at)), ("expected", right.as_str())];
        let edits = vec![Edit { span, text: right.clone() }];
        let fix = Fix { title: format!("Replace the score by {right}"), safe: false, edits };
        sink.report(Hit::at(span, &values).variant("result").fix(Some(fix)));
    }
}

/// Where the calculation in a score's cell ends, and the number it states: the last one, after `=` if there is one. A
/// calculation of `factors` operands alone states none.
fn parts<'n>(text: &str, numbers: &'n [Number], factors: usize) -> (usize, Option<&'n Number>) {
    let opening = text.len() - text.trim_start_matches([' ', '=', '≈']).len();
    let rest = text.get(opening..).unwrap_or_default();
    let Some(first) = rest.find(['=', '≈']) else {
        return if numbers.len() >= factors && text.contains(['/', '÷']) {
            (text.len(), None)
        } else {
            (0, last_stated(text, numbers, 0))
        };
    };
    let last = rest.rfind(['=', '≈']).unwrap_or(first);
    (opening + first, last_stated(text, numbers, opening + last))
}

/// The last number from `from` on, one outside of brackets if there is one: `8.0 (rank 1)` states 8.
fn last_stated<'n>(text: &str, numbers: &'n [Number], from: usize) -> Option<&'n Number> {
    let after = || numbers.iter().filter(|number| number.range.start >= from);
    let bare = |number: &&Number| {
        let before = text.get(from..number.range.start).unwrap_or_default();
        before.matches('(').count() <= before.matches(')').count()
    };
    after().rfind(bare).or_else(|| after().next_back())
}

/// The operands of a spelled-out calculation that are no factor's value. Fewer operands than factors are a calculation
/// that was simplified, which only its result can prove.
fn wrong_operands<'n>(
    text: &str,
    operands: &[&'n Number],
    (above, below): (&[f64], &[f64]),
) -> Vec<&'n Number> {
    let divided =
        |number: &Number| text.get(..number.range.start).is_some_and(|before| before.contains(['/', '÷']));
    if operands.len() < above.len() + below.len()
        || !(below.is_empty() || operands.iter().any(|number| divided(number)))
    {
        return Vec::new();
    }
    let (mut above, mut below) = (above.to_vec(), below.to_vec());
    let is_wrong = |number: &&&Number| {
        let side = if divided(number) { &mut below } else { &mut above };
        let value = number.value.map(|value| if number.percent { value / 100.0 } else { value });
        match side.iter().position(|factor| value.is_some_and(|value| same(*factor, value))) {
            Some(at) => {
                side.swap_remove(at);
                false
            }
            None => true,
        }
    };
    operands.iter().filter(is_wrong).copied().collect()
}
