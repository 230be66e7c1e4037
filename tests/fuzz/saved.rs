//! Files that proclint wrote and somebody may have changed: baselines, plans, histories and the reports of shards.

use proclint::audit::History;
use proclint::audit::remedies::Plan;
use proclint::baseline::Baseline;
use proclint::merge::{Merged, ShardReport, merge};

use super::audits::told;
use super::readers;
use super::reports::written;

/// Any text as a baseline, a history, a plan and a shard's report: refused in words, or read.
pub fn saved(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    match Baseline::read("baseline.ndjson", &text) {
        Ok(baseline) => assert!(baseline.is_empty() || !text.is_empty()),
        Err(error) => readers::shown(error),
    }
    let history = History::read(data);
    for entry in &history.entries {
        let again = History::read(entry.line().as_bytes());
        assert_eq!((&again.entries[..], again.damaged.len()), (std::slice::from_ref(entry), 0));
        let burn_down = history.burn_down(entry);
        let _ = (burn_down.previous(), entry.sum().findings());
    }
    match Plan::read("plan.ndjson", &text) {
        Ok(plan) => {
            let lines = plan.entries.iter().flat_map(|entry| entry.actions().expect("it was read"));
            assert!(
                lines
                    .map(|action| action.line().expect("it can be posted"))
                    .all(|line| line.starts_with('/'))
            );
        }
        Err(error) => readers::shown(error),
    }
    // Its rules may be anybody's.
    match ShardReport::read("shard.json", &text).and_then(|shard| merge(vec![shard])) {
        Ok(Merged::Check { report, .. }) => written(&report, None, "http"),
        Ok(Merged::Audit(digest)) => told(&digest, "http"),
        Err(error) => readers::shown(error),
    }
}
