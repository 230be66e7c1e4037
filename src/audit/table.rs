//! The findings of an audit one by one, in the order of the source, as far as people look through them.

use serde::{Deserialize, Serialize};

use super::{First, Seen, Teams};
use crate::diagnostic::Severity;

/// The most findings that are kept.
pub const MOST_ROWS: usize = 20_000;

/// The longest text of a finding, in characters.
const MOST_TEXT: usize = 240;

/// The first findings.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Table {
    /// The findings.
    pub rows: First<Row, MOST_ROWS>,
    /// Number of findings, those that are not kept among them.
    pub findings: usize,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// How grave it is.
    pub severity: Severity,
    /// The id of the rule.
    pub rule: String,
    /// The subject's name, such as `group/project#12`.
    pub subject: String,
    /// Its page.
    pub url: Option<String>,
    /// Its state; empty where it has none.
    pub state: String,
    /// The labels that name its teams.
    pub teams: Vec<String>,
    /// What to do, long words cut.
    pub text: String,
}

impl Table {
    /// Adds the findings of `seen`, whose teams are those of `teams`.
    pub fn add(&mut self, seen: &Seen, teams: &Teams) {
        let findings = &seen.checked.findings;
        self.findings += findings.len();
        let teams: Vec<String> = teams.of(seen).map(str::to_owned).collect();
        for finding in findings {
            self.rows.add(seen.place, || Row {
                severity: finding.severity,
                rule: finding.rule.id.clone(),
                subject: seen.checked.name.clone(),
                url: seen.profile.url.clone(),
                state: seen.profile.state.as_deref().unwrap_or_default().to_owned(),
                teams: teams.clone(),
                text: cut(&finding.message),
            });
        }
    }

    /// Adds the findings of another shard.
    pub fn merge(&mut self, other: Self) {
        self.findings = self.findings.saturating_add(other.findings);
        self.rows.merge(other.rows);
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(MOST_TEXT) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
