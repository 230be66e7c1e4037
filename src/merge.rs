//! Joins the reports of shards into the report that one run over the whole input would have given.

mod error;
mod read;

use std::collections::BTreeMap;

pub use error::MergeError;

use crate::engine::{distinguish, say_once};
use crate::finding::{Checked, NotChecked, Part, Report, STALE_ENTRY};

/// The report of a shard, read from its file.
#[derive(Debug)]
pub struct ShardReport {
    /// The file.
    path: String,
    report: Report,
    part: Part,
}

/// What the shards say together.
#[derive(Debug)]
pub struct Merged {
    /// As one run would have given it.
    pub report: Report,
    /// Why there may be nothing to check although everything is in order.
    pub idle: Option<String>,
}

/// Merges `shards`, in any order.
///
/// # Errors
/// Where one is missing, doubled or incomplete, or they do not belong together.
pub fn merge(mut shards: Vec<ShardReport>) -> Result<Merged, MergeError> {
    agree(&shards)?;
    shards.sort_by_key(|of| of.part.shard.index());
    once(&shards)?;
    let mut merged = Merged { report: Report::default(), idle: None };
    let mut stale: BTreeMap<String, Checked> = BTreeMap::new();
    for ShardReport { report, part, .. } in shards {
        let all = &mut merged.report;
        (all.rules, all.today) = (report.rules, report.today);
        all.checked = all.checked.saturating_add(report.checked);
        all.bytes = all.bytes.saturating_add(report.bytes);
        all.not_checked.extend(report.not_checked);
        merged.idle = merged.idle.or(part.idle);
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
    merged.report.subjects.extend(stale.into_values().map(in_order));
    arrange(&mut merged.report.subjects, &mut merged.report.not_checked);
    distinguish(&mut merged.report);
    Ok(merged)
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

/// Whether all are complete and parts of the same run.
fn agree(shards: &[ShardReport]) -> Result<(), MergeError> {
    let Some(first) = shards.first() else { return Ok(()) };
    for of in shards {
        let (path, shard, other) = (of.path.clone(), of.part.shard.to_string(), first.path.clone());
        if !of.part.complete {
            return Err(MergeError::Incomplete { path, shard });
        }
        if of.part.shard.total() != first.part.shard.total() {
            return Err(MergeError::Total { path, shard, first: other, total: first.part.shard.total() });
        }
        if of.report.today != first.report.today {
            let (today, expected) = (of.report.today.clone(), first.report.today.clone());
            return Err(MergeError::Today { path, today, first: other, expected });
        }
        if of.part.input != first.part.input || of.report.rules != first.report.rules {
            return Err(MergeError::Input { path, first: other });
        }
    }
    Ok(())
}

/// Whether each shard is there once; they are sorted.
fn once(shards: &[ShardReport]) -> Result<(), MergeError> {
    for pair in shards.windows(2) {
        if let [first, second] = pair
            && first.part.shard == second.part.shard
        {
            let (path, first) = (second.path.clone(), first.path.clone());
            return Err(MergeError::Doubled { path, first, shard: second.part.shard.to_string() });
        }
    }
    let Some(first) = shards.first() else { return Ok(()) };
    let total = first.part.shard.total();
    let is_there = |index: &usize| shards.iter().any(|of| of.part.shard.index() == *index);
    let missing: Vec<_> =
        (1..=total).filter(|index| !is_there(index)).map(|index| index.to_string()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let noun = if missing.len() == 1 { "shard" } else { "shards" };
    let missing = format!("{noun} {}", missing.join(", "));
    Err(MergeError::Missing { missing, first: first.path.clone(), total })
}
