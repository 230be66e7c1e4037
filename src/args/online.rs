//! How records are read from a GitLab server.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::ServerArgs;

#[derive(Debug, Args)]
#[command(next_help_heading = "Reading from GitLab")]
pub struct OnlineArgs {
    /// Read only these lists [default: all that there are]
    #[arg(long, value_enum, value_delimiter = ',', value_name = "LIST,…")]
    pub what: Vec<WhatArg>,

    /// Read only records in this state
    #[arg(long, value_enum, default_value_t = StateArg::All)]
    pub state: StateArg,

    /// Read only records that changed on this day or later
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub updated_after: Option<String>,

    /// Make at most so many calls of the API
    #[arg(long, value_name = "CALLS", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    pub budget: u32,

    /// Make so many calls at a time
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=16))]
    pub calls_at_once: u8,

    /// Keep answers in this folder, so that what did not change is not sent again; they hold confidential items, too
    #[arg(long, value_name = "FOLDER")]
    pub cache: Option<PathBuf>,

    /// Keep the records in this folder as NDJSON, to be audited again without the server; a reading that ended early
    /// goes on where it ended
    #[arg(long, value_name = "FOLDER")]
    pub save: Option<PathBuf>,

    #[command(flatten)]
    pub server: ServerArgs,
}

impl OnlineArgs {
    /// An option that says something only of a server.
    pub fn given(&self) -> Option<&'static str> {
        let given = [
            ("--what", !self.what.is_empty()),
            ("--state", self.state != StateArg::All),
            ("--updated-after", self.updated_after.is_some()),
            ("--cache", self.cache.is_some()),
            ("--save", self.save.is_some()),
        ];
        given.into_iter().find_map(|(option, given)| given.then_some(option))
    }
}

/// Lists of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum WhatArg {
    /// The issues
    Issues,
    /// The epics of a group
    Epics,
    /// The merge requests
    MergeRequests,
}

/// States of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum StateArg {
    /// Those that are open
    Opened,
    /// Those that are closed; a merged merge request is not
    Closed,
    /// All of them
    All,
}
