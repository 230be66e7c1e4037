//! Labels of one scope that follow from those of another: spelled with their own scope, and the ones that follow.

use std::collections::BTreeMap;

use super::{Body, source};
use crate::check::{Hit, Sink, View};
use crate::diagnostic::{Edit, Fix};
use crate::document::Document;
use crate::document::field::Mark;
use crate::document::metadata::applied_labels;
use crate::document::quick_action::arguments::own;
use crate::scan::Need;
use crate::subject::Kind;
use crate::text::Span;
use crate::yaml::{Node, Value};

/// Two scopes and what leads from one to the other.
#[derive(Debug)]
pub struct Derived {
    /// The scope that follows.
    scope: String,
    /// Its values.
    values: Vec<String>,
    /// The scope it follows from.
    output_scope: String,
    /// The value that follows from each value; those it does not name are free.
    mapping: BTreeMap<String, String>,
}

impl Derived {
    pub(super) fn new(body: Body) -> Self {
        let Body { scope, values, output_scope, mapping, .. } = body;
        Self { scope, values, output_scope, mapping }
    }

    pub(super) fn need(&self) -> Need {
        // A policy that lacks a label altogether is a finding as well.
        if self.mapping.is_empty() {
            Need::Any(vec![format!("{}::", self.output_scope)])
        } else {
            Need::Nothing
        }
    }

    pub(super) fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let doc = view.doc;
        if doc.subject.kind == Kind::DataFile {
            let Some(node) = doc.node() else { return };
            let mut found = Vec::new();
            self.misplaced(node, &mut found);
            for node in found {
                self.report(doc, node.span, node.as_str().unwrap_or_default(), sink);
            }
            self.policy(node, sink);
            return;
        }
        let labels = doc.field("labels").values;
        if doc.subject.kind.is_template() {
            for mark in applied(doc).iter().filter(|mark| self.is_misplaced(&mark.text)) {
                self.report(doc, mark.span, &mark.text, sink);
            }
        } else {
            for mark in labels.iter().filter(|mark| self.is_misplaced(&mark.text)) {
                self.report(doc, mark.span, &mark.text, sink);
            }
        }
        self.disagreement(doc, &labels, sink);
    }

    /// Whether `label` has a value of the one scope under the other.
    fn is_misplaced(&self, label: &str) -> bool {
        let value = label.strip_prefix(&self.output_scope).and_then(|rest| rest.strip_prefix("::"));
        value.is_some_and(|value| self.values.iter().any(|known| known == value))
    }

    fn report(&self, doc: &Document<'_>, span: Span, label: &str, sink: &mut Sink<'_>) {
        let text = doc.text();
        let value = label.rsplit("::").next().unwrap_or_default();
        let member = format!("{}::{value}", self.scope);
        let place = span.of(text).find(label).filter(|_| doc.subject.path.is_some());
        let fix = place.map(|at| {
            let start = span.start as usize + at;
            let edits = vec![Edit { span: Span::new(start, start + label.len()), text: member.clone() }];
            Fix { title: format!("Write `{member}`"), safe: true, edits }
        });
        let values = [("hit", label), ("scope", &self.output_scope), ("member", &member)];
        sink.report(Hit::at(span, &values).variant("scope").fix(fix));
    }

    /// Reports the label that follows from none of the labels beside it.
    fn disagreement(&self, doc: &Document<'_>, labels: &[Mark<'_>], sink: &mut Sink<'_>) {
        let value = |mark: &Mark<'_>, scope: &str| {
            Some(mark.text.strip_prefix(scope)?.strip_prefix("::")?.to_owned())
        };
        for mark in labels {
            let Some(expected) = value(mark, &self.output_scope).and_then(|value| self.mapping.get(&value))
            else {
                continue;
            };
            let differs = |other: &&Mark<'_>| {
                value(other, &self.scope)
                    .is_some_and(|value| self.values.contains(&value) && value != *expected)
            };
            for other in labels.iter().filter(differs) {
                let member = format!("{}::{expected}", self.scope);
                let values = [
                    ("hit", other.span.of(doc.text())),
                    ("scope", &*self.scope),
                    ("other", &mark.text),
                    ("member", &member),
                ];
                let hit = Hit::at(other.span, &values).variant("mapping");
                sink.report(hit.related(mark.span, "the label it follows from"));
            }
        }
    }

    /// Reports every mapping that no rule of a policy file makes.
    fn policy(&self, node: &Node, sink: &mut Sink<'_>) {
        if node.get("resource_rules").is_none() {
            return;
        }
        let rules = rules(node);
        for (output, value) in &self.mapping {
            let output = format!("{}::{output}", self.output_scope);
            let member = format!("{}::{value}", self.scope);
            let makes = |rule: &&Node| {
                rule.get("conditions").is_some_and(|node| named(node, &output).is_some())
                    && rule.get("actions").is_some_and(|node| named(node, &member).is_some())
            };
            if rules.iter().any(makes) {
                continue;
            }
            let span = named(node, &output).unwrap_or(Span::at(0));
            let values = [("hit", &*output), ("scope", &self.scope), ("other", &output), ("member", &member)];
            sink.report(Hit::at(span, &values).variant("policy"));
        }
    }

    /// The labels under the other scope; what is only taken away, and why, is being mended.
    fn misplaced<'n>(&self, node: &'n Node, found: &mut Vec<&'n Node>) {
        let taken = node.at("actions.remove_labels").map(|found| found.node.items()).unwrap_or_default();
        if taken.iter().filter_map(Node::as_str).any(|label| self.is_misplaced(label)) {
            found.extend(
                source::listed(node, &["actions.labels".to_owned()])
                    .concat()
                    .into_iter()
                    .filter(|node| node.as_str().is_some_and(|label| self.is_misplaced(label))),
            );
            return;
        }
        match &node.value {
            Value::Scalar(_) if node.as_str().is_some_and(|label| self.is_misplaced(label)) => {
                found.push(node);
            }
            Value::Scalar(_) => {}
            Value::List(items) => items.iter().for_each(|item| self.misplaced(item, found)),
            Value::Map(entries) => {
                let kept = entries
                    .iter()
                    .filter(|entry| !matches!(entry.key.as_str(), "remove_labels" | "forbidden_labels"));
                kept.for_each(|entry| self.misplaced(&entry.value, found));
            }
        }
    }
}

/// The labels that the commands of a template apply, those too that a later one replaces.
fn applied(doc: &Document<'_>) -> Vec<Mark<'static>> {
    let text = doc.text();
    let lines = doc.quick_lines().iter();
    let labels = lines.filter(|line| line.runs(text).is_some_and(|command| command.canonical == "label"));
    labels.flat_map(|line| applied_labels(text, own(text, line.argument).0)).collect()
}

/// The rules of a policy file.
fn rules(node: &Node) -> Vec<&Node> {
    let mut found: Vec<_> = node.items().iter().flat_map(rules).collect();
    if node.get("actions").is_some() {
        found.push(node);
    }
    found.extend(node.entries().iter().flat_map(|entry| rules(&entry.value)));
    found
}

/// Where `label` stands in `node`: as a scalar, or in a comment that applies it.
fn named(node: &Node, label: &str) -> Option<Span> {
    match &node.value {
        Value::Scalar(_) => {
            let text = node.as_str()?;
            (text == label || (text.contains("/label") && text.contains(label))).then_some(node.span)
        }
        Value::List(items) => items.iter().find_map(|item| named(item, label)),
        Value::Map(entries) => entries.iter().find_map(|entry| named(&entry.value, label)),
    }
}
