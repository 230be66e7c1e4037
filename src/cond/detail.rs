//! Which details of a record a condition asks for, and whether it fails whatever they say.

use super::{Cond, Scope, Verdict};
use crate::document::Document;
use crate::subject::{Detail, Details};
use crate::world::World;

impl Cond {
    /// The details of a record that it asks for.
    pub fn details(&self) -> Details {
        if self.off {
            return Details::NONE;
        }
        let fields = self.fields.iter().map(|(path, _)| path.as_str());
        let fields = fields.chain(self.items.iter().map(|items| items.of.as_str()));
        let fields = fields.filter_map(Detail::of_field).map(Details::from);
        let days = self.days.iter().map(|days| days.details());
        let notes = self.notes.iter().map(|notes| notes.details());
        let inner = self.any_of.iter().chain(&self.not).map(Self::details);
        fields.chain(days).chain(notes).chain(inner).collect()
    }

    /// Whether it fails for `document`, which lacks some details, whatever these say.
    pub fn fails_anyway(&self, document: &Document<'_>, world: &World) -> bool {
        let scope = Scope::Document(document);
        let is_own = |path: &str| Detail::of_field(path).is_none();
        let fields = || {
            let mut own = self.fields.iter().filter(|(path, _)| is_own(path));
            own.any(|(path, test)| test.holds(&scope.field(path, world), world) == Some(false))
        };
        let items = || {
            let mut own = self.items.iter().filter(|items| is_own(&items.of));
            own.any(|items| items.holds(scope, world) == Verdict::False)
        };
        let days = || {
            let mut own = self.days.iter().filter(|days| days.details().is_empty());
            own.any(|days| days.holds(scope, world) == Verdict::False)
        };
        let refused = || {
            let mut own = self.not.iter().filter(|cond| cond.details().is_empty());
            own.any(|cond| cond.holds_in(scope, world) == Verdict::True)
        };
        let none_of =
            || !self.any_of.is_empty() && self.any_of.iter().all(|cond| cond.fails_anyway(document, world));
        self.off
            || fields()
            || items()
            || days()
            || self.sections.iter().any(|section| section.holds(scope) == Verdict::False)
            || self.lacks_comments(document, world)
            || refused()
            || none_of()
    }

    /// Whether a record without its comments tells by itself that none of them can fit.
    fn lacks_comments(&self, document: &Document<'_>, world: &World) -> bool {
        let scope = Scope::Document(document);
        document.notes().is_none()
            && self.notes.iter().any(|notes| notes.holds(scope, world) == Verdict::False)
    }
}
