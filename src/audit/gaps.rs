//! What an audit could not check, by the reason.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::finding::NotChecked;

/// The most reasons that are told apart; a record may make them up.
const REASONS: usize = 200;

/// All gaps of an audit.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Gaps {
    /// What could not be checked, by the reason: the first reasons of the alphabet, whoever gave them.
    pub not_checked: BTreeMap<String, GapTally>,
    /// Number of gaps whose reasons were too many to tell apart.
    pub other_gaps: usize,
}

/// What could not be checked for one reason.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct GapTally {
    /// How often.
    pub times: usize,
    /// The rules it kept from judging.
    pub rules: BTreeSet<String>,
}

impl Gaps {
    /// Counts `gap`.
    pub fn add(&mut self, gap: &NotChecked) {
        if let Some(tally) = self.not_checked.get_mut(&gap.reason) {
            tally.times += 1;
            if let Some(rule) = gap.rule.as_ref().filter(|rule| !tally.rules.contains(*rule)) {
                tally.rules.insert(rule.clone());
            }
            return;
        }
        let rules = gap.rule.iter().cloned().collect();
        self.not_checked.insert(gap.reason.clone(), GapTally { times: 1, rules });
        self.keep_the_first();
    }

    /// Adds the gaps of another shard.
    pub fn merge(&mut self, other: Self) {
        self.other_gaps = self.other_gaps.saturating_add(other.other_gaps);
        for (reason, tally) in other.not_checked {
            let own = self.not_checked.entry(reason).or_default();
            own.times = own.times.saturating_add(tally.times);
            own.rules.extend(tally.rules);
        }
        self.keep_the_first();
    }

    /// A reason that is dropped has so many before it that it never comes back: the order of the gaps does not matter.
    fn keep_the_first(&mut self) {
        while self.not_checked.len() > REASONS {
            let Some((_, tally)) = self.not_checked.pop_last() else { return };
            self.other_gaps = self.other_gaps.saturating_add(tally.times);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(gaps: &Gaps) -> String {
        serde_json::to_string(gaps).unwrap()
    }

    #[test]
    fn gaps_of_shards_add_up_however_many_reasons_there_are() {
        let gaps = (0..1000).map(|number: usize| NotChecked {
            subject: format!("#{number}"),
            rule: Some(number % 4).filter(|rule| *rule > 0).map(|rule| format!("rule-{rule}")),
            reason: format!("the record has no `{}`", number * 7919 % 450),
        });
        let (mut one, mut shards) = (Gaps::default(), [(); 4].map(|()| Gaps::default()));
        for (number, gap) in gaps.enumerate() {
            one.add(&gap);
            shards[number * 31 % 4].add(&gap);
        }
        assert_eq!((one.not_checked.len(), one.other_gaps > 0), (200, true));
        let merged = shards.into_iter().rev().fold(Gaps::default(), |mut sum, shard| {
            sum.merge(shard);
            sum
        });
        assert_eq!(told(&merged), told(&one));
    }
}
