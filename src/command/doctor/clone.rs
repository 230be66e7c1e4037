//! Whether the clone reaches the target branch, and what the target branch judges by.

use std::path::Path;

use proclint::load::{GitError, Pipeline, Stretch};

use super::Line;
use super::line::State;
use crate::args::DoctorArgs;
use crate::command::ci::policy::Policy;

/// The lines about the clone at `root`.
pub fn lines(args: &DoctorArgs, pipeline: &Pipeline, root: &Path) -> Vec<Line> {
    let Some(request) = &pipeline.request else { return Vec::new() };
    let stretch = match Stretch::find(root, request) {
        Ok(stretch) => stretch,
        Err(error @ GitError::NoRepository { .. }) => {
            let remedy = "let the job fetch the repository: no `GIT_STRATEGY: none`";
            return vec![Line::less("clone", error.to_string(), remedy)];
        }
        Err(error) => return vec![Line::failed("clone", State::Blocked, &error)],
    };
    let base = &stretch.base[..stretch.base.len().min(8)];
    let clone = match stretch.is_whole(root) {
        Ok(true) => Line::ok("clone", format!("it reaches the target branch at {base}")),
        Ok(false) => Line::less(
            "clone",
            format!("it holds the target branch at {base}, and not every commit since"),
            "set `GIT_DEPTH: 0` in the job; without it commit messages come from the API only",
        ),
        Err(error) => Line::failed("clone", State::Blocked, &error),
    };
    vec![clone, policy(args, root, &stretch)]
}

fn policy(args: &DoctorArgs, root: &Path, stretch: &Stretch) -> Line {
    let trusted = Policy::of_target(&args.policy, root, Some(stretch));
    let read = trusted.and_then(|trusted| trusted.setup(&args.policy, root).map(|_| trusted));
    match read {
        Err(fault) => Line::failed("policy", State::Blocked, &fault),
        Ok(trusted) => match trusted.gaps().next() {
            Some(gap) => Line::less("policy", format!("{}: {}", gap.subject, gap.reason), "merge it first"),
            None if trusted.is_default() => {
                Line::ok("policy", "the built-in rules: the target branch has no configuration of its own")
            }
            None => Line::ok("policy", format!("{} and what it names", trusted.source())),
        },
    }
}
