//! The arguments of the commands that look at records of the past.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use proclint::audit::TEAM_PREFIXES;

use super::values::{ShardArg, parse_place, parse_report, parse_shard};
use super::{FailOn, ListFormat, OnlineArgs, RemedyArgs, RuleArgs};

#[derive(Debug, Args)]
pub struct WhyArgs {
    /// The rule's id
    pub rule: String,

    /// A file; with a file of records one of them, as in `#12` or `group/project!7`
    #[arg(required_unless_present_any = ["merge_request", "issues"])]
    pub subject: Option<String>,

    /// A file of merge request records; `-` reads standard input
    #[arg(long, value_name = "FILE", conflicts_with = "issues")]
    pub merge_request: Option<String>,

    /// A file of issue or epic records; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    pub issues: Option<String>,

    #[command(flatten)]
    pub light: LightArgs,
}

impl WhyArgs {
    /// Whether the subject is a record.
    pub fn is_record(&self) -> bool {
        self.merge_request.is_some() || self.issues.is_some()
    }
}

#[derive(Debug, Args)]
pub struct SimulateArgs {
    /// The file of the rule to try; its name is the rule's id
    #[arg(long, value_name = "FILE")]
    pub rule: PathBuf,

    /// What to try it on: a file of records (JSON or NDJSON), a project export, packed or not, a folder or a file of a
    /// project, or a project or group of GitLab; `-` reads records from standard input
    #[arg(long, value_name = "SOURCE", value_parser = parse_place)]
    pub over: String,

    #[command(flatten)]
    pub online: OnlineArgs,

    /// Leave out records created before this day
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub since: Option<String>,

    /// Show the words of confidential items
    #[arg(long)]
    pub show_confidential: bool,

    /// Look at nothing more after so many seconds; what is left is told as not checked
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    pub timeout: Option<u64>,

    #[command(flatten)]
    pub light: LightArgs,
}

// In which light one rule is looked at.
#[derive(Debug, Args)]
pub struct LightArgs {
    /// The project of records that do not name theirs
    #[arg(long, value_name = "GROUP/PROJECT")]
    pub project: Option<String>,

    /// A folder with more rules; may be given several times
    #[arg(long = "rules", value_name = "DIR")]
    pub folders: Vec<PathBuf>,

    /// The configuration file [default: .proclint.yml at the root of the repository]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// The day that counts as today [default: the system's date, UTC]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub today: Option<String>,

    /// How to print the answer
    #[arg(long, value_enum, default_value_t = ListFormat::Human)]
    pub format: ListFormat,
}

impl LightArgs {
    /// The rules and the configuration that are read.
    pub fn rules(&self) -> RuleArgs {
        RuleArgs { folders: self.folders.clone(), config: self.config.clone(), ..RuleArgs::default() }
    }
}

#[derive(Debug, Args)]
pub struct AuditArgs {
    /// A project or group of a GitLab server, by its path or address; or a file of records (JSON or NDJSON), a project
    /// export, packed or not, or a folder of saved records; `-` reads standard input
    #[arg(
        required_unless_present = "apply",
        default_value = "",
        hide_default_value = true,
        value_parser = parse_place
    )]
    pub source: String,

    /// Check one of N parts of the source, the I-th; `env` reads CI_NODE_INDEX and CI_NODE_TOTAL of a pipeline's job.
    /// `proclint merge` joins what `--format json` writes
    #[arg(long, value_name = "I/N", value_parser = parse_shard)]
    pub shard: Option<ShardArg>,

    /// The labels that exist: a JSON array or NDJSON, as `GET /projects/:id/labels` gives them [default: those of the
    /// export, or of the configuration]
    #[arg(long, value_name = "FILE", help_heading = "Labels and milestones")]
    pub labels: Option<PathBuf>,

    /// The milestones that exist: a JSON array or NDJSON, as `GET /projects/:id/milestones` gives them [default: those
    /// of the export]
    #[arg(long, value_name = "FILE", help_heading = "Labels and milestones")]
    pub milestones: Option<PathBuf>,

    /// The policies of gitlab-triage to look at [default: .triage-policies.yml of the repository]
    #[arg(long, value_name = "FILE", help_heading = "Policies")]
    pub policies: Option<PathBuf>,

    #[command(flatten)]
    pub remedies: RemedyArgs,

    #[command(flatten)]
    pub rules: RuleArgs,

    #[command(flatten)]
    pub online: OnlineArgs,

    /// Show the words of confidential items and internal comments
    #[arg(long, help_heading = "Output")]
    pub show_confidential: bool,

    /// How to print what was found
    #[arg(long, value_enum, default_value_t = AuditFormat::Human, help_heading = "Output")]
    pub format: AuditFormat,

    /// Also write a report to a file; may be given several times
    #[arg(
        long,
        value_name = "FORMAT=PATH",
        value_parser = parse_report::<AuditFormat>,
        conflicts_with = "apply",
        help_heading = "Output"
    )]
    pub report: Vec<(AuditFormat, PathBuf)>,

    /// How the labels of teams start; may be given several times
    #[arg(
        long,
        value_name = "PREFIX",
        default_values_t = TEAM_PREFIXES.map(str::to_owned),
        help_heading = "Output"
    )]
    pub team_prefix: Vec<String>,

    /// Hold the run against those this file lists, one JSON object a line, and add it to them
    #[arg(long, value_name = "FILE", conflicts_with_all = ["shard", "apply"], help_heading = "Output")]
    pub history: Option<PathBuf>,

    /// The lowest severity that makes the run fail
    #[arg(long, value_enum, default_value_t = FailOn::Warning, help_heading = "Output")]
    pub fail_on: FailOn,

    /// The project of records that do not name theirs
    #[arg(long, value_name = "GROUP/PROJECT")]
    pub project: Option<String>,

    /// Look at nothing more after so many seconds; what is left is told as not checked
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    pub timeout: Option<u64>,

    /// The day that counts as today [default: the system's date, UTC]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub today: Option<String>,

    /// Number of threads [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,
}

/// Output formats for an audit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AuditFormat {
    /// Counts and examples for each rule
    Human,
    /// The same as JSON
    Json,
    /// The same as Markdown, for an issue
    Markdown,
    /// Every finding, one JSON object a line, and the counts in the last
    Ndjson,
    /// Every finding, one line of a spreadsheet each
    Csv,
    /// One page that needs no network, with charts and a table to filter
    Html,
}
