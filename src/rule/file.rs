//! The shape of a rule file; one YAML file holds check, message, handbook words and examples.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::diagnostic::Severity;
use crate::globs::Globs;
use crate::remedy::Remedy;
use crate::subject::Kind;
use crate::yaml::Spanned;

/// The keys of a rule file besides the kinds of check.
pub const KEYS: [&str; 18] = [
    "id",
    "title",
    "from",
    "heading",
    "quote",
    "says",
    "severity",
    "default",
    "since",
    "on",
    "paths",
    "when",
    "message",
    "discreet",
    "help",
    "fix",
    "parameters",
    "variants",
];

/// A rule file as written, without its conditions, checks and examples.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RuleFile {
    /// The id; equal to the file's name without `.yml`.
    pub id: Spanned<String>,
    /// One line that says what the rule is about.
    pub title: String,
    /// The handbook page and heading it enforces, as a URL.
    #[serde(default)]
    pub from: String,
    /// The heading the words stand under.
    #[serde(default)]
    pub heading: String,
    /// The handbook's words, at most 25.
    #[serde(default)]
    pub quote: String,
    /// The verb the handbook uses.
    pub says: Option<Says>,
    /// How grave a finding is.
    pub severity: Severity,
    /// Whether the rule runs without being asked for.
    pub default: Option<Switch>,
    /// The day from which it counts, `YYYY-MM-DD`; in records created before, it only hints.
    pub since: Option<Spanned<String>>,
    /// The kinds of subject it reads.
    pub on: Vec<Kind>,
    /// Globs of the files it reads; `!` takes out again.
    pub paths: Option<Globs>,
    /// One sentence that says what to do; `{name}` stands for what was found.
    pub message: String,
    /// What is found must not spread: a note in GitLab shows the title in place of the message.
    #[serde(default)]
    pub discreet: bool,
    /// The concrete edit.
    #[serde(default)]
    pub help: String,
    /// The edit that mends a finding of no variant.
    pub fix: Option<Remedy>,
    /// Words and severity of the rule's sub-checks.
    #[serde(default)]
    pub variants: BTreeMap<String, Spanned<Variant>>,
}

/// One sub-check of a rule.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// Its severity, where it is not the rule's.
    pub severity: Option<Severity>,
    /// Whether it runs without being asked for.
    pub default: Option<Switch>,
    /// Its message, where it is not the rule's.
    pub message: Option<String>,
    /// Its help, where it is not the rule's.
    pub help: Option<String>,
    /// The edit that mends it.
    pub fix: Option<Remedy>,
}

/// `on` or `off`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Switch {
    /// Runs without being asked for.
    On,
    /// Runs only where a project switches it on.
    Off,
}

impl Switch {
    /// Whether it is `on`.
    pub fn is_on(self) -> bool {
        self == Self::On
    }
}

/// The handbook's own verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Says {
    /// It must be so.
    Must,
    /// It should be so.
    Should,
    /// It may be so.
    May,
}
