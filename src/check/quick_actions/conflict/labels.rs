//! Labels that replace each other, or that are applied and removed.

use std::collections::BTreeMap;

use super::{Action, Conflict, without_token};
use crate::document::Document;
use crate::document::field::Mark;
use crate::document::metadata::{applied_labels, scope};

/// What a document applies and removes, up to the command that forgets it.
#[derive(Default)]
struct Labels {
    applied: Vec<Mark<'static>>,
    removed: Vec<Mark<'static>>,
}

/// The conflicts among the label commands.
pub fn conflicts(doc: &Document<'_>, actions: &[Action<'_>]) -> Vec<Conflict> {
    let text = doc.text();
    let mut labels = Labels::default();
    let mut conflicts = Vec::new();
    for action in actions {
        let named = applied_labels(text, action.argument);
        match action.command.canonical {
            "label" => labels.applied.extend(named),
            "unlabel" if !named.is_empty() => labels.removed.extend(named),
            // From here on only what is named now counts.
            "relabel" => {
                conflicts.extend(std::mem::take(&mut labels).conflicts(doc));
                labels.applied = named;
            }
            "unlabel" => conflicts.extend(std::mem::take(&mut labels).conflicts(doc)),
            _ => {}
        }
    }
    conflicts.extend(labels.conflicts(doc));
    conflicts
}

impl Labels {
    fn conflicts(self, doc: &Document<'_>) -> Vec<Conflict> {
        let mut scopes: BTreeMap<&str, Vec<&Mark<'_>>> = BTreeMap::new();
        for label in &self.applied {
            if let Some(scope) = own_scope(label) {
                scopes.entry(scope).or_default().push(label);
            }
        }
        let mut conflicts = Vec::new();
        for labels in scopes.values() {
            let Some((last, earlier)) = labels.split_last() else { continue };
            if earlier.iter().any(|label| label.text != last.text) {
                conflicts.extend(earlier.iter().map(|label| conflict(doc, label, last, "scope")));
            }
        }
        let removed: BTreeMap<&str, &Mark<'_>> =
            self.removed.iter().rev().map(|label| (&*label.text, label)).collect();
        for label in &self.applied {
            if let Some(removed) = removed.get(&*label.text) {
                let (earlier, later) =
                    if label.span < removed.span { (label, *removed) } else { (*removed, label) };
                conflicts.push(conflict(doc, earlier, later, "removed"));
            }
        }
        conflicts
    }
}

fn conflict(doc: &Document<'_>, earlier: &Mark<'_>, later: &Mark<'_>, variant: &'static str) -> Conflict {
    Conflict { earlier: earlier.span, later: later.span, variant, edit: without_token(doc, earlier.span) }
}

/// The scope of a label with a value; `group::` alone is to be completed and takes part in nothing.
fn own_scope<'m>(label: &'m Mark<'_>) -> Option<&'m str> {
    scope(&label.text).filter(|scope| label.text.len() > scope.len() + 2)
}
