//! The policies of gitlab-triage: rules that are complete, can hold, and know the labels they speak of.

use std::collections::BTreeMap;

use super::catalogue::{self, Catalogue, Known, replacement};
use super::{Body, pending, source};
use crate::check::{Hit, Sink, View};
use crate::diagnostic::Severity;
use crate::document::metadata::scope;
use crate::scan::Need;
use crate::text::Span;
use crate::yaml::{Entry, Node, Value};

/// What [`Policy`] may report.
pub(super) const VARIANTS: [&str; 9] = [
    catalogue::VARIANTS[0],
    catalogue::VARIANTS[1],
    "missing",
    "key",
    "impossible",
    "incomplete",
    "old-value",
    "coverage",
    pending::VARIANT,
];

/// The keys that a rule has at least.
const REQUIRED: [&str; 3] = ["name", "conditions", "actions"];

/// Finds rules that do nothing, or something else than meant.
#[derive(Debug)]
pub struct Policy {
    file: String,
    lists: Vec<String>,
    catalogue: Catalogue,
    required_coverage: Vec<String>,
    import_policies: bool,
    coverage_min: usize,
    keys: BTreeMap<String, Vec<String>>,
    old_values: BTreeMap<String, String>,
}

impl Policy {
    pub(super) fn new(mut body: Body) -> Self {
        Self {
            file: std::mem::take(&mut body.file),
            lists: std::mem::take(&mut body.lists),
            required_coverage: std::mem::take(&mut body.required_coverage),
            import_policies: body.import_policies,
            coverage_min: body.coverage_min,
            keys: std::mem::take(&mut body.keys),
            old_values: std::mem::take(&mut body.old_values),
            catalogue: Catalogue::new(body),
        }
    }

    pub(super) fn need(&self) -> Need {
        Need::Any(vec!["actions".to_owned(), "conditions".to_owned(), "labels".to_owned()])
    }

    pub(super) fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        if view.doc.subject.kind.is_record() {
            if self.import_policies {
                pending::run(view, sink);
            }
            return;
        }
        if view.doc.file_name() != self.file {
            return;
        }
        let Some(root) = view.doc.node() else { return };
        let known = self.catalogue.known(view, sink);
        for list in source::listed(root, &self.lists) {
            list.iter().filter(|label| !self.is_old(label)).for_each(|label| known.judge(label, sink));
        }
        self.each_entry(root, sink);
        let rules = rules(root);
        for rule in &rules {
            self.shape(rule, sink);
            self.conditions(rule, &known, sink);
        }
        if root.get("resource_rules").is_some() {
            self.coverage(&rules, sink);
        }
    }

    fn is_old(&self, node: &Node) -> bool {
        node.as_str().is_some_and(|value| self.old_values.contains_key(value))
    }

    /// Reports values that gitlab-triage no longer knows, wherever labels or a milestone are asked for.
    fn each_entry(&self, node: &Node, sink: &mut Sink<'_>) {
        node.items().iter().for_each(|item| self.each_entry(item, sink));
        for entry in node.entries() {
            let asks = entry.key == "milestone" || self.lists.iter().any(|list| *list == entry.key);
            let own = std::slice::from_ref(&entry.value);
            let values = if entry.value.items().is_empty() { own } else { entry.value.items() };
            for value in values.iter().filter(|_| asks) {
                let Some((old, new)) = value.as_str().and_then(|text| self.old_values.get_key_value(text))
                else {
                    continue;
                };
                let fix = replacement(value, new, true);
                let values = [("hit", old.as_str()), ("member", new)];
                sink.report(Hit::at(value.span, &values).variant("old-value").fix(Some(fix)));
            }
            self.each_entry(&entry.value, sink);
        }
    }

    /// Reports keys that are missing, and keys that gitlab-triage does not know.
    fn shape(&self, rule: &Node, sink: &mut Sink<'_>) {
        let first = rule.entries().first().map_or(rule.span, |entry| entry.key_span);
        let missing: Vec<_> = REQUIRED.into_iter().filter(|key| rule.get(key).is_none()).collect();
        if !missing.is_empty() {
            let hit = rule.get("name").and_then(Node::as_str).unwrap_or_default();
            let values = [("hit", hit), ("members", &*missing.join(", "))];
            sink.report(Hit::at(first, &values).variant("missing"));
        }
        for (part, keys) in &self.keys {
            let node = if part == "rule" { Some(rule) } else { rule.get(part) };
            let entries = node.map(Node::entries).unwrap_or_default();
            for entry in
                entries.iter().filter(|entry| !keys.iter().any(|key| *key == entry.key) && entry.key != "<<")
            {
                let values = [("hit", entry.key.as_str()), ("scope", part), ("members", &*keys.join(", "))];
                sink.report(Hit::at(entry.key_span, &values).variant("key"));
            }
        }
    }

    /// Reports conditions that never hold, and lists that forget values of a scope.
    fn conditions(&self, rule: &Node, known: &Known<'_>, sink: &mut Sink<'_>) {
        let labels = |part: &str, key: &str| -> Vec<&Node> {
            let entry = rule.get(part).and_then(|part| part.entry(key));
            entry.map(|entry| of_list(&entry.value)).unwrap_or_default()
        };
        let wanted = labels("conditions", "labels");
        let forbidden = labels("conditions", "forbidden_labels");
        for (at, node) in wanted.iter().enumerate() {
            let Some(label) = node.as_str().filter(|label| !label.contains('{')) else { continue };
            let excluded = forbidden.iter().find(|other| other.as_str() == Some(label));
            let rival = wanted.iter().skip(at + 1).find(|other| {
                other.as_str().is_some_and(|other| other != label && share_scope(label, other))
            });
            if let Some(other) = excluded.or(rival) {
                let values = [("hit", label), ("other", other.as_str().unwrap_or_default())];
                let mut hit =
                    Hit::at(node.span, &values).variant("impossible").related(other.span, "excludes it");
                hit.severity = Some(Severity::Error);
                sink.report(hit);
            }
        }
        let added = labels("actions", "labels");
        let Some(entry) = rule.get("conditions").and_then(|part| part.entry("forbidden_labels")) else {
            return;
        };
        self.completeness(entry, &added, known, sink);
    }

    /// Reports a list that names some values of a family of scopes, but not all, where the action adds another one.
    fn completeness(&self, entry: &Entry, added: &[&Node], known: &Known<'_>, sink: &mut Sink<'_>) {
        let listed: Vec<_> = of_list(&entry.value).into_iter().filter_map(Node::as_str).collect();
        let mut families: Vec<&str> =
            self.catalogue.sets.scopes().map(|(scope, _)| first_part(scope)).collect();
        families.dedup();
        for family in families {
            let sets = self.catalogue.sets.scopes().filter(|(scope, _)| first_part(scope) == family);
            let members: Vec<String> = sets
                .flat_map(|(scope, values)| values.iter().map(move |value| format!("{scope}::{value}")))
                .collect();
            let is_member = |label: &str| members.iter().any(|member| member == label);
            let adds = added.iter().filter_map(|node| node.as_str()).any(is_member);
            let named = listed.iter().filter(|label| is_member(label)).count();
            // The value that the action sets may be left out: it would be set again.
            let missing: Vec<_> =
                members.iter().filter(|member| !listed.contains(&member.as_str())).collect();
            if adds && named >= self.coverage_min && !missing.is_empty() && known.governs(family) {
                let names: Vec<_> = missing
                    .iter()
                    .map(|member| member.strip_prefix(family).unwrap_or(member).trim_start_matches(':'))
                    .collect();
                let values = [("hit", family), ("scope", family), ("members", &*names.join(", "))];
                sink.report(Hit::at(entry.key_span, &values).variant("incomplete"));
            }
        }
    }

    /// Reports final states of which no policy closes the issue, in files that deal with these states.
    fn coverage(&self, rules: &[&Node], sink: &mut Sink<'_>) {
        let family = self.required_coverage.first().map_or("", |label| first_part(label));
        let named = |rule: &&Node, label: &str| {
            let labels = rule.at("conditions.labels").map(|found| of_list(found.node)).unwrap_or_default();
            labels.iter().any(|node| node.as_str().is_some_and(|own| stands_for(own, label)))
        };
        let deals = rules.iter().any(|rule| {
            let lists = source::listed(rule, &self.lists).concat();
            lists.iter().any(|node| node.as_str().is_some_and(|label| first_part(label) == family))
        });
        if family.is_empty() || !deals {
            return;
        }
        for label in &self.required_coverage {
            let closes = |rule: &&&Node| {
                rule.at("actions.status").is_some_and(|found| found.node.as_str() == Some("close"))
            };
            if !rules.iter().filter(closes).any(|rule| named(rule, label)) {
                let values = [("hit", label.as_str()), ("scope", family)];
                sink.report(Hit::at(Span::at(0), &values).variant("coverage"));
            }
        }
    }
}

/// The rules of a file, or of a piece of one.
fn rules(root: &Node) -> Vec<&Node> {
    let is_rule = |node: &&Node| REQUIRED.iter().any(|key| node.get(key).is_some());
    if let Some(resources) = root.get("resource_rules") {
        let rules = resources.entries().iter().filter_map(|resource| resource.value.get("rules"));
        return rules.flat_map(Node::items).filter(|node| matches!(node.value, Value::Map(_))).collect();
    }
    root.items().iter().filter(is_rule).collect()
}

fn of_list(node: &Node) -> Vec<&Node> {
    match &node.value {
        Value::List(items) => items.iter().collect(),
        _ => vec![node],
    }
}

fn first_part(label: &str) -> &str {
    label.split("::").next().unwrap_or_default()
}

fn share_scope(one: &str, other: &str) -> bool {
    !other.contains('{') && scope(one).is_some_and(|own| !own.is_empty() && scope(other) == Some(own))
}

/// Whether the label of a condition, which may list alternatives in braces, covers `label`.
fn stands_for(own: &str, label: &str) -> bool {
    let Some((before, rest)) = own.split_once('{') else { return own == label };
    let (inner, after) = rest.split_once('}').unwrap_or((rest, ""));
    inner.split(',').any(|part| format!("{}{}{after}", before.trim(), part.trim()) == label)
}
