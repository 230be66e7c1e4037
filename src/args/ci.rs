//! The command line of the job of a pipeline.

use std::path::PathBuf;

use clap::Args;

use super::{ListFormat, OutputArgs, RuleArgs};

// By what a merge request is judged.
#[derive(Debug, Default, Args)]
pub struct PolicyArgs {
    #[command(flatten)]
    pub rules: RuleArgs,

    /// Leave out the findings that this file lists, as the target branch has it
    #[arg(long, value_name = "FILE", help_heading = "Only what is new")]
    pub baseline: Option<PathBuf>,
}

// How GitLab's API is asked.
#[derive(Clone, Copy, Debug, Args)]
pub struct ServerArgs {
    /// How long one call of GitLab's API may take, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub call_timeout: u64,
}

#[derive(Debug, Args)]
pub struct DoctorArgs {
    #[command(flatten)]
    pub policy: PolicyArgs,

    #[command(flatten)]
    pub server: ServerArgs,

    /// How to print what was found
    #[arg(long, value_enum, default_value_t = ListFormat::Human)]
    pub format: ListFormat,
}

#[derive(Debug, Args)]
pub struct CiArgs {
    #[command(flatten)]
    pub policy: PolicyArgs,

    /// Report what waivers in the text allow, too
    #[arg(long, help_heading = "Rules")]
    pub no_waivers: bool,

    /// Check all files of the project, changed or not
    #[arg(long, help_heading = "Only what is new")]
    pub all_files: bool,

    #[command(flatten)]
    pub output: OutputArgs,

    /// Post nothing to the merge request
    #[arg(long, help_heading = "Output")]
    pub no_note: bool,

    #[command(flatten)]
    pub server: ServerArgs,

    /// Look at nothing more after so many seconds; what is left is told as not checked
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    pub timeout: Option<u64>,

    /// The day that counts as today [default: the system's date, UTC]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub today: Option<String>,

    /// Number of threads [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,

    /// Say more about what is read and skipped
    #[arg(long, short, action = clap::ArgAction::Count, help_heading = "Output")]
    pub verbose: u8,
}
