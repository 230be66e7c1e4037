//! Titles of linked work that name a fiscal quarter, held against a date of the subject.

use jiff::civil::Date;
use serde::Deserialize;

use super::{Hit, Sink, View};
use crate::cond::date_of;
use crate::document::Document;
use crate::document::flat::Flat;
use crate::pattern::Pattern;
use crate::scan::Need;
use crate::text::Span;

/// Linked work of the quarter that a date lies in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quarter {
    /// What titles of such work match.
    titles: Pattern,
    /// The field with the date.
    date: String,
    /// The month in which the fiscal year starts.
    #[serde(deserialize_with = "super::range::month")]
    starts: i8,
    /// So many quarters may lie between the two.
    distance: u32,
    /// The variant that is reported.
    #[serde(default)]
    variant: String,
}

impl Quarter {
    /// The values that messages may name.
    pub const VALUES: &'static [&'static str] = &["hit", "expected"];

    /// The variants the check may report.
    pub fn variants(&self) -> Vec<&str> {
        Some(self.variant.as_str()).filter(|name| !name.is_empty()).into_iter().collect()
    }

    /// What a text must contain.
    pub fn need(&self) -> Need {
        Need::Any(vec!["FY".to_owned()])
    }

    /// Reports the first title where all name a quarter too far away.
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let date = view.doc.field(&self.date);
        let Some(day) = date.first().and_then(|mark| date_of(&mark.text)) else { return };
        let (year, quarter) = quarter_of(day, self.starts);
        let far = |title: &(Span, String)| {
            let named = quarter_in(&title.1);
            named.is_some_and(|(y, q)| (y * 4 + q).abs_diff(year * 4 + quarter) > self.distance)
        };
        let titles = self.linked(view.doc);
        let Some(first) = titles.first().filter(|_| titles.iter().all(far)) else { return };
        let expected = format!("FY{:02}-Q{quarter}", year % 100);
        let values = [("hit", first.1.as_str()), ("expected", &*expected)];
        sink.report(Hit::at(first.0, &values).variant(&self.variant).related(date.place, "the date"));
    }

    /// The titles of related and parent work, and the texts of links to work.
    fn linked(&self, doc: &Document<'_>) -> Vec<(Span, String)> {
        let fields = ["links", "epic"].map(|path| doc.field(path));
        let marks = fields.iter().flat_map(|field| field.values.iter());
        let mut titles: Vec<(Span, String)> =
            marks.map(|mark| (mark.span, mark.text.clone().into_owned())).collect();
        if let Some(outline) = doc.body() {
            let links = outline.links.iter().filter(|link| link.target.contains("/-/"));
            titles
                .extend(links.map(|link| (link.text, Flat::new(doc.text(), outline, link.text, true).text)));
        }
        titles.retain(|(_, title)| self.titles.is_match(title));
        titles
    }
}

/// Fiscal year and quarter of a day; a fiscal year is called after the calendar year in which it ends.
fn quarter_of(day: Date, starts: i8) -> (u32, u32) {
    let (month, starts) = (u32::from(day.month().unsigned_abs()), u32::from(starts.unsigned_abs()));
    let year = u32::from(day.year().unsigned_abs()) + u32::from(starts > 1 && month >= starts);
    (year, (month + 12 - starts) % 12 / 3 + 1)
}

/// The quarter that a title names: `FY24-Q3`, `Q3 FY2024`.
fn quarter_in(title: &str) -> Option<(u32, u32)> {
    let upper = title.to_ascii_uppercase();
    let words = upper.split(|c: char| !c.is_ascii_alphanumeric());
    let parts: Vec<&str> = words.flat_map(|word| word.split_inclusive('Q').flat_map(split_year)).collect();
    let number = |text: &str| text.parse::<u32>().ok();
    let year = parts.iter().find_map(|part| number(part.strip_prefix("FY")?))?;
    let quarters = upper.match_indices('Q').filter_map(|(at, _)| number(upper.get(at + 1..at + 2)?));
    let quarter = quarters.into_iter().find(|quarter| (1..=4).contains(quarter))?;
    Some((if year < 100 { 2000 + year } else { year }, quarter))
}

/// `FY24Q` is a year and the beginning of a quarter.
fn split_year(part: &str) -> Vec<&str> {
    part.strip_suffix('Q').map_or(vec![part], |year| vec![year])
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_fiscal_year_is_called_after_its_end() {
        assert_eq!(quarter_of(date(2020, 2, 1), 2), (2021, 1));
        assert_eq!(quarter_of(date(2021, 1, 31), 2), (2021, 4));
        assert_eq!(quarter_of(date(2021, 1, 31), 1), (2021, 1));
        assert_eq!(quarter_of(date(2023, 11, 2), 2), (2024, 4));
    }

    #[test]
    fn titles_write_quarters_in_several_ways() {
        for title in ["FY24-Q3 USAT", "fy24q3", "Q3 FY2024 outreach", "(FY24/Q3)"] {
            assert_eq!(quarter_in(title), Some((2024, 3)), "{title}");
        }
        for title in ["Q3 outreach", "FY24 outreach", "FYI Q3", "FY24 quality"] {
            assert_eq!(quarter_in(title), None, "{title}");
        }
    }
}
