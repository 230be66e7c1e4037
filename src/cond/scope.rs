//! What a condition looks at: a subject, or an entry of a list in it.

use super::Test;
use crate::document::{Document, Field, field::Presence};
use crate::world::World;
use crate::yaml::Node;

/// What a condition looks at.
#[derive(Clone, Copy)]
pub(super) enum Scope<'d> {
    /// A subject.
    Document(&'d Document<'d>),
    /// An entry of a list in it.
    Entry(&'d Node),
}

impl<'d> Scope<'d> {
    pub(super) fn node(self) -> Option<&'d Node> {
        match self {
            Self::Entry(node) => Some(node),
            Self::Document(document) => document.node(),
        }
    }

    /// A file of an unknown project belongs to none that a rule names.
    pub(super) fn is_file(self) -> bool {
        matches!(self, Self::Document(document) if document.subject.path.is_some())
    }

    /// Whether `test` holds for the field at `path`.
    pub(super) fn ask(self, path: &str, test: &Test, world: &World) -> Option<bool> {
        let kept = match self {
            Self::Document(document) => document.kept_field(path),
            Self::Entry(_) => None,
        };
        match kept {
            Some(field) => test.holds(field, world),
            None => test.holds(self.field(path, world).glance(), world),
        }
    }

    pub(super) fn field(self, path: &str, world: &'d World) -> Field<'d> {
        match self {
            Self::Entry(node) => Field::of_node(node, path),
            Self::Document(document) => {
                let field = document.field(path);
                let templates = world.templates.iter();
                let own = document.subject.path.as_ref();
                // A file belongs to the project of the working directory.
                match (&world.project, path) {
                    (Some(project), "project") if field.presence == Presence::Absent => field.with([project]),
                    (_, "templates") => field.with(templates),
                    (_, "first-template") => {
                        field.with(templates.take(1).filter(|first| own == Some(*first)))
                    }
                    _ => field,
                }
            }
        }
    }
}
