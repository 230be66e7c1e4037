//! The project's configuration, `.proclint.yml`.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;

use crate::diagnostic::Severity;
use crate::globs::Globs;
use crate::subject::Kind;
use crate::yaml::{DecodeError, Limits, Node, Spanned, Value, from_node, parse};

/// What a project sets for itself.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Config {
    #[serde(rename = "rules")]
    settings: Option<Node>,
    /// The project the repository belongs to, `group/project`.
    pub project: Option<String>,
    /// Globs of files that are never linted.
    pub exclude: Vec<Spanned<String>>,
    /// Globs and the kind their files are, before the built-in table; the first match wins.
    pub kinds: Vec<KindOf>,
    /// Folders with more rules, relative to the configuration file.
    pub rule_folders: Vec<Spanned<String>>,
    /// Hosts that serve GitLab.
    pub gitlab_hosts: Vec<String>,
    /// The labels that exist.
    pub labels: Vec<String>,
    /// The users that exist.
    pub users: Vec<String>,
    /// Whether findings can be waived in the text they are about; a rule's own setting goes before.
    pub waivable: Option<bool>,
    /// Settings of single rules, by rule id.
    #[serde(skip)]
    pub rules: Vec<(Spanned<String>, Setting)>,
}

/// One override of the table of kinds.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KindOf {
    /// Which files.
    pub glob: Spanned<String>,
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
    /// The day from which it counts; in records created before, it only hints.
    pub since: Option<Date>,
    /// Whether its findings can be waived; `None` leaves it to the project's own switch.
    pub waivable: Option<bool>,
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

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct FullSetting {
    level: Option<Level>,
    paths: Option<Spanned<Vec<String>>>,
    #[serde(default)]
    variants: BTreeMap<String, Spanned<Level>>,
    parameters: Option<Node>,
    since: Option<Spanned<String>>,
    waivable: Option<bool>,
}

const EMPTY: &str = "the list of globs is empty, so it would match nothing";

impl Setting {
    fn read(node: &Node) -> Result<Self, DecodeError> {
        let full = if node.as_str().is_some() {
            let level = Some(from_node::<Level>(node)?);
            FullSetting { level, ..FullSetting::default() }
        } else {
            from_node::<FullSetting>(node)?
        };
        let anchored = |globs: Spanned<Vec<String>>| {
            if globs.value.is_empty() {
                return Err(DecodeError::new(globs.span, EMPTY));
            }
            Globs::anchored(&globs.value).map_err(|message| DecodeError::new(globs.span, message))
        };
        let paths = full.paths.map(anchored).transpose()?;
        Ok(Self {
            enabled: full.level.map(|level| level != Level::Off),
            severity: full.level.and_then(Level::severity),
            paths,
            variants: full.variants,
            parameters: full.parameters,
            since: full.since.as_ref().map(day).transpose()?,
            waivable: full.waivable,
        })
    }
}

impl Config {
    /// Reads the text of a configuration file.
    ///
    /// # Errors
    /// On broken YAML, unknown keys and wrong values, at their place.
    pub fn read(text: &str) -> Result<Self, DecodeError> {
        if text.trim_ascii().is_empty() {
            return Ok(Self::default());
        }
        let node = parse(text, &Limits::config())
            .map_err(|error| DecodeError::new(error.span, error.message).with_help(error.help))?;
        let Some(node) = node.filter(|node| !node.is_null()) else { return Ok(Self::default()) };
        let mut config: Self = from_node(&node)?;
        sound(&node)?;
        config.globs().try_for_each(readable)?;
        for entry in config.settings.take().iter().flat_map(Node::entries) {
            let id = Spanned { value: entry.key.to_string(), span: entry.key_span };
            config.rules.push((id, Setting::read(&entry.value)?));
        }
        Ok(config)
    }

    fn globs(&self) -> impl Iterator<Item = &Spanned<String>> {
        self.exclude.iter().chain(self.kinds.iter().map(|of| &of.glob))
    }

    /// Whether findings of rule `id` can be waived.
    pub fn is_waivable(&self, id: &str) -> bool {
        self.setting(id).and_then(|setting| setting.waivable).or(self.waivable).unwrap_or(true)
    }

    /// What the project sets for rule `id`.
    pub fn setting(&self, id: &str) -> Option<&Setting> {
        self.rules.iter().find(|(rule, _)| rule.value == id).map(|(_, setting)| setting)
    }
}

/// Reads a day, `YYYY-MM-DD`.
///
/// # Errors
/// Where `text` is none, at its place.
pub fn day(text: &Spanned<String>) -> Result<Date, DecodeError> {
    let day = text.value.parse().ok().filter(|_| text.value.len() == 10);
    day.ok_or_else(|| {
        let help = Some("write it as YYYY-MM-DD, as in `since: 2026-03-15`".to_owned());
        DecodeError::new(text.span, format!("`{}` is no day", text.value)).with_help(help)
    })
}

/// Refuses what would be read and mean nothing.
fn sound(node: &Node) -> Result<(), DecodeError> {
    let wrong = |node: &Node, message: String, help: &str| {
        Err(DecodeError::new(node.span, message).with_help(Some(help.to_owned())))
    };
    let is_blank = |node: &&Node| node.as_str().is_some_and(|text| text.trim().is_empty());
    for key in ["exclude", "rule-folders", "gitlab-hosts", "labels", "users"] {
        let Some(Value::List(items)) = node.get(key).map(|list| &list.value) else { continue };
        if let Some(blank) = items.iter().find(is_blank) {
            return wrong(blank, format!("an entry of `{key}` is empty"), "take it out");
        }
        let is_address = |host: &&Node| host.as_str().is_some_and(|host| host.contains('/'));
        if let Some(host) = items.iter().find(is_address).filter(|_| key == "gitlab-hosts") {
            let message = format!("`{}` is no host", host.as_str().unwrap_or_default());
            return wrong(host, message, "write the host alone, as in `gitlab.example.com`");
        }
    }
    if let Some(project) = node.get("project").filter(|project| !project.is_null()) {
        let path = project.as_str().unwrap_or_default();
        if !path.contains('/') || path.split('/').any(|part| part.trim().is_empty()) {
            let message = format!("`{path}` is no path of a project");
            return wrong(project, message, "write it with its group: `project: group/project`");
        }
    }
    match node.get("rules").filter(|rules| !rules.is_null() && !matches!(rules.value, Value::Map(_))) {
        Some(rules) => wrong(
            rules,
            "`rules` is a map from ids to settings".to_owned(),
            "write it as `rules: {bare-reference: off}`; folders with rules of your own are `rule-folders`",
        ),
        None => Ok(()),
    }
}

/// The walk compiles its globs itself, too late to say where a broken one stands.
fn readable(glob: &Spanned<String>) -> Result<(), DecodeError> {
    let text = glob.trim_start_matches('!');
    if text.trim().is_empty() {
        return Err(DecodeError::new(glob.span, "an empty glob matches nothing"));
    }
    let compiled = globset::GlobBuilder::new(text).build();
    compiled.map(drop).map_err(|error| {
        DecodeError::new(glob.span, format!("not a valid glob: {}", error.kind()))
            .with_help(Some("write it like a line of .gitignore: `docs/**/*.md`".to_owned()))
    })
}
