//! What sentences and lines say as a whole, read without their markup.

mod duration;
mod opening;
mod statement;

use serde::Deserialize;

use self::duration::Duration;
use self::opening::Opening;
use self::statement::Statement;
use super::{Hit, Sink, View};
use crate::document::Outline;
use crate::document::flat::{Flat, sentence};
use crate::document::outline::BlockKind;
use crate::pattern::Pattern;
use crate::scan::Need;
use crate::subject::Role;
use crate::text::Span;

/// One question about sentences.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sentence {
    /// What is looked for.
    find: Find,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Find {
    /// Words within a sentence.
    Words(Words),
    /// A line, or what stands in brackets or bold, that is nothing but a phrase.
    Statement(Statement),
    /// Times that are too long for what their sentence is about.
    Duration(Duration),
    /// How a text starts.
    Opening(Opening),
    /// Links to hosts.
    Hosts(Hosts),
}

/// Words within a sentence.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    /// The words; their group `hit`, where the pattern names one.
    pattern: Pattern,
    /// Literals of which a text holds one.
    literals: Vec<String>,
}

/// Links to hosts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Hosts {
    /// The hosts.
    hosts: Vec<String>,
}

impl Sentence {
    /// The values that messages may name.
    pub const VALUES: &'static [&'static str] = &["hit", "limit"];

    /// The variants the check may report.
    pub fn variants(&self) -> Vec<&str> {
        match &self.find {
            Find::Opening(_) => opening::VARIANTS.to_vec(),
            Find::Words(_) | Find::Statement(_) | Find::Duration(_) => Vec::new(),
            Find::Hosts(_) => vec!["host"],
        }
    }

    /// What a text must contain.
    pub fn need(&self) -> Need {
        match &self.find {
            Find::Words(words) => Need::Any(words.literals.clone()),
            Find::Statement(statement) => statement.need(),
            Find::Duration(duration) => duration.need(),
            Find::Opening(_) => Need::Nothing,
            Find::Hosts(hosts) => Need::Any(hosts.hosts.clone()),
        }
    }

    /// Looks through the main text and the titles.
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        if let Find::Opening(opening) = &self.find {
            return opening.check(view, sink);
        }
        if let Find::Duration(duration) = &self.find
            && let Some(gap) = duration.gap()
        {
            return sink.not_checked(gap);
        }
        let text = view.doc.text();
        for outline in view.doc.outlines().iter().filter(|outline| outline.role == Role::Body) {
            match &self.find {
                Find::Statement(statement) => statement.check(text, outline, sink),
                Find::Hosts(hosts) => hosts.check(text, outline, sink),
                _ => {
                    for block in outline.blocks.iter().filter(|block| block.kind != BlockKind::Code) {
                        self.scan(&Flat::of_block(text, outline, block, false), text, Some(outline), sink);
                    }
                }
            }
        }
        for title in view.doc.titles() {
            match &self.find {
                Find::Statement(statement) => statement.title(text, title, sink),
                _ => self.scan(&Flat::plain(text, title), text, None, sink),
            }
        }
    }

    fn scan(&self, flat: &Flat, text: &str, outline: Option<&Outline>, sink: &mut Sink<'_>) {
        let mut at = 0;
        while at < flat.text.len() {
            let range = sentence(&flat.text, at);
            let words = flat.text.get(range.clone()).unwrap_or_default();
            let hits = match &self.find {
                Find::Words(rule) => rule.pattern.hits(words).into_iter().map(|hit| hit.range()).collect(),
                Find::Duration(duration) => duration.too_long(words),
                _ => Vec::new(),
            };
            for hit in hits {
                let span = flat.span(range.start + hit.start..range.start + hit.end);
                let open = outline.is_some_and(|outline| statement::is_no_statement(outline, span));
                if !open || matches!(self.find, Find::Duration(_)) {
                    let limit = match &self.find {
                        Find::Duration(duration) => duration.limit(),
                        _ => String::new(),
                    };
                    sink.report(Hit::at(span, &[("hit", span.of(text)), ("limit", &limit)]));
                }
            }
            at = range.end.max(at + 1);
        }
    }
}

impl Hosts {
    fn check(&self, text: &str, outline: &Outline, sink: &mut Sink<'_>) {
        for (target, shown) in super::section::content::links(text, outline, outline.span) {
            let host = target.split_once("://").map_or("", |(_, rest)| rest);
            let host = host.split(['/', '?', '#', ':']).next().unwrap_or_default();
            if self.hosts.iter().any(|own| own.eq_ignore_ascii_case(host)) {
                let written =
                    outline.links.iter().find(|link| link.text == shown).and_then(|link| link.target_span);
                let place: Span = written.unwrap_or(shown);
                sink.report(Hit::at(place, &[("hit", host)]).variant("host"));
            }
        }
    }
}
