//! Policies of gitlab-triage as rules: what the bot would change of a record when it comes by.

use crate::check::{Hit, Sink, View};
use crate::policy::{Facts, Policy, Truth};
use crate::text::Span;

/// The variant for a change that the bot would make.
pub(super) const VARIANT: &str = "pending";

/// Reports what each simple policy would change of the record.
pub(super) fn run(view: View<'_>, sink: &mut Sink<'_>) {
    let Some(facts) = Facts::of(view.doc.subject, view.world.today) else { return };
    let Some(header) = &view.doc.subject.header else { return };
    let place = |key: &str| header.entry(key).map_or(Span::at(0), |entry| entry.key_span);
    let policies = view.world.policies().policies.iter();
    for policy in policies.filter(|policy| policy.resource.has(facts.kind()) && policy.is_simple()) {
        if facts.hold(&policy.conditions) != Truth::Yes {
            continue;
        }
        let Some(changes) = changes(policy, &facts) else { continue };
        let key = if policy.effect.adds.is_empty() && policy.effect.removes.is_empty() {
            "state"
        } else {
            "labels"
        };
        let values = [("hit", policy.name.as_str()), ("members", changes.as_str())];
        sink.report(Hit::at(place(key), &values).variant(VARIANT));
    }
}

/// What the policy changes, in words; `None` where it leaves all as it is.
fn changes(policy: &Policy, facts: &Facts<'_>) -> Option<String> {
    let labels = facts.labels()?;
    let after = policy.effect.labels(labels);
    let list =
        |labels: Vec<&String>| labels.iter().map(|label| format!("`{label}`")).collect::<Vec<_>>().join(", ");
    let mut parts = Vec::new();
    let added: Vec<_> = after.iter().filter(|label| !labels.contains(label)).collect();
    let removed: Vec<_> = labels.iter().filter(|label| !after.contains(label)).collect();
    if !added.is_empty() {
        parts.push(format!("add {}", list(added)));
    }
    if !removed.is_empty() {
        parts.push(format!("remove {}", list(removed)));
    }
    if let Some((state, _)) = policy.effect.state.filter(|(state, _)| facts.state() != Some(state)) {
        parts.push(if state == "closed" { "close it" } else { "reopen it" }.to_owned());
    }
    (!parts.is_empty()).then(|| parts.join(" and "))
}
