//! What is the matter with the waivers of a document; the engine judges them, because it knows what they allowed.

use serde::Deserialize;

use super::{Hit, Sink, View};
use crate::diagnostic::Fix;
use crate::document::waiver::TAG;
use crate::scan::Need;
use crate::text::Span;

/// What can be the matter with a waiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Matter {
    /// It allows nothing that is found.
    Unused,
    /// It names a rule that does not exist.
    Unknown,
    /// It gives no reason.
    Reasonless,
    /// Its last day has passed.
    Expired,
    /// Its last day is near.
    Expiring,
    /// It cannot be read.
    Malformed,
    /// The project does not let the rule be waived.
    Refused,
}

/// Something about one waiver.
#[derive(Clone, Debug)]
pub struct Remark {
    /// What it is.
    pub matter: Matter,
    /// The part of the waiver it is about.
    pub span: Span,
    /// The rule, the day or the words it is about.
    pub hit: String,
    /// More about it, in words.
    pub why: String,
    /// The edit that would mend it.
    pub fix: Option<Fix>,
}

/// Waivers with something the matter.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waivers {
    /// What is reported.
    report: Matter,
}

impl Waivers {
    /// The values that messages may name.
    pub const VALUES: &'static [&'static str] = &["hit", "why"];

    /// There is one message.
    pub fn variants(&self) -> Vec<&str> {
        Vec::new()
    }

    /// Every waiver names the tool.
    pub fn need(&self) -> Need {
        Need::Any(vec![TAG.to_owned()])
    }

    /// Reports what was remarked.
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        for remark in view.waivers.iter().filter(|remark| remark.matter == self.report) {
            let values = [("hit", remark.hit.as_str()), ("why", remark.why.as_str())];
            sink.report(Hit::at(remark.span, &values).fix(remark.fix.clone()));
        }
    }
}
