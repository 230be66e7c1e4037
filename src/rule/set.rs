//! The rules of a run: built-in and the user's own, compiled when the first subject of their kind arrives.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use crate::config::Config;
use crate::globs::Globs;
use crate::pattern::proved;
use crate::rule::{Rule, RuleError};
use crate::scan::{Need, Prefilter};
use crate::subject::{Kind, KindSet};
use crate::text::Span;
use crate::yaml::{DecodeError, Limits, Node, parse, suggestion};

/// A rule that ships with proclint.
#[derive(Debug)]
pub struct BuiltIn {
    /// Its file below `rules/`.
    pub path: &'static str,
    /// Its id.
    pub id: &'static str,
    /// The kinds it reads, one bit each.
    pub on: u16,
    /// Whether it runs without being asked for.
    pub default: bool,
    /// The text of its file.
    pub yaml: &'static str,
    /// Its tree without examples, ready to decode.
    pub json: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// A rule file of the user.
#[derive(Debug, Clone)]
pub struct OwnFile {
    /// Its path, for messages.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// The text of the configuration with its path, for messages.
#[derive(Debug, Clone, Default)]
pub struct ConfigText {
    /// The path.
    pub path: String,
    /// The text.
    pub text: String,
}

/// Which rules to run; globs over ids.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Only these, also where they are off by default.
    pub select: Vec<String>,
    /// Not these.
    pub ignore: Vec<String>,
}

#[derive(Debug)]
struct Source {
    id: String,
    on: KindSet,
    built_in: Option<&'static BuiltIn>,
    compiled: OnceLock<Result<Arc<Rule>, String>>,
}

/// The rules for one kind of subject, with the prefilter over their literals.
#[derive(Debug)]
pub struct Program {
    /// The rules, sorted by id.
    pub rules: Vec<Arc<Rule>>,
    /// One need for each check of each rule, in order.
    pub prefilter: Prefilter,
    /// Rules that could not be compiled, with the reason; only a fault of proclint itself leads here.
    pub broken: Vec<String>,
}

/// All rules that are switched on.
#[derive(Debug)]
pub struct RuleSet {
    sources: Vec<Source>,
    config: Config,
    programs: [OnceLock<Program>; Kind::ALL.len()],
}

impl RuleSet {
    /// Chooses the rules of a run. The user's own rules, and built-in ones whose parameters a project changes, are
    /// compiled at once, so that every mistake is said before anything is checked.
    ///
    /// # Errors
    /// On the first mistake in a rule file, the configuration or the selection.
    pub fn new(
        own: &[OwnFile],
        config: Config,
        config_text: &ConfigText,
        selection: &Selection,
    ) -> Result<Self, RuleError> {
        let own = own.iter().map(read_own).collect::<Result<Vec<_>, _>>()?;
        one_file_each(&own)?;
        let mut ids: Vec<&str> = BUILT_IN.iter().map(|rule| rule.id).collect();
        ids.extend(own.iter().map(|own| own.id.as_str()));
        ids.sort_unstable();
        known_ids(&ids, &config, config_text, selection)?;
        let (select, ignore) = (globs(&selection.select)?, globs(&selection.ignore)?);
        let chosen = |id: &str, default: bool| {
            let wanted = match &select {
                Some(select) => select.has(id),
                None => config.setting(id).and_then(|setting| setting.enabled).unwrap_or(default),
            };
            wanted && !ignore.as_ref().is_some_and(|ignore| ignore.has(id))
        };
        let mut sources = Vec::new();
        for rule in BUILT_IN {
            let replaced = own.iter().any(|own| own.id == rule.id);
            let setting = config.setting(rule.id);
            let compiled = OnceLock::new();
            if setting.is_some() && !replaced {
                // A setting is proved even where its rule is off: a mistake must not wait for the day it is switched on.
                let rule = embedded(rule)
                    .and_then(|node| proved(|| Rule::compile(node, setting)))
                    .map_err(|error| in_setting(error, rule.id, &config, config_text))?;
                let _ = compiled.set(Ok(Arc::new(rule)));
            }
            if chosen(rule.id, rule.default) && !replaced {
                let id = rule.id.to_owned();
                sources.push(Source { id, on: KindSet(rule.on), built_in: Some(rule), compiled });
            }
        }
        for own in own {
            let mut rule = proved(|| Rule::compile(own.node.clone(), None))
                .map_err(|error| RuleError::file(&own.file.path, &own.file.text, error))?;
            if let Some(setting) = config.setting(&own.id) {
                // The rule is sound by itself; without places, those of an error can only be the configuration's.
                rule = without_places(&own.node)
                    .and_then(|node| proved(|| Rule::compile(node, Some(setting))))
                    .map_err(|error| in_setting(error, &own.id, &config, config_text))?;
            }
            let default = own.node.get("default").and_then(Node::as_str) != Some("off");
            if chosen(&own.id, default) {
                let on = rule.on;
                sources.push(Source {
                    id: own.id,
                    on,
                    built_in: None,
                    compiled: OnceLock::from(Ok(Arc::new(rule))),
                });
            }
        }
        if sources.is_empty() {
            return Err(RuleError::None);
        }
        sources.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(Self { sources, config, programs: Default::default() })
    }

    /// All built-in rules, those that are off by default too.
    ///
    /// # Errors
    /// Never in a released build; a test compiles every rule.
    pub fn all() -> Result<Self, RuleError> {
        let selection = Selection { select: vec!["*".to_owned()], ignore: Vec::new() };
        Self::new(&[], Config::default(), &ConfigText::default(), &selection)
    }

    /// Number of rules that are switched on.
    pub fn len(&self) -> usize {
        self.sources.len()
    }

    /// Whether rule `id` is switched on.
    pub fn has(&self, id: &str) -> bool {
        self.sources.iter().any(|source| source.id == id)
    }

    /// Whether no rule is switched on.
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    /// The kinds that at least one rule reads.
    pub fn kinds(&self) -> KindSet {
        KindSet(self.sources.iter().fold(0, |bits, source| bits | source.on.0))
    }

    /// The rules for `kind`, compiled on first use.
    pub fn program(&self, kind: Kind) -> &Program {
        self.programs[kind as usize].get_or_init(|| {
            let mut program =
                Program { rules: Vec::new(), prefilter: Prefilter::new(Vec::new()), broken: Vec::new() };
            for source in self.sources.iter().filter(|source| source.on.has(kind)) {
                match source.compiled.get_or_init(|| self.compile(source)) {
                    Ok(rule) => program.rules.push(rule.clone()),
                    Err(reason) => program.broken.push(format!("{}: {reason}", source.id)),
                }
            }
            let checks = program.rules.iter().flat_map(|rule| &rule.checks);
            let needs: Vec<Need> = checks.map(|(_, check)| check.need()).collect();
            program.prefilter = Prefilter::new(needs);
            program
        })
    }

    fn compile(&self, source: &Source) -> Result<Arc<Rule>, String> {
        let built_in = source.built_in.ok_or("not built in")?;
        let rule = embedded(built_in).and_then(|node| Rule::compile(node, self.config.setting(&source.id)));
        rule.map(Arc::new).map_err(|error| format!("{}: {}", error.path, error.message))
    }
}

/// The files of judgements about sentences that ship with proclint: the page's name, and its text.
pub fn judged() -> &'static [(&'static str, &'static str)] {
    JUDGED
}

/// The built-in rules in the order of their paths.
pub fn built_in() -> &'static [BuiltIn] {
    BUILT_IN
}

/// The tree of a built-in rule, without examples and without places.
fn embedded(rule: &BuiltIn) -> Result<Node, DecodeError> {
    serde_json::from_str(rule.json).map_err(|error| DecodeError::new(Span::default(), error.to_string()))
}

fn without_places(node: &Node) -> Result<Node, DecodeError> {
    let tree = serde_json::to_value(node).and_then(serde_json::from_value);
    tree.map_err(|error| DecodeError::new(Span::default(), error.to_string()))
}

/// A mistake in the project's setting of rule `id`; one that belongs to no value is shown at the setting's name.
fn in_setting(mut error: DecodeError, id: &str, config: &Config, text: &ConfigText) -> RuleError {
    if error.span == Span::default() {
        let named = config.rules.iter().find(|(rule, _)| rule.value == id);
        error.span = named.map_or(error.span, |(rule, _)| rule.span);
    }
    RuleError::config(&text.path, &text.text, error)
}

/// A rule of the user may replace a built-in one, but not another of the user's.
fn one_file_each(own: &[Own<'_>]) -> Result<(), RuleError> {
    let mut files = HashMap::new();
    for rule in own {
        let second = rule.file.path.clone();
        if let Some(first) = files.insert(&rule.id, &rule.file.path) {
            return Err(RuleError::Twice { id: rule.id.clone(), first: first.clone(), second });
        }
    }
    Ok(())
}

struct Own<'f> {
    id: String,
    node: Node,
    file: &'f OwnFile,
}

fn read_own(file: &OwnFile) -> Result<Own<'_>, RuleError> {
    let node = parse(&file.text, &Limits::config())
        .map_err(|error| DecodeError::new(error.span, error.message).with_help(error.help))
        .and_then(|node| node.ok_or_else(|| DecodeError::new(Span::default(), "the file holds no rule")))
        .map_err(|error| RuleError::file(&file.path, &file.text, error))?;
    let id = node.get("id").and_then(Node::as_str).unwrap_or_default().to_owned();
    let stem = file
        .path
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or_default()
        .trim_end_matches(".yml")
        .trim_end_matches(".yaml");
    if !id.is_empty() && id != stem {
        let span = node.get("id").map_or(node.span, |id| id.span);
        let error = DecodeError::new(span, format!("the id `{id}` is not the file's name"));
        return Err(RuleError::file(
            &file.path,
            &file.text,
            error.with_help(Some(format!("name the file {id}.yml"))),
        ));
    }
    Ok(Own { id, node, file })
}

/// Every id that the configuration or the command line names must exist.
fn known_ids(
    ids: &[&str],
    config: &Config,
    text: &ConfigText,
    selection: &Selection,
) -> Result<(), RuleError> {
    for (id, _) in &config.rules {
        if ids.binary_search(&id.value.as_str()).is_err() {
            let error = DecodeError::new(id.span, format!("there is no rule `{}`", id.value));
            let help = Some(nearest(&id.value, ids));
            return Err(RuleError::config(&text.path, &text.text, error.with_help(help)));
        }
    }
    for name in selection.select.iter().chain(&selection.ignore) {
        let matched =
            globs(std::slice::from_ref(name))?.is_some_and(|globs| ids.iter().any(|id| globs.has(id)));
        if !matched {
            return Err(RuleError::Unknown { name: name.clone(), help: Some(nearest(name, ids)) });
        }
    }
    Ok(())
}

fn nearest(id: &str, ids: &[&str]) -> String {
    let help = suggestion(id, ids);
    if help.starts_with("allowed") { "`proclint rules` lists them all".to_owned() } else { help }
}

fn globs(names: &[String]) -> Result<Option<Globs>, RuleError> {
    if names.is_empty() {
        return Ok(None);
    }
    let unknown = |help| RuleError::Unknown { name: names.join(","), help: Some(help) };
    Globs::new(names).map(Some).map_err(unknown)
}
