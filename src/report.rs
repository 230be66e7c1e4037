//! Reports: one outcome of a run, rendered in the format somebody reads it in.

mod canonical;
mod concise;
mod gaps;
mod gitlab;
mod human;
mod json;
mod layout;
mod paint;
mod plain;
mod repairs;
mod snippet;
mod source;
mod waivers;
mod window;
mod words;

use std::io::{self, BufWriter, Write};
use std::time::Duration;

use crate::finding::Report;

pub use canonical::{CanonicalFiles, canonical_files};
pub use plain::line as plain_line;
pub use waivers::{ListedWaiver, WaiverList};
pub use words::{count, summary};

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
}

impl Format {
    /// All formats, in the order of the documentation.
    pub const ALL: [Self; 5] = [Self::Human, Self::Concise, Self::Json, Self::Ndjson, Self::Gitlab];

    /// The name used on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Concise => "concise",
            Self::Json => "json",
            Self::Ndjson => "ndjson",
            Self::Gitlab => "gitlab",
        }
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
    }
    out.flush()
}
