//! The first items by their place in the source, whichever shard saw them.

use serde::{Deserialize, Serialize};

/// The first `MOST` items.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent, bound(serialize = "T: Serialize", deserialize = "T: Deserialize<'de>"))]
pub struct First<T, const MOST: usize> {
    items: Vec<Placed<T>>,
}

/// An item, and the subject it is about.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Placed<T> {
    /// The place of the subject in the source, from 1.
    pub place: usize,
    /// The item.
    #[serde(flatten)]
    pub item: T,
}

impl<T, const MOST: usize> Default for First<T, MOST> {
    fn default() -> Self {
        Self { items: Vec::new() }
    }
}

impl<T, const MOST: usize> First<T, MOST> {
    /// Adds what `item` makes, about the subject at `place`, if it is among the first; after those of the same place.
    pub fn add(&mut self, place: usize, item: impl FnOnce() -> T) {
        let at = self.items.partition_point(|of| of.place <= place);
        if at < MOST {
            self.items.insert(at, Placed { place, item: item() });
            self.items.truncate(MOST);
        }
    }

    /// Adds the items of another shard.
    pub fn merge(&mut self, other: Self) {
        self.items.extend(other.items);
        self.items.sort_by_key(|of| of.place);
        self.items.truncate(MOST);
    }

    /// The items, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &T> {
        self.items.iter().map(|of| &of.item)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}
