//! The findings of an audit as the rows of a page, short enough for a browser to open at once.

use std::collections::BTreeSet;

use super::{plain, uri, words};
use crate::audit::{Row, Table};

/// The most bytes of all rows together.
const MOST_BYTES: usize = 4_600_000;

/// Bytes of a row besides what its cells say.
const AROUND: usize = 60;

/// The rows that a page shows.
pub(super) struct Rows<'a> {
    pub shown: Vec<RowView<'a>>,
    /// Number of findings there are.
    pub findings: usize,
    /// The project of all subjects, where they have one in common; the rows do not repeat it.
    pub project: &'a str,
    pub rules: BTreeSet<&'a str>,
    pub teams: BTreeSet<String>,
    pub states: BTreeSet<&'a str>,
}

pub(super) struct RowView<'a> {
    pub severity: &'static str,
    pub rule: &'a str,
    pub subject: String,
    pub link: String,
    pub teams: String,
    pub state: &'a str,
    pub text: String,
}

impl<'a> Rows<'a> {
    pub fn new(table: &'a Table) -> Self {
        let project = table.rows.iter().next().and_then(|row| project(&row.subject)).unwrap_or_default();
        let is_common =
            !project.is_empty() && table.rows.iter().all(|row| self::project(&row.subject) == Some(project));
        let project = if is_common { project } else { "" };
        let mut bytes = 0;
        let fits = |row: &RowView<'_>| {
            bytes += row.bytes();
            bytes <= MOST_BYTES
        };
        let shown: Vec<_> =
            table.rows.iter().map(|row| RowView::new(row, project)).take_while(fits).collect();
        let rows: Vec<&Row> = table.rows.iter().take(shown.len()).collect();
        let distinct = |column: fn(&Row) -> &str| {
            rows.iter().copied().map(column).filter(|value| !value.is_empty()).collect()
        };
        let teams =
            rows.iter().flat_map(|row| &row.teams).map(|team| plain::line(team).into_owned()).collect();
        Self {
            shown,
            findings: table.findings,
            project,
            rules: distinct(|row| &row.rule),
            teams,
            states: distinct(|row| &row.state),
        }
    }

    /// How many findings are not among the rows.
    pub fn more(&self) -> usize {
        self.findings - self.shown.len()
    }
}

impl<'a> RowView<'a> {
    fn new(row: &'a Row, project: &str) -> Self {
        let teams: Vec<_> = row.teams.iter().map(|team| plain::line(team)).collect();
        Self {
            severity: words::noun(row.severity),
            rule: &row.rule,
            subject: plain::line(row.subject.strip_prefix(project).unwrap_or(&row.subject)).into_owned(),
            link: row.url.as_deref().and_then(uri::link).unwrap_or_default(),
            teams: teams.join(", "),
            state: &row.state,
            text: plain::line(&row.text).into_owned(),
        }
    }

    fn bytes(&self) -> usize {
        let cells = [&self.subject, &self.link, &self.teams, &self.text];
        // An escape takes up to five bytes for one.
        let escaped = |cell: &&String| {
            cell.len()
                + 4 * cell.bytes().filter(|byte| matches!(byte, b'<' | b'>' | b'&' | b'"' | b'\'')).count()
        };
        AROUND + self.rule.len() + self.state.len() + cells.iter().map(escaped).sum::<usize>()
    }
}

/// The project in the name of a record.
fn project(subject: &str) -> Option<&str> {
    let at = subject.find(['#', '!', '&'])?;
    Some(&subject[..at])
}
