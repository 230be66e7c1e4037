//! What the questions of conditions found in a document: many rules ask the same.

use std::cell::{Cell, OnceCell};
use std::sync::atomic::{AtomicUsize, Ordering};

/// What is known about a condition on a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict<'c> {
    /// It holds.
    True,
    /// It does not.
    False,
    /// The record does not carry this field, so nothing can be said.
    Unknown(&'c str),
}

impl From<bool> for Verdict<'_> {
    fn from(holds: bool) -> Self {
        if holds { Self::True } else { Self::False }
    }
}

/// Number of questions that the rules of the process ask.
static QUESTIONS: AtomicUsize = AtomicUsize::new(0);

/// Says that there are `number` questions; documents that are begun from then on have room for their answers.
pub fn expect(number: usize) {
    QUESTIONS.fetch_max(number, Ordering::Relaxed);
}

/// Answers by the number of the question; those of one document, in one world.
#[derive(Default)]
pub struct Answers {
    /// A byte for each question, so that a document with few answers is quick to begin and to end.
    known: OnceCell<Box<[Cell<u8>]>>,
}

/// What the bytes stand for; 0 is a question that nobody asked, or that the document does not answer.
const TRUE: u8 = 1;
const FALSE: u8 = 2;

impl Answers {
    /// The answer to question `number`, which `work_out` gives where nobody asked it before.
    #[inline]
    pub fn get<'c>(&self, number: usize, work_out: impl FnOnce() -> Verdict<'c>) -> Verdict<'c> {
        let nothing = || vec![Cell::new(0); QUESTIONS.load(Ordering::Relaxed)].into();
        // A rule that was read since then is asked every time.
        let Some(known) = self.known.get_or_init(nothing).get(number) else { return work_out() };
        match known.get() {
            TRUE => Verdict::True,
            FALSE => Verdict::False,
            _ => {
                let answer = work_out();
                known.set(match answer {
                    Verdict::True => TRUE,
                    Verdict::False => FALSE,
                    Verdict::Unknown(_) => 0,
                });
                answer
            }
        }
    }
}
