//! The rules of a run: built-in and the user's own, compiled when the first subject of their kind arrives.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::cond::need::tells;
use crate::config::Config;
use crate::document::Document;
use crate::globs::Globs;
use crate::pattern::proved;
use crate::rule::own::{Own, one_file_each, read_own, without_places};
use crate::rule::{Rule, RuleError};

pub use crate::rule::own::OwnFile;
use crate::scan::{Need, Prefilter};
use crate::subject::{Details, Kind, KindSet, Subject};
use crate::text::Span;
use crate::world::World;
use crate::yaml::{DecodeError, Node, suggestion, unpack};

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
    /// Its tree without examples, as [`unpack`] reads it.
    pub packed: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// The texts of all rule files, one behind the other.
static TEXTS: &str = include_str!(concat!(env!("OUT_DIR"), "/rules.yml"));

/// The trees of all rules, one behind the other.
static TREES: &str = include_str!(concat!(env!("OUT_DIR"), "/rules.packed"));

/// `length` bytes of `text` from `start` on.
const fn part(text: &'static str, start: usize, length: usize) -> &'static str {
    text.split_at(start).1.split_at(length).0
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
    compiled: OnceLock<Result<Box<Rule>, String>>,
}

/// The rules for one kind of subject, with the prefilter over their literals.
#[derive(Debug)]
struct Program {
    /// The rules' places among the sources, sorted by id.
    rules: Vec<usize>,
    /// One need for each rule, in the same order.
    prefilter: Prefilter,
    /// The same without what conditions need, for records that lack the fields these ask for.
    of_checks: OnceLock<Prefilter>,
}

/// All rules that are switched on.
#[derive(Debug)]
pub struct RuleSet {
    sources: Vec<Source>,
    /// The ids of all rules, those that are switched off too, sorted.
    known: Vec<String>,
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
        let known = ids.iter().map(|id| (*id).to_owned()).collect();
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
                let _ = compiled.set(Ok(Box::new(rule)));
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
                // The rule is sound by itself, so what is wrong now is the setting.
                rule = without_places(&own.node)
                    .and_then(|node| proved(|| Rule::compile(node, Some(setting))))
                    .map_err(|error| in_setting(error, &own.id, &config, config_text))?;
            }
            can_fire(&rule, &own)?;
            let default = own.node.get("default").and_then(Node::as_str) != Some("off");
            if chosen(&own.id, default) {
                let on = rule.on;
                sources.push(Source {
                    id: own.id,
                    on,
                    built_in: None,
                    compiled: OnceLock::from(Ok(Box::new(rule))),
                });
            }
        }
        if sources.is_empty() {
            return Err(RuleError::None);
        }
        sources.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(Self { sources, known, config, programs: Default::default() })
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

    /// The ids of all rules, those that are switched off too, sorted.
    pub fn known(&self) -> &[String] {
        &self.known
    }

    /// Rule `id`, compiled; `None` where it is switched off.
    pub fn get(&self, id: &str) -> Option<&Rule> {
        let source = self.sources.iter().find(|source| source.id == id)?;
        source.compiled.get_or_init(|| self.compile(source)).as_deref().ok()
    }

    /// What the project sets.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Whether no rule is switched on.
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    /// The kinds that at least one rule reads.
    pub fn kinds(&self) -> KindSet {
        KindSet(self.sources.iter().fold(0, |bits, source| bits | source.on.0))
    }

    /// The rules that may find something in the subject of `document`, sorted by id, compiled on first use; and the
    /// rules that cannot be compiled, with the reason, to which only a fault of proclint itself leads.
    pub fn touched(&self, document: &Document<'_>) -> (Vec<&Rule>, Vec<String>) {
        let kind = document.subject.kind;
        let program = self.programs[kind as usize].get_or_init(|| self.program(kind));
        let prefilter = match tells(document) {
            true => &program.prefilter,
            false => program.of_checks.get_or_init(|| self.of_checks(&program.rules)),
        };
        let touched = program.rules.iter().zip(prefilter.touched(document.haystack()));
        self.compiled(touched.filter(|(_, touched)| *touched).map(|(rule, _)| *rule))
    }

    /// All rules for `kind`, as [`RuleSet::touched`] gives them.
    pub fn of_kind(&self, kind: Kind) -> (Vec<&Rule>, Vec<String>) {
        self.compiled((0..self.sources.len()).filter(|at| self.sources[*at].on.has(kind)))
    }

    /// The details that a rule may look at in a record of `kind`.
    pub fn details(&self, kind: Kind) -> Details {
        let of_rules: Details = self.of_kind(kind).0.iter().map(|rule| rule.details()).collect();
        of_rules.of_kind(kind)
    }

    /// The details that a rule may look at in `subject`, a record that lacks them. Where its own fields say that a rule
    /// does not apply, no detail is asked for on behalf of that rule.
    pub fn details_for(&self, subject: &Subject, world: &World) -> Details {
        let document = Document::new(subject);
        let rules = self.of_kind(subject.kind).0;
        let of_rules: Details = rules.iter().map(|rule| rule.details_for(&document, world)).collect();
        of_rules.of_kind(subject.kind)
    }

    fn compiled(&self, rules: impl Iterator<Item = usize>) -> (Vec<&Rule>, Vec<String>) {
        let (mut compiled, mut broken) = (Vec::with_capacity(self.sources.len()), Vec::new());
        for source in rules.map(|at| &self.sources[at]) {
            match source.compiled.get_or_init(|| self.compile(source)) {
                Ok(rule) => compiled.push(&**rule),
                Err(reason) => broken.push(format!("{}: {reason}", source.id)),
            }
        }
        (compiled, broken)
    }

    fn program(&self, kind: Kind) -> Program {
        let rules: Vec<usize> = (0..self.sources.len()).filter(|at| self.sources[*at].on.has(kind)).collect();
        let listed = listed(kind);
        let needs = rules.iter().map(|at| self.need(&self.sources[*at], kind, &listed)).collect();
        Program { rules, prefilter: Prefilter::new(needs), of_checks: OnceLock::new() }
    }

    fn of_checks(&self, rules: &[usize]) -> Prefilter {
        let need = |source: &Source| {
            let rule = source.compiled.get_or_init(|| self.compile(source));
            rule.as_ref().map_or(Need::Nothing, |rule| rule.need_of_checks())
        };
        Prefilter::new(rules.iter().map(|at| need(&self.sources[*at])).collect())
    }

    /// What a subject must contain for a rule. The list knows it of built-in rules with their own parameters; the
    /// others are compiled to ask them.
    fn need(&self, source: &Source, kind: Kind, listed: &HashMap<&str, &str>) -> Need {
        let own_parameters =
            self.config.setting(&source.id).is_none_or(|setting| setting.parameters.is_none());
        let known = listed.get(source.id.as_str()).filter(|_| source.built_in.is_some() && own_parameters);
        if let Some(words) = known {
            return match *words {
                "*" => Need::Nothing,
                "#0" => Need::Sigil,
                "-" => Need::Any(Vec::new()),
                words => Need::Any(words.split('\t').map(str::to_owned).collect()),
            };
        }
        match source.compiled.get_or_init(|| self.compile(source)) {
            Ok(rule) => rule.need(kind),
            Err(_) => Need::Nothing,
        }
    }

    fn compile(&self, source: &Source) -> Result<Box<Rule>, String> {
        let built_in = source.built_in.ok_or("not built in")?;
        let rule = embedded(built_in).and_then(|node| Rule::compile(node, self.config.setting(&source.id)));
        rule.map(Box::new).map_err(|error| format!("{}: {}", error.path, error.message))
    }
}

/// What subjects must contain for the built-in rules: under the name of each kind in brackets a line for each of its
/// rules, with its id and after tabs its literals, `#0` for a sigil, `*` for nothing and `-` where the rule can find
/// nothing. A test keeps the list; a rule that is not in it is compiled to ask it.
pub const NEEDS: &str = include_str!("needs.tsv");

/// The lines for `kind`, by rule id.
fn listed(kind: Kind) -> HashMap<&'static str, &'static str> {
    let lines = NEEDS.lines().skip_while(|line| line.trim_matches(['[', ']']) != kind.name()).skip(1);
    lines.take_while(|line| !line.starts_with('[')).filter_map(|line| line.split_once('\t')).collect()
}

/// The files of judgements about sentences that ship with proclint: the page's name, and its text.
pub fn judged() -> &'static [(&'static str, &'static str)] {
    JUDGED
}

/// The built-in rules in the order of their paths.
pub fn built_in() -> &'static [BuiltIn] {
    BUILT_IN
}

/// Refuses a rule of the user that no text can give a finding, such as one with no words to look for.
fn can_fire(rule: &Rule, own: &Own<'_>) -> Result<(), RuleError> {
    let never = |kind: &Kind| matches!(rule.need(*kind), Need::Any(words) if words.is_empty());
    if !Kind::ALL.iter().filter(|kind| rule.on.has(**kind)).all(never) {
        return Ok(());
    }
    let span = own.node.get("id").map_or(own.node.span, |id| id.span);
    let error = DecodeError::new(span, "the rule has nothing to look for, so it can never fire");
    let help = "a list such as `literals` is empty: say what a text holds that the rule is about";
    Err(RuleError::file(&own.file.path, &own.file.text, error.with_help(Some(help.to_owned()))))
}

/// The tree of a built-in rule, without examples and without places.
fn embedded(rule: &BuiltIn) -> Result<Node, DecodeError> {
    unpack(rule.packed)
        .ok_or_else(|| DecodeError::new(Span::default(), "the rule is not embedded as it should be"))
}

/// A mistake in the project's setting of rule `id`; one that belongs to no value is shown at the setting's name.
fn in_setting(mut error: DecodeError, id: &str, config: &Config, text: &ConfigText) -> RuleError {
    if error.span == Span::default() {
        let named = config.rules.iter().find(|(rule, _)| rule.value == id);
        error.span = named.map_or(error.span, |(rule, _)| rule.span);
    }
    RuleError::config(&text.path, &text.text, error)
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
