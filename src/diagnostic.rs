//! What a check says: a diagnostic with its span, and the fix that would mend it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::text::Span;

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// A hint.
    Info,
    /// Something to change.
    Warning,
    /// Something that breaks the process.
    Error,
}

impl Severity {
    /// The name used in rules, configuration and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// What a report says about a rule.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct RuleHeader {
    /// The rule's id, equal to its file name.
    pub id: String,
    /// One line that says what the rule is about.
    pub title: String,
    /// The page and heading of the handbook.
    pub url: String,
    /// The handbook's words, at most 25.
    pub quote: String,
    /// Whether what it finds must not spread to where others read it.
    pub discreet: bool,
}

/// One finding of a check in one subject.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// The rule that found it.
    pub rule: Arc<RuleHeader>,
    /// How grave it is.
    pub severity: Severity,
    /// Where it is, in the subject's text.
    pub span: Span,
    /// One sentence that says what to do.
    pub message: String,
    /// The concrete edit, in words.
    pub help: String,
    /// Other places that belong to it.
    pub related: Vec<Related>,
    /// The edit that would mend it.
    pub fix: Option<Fix>,
    /// What several subjects share: only its first finding is kept.
    pub shared: Option<String>,
    /// The subject is older than the rule, so that the finding is a hint only.
    pub grace: bool,
}

/// Another place that belongs to a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// Where it is, in the same text.
    pub span: Span,
    /// What it has to do with the finding.
    pub message: String,
}

/// Edits that mend a finding, all or none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// What the edits do, in the imperative.
    pub title: String,
    /// Whether they can be made without asking.
    pub safe: bool,
    /// The edits, in the order of the text.
    pub edits: Vec<Edit>,
}

/// The replacement of one span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty for an insertion.
    pub span: Span,
    /// What stands there afterwards.
    pub text: String,
}

impl Serialize for Edit {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut edit = serializer.serialize_struct("Edit", 3)?;
        edit.serialize_field("start", &self.span.start)?;
        edit.serialize_field("end", &self.span.end)?;
        edit.serialize_field("text", &self.text)?;
        edit.end()
    }
}

impl<'de> Deserialize<'de> for Edit {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Flat {
            start: u32,
            end: u32,
            text: String,
        }
        let Flat { start, end, text } = Flat::deserialize(deserializer)?;
        if start > end {
            return Err(serde::de::Error::custom("an edit runs backwards"));
        }
        Ok(Self { span: Span { start, end }, text })
    }
}
