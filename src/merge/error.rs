//! Why reports of shards cannot be merged; each variant names the file and what to do.

use miette::Diagnostic;
use thiserror::Error;

/// Reports that are not, all together, those of one split run.
#[derive(Debug, Error, Diagnostic)]
pub enum MergeError {
    /// The file ends too early.
    #[error("{path} is cut off")]
    #[diagnostic(
        code(proclint::merge::cut_off),
        help("the job that wrote it may have been stopped; run its shard again, and merge then")
    )]
    CutOff {
        /// The file.
        path: String,
    },
    /// The file holds something else.
    #[error("{path} is no JSON report of proclint: {reason}")]
    #[diagnostic(
        code(proclint::merge::no_report),
        help(
            "name files that `proclint check --shard I/N --report json=FILE` or `proclint audit SOURCE --shard I/N --format json` wrote"
        )
    )]
    NoReport {
        /// The file.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The file is about all of the input.
    #[error("{path} is the report of a whole run, not of a shard")]
    #[diagnostic(code(proclint::merge::whole), help("leave it out, or write it with `{how}`"))]
    Whole {
        /// The file.
        path: String,
        /// The command that writes the report of a shard.
        how: &'static str,
    },
    /// The shards are of two commands.
    #[error("{path} was written by `proclint {command}`, {first} by `proclint {expected}`")]
    #[diagnostic(
        code(proclint::merge::mixed),
        help("merge the reports of one run only; those of a check and of an audit are merged apart")
    )]
    Mixed {
        /// The file.
        path: String,
        /// The command that wrote it.
        command: &'static str,
        /// The file it is compared with.
        first: String,
        /// The command that wrote that.
        expected: &'static str,
    },
    /// Another version wrote it, which may find something else.
    #[error("{path} was written by proclint {found}, this is {}", env!("CARGO_PKG_VERSION"))]
    #[diagnostic(
        code(proclint::merge::version),
        help("run all shards and the merge with one version: pin it in the jobs")
    )]
    Version {
        /// The file.
        path: String,
        /// The version that wrote it.
        found: String,
    },
    /// The run could not read all of its input.
    #[error("shard {shard} in {path} is incomplete: its run could not read all of the input")]
    #[diagnostic(
        code(proclint::merge::incomplete),
        help("mend what that run names under `not checked: the input`, and run the shard again")
    )]
    Incomplete {
        /// The file.
        path: String,
        /// Which shard it is.
        shard: String,
    },
    /// The shards took different days for today.
    #[error("{path} counts from {today}, {first} from {expected}")]
    #[diagnostic(
        code(proclint::merge::today),
        help(
            "give all shards the same day: `--today {expected}`; in a pipeline `--today \"${{CI_PIPELINE_CREATED_AT%%T*}}\"`"
        )
    )]
    Today {
        /// The file.
        path: String,
        /// Its day.
        today: String,
        /// The file it is compared with.
        first: String,
        /// The day of that.
        expected: String,
    },
    /// The shards are not of one split.
    #[error("{path} is shard {shard}, {first} is one of {total}")]
    #[diagnostic(
        code(proclint::merge::total),
        help("merge the reports of one run only, and delete those of earlier ones")
    )]
    Total {
        /// The file.
        path: String,
        /// Which shard it is.
        shard: String,
        /// The file it is compared with.
        first: String,
        /// The number of shards there.
        total: usize,
    },
    /// The shards split different things.
    #[error("{path} and {first} are not about the same input, rules and options")]
    #[diagnostic(
        code(proclint::merge::input),
        help(
            "run all shards on one commit with the same files, records, configuration and options; only `--shard` and where reports go may differ"
        )
    )]
    Input {
        /// The file.
        path: String,
        /// The file it is compared with.
        first: String,
    },
    /// Two files are about the same part.
    #[error("{path} and {first} are both shard {shard}")]
    #[diagnostic(
        code(proclint::merge::doubled),
        help("name each shard once; in a pipeline put `$CI_NODE_INDEX` into the name of the file")
    )]
    Doubled {
        /// The file.
        path: String,
        /// The one before it.
        first: String,
        /// Which shard it is.
        shard: String,
    },
    /// Nobody has looked at a part of the input.
    #[error("there is no report of {missing}; {first} is one of {total}")]
    #[diagnostic(
        code(proclint::merge::missing),
        help("name the reports of all shards; where a job wrote none, its log says why")
    )]
    Missing {
        /// The shards, in words.
        missing: String,
        /// A file that tells how many there are.
        first: String,
        /// How many there are.
        total: usize,
    },
}
