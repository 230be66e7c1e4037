//! Quick actions of one document that contradict or repeat each other.

mod labels;

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::effective;
use crate::check::{Hit, Sink, View};
use crate::diagnostic::{Edit, Fix};
use crate::document::Document;
use crate::document::metadata::users;
use crate::document::quick_action::QuickLine;
use crate::document::quick_action::arguments::own;
use crate::document::quick_action::command::{self, Command, Takes};
use crate::text::Span;

/// Which commands exclude which.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conflicts {
    /// Commands that set one value, so that the last one wins.
    single_valued: Vec<String>,
    /// Pairs of commands of which one undoes the other.
    opposites: Vec<[String; 2]>,
    /// Commands that do more when they are repeated.
    repeatable: Vec<String>,
    allow_duplicates: bool,
}

/// One command that runs.
struct Action<'d> {
    line: &'d QuickLine,
    command: &'static Command,
    argument: Span,
}

/// Two places of which the later one wins.
struct Conflict {
    earlier: Span,
    later: Span,
    variant: &'static str,
    /// What the fix takes out.
    edit: Span,
}

impl Conflicts {
    pub const VARIANTS: &'static [&'static str] = &["scope", "removed", "undone", "duplicate"];

    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let doc = view.doc;
        let text = doc.text();
        let actions: Vec<_> = effective(doc)
            .map(|(line, command)| Action { line, command, argument: own(text, line.argument).0 })
            .collect();
        if actions.len() < 2 && !actions.iter().any(|action| text_has_labels(text, action)) {
            return;
        }
        let mut conflicts = labels::conflicts(doc, &actions);
        conflicts.extend(self.values(doc, &actions));
        conflicts.extend(self.undone(doc, &actions));
        conflicts.extend(assignments(doc, &actions));
        let mut seen = BTreeSet::new();
        conflicts.retain(|conflict| seen.insert(conflict.earlier));
        let duplicates = self.duplicates(text, &actions);
        for Conflict { earlier, later, variant, edit } in conflicts {
            let values = [("hit", earlier.of(text)), ("other", later.of(text))];
            let edits = vec![Edit { span: edit, text: String::new() }];
            let fix = Fix { title: "Remove the earlier one".to_owned(), safe: false, edits };
            let hit = Hit::at(earlier, &values).variant(variant).fix(Some(fix));
            sink.report(hit.related(later, "the later one"));
        }
        for (earlier, later) in duplicates {
            if seen.iter().any(|span| later.contains(*span)) {
                continue;
            }
            let edits = vec![Edit { span: whole_line(doc, later), text: String::new() }];
            let fix = Fix { title: "Remove the repeated command".to_owned(), safe: true, edits };
            let values = [("hit", later.of(text))];
            let hit = Hit::at(later, &values).variant("duplicate").fix(Some(fix));
            sink.report(hit.related(earlier, "the first one"));
        }
    }

    /// All but the last value of a command that sets one.
    fn values(&self, doc: &Document<'_>, actions: &[Action<'_>]) -> Vec<Conflict> {
        let text = doc.text();
        let names: BTreeSet<&str> = self.single_valued.iter().filter_map(|name| canonical(name)).collect();
        let mut set: BTreeMap<&str, Vec<(Span, &Action<'_>)>> = BTreeMap::new();
        for action in actions.iter().filter(|action| names.contains(action.command.canonical)) {
            let value = value(text, action);
            if !value.is_empty() {
                set.entry(action.command.canonical).or_default().push((value, action));
            }
        }
        let mut conflicts = Vec::new();
        for values in set.values() {
            let Some(((later, _), earlier)) = values.split_last() else { continue };
            if earlier.iter().any(|(value, _)| value.of(text) != later.of(text)) {
                conflicts.extend(earlier.iter().map(|(value, action)| Conflict {
                    earlier: *value,
                    later: *later,
                    variant: "",
                    edit: whole_line(doc, action.line.span),
                }));
            }
        }
        conflicts
    }

    /// A command and the one that undoes it, in either order.
    fn undone(&self, doc: &Document<'_>, actions: &[Action<'_>]) -> Vec<Conflict> {
        let first = |name: &str| {
            let name = canonical(name)?;
            actions.iter().find(|action| action.command.canonical == name)
        };
        let pairs = self.opposites.iter().filter_map(|[one, other]| first(one).zip(first(other)));
        pairs
            .map(|(one, other)| {
                let sorted = if one.line.span < other.line.span { [one, other] } else { [other, one] };
                let [earlier, later] = sorted.map(|action| {
                    let value = value(doc.text(), action);
                    if value.is_empty() { action.line.name } else { value }
                });
                Conflict { earlier, later, variant: "undone", edit: whole_line(doc, sorted[0].line.span) }
            })
            .collect()
    }

    fn duplicates(&self, text: &str, actions: &[Action<'_>]) -> Vec<(Span, Span)> {
        let repeatable: Vec<_> = self.repeatable.iter().filter_map(|name| canonical(name)).collect();
        let mut first = BTreeMap::new();
        let mut duplicates = Vec::new();
        for action in actions {
            let name = action.command.canonical;
            if self.allow_duplicates || action.command.takes == Takes::Text || repeatable.contains(&name) {
                continue;
            }
            let words: Vec<_> = action.argument.of(text).split_whitespace().collect();
            let earlier = *first.entry((name, words)).or_insert(action.line.span);
            if earlier != action.line.span {
                duplicates.push((earlier, action.line.span));
            }
        }
        duplicates
    }
}

/// A user who is both assigned and taken off again.
fn assignments(doc: &Document<'_>, actions: &[Action<'_>]) -> Vec<Conflict> {
    let text = doc.text();
    let of = |name: &str| -> Vec<_> {
        let commands = actions.iter().filter(|action| action.command.canonical == name);
        commands.flat_map(|action| users(text, action.argument)).collect()
    };
    let removed = of("unassign");
    let mut conflicts = Vec::new();
    for user in of("assign") {
        let Some(other) = removed.iter().find(|other| other.text.eq_ignore_ascii_case(&user.text)) else {
            continue;
        };
        let (earlier, later) = (user.span.min(other.span), user.span.max(other.span));
        conflicts.push(Conflict { earlier, later, variant: "undone", edit: without_token(doc, earlier) });
    }
    conflicts
}

fn text_has_labels(text: &str, action: &Action<'_>) -> bool {
    action.argument.of(text).contains("::")
}

fn canonical(name: &str) -> Option<&'static str> {
    command::find(name.trim_start_matches('/')).map(|command| command.canonical)
}

/// What a command sets: a milestone's name, else the whole argument.
fn value(text: &str, action: &Action<'_>) -> Span {
    let source = action.argument.of(text);
    if action.command.canonical != "milestone" {
        return action.argument;
    }
    let name = source.strip_prefix('%').unwrap_or(source);
    let inner = name.trim_matches('"');
    let start = action.argument.start as usize + (source.len() - name.trim_start_matches('"').len());
    Span::new(start, start + inner.len())
}

/// The line with its line break.
fn whole_line(doc: &Document<'_>, span: Span) -> Span {
    doc.lines().line_span(doc.lines().line_of(span.start), doc.text())
}

/// The token and the white space behind it; the whole line where nothing else is named.
fn without_token(doc: &Document<'_>, token: Span) -> Span {
    let text = doc.text();
    let line = whole_line(doc, token);
    let before = text.get(line.start as usize..token.start as usize).unwrap_or_default();
    let after = text.get(token.end as usize..line.end as usize).unwrap_or_default();
    let blanks = after.len() - after.trim_start_matches([' ', '\t', ',']).len();
    match (before.split_whitespace().count(), after.trim().is_empty()) {
        (..=1, true) => line,
        (_, true) => Span::new(line.start as usize + before.trim_end().len(), token.end as usize),
        (_, false) => Span::new(token.start as usize, token.end as usize + blanks),
    }
}
