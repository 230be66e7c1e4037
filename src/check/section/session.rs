//! A section that was copied from a template: what of the template is left in it, and what it lacks.

mod forced;

use serde::Deserialize;

use super::{content, title};
use crate::check::{Hit, Sink, View};
use crate::document::Outline;
use crate::document::flat::{Flat, without_ticks};
use crate::document::outline::{Class, LinkKind};
use crate::pattern::Pattern;
use crate::scan::Need;
use crate::subject::Role;
use crate::text::Span;

/// What [`Session`] may report.
pub(super) const VARIANTS: [&str; 6] =
    ["placeholder", "board-link", "milestone", "no-mention", "cap", forced::VARIANT];

/// A section and what it needs.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Session {
    /// The heading.
    heading: Pattern,
    /// Literals of which a text with such a heading holds at least one.
    literals: Vec<String>,
    /// What stands in the template for something to fill in: a destination `](…)`, a bold run, a code span.
    placeholders: Vec<String>,
    /// Hosts of boards; their sub-domains count.
    board_hosts: Vec<String>,
    /// A milestone in words.
    milestone: Pattern,
    /// The address of a milestone.
    milestone_url: Pattern,
    /// Somebody who is addressed.
    mention: Pattern,
    /// A reference to an issue.
    issue: Pattern,
    /// How many issues one person may list.
    max_issues_per_person: usize,
    /// Labels of issues that are not to vote on.
    forced_labels: Vec<String>,
}

impl Session {
    /// What a text must contain.
    pub(super) fn need(&self) -> Need {
        Need::Any(self.literals.clone())
    }

    /// Looks at every such section of the description and the comments.
    pub(super) fn check(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let text = view.doc.text();
        for outline in view.doc.outlines().iter().filter(|outline| outline.role != Role::Commit) {
            for title in title::headings(text, outline) {
                if self.heading.is_match(&title.words) && !outline.is_quoted(title.span.start) {
                    self.section(text, outline, title.span, title.section, sink);
                    forced::check(view, outline, title.section, &self.issue, &self.forced_labels, sink);
                }
            }
        }
    }

    fn section(&self, text: &str, outline: &Outline, heading: Span, section: Span, sink: &mut Sink<'_>) {
        let left: Vec<(&str, Span)> = self
            .placeholders
            .iter()
            .flat_map(|placeholder| {
                let places = places(text, outline, section, placeholder);
                places.into_iter().map(|place| (stands_for(placeholder), place)).collect::<Vec<_>>()
            })
            .collect();
        for (_, place) in &left {
            sink.report(Hit::at(*place, &[("hit", place.of(text))]).variant("placeholder"));
        }
        let links = content::links(text, outline, section);
        let words = Flat::new(text, outline, section, false).text;
        let board = links.iter().any(|(link, _)| self.board_hosts.iter().any(|host| is_on(link, host)));
        let milestone = self.milestone.is_match(&words)
            || links.iter().any(|(link, _)| self.milestone_url.is_match(link));
        let mention = self.mention.is_match(&words);
        for (variant, there) in [("board-link", board), ("milestone", milestone), ("no-mention", mention)] {
            let replaced = left.iter().any(|(stands_for, _)| stands_for.eq_ignore_ascii_case(variant));
            if !there && !replaced {
                sink.report(Hit::at(heading, &[("hit", heading.of(text))]).variant(variant));
            }
        }
        self.cap(text, outline, section, sink);
    }

    /// Reports people with more issues in a list below their name than they may have.
    fn cap(&self, text: &str, outline: &Outline, section: Span, sink: &mut Sink<'_>) {
        if !sink.wants("cap") {
            return;
        }
        for item in outline.items.iter().filter(|item| section.contains(item.span)) {
            let line = item.span.of(text).lines().next().unwrap_or_default();
            let own = Span::new(item.span.start as usize, item.span.start as usize + line.len());
            let own_words = Flat::new(text, outline, own, false);
            let Some(person) =
                self.mention.hits(&own_words.text).first().map(|hit| own_words.span(hit.range()))
            else {
                continue;
            };
            let words = Flat::new(text, outline, item.span, false).text;
            let links = content::links(text, outline, item.span);
            let linked = links.iter().filter(|(link, _)| self.issue.is_match(link)).count();
            let issues = linked + self.issue.hits(&words).len();
            if issues > self.max_issues_per_person {
                let number = issues.to_string();
                sink.report(Hit::at(person, &[("hit", person.of(text)), ("number", &number)]).variant("cap"));
            }
        }
    }
}

/// Where `placeholder` is left in `section`; the whole destination, bold run or code span is the placeholder.
fn places(text: &str, outline: &Outline, section: Span, placeholder: &str) -> Vec<Span> {
    let inside = |span: &Span| section.contains(*span);
    if let Some(target) = placeholder.strip_prefix("](").and_then(|rest| rest.strip_suffix(')')) {
        let links = outline.links.iter().filter(|link| link.kind != LinkKind::Image && link.target == target);
        return links.filter_map(|link| link.target_span).filter(inside).collect();
    }
    if let Some(code) = inner(placeholder, "`") {
        let spans = outline.pieces.iter().filter(|piece| piece.class == Class::Code).map(|piece| piece.span);
        return spans.filter(inside).filter(|span| without_ticks(text, *span).of(text) == code).collect();
    }
    let words = inner(placeholder, "**").unwrap_or(placeholder);
    let marks = |span: Span| {
        let before = text.get(..span.start as usize).unwrap_or_default();
        let width = before.len() - before.trim_end_matches(['*', '_']).len();
        Span::new(span.start as usize - width, (span.end as usize + width).min(text.len()))
    };
    let bold = outline.strong.iter().copied().filter(inside);
    bold.filter(|span| span.of(text).trim() == words).map(marks).collect()
}

/// The variant that a placeholder stands for, told by its form: who is addressed is code, the board is linked.
fn stands_for(placeholder: &str) -> &str {
    match inner(placeholder, "**") {
        Some(words) => words,
        None if placeholder.starts_with('`') => "no-mention",
        None => "board-link",
    }
}

fn inner<'p>(placeholder: &'p str, mark: &str) -> Option<&'p str> {
    placeholder.strip_prefix(mark)?.strip_suffix(mark)
}

/// Whether `link` leads to `host` or one of its sub-domains.
fn is_on(link: &str, host: &str) -> bool {
    let rest = link.split_once("://").map_or(link, |(_, rest)| rest);
    let own = rest.split(['/', '?', '#', ':']).next().unwrap_or_default().to_ascii_lowercase();
    own == host || own.strip_suffix(host).is_some_and(|sub| sub.ends_with('.'))
}
