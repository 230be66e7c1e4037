//! What is wrong with the name of a label or milestone.

use serde::{Deserialize, Serialize};

use super::Thing;
use crate::diagnostic::Severity;
use crate::finding::Place;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FlawKind {
    /// It is used and does not exist.
    Missing,
    /// Another name means the same.
    NearDuplicate,
    /// Its like are scoped, it is not.
    Unscoped,
    /// Nobody uses it.
    Unused,
    /// Nobody said what it is for.
    Undescribed,
    /// An open milestone has no last day.
    Undated,
    /// An open milestone's last day has passed.
    Overdue,
}

impl FlawKind {
    /// The name used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::NearDuplicate => "near-duplicate",
            Self::Unscoped => "unscoped",
            Self::Unused => "unused",
            Self::Undescribed => "undescribed",
            Self::Undated => "undated",
            Self::Overdue => "overdue",
        }
    }
}

/// One thing that is wrong with one name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Flaw {
    /// What it is the name of.
    pub of: Thing,
    /// What is wrong.
    pub kind: FlawKind,
    /// How grave it is.
    pub severity: Severity,
    /// The name.
    pub name: String,
    /// One sentence that says what to do.
    pub message: String,
    /// The name that is meant, or should be there.
    pub suggestion: Option<String>,
    /// Records that use it.
    pub records: usize,
    /// Where files name it, the first places.
    pub places: Vec<Place>,
    /// How often files name it.
    pub named: usize,
}
