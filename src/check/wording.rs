//! Texts that are used as they are: copies that differ in some words, and sets of them that are not complete.

mod email;
mod likeness;

use std::cmp::Reverse;
use std::sync::OnceLock;

use compact_str::CompactString;
use memchr::memmem;
use serde::Deserialize;

use self::email::Email;
use self::likeness::{Word, best, position, words};
use super::{Hit, Sink, View};
use crate::document::outline::{Block, BlockKind, Outline};
use crate::pattern::holds;
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
    /// The questions, then the answers, as texts are compared with them.
    #[serde(skip)]
    canonical: OnceLock<Vec<Canonical>>,
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

/// A text that is used as it is.
#[derive(Debug)]
struct Canonical {
    /// The number of the question; answers have none.
    question: Option<usize>,
    text: String,
    words: Vec<CompactString>,
    /// The letters and digits of each word, the longest first, which fewest texts hold.
    cores: Vec<CompactString>,
}

impl Canonical {
    fn new(question: Option<usize>, text: &str) -> Self {
        let words = likeness::folded(text);
        let mut cores: Vec<_> = words.iter().map(|word| CompactString::new(core(word))).collect();
        cores.sort_by_key(|core| Reverse(core.len()));
        Self { question, text: text.to_owned(), words, cores }
    }

    /// Whether `text` has so many of the words that it may be a `similar` copy.
    fn may_be_in(&self, text: &str, similar: f64) -> bool {
        // Of a copy that leaves out as much as it may, and adds nothing.
        let missing = self.words.len() as f64 * (1.0 - similar / (2.0 - similar));
        let most = missing.ceil() as usize;
        self.cores.iter().filter(|core| !text.contains(core.as_str())).take(most + 1).count() <= most
    }
}

/// The longest run of letters and digits in a word; markup may stand between them and punctuation.
fn core(word: &str) -> &str {
    word.split(|c: char| !c.is_alphanumeric()).max_by_key(|run| run.len()).unwrap_or_default()
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
        let text = view.doc.text();
        if !self.may_find(text) {
            return;
        }
        let Some(outline) = view.doc.body() else { return };
        let mut copies = Vec::new();
        let likely = |block: &&Block| {
            let words = block.span.of(text);
            is_paragraph(block) && self.literals.iter().any(|literal| holds(words, literal))
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

    /// Whether a copy or a mail may stand in `text`, which is told without its outline: no paragraph goes on behind an
    /// empty line.
    fn may_find(&self, text: &str) -> bool {
        let lower = text.to_ascii_lowercase();
        let may_copy = |at: usize| {
            let start = text.get(..at).and_then(|before| before.rfind("\n\n")).unwrap_or_default();
            let end =
                text.get(at..).and_then(|rest| rest.find("\n\n")).map_or(text.len(), |length| at + length);
            let around = text.get(start..end).unwrap_or_default();
            self.canonical().iter().any(|canonical| canonical.may_be_in(around, self.similar))
        };
        let copied = self.literals.iter().any(|literal| {
            let literal = literal.to_ascii_lowercase();
            memmem::find_iter(lower.as_bytes(), &literal).any(may_copy)
        });
        copied || (self.check_email && self.email.may_offer(text))
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
        for Canonical { question, words: canonical, .. } in self.canonical() {
            if rest.iter().all(|words| words.len() < canonical.len()) {
                continue;
            }
            rest = rest
                .into_iter()
                .flat_map(|words| {
                    let Some(at) = position(&words, canonical) else { return vec![words] };
                    let end = at + canonical.len();
                    if let Some(question) = *question {
                        copies.push(Copy { question, span: span(&words[at..end]) });
                    }
                    vec![words[..at].to_vec(), words[end..].to_vec()]
                })
                .collect();
        }
        for words in rest.iter().filter(|words| !words.is_empty()) {
            let texts = self.canonical().iter().map(|canonical| canonical.words.as_slice());
            let nearest = best(words, texts, self.similar).and_then(|(at, _)| self.canonical().get(at));
            let Some(Canonical { question, text: canonical, .. }) = nearest else { continue };
            let span = span(words);
            let values = [("hit", span.of(text)), ("canonical", canonical)];
            sink.report(Hit::at(span, &values).variant("paraphrase"));
            copies.extend(question.map(|question| Copy { question, span }));
        }
        copies.sort_by_key(|copy| copy.span);
    }

    /// All canonical texts.
    fn canonical(&self) -> &[Canonical] {
        let questions = self.questions.iter().enumerate();
        let questions = questions.map(|(at, question)| Canonical::new(Some(at), &question.text));
        let answers = self.answers.iter().map(|answer| Canonical::new(None, answer));
        self.canonical.get_or_init(|| questions.chain(answers).collect())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_that_is_only_just_similar_is_not_passed_over() {
        let five = Canonical::new(None, "Yes, you may record our");
        // Three of five words are 0.75 of the eight in both.
        assert!(five.may_be_in("**Yes**, you (may)", 0.75));
        assert!(!five.may_be_in("Yes, you", 0.75));
        assert!(!five.may_be_in("yes, you may", 1.0));
    }
}
