//! What earlier audits found: a file with one line of JSON for each run, which only ever grows.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Digest;

/// What one audit found, as its line of the file says it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The day that counted as today, `YYYY-MM-DD`.
    pub date: String,
    /// What was audited, as it was named.
    pub source: String,
    /// A hash of the rules and their configuration, hexadecimal.
    pub rules: String,
    /// Number of subjects.
    pub subjects: usize,
    /// Number of subjects with a finding that counts.
    pub with_findings: usize,
    /// How often something could not be checked.
    pub not_checked: usize,
    /// Findings that count, by the id of their rule.
    pub found: BTreeMap<String, Found>,
}

/// Findings of one rule, by severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Errors.
    pub error: usize,
    /// Warnings.
    pub warning: usize,
    /// Hints.
    pub info: usize,
}

/// The lines of a history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// The runs, in the order of the lines.
    pub entries: Vec<Entry>,
    /// Lines that hold no run.
    pub damaged: Vec<Damaged>,
}

/// A line that holds no run; it stays as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damaged {
    /// Its number, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub reason: String,
}

/// The runs over one source up to the present one, the last of each day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BurnDown {
    /// By day; the present run is among them.
    pub points: Vec<Point>,
    /// Where the present run stands among the points.
    pub present: usize,
    /// Number of runs over other sources, which do not compare.
    pub elsewhere: usize,
    /// Number of runs that a later one of the same day stands for.
    pub replaced: usize,
}

/// One day of a burn-down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// The run.
    pub entry: Entry,
    /// The rules are others than on the day before.
    pub other_rules: bool,
}

impl Entry {
    /// What `digest` says of the audit of `source` by the rules of which `rules` is the hash.
    pub fn of(digest: &Digest, source: &str, rules: String) -> Self {
        let found = digest.found.iter().filter(|(_, tally)| tally.findings() > 0).map(|(id, tally)| {
            let found = Found { error: tally.error, warning: tally.warning, info: tally.info };
            (id.clone(), found)
        });
        let gaps = digest.gaps.not_checked.values().map(|tally| tally.times).sum::<usize>();
        Self {
            date: digest.today.clone(),
            source: source.to_owned(),
            rules,
            subjects: digest.subjects,
            with_findings: digest.with_findings,
            not_checked: gaps + digest.gaps.other_gaps,
            found: found.collect(),
        }
    }

    /// The line of the file, with its end.
    pub fn line(&self) -> String {
        // Strings and numbers cannot fail to become JSON.
        serde_json::to_string(self).unwrap_or_default() + "\n"
    }

    /// All findings, by severity.
    pub fn sum(&self) -> Found {
        self.found.values().fold(Found::default(), |sum, of| Found {
            error: sum.error.saturating_add(of.error),
            warning: sum.warning.saturating_add(of.warning),
            info: sum.info.saturating_add(of.info),
        })
    }
}

impl Found {
    /// Number of findings.
    pub fn findings(self) -> usize {
        self.error.saturating_add(self.warning).saturating_add(self.info)
    }
}

impl History {
    /// Reads the bytes of a history; lines that hold no run are named, the others stand.
    pub fn read(bytes: &[u8]) -> Self {
        let mut history = Self::default();
        for (at, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
            if line.trim_ascii().is_empty() {
                continue;
            }
            let entry = serde_json::from_slice::<Entry>(line).map_err(|error| error.to_string());
            let entry = entry.and_then(|entry| match entry.date.parse::<Date>() {
                Ok(_) if entry.date.len() == 10 => Ok(entry),
                _ => Err("its date is no day".to_owned()),
            });
            match entry {
                Ok(entry) => history.entries.push(entry),
                // What the parser says of its place within the line would read as one within the file.
                Err(reason) => {
                    let reason = reason.split(" at line ").next().unwrap_or_default().to_owned();
                    history.damaged.push(Damaged { line: at + 1, reason });
                }
            }
        }
        history
    }

    /// Whether the file holds something, and nothing of it is a run.
    pub fn is_foreign(&self) -> bool {
        self.entries.is_empty() && !self.damaged.is_empty()
    }

    /// The runs that `present` may be held against, and it.
    pub fn burn_down(&self, present: &Entry) -> BurnDown {
        let mut days: BTreeMap<&str, &Entry> = BTreeMap::new();
        let mut burn_down = BurnDown::default();
        for entry in self.entries.iter().chain([present]) {
            if entry.source != present.source {
                burn_down.elsewhere += 1;
            } else if days.insert(&entry.date, entry).is_some() {
                burn_down.replaced += 1;
            }
        }
        let mut rules: Option<&str> = None;
        for (date, entry) in days {
            let other_rules = rules.replace(&entry.rules).is_some_and(|before| before != entry.rules);
            if date == present.date {
                burn_down.present = burn_down.points.len();
            }
            burn_down.points.push(Point { entry: entry.clone(), other_rules });
        }
        burn_down
    }
}

impl BurnDown {
    /// The run of the day before the present one's, where the same rules ran.
    pub fn previous(&self) -> Option<&Entry> {
        let present = self.points.get(self.present).filter(|point| !point.other_rules)?;
        let before = self.points.get(self.present.checked_sub(1)?)?;
        (before.entry.rules == present.entry.rules).then_some(&before.entry)
    }
}
