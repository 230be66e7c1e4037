//! Where a finding about a condition points.

use serde::Deserialize;

use super::Choice;
use crate::document::Document;
use crate::pattern::Pattern;
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
    /// The arguments of the last label command of a template that runs.
    LabelCommand,
    /// The text of the first heading.
    Heading,
    /// The end of the text.
    End,
}

/// A value of the field `of`: the one preferred by `any`, else the first that `matches`, else the first.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Value {
    of: String,
    any: Option<Choice>,
    matches: Option<Pattern>,
    /// In a template only the name, without sigil and quotes.
    #[serde(default)]
    bare: bool,
}

/// A part of a value.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Match {
    of: String,
    pattern: Pattern,
}

/// A place that was found.
#[derive(Debug)]
pub struct Spot {
    /// Where it is.
    pub span: Span,
    /// The value there; for a key the field's value.
    pub value: String,
}

impl Place {
    /// The place in `document`, if there is one.
    pub fn find(&self, document: &Document<'_>) -> Option<Spot> {
        let empty = |span| Spot { span, value: String::new() };
        match self {
            Self::Value(value) => value.find(document),
            Self::Match(part) => part.find(document),
            Self::Key(path) => {
                let field = document.field(path);
                let value = field.first().map(|mark| mark.text.to_string()).unwrap_or_default();
                Some(Spot { span: field.place, value })
            }
            Self::LabelCommand => {
                let is_template = document.subject.kind.is_template();
                let command = || document.metadata().label_command.filter(|argument| !argument.is_empty());
                is_template.then(command).flatten().map(empty)
            }
            Self::Heading => {
                let headings = &document.body()?.headings;
                headings.iter().map(|heading| heading.text).find(|text| !text.is_empty()).map(empty)
            }
            Self::End => Some(empty(Span::at(document.text().len()))),
        }
    }

    /// Literals of which the text holds one wherever the place is found; `None` where none can be told.
    pub fn literals(&self) -> Option<Vec<String>> {
        match self {
            Self::Value(Value { any: Some(Choice(values)), .. }) if !values.is_empty() => {
                Some(values.clone())
            }
            _ => None,
        }
    }
}

impl Value {
    fn find(&self, document: &Document<'_>) -> Option<Spot> {
        let field = document.field(&self.of);
        let accepts = |text: &str| self.matches.as_ref().is_none_or(|pattern| pattern.is_match(text));
        let mut values = field.values.iter().filter(|mark| accepts(&mark.text));
        let mark = match &self.any {
            None => values.next(),
            Some(Choice(wanted)) => {
                let values: Vec<_> = values.collect();
                wanted.iter().find_map(|wanted| values.iter().find(|mark| mark.text == *wanted).copied())
            }
        }?;
        let bare = self.bare && document.subject.kind.is_template();
        let span = if bare { without_sigil(document.text(), mark.span) } else { mark.span };
        Some(Spot { span, value: mark.text.to_string() })
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
            Some(Spot { span: if verbatim { part } else { mark.span }, value: found.as_str().to_owned() })
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
