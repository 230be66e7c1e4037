//! The arguments of the commands that look at records of the past.

use std::path::PathBuf;

use clap::Args;

use super::ListFormat;

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

    /// What to try it on: a file of records (JSON or NDJSON), an unpacked project export, a folder or a file of a
    /// project; `-` reads records from standard input
    #[arg(long, value_name = "SOURCE")]
    pub over: String,

    /// Leave out records created before this day
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub since: Option<String>,

    /// Show the words of confidential items
    #[arg(long)]
    pub show_confidential: bool,

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

    /// How to print what came of it
    #[arg(long, value_enum, default_value_t = ListFormat::Human)]
    pub format: ListFormat,
}
