//! What an audit, or the merge of its shards, writes, and how it ends.

use std::io::{self, BufWriter, Write};

use proclint::audit::Digest;
use proclint::diagnostic::Severity;
use proclint::finding::Part;
use proclint::report::{write_digest, write_digest_document, write_digest_markdown};

use crate::args::{AuditFormat, FailOn};
use crate::command::Outcome;

/// Writes `digest`, that of the shard that `part` tells of, to standard output; returns it with all that it found
/// counted.
///
/// # Errors
/// Those of standard output, unless somebody has seen enough.
pub fn write(mut digest: Digest, format: AuditFormat, part: Option<&Part>) -> io::Result<Digest> {
    if format == AuditFormat::Json && part.is_some() {
        still_read(print(&digest, format, part))?;
        return Ok(digest.settled());
    }
    if let Some(hygiene) = digest.hygiene.as_mut().filter(|_| part.is_some()) {
        // The other shards may use what this one did not see.
        hygiene.complete = false;
    }
    let digest = digest.settled();
    still_read(print(&digest, format, part))?;
    Ok(digest)
}

fn print(digest: &Digest, format: AuditFormat, part: Option<&Part>) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    render(digest, format, part, &mut out)?;
    out.flush()
}

/// Renders `digest`, that of the shard that `part` tells of; the lines of its findings were written before.
///
/// # Errors
/// Only those of `out`.
pub fn render(
    digest: &Digest,
    format: AuditFormat,
    part: Option<&Part>,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        AuditFormat::Human => write_digest(digest, out),
        AuditFormat::Markdown => write_digest_markdown(digest, out),
        AuditFormat::Json => write_digest_document(digest, part, out),
        AuditFormat::Ndjson => {
            serde_json::to_writer(&mut *out, &serde_json::json!({"type": "digest", "digest": digest}))?;
            writeln!(out)
        }
    }
}

/// Whether somebody still reads what is written; who has seen enough, as `head` has, leaves the verdict as it is.
pub fn still_read(written: io::Result<()>) -> io::Result<bool> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        written => written.map(|()| true),
    }
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
