//! One run of several: which it is, what they must have in common, and what it says where it has nothing to do.

use proclint::finding::{Report, Shard};
use proclint::report::count;

use super::Fault;
use super::baseline::List;
use super::run::Run;
use super::setup::Setup;
use crate::args::{CheckArgs, ShardArg};

/// The shard that is asked for; a job that is not one of several checks everything.
///
/// # Errors
/// Where the variables of the job name no shard.
pub fn chosen(argument: ShardArg) -> Result<Shard, Fault> {
    if let ShardArg::Given(shard) = argument {
        return Ok(shard);
    }
    let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let (index, total) = (set("CI_NODE_INDEX"), set("CI_NODE_TOTAL"));
    let numbers = match (&index, &total) {
        (None, None) => "1/1".to_owned(),
        // GitLab sets the total to 1 in every job.
        (None, Some(total)) if total == "1" => "1/1".to_owned(),
        (index, total) => {
            let text = |value: &Option<String>| value.clone().unwrap_or_default();
            format!("{}/{}", text(index), text(total))
        }
    };
    let shown = |value: Option<String>| value.map_or("not set".to_owned(), |value| format!("`{value}`"));
    Shard::parse(&numbers).ok_or_else(|| Fault::Shard { index: shown(index), total: shown(total) })
}

/// Adds to the hash of `run` what decides which findings there are, besides the input: rules, options, shared facts.
pub fn hash_options(run: &Run<'_>, args: &CheckArgs, setup: &Setup, baseline: Option<&List>) {
    run.hash(&setup.text.text);
    for file in &setup.own {
        run.hash(&file.path);
        run.hash(&file.text);
    }
    let CheckArgs { rules, new, input, .. } = args;
    run.hash(&format!("{:?} {:?} {}", rules.select, rules.ignore, args.no_waivers));
    run.hash(&format!("{:?} {:?} {}", run.world.project, new.since, new.staged));
    run.hash(&format!("{:?} {:?} {:?}", input.project, input.commit_msg, input.stdin_filename));
    for (path, text) in &run.world.files {
        run.hash(path);
        run.hash(text);
    }
    run.hash(baseline.map_or("", List::text));
}

/// Why a shard may have nothing to check although everything is in order: the subjects are `elsewhere`, in others.
pub fn empty(report: &Report, elsewhere: usize) -> Option<String> {
    let part = report.part.as_ref().filter(|_| report.checked == 0 && elsewhere > 0)?;
    Some(format!("shard {} is empty, the others have {}", part.shard, count(elsewhere, "subject")))
}
