//! Anchors and their expansion, within limits that make a "billion laughs" text an error.

use std::collections::HashMap;

use super::limits::Limits;
use super::node::{Node, Value};

/// The nodes that aliases may repeat, by the parser's number of the anchor.
#[derive(Default)]
pub(super) struct Anchors {
    known: HashMap<usize, (Node, Weight)>,
    copied: Weight,
}

/// What a copy of a node costs.
#[derive(Clone, Copy, Default)]
pub(super) struct Weight {
    pub(super) nodes: usize,
    pub(super) bytes: usize,
    /// Levels of nesting; a scalar has none.
    pub(super) height: usize,
}

/// The copies have become too large.
pub(super) struct TooLarge;

impl Anchors {
    /// Keeps a copy of `node` for later aliases. Copies count, so that nested anchors cannot multiply a text.
    pub(super) fn define(&mut self, anchor: usize, node: &Node, limits: &Limits) -> Result<(), TooLarge> {
        let weight = Weight::of(node);
        self.charge(weight, limits)?;
        self.known.insert(anchor, (node.clone(), weight));
        Ok(())
    }

    /// A copy for an alias; `None` inside of the anchored node itself.
    pub(super) fn expand(
        &mut self,
        anchor: usize,
        limits: &Limits,
    ) -> Result<Option<(Node, Weight)>, TooLarge> {
        let Some(weight) = self.known.get(&anchor).map(|(_, weight)| *weight) else { return Ok(None) };
        self.charge(weight, limits)?;
        Ok(self.known.get(&anchor).cloned())
    }

    fn charge(&mut self, weight: Weight, limits: &Limits) -> Result<(), TooLarge> {
        self.copied.nodes = self.copied.nodes.saturating_add(weight.nodes);
        self.copied.bytes = self.copied.bytes.saturating_add(weight.bytes);
        if self.copied.nodes > limits.nodes || self.copied.bytes > limits.alias_bytes {
            return Err(TooLarge);
        }
        Ok(())
    }
}

impl Weight {
    fn of(node: &Node) -> Self {
        let mut weight = Self { nodes: 1, ..Self::default() };
        match &node.value {
            Value::Scalar(scalar) => weight.bytes = scalar.text.len(),
            Value::List(items) => items.iter().for_each(|item| weight.hold(Self::of(item))),
            Value::Map(entries) => {
                for entry in entries {
                    weight.bytes += entry.key.len();
                    weight.hold(Self::of(&entry.value));
                }
            }
        }
        if !matches!(node.value, Value::Scalar(_)) {
            weight.height += 1;
        }
        weight
    }

    fn hold(&mut self, child: Self) {
        self.nodes += child.nodes;
        self.bytes += child.bytes;
        self.height = self.height.max(child.height);
    }
}
