//! What became of the fixes of one subject.

use super::Finding;

/// What a run does with fixes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fixes {
    /// It makes them.
    Made,
    /// It shows them and changes nothing.
    Shown,
}

/// The fixes of one subject: made in the file, or shown where nothing is written.
#[derive(Clone, Debug, Default)]
pub struct Repair {
    /// The findings whose fixes were made, or would be, as they were found.
    pub fixed: Vec<Finding>,
    /// In a record, which nobody but GitLab can change: the findings that the quick actions or the change of the
    /// description would mend.
    pub proposed: Vec<Finding>,
    /// The fixes that were asked for and not made.
    pub left: Vec<Left>,
    /// Number of findings whose fix is no safe one, where only those were asked for.
    pub withheld: usize,
    /// The change of the file, or of a record's description, as a unified diff; empty where there is none, or where
    /// the file was written.
    pub diff: String,
    /// For a record: quick actions, one a line, to be pasted into a comment or the description.
    pub quick_actions: Vec<String>,
}

/// A fix that was not made.
#[derive(Clone, Debug)]
pub struct Left {
    /// The finding that it would have mended, as it was found.
    pub finding: Finding,
    /// Why it was left, in words.
    pub reason: String,
}

impl Repair {
    /// Whether there is nothing to tell.
    pub fn is_silent(&self) -> bool {
        self.fixed.is_empty() && self.proposed.is_empty() && self.left.is_empty() && self.withheld == 0
    }
}
