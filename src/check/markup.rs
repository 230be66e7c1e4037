//! Markdown that is rendered as something else than its author meant.

mod comment;
mod task_box;

use serde::Deserialize;

use self::task_box::TaskBox;
use super::{Sink, View};
use crate::scan::Need;
use crate::subject::Role;

/// One kind of slip in the main text.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Markup {
    /// What is looked for.
    find: Find,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Find {
    /// Boxes to tick that are shown as text.
    TaskBox(TaskBox),
    /// Comments that hide more than themselves.
    OpenComment {},
}

impl Markup {
    /// The values that messages may name.
    pub const VALUES: &'static [&'static str] = &["hit", "box"];

    /// The variants the check may report.
    pub fn variants(&self) -> Vec<&str> {
        Vec::new()
    }

    /// What a text must contain.
    pub fn need(&self) -> Need {
        match &self.find {
            Find::TaskBox(task_box) => Need::Any(task_box.literals()),
            Find::OpenComment {} => Need::Any(vec!["<!--".to_owned()]),
        }
    }

    /// Looks through the main text.
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        for outline in view.doc.outlines().iter().filter(|outline| outline.role == Role::Body) {
            match &self.find {
                Find::TaskBox(task_box) => task_box.check(view.doc.text(), outline, sink),
                Find::OpenComment {} => comment::check(view.doc.text(), outline, sink),
            }
        }
    }
}
