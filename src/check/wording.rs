//! Texts that are used as they are: copies that differ in some words, and sets of them that are not complete.

mod email;
mod likeness;

use memchr::memmem;
use serde::Deserialize;

use self::email::Email;
use self::likeness::{Word, best, position, words};
use super::{Hit, Sink, View};
use crate::document::outline::{Block, BlockKind, Outline};
use crate::scan::Need;
use crate::text::Span;

/// Canonical texts and what is asked of their copies.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub struct Wording {
    /// The questions, all of which belong together.
    questions: Vec<Question>,
    /// Texts that belong to them, each for itself.
    answers: Vec<String>,
    /// The share of words from which a text is a copy.
    similar: f64,
    /// Literals of which every copy holds at least one.
    literals: Vec<String>,
    /// Mails that offer an appointment cover the points of the example.
    check_email: bool,
    /// What such a mail covers.
    email: Email,
}

/// A canonical question.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    /// What messages call it.
    name: String,
    /// Its words.
    text: String,
}

/// A copy of a question that was found.
struct Copy {
    question: usize,
    span: Span,
}

impl Wording {
    /// The values that messages may name.
    pub const VALUES: &'static [&'static str] = &["hit", "canonical", "missing"];

    /// The variants the check may report.
    pub fn variants(&self) -> Vec<&str> {
        vec!["paraphrase", "incomplete", "email"]
    }

    /// What a text must contain.
    pub fn need(&self) -> Need {
        Need::Any(self.literals.clone())
    }

    /// Compares the paragraphs of the main text.
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let (text, Some(outline)) = (view.doc.text(), view.doc.body()) else { return };
        let mut copies = Vec::new();
        let literals: Vec<String> =
            self.literals.iter().map(|literal| literal.to_ascii_lowercase()).collect();
        let likely = |block: &&Block| {
            is_paragraph(block) && {
                let words = block.span.of(text).to_ascii_lowercase();
                literals.iter().any(|literal| memmem::find(words.as_bytes(), literal.as_bytes()).is_some())
            }
        };
        for block in outline.blocks.iter().filter(likely) {
            self.compare(text, outline, block, &mut copies, sink);
        }
        let missing: Vec<&str> = self
            .questions
            .iter()
            .enumerate()
            .filter(|(index, _)| copies.iter().all(|copy| copy.question != *index))
            .map(|(_, question)| question.name.as_str())
            .collect();
        if let Some(last) = copies.last().filter(|_| !missing.is_empty()) {
            let values = [("hit", last.span.of(text)), ("missing", &*missing.join(" and "))];
            sink.report(Hit::at(last.span, &values).variant("incomplete"));
        }
        if self.check_email {
            self.email.check(text, outline, !copies.is_empty(), sink);
        }
    }

    /// Takes the exact copies out of a paragraph and compares what is left between them.
    fn compare(
        &self,
        text: &str,
        outline: &Outline,
        block: &Block,
        copies: &mut Vec<Copy>,
        sink: &mut Sink<'_>,
    ) {
        let mut rest = vec![words(text, outline, block)];
        for (index, canonical) in self.canonical() {
            let length = canonical.split_whitespace().count();
            if rest.iter().all(|words| words.len() < length) {
                continue;
            }
            let canonical = likeness::folded(canonical);
            rest = rest
                .into_iter()
                .flat_map(|words| {
                    let Some(at) = position(&words, &canonical) else { return vec![words] };
                    let end = at + canonical.len();
                    if let Some(question) = index {
                        copies.push(Copy { question, span: span(&words[at..end]) });
                    }
                    vec![words[..at].to_vec(), words[end..].to_vec()]
                })
                .collect();
        }
        for words in rest.iter().filter(|words| !words.is_empty()) {
            let texts: Vec<_> = self.canonical().collect();
            let Some((at, _)) = best(words, texts.iter().map(|(_, text)| *text), self.similar) else {
                continue;
            };
            let (index, canonical) = texts[at];
            let span = span(words);
            let values = [("hit", span.of(text)), ("canonical", canonical)];
            sink.report(Hit::at(span, &values).variant("paraphrase"));
            copies.extend(index.map(|question| Copy { question, span }));
        }
        copies.sort_by_key(|copy| copy.span);
    }

    /// All canonical texts, the questions with their index.
    fn canonical(&self) -> impl Iterator<Item = (Option<usize>, &str)> {
        let questions =
            self.questions.iter().enumerate().map(|(at, question)| (Some(at), question.text.as_str()));
        questions.chain(self.answers.iter().map(|answer| (None, answer.as_str())))
    }
}

fn is_paragraph(block: &Block) -> bool {
    matches!(block.kind, BlockKind::Paragraph | BlockKind::ItemText)
}

/// From the first to the last of `words`.
fn span(words: &[Word]) -> Span {
    match words {
        [] => Span::default(),
        [first, ..] => {
            Span { start: first.span.start, end: words.last().map_or(first.span.end, |last| last.span.end) }
        }
    }
}
