//! Stub.

use serde::Deserialize;

use super::{Sink, View};
use crate::scan::Need;

/// Stub.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkText {}

impl LinkText {
    /// The values that messages may name.
    pub const VALUES: &'static [&'static str] = &["hit"];

    /// The variants the check may report.
    pub fn variants(&self) -> Vec<&str> {
        Vec::new()
    }

    /// What a text must contain.
    pub fn need(&self) -> Need {
        Need::Nothing
    }

    /// Finds it.
    pub fn run(&self, _view: View<'_>, _sink: &mut Sink<'_>) {}
}
