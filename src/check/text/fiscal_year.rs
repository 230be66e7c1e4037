//! The calendar months of a fiscal year, quarter or half.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;

/// How a company counts its years.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FiscalYear {
    /// The month it starts in, 1 to 12.
    #[serde(deserialize_with = "crate::check::range::month")]
    start_month: i8,
    /// Which of the two calendar years it covers gives its number.
    named_after: End,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum End {
    Start,
    End,
}

impl FiscalYear {
    /// The months that an expression such as `FY25-Q2` or `fiscal year 2025` names; `None` where it names no year.
    pub(super) fn calendar(self, expression: &str) -> Option<String> {
        let (year, period) = read(expression)?;
        let first_year = year - i16::from(self.named_after == End::End && self.start_month > 1);
        let start = Date::new(first_year, self.start_month, 1).ok()?;
        let (skip, months) = match period {
            Some(('h', half)) => ((half - 1) * 6, 6),
            Some((_, quarter)) => ((quarter - 1) * 3, 3),
            None => (0, 12),
        };
        let first = start.checked_add(skip.months()).ok()?;
        let last = first.checked_add((months - 1).months()).ok()?;
        let (from, to) = (first.strftime("%B"), last.strftime("%B %Y"));
        Some(match period {
            None => format!("{from} {} to {to}", first.year()),
            Some(_) if first.year() == last.year() => format!("{from}-{to} (CY)"),
            Some(_) => format!("{from} {}-{to} (CY)", first.year()),
        })
    }
}

/// The year of an expression, and its quarter or half.
fn read(expression: &str) -> Option<(i16, Option<(char, i32)>)> {
    let (mut year, mut period) = (None, None);
    let mut before = ' ';
    for run in expression.split_inclusive(|c: char| !c.is_ascii_digit()) {
        let digits = run.trim_end_matches(|c: char| !c.is_ascii_digit());
        match (digits.len(), before.to_ascii_lowercase()) {
            (1, letter @ ('q' | 'h')) => period = digits.parse().ok().map(|number| (letter, number)),
            (2, _) => year = digits.parse::<i16>().ok().map(|short| 2000 + short),
            (4, _) => year = digits.parse().ok(),
            _ => {}
        }
        before = run.chars().next_back().unwrap_or(' ');
    }
    year.map(|year| (year, period))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_and_halves_are_months_of_the_calendar() {
        let year = FiscalYear { start_month: 2, named_after: End::End };
        let said = [
            ("FY25-Q2", "May-July 2024 (CY)"),
            ("Q4 FY 2025", "November 2024-January 2025 (CY)"),
            ("FY'24h1", "February-July 2023 (CY)"),
            ("fiscal year 2025", "February 2024 to January 2025"),
        ];
        for (expression, months) in said {
            assert_eq!(year.calendar(expression).as_deref(), Some(months), "{expression}");
        }
        assert_eq!(year.calendar("FY"), None);
    }

    #[test]
    fn a_year_may_be_named_after_its_start() {
        let year = FiscalYear { start_month: 7, named_after: End::Start };
        assert_eq!(year.calendar("FY24 Q1").as_deref(), Some("July-September 2024 (CY)"));
        let calendar = FiscalYear { start_month: 1, named_after: End::End };
        assert_eq!(calendar.calendar("FY24").as_deref(), Some("January 2024 to December 2024"));
    }
}
