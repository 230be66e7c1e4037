//! The labels that a data file may name: those of the governed scopes, and those of an export.

use std::collections::BTreeSet;

use super::closed_set::drift::Sets;
use super::{Body, has};
use crate::check::{Hit, Sink, View};
use crate::diagnostic::{Edit, Fix};
use crate::globs::Globs;
use crate::world::World;
use crate::yaml::{self, Limits, Node};

/// The variants of labels that are not there.
pub(super) const VARIANTS: [&str; 2] = ["label", "no-label"];

/// What is known about labels.
#[derive(Debug)]
pub(super) struct Catalogue {
    /// The governed scopes.
    pub(super) sets: Sets,
    projects: Option<Globs>,
    common_scopes: Vec<String>,
    labels_file: Option<String>,
    special: Vec<String>,
}

/// What is known about labels in one run.
pub(super) struct Known<'c> {
    catalogue: &'c Catalogue,
    /// The project is one whose labels the sets govern; `None` where it is not known.
    governed: Option<bool>,
    exported: BTreeSet<String>,
}

impl Catalogue {
    pub(super) fn new(body: Body) -> Self {
        let Body { sets, projects, common_scopes, labels_file, special, wildcards, allow, .. } = body;
        Self { sets: Sets::new(sets, wildcards, allow), projects, common_scopes, labels_file, special }
    }

    /// What is known in `view`.
    pub(super) fn known(&self, view: View<'_>, sink: &mut Sink<'_>) -> Known<'_> {
        let project = view.doc.subject.project.as_deref().or(view.world.project.as_deref());
        let governed = project.map(|project| has(self.projects.as_ref(), Some(project)));
        let mut exported = view.world.labels.clone();
        if let Some(file) = &self.labels_file {
            match exported_labels(view.world, file) {
                Some(labels) => exported.extend(labels),
                None => sink.not_checked(format!("`{file}` with the labels that exist cannot be read")),
            }
        }
        Known { catalogue: self, governed, exported }
    }
}

impl Known<'_> {
    /// Whether the sets say what values `scope` has here.
    pub(super) fn governs(&self, scope: &str) -> bool {
        self.governed.unwrap_or_else(|| {
            let first = scope.split("::").next().unwrap_or_default();
            !self.catalogue.common_scopes.iter().any(|common| common == first || common == scope)
        })
    }

    /// Reports a label that does not exist.
    pub(super) fn judge(&self, node: &Node, sink: &mut Sink<'_>) {
        let Some(label) = node.as_str() else { return };
        // Braces stand for several labels, `{{…}}` and `#{…}` for what the bot puts there.
        if label.contains(['{', '}']) || self.exported.contains(label) || self.is_special(label) {
            return;
        }
        let drift = self.catalogue.sets.drift(label).filter(|drift| self.governs(drift.scope));
        if let Some(drift) = drift {
            let members = drift.members.join(", ");
            let member = drift.member.unwrap_or_default();
            let values =
                [("hit", label), ("scope", drift.scope), ("member", member), ("members", members.as_str())];
            let fix = drift.member.map(|member| replacement(node, member, false));
            let variant = if drift.member.is_some() { "label" } else { "no-label" };
            sink.report(Hit::at(node.span, &values).variant(variant).fix(fix));
        } else if !self.exported.is_empty() && !self.is_documented(label) {
            let near = self.exported.iter().map(|known| (strsim::damerau_levenshtein(known, label), known));
            let near = near.filter(|(far, _)| *far <= 2).min_by_key(|(far, _)| *far);
            let fix = near.map(|(_, known)| replacement(node, known, false));
            let member = near.map_or("", |(_, known)| known.as_str());
            let scope = label.rsplit_once("::").map_or(label, |(scope, _)| scope);
            let values = [("hit", label), ("scope", scope), ("member", member), ("members", "")];
            let variant = if near.is_some() { "label" } else { "no-label" };
            sink.report(Hit::at(node.span, &values).variant(variant).fix(fix));
        }
    }

    fn is_special(&self, label: &str) -> bool {
        self.catalogue.special.iter().any(|special| special.eq_ignore_ascii_case(label))
    }

    fn is_documented(&self, label: &str) -> bool {
        let scoped = label.rsplit_once("::");
        scoped.is_some_and(|(scope, value)| {
            let mut sets = self.catalogue.sets.scopes();
            sets.any(|(known, values)| known == scope && values.iter().any(|known| known == value))
        })
    }
}

/// `text` in the place of `node`.
pub(super) fn replacement(node: &Node, text: &str, safe: bool) -> Fix {
    let edits = vec![Edit { span: node.span, text: text.to_owned() }];
    Fix { title: format!("Write `{text}`"), safe, edits }
}

/// The labels of an export: a list of names or of objects with a `name`, in JSON or YAML, or one name a line.
fn exported_labels(world: &World, file: &str) -> Option<Vec<String>> {
    let text = world.page(file)?;
    let tree = yaml::parse(&text, &Limits::subject()).ok().flatten();
    let items = tree.as_ref().map(|tree| tree.get("labels").unwrap_or(tree).items()).unwrap_or_default();
    if items.is_empty() {
        return Some(
            text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect(),
        );
    }
    let name = |item: &Node| item.as_str().or_else(|| item.get("name")?.as_str()).map(str::to_owned);
    Some(items.iter().filter_map(name).collect())
}
