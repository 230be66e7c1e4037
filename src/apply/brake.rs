//! What is asked of a plan as a whole before the first call.

use jiff::Timestamp;

use super::ApplyError;
use crate::audit::remedies::Plan;

/// Under so many subjects a share says nothing.
const FEW: usize = 10;

/// Minutes by which the clocks of two machines may differ.
const SKEW: i64 = 10;

/// What a plan has to meet.
#[derive(Clone, Debug)]
pub struct Terms {
    /// The largest share of the subjects it reads that a rule may hit, in percent.
    pub brake: u8,
    /// The greatest age, in hours.
    pub max_age: u32,
    /// The hash of today's rules.
    pub rules_hash: String,
    /// The present moment.
    pub now: Timestamp,
}

impl Terms {
    /// Holds `plan` against the terms. What undoes another plan brings back what was: it may be older, and no rule asks
    /// for it.
    ///
    /// # Errors
    /// On the first that it does not meet.
    pub fn meet(&self, plan: &Plan) -> Result<(), ApplyError> {
        if plan.header.undo {
            return Ok(());
        }
        let made_at = &plan.header.made_at;
        let moment = || ApplyError::Moment { made_at: made_at.clone() };
        let made: Timestamp = made_at.parse().map_err(|_| moment())?;
        let seconds = self.now.as_second().saturating_sub(made.as_second());
        if seconds < -SKEW * 60 {
            return Err(moment());
        }
        let hours = seconds.max(0).unsigned_abs().div_ceil(3600);
        if hours > u64::from(self.max_age) {
            let hours = i64::try_from(hours).unwrap_or(i64::MAX);
            return Err(ApplyError::Old { hours, most: self.max_age });
        }
        if plan.header.rules_hash != self.rules_hash {
            return Err(ApplyError::Rules);
        }
        let shares = plan.shares();
        let mut over: Vec<_> = shares
            .into_iter()
            .filter(|(_, share)| {
                share.asked >= FEW && share.hit * 100 > share.asked * usize::from(self.brake)
            })
            .collect();
        over.sort_by(|(_, a), (_, b)| b.percent().total_cmp(&a.percent()));
        match over.first() {
            None => Ok(()),
            Some((rule, share)) => Err(ApplyError::Brake {
                rule: (*rule).to_owned(),
                hit: share.hit,
                asked: share.asked,
                percent: share.percent(),
                brake: self.brake,
                enough: u8::try_from((share.hit * 100).div_ceil(share.asked)).unwrap_or(100),
            }),
        }
    }
}
