//! What GitLab would set on a new object made from a template: its quick actions, run in order.

use super::Document;
use super::field::Mark;
use super::quick_action::arguments::{Token, own, tokens};
use crate::text::Span;

/// The effective metadata of a template.
#[derive(Debug, Default)]
pub struct Metadata {
    /// The labels in the order they were applied; a scoped label replaces the earlier one of its scope.
    pub labels: Vec<Mark<'static>>,
    /// The last milestone set.
    pub milestone: Option<Mark<'static>>,
    /// The users assigned.
    pub assignees: Vec<Mark<'static>>,
    /// Arguments of other commands that set one value, by canonical command name; the last one wins.
    pub single: Vec<(&'static str, Mark<'static>)>,
    /// The argument of the last label command that runs: a missing label belongs there.
    pub label_command: Option<Span>,
    /// The last command that runs, else the end of the file: anything else missing belongs there.
    pub place: Span,
}

impl Metadata {
    /// Runs the quick actions of a template.
    pub fn of(document: &Document<'_>) -> Self {
        let text = document.text();
        let end = Span::at(text.len());
        let mut metadata = Self { place: end, ..Self::default() };
        for line in document.quick_lines() {
            let Some(command) = line.runs(text) else { continue };
            metadata.place = line.span;
            if command.needs_object {
                continue;
            }
            let (argument, _) = own(text, line.argument);
            match command.canonical {
                "label" => {
                    metadata.label_command = Some(argument);
                    for mark in applied_labels(text, argument) {
                        metadata.apply(mark);
                    }
                }
                "milestone" => metadata.milestone = Some(milestone(text, argument)),
                "assign" => metadata.assignees.extend(users(text, argument)),
                name => {
                    let span = if argument.is_empty() { line.name } else { argument };
                    let argument = argument.of(text).to_owned();
                    metadata.single.retain(|(other, _)| *other != name);
                    metadata.single.push((name, Mark { text: argument.into(), span }));
                }
            }
        }
        metadata
    }

    fn apply(&mut self, mark: Mark<'static>) {
        self.labels.retain(|other| {
            other.text != mark.text
                && (scope(&mark.text).is_none() || scope(&other.text) != scope(&mark.text))
        });
        self.labels.push(mark);
    }
}

/// The scope of a label, everything before the last `::`; `None` for labels without one.
pub fn scope(label: &str) -> Option<&str> {
    let end = label.as_bytes().windows(2).rposition(|two| two == b"::")?;
    label.get(..end)
}

/// The labels that a label command's argument names, as GitLab reads it: with one `~`, bare words do not count.
pub fn applied_labels(text: &str, argument: Span) -> Vec<Mark<'static>> {
    let tokens = tokens(text, argument, '~');
    let sigils = tokens.iter().any(|token| token.sigil);
    tokens
        .iter()
        .filter(|token| token.sigil || !sigils)
        .map(|token| Mark {
            text: label_name(text, token, sigils).to_owned().into(),
            span: token.span_without_comma(text),
        })
        .filter(|mark| !mark.text.is_empty())
        .collect()
}

/// An unquoted name after `~` ends at the first character that needs quotes.
fn label_name<'t>(text: &'t str, token: &Token, sigils: bool) -> &'t str {
    let name = token.text(text);
    if token.quoted || !sigils {
        return name.trim_matches('"');
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '?' | '.' | '&' | ':');
    name.split(|c: char| !plain(c)).next().unwrap_or_default()
}

/// The milestone an argument names: `%"name"`, `%name` up to the first space, or a bare title.
///
/// Empty where the author is to fill it in.
pub fn milestone(text: &str, argument: Span) -> Mark<'static> {
    let source = argument.of(text);
    let name = match source.strip_prefix('%') {
        Some(name) => match name.strip_prefix('"') {
            Some(quoted) => quoted.split('"').next().unwrap_or_default(),
            None => name.split_whitespace().next().unwrap_or_default(),
        },
        None => source.trim_matches('"'),
    };
    Mark { text: name.to_owned().into(), span: argument }
}

/// The users an argument names, with or without `@`, separated by spaces, commas or `and`.
pub fn users(text: &str, argument: Span) -> Vec<Mark<'static>> {
    let source = argument.of(text);
    let base = argument.start as usize;
    source
        .split([' ', ',', '\t'])
        .filter(|word| !word.is_empty() && *word != "and")
        .map(|word| {
            let at = base + (word.as_ptr() as usize - source.as_ptr() as usize);
            Mark {
                text: word.trim_start_matches('@').to_owned().into(),
                span: Span::new(at, at + word.len()),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::file_subject;
    use crate::subject::{Format, Kind};

    #[test]
    fn a_template_sets_what_gitlab_would_find() {
        let text = "/label ~a,~\"b c\" /assign @pm\n/milestone %SM - Backlog\n- x\n/label ~d\n";
        let path = ".gitlab/issue_templates/Example.md";
        let subject = file_subject(path, text.to_owned(), Kind::IssueTemplate, Format::Markdown);
        let document = Document::new(&subject);
        let metadata = document.metadata();
        let labels: Vec<_> = metadata.labels.iter().map(|label| &*label.text).collect();
        assert_eq!(labels, ["a", "b c"]);
        assert_eq!(metadata.milestone.as_ref().map(|mark| &*mark.text), Some("SM"));
        assert!(metadata.assignees.is_empty());
    }
}
