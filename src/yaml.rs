//! YAML with byte spans: one tree for rules, configuration, front matter and data files.

mod node;

pub use node::{Entry, Found, Node, Scalar, Style, Value};
