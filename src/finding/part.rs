//! A run that is one of several: together they check what one run would.

use std::fmt;

/// The rule whose findings about one subject, the baseline, may come from every part.
pub const STALE_ENTRY: &str = "stale-baseline-entry";

/// Which of how many parts of the input a run checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// From 1 to `total`.
    index: usize,
    total: usize,
}

impl Shard {
    /// The most parts that an input is split into.
    pub const MOST: usize = 1000;

    /// Part `index` of `total`, if there is one.
    pub fn new(index: usize, total: usize) -> Option<Self> {
        ((1..=total).contains(&index) && total <= Self::MOST).then_some(Self { index, total })
    }

    /// The part written as `I/N`.
    pub fn parse(text: &str) -> Option<Self> {
        let (index, total) = text.split_once('/')?;
        Self::new(index.parse().ok()?, total.parse().ok()?)
    }

    /// Which part it is, from 1.
    pub fn index(self) -> usize {
        self.index
    }

    /// How many parts there are.
    pub fn total(self) -> usize {
        self.total
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.total)
    }
}

/// What the report of a part says about itself, so that only what belongs together is merged.
#[derive(Clone, Debug)]
pub struct Part {
    /// Which part it is.
    pub shard: Shard,
    /// A hash of the whole input and of the rules, the same in all parts.
    pub input: String,
    /// All of its input could be read.
    pub complete: bool,
    /// Why there may be nothing to check although everything is in order.
    pub idle: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shard_is_one_of_those_there_are() {
        assert_eq!(Shard::parse("2/4").map(|shard| shard.to_string()).as_deref(), Some("2/4"));
        for wrong in ["", "1", "0/4", "5/4", "1/0", "1/1001", "-1/4", "1/4/4", "a/b"] {
            assert_eq!(Shard::parse(wrong), None, "{wrong}");
        }
    }
}
