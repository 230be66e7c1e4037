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
pub struct Answers(RefCell<Known>);

#[derive(Default)]
struct Known {
    /// A byte for each question, so that a document with few answers is quick to begin and to end.
    answers: Vec<u8>,
    /// The fields that the questions which cannot be answered miss.
    missing: Vec<(usize, Arc<str>)>,
}

/// What the bytes stand for; 0 is a question that nobody asked.
const TRUE: u8 = 1;
const FALSE: u8 = 2;
const UNKNOWN: u8 = 3;

impl Answers {
    /// The answer to question `number`, which `work_out` gives where nobody asked it before.
    pub fn get(&self, number: usize, work_out: impl FnOnce() -> Verdict) -> Verdict {
        if let Some(known) = self.0.borrow().get(number) {
            return known;
        }
        let answer = work_out();
        self.0.borrow_mut().put(number, &answer);
        answer
    }
}

impl Known {
    fn get(&self, number: usize) -> Option<Verdict> {
        match *self.answers.get(number)? {
            TRUE => Some(Verdict::True),
            FALSE => Some(Verdict::False),
            UNKNOWN => {
                let (_, field) = self.missing.iter().find(|(of, _)| *of == number)?;
                Some(Verdict::Unknown(Arc::clone(field)))
            }
            _ => None,
        }
    }

    fn put(&mut self, number: usize, answer: &Verdict) {
        if self.answers.len() <= number {
            // Questions are numbered as rules are read, and all of them at once.
            self.answers.resize((number + 1).next_multiple_of(512), 0);
        }
        let byte = match answer {
            Verdict::True => TRUE,
            Verdict::False => FALSE,
            Verdict::Unknown(field) => {
                self.missing.push((number, Arc::clone(field)));
                UNKNOWN
            }
        };
        if let Some(place) = self.answers.get_mut(number) {
            *place = byte;
        }
    }
}
