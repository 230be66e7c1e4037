//! The words for a finding that note and threads share; what comes from outside is neutralised here.

use crate::diagnostic::{RuleHeader, Severity};
use crate::finding::Finding;
use crate::report::{link, neutral};

/// The most characters of a sentence from outside; nobody reads more in a note.
const SENTENCE: usize = 600;

/// `text` as harmless words, cut to what somebody reads.
pub(super) fn words(text: &str) -> String {
    neutral::words(&short(text, SENTENCE))
}

/// What the finding says; where its rule is discreet, what the rule is about, so that nothing is spread.
pub(super) fn message(finding: &Finding) -> String {
    words(if finding.rule.discreet { &finding.rule.title } else { &finding.message })
}

/// `text` as code, cut likewise.
pub(super) fn code(text: &str) -> String {
    neutral::code(&short(text, SENTENCE / 2))
}

fn short(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{} …", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "hint",
    }
}

/// The rule's id, as a link to the handbook where it has one.
pub(super) fn rule(rule: &RuleHeader) -> String {
    let id = code(&rule.id);
    link(&rule.url).map(|url| format!("[{id}]({url})")).unwrap_or(id)
}

/// What the handbook says, if the rule quotes it.
pub(super) fn quote(rule: &RuleHeader) -> Option<String> {
    (!rule.quote.is_empty()).then(|| format!("The handbook says: “{}”", words(&rule.quote)))
}

/// What the finding's fix does, in words.
pub(super) fn fix(finding: &Finding) -> Option<String> {
    finding.fix.as_ref().map(|fix| format!("Fix: {}", words(&fix.title)))
}

/// Whether `line` can be quoted in a block of code as it is: nothing in it hides or closes anything.
pub(super) fn is_plain(line: &str) -> bool {
    neutral::code(line).contains(line)
}

/// A fence longer than any in `text`.
pub(super) fn fence(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    "`".repeat((longest + 1).max(3))
}
