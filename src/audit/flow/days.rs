//! How many stays lasted how many days, in a number of counters that does not grow.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Days that are counted one by one.
const EACH: i64 = 366;

/// Days of a step after them.
const STEP: i64 = 30;

/// The last step.
const MOST: i64 = 3660;

/// Numbers of stays by their whole days.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Days(BTreeMap<i64, usize>);

impl Days {
    /// Counts a stay of so many days.
    pub fn add(&mut self, days: i64) {
        let step = if days <= EACH { days.max(0) } else { (days / STEP * STEP).clamp(EACH, MOST) };
        *self.0.entry(step).or_default() += 1;
    }

    /// Adds what others counted.
    pub fn merge(&mut self, other: &Self) {
        for (days, count) in &other.0 {
            *self.0.entry(*days).or_default() += count;
        }
    }

    /// Number of stays.
    pub fn count(&self) -> usize {
        self.0.values().sum()
    }

    /// The fewest days within which `percent` of the stays were over; `None` without any.
    pub fn share(&self, percent: usize) -> Option<i64> {
        let wanted = (self.count() * percent).div_ceil(100);
        let mut over = 0;
        self.0.iter().find_map(|(days, count)| {
            over += count;
            (over >= wanted).then_some(*days)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(days: &[i64]) -> Days {
        let mut counted = Days::default();
        days.iter().for_each(|days| counted.add(*days));
        counted
    }

    #[test]
    fn half_of_them_and_nine_of_ten_were_over_by_then() {
        let days = of(&[1, 9, 3, 2, 4, 5, 6, 7, 8, 100]);
        assert_eq!((days.share(50), days.share(90)), (Some(5), Some(9)));
        assert_eq!((of(&[7]).share(50), of(&[7]).share(90)), (Some(7), Some(7)));
        assert_eq!(of(&[]).share(50), None);
    }

    #[test]
    fn a_million_stays_need_a_few_hundred_counters() {
        let all: Vec<i64> = (-5..100_000).collect();
        let days = of(&all);
        assert_eq!(days.count(), all.len());
        assert!(days.0.len() <= 480, "{}", days.0.len());
        assert_eq!(of(&[366, 367, 400, 1_000_000]).0.into_keys().collect::<Vec<_>>(), [366, 390, 3660]);
    }
}
