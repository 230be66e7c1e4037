//! Where a finding about a condition points.

use serde::Deserialize;

use super::Choice;
use super::phrase::{self, Phrase};
use crate::check::checklist;
use crate::cond::{begins, same_folded};
use crate::document::Document;
use crate::document::field::Presence;
use crate::document::quick_action::QuickLine;
use crate::document::quick_action::command::{Command, Takes};
use crate::pattern::Pattern;
use crate::subject::Detail;
use crate::text::Span;

/// A place, as rules name it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// A value of a field; in a template what sets it.
    Value(Value),
    /// What a pattern matches in a value of a field.
    Match(Match),
    /// The key of a field: what is missing belongs there.
    Key(String),
    /// The argument of the command that sets a field, in a template only.
    Argument(String),
    /// A command that runs and sets something, one of those named, in a template only.
    Command(Vec<String>),
    /// The ticked box of a checklist in front of a bold name.
    Ticked(Ticked),
    /// The arguments of the last label command of a template that runs.
    LabelCommand,
    /// A phrase of the title or the main text.
    Phrase(Phrase),
    /// A URL that holds one of these.
    Url(Vec<String>),
    /// The name of the first section called so: a heading, or bold words that open a paragraph.
    Section(Pattern),
    /// The text of the first heading.
    Heading,
    /// The start of the text.
    Start,
    /// Right behind the last heading.
    BehindHeadings,
    /// The first paragraph.
    Opening,
    /// The end of the text.
    End,
}

/// A value of the field `of` that passes all tests: the one preferred by `any`, else the first.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Value {
    of: String,
    any: Option<Choice>,
    /// `any` is compared by letters and digits alone, in any letter case.
    #[serde(default)]
    fold: bool,
    none: Option<Vec<String>>,
    prefix: Option<String>,
    matches: Option<Pattern>,
    not_matches: Option<Pattern>,
    /// In a record the key of the field, for values that are objects.
    #[serde(default)]
    key: bool,
    /// So many values that pass are passed over, in the order of the field.
    #[serde(default)]
    beyond: usize,
    /// In a template only the name, without sigil and quotes.
    #[serde(default)]
    bare: bool,
}

/// The box of a checklist.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ticked {
    #[serde(rename = "box")]
    name: String,
    /// The names of all its boxes, by which the list is told from others.
    boxes: Vec<String>,
}

/// A part of a value.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Match {
    of: String,
    pattern: Pattern,
}

/// A place that was found.
#[derive(Debug, Default)]
pub struct Spot {
    /// Where it is.
    pub span: Span,
    /// The value there; for a key the field's value.
    pub value: String,
    /// The value that was looked for, where the one there is spelt in another way.
    pub wanted: String,
}

impl Place {
    /// The place in `document`, if there is one.
    pub fn find(&self, document: &Document<'_>) -> Option<Spot> {
        let empty = |span| Spot { span, ..Spot::default() };
        match self {
            Self::Value(value) => value.find(document),
            Self::Match(part) => part.find(document),
            Self::Key(path) => {
                let field = document.field(path);
                let value = field.first().map(|mark| mark.text.to_string()).unwrap_or_default();
                Some(Spot { span: field.place, value, ..Spot::default() })
            }
            Self::Argument(path) => {
                let field = document.field(path);
                let mark = field.first().filter(|_| document.subject.kind.is_template())?;
                Some(Spot { span: mark.span, value: mark.text.to_string(), ..Spot::default() })
            }
            Self::Command(names) => {
                let text = document.text();
                let named = |command: &Command| names.iter().any(|name| name == command.canonical);
                let lines = document.quick_lines().iter().filter(|_| document.subject.kind.is_template());
                let sets = |line: &&QuickLine| {
                    let command = line.runs(text).filter(|command| named(command));
                    let blank = line.argument.of(text).trim_matches(['%', '@', '~']).is_empty();
                    command.is_some_and(|command| !blank || command.takes == Takes::Nothing)
                };
                lines.into_iter().find(sets).map(|line| empty(line.span))
            }
            Self::Ticked(ticked) => {
                let span = checklist::ticked(document, &ticked.name, &ticked.boxes)?;
                Some(Spot { span, value: ticked.name.clone(), ..Spot::default() })
            }
            Self::LabelCommand => {
                let is_template = document.subject.kind.is_template();
                let command = || document.metadata().label_command.filter(|argument| !argument.is_empty());
                is_template.then(command).flatten().map(empty)
            }
            Self::Phrase(found) => found.find(document).map(empty),
            Self::Url(parts) => phrase::url(document, parts).map(empty),
            Self::Section(name) => {
                let section = phrase::section(document, name)?;
                Some(Spot { span: section.lead, value: section.name.clone(), ..Spot::default() })
            }
            Self::BehindHeadings => {
                let last = document.body()?.headings.last()?;
                Some(empty(Span::at(last.span.end as usize)))
            }
            Self::Opening => {
                let block = document.body()?.blocks.first()?;
                Some(empty(block.span))
            }
            Self::Heading => {
                let headings = &document.body()?.headings;
                headings.iter().map(|heading| heading.text).find(|text| !text.is_empty()).map(empty)
            }
            Self::Start => Some(empty(Span::at(0))),
            Self::End => Some(empty(Span::at(document.text().len()))),
        }
    }

    /// Whether the place stands in the text: the key of a field that a record lacks does not.
    pub fn is_there(&self, document: &Document<'_>) -> bool {
        !matches!(self, Self::Key(path) if document.field(path).presence == Presence::Absent)
    }

    /// The detail of a record that it lies in.
    pub fn detail(&self) -> Option<Detail> {
        match self {
            Self::Value(Value { of: path, .. })
            | Self::Match(Match { of: path, .. })
            | Self::Key(path)
            | Self::Argument(path) => Detail::of_field(path),
            _ => None,
        }
    }

    /// Literals of which the text holds one wherever the place is found; `None` where none can be told.
    pub fn literals(&self) -> Option<Vec<String>> {
        match self {
            Self::Value(Value { any: Some(Choice(values)), fold: false, .. }) if !values.is_empty() => {
                Some(values.clone())
            }
            Self::Value(Value { prefix: Some(prefix), .. }) => Some(vec![prefix.clone()]),
            Self::Ticked(ticked) => Some(vec![ticked.name.clone()]),
            Self::Phrase(phrase) => Some(phrase.literals.clone()),
            Self::Url(parts) => Some(parts.clone()),
            _ => None,
        }
    }
}

impl Value {
    fn find(&self, document: &Document<'_>) -> Option<Spot> {
        let field = document.field(&self.of);
        let mut values = field.values.iter().filter(|mark| self.accepts(&mark.text));
        let mark = match &self.any {
            Some(Choice(wanted)) if self.beyond == 0 => {
                wanted.iter().find_map(|wanted| values.clone().find(|mark| self.same(wanted, &mark.text)))
            }
            _ => values.nth(self.beyond),
        }?;
        let template = document.subject.kind.is_template();
        let span = match template {
            true if self.bare => without_sigil(document.text(), mark.span),
            false if self.key => field.place,
            _ => mark.span,
        };
        let wanted = self.any.iter().flat_map(|Choice(any)| any).find(|wanted| self.same(wanted, &mark.text));
        Some(Spot { span, value: mark.text.to_string(), wanted: wanted.cloned().unwrap_or_default() })
    }
}

impl Value {
    fn accepts(&self, text: &str) -> bool {
        self.any.as_ref().is_none_or(|Choice(any)| any.iter().any(|wanted| self.same(wanted, text)))
            && self.none.as_ref().is_none_or(|none| !none.iter().any(|other| other == text))
            && self.prefix.as_ref().is_none_or(|prefix| begins(text, prefix))
            && self.matches.as_ref().is_none_or(|pattern| pattern.is_match(text))
            && self.not_matches.as_ref().is_none_or(|pattern| !pattern.is_match(text))
    }

    fn same(&self, wanted: &str, text: &str) -> bool {
        wanted == text || (self.fold && same_folded(wanted, text))
    }
}

impl Match {
    fn find(&self, document: &Document<'_>) -> Option<Spot> {
        let field = document.field(&self.of);
        field.values.iter().find_map(|mark| {
            let found = *self.pattern.hits(&mark.text).first()?;
            // A value that was written with escapes has no place for its parts.
            let verbatim = mark.span.of(document.text()) == mark.text;
            let part = Span::from(found.range()).shifted(mark.span.start as usize);
            let span = if verbatim { part } else { mark.span };
            Some(Spot { span, value: found.as_str().to_owned(), ..Spot::default() })
        })
    }
}

/// The name inside `~"name"`, `~name` or `group/project~name`.
fn without_sigil(text: &str, span: Span) -> Span {
    let token = span.of(text);
    let name = token.rsplit_once('~').map_or(token, |(_, name)| name);
    let inner = name.trim_start_matches('"');
    let start = span.end as usize - inner.len();
    Span::new(start, start + inner.trim_end_matches('"').len())
}
