//! Joins the reports of shards into the report that one run over the whole input would have given.

mod error;
mod origin;
mod read;

use std::collections::BTreeMap;

pub use error::MergeError;

use crate::audit::Digest;
use crate::engine::{distinguish, say_once};
use crate::finding::{Checked, MOST_FINDINGS, NotChecked, Part, Report, STALE_ENTRY};
use origin::{Origin, agree, once};

/// The report of a shard, read from its file.
#[derive(Debug)]
pub struct ShardReport {
    origin: Origin,
    content: Content,
}

/// What a shard found.
#[derive(Debug)]
enum Content {
    Check(Box<Report>),
    Audit(Box<Digest>),
}

/// What the shards say together, as one run would have given it.
#[derive(Debug)]
pub enum Merged {
    /// They checked.
    Check {
        /// What they found.
        report: Box<Report>,
        /// Why there may be nothing to check although everything is in order.
        idle: Option<String>,
    },
    /// They audited.
    Audit(Box<Digest>),
}

/// Merges `shards`, in any order.
///
/// # Errors
/// Where one is missing, doubled or incomplete, or they do not belong together.
pub fn merge(mut shards: Vec<ShardReport>) -> Result<Merged, MergeError> {
    agree(&origins(&shards))?;
    shards.sort_by_key(|of| of.origin.part.shard.index());
    once(&origins(&shards))?;
    let (mut reports, mut digests) = (Vec::new(), Vec::new());
    for ShardReport { origin, content } in shards {
        match content {
            Content::Check(report) => reports.push((*report, origin.part)),
            Content::Audit(digest) => digests.push(*digest),
        }
    }
    let sum = digests.into_iter().reduce(|mut sum, digest| {
        sum.merge(digest);
        sum
    });
    Ok(match sum {
        Some(digest) => Merged::Audit(Box::new(digest.settled())),
        None => check(reports),
    })
}

fn origins(shards: &[ShardReport]) -> Vec<&Origin> {
    shards.iter().map(|of| &of.origin).collect()
}

fn check(reports: Vec<(Report, Part)>) -> Merged {
    let (mut all, mut idle) = (Report::default(), None);
    let mut stale: BTreeMap<String, Checked> = BTreeMap::new();
    for (report, part) in reports {
        (all.rules, all.today) = (report.rules, report.today);
        all.checked = all.checked.saturating_add(report.checked);
        all.bytes = all.bytes.saturating_add(report.bytes);
        all.not_checked.extend(report.not_checked);
        idle = idle.or(part.idle);
        for subject in report.subjects {
            if !subject.findings.iter().any(|finding| finding.rule.id == STALE_ENTRY) {
                all.subjects.push(subject);
            } else if let Some(baseline) = stale.get_mut(&subject.name) {
                baseline.findings.extend(subject.findings);
            } else {
                stale.insert(subject.name.clone(), subject);
            }
        }
    }
    all.subjects.extend(stale.into_values().map(in_order));
    arrange(&mut all.subjects, &mut all.not_checked);
    distinguish(&mut all);
    all.keep_gravest(MOST_FINDINGS);
    Merged::Check { report: Box::new(all), idle }
}

/// Puts subjects and gaps into the order of a report, and drops what is said twice.
pub fn arrange(subjects: &mut Vec<Checked>, not_checked: &mut [NotChecked]) {
    subjects.sort_by(|a, b| a.name.cmp(&b.name));
    say_once(subjects);
    not_checked.sort();
}

/// The stale entries of a baseline in the order of its lines.
fn in_order(mut baseline: Checked) -> Checked {
    baseline.findings.sort_by_key(|finding| finding.start.byte);
    baseline
}
