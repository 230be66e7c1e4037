//! One run of several: which it is, what they must have in common, and what it says where it has nothing to do.

use proclint::finding::{Report, Shard};
use proclint::report::count;
use proclint::world::World;

use super::Fault;
use super::baseline::List;
use super::run::Run;
use super::setup::Setup;
use crate::args::{CheckArgs, RuleArgs, ShardArg};

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
    if run.shard.is_none() {
        return;
    }
    let CheckArgs { rules, new, input, .. } = args;
    hash_setup(&mut |text| run.hash(text), setup, rules, run.world);
    run.hash(&format!("{} {:?} {}", args.no_waivers, new.since, new.staged));
    run.hash(&format!("{:?} {:?} {:?}", input.project, input.commit_msg, input.stdin_filename));
    run.hash(baseline.map_or("", List::text));
}

/// Hands `add` the rules, the selection and the shared facts: what decides on findings whatever the command.
pub fn hash_setup(add: &mut dyn FnMut(&str), setup: &Setup, rules: &RuleArgs, world: &World) {
    add(&setup.text.text);
    for file in &setup.own {
        add(&file.path);
        add(&file.text);
    }
    add(&format!("{:?} {:?} {:?}", rules.select, rules.ignore, world.project));
    for (path, text) in &world.files {
        add(path);
        add(text);
    }
}

/// Why a shard may have nothing to check although everything is in order: the subjects are `elsewhere`, in others.
pub fn empty(report: &Report, elsewhere: usize) -> Option<String> {
    let part = report.part.as_ref().filter(|_| report.checked == 0 && elsewhere > 0)?;
    Some(format!("shard {} is empty, the others have {}", part.shard, count(elsewhere, "subject")))
}
