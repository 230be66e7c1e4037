//! `proclint merge`: the reports of shards become one.

use std::fs;
use std::path::Path;
use std::time::Instant;

use proclint::merge::{ShardReport, merge};

use super::output::{conclude, write_reports};
use super::terminal::style;
use super::{Fault, Outcome};
use crate::args::MergeArgs;

/// Runs the command.
///
/// # Errors
/// Where the reports are not all those of one run, or the merged one cannot be written.
pub fn run(args: &MergeArgs) -> Result<Outcome, Fault> {
    let start = Instant::now();
    let shards = args.shards.iter().map(|path| read(path)).collect::<Result<Vec<_>, _>>()?;
    let merged = merge(shards)?;
    let style = style(args.output.color, args.output.quiet, Some(start.elapsed()));
    write_reports(&args.output, &merged.report, style, None)?;
    Ok(conclude(&args.output, &merged.report, merged.idle.as_deref()))
}

fn read(path: &Path) -> Result<ShardReport, Fault> {
    let name = path.display().to_string();
    let text = fs::read_to_string(path).map_err(|source| Fault::ShardFile { path: name.clone(), source })?;
    Ok(ShardReport::read(&name, &text)?)
}
