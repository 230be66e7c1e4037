//! Which details of a record a condition asks for, and whether it fails whatever they say.

use super::{Asks, Cond, Question, Scope, Verdict};
use crate::document::Document;
use crate::subject::{Detail, Details};
use crate::world::World;

impl Cond {
    /// The details of a record that it asks for.
    pub fn details(&self) -> Details {
        if self.off {
            return Details::NONE;
        }
        let own = self.questions.iter().map(Question::details);
        own.chain(self.any_of.iter().chain(&self.not).map(Self::details)).collect()
    }

    /// Whether it fails for `document`, which lacks some details, whatever these say.
    pub fn fails_anyway(&self, document: &Document<'_>, world: &World) -> bool {
        let scope = Scope::Document(document);
        let told = |question: &Question| match &question.asks {
            Asks::Notes(_) => document.notes().is_none(),
            _ => question.details().is_empty(),
        };
        let fails = |question: &Question| question.answer(scope, world) == Verdict::False;
        let refused = || {
            let mut own = self.not.iter().filter(|cond| cond.details().is_empty());
            own.any(|cond| cond.holds_in(scope, world) == Verdict::True)
        };
        let none_of =
            || !self.any_of.is_empty() && self.any_of.iter().all(|cond| cond.fails_anyway(document, world));
        self.off
            || self.questions.iter().any(|question| told(question) && fails(question))
            || refused()
            || none_of()
    }
}

impl Question {
    /// The details of a record that it asks for.
    fn details(&self) -> Details {
        match &self.asks {
            Asks::Field(path, _) => Detail::of_field(path).into_iter().collect(),
            Asks::Items(items) => Detail::of_field(&items.of).into_iter().collect(),
            Asks::Days(days) => days.details(),
            Asks::Section(_) => Details::NONE,
            Asks::Notes(notes) => notes.details(),
        }
    }
}
