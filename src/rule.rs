//! A rule: what it is called, where it applies, what it checks and what it says.

pub mod conditions;
pub mod error;
pub mod file;
mod filled;
pub mod lock;
mod own;
mod parts;
pub mod set;

use std::sync::Arc;

pub use conditions::Conditions;
pub use error::RuleError;
pub use file::{KEYS, RuleFile};
pub use set::RuleSet;

use parts::Parts;

use jiff::civil::Date;

use crate::check::Check;
use crate::cond::Cond;
use crate::config::{Setting, day};
use crate::diagnostic::RuleHeader;
use crate::document::Document;
use crate::globs::Globs;
use crate::message::Message;
use crate::scan::Need;
use crate::subject::{Details, Kind, KindSet};
use crate::voice::{Voice, Words};
use crate::world::World;
use crate::yaml::{DecodeError, Node, from_node, suggestion};

/// A compiled rule, shared by all threads.
#[derive(Debug)]
pub struct Rule {
    /// The kinds of subject it reads.
    pub on: KindSet,
    /// The files it reads; all where `None`.
    pub paths: Option<Globs>,
    /// The project's own restriction of files.
    pub only: Option<Globs>,
    /// The day from which it counts; in records created before, it only hints.
    pub since: Option<Date>,
    /// What must hold before it is checked.
    pub when: Cond,
    /// What it checks.
    pub checks: Vec<(Cond, Check)>,
    /// What it says.
    pub voice: Voice,
    /// Whether it judges waivers, so that it has to wait for all other rules.
    pub judges_waivers: bool,
}

impl Rule {
    /// Compiles the tree of a rule file under the project's `setting`.
    ///
    /// # Errors
    /// On everything that can be wrong in the file or the setting, at its place.
    pub fn compile(node: Node, setting: Option<&Setting>) -> Result<Self, DecodeError> {
        let span = node.span;
        let parts = Parts::take(node, setting)?;
        filled::words(&parts.own)?;
        let file: RuleFile = from_node(&parts.own)?;
        if file.on.is_empty() {
            return Err(DecodeError::new(
                parts.own.get("on").map_or(span, |on| on.span),
                "the rule names no kind of subject in `on`, so it can never fire",
            ));
        }
        let free = file.on.iter().any(|kind| matches!(kind, Kind::Page | Kind::ReleasePost | Kind::DataFile));
        let when = parts.when.as_ref().map(|node| Cond::read(node, free)).transpose()?.unwrap_or_default();
        let checks = parts.bodies.read(file.id.span, free)?;
        cited(&file, &checks)?;
        let voice = voice(&file, setting, &checks, &parts.own)?;
        let own_since = file.since.as_ref().map(day).transpose()?;
        let since = setting.and_then(|setting| setting.since).or(own_since);
        let only = setting.and_then(|setting| setting.paths.clone());
        let judges_waivers = checks.iter().any(|(_, check)| matches!(check, Check::Waivers(_)));
        Ok(Self {
            on: file.on.iter().copied().collect(),
            paths: file.paths,
            only,
            since,
            when,
            checks,
            voice,
            judges_waivers,
        })
    }

    /// Whether it reads the file at `path`; a record has none.
    pub fn reads(&self, path: Option<&str>) -> bool {
        let here = |globs: &Option<Globs>| {
            globs.as_ref().is_none_or(|globs| path.is_none_or(|path| globs.has(path)))
        };
        here(&self.paths) && here(&self.only)
    }

    /// The details of a record that it may look at.
    pub fn details(&self) -> Details {
        let checks = self.checks.iter().map(|(when, check)| when.details().and(check.details()));
        checks.chain([self.when.details()]).collect()
    }

    /// The details of `document`, which lacks them, that it may look at; none where it finds nothing whatever they say.
    pub fn details_for(&self, document: &Document<'_>, world: &World) -> Details {
        if self.when.fails_anyway(document, world) {
            return Details::NONE;
        }
        let checks = self.checks.iter().filter(|(when, _)| !when.fails_anyway(document, world));
        let checks = checks.map(|(when, check)| when.details().and(check.details()));
        checks.chain([self.when.details()]).collect()
    }

    /// What the text or the name of a subject of `kind` must contain for the rule to find anything, a record that
    /// [`tells`](crate::cond::need::tells).
    pub fn need(&self, kind: Kind) -> Need {
        let checks = self.checks.iter().map(|(when, check)| when.need(kind).and(check.need()));
        self.when.need(kind).and(Need::union(checks))
    }

    /// What the text or the name of a subject must contain for the checks to find anything, whatever the conditions say.
    pub fn need_of_checks(&self) -> Need {
        Need::union(self.checks.iter().map(|(_, check)| check.need()))
    }
}

/// A rule enforces somebody's words; only proclint's own about waivers have none to cite.
fn cited(file: &RuleFile, checks: &[(Cond, Check)]) -> Result<(), DecodeError> {
    if checks.iter().all(|(_, check)| matches!(check, Check::Waivers(_))) {
        return Ok(());
    }
    let words = [("from", &file.from), ("heading", &file.heading), ("quote", &file.quote)];
    match words.into_iter().find(|(_, value)| value.is_empty()) {
        Some((key, _)) => Err(DecodeError::new(file.id.span, format!("missing key `{key}`"))),
        None => Ok(()),
    }
}

fn voice(
    file: &RuleFile,
    setting: Option<&Setting>,
    checks: &[(Cond, Check)],
    own: &Node,
) -> Result<Voice, DecodeError> {
    let header = Arc::new(RuleHeader {
        id: file.id.value.clone(),
        title: file.title.clone(),
        url: file.from.clone(),
        quote: file.quote.clone(),
        discreet: file.discreet,
    });
    let severity = setting.and_then(|setting| setting.severity);
    let words = Words {
        severity: severity.unwrap_or(file.severity),
        severity_fixed: severity.is_some(),
        message: Message::new(&file.message),
        help: Message::new(&file.help),
        fix: file.fix.clone(),
    };
    let known: Vec<&str> = checks.iter().flat_map(|(_, check)| check.variants()).collect();
    let mut variants = Vec::new();
    for (name, variant) in &file.variants {
        if !known.contains(&name.as_str()) {
            let message = format!("no check of the rule reports a variant `{name}`, so it can never fire");
            let help = Some(suggestion(name, &known));
            return Err(DecodeError::new(variant.span, message).with_help(help));
        }
        let level = setting.and_then(|setting| setting.variants.get(name)).map(|level| level.value);
        let on = level.map_or(variant.default.is_none_or(|switch| switch.is_on()), |level| {
            level != crate::config::Level::Off
        });
        let own = |text: &Option<String>, rule: &Message| {
            text.as_deref().map_or_else(|| rule.clone(), Message::new)
        };
        let fixed = level.and_then(crate::config::Level::severity).or(severity);
        variants.push((
            name.clone(),
            on.then(|| Words {
                severity: fixed.or(variant.severity).unwrap_or(file.severity),
                severity_fixed: fixed.is_some(),
                message: own(&variant.message, &words.message),
                help: own(&variant.help, &words.help),
                fix: variant.fix.clone(),
            }),
        ));
    }
    for (name, level) in setting.map(|setting| &setting.variants).into_iter().flatten() {
        if !file.variants.contains_key(name) {
            let help = Some(suggestion(name, &file.variants.keys().map(String::as_str).collect::<Vec<_>>()));
            let message = format!("the rule has no variant `{name}`");
            return Err(DecodeError::new(level.span, message).with_help(help));
        }
    }
    let names: Vec<&str> = checks.iter().flat_map(|(_, check)| check.values()).copied().collect();
    let texts = own.get("variants").map(Node::entries).unwrap_or_default().iter().map(|entry| &entry.value);
    for text in texts.chain([own]).flat_map(spoken) {
        let message = Message::new(text.as_str().unwrap_or_default());
        if let Some(name) = message.names().into_iter().find(|name| !names.contains(name)) {
            let error = format!("the rule's checks give no value `{{{name}}}`");
            return Err(DecodeError::new(text.span, error).with_help(Some(suggestion(name, &names))));
        }
    }
    Ok(Voice { header, words, variants })
}

/// Everything in `words` that may name a value.
fn spoken(words: &Node) -> impl Iterator<Item = &Node> {
    let fix = words.get("fix").map(Node::entries).unwrap_or_default().iter().map(|entry| &entry.value);
    [words.get("message"), words.get("help")].into_iter().flatten().chain(fix)
}

#[cfg(test)]
mod tests;
