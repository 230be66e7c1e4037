//! Why a baseline cannot be used, shown at its line.

use miette::{Diagnostic, NamedSource, SourceSpan};
use thiserror::Error;

use crate::text::Span;

/// A baseline file that cannot be read.
#[derive(Debug, Error, Diagnostic)]
pub enum BaselineError {
    /// Two branches changed it and nobody has merged them.
    #[error("the baseline holds a merge conflict")]
    #[diagnostic(
        code(proclint::baseline),
        help(
            "keep the lines of both sides, delete the marks, and run `proclint baseline update`: order and repeated lines do no harm"
        )
    )]
    Conflict {
        /// The file.
        #[source_code]
        source_code: NamedSource<String>,
        /// The mark.
        #[label("here")]
        span: SourceSpan,
    },
    /// Its first line is not that of a baseline this version reads.
    #[error("this is no baseline that proclint {} reads", env!("CARGO_PKG_VERSION"))]
    #[diagnostic(
        code(proclint::baseline),
        help(
            "check the path; if it is a baseline of another version, move it away and run `proclint baseline update`"
        )
    )]
    Header {
        /// The file.
        #[source_code]
        source_code: NamedSource<String>,
        /// Its first line.
        #[label("here")]
        span: SourceSpan,
    },
    /// A line is no entry.
    #[error("the baseline cannot be read: {reason}")]
    #[diagnostic(
        code(proclint::baseline),
        help("restore the line from version control, or delete it and run `proclint baseline update`")
    )]
    Line {
        /// What is wrong with it.
        reason: String,
        /// The file.
        #[source_code]
        source_code: NamedSource<String>,
        /// The line.
        #[label("here")]
        span: SourceSpan,
    },
}

impl BaselineError {
    pub(super) fn conflict(name: &str, text: &str, span: Span) -> Self {
        Self::Conflict { source_code: source(name, text), span: span.range().into() }
    }

    pub(super) fn header(name: &str, text: &str, span: Span) -> Self {
        Self::Header { source_code: source(name, text), span: span.range().into() }
    }

    pub(super) fn line(name: &str, text: &str, span: Span, reason: String) -> Self {
        Self::Line { reason, source_code: source(name, text), span: span.range().into() }
    }
}

fn source(name: &str, text: &str) -> NamedSource<String> {
    NamedSource::new(name, text.to_owned())
}
