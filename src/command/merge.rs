//! `proclint merge`: the reports of shards become one.

use std::path::Path;
use std::time::Instant;

use proclint::audit::Digest;
use proclint::load::read_given;
use proclint::merge::{Merged, ShardReport, merge};
use proclint::report::Format;

use super::audit::{self, Beside, Earlier, Wanted};
use super::output::{conclude, write_reports};
use super::terminal::style;
use super::{Fault, Outcome};
use crate::args::{AuditFormat, FormatArg, MergeArgs};

/// Runs the command.
///
/// # Errors
/// Where the reports are not all those of one run, or the merged one cannot be written.
pub fn run(args: &MergeArgs) -> Result<Outcome, Fault> {
    let start = Instant::now();
    let shards = args.shards.iter().map(|path| read(path)).collect::<Result<Vec<_>, _>>()?;
    match merge(shards)? {
        Merged::Check { .. } if args.page.is_some() || args.history.is_some() => Err(Fault::CheckPage),
        Merged::Check { report, idle } => {
            let style = style(args.output.color, args.output.quiet, Some(start.elapsed()));
            write_reports(&args.output, &report, style, None)?;
            Ok(conclude(&args.output, &report, idle.as_deref()))
        }
        Merged::Audit(digest) => write_digest(args, *digest),
    }
}

fn read(path: &Path) -> Result<ShardReport, Fault> {
    let name = path.display().to_string();
    let text = read_given(path).map_err(|source| Fault::ShardFile { path: name.clone(), source })?;
    Ok(ShardReport::read(&name, &text)?)
}

fn write_digest(args: &MergeArgs, mut digest: Digest) -> Result<Outcome, Fault> {
    let format = args.output.format.map_or(Ok(AuditFormat::Human), audit_format)?;
    let reports =
        args.output.report.iter().map(|(format, path)| Ok((audit_format(*format)?, Some(path.as_path()))));
    let page = args.page.iter().map(|path| Ok((AuditFormat::Html, Some(path.as_path()))));
    let wanted =
        page.chain(reports).chain([Ok((format, None))]).collect::<Result<Vec<Wanted<'_>>, Fault>>()?;
    let earlier = args.history.as_deref().map(Earlier::read).transpose()?;
    let complete = digest.broken.is_none();
    audit::hold(&mut digest, earlier.as_ref(), complete, |digest, past| {
        wanted.into_iter().try_for_each(|wanted| audit::write(digest, wanted, &Beside { part: None, past }))
    })?;
    Ok(audit::verdict(args.output.fail_on, &digest))
}

/// The format of an audit that is called as `format`; that of a check in one line a finding is what people read, too.
fn audit_format(FormatArg(format): FormatArg) -> Result<AuditFormat, Fault> {
    match format {
        Format::Human | Format::Concise => Ok(AuditFormat::Human),
        Format::Json => Ok(AuditFormat::Json),
        Format::Markdown => Ok(AuditFormat::Markdown),
        _ => Err(Fault::AuditFormat),
    }
}
