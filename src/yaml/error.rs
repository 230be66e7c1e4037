//! Why a text is not YAML, or not YAML that is accepted here.

use granit_parser::{ErrorKind, ScanError};

use crate::text::Span;

/// The first error of a YAML text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct YamlError {
    /// What is wrong.
    pub message: String,
    /// Where, in bytes of the text.
    pub span: Span,
    /// A few words for the place itself.
    pub label: &'static str,
    /// What to do about it.
    pub help: Option<String>,
    /// Another place that belongs to it, such as the first of two equal keys.
    pub related: Option<(Span, String)>,
}

impl YamlError {
    pub(super) fn new(span: Span, message: impl Into<String>) -> Self {
        Self { message: message.into(), span, label: "here", help: None, related: None }
    }

    /// The same error in a text that stands `offset` bytes further right.
    #[must_use]
    pub fn shifted(mut self, offset: usize) -> Self {
        self.span = self.span.shifted(offset);
        self.related = self.related.map(|(span, message)| (span.shifted(offset), message));
        self
    }

    pub(super) fn label(mut self, label: &'static str) -> Self {
        self.label = label;
        self
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(super) fn related(mut self, span: Span, message: impl Into<String>) -> Self {
        self.related = Some((span, message.into()));
        self
    }

    /// The parser's own error: the span covers the character it stopped at.
    pub(super) fn from_scan(error: &ScanError, text: &str) -> Self {
        let start = error.marker().byte_offset().unwrap_or_default().min(text.len());
        let stopped_at = text.get(start..).and_then(|rest| rest.chars().next());
        let width = stopped_at.filter(|c| !matches!(c, '\n' | '\r')).map_or(0, char::len_utf8);
        let this = Self::new(Span::new(start, start + width), error.info());
        match help_for(error.kind()) {
            Some(help) => this.help(help),
            None => this,
        }
    }
}

fn help_for(kind: &ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::MappingValueNotAllowed => "quote a value that holds `: `, and check the indentation",
        ErrorKind::TabNotAllowed | ErrorKind::TabInBlockIndentation | ErrorKind::TabInIndentation => {
            "indent with spaces"
        }
        ErrorKind::UnclosedQuotedScalar => "close the quote",
        ErrorKind::UnclosedFlowCollection { .. } => "close the bracket",
        ErrorKind::ExpectedBlockMappingKey | ErrorKind::ExpectedBlockSequenceEntry => {
            "align this line with its siblings"
        }
        ErrorKind::UnexpectedCharacter { .. } => "quote a value that begins with this character",
        ErrorKind::UnknownQuotedScalarEscape => {
            "use single quotes: they take a backslash as it is, which patterns need"
        }
        ErrorKind::UnknownAnchor => {
            "define the anchor before its alias, or quote a value that begins with `*`"
        }
        _ => return None,
    })
}
