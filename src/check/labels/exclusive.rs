//! At most one label per scope, as GitLab Premium enforces it and exports, policies and the Free tier do not.

use super::{Body, source};
use crate::check::{Hit, Sink, View};
use crate::scan::Need;
use crate::yaml::Node;

/// Finds labels that share a scope.
#[derive(Debug)]
pub struct Exclusive {
    lists: Vec<String>,
    separator: String,
    nested: bool,
    pseudo_scopes: Vec<String>,
    ignore_scopes: Vec<String>,
}

/// Labels that a finding points at; among thousands of one scope each would point at all others.
const RELATED: usize = 32;

impl Exclusive {
    pub(super) fn new(body: Body) -> Self {
        let Body { lists, separator, nested, pseudo_scopes, ignore_scopes, .. } = body;
        Self { lists, separator, nested, pseudo_scopes, ignore_scopes }
    }

    pub(super) fn need(&self) -> Need {
        Need::Any(self.pseudo_scopes.iter().chain([&self.separator]).cloned().collect())
    }

    pub(super) fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let Some(node) = view.doc.node() else { return };
        if view.doc.subject.kind.is_record() {
            self.judge(&source::of_record(node), sink);
        } else {
            for list in source::listed(node, &self.lists) {
                self.judge(&list, sink);
            }
        }
    }

    /// Reports every label of `list` that is followed by another one of its scope.
    fn judge(&self, list: &[&Node], sink: &mut Sink<'_>) {
        let scoped: Vec<_> = list
            .iter()
            .filter_map(|node| {
                let label = node.as_str()?.trim();
                Some((*node, label, self.scope(label)?))
            })
            .collect();
        for (index, (node, label, scope)) in scoped.iter().enumerate() {
            let others = || scoped.iter().enumerate().filter(|(at, other)| *at != index && other.2 == *scope);
            let Some((_, (_, last, _))) = others().rfind(|(at, _)| *at > index) else { continue };
            let values = [("hit", *label), ("scope", *scope), ("other", *last)];
            let hit = Hit::at(node.span, &values);
            let hit = others().take(RELATED).fold(hit, |hit, (_, (other, text, _))| {
                let message = if text == label { "the same label" } else { "another label of the scope" };
                hit.related(other.span, message)
            });
            sink.report(if last == label { hit.variant("duplicate") } else { hit });
        }
    }

    /// The scope of a label: what stands before the last separator, or a prefix that the team treats as one.
    fn scope<'l>(&'l self, label: &'l str) -> Option<&'l str> {
        let pseudo = self.pseudo_scopes.iter().map(String::as_str).find(|prefix| {
            let value = label.strip_prefix(prefix);
            value.is_some_and(|value| !value.is_empty() && !value.starts_with(':'))
        });
        let real = || match self.nested {
            true => label.split_once(&self.separator),
            false => label.rsplit_once(&self.separator),
        };
        let scope = pseudo.or_else(|| {
            let (scope, value) = real()?;
            // Braces are a pattern of gitlab-triage that stands for several labels.
            (!scope.is_empty() && !value.is_empty() && !label.contains('{')).then_some(scope)
        })?;
        let ignored = self
            .ignore_scopes
            .iter()
            .any(|ignored| ignored.strip_suffix(&self.separator).unwrap_or(ignored) == scope);
        (!ignored).then_some(scope)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(nested: bool) -> Exclusive {
        Exclusive {
            lists: Vec::new(),
            separator: "::".to_owned(),
            nested,
            pseudo_scopes: vec!["Category:".to_owned()],
            ignore_scopes: vec!["free".to_owned()],
        }
    }

    #[test]
    fn the_scope_ends_at_the_last_separator_or_in_families_at_the_first() {
        assert_eq!(check(false).scope("a::b::c"), Some("a::b"));
        assert_eq!(check(true).scope("a::b::c"), Some("a"));
        assert_eq!(check(false).scope("a:::b"), Some("a:"));
    }

    #[test]
    fn prefixes_of_a_team_are_scopes_and_ignored_scopes_are_none() {
        assert_eq!(check(false).scope("Category:Wiki"), Some("Category:"));
        assert_eq!(check(false).scope("Category::Wiki"), Some("Category"));
        for label in ["group:x", "free::a", "::a", "a::", "priority::{1..3}", "bug"] {
            assert_eq!(check(false).scope(label), None, "{label}");
        }
    }
}
