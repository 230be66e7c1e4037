//! A rule: what it is called, where it applies, what it checks and what it says.

pub mod error;
pub mod file;
pub mod set;

use std::sync::Arc;

pub use error::RuleError;
pub use file::{KEYS, RuleFile};
pub use set::RuleSet;

use crate::check::{Check, KINDS};
use crate::cond::Cond;
use crate::config::Setting;
use crate::diagnostic::RuleHeader;
use crate::globs::Globs;
use crate::message::Message;
use crate::subject::{Kind, KindSet};
use crate::text::Span;
use crate::voice::{Voice, Words};
use crate::yaml::{DecodeError, Entry, Node, Value, from_node, suggestion};

/// A compiled rule, shared by all threads.
#[derive(Debug)]
pub struct Rule {
    /// The kinds of subject it reads.
    pub on: KindSet,
    /// The files it reads; all where `None`.
    pub paths: Option<Globs>,
    /// The project's own restriction of files.
    pub only: Option<Globs>,
    /// What must hold before it is checked.
    pub when: Cond,
    /// What it checks.
    pub checks: Vec<(Cond, Check)>,
    /// What it says.
    pub voice: Voice,
}

impl Rule {
    /// Compiles the tree of a rule file under the project's `setting`.
    ///
    /// # Errors
    /// On everything that can be wrong in the file or the setting, at its place.
    pub fn compile(node: &Node, setting: Option<&Setting>) -> Result<Self, DecodeError> {
        let parameters = parameters(node, setting)?;
        let file: RuleFile = from_node(&substituted(node, &parameters)?)?;
        let on: KindSet = file.on.iter().copied().collect();
        if file.on.is_empty() {
            return Err(DecodeError::new(
                node.get("on").map_or(node.span, |on| on.span),
                "the rule names no kind of subject in `on`, so it can never fire",
            ));
        }
        let free = file.on.iter().any(|kind| matches!(kind, Kind::Page | Kind::ReleasePost | Kind::DataFile));
        let when = file.when.as_ref().map(|node| Cond::read(node, free)).transpose()?.unwrap_or_default();
        let checks = checks(node, &parameters, free)?;
        let voice = voice(&file, setting, &checks, node)?;
        let only = setting.and_then(|setting| setting.paths.clone());
        Ok(Self { on, paths: file.paths, only, when, checks, voice })
    }
}

/// The rule's parameters with the project's in their place.
fn parameters(node: &Node, setting: Option<&Setting>) -> Result<Vec<Entry>, DecodeError> {
    let mut parameters = node.get("parameters").map(|node| node.entries().to_vec()).unwrap_or_default();
    for entry in
        setting.and_then(|setting| setting.parameters.as_ref()).map(Node::entries).unwrap_or_default()
    {
        match parameters.iter_mut().find(|parameter| parameter.key == entry.key) {
            Some(parameter) => parameter.value = entry.value.clone(),
            None => {
                let known: Vec<_> = parameters.iter().map(|parameter| parameter.key.as_str()).collect();
                let help = Some(suggestion(&entry.key, &known));
                let message = format!("the rule has no parameter `{}`", entry.key);
                return Err(DecodeError::new(entry.key_span, message).with_help(help));
            }
        }
    }
    Ok(parameters)
}

/// The rule's own keys, without checks and examples, every scalar `$name` replaced by the parameter of that name.
fn substituted(node: &Node, parameters: &[Entry]) -> Result<Node, DecodeError> {
    let mut kept = Vec::new();
    for entry in node.entries() {
        let key = entry.key.as_str();
        if KEYS.contains(&key) {
            let mut entry = entry.clone();
            if key != "parameters" {
                substitute(&mut entry.value, parameters, &mut Vec::new())?;
            }
            kept.push(entry);
        } else if key != "examples" && !KINDS.contains(&key) {
            let known: Vec<_> = KEYS.into_iter().chain(["examples"]).chain(KINDS.iter().copied()).collect();
            let error = DecodeError::new(entry.key_span, format!("unknown key `{key}`"));
            return Err(error.with_help(Some(suggestion(key, &known))));
        }
    }
    Ok(Node { span: node.span, value: Value::Map(kept) })
}

fn substitute(node: &mut Node, parameters: &[Entry], used: &mut Vec<String>) -> Result<(), DecodeError> {
    if let Some(name) = node.as_str().and_then(|text| text.strip_prefix('$')) {
        if !name.starts_with(|c: char| c.is_ascii_lowercase()) {
            return Ok(());
        }
        let Some(parameter) = parameters.iter().find(|parameter| parameter.key == name) else {
            let help = Some(suggestion(
                name,
                &parameters.iter().map(|parameter| parameter.key.as_str()).collect::<Vec<_>>(),
            ));
            return Err(
                DecodeError::new(node.span, format!("the rule has no parameter `{name}`")).with_help(help)
            );
        };
        used.push(name.to_owned());
        *node = parameter.value.clone();
        return Ok(());
    }
    match &mut node.value {
        Value::Scalar(_) => Ok(()),
        Value::List(items) => items.iter_mut().try_for_each(|item| substitute(item, parameters, used)),
        Value::Map(entries) => {
            entries.iter_mut().try_for_each(|entry| substitute(&mut entry.value, parameters, used))
        }
    }
}

/// The checks of the rule. A parameter that no `$name` uses is given to the kind under its own name.
fn checks(node: &Node, parameters: &[Entry], free: bool) -> Result<Vec<(Cond, Check)>, DecodeError> {
    let mut used = Vec::new();
    let mut bodies = Vec::new();
    for entry in node.entries() {
        let mut value = entry.value.clone();
        if matches!(entry.key.as_str(), "parameters" | "examples") {
            continue;
        }
        substitute(&mut value, parameters, &mut used)?;
        if KINDS.contains(&entry.key.as_str()) {
            match value.value {
                Value::List(items) => bodies.extend(items.into_iter().map(|body| (entry.key.clone(), body))),
                _ => bodies.push((entry.key.clone(), value)),
            }
        }
    }
    if bodies.is_empty() {
        let message = "the rule has no check, so it can never fire";
        return Err(DecodeError::new(head(node), message)
            .with_help(Some(format!("add one of: {}", KINDS.join(", ")))));
    }
    let unused: Vec<_> =
        parameters.iter().filter(|parameter| !used.contains(&parameter.key)).cloned().collect();
    let read = |(kind, mut body): (String, Node)| {
        let mut when = Cond::default();
        if let Value::Map(entries) = &mut body.value {
            if let Some(at) = entries.iter().position(|entry| entry.key == "when") {
                when = Cond::read(&entries.remove(at).value, free)?;
            }
            entries.extend(unused.iter().cloned());
        }
        Ok((when, Check::read(&kind, &body)?))
    };
    bodies.into_iter().map(read).collect()
}

/// Where an error about the file as a whole belongs: its id, the first thing a reader looks for.
fn head(node: &Node) -> Span {
    node.get("id").map_or(node.span, |id| id.span)
}

fn voice(
    file: &RuleFile,
    setting: Option<&Setting>,
    checks: &[(Cond, Check)],
    node: &Node,
) -> Result<Voice, DecodeError> {
    let header = Arc::new(RuleHeader {
        id: file.id.value.clone(),
        title: file.title.clone(),
        url: file.from.clone(),
        quote: file.quote.clone(),
    });
    let severity = setting.and_then(|setting| setting.severity);
    let words = Words {
        severity: severity.unwrap_or(file.severity),
        severity_fixed: severity.is_some(),
        message: Message::new(&file.message),
        help: Message::new(&file.help),
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
    let texts = node.get("variants").map(Node::entries).unwrap_or_default().iter().map(|entry| &entry.value);
    for text in texts.chain([node]).flat_map(|words| [words.get("message"), words.get("help")]).flatten() {
        let message = Message::new(text.as_str().unwrap_or_default());
        if let Some(name) = message.names().into_iter().find(|name| !names.contains(name)) {
            let error = format!("the rule's checks give no value `{{{name}}}`");
            return Err(DecodeError::new(text.span, error).with_help(Some(suggestion(name, &names))));
        }
    }
    Ok(Voice { header, words, variants })
}
