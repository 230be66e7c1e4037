//! YAML with byte spans: one tree for rules, configuration, front matter and data files.
//!
//! [`parse`] turns text into [`Node`]s, [`from_node`] turns nodes into types. Scalars stay text until a target
//! type asks for something else, so `1.10` is a version where a string is wanted and `no` is never a boolean.

mod anchors;
mod comments;
mod de;
mod error;
mod json;
mod limits;
mod natural;
mod node;
mod packed;
mod pad;
mod parse;
mod scalar;
mod spanned;

pub use comments::comments;
pub use de::{DecodeError, from_node, suggestion};
pub use error::YamlError;
pub use limits::{Duplicates, Limits};
pub use node::{Entry, Found, Node, Scalar, Style, Value};
pub use packed::{pack, unpack};
pub use parse::parse;
pub use spanned::Spanned;
