//! The threads that the findings in the diff ask for.

use std::cmp::Reverse;

use sha2::{Digest, Sha256};

use super::mark::ThreadMark;
use super::suggestion::suggestion;
use super::{Publication, place, prose};
use crate::finding::{Checked, Finding};

/// A thread as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The text of its first note.
    pub body: String,
    /// The path before the change.
    pub old_path: String,
    /// The path after the change.
    pub new_path: String,
    /// The line before the change, from 1; none of an added line.
    pub old_line: Option<u32>,
    /// The line after the change, from 1; none of a removed line.
    pub new_line: Option<u32>,
    pub(super) mark: ThreadMark,
}

/// A thread for each finding that lies in the diff, the gravest first.
pub fn wanted(publication: &Publication<'_>) -> Vec<Wanted> {
    let subjects = &publication.report.subjects;
    let findings = subjects.iter().flat_map(|of| of.findings.iter().map(move |finding| (of, finding)));
    let mut all: Vec<_> = findings
        .filter_map(|(subject, finding)| {
            Some((Reverse(finding.severity), one(publication, subject, finding)?))
        })
        .collect();
    all.sort_by_key(|(severity, _)| *severity);
    all.into_iter().map(|(_, wanted)| wanted).collect()
}

fn one(publication: &Publication<'_>, subject: &Checked, finding: &Finding) -> Option<Wanted> {
    let record = publication.record?;
    let place = place::lines(subject, finding, record.diffs.as_deref()?, &record.text)?;
    let (old_line, new_line) = place.pair();
    let mark = ThreadMark {
        fingerprint: finding.fingerprint.clone(),
        likeness: digest(&finding.rule.id, &finding.text),
        line: digest("", place.line().span.of(&record.text)),
        rule: finding.rule.id.clone(),
        gone: false,
    };
    let mut blocks = vec![format!(
        "**{}** {}: {}",
        prose::severity(finding.severity),
        prose::rule(&finding.rule),
        prose::message(finding)
    )];
    if !finding.help.is_empty() {
        blocks.push(prose::words(&finding.help));
    }
    if !finding.rule.discreet {
        blocks.extend(suggestion(subject, finding, &place, &record.text).or_else(|| prose::fix(finding)));
    }
    blocks.extend(prose::quote(&finding.rule));
    Some(Wanted {
        body: format!("{}\n\n{}", mark.written(), blocks.join("\n\n")),
        mark,
        old_path: place.file.old_path.clone(),
        new_path: place.file.new_path.clone(),
        old_line,
        new_line,
    })
}

/// A digest of `text`, whatever its blanks, in the light of `about`.
fn digest(about: &str, text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    let digest = Sha256::new().chain_update(about).chain_update([0]).chain_update(words.join(" ")).finalize();
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
