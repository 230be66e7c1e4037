//! Every finding of an audit as a line of CSV, for spreadsheets.

use std::io::{self, Write};

use ::csv::Writer;

use crate::audit::{Digest, Seen};
use crate::finding::NotChecked;
use crate::report::words;

/// The names of the columns.
const COLUMNS: [&str; 12] = [
    "severity", "rule", "subject", "line", "column", "message", "state", "team", "created", "updated", "url",
    "handbook",
];

/// Findings as CSV, one line each, and what could not be checked among them.
///
/// A cell that a spreadsheet would take for a formula starts with an apostrophe.
#[derive(Debug)]
pub struct FindingSheet<W: Write>(Writer<W>);

impl<W: Write> FindingSheet<W> {
    /// Writes the names of the columns to `out`.
    ///
    /// # Errors
    /// Only those of `out`.
    pub fn new(out: W) -> io::Result<Self> {
        let mut writer = Writer::from_writer(out);
        writer.write_record(COLUMNS)?;
        Ok(Self(writer))
    }

    /// Writes the findings of `seen`, then what could not be checked of it; its teams are those of `digest`.
    ///
    /// # Errors
    /// Only those of the writer below.
    pub fn add(&mut self, seen: &Seen, digest: &Digest) -> io::Result<()> {
        let (checked, profile) = (&seen.checked, &seen.profile);
        if checked.findings.is_empty() && checked.not_checked.is_empty() {
            return Ok(());
        }
        let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let (created, updated) = (day(profile.created), day(profile.updated));
        let teams = digest.teams.of(seen).collect::<Vec<_>>().join(", ");
        let state = profile.state.as_deref().unwrap_or_default();
        let url = profile.url.as_deref().unwrap_or_default();
        for finding in &checked.findings {
            let (line, column) = (finding.start.line.to_string(), finding.start.column.to_string());
            let name = finding.path.as_deref().unwrap_or(&checked.name);
            let (severity, rule) = (words::noun(finding.severity), &finding.rule);
            let of = [severity, &rule.id, name, &line, &column, &finding.message];
            self.write([of, [state, &teams, &created, &updated, url, &rule.url]])?;
        }
        for gap in &checked.not_checked {
            let of =
                ["not checked", gap.rule.as_deref().unwrap_or_default(), &gap.subject, "", "", &gap.reason];
            self.write([of, [state, &teams, &created, &updated, url, ""]])?;
        }
        Ok(())
    }

    /// Writes what could not be checked outside any subject.
    ///
    /// # Errors
    /// Only those of the writer below.
    pub fn gap(&mut self, gap: &NotChecked) -> io::Result<()> {
        let rule = gap.rule.as_deref().unwrap_or_default();
        self.write([["not checked", rule, &gap.subject, "", "", &gap.reason], [""; 6]])
    }

    /// Gives the writer below back, with everything written to it.
    ///
    /// # Errors
    /// Only those of the writer below.
    pub fn finish(self) -> io::Result<W> {
        self.0.into_inner().map_err(|error| error.into_error())
    }

    fn write(&mut self, cells: [[&str; 6]; 2]) -> io::Result<()> {
        for cell in cells.as_flattened() {
            // A spreadsheet calculates what starts so, whatever the quotes around it.
            if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
                self.0.write_field(format!("'{cell}"))?;
            } else {
                self.0.write_field(cell)?;
            }
        }
        Ok(self.0.write_record(None::<&[u8]>)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        let mut sheet = FindingSheet::new(Vec::new()).unwrap();
        for name in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "a=1", "a,\"b\"\nc"] {
            let gap = NotChecked { subject: name.to_owned(), rule: None, reason: "=x".to_owned() };
            sheet.gap(&gap).unwrap();
        }
        let text = String::from_utf8(sheet.finish().unwrap()).unwrap();
        let mut lines = csv::Reader::from_reader(text.as_bytes());
        let subjects: Vec<String> = lines.records().map(|line| line.unwrap()[2].to_owned()).collect();
        let expected = ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\t=1", "'\r=1", "a=1", "a,\"b\"\nc"];
        assert_eq!(subjects, expected);
        assert!(text.lines().nth(1).unwrap().ends_with(",'=x,,,,,,"), "{text}");
    }
}
