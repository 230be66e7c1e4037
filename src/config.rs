//! The project's configuration, `.proclint.yml`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::diagnostic::Severity;
use crate::globs::Globs;
use crate::subject::Kind;
use crate::yaml::{DecodeError, Limits, Node, Spanned, from_node, parse};

/// What a project sets for itself.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Config {
    /// The project the repository belongs to, `group/project`.
    pub project: Option<String>,
    /// Globs of files that are never linted.
    pub exclude: Vec<String>,
    /// Globs and the kind their files are, before the built-in table; the first match wins.
    pub kinds: Vec<KindOf>,
    /// Folders with more rules, relative to the configuration file.
    pub rule_folders: Vec<String>,
    /// Hosts that serve GitLab.
    pub gitlab_hosts: Vec<String>,
    /// The labels that exist.
    pub labels: Vec<String>,
    /// The users that exist.
    pub users: Vec<String>,
    /// Settings of single rules, by rule id.
    pub rules: BTreeMap<String, Spanned<Setting>>,
}

/// One override of the table of kinds.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KindOf {
    /// Which files.
    pub glob: String,
    /// What they are.
    pub kind: Kind,
}

/// What a project sets for one rule.
#[derive(Clone, Debug, Default)]
pub struct Setting {
    /// Switched on or off; `None` leaves the rule's default.
    pub enabled: Option<bool>,
    /// The severity of all its findings.
    pub severity: Option<Severity>,
    /// Only files these globs match.
    pub paths: Option<Globs>,
    /// Variants switched on, off, or to another severity.
    pub variants: BTreeMap<String, Spanned<Level>>,
    /// Parameters, by name; each replaces the rule's own.
    pub parameters: Option<Node>,
}

/// A switch or a severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Not reported.
    Off,
    /// Reported at its own severity.
    On,
    /// Reported as a hint.
    Info,
    /// Reported as a warning.
    Warning,
    /// Reported as an error.
    Error,
}

impl Level {
    /// The severity the level sets, if it sets one.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Info => Some(Severity::Info),
            Self::Warning => Some(Severity::Warning),
            Self::Error => Some(Severity::Error),
            Self::Off | Self::On => None,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct FullSetting {
    level: Option<Level>,
    paths: Option<Globs>,
    #[serde(default)]
    variants: BTreeMap<String, Spanned<Level>>,
    parameters: Option<Node>,
}

impl<'de> Deserialize<'de> for Setting {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let node = Node::deserialize(deserializer)?;
        let setting = if node.as_str().is_some() {
            from_node::<Level>(&node).map(|level| FullSetting {
                level: Some(level),
                paths: None,
                variants: BTreeMap::new(),
                parameters: None,
            })
        } else {
            from_node::<FullSetting>(&node)
        };
        let FullSetting { level, paths, variants, parameters } = setting.map_err(DecodeError::forward)?;
        Ok(Self {
            enabled: level.map(|level| level != Level::Off),
            severity: level.and_then(Level::severity),
            paths,
            variants,
            parameters,
        })
    }
}

impl Config {
    /// Reads the text of a configuration file.
    ///
    /// # Errors
    /// On broken YAML, unknown keys and wrong values, at their place.
    pub fn read(text: &str) -> Result<Self, DecodeError> {
        match parse(text, &Limits::config())? {
            Some(node) if !node.is_null() => from_node(&node),
            _ => Ok(Self::default()),
        }
    }
}
