//! What a rule says about its findings: header, severity, message and help, for each of its variants.

use std::sync::Arc;

use crate::diagnostic::{RuleHeader, Severity};
use crate::message::Message;
use crate::remedy::Remedy;

/// The words for one variant.
#[derive(Clone, Debug)]
pub struct Words {
    /// How grave a finding is.
    pub severity: Severity,
    /// The configuration set the severity, so a check does not change it.
    pub severity_fixed: bool,
    /// One sentence that says what to do.
    pub message: Message,
    /// The concrete edit.
    pub help: Message,
    /// The edit that mends a finding to which the check gives none.
    pub fix: Option<Remedy>,
}

/// Everything a rule says.
#[derive(Clone, Debug)]
pub struct Voice {
    /// What reports say about the rule.
    pub header: Arc<RuleHeader>,
    /// The words of findings without a variant.
    pub words: Words,
    /// The words of each variant; `None` where it is switched off.
    pub variants: Vec<(String, Option<Words>)>,
}

impl Voice {
    /// The words for `variant`; the rule's own for the empty name; `None` where it is switched off.
    pub fn words(&self, variant: &str) -> Option<&Words> {
        match self.variants.iter().find(|(name, _)| name == variant) {
            Some((_, words)) => words.as_ref(),
            None => Some(&self.words),
        }
    }
}
