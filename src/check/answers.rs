//! Questions that a text answers by name: under a heading, after bold words or a lead, or in a table row.

mod topic;

use std::collections::BTreeMap;

use serde::Deserialize;

use self::topic::Topics;
use super::require::Place;
use super::{Hit, Sink, View};
use crate::document::Document;
use crate::document::field::Presence;
use crate::document::outline::Class;
use crate::document::section::{Form, Section};
use crate::remedy::offered;
use crate::scan::Need;
use crate::text::Span;

/// Questions and what is asked of their answers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Answers {
    /// The questions: names with patterns, or names alone.
    to: Topics,
    /// Only headings and bold words name an answer, no leads or rows.
    #[serde(default)]
    titled: bool,
    /// A name is enough, as in a template.
    #[serde(default)]
    blank: bool,
    /// A comment that asks for it by name is enough, as in a template.
    #[serde(default)]
    prompt: bool,
    /// Nothing is asked of a text that names fewer of them.
    #[serde(default)]
    least: usize,
    /// An empty answer is reported where it stands, not as missing.
    #[serde(default)]
    each: bool,
    /// Where missing answers are reported; the first place that there is.
    at: Vec<Place>,
    /// What the answer to one question does not name.
    without: Option<Without>,
    /// What a fix adds for missing answers.
    offer: Option<Offer>,
}

/// Lines for a person to complete.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Offer {
    /// What comes first, such as the head of a table; the lines follow at once, else each is a paragraph.
    head: Option<String>,
    /// The lines by question.
    lines: BTreeMap<String, String>,
}

/// Terms that an answer does without.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Without {
    /// The name of the question.
    to: String,
    terms: Vec<String>,
}

/// An answer that a text gives.
struct Answer {
    topic: usize,
    lead: Span,
    body: Span,
    empty: bool,
}

impl Answers {
    /// The values that messages may name.
    pub const VALUES: &'static [&'static str] = &["hit", "missing", "name"];

    /// The variants the check may report.
    pub fn variants(&self) -> Vec<&str> {
        let each = self.each.then_some("empty");
        ["missing"].into_iter().chain(each).chain(self.without.as_ref().map(|_| "unacceptable")).collect()
    }

    /// A missing answer is found by its absence.
    pub fn need(&self) -> Need {
        Need::Nothing
    }

    /// Reports empty answers each, and missing ones once.
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let (doc, text) = (view.doc, view.doc.text());
        if doc.field("description").presence == Presence::Absent {
            return sink.not_checked("the record has no `description`");
        }
        let answers = self.given(doc);
        let topics = || 0..self.to.len();
        let of = |topic: usize| answers.iter().filter(move |answer| answer.topic == topic);
        if topics().filter(|topic| of(*topic).next().is_some()).count() < self.least {
            return;
        }
        let mut missing = Vec::new();
        for topic in topics() {
            let name = self.to.name(topic);
            match of(topic).next() {
                _ if of(topic).any(|answer| self.blank || !answer.empty) || self.asks(doc, topic) => {}
                Some(answer) if self.each => {
                    let values = [("hit", answer.lead.of(text)), ("name", name)];
                    sink.report(Hit::at(answer.lead, &values).variant("empty"));
                }
                _ => missing.push(name),
            }
            if let Some(without) = self.without.as_ref().filter(|without| without.to == name) {
                of(topic).for_each(|answer| without.check(text, answer.body, sink));
            }
        }
        let place = self.at.iter().find_map(|place| place.find(doc));
        if let Some(place) = place.filter(|_| !missing.is_empty()) {
            let values = [("hit", place.span.of(text)), ("missing", &*missing.join(", "))];
            let title = format!("Add what is missing: {}", missing.join(", "));
            let fix = self.offer.as_ref().and_then(|offer| offered(doc, title, &offer.of(&missing)));
            sink.report(Hit::at(place.span, &values).variant("missing").fix(fix));
        }
    }

    /// Whether a comment names number `topic`.
    fn asks(&self, doc: &Document<'_>, topic: usize) -> bool {
        let comments = doc.body().into_iter().flat_map(|outline| &outline.pieces);
        let mut comments = comments.filter(|piece| self.prompt && piece.class == Class::Comment);
        let starts =
            |text: &str, at: usize| !text.get(..at).is_some_and(|b| b.ends_with(char::is_alphanumeric));
        comments.any(|piece| {
            let text = piece.span.of(doc.text());
            let mut words = text.char_indices().filter(|(at, c)| c.is_alphabetic() && starts(text, *at));
            words.any(|(at, _)| text.get(at..).is_some_and(|rest| self.to.is_about(topic, rest)))
        })
    }

    /// The answers in source order; what answers another question is no part of one.
    fn given(&self, doc: &Document<'_>) -> Vec<Answer> {
        let Some(outline) = doc.body() else { return Vec::new() };
        let named = |form: Form| !self.titled || matches!(form, Form::Heading | Form::RunIn);
        let sections = doc.sections().iter().filter(|section| named(section.form));
        let about =
            |section: &Section| (0..self.to.len()).find(|topic| self.to.is_about(*topic, &section.name));
        let found: Vec<_> = sections.filter_map(|section| Some((about(section)?, section))).collect();
        let answer = |(topic, section): &(usize, &Section)| {
            let others = found.iter().filter(|(other, _)| other != topic).map(|(_, other)| other.lead.start);
            let end = others.filter(|start| *start >= section.body.start).min();
            let body =
                Span { end: end.map_or(section.body.end, |end| end.min(section.body.end)), ..section.body };
            let empty = outline.own_to(doc.text(), body, 1).is_empty();
            Answer { topic: *topic, lead: section.lead, body, empty }
        };
        found.iter().map(answer).collect()
    }
}

impl Offer {
    /// The lines for the questions called `names`.
    fn of(&self, names: &[&str]) -> String {
        let lines = names.iter().filter_map(|name| self.lines.get(*name));
        let lines: Vec<_> = lines.map(|lines| lines.trim_end()).collect();
        match &self.head {
            Some(head) if !lines.is_empty() => format!("{}\n{}", head.trim_end(), lines.join("\n")),
            _ => lines.join("\n\n"),
        }
    }
}

impl Without {
    fn check(&self, text: &str, body: Span, sink: &mut Sink<'_>) {
        let source = body.of(text);
        let joins = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        for term in &self.terms {
            for (at, _) in source.match_indices(term.as_str()) {
                let end = at + term.len();
                let before = source.get(..at).and_then(|before| before.chars().next_back());
                let after = source.get(end..).and_then(|after| after.chars().next());
                if !before.is_some_and(joins) && !after.is_some_and(|c| joins(c) || c == '+') {
                    let span = Span::new(at, end).shifted(body.start as usize);
                    sink.report(Hit::at(span, &[("hit", term), ("name", &self.to)]).variant("unacceptable"));
                }
            }
        }
    }
}
