//! What the questions of conditions found in a document: many rules ask the same.

use std::cell::RefCell;
use std::sync::Arc;

/// What is known about a condition on a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It holds.
    True,
    /// It does not.
    False,
    /// The record does not carry this field, so nothing can be said.
    Unknown(Arc<str>),
}

/// Answers by the number of the question; those of one document, in one world.
#[derive(Default)]
pub struct Answers(RefCell<Vec<Option<Verdict>>>);

impl Answers {
    /// The answer to question `number`, which `work_out` gives where nobody asked it before.
    pub fn get(&self, number: usize, work_out: impl FnOnce() -> Verdict) -> Verdict {
        if let Some(Some(known)) = self.0.borrow().get(number) {
            return known.clone();
        }
        let answer = work_out();
        let mut answers = self.0.borrow_mut();
        if answers.len() <= number {
            answers.resize(number + 1, None);
        }
        if let Some(place) = answers.get_mut(number) {
            *place = Some(answer.clone());
        }
        answer
    }
}
