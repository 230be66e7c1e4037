//! What tells a finding from all others, and stays when lines move.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use crate::finding::Report;

/// What all findings of `rule` about the same words of the subject called `subject` share: the fingerprint of the first.
pub fn family(rule: &str, subject: &str, text: &str) -> String {
    fingerprint(&key(rule, subject, text), 0)
}

/// The rule, the subject and the words of a finding as one text.
pub(super) fn key(rule: &str, subject: &str, text: &str) -> String {
    let mut key = String::with_capacity(rule.len() + subject.len() + text.len() + 2);
    key.extend([rule, "\0", subject, "\0"]);
    for (at, word) in text.split_whitespace().enumerate() {
        key.extend([if at > 0 { " " } else { "" }, word]);
    }
    key
}

/// The first 32 hexadecimal digits of SHA-256 over a named scheme, the key and its ordinal.
pub(super) fn fingerprint(key: &str, ordinal: usize) -> String {
    let digest = Sha256::new()
        .chain_update("proclint/1\0")
        .chain_update(key)
        .chain_update([0])
        .chain_update(ordinal.to_le_bytes());
    let digits = digest.finalize().into_iter().take(16).flat_map(|byte| [byte >> 4, byte & 15]);
    let mut fingerprint = String::with_capacity(32);
    fingerprint.extend(digits.filter_map(|digit| char::from_digit(digit.into(), 16)));
    fingerprint
}

/// Makes the fingerprints of a report unique where two subjects share a name.
pub fn distinguish(report: &mut Report) {
    let mut seen = HashMap::new();
    let all = report.subjects.iter_mut().flat_map(|subject| {
        let suppressed = subject.suppressed.iter_mut().map(|of| &mut of.finding);
        subject.findings.iter_mut().chain(suppressed)
    });
    for finding in all {
        let times = seen.entry(finding.fingerprint.clone()).or_insert(0_usize);
        if *times > 0 {
            finding.fingerprint = fingerprint(&finding.fingerprint, *times);
        }
        *times += 1;
    }
}
