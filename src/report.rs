//! Reports: one outcome of a run, rendered in the format somebody reads it in.

mod applied;
mod audit;
mod canonical;
mod concise;
mod gaps;
mod github;
mod gitlab;
mod human;
mod json;
mod junit;
mod layout;
mod markdown;
pub mod neutral;
mod paint;
mod place;
mod plain;
mod preview;
mod rdjson;
mod repairs;
mod sarif;
mod snippet;
mod source;
mod trial;
mod uri;
mod waivers;
mod why;
mod window;
mod words;

use std::io::{self, BufWriter, Write};
use std::time::Duration;

use crate::finding::Report;

pub use applied::{AppliedStyle, applied_json, write_applied};
pub use audit::{AuditPage, FindingSheet, Past, change_since, write_digest, write_digest_markdown};
pub use canonical::{CanonicalFiles, canonical_files};
pub use gaps::lines as gap_lines;
pub use json::{write_digest_document, write_finding_lines};
pub use plain::line as plain_line;
pub use preview::lines as preview_lines;
pub use trial::write_trial;
pub use uri::link;
pub use waivers::{ListedWaiver, WaiverList};
pub use why::write_why;
pub use words::{count, summary, why as reason};

/// What a report can be written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Findings with their source, for people at a terminal.
    Human,
    /// One line per finding, for people and `grep`.
    Concise,
    /// One JSON document.
    Json,
    /// One JSON object per line.
    Ndjson,
    /// GitLab Code Quality.
    Gitlab,
    /// SARIF 2.1.0.
    Sarif,
    /// JUnit XML.
    Junit,
    /// Annotations of GitHub Actions.
    Github,
    /// The diagnostic format of reviewdog.
    Rdjson,
    /// Markdown for notes and summaries.
    Markdown,
}

impl Format {
    /// All formats, in the order of the documentation.
    pub const ALL: [Self; 10] = [
        Self::Human,
        Self::Concise,
        Self::Json,
        Self::Ndjson,
        Self::Gitlab,
        Self::Sarif,
        Self::Junit,
        Self::Github,
        Self::Rdjson,
        Self::Markdown,
    ];

    /// The name used on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Concise => "concise",
            Self::Json => "json",
            Self::Ndjson => "ndjson",
            Self::Gitlab => "gitlab",
            Self::Sarif => "sarif",
            Self::Junit => "junit",
            Self::Github => "github",
            Self::Rdjson => "rdjson",
            Self::Markdown => "markdown",
        }
    }

    /// What it is, in a few words.
    pub fn about(self) -> &'static str {
        match self {
            Self::Human => "Source, message and help for people",
            Self::Concise => "One line each",
            Self::Json => "One JSON document",
            Self::Ndjson => "One JSON object a line",
            Self::Gitlab => "GitLab Code Quality",
            Self::Sarif => "SARIF 2.1.0",
            Self::Junit => "JUnit XML",
            Self::Github => "GitHub annotations",
            Self::Rdjson => "reviewdog's diagnostic format",
            Self::Markdown => "For notes and summaries",
        }
    }

    /// Whether the format can only point into files, so that the texts of records are written beside it.
    pub fn points_into_files(self) -> bool {
        matches!(self, Self::Gitlab | Self::Sarif | Self::Rdjson)
    }

    /// The format called `name`, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// How a report looks; the formats for machines read only `canonical`.
#[derive(Clone, Debug)]
pub struct Style {
    /// ANSI colours are written.
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// Frames and marks are drawn with Unicode, else with ASCII.
    pub unicode: bool,
    /// A terminal shows what is written, so that nothing in it may steer one.
    pub terminal: bool,
    /// Rule names are OSC 8 hyperlinks; only for terminals that know them.
    pub links: bool,
    /// How long the run took, where the summary may say so.
    pub elapsed: Option<Duration>,
    /// Only findings: no summary, no list of what was not checked.
    pub quiet: bool,
    /// Where the texts of records are written for reports that need a file to point at.
    pub canonical: CanonicalFiles,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            color: false,
            width: 100,
            unicode: true,
            terminal: false,
            links: false,
            elapsed: None,
            quiet: false,
            canonical: CanonicalFiles::default(),
        }
    }
}

/// Writes the changes that fixes would make to `out`, as `git apply` reads them.
///
/// # Errors
/// Only those of `out`.
pub fn render_diffs(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    repairs::write_diffs(report, style, &mut out)?;
    out.flush()
}

/// Writes `report` to `out` in `format`.
///
/// # Errors
/// Only those of `out`.
pub fn render(format: Format, report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    match format {
        Format::Human => human::write(report, style, &mut out)?,
        Format::Concise => concise::write(report, style, &mut out)?,
        Format::Json => json::write_document(report, &mut out)?,
        Format::Ndjson => json::write_lines(report, &mut out)?,
        Format::Gitlab => gitlab::write(report, &style.canonical, &mut out)?,
        Format::Sarif => sarif::write(report, &style.canonical, &mut out)?,
        Format::Junit => junit::write(report, &mut out)?,
        Format::Github => github::write(report, &mut out)?,
        Format::Rdjson => rdjson::write(report, &style.canonical, &mut out)?,
        Format::Markdown => markdown::write(report, &mut out)?,
    }
    out.flush()
}

/// Whether `text` needs no wrapping in so many columns; no character is wider than it has bytes.
fn fits(text: &str, columns: usize) -> bool {
    !text.is_empty() && text.len() <= columns && !text.contains('\n')
}
