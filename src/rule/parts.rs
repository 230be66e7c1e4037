//! A rule file taken apart: its own keys, its parameters, and the bodies of its checks.

use super::file::KEYS;
use super::filled;
use crate::check::{Check, KINDS};
use crate::cond::Cond;
use crate::config::Setting;
use crate::text::Span;
use crate::yaml::{DecodeError, Entry, Node, Value, suggestion};

/// The parts of a rule file, every scalar `$name` replaced by the parameter of that name.
pub(super) struct Parts {
    /// What must hold before the rule is checked.
    pub when: Option<Node>,
    /// The other keys that are no check.
    pub own: Node,
    /// The checks.
    pub bodies: Bodies,
}

/// The checks of a rule before they are read.
pub(super) struct Bodies {
    /// The kind and body of each check.
    bodies: Vec<(String, Node)>,
    /// The parameters that no `$name` uses: they are given to the kinds under their own names.
    unused: Vec<Entry>,
}

impl Parts {
    /// Takes `node` apart, the project's parameters in place of the rule's own.
    pub fn take(node: Node, setting: Option<&Setting>) -> Result<Self, DecodeError> {
        let span = node.span;
        let Value::Map(mut entries) = node.value else {
            return Err(DecodeError::new(span, "expected a map of the rule's keys"));
        };
        let at = entries.iter().position(|entry| entry.key == "parameters");
        let parameters =
            at.map(|at| entries.remove(at).value).map(into_entries).transpose()?.unwrap_or_default();
        let parameters = overridden(parameters, setting)?;
        let (mut own, mut bodies, mut used) = (Vec::new(), Vec::new(), Vec::new());
        let mut when = None;
        for mut entry in entries {
            let key = entry.key.as_str();
            if key == "examples" {
                continue;
            }
            let is_kind = KINDS.contains(&key);
            if !is_kind && !KEYS.contains(&key) {
                let known: Vec<_> =
                    KEYS.into_iter().chain(["examples"]).chain(KINDS.iter().copied()).collect();
                let error = DecodeError::new(entry.key_span, format!("unknown key `{key}`"));
                return Err(error.with_help(Some(suggestion(key, &known))));
            }
            substitute(&mut entry.value, &parameters, &mut used)?;
            match (is_kind, entry.value.value) {
                (true, Value::List(items)) => {
                    bodies.extend(items.into_iter().map(|body| (entry.key.to_string(), body)));
                }
                (true, value) => bodies.push((entry.key.to_string(), Node { span: entry.value.span, value })),
                (false, value) if entry.key == "when" => {
                    when = Some(Node { span: entry.value.span, value }).filter(|node| !node.is_null());
                }
                (false, value) => {
                    own.push(Entry { value: Node { span: entry.value.span, value }, ..entry });
                }
            }
        }
        let unused = parameters
            .into_iter()
            .filter(|parameter| !used.iter().any(|name| *name == parameter.key))
            .collect();
        Ok(Self { when, own: Node { span, value: Value::Map(own) }, bodies: Bodies { bodies, unused } })
    }
}

impl Bodies {
    /// The kind and body of each check with the parameters it is given; its own condition is still in it.
    pub fn into_bodies(self) -> impl Iterator<Item = (String, Node)> {
        let unused = self.unused;
        self.bodies.into_iter().map(move |(kind, mut body)| {
            if let Value::Map(entries) = &mut body.value {
                entries.extend(unused.iter().cloned());
            }
            (kind, body)
        })
    }

    /// Reads the checks, each with its own condition. An error about the file as a whole belongs to `head`.
    pub fn read(self, head: Span, free: bool) -> Result<Vec<(Cond, Check)>, DecodeError> {
        if self.bodies.is_empty() {
            let error = DecodeError::new(head, "the rule has no check, so it can never fire");
            return Err(error.with_help(Some(format!("add one of: {}", KINDS.join(", ")))));
        }
        let read = |(kind, mut body): (String, Node)| {
            let mut when = Cond::default();
            if let Value::Map(entries) = &mut body.value {
                if let Some(at) = entries.iter().position(|entry| entry.key == "when") {
                    when = Cond::read(&entries.remove(at).value, free)?;
                }
                entries.extend(self.unused.iter().cloned());
            }
            Ok((when, Check::read(&kind, &body)?))
        };
        self.bodies.into_iter().map(read).collect()
    }
}

fn into_entries(node: Node) -> Result<Vec<Entry>, DecodeError> {
    filled::parameters(&node)?;
    Ok(match node.value {
        Value::Map(entries) => entries,
        _ => Vec::new(),
    })
}

/// The rule's parameters with the project's in their place.
fn overridden(mut parameters: Vec<Entry>, setting: Option<&Setting>) -> Result<Vec<Entry>, DecodeError> {
    let given = setting.and_then(|setting| setting.parameters.as_ref());
    for entry in given.map(filled::parameters).transpose()?.unwrap_or_default() {
        match parameters.iter_mut().find(|parameter| parameter.key == entry.key) {
            Some(parameter) => {
                filled::parameter(entry, &parameter.value)?;
                parameter.value = entry.value.clone();
            }
            None => return Err(unknown(&entry.key, entry.key_span, &parameters)),
        }
    }
    Ok(parameters)
}

fn substitute(node: &mut Node, parameters: &[Entry], used: &mut Vec<String>) -> Result<(), DecodeError> {
    match &mut node.value {
        Value::List(items) => items.iter_mut().try_for_each(|item| substitute(item, parameters, used)),
        Value::Map(entries) => {
            entries.iter_mut().try_for_each(|entry| substitute(&mut entry.value, parameters, used))
        }
        Value::Scalar(scalar) => {
            let name = scalar
                .text
                .strip_prefix('$')
                .filter(|name| name.starts_with(|c: char| c.is_ascii_lowercase()));
            let Some(name) = name.map(str::to_owned) else { return Ok(()) };
            let Some(parameter) = parameters.iter().find(|parameter| parameter.key == name) else {
                return Err(unknown(&name, node.span, parameters));
            };
            *node = parameter.value.clone();
            used.push(name);
            Ok(())
        }
    }
}

fn unknown(name: &str, span: Span, parameters: &[Entry]) -> DecodeError {
    let known: Vec<_> = parameters.iter().map(|parameter| parameter.key.as_str()).collect();
    DecodeError::new(span, format!("the rule has no parameter `{name}`"))
        .with_help(Some(suggestion(name, &known)))
}
