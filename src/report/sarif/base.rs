//! The folders that the paths of a report start from: the root of the repository, and those above it.

use std::collections::BTreeMap;

use super::shape::{Base, Message};
use crate::finding::Report;

/// How many folders above the root the path starts, and what follows: a URI of SARIF has no `..`, which would lead out of
/// its base.
pub(super) fn split(path: &str) -> (usize, &str) {
    let mut rest = path.trim_start_matches("./");
    let mut above = 0;
    while let Some(shorter) = rest.strip_prefix("../") {
        (above, rest) = (above + 1, shorter);
    }
    (above, rest)
}

/// What the folder so many steps above the root is called.
pub(super) fn id(above: usize) -> String {
    if above == 0 { "%SRCROOT%".to_owned() } else { format!("%SRCROOT_PARENT_{above}%") }
}

/// The folders of `report`, with what they are and without where they are.
pub(super) fn all(report: &Report) -> BTreeMap<String, Base> {
    let above = report.subjects.iter().map(|subject| split(&subject.name).0);
    std::iter::once(0).chain(above).map(|above| (id(above), Base { description: words(above) })).collect()
}

fn words(above: usize) -> Message {
    Message::plain(&match above {
        0 => "the root of the repository".to_owned(),
        1 => "the folder above the root of the repository".to_owned(),
        steps => format!("the folder {steps} steps above the root of the repository"),
    })
}
