//! Where the report of a shard is from, and whether several of them are those of one run.

use super::MergeError;
use crate::finding::Part;

/// What all reports of shards say, whatever they are about.
#[derive(Debug)]
pub(super) struct Origin {
    /// The file.
    pub(super) path: String,
    /// The command that wrote it.
    pub(super) command: &'static str,
    pub(super) part: Part,
    /// The day the rules took for today.
    pub(super) today: String,
    /// Number of rules that were switched on.
    pub(super) rules: usize,
}

/// Whether all are complete and parts of the same run.
pub(super) fn agree(shards: &[&Origin]) -> Result<(), MergeError> {
    let Some(first) = shards.first() else { return Ok(()) };
    for of in shards {
        let (path, shard, other) = (of.path.clone(), of.part.shard.to_string(), first.path.clone());
        if of.command != first.command {
            let (command, expected) = (of.command, first.command);
            return Err(MergeError::Mixed { path, command, first: other, expected });
        }
        if !of.part.complete {
            return Err(MergeError::Incomplete { path, shard });
        }
        if of.part.shard.total() != first.part.shard.total() {
            return Err(MergeError::Total { path, shard, first: other, total: first.part.shard.total() });
        }
        if of.today != first.today {
            let (today, expected) = (of.today.clone(), first.today.clone());
            return Err(MergeError::Today { path, today, first: other, expected });
        }
        if of.part.input != first.part.input || of.rules != first.rules {
            return Err(MergeError::Input { path, first: other });
        }
    }
    Ok(())
}

/// Whether each shard is there once; they are sorted.
pub(super) fn once(shards: &[&Origin]) -> Result<(), MergeError> {
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
