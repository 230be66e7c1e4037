//! `proclint doctor`: whether the job of a pipeline has what it needs, and what to do where it has not.

mod clone;
mod line;
mod pipeline;
mod remote;

use proclint::load::{Pipeline, repository_root};

use self::line::{Line, human, json, outcome};
use super::deadline::Deadline;
use super::list::print;
use super::server::server;
use super::{Fault, Outcome};
use crate::args::{DoctorArgs, ListFormat};

/// Runs the command.
///
/// # Errors
/// Where the answer cannot be printed.
pub fn run(args: &DoctorArgs) -> Result<Outcome, Fault> {
    let env = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let pipeline = Pipeline::from_env(&env);
    let root = repository_root(&std::env::current_dir().unwrap_or_default());
    let mut lines = pipeline::lines(&pipeline, &env);
    lines.extend(remote::lines(&pipeline, &env, server(args.server, Deadline::default(), &env)));
    lines.extend(clone::lines(args, &pipeline, &root));
    print(&match args.format {
        ListFormat::Human => human(&lines),
        ListFormat::Json => json(&lines),
    })?;
    Ok(outcome(&lines))
}
