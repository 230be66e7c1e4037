//! What the questions of conditions found in a document: many rules ask the same.

use std::cell::{Cell, OnceCell, RefCell};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

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
    /// The fields that the questions which cannot be answered miss.
    missing: RefCell<Vec<(usize, Arc<str>)>>,
}

/// What the bytes stand for; 0 is a question that nobody asked.
const TRUE: u8 = 1;
const FALSE: u8 = 2;
const UNKNOWN: u8 = 3;

impl Answers {
    /// The answer to question `number`, which `work_out` gives where nobody asked it before.
    #[inline]
    pub fn get(&self, number: usize, work_out: impl FnOnce() -> Verdict) -> Verdict {
        let nothing = || vec![Cell::new(0); QUESTIONS.load(Ordering::Relaxed)].into();
        // A rule that was read since then is asked every time.
        let Some(known) = self.known.get_or_init(nothing).get(number) else { return work_out() };
        match known.get() {
            TRUE => Verdict::True,
            FALSE => Verdict::False,
            UNKNOWN => self.missing(number),
            _ => {
                let answer = work_out();
                known.set(self.keep(number, &answer));
                answer
            }
        }
    }

    fn keep(&self, number: usize, answer: &Verdict) -> u8 {
        match answer {
            Verdict::True => TRUE,
            Verdict::False => FALSE,
            Verdict::Unknown(field) => {
                self.missing.borrow_mut().push((number, Arc::clone(field)));
                UNKNOWN
            }
        }
    }

    fn missing(&self, number: usize) -> Verdict {
        let missing = self.missing.borrow();
        let field = missing.iter().find(|(of, _)| *of == number).map(|(_, field)| Arc::clone(field));
        Verdict::Unknown(field.unwrap_or_default())
    }
}
