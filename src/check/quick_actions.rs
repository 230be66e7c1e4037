//! Quick actions: whether GitLab knows them, runs them, finds what they name, and whether they agree.

pub mod code;
mod command;
mod conflict;
mod milestone;
mod placeholder;
mod position;
mod reference;
mod set;

use serde::Deserialize;

use super::{Sink, View};
use crate::document::Document;
use crate::document::quick_action::QuickLine;
use crate::document::quick_action::command::Command;
use crate::scan::Need;

/// What a rule looks for in the quick actions of a document.
#[derive(Debug, Deserialize)]
#[serde(tag = "find", rename_all = "kebab-case")]
pub enum QuickActions {
    /// Names that are no command, or none for this kind of object.
    Command(command::Names),
    /// Labels and milestones that GitLab does not find as they are written.
    Reference(reference::References),
    /// What the author is still to fill in.
    Placeholder(placeholder::Placeholders),
    /// Commands where GitLab does not look for them.
    Position(position::Positions),
    /// Milestones that are written almost like one that there is.
    Milestone(milestone::Milestones),
    /// Commands that contradict each other.
    Conflict(conflict::Conflicts),
    /// Commands without those that go with them.
    Set(set::Sets),
}

impl QuickActions {
    /// The values that messages may name.
    pub const VALUES: &'static [&'static str] = &["hit", "best", "object", "name", "other"];

    /// The variants the check may report.
    pub fn variants(&self) -> Vec<&str> {
        match self {
            Self::Command(_) => command::Names::VARIANTS.to_vec(),
            Self::Reference(_) => reference::References::VARIANTS.to_vec(),
            Self::Placeholder(_) => Vec::new(),
            Self::Position(_) => position::Positions::VARIANTS.to_vec(),
            Self::Milestone(_) => milestone::Milestones::VARIANTS.to_vec(),
            Self::Conflict(_) => conflict::Conflicts::VARIANTS.to_vec(),
            Self::Set(_) => set::Sets::VARIANTS.to_vec(),
        }
    }

    /// What a text must contain; any line may start with a slash, which is quicker to see than to search for.
    pub fn need(&self) -> Need {
        match self {
            Self::Reference(_) => {
                Need::Any(reference::COMMANDS.iter().map(|name| format!("/{name}")).collect())
            }
            Self::Set(sets) => sets.need(),
            Self::Milestone(milestones) => milestones.need(),
            _ => Need::Nothing,
        }
    }

    /// Finds it.
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        match self {
            Self::Command(names) => names.run(view, sink),
            Self::Reference(references) => references.run(view, sink),
            Self::Placeholder(placeholders) => placeholders.run(view, sink),
            Self::Position(positions) => positions.run(view, sink),
            Self::Milestone(milestones) => milestones.run(view, sink),
            Self::Conflict(conflicts) => conflicts.run(view, sink),
            Self::Set(sets) => sets.run(view, sink),
        }
    }
}

/// The lines that do something: known commands that GitLab runs, in a template while it creates the object.
fn effective<'d>(doc: &'d Document<'_>) -> impl Iterator<Item = (&'d QuickLine, &'static Command)> {
    let text = doc.text();
    let template = doc.subject.kind.is_template();
    doc.quick_lines()
        .iter()
        .filter_map(move |line| Some((line, line.runs(text)?)))
        .filter(move |(_, command)| !(template && command.needs_object))
}
