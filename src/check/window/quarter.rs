//! Quarters of fiscal years: how titles write them, and when they begin and end.

use std::fmt;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::pattern::Pattern;

/// A quarter of the fiscal year that ends in `year`, or that is the calendar year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quarter {
    year: i16,
    number: i8,
}

impl Quarter {
    /// The quarter that is all of `title`. `pattern` has a group of one digit for the quarter, and a longer one for
    /// the year.
    pub fn of(title: &str, pattern: &Pattern) -> Option<Self> {
        let captures = pattern.captures(title.trim())?;
        let whole = captures.get(0)?;
        if whole.len() != title.trim().len() {
            return None;
        }
        let groups = || captures.iter().skip(1).flatten().map(|group| group.as_str());
        let number = groups().find(|group| group.len() == 1)?.parse().ok().filter(|n| (1..=4).contains(n))?;
        let year: i16 = groups().find(|group| group.len() > 1)?.parse().ok()?;
        Some(Self { year: if year < 100 { 2000 + year } else { year }, number })
    }

    /// The quarter that holds `day` where years start in `first_month`.
    pub fn at(day: Date, first_month: i8) -> Self {
        let passed = (day.month() - first_month).rem_euclid(12);
        let begun = day.month() >= first_month && first_month > 1;
        Self { year: day.year() + i16::from(begun), number: passed / 3 + 1 }
    }

    /// Its first day.
    pub fn start(self, first_month: i8) -> Option<Date> {
        let year = self.year - i16::from(first_month > 1);
        let first = Date::new(year, first_month, 1).ok()?;
        first.checked_add((3 * (i64::from(self.number) - 1)).months()).ok()
    }

    /// Its last day.
    pub fn end(self, first_month: i8) -> Option<Date> {
        self.start(first_month)?.checked_add(3.months()).ok()?.yesterday().ok()
    }

    /// This quarter in the spelling of `title`, which names another one.
    pub fn spelt_like(self, title: &str, pattern: &Pattern) -> Option<String> {
        let captures = pattern.captures(title)?;
        let mut spelt = title.to_owned();
        let groups: Vec<_> = captures.iter().skip(1).flatten().collect();
        for group in groups.into_iter().rev() {
            let text = match group.len() {
                1 => self.number.to_string(),
                2 => format!("{:02}", self.year % 100),
                _ => self.year.to_string(),
            };
            spelt.replace_range(group.range(), &text);
        }
        Some(spelt)
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Q{}-FY{:02}", self.number, self.year % 100)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn pattern() -> Pattern {
        Pattern::new(r"(?:Q([1-4])[ -]?FY(\d{2})|FY(\d{2})[ -]?Q([1-4]))").unwrap()
    }

    #[test]
    fn both_orders_are_read_and_nothing_around_them() {
        for title in ["Q1FY21", "Q1-FY21", "Q1 FY21", "FY21-Q1", " FY21Q1 "] {
            assert_eq!(Quarter::of(title, &pattern()), Some(Quarter { year: 2021, number: 1 }), "{title}");
        }
        for title in ["Q1 2020", "Q5FY21", "Q1FY2021", "Q4 FY20 retrospective", "FY21"] {
            assert_eq!(Quarter::of(title, &pattern()), None, "{title}");
        }
    }

    #[test]
    fn a_fiscal_year_is_named_after_the_year_it_ends_in() {
        let quarter = |title| Quarter::of(title, &pattern()).unwrap();
        assert_eq!(quarter("Q1FY21").start(2), Some(date(2020, 2, 1)));
        assert_eq!(quarter("Q1FY21").end(2), Some(date(2020, 4, 30)));
        assert_eq!(quarter("Q4FY20").end(2), Some(date(2020, 1, 31)));
        assert_eq!(quarter("Q1FY21").start(1), Some(date(2021, 1, 1)));
    }

    #[test]
    fn every_day_lies_in_its_quarter_and_is_spelt_like_another() {
        let mut day = date(2020, 1, 1);
        while day < date(2022, 1, 1) {
            for month in [1, 2, 4, 10] {
                let quarter = Quarter::at(day, month);
                assert!(quarter.start(month).unwrap() <= day && day <= quarter.end(month).unwrap(), "{day}");
            }
            day = day.tomorrow().unwrap();
        }
        let today = Quarter::at(date(2020, 3, 1), 2);
        assert_eq!(today.to_string(), "Q1-FY21");
        assert_eq!(today.spelt_like("Q4FY20", &pattern()).as_deref(), Some("Q1FY21"));
        assert_eq!(today.spelt_like("FY20-Q4", &pattern()).as_deref(), Some("FY21-Q1"));
    }
}
