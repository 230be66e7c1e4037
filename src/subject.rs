//! What is linted: one text with its kind, its name, its parts and, for a record, its fields.

mod detail;

use serde::{Deserialize, Serialize};

pub use detail::{Detail, Details};

use crate::text::Span;
use crate::yaml::Node;

/// What a subject is; rules say which kinds they read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// `.gitlab/issue_templates/*.md`
    IssueTemplate,
    /// `.gitlab/merge_request_templates/*.md`
    MrTemplate,
    /// A merge request record.
    MergeRequest,
    /// An issue record.
    Issue,
    /// An epic record.
    Epic,
    /// A Markdown page.
    Page,
    /// A release-post item, YAML or Markdown.
    ReleasePost,
    /// A commit message.
    Commit,
    /// A data file: categories, CODEOWNERS, URL lists, policies, charts.
    DataFile,
}

impl Kind {
    /// All kinds, in the order of the documentation.
    pub const ALL: [Self; 9] = [
        Self::IssueTemplate,
        Self::MrTemplate,
        Self::MergeRequest,
        Self::Issue,
        Self::Epic,
        Self::Page,
        Self::ReleasePost,
        Self::Commit,
        Self::DataFile,
    ];

    /// The name used in rules, configuration and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::IssueTemplate => "issue-template",
            Self::MrTemplate => "mr-template",
            Self::MergeRequest => "merge-request",
            Self::Issue => "issue",
            Self::Epic => "epic",
            Self::Page => "page",
            Self::ReleasePost => "release-post",
            Self::Commit => "commit",
            Self::DataFile => "data-file",
        }
    }

    /// The kind called `name`, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether the kind is a description template.
    pub fn is_template(self) -> bool {
        matches!(self, Self::IssueTemplate | Self::MrTemplate)
    }

    /// Whether the kind is a record of the GitLab API.
    pub fn is_record(self) -> bool {
        matches!(self, Self::MergeRequest | Self::Issue | Self::Epic)
    }
}

/// A set of kinds, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KindSet(pub u16);

impl KindSet {
    /// The set with `kind` added.
    #[must_use]
    pub fn with(self, kind: Kind) -> Self {
        Self(self.0 | 1 << kind as u16)
    }

    /// Whether `kind` is in the set.
    pub fn has(self, kind: Kind) -> bool {
        self.0 & 1 << kind as u16 != 0
    }
}

impl FromIterator<Kind> for KindSet {
    fn from_iter<I: IntoIterator<Item = Kind>>(kinds: I) -> Self {
        kinds.into_iter().fold(Self::default(), Self::with)
    }
}

/// How a subject's main text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Markdown, with front matter where it is a file.
    Markdown,
    /// A YAML document.
    Yaml,
    /// Lines of text: CODEOWNERS, URL lists.
    Lines,
}

/// What a part of a subject's text is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// The main text: a file's content, a record's description.
    #[default]
    Body,
    /// A comment.
    Note,
    /// A commit message.
    Commit,
}

/// A stretch of the text that is read as Markdown of its own.
#[derive(Clone, Debug)]
pub struct Part {
    /// What it is.
    pub role: Role,
    /// The path of its key in the REST record (`description`, `notes[0].body`, `commits[2].message`); empty for a file.
    pub field: String,
    /// Where it lies in the subject's text.
    pub span: Span,
}

/// One changed file of a merge request.
#[derive(Clone, Debug, Default)]
pub struct DiffFile {
    /// The path before the change, with `/`; equal to `new_path` unless renamed.
    pub old_path: String,
    /// The path after the change, with `/`.
    pub new_path: String,
    /// Where the new path stands in the canonical text.
    pub path_span: Span,
    /// The file was added.
    pub added: bool,
    /// The file was deleted.
    pub deleted: bool,
    /// The file was renamed.
    pub renamed: bool,
    /// The record did not carry the file's lines (too large, collapsed).
    pub incomplete: bool,
    /// The lines of its hunks, in order.
    pub lines: Vec<DiffLine>,
}

/// What a line of a diff is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// `+`
    Added,
    /// `-`
    Removed,
    /// Unchanged context.
    Context,
    /// A hunk header, `@@ … @@`.
    Hunk,
}

/// One line of a hunk.
#[derive(Clone, Copy, Debug)]
pub struct DiffLine {
    /// Added, removed, context or hunk header.
    pub change: Change,
    /// The line's content without its sign and line break, in the canonical text.
    pub span: Span,
    /// Its line number in the old file, from 1; 0 where it has none.
    pub old: u32,
    /// Its line number in the new file, from 1; 0 where it has none.
    pub new: u32,
}

/// How many votes and comments a record has; `None` where it does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Thumbs up.
    pub upvotes: Option<u64>,
    /// Thumbs down.
    pub downvotes: Option<u64>,
    /// Comments.
    pub notes: Option<u64>,
}

/// One thing to lint, read once and owned for as long as it is checked.
#[derive(Clone, Debug)]
pub struct Subject {
    /// What it is.
    pub kind: Kind,
    /// How its text is read.
    pub format: Format,
    /// The path, or `group/project!7`, `group/project#12`, `group&3`.
    pub name: String,
    /// The repository-relative path with `/`; `None` for a record.
    pub path: Option<String>,
    /// The project a record or the repository belongs to, if known: `group/project`.
    pub project: Option<String>,
    /// The text as linted: a file's own bytes, or a record's canonical text.
    pub text: String,
    /// The stretches read as Markdown; for a file the whole text.
    pub parts: Vec<Part>,
    /// A record's fields, with spans in `text`.
    pub header: Option<Node>,
    /// Votes and comments, as far as the record counts them; they are no part of its text.
    pub counts: Counts,
    /// A merge request's changed files; `None` where the record carries no diffs.
    pub diffs: Option<Vec<DiffFile>>,
}

impl Subject {
    /// The last part of its path; a record's is empty.
    pub fn file_name(&self) -> &str {
        self.path.as_deref().unwrap_or_default().rsplit('/').next().unwrap_or_default()
    }
}
