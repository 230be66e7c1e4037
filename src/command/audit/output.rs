//! What an audit, or the merge of its shards, writes, and how it ends.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use proclint::audit::Digest;
use proclint::diagnostic::Severity;
use proclint::finding::Part;
use proclint::report::{AuditPage, Past, write_digest, write_digest_document, write_digest_markdown};
use proclint::save::put;

use crate::args::{AuditFormat, FailOn};
use crate::command::{Fault, Outcome};

/// What reports tell beside the digest.
#[derive(Clone, Copy)]
pub struct Beside<'a> {
    /// The shard that the digest is of.
    pub part: Option<&'a Part>,
    /// Earlier audits.
    pub past: Option<Past<'a>>,
}

/// A format, and the file it is written to; `None` is standard output.
pub type Wanted<'a> = (AuditFormat, Option<&'a Path>);

/// The formats of `reports` and, last, that of standard output.
pub fn wanted(
    reports: &[(AuditFormat, std::path::PathBuf)],
    format: AuditFormat,
) -> impl Iterator<Item = Wanted<'_>> + Clone {
    reports.iter().map(|(format, path)| (*format, Some(path.as_path()))).chain([(format, None)])
}

/// Writes the report of `format`, whole or not at all. One that lists every finding was written before.
///
/// # Errors
/// Where it cannot be written.
pub fn write(digest: &Digest, (format, path): Wanted<'_>, beside: &Beside<'_>) -> Result<(), Fault> {
    if matches!(format, AuditFormat::Ndjson | AuditFormat::Csv) {
        return Ok(());
    }
    let Some(path) = path else {
        let mut out = BufWriter::new(io::stdout().lock());
        let written = render(digest, format, beside, &mut out).and_then(|()| out.flush());
        return match written {
            // Who has seen enough, as `head` has, leaves the verdict as it is.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            written => written.map_err(|source| fault(None, source)),
        };
    };
    let mut out = Vec::new();
    let written = render(digest, format, beside, &mut out).and_then(|()| put(path, &out));
    written.map_err(|source| fault(Some(path), source))
}

fn render(digest: &Digest, format: AuditFormat, beside: &Beside<'_>, out: &mut dyn Write) -> io::Result<()> {
    match format {
        AuditFormat::Ndjson | AuditFormat::Csv => Ok(()),
        AuditFormat::Human => write_digest(digest, out),
        AuditFormat::Markdown => write_digest_markdown(digest, out),
        AuditFormat::Json => write_digest_document(digest, beside.part, out),
        AuditFormat::Html => out.write_all(AuditPage { digest, past: beside.past }.html().as_bytes()),
    }
}

/// What cannot be written.
pub fn fault(path: Option<&Path>, source: io::Error) -> Fault {
    let path = path.map_or("standard output".to_owned(), |path| path.display().to_string());
    Fault::Write { path, source }
}

/// How an audit with `digest` ends.
pub fn verdict(fail_on: FailOn, digest: &Digest) -> Outcome {
    if digest.subjects == 0 {
        return Outcome::Unchecked;
    }
    let least = match fail_on {
        FailOn::Never => return Outcome::Clean,
        FailOn::Error => Severity::Error,
        FailOn::Warning => Severity::Warning,
        FailOn::Info => Severity::Info,
    };
    let counts = |severity: &Severity| *severity >= least;
    let severities = [Severity::Error, Severity::Warning, Severity::Info];
    let found = severities
        .iter()
        .filter(|severity| counts(severity))
        .any(|of| digest.count(*of) + digest.flaws(*of) > 0);
    if found { Outcome::Findings } else { Outcome::Clean }
}
