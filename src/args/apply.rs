//! The arguments that write a plan of quick actions, and post one.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
#[command(next_help_heading = "Remedies")]
pub struct RemedyArgs {
    /// Write the quick actions that would mend what is found, one record a line; nothing is posted
    #[arg(long, value_name = "FILE", conflicts_with = "apply")]
    pub plan: Option<PathBuf>,

    /// With `--plan`, also what takes away or replaces somebody's choice
    #[arg(long, requires = "plan")]
    pub unsafe_fixes: bool,

    /// Show what a plan, or the file that undoes one, would post; needs no SOURCE
    #[arg(long, value_name = "FILE", conflicts_with_all = ["source", "fail_on"])]
    pub apply: Option<PathBuf>,

    /// With `--apply`, post it
    #[arg(long, conflicts_with = "source")]
    pub write: bool,

    /// The most entries that one run posts
    #[arg(
        long,
        value_name = "N",
        default_value_t = 20,
        value_parser = clap::value_parser!(u16).range(1..=1000),
        conflicts_with = "source"
    )]
    pub cap: u16,

    /// The largest share of the subjects it reads that a rule of the plan may hit, in percent
    #[arg(
        long,
        value_name = "PERCENT",
        default_value_t = 25,
        value_parser = clap::value_parser!(u8).range(1..=100),
        conflicts_with = "source"
    )]
    pub brake: u8,

    /// The greatest age of a plan, in hours
    #[arg(
        long,
        value_name = "HOURS",
        default_value_t = 24,
        value_parser = clap::value_parser!(u32).range(1..=8760),
        conflicts_with = "source"
    )]
    pub max_age: u32,
}
