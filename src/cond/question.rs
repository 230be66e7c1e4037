//! One thing that a condition asks of a subject, worked out once however many rules ask it.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use super::days::Days;
use super::items::Items;
use super::notes::Notes;
use super::scope::Scope;
use super::section::Named;
use super::{Test, Verdict, source_of};
use crate::document::answers;
use crate::world::World;
use crate::yaml::{DecodeError, Node, Value, from_node};

/// A question with its number: those that ask the same, whatever their rules, have the same number.
#[derive(Clone, Debug)]
pub(super) struct Question {
    number: usize,
    pub(super) asks: Asks,
}

/// What is asked. The order is the one in which the questions of a condition are asked.
#[derive(Clone, Debug)]
pub(super) enum Asks {
    /// Something of a field.
    Field(String, Box<Test>),
    /// Something of the entries of a list.
    Items(Box<Items>),
    /// How far two dates lie apart.
    Days(Box<Days>),
    /// Something of a named section.
    Section(Box<Named>),
    /// Something of the comments.
    Notes(Box<Notes>),
}

impl Question {
    /// Reads what the condition's entry `key` asks; what is no other question is one about a field.
    ///
    /// # Errors
    /// On unknown tests and broken patterns, at their place.
    pub(super) fn read(key: &str, value: &Node) -> Result<Self, DecodeError> {
        let asks = match key {
            "items" => Asks::Items(Box::new(from_node(value)?)),
            "days" => Asks::Days(Box::new(from_node(value)?)),
            "section" => Asks::Section(Box::new(from_node(value)?)),
            "comments" => Asks::Notes(Box::new(from_node(value)?)),
            field => Asks::Field(field.to_owned(), Box::new(Test::read(value)?)),
        };
        Ok(Self { number: number(key, value), asks })
    }

    /// The place of its sort in the order of questions.
    pub(super) fn rank(&self) -> u8 {
        match self.asks {
            Asks::Field(..) => 0,
            Asks::Items(_) => 1,
            Asks::Days(_) => 2,
            Asks::Section(_) => 3,
            Asks::Notes(_) => 4,
        }
    }

    /// The answer for what `scope` looks at; a document keeps it.
    pub(super) fn answer(&self, scope: Scope<'_>, world: &World) -> Verdict<'_> {
        let Scope::Document(document) = scope else { return self.work_out(scope, world) };
        document.answers().get(self.number, || self.work_out(scope, world))
    }

    fn work_out(&self, scope: Scope<'_>, world: &World) -> Verdict<'_> {
        match &self.asks {
            Asks::Field(path, test) => match scope.ask(path, test, world) {
                Some(holds) => holds.into(),
                None if path == "project" && scope.is_file() => Verdict::False,
                None => Verdict::Unknown(source_of(path)),
            },
            Asks::Items(items) => items.holds(scope, world),
            Asks::Days(days) => days.holds(scope, world),
            Asks::Section(section) => section.holds(scope),
            Asks::Notes(notes) => notes.holds(scope, world),
        }
    }
}

/// The number of what `key: value` asks, the same for the same question in all of the process.
fn number(key: &str, value: &Node) -> usize {
    static KNOWN: LazyLock<Mutex<HashMap<Vec<u8>, usize>>> = LazyLock::new(Mutex::default);
    let mut words = Vec::with_capacity(256);
    spell(key, &mut words);
    spell_node(value, &mut words);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let next = known.len();
    let number = *known.entry(words).or_insert(next);
    answers::expect(known.len());
    number
}

/// Writes `node` without its places, so that the bytes of two are the same only where the nodes are.
fn spell_node(node: &Node, words: &mut Vec<u8>) {
    match &node.value {
        Value::Scalar(scalar) => {
            words.push(if node.is_null() { b'~' } else { b'=' });
            spell(&scalar.text, words);
        }
        Value::List(items) => {
            words.push(b'[');
            items.iter().for_each(|item| spell_node(item, words));
            words.push(b']');
        }
        Value::Map(entries) => {
            words.push(b'{');
            for entry in entries {
                spell(&entry.key, words);
                spell_node(&entry.value, words);
            }
            words.push(b'}');
        }
    }
}

fn spell(text: &str, words: &mut Vec<u8>) {
    words.extend_from_slice(&text.len().to_le_bytes());
    words.extend_from_slice(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::{Limits, parse};

    #[test]
    fn the_same_question_has_the_same_number_and_no_other_has_it() {
        let number = |yaml: &str| {
            let node = parse(yaml, &Limits::config()).unwrap().unwrap();
            let entry = node.entries().first().unwrap();
            Question::read(&entry.key, &entry.value).unwrap().number
        };
        assert_eq!(number("labels: {any: [a, b]}"), number("labels:\n  any:\n    - a\n    - 'b'\n"));
        let others = [
            "labels: {any: [a, b]}",
            "labels: {all: [a, b]}",
            "labels: {any: [b, a]}",
            "labels: {any: ['a, b']}",
            "labels: {any: [a], none: [b]}",
            "milestone: {any: [a, b]}",
            "weight: 1.10",
            "weight: 1.1",
            "state: {given: null}",
            "state: {is: 'null'}",
        ];
        let mut numbers: Vec<_> = others.iter().map(|yaml| number(yaml)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), others.len());
    }
}
