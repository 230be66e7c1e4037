//! What is confidential is named in a report and not repeated.

use super::fingerprint::{fingerprint, key};
use crate::finding::{Checked, Excerpt, Finding, Suppression};
use crate::subject::Subject;
use crate::yaml::Node;

/// What stands in the place of a message.
const WORDS: &str = "confidential";

/// Takes out of `checked` the words of `subject`, where it is confidential, and those of its internal comments; rule,
/// place and severity stay.
pub fn redact(subject: &Subject, checked: &mut Checked) {
    let Some(header) = &subject.header else { return };
    let is_true = |node: Option<&Node>| node.and_then(Node::as_str) == Some("true");
    let all = is_true(header.get("confidential"));
    let internal = |finding: &Finding| {
        let note = finding.field.as_deref().and_then(|field| field.strip_suffix(".body"));
        let note = note.and_then(|note| header.at(note));
        note.is_some_and(|note| ["internal", "confidential"].iter().any(|key| is_true(note.node.get(key))))
    };
    let suppressed = checked.suppressed.iter_mut().map(|of| &mut of.finding);
    let mut ordinal = 0;
    for finding in checked.findings.iter_mut().chain(suppressed) {
        if !all && !internal(finding) {
            continue;
        }
        finding.message = format!("{} ({WORDS})", finding.rule.title);
        // A hash of few words would give them away to whoever guesses them.
        finding.fingerprint = fingerprint(&key(&finding.rule.id, &subject.name, WORDS), ordinal);
        ordinal += 1;
        finding.help.clear();
        finding.text.clear();
        finding.related.clear();
        finding.excerpt = Excerpt::default();
        finding.fix = None;
        finding.shared = None;
    }
    if all {
        checked.canonical = None;
        for of in &mut checked.suppressed {
            if let Suppression::Waiver { reason, owner, .. } = &mut of.suppression {
                WORDS.clone_into(reason);
                *owner = None;
            }
        }
    }
}
