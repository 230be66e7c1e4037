//! A rule or configuration file that cannot be used, shown at the key that is wrong.

use miette::{Diagnostic, NamedSource, SourceSpan};
use thiserror::Error;

use crate::yaml::DecodeError;

/// Whose file is wrong, and where.
#[derive(Debug, Error, Diagnostic)]
pub enum RuleError {
    /// The author of a rule file made a mistake.
    #[error("the rule cannot be used: {message}")]
    #[diagnostic(code(proclint::rule))]
    File {
        /// The file.
        path: String,
        /// What is wrong.
        message: String,
        /// Its text.
        #[source_code]
        source_code: NamedSource<String>,
        /// Where it is wrong.
        #[label("here")]
        span: SourceSpan,
        /// What to do.
        #[help]
        help: Option<String>,
    },
    /// The author of the configuration made a mistake.
    #[error("the configuration cannot be used: {message}")]
    #[diagnostic(code(proclint::config))]
    Config {
        /// The file.
        path: String,
        /// What is wrong.
        message: String,
        /// Its text.
        #[source_code]
        source_code: NamedSource<String>,
        /// Where it is wrong.
        #[label("here")]
        span: SourceSpan,
        /// What to do.
        #[help]
        help: Option<String>,
    },
    /// The author of a file of judgements about sentences made a mistake.
    #[error("the judgements cannot be used: {message}")]
    #[diagnostic(code(proclint::judgements))]
    Judgements {
        /// What is wrong.
        message: String,
        /// Its text.
        #[source_code]
        source_code: NamedSource<String>,
        /// Where it is wrong.
        #[label("here")]
        span: SourceSpan,
        /// What to do.
        #[help]
        help: Option<String>,
    },
    /// The command line names a rule that does not exist.
    #[error("there is no rule `{name}`")]
    #[diagnostic(code(proclint::unknown_rule))]
    Unknown {
        /// The id or glob as given.
        name: String,
        /// What may have been meant.
        #[help]
        help: Option<String>,
    },
    /// Two files hold a rule of the same name.
    #[error("the rule `{id}` is in two files: {first} and {second}")]
    #[diagnostic(code(proclint::rule_twice), help("rename or remove one of them"))]
    Twice {
        /// The rule.
        id: String,
        /// The file read first.
        first: String,
        /// The other file.
        second: String,
    },
    /// The command line and the configuration leave no rule to run.
    #[error("no rule is switched on")]
    #[diagnostic(
        code(proclint::no_rules),
        help("check `--select`, `--ignore` and `rules` in the configuration")
    )]
    None,
}

impl RuleError {
    /// An error in the text of a rule file.
    pub fn file(path: &str, text: &str, error: DecodeError) -> Self {
        let span = error.span.range().into();
        let source_code = NamedSource::new(path, text.to_owned());
        Self::File { path: path.to_owned(), message: with_path(&error), source_code, span, help: error.help }
    }

    /// An error in the text of a file of judgements.
    pub fn judgements(path: &str, text: &str, error: DecodeError) -> Self {
        let span = error.span.range().into();
        let source_code = NamedSource::new(path, text.to_owned());
        Self::Judgements { message: with_path(&error), source_code, span, help: error.help }
    }

    /// An error in the text of the configuration.
    pub fn config(path: &str, text: &str, error: DecodeError) -> Self {
        let span = error.span.range().into();
        let source_code = NamedSource::new(path, text.to_owned());
        Self::Config {
            path: path.to_owned(),
            message: with_path(&error),
            source_code,
            span,
            help: error.help,
        }
    }
}

/// The message behind the way to its place, where it does not name the place itself.
fn with_path(error: &DecodeError) -> String {
    let (above, last) = error.path.rsplit_once('.').unwrap_or(("", &error.path));
    let path = if error.message.contains(&format!("`{last}`")) { above } else { &error.path };
    if path.is_empty() { error.message.clone() } else { format!("{path}: {}", error.message) }
}
