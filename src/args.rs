//! The command line: types only.

mod apply;
mod ci;
mod history;
mod online;
mod values;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

pub use values::{ColorArg, CoverageFormat, FailOn, FormatArg, ListFormat, ShardArg, holds_secret};
use values::{parse_report, parse_shard, parse_source};

pub use self::apply::RemedyArgs;
pub use self::ci::{CiArgs, DoctorArgs, PolicyArgs, ServerArgs};
pub use self::history::{AuditArgs, AuditFormat, SimulateArgs, WhyArgs};
pub use self::online::{OnlineArgs, StateArg, WhatArg};

/// Checks merge requests, templates, issues and handbook pages against the process your handbook describes.
#[derive(Debug, Parser)]
#[command(name = "proclint", version, about, max_term_width = 100, propagate_version = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

// The arguments of a command are built when it is chosen. A doc comment on a struct that is flattened into them would then
// replace the command's own.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum Command {
    /// Lint files, a merge request, issues or a commit message
    Check(Box<CheckArgs>),
    /// Do the job of a pipeline: judge its merge request, or check the project
    Ci(Box<CiArgs>),
    /// Say whether the job of a pipeline has what it needs, and what to do where it has not
    Doctor(DoctorArgs),
    /// List the waivers in files, with owner, reason, age and last day
    Waivers(WaiversArgs),
    /// List the rules
    Rules(RulesArgs),
    /// Show one rule with its handbook words, examples and options
    Explain(ExplainArgs),
    /// Check all records of a project, whatever their number, and sum up what each rule found
    Audit(Box<AuditArgs>),
    /// Show why a rule fired or stayed silent on a file or a record
    Why(WhyArgs),
    /// Try a new or changed rule over records or files of the past
    Simulate(SimulateArgs),
    /// Join the reports of shards, as if one run had checked everything
    Merge(MergeArgs),
    /// Run every example of every rule
    Test(TestArgs),
    /// Set a project up: configuration, hooks and the job of a pipeline
    Init(InitArgs),
    /// Keep the list of findings that are taken over from the past
    #[command(subcommand)]
    Baseline(BaselineCommand),
    /// Compare what the rules cite with today's handbook
    Drift(DriftArgs),
    /// List the normative sentences of a handbook page, and which rule enforces each
    Coverage(CoverageArgs),
}

#[derive(Debug, Args)]
pub struct CheckArgs {
    #[command(flatten)]
    pub input: InputArgs,

    /// Titles of issues for fixes: a JSON array or NDJSON of records; those of confidential ones are never used
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub titles: Option<PathBuf>,

    /// Check one of N parts of the input, the I-th; `env` reads CI_NODE_INDEX and CI_NODE_TOTAL of a pipeline's job
    #[arg(
        long,
        value_name = "I/N",
        value_parser = parse_shard,
        conflicts_with_all = ["fix", "diff", "titles"],
        help_heading = "Input"
    )]
    pub shard: Option<ShardArg>,

    #[command(flatten)]
    pub fixes: FixArgs,

    #[command(flatten)]
    pub rules: RuleArgs,

    /// Report what waivers in the text allow, too
    #[arg(long, help_heading = "Rules")]
    pub no_waivers: bool,

    #[command(flatten)]
    pub new: NewArgs,

    #[command(flatten)]
    pub output: OutputArgs,

    /// Look at nothing more after so many seconds; what is left is told as not checked
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    pub timeout: Option<u64>,

    /// Say more about what is read and skipped
    #[arg(long, short, action = clap::ArgAction::Count, help_heading = "Output")]
    pub verbose: u8,
}

// What is read.
#[derive(Debug, Default, Args)]
pub struct InputArgs {
    /// Files and folders to lint [default: the repository you stand in, unless a record is given]
    pub paths: Vec<PathBuf>,

    /// A merge request record as JSON; `-` reads standard input, `env` builds it from a pipeline's CI variables
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub merge_request: Option<String>,

    /// Issue or epic records as a JSON array, one object, or NDJSON; `-` reads standard input
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub issues: Option<String>,

    /// A commit message file
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub commit_msg: Option<PathBuf>,

    /// Lint standard input as if it were this file
    #[arg(long, value_name = "NAME", help_heading = "Input")]
    pub stdin_filename: Option<String>,

    /// The project of records that do not name theirs
    #[arg(long, value_name = "GROUP/PROJECT", help_heading = "Input")]
    pub project: Option<String>,

    /// The day that counts as today [default: the system's date, UTC]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub today: Option<String>,

    /// Number of threads [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,
}

// What happens to fixes.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Fixes")]
pub struct FixArgs {
    /// Make the safe fixes in the files; a record's fixes are shown
    #[arg(long)]
    pub fix: bool,

    /// With `--fix` or `--diff`, also the fixes that somebody should look at
    #[arg(long)]
    pub unsafe_fixes: bool,

    /// Show as a unified diff what `--fix` would do, and change nothing
    #[arg(long)]
    pub diff: bool,
}

// What counts as old.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Only what is new")]
pub struct NewArgs {
    /// Leave out the findings that this file lists; `proclint baseline update` writes it
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,

    /// Check changed files only, and report only lines added since the merge base of REV and HEAD
    #[arg(long, value_name = "REV", conflicts_with = "stdin_filename")]
    pub since: Option<String>,

    /// Check staged files only, with their staged content
    #[arg(long, conflicts_with_all = ["stdin_filename", "fix"])]
    pub staged: bool,
}

#[derive(Debug, Subcommand)]
pub enum BaselineCommand {
    /// Take mended findings out of the baseline; a first one lists what there is
    Update(Box<UpdateArgs>),
}

#[derive(Debug, Args)]
pub struct UpdateArgs {
    /// The file to write
    #[arg(long = "baseline", value_name = "FILE", default_value = "proclint-baseline.ndjson")]
    pub file: PathBuf,

    /// Also take new findings into a baseline that there is
    #[arg(long)]
    pub accept_new: bool,

    #[command(flatten)]
    pub input: InputArgs,

    #[command(flatten)]
    pub rules: RuleArgs,
}

// Where findings go, and which of them make the run fail.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Output")]
pub struct OutputArgs {
    /// How to print findings [default: human on a terminal, else concise]
    #[arg(long, value_enum)]
    pub format: Option<FormatArg>,

    /// Also write a report to a file; may be given several times
    #[arg(long, value_name = "FORMAT=PATH", value_parser = parse_report::<FormatArg>)]
    pub report: Vec<(FormatArg, PathBuf)>,

    /// The lowest severity that makes the run fail
    #[arg(long, value_enum, default_value_t = FailOn::Warning)]
    pub fail_on: FailOn,

    /// When to use colour
    #[arg(long, value_enum, default_value_t = ColorArg::Auto)]
    pub color: ColorArg,

    /// Print findings only, no summary
    #[arg(long, short)]
    pub quiet: bool,
}

// Which rules run.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Rules")]
pub struct RuleArgs {
    /// Run only these rules: ids or globs, separated by commas
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    pub select: Vec<String>,

    /// Do not run these rules: ids or globs, separated by commas
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    pub ignore: Vec<String>,

    /// A folder with more rules; may be given several times
    #[arg(long = "rules", value_name = "DIR")]
    pub folders: Vec<PathBuf>,

    /// The configuration file [default: .proclint.yml at the root of the repository]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct InitArgs {
    /// Write the files, without a question
    #[arg(long, short)]
    pub yes: bool,

    /// Where pipelines get proclint from
    #[arg(
        long,
        value_name = "URL",
        default_value = "https://gitlab.example.com/tools/proclint",
        value_parser = parse_source
    )]
    pub source: String,
}

#[derive(Debug, Args)]
pub struct WaiversArgs {
    /// Files and folders to read [default: the repository you stand in]
    pub paths: Vec<PathBuf>,

    /// The configuration file [default: .proclint.yml at the root of the repository]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// The day that counts as today [default: the system's date, UTC]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub today: Option<String>,

    /// How to print the list
    #[arg(long, value_enum, default_value_t = ListFormat::Human)]
    pub format: ListFormat,
}

#[derive(Debug, Args)]
pub struct RulesArgs {
    #[command(flatten)]
    pub rules: RuleArgs,

    /// Write the checksums of your own rules to proclint-rules.lock; from then on every run holds the rules against it
    #[arg(long, conflicts_with_all = ["select", "ignore", "format"])]
    pub lock: bool,

    /// How to print the list
    #[arg(long, value_enum, default_value_t = ListFormat::Human)]
    pub format: ListFormat,
}

#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The rule's id
    pub rule: String,

    /// A folder with more rules; may be given several times
    #[arg(long = "rules", value_name = "DIR")]
    pub folders: Vec<PathBuf>,

    /// How to print the rule
    #[arg(long, value_enum, default_value_t = ListFormat::Human)]
    pub format: ListFormat,
}

#[derive(Debug, Args)]
pub struct MergeArgs {
    /// The JSON reports of all shards, in any order
    #[arg(required = true, value_name = "REPORT")]
    pub shards: Vec<PathBuf>,

    /// Also write the page of an audit, as `proclint audit --report html=FILE` does
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub page: Option<PathBuf>,

    /// Hold the audit against those this file lists, and add it to them, as `proclint audit --history FILE` does
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub history: Option<PathBuf>,

    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Debug, Args)]
pub struct TestArgs {
    /// A folder with rules [default: the built-in rules]
    pub folder: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct DriftArgs {
    /// The handbook: its folder, or one page
    pub handbook: PathBuf,

    /// A folder with more rules than those that the configuration names; may be given several times
    #[arg(long = "rules", value_name = "DIR")]
    pub folders: Vec<PathBuf>,

    /// How to print the comparison
    #[arg(long, value_enum, default_value_t = ListFormat::Human)]
    pub format: ListFormat,
}

#[derive(Debug, Args)]
pub struct CoverageArgs {
    /// The handbook page, in Markdown
    pub page: PathBuf,

    /// A folder with more rules than those that the configuration names, and judgements about sentences in `judged/`; may
    /// be given several times
    #[arg(long = "rules", value_name = "DIR")]
    pub folders: Vec<PathBuf>,

    /// How to print the sentences
    #[arg(long, value_enum, default_value_t = CoverageFormat::Human)]
    pub format: CoverageFormat,
}
