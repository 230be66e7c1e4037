//! Numbers as people write them into cells: `.5`, `80 %`, `2-3`, `1/2`.

use std::ops::Range;

/// A number in a cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// Where it stands, with its percent sign and what is glued to it.
    pub range: Range<usize>,
    /// The byte after its digits and percent sign.
    pub end: usize,
    /// Its value, that of the lower end for a range; `None` where it is no number of the scale's notation (`1,5`).
    pub value: Option<f64>,
    /// It is followed by a percent sign.
    pub percent: bool,
    /// The digits after its point.
    pub decimals: u32,
    /// It is the lower end of a range.
    pub range_like: bool,
    /// It stands for one value: no range, nothing glued to it.
    pub exact: bool,
}

/// The numbers of `text`. In a `calculation` a slash divides and a dash subtracts; elsewhere they make a fraction or range.
pub fn numbers(text: &str, calculation: bool) -> Vec<Number> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(offset) = text.get(at..).and_then(|rest| rest.find(|c: char| c.is_ascii_digit())) {
        let digit = at + offset;
        let before = text.get(..digit).unwrap_or_default();
        let start = if before.ends_with('.') && !before.ends_with("..") { digit - 1 } else { digit };
        let number = number(text, start, calculation);
        at = number.range.end.max(digit + 1);
        if !in_word(text.get(..start).unwrap_or_default()) {
            found.push(number);
        }
    }
    found
}

/// Digits after a letter belong to a word (`Q3`, `v2`, `#12`), but not after a lone `x`.
fn in_word(before: &str) -> bool {
    let mut chars = before.chars().rev();
    match chars.next() {
        Some('x' | 'X') => chars.next().is_some_and(char::is_alphabetic),
        Some(c) => c.is_alphabetic() || matches!(c, '_' | '#'),
        None => false,
    }
}

fn number(text: &str, start: usize, calculation: bool) -> Number {
    let digits = run(text, start);
    let mut end = start + digits.len();
    let mut value: Option<f64> = digits.parse().ok();
    let mut range_like = false;
    let decimals = digits.split_once('.').map_or(0, |(_, fraction)| fraction.len()).try_into().unwrap_or(0);
    let rest = |end: usize| text.get(end..).unwrap_or_default();
    if !calculation {
        let listed = text.get(..start).is_some_and(|before| before.ends_with('/'));
        if !listed
            && let Some(divisor) =
                rest(end).strip_prefix('/').map(|after| run(after, 0)).filter(|d| !d.is_empty())
            && !rest(end + 1 + divisor.len()).starts_with('/')
        {
            let divisor_value = divisor.parse::<f64>().ok().filter(|divisor| *divisor > 0.0);
            value = value.zip(divisor_value).map(|(value, divisor)| value / divisor);
            end += 1 + divisor.len();
        }
        for dash in ["-", "–", "—"] {
            if let Some(upper) =
                rest(end).strip_prefix(dash).map(|after| run(after, 0)).filter(|u| !u.is_empty())
            {
                end += dash.len() + upper.len();
                range_like = true;
            }
        }
    }
    let sign = rest(end).trim_start_matches([' ', '\u{a0}', '\u{202f}']);
    let percent = sign.starts_with('%');
    if percent {
        end = text.len() - sign.len() + 1;
    }
    let glued = rest(end).find(|c: char| !c.is_alphabetic() && c != '+').unwrap_or(rest(end).len());
    let exact = glued == 0 && !range_like;
    Number { range: start..end + glued, end, value, percent, decimals, range_like, exact }
}

/// Digits, points and commas from `start` on, up to the last digit.
fn run(text: &str, start: usize) -> &str {
    let rest = text.get(start..).unwrap_or_default();
    let len = rest.bytes().take_while(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',')).count();
    let run = rest.get(..len).unwrap_or_default();
    run.trim_end_matches(['.', ','])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(&str, Option<f64>, bool)> {
        let numbers = numbers(text, false).into_iter();
        numbers.map(|n| (text.get(n.range).unwrap_or_default(), n.value, n.percent)).collect()
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        assert_eq!(read(".5 or 10.0."), [(".5", Some(0.5), false), ("10.0", Some(10.0), false)]);
        assert_eq!(read("80 %, 75%"), [("80 %", Some(80.0), true), ("75%", Some(75.0), true)]);
        assert_eq!(read("1,5"), [("1,5", None, false)]);
        assert_eq!(read("2-3 months"), [("2-3", Some(2.0), false)]);
        assert_eq!(read("1/2 month"), [("1/2", Some(0.5), false)]);
        assert_eq!(read("10/6/3").len(), 3);
        assert_eq!(read("1/0 month"), [("1/0", None, false)]);
        assert_eq!(read("2–3, 4—5"), [("2–3", Some(2.0), false), ("4—5", Some(4.0), false)]);
        assert_eq!(
            read("50\u{a0}% 7\u{202f}%"),
            [("50\u{a0}%", Some(50.0), true), ("7\u{202f}%", Some(7.0), true)]
        );
        assert_eq!(
            read("3+ 4- 5/ 6."),
            ["3+", "4", "5", "6"].map(|n| (n, n.trim_end_matches('+').parse().ok(), false))
        );
        assert_eq!(read("Q3 v2 #12 x2"), [("2", Some(2.0), false)]);
        assert_eq!(read("3w"), [("3w", Some(3.0), false)]);
    }

    #[test]
    fn only_what_stands_for_one_value_is_exact() {
        let exact = |text: &str| numbers(text, false).iter().map(|number| number.exact).collect::<Vec<_>>();
        assert_eq!(exact("3 months 1/2 80% .5"), [true; 4]);
        assert_eq!(exact("2-3 4+ 5x 6k"), [false; 4]);
        assert!(numbers("2-3", false)[0].range_like && !numbers("2 3", false)[0].range_like);
    }

    #[test]
    fn a_calculation_has_neither_fractions_nor_ranges() {
        let values: Vec<_> =
            numbers("(10.0 x .5 x 80%)/2-1 = 2.0", true).iter().filter_map(|number| number.value).collect();
        assert_eq!(values, [10.0, 0.5, 80.0, 2.0, 1.0, 2.0]);
    }
}
