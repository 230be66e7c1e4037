//! What would change if the rules that a merge request brings along counted already.

use crate::diagnostic::Severity;

/// The difference that a merge request's own rules, configuration and baseline would make; it is not held against
/// anybody.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct Preview {
    /// The files that the merge request changes, repository-relative.
    pub files: Vec<String>,
    /// Findings that there would be.
    pub appearing: Vec<Previewed>,
    /// Findings that there would be no more.
    pub vanishing: Vec<Previewed>,
    /// Why the new policy cannot be used.
    pub error: Option<String>,
}

/// A finding of a preview.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Previewed {
    /// The rule's id.
    pub rule: String,
    /// How grave it is.
    pub severity: Severity,
    /// The subject's name.
    pub subject: String,
    /// The file it lies in.
    pub path: Option<String>,
    /// Its line, from 1.
    pub line: usize,
    /// What to do.
    pub message: String,
}
