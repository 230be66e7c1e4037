//! The conditions of a rule as its file words them, for people who ask why it fired or stayed silent.

use super::parts::Parts;
use crate::config::Setting;
use crate::yaml::{DecodeError, Node};

/// The conditions of a rule, every `$name` replaced by its parameter.
#[derive(Debug)]
pub struct Conditions {
    /// What must hold before the rule is checked.
    pub when: Option<Node>,
    /// Each check, in the order of the compiled rule.
    pub checks: Vec<CheckConditions>,
}

/// The conditions of one check.
#[derive(Debug)]
pub struct CheckConditions {
    /// Its kind, such as `require`.
    pub kind: String,
    /// What must hold before it runs.
    pub when: Option<Node>,
    /// What it requires, where its kind consists of conditions: names and conditions.
    pub duties: Vec<(String, Node)>,
}

impl Conditions {
    /// Takes the tree of a rule's file apart as [`Rule::compile`](super::Rule::compile) does.
    ///
    /// # Errors
    /// On an unknown key or parameter, at its place.
    pub fn read(node: Node, setting: Option<&Setting>) -> Result<Self, DecodeError> {
        let parts = Parts::take(node, setting)?;
        let checks = parts.bodies.into_bodies().map(|(kind, body)| CheckConditions {
            when: body.get("when").cloned(),
            duties: if kind == "require" { duties(&body) } else { Vec::new() },
            kind,
        });
        Ok(Self { when: parts.when, checks: checks.collect() })
    }
}

/// What a `require` asks for; a duty that `asked` leaves out is none.
fn duties(body: &Node) -> Vec<(String, Node)> {
    let asked = body.get("asked").map(Node::items);
    let is_asked = |duty: &&Node| match (asked, duty.get("key").and_then(Node::as_str)) {
        (Some(asked), Some(key)) => asked.iter().any(|item| item.as_str() == Some(key)),
        _ => true,
    };
    let duties = body.get("that").map(Node::items).unwrap_or_default().iter().filter(is_asked);
    let named = |duty: &Node| {
        let name = duty.get("name").and_then(Node::as_str).unwrap_or_default();
        Some((name.to_owned(), duty.get("cond")?.clone()))
    };
    duties.filter_map(named).collect()
}
