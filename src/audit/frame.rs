//! What the page of an audit tells beside its sum.

use serde::{Deserialize, Serialize};

use crate::diagnostic::RuleHeader;

/// What was audited, and by which rules.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Frame {
    /// What was audited, as it was named.
    pub source: String,
    /// The rules that were switched on, by their ids.
    pub rules: Vec<RanRule>,
    /// A hash of the rules and their configuration, hexadecimal.
    pub ruleset: String,
}

/// A rule that was switched on.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct RanRule {
    /// What it says of itself.
    #[serde(flatten)]
    pub header: RuleHeader,
    /// The names of the kinds of subject that it reads.
    pub on: Vec<String>,
}
