//! Lists of named boxes to tick: that they stand where they should, and that they agree with a label.

mod boxes;
mod evidence;
mod form;

use serde::Deserialize;

use self::boxes::State;
use super::{Sink, View};
use crate::document::Document;
use crate::pattern::Pattern;
use crate::scan::Need;
use crate::text::Span;

/// Named boxes and what is asked of them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checklist {
    /// What is asked.
    expect: Expect,
    /// The names, in bold at the start of each item.
    boxes: Vec<String>,
    /// The heading they stand under; anywhere where absent.
    heading: Option<Pattern>,
    /// What to write where the heading is missing.
    insert: Option<String>,
    /// The label that says that every box is answered.
    refined: Option<String>,
    /// The label that says that some are not.
    unrefined: Option<String>,
    /// A record with the label has the list.
    #[serde(default)]
    require_checklist: bool,
}

/// What is asked of the boxes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Expect {
    /// Each stands under the heading once, open: the form of a template.
    Blank,
    /// Each is there.
    Present,
    /// Each is answered where the label says so, and only there.
    Answered,
}

/// The box of `name` where it is ticked, in the list of `boxes` in the main text.
pub fn ticked(document: &Document<'_>, name: &str, boxes: &[String]) -> Option<Span> {
    let list = boxes::list(document.text(), document.body()?, boxes);
    list.iter().find(|named| named.name == name && named.state == State::Done).map(|named| named.span)
}

impl Checklist {
    /// The values that messages may name.
    pub const VALUES: &'static [&'static str] = &["hit", "name", "missing", "label"];

    /// The variants the check may report.
    pub fn variants(&self) -> Vec<&str> {
        match self.expect {
            Expect::Blank => vec!["heading", "missing", "broken", "ticked", "repeated"],
            Expect::Present => vec!["absent"],
            Expect::Answered => vec!["open", "label", "no-list", "list-required"],
        }
    }

    /// What a text must contain: a box or the label, unless a missing box is the finding.
    pub fn need(&self) -> Need {
        match self.expect {
            Expect::Answered => Need::Any(self.boxes.iter().chain(&self.refined).cloned().collect()),
            Expect::Blank | Expect::Present => Need::Nothing,
        }
    }

    /// Looks at the boxes of the main text.
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        match self.expect {
            Expect::Blank => self.blank(view, sink),
            Expect::Present => self.present(view, sink),
            Expect::Answered => self.answered(view, sink),
        }
    }
}
