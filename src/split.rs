//! Splits the input of a run into parts: every subject belongs to exactly one, whichever machine asks.

use std::collections::{BTreeMap, HashMap};

use sha2::{Digest, Sha256};

use crate::finding::Shard;

/// Which subjects belong to a part. Subjects of one name stay together, so that what is counted by name stays right.
#[derive(Debug)]
pub struct Split {
    shard: Shard,
    /// The part of each subject that has a size before it is read.
    placed: HashMap<String, usize>,
}

impl Split {
    /// Splits `files`, names with their bytes: the largest goes to the part that has least. What is called as one of
    /// `first` goes to the first part.
    pub fn new(shard: Shard, first: Vec<String>, files: Vec<(String, u64)>) -> Self {
        let mut sizes = BTreeMap::new();
        for (name, size) in files {
            *sizes.entry(name).or_insert(0_u64) += size;
        }
        let mut loads = vec![0_u64; shard.total()];
        let mut placed = HashMap::new();
        for name in first {
            loads[0] += sizes.remove(&name).unwrap_or_default();
            placed.insert(name, 1);
        }
        let mut sizes: Vec<_> = sizes.into_iter().collect();
        // Stable: files of one size stay in the order of their names.
        sizes.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
        for (name, size) in sizes {
            let least = (0..loads.len()).min_by_key(|at| loads[*at]).unwrap_or_default();
            loads[least] += size.max(1);
            placed.insert(name, least + 1);
        }
        Self { shard, placed }
    }

    /// Whether the subject called `name` belongs to this part: where it was placed, else where its name leads to.
    pub fn owns(&self, name: &str) -> bool {
        self.placed.get(name).copied().unwrap_or_else(|| self.part_of(name)) == self.shard.index()
    }

    /// How many of the subjects that were placed belong to other parts.
    pub fn elsewhere(&self) -> usize {
        self.placed.values().filter(|part| **part != self.shard.index()).count()
    }

    fn part_of(&self, name: &str) -> usize {
        let digest = Sha256::digest(name);
        let number = digest.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        (number % self.shard.total() as u64) as usize + 1
    }
}

/// A hash of everything that must be the same in all parts.
#[derive(Debug, Default)]
pub struct InputHash(Sha256);

impl InputHash {
    /// Adds a text, apart from those before it.
    pub fn add(&mut self, text: impl AsRef<[u8]>) {
        let text = text.as_ref();
        self.0.update((text.len() as u64).to_le_bytes());
        self.0.update(text);
    }

    /// What was added, as 32 hexadecimal digits.
    pub fn hex(&self) -> String {
        self.0.clone().finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(total: usize, files: &[(&str, u64)]) -> Vec<Split> {
        let files: Vec<_> = files.iter().map(|(name, size)| ((*name).to_owned(), *size)).collect();
        let shards = (1..=total).map(|index| Shard::new(index, total).unwrap());
        shards.map(|shard| Split::new(shard, vec!["message".to_owned()], files.clone())).collect()
    }

    #[test]
    fn every_subject_belongs_to_one_part_and_the_bytes_are_balanced() {
        let files = [("a", 10), ("b", 70), ("c", 40), ("d", 30), ("e", 0), ("message", 5)];
        for total in 1..=5 {
            let parts = parts(total, &files);
            for name in ["a", "b", "c", "d", "e", "message", "g/p#1", "g/p#2", "gone.md"] {
                assert_eq!(parts.iter().filter(|part| part.owns(name)).count(), 1, "{name} of {total}");
            }
            assert!(parts[0].owns("message"));
        }
        let owned = |part: &Split| files.iter().filter(|(name, _)| part.owns(name)).map(|(_, n)| n).sum();
        let loads: Vec<u64> = parts(2, &files).iter().map(owned).collect();
        assert_eq!(loads, [75, 80]);
    }
}
