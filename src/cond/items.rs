//! Conditions on the entries of a list: links, children, comments.

use serde::{Deserialize, Deserializer, de::Error};

use super::{Cond, Scope, Verdict};
use crate::world::World;
use crate::yaml::Node;

/// How many entries of a list meet a condition.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Items {
    /// The list's path.
    pub(super) of: String,
    /// What an entry that counts meets.
    #[serde(default, deserialize_with = "cond")]
    r#where: Cond,
    /// At least so many do.
    min: Option<usize>,
    /// At most so many do.
    max: Option<usize>,
}

impl Items {
    pub(super) fn holds(&self, scope: Scope<'_>, world: &World) -> Verdict<'_> {
        if self.min.is_none() && self.max.is_none() {
            return Verdict::True;
        }
        let Some(list) = scope.node().and_then(|node| node.at(&self.of)) else {
            return Verdict::Unknown(&self.of);
        };
        let meets = |entry: &&Node| self.r#where.holds_in(Scope::Entry(entry), world) == Verdict::True;
        let count = list.node.items().iter().filter(meets).count();
        (self.min.is_none_or(|min| count >= min) && self.max.is_none_or(|max| count <= max)).into()
    }
}

fn cond<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Cond, D::Error> {
    Cond::read(&Node::deserialize(deserializer)?, true).map_err(D::Error::custom)
}
