//! What the report of a part says beside its findings, so that `merge` can do what one run would have done.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::diagnostic::RuleHeader;
use crate::finding::Report;
use crate::subject::Kind;

#[derive(Serialize)]
pub(super) struct Shard<'a> {
    index: usize,
    total: usize,
    input: &'a str,
    complete: bool,
    idle: Option<&'a str>,
    rules: Vec<&'a RuleHeader>,
    subjects: Vec<Share<'a>>,
}

/// One subject, and how many entries of each list of the document are about it.
#[derive(Serialize)]
struct Share<'a> {
    kind: Kind,
    name: &'a str,
    bytes: usize,
    unchanged: usize,
    canonical: Option<&'a str>,
    diagnostics: usize,
    suppressed: usize,
    not_checked: usize,
}

impl<'a> Shard<'a> {
    /// `None` where the report is about all of the input.
    pub(super) fn of(report: &'a Report) -> Option<Self> {
        let part = report.part.as_ref()?;
        let found = report.findings().chain(report.suppressed().map(|of| &of.finding));
        let rules: BTreeMap<_, _> = found.map(|finding| (finding.rule.id.as_str(), &*finding.rule)).collect();
        let shares = report.subjects.iter().map(|subject| Share {
            kind: subject.kind,
            name: &subject.name,
            bytes: subject.bytes,
            unchanged: subject.unchanged,
            canonical: subject.canonical.as_deref(),
            diagnostics: subject.findings.len(),
            suppressed: subject.suppressed.len(),
            not_checked: subject.not_checked.len(),
        });
        Some(Self {
            index: part.shard.index(),
            total: part.shard.total(),
            input: &part.input,
            complete: part.complete,
            idle: part.idle.as_deref(),
            rules: rules.into_values().collect(),
            subjects: shares.collect(),
        })
    }
}
