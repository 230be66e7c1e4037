//! Why nothing of a plan is posted; each variant names whose mistake it is and what to do.

use std::io;

use miette::Diagnostic;
use thiserror::Error;

use crate::audit::remedies::BadPlan;
use crate::load::gitlab::GitlabError;

/// A plan that is not posted.
#[derive(Debug, Error, Diagnostic)]
pub enum ApplyError {
    /// The file is no plan.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Plan(#[from] BadPlan),
    /// The plan cannot be read.
    #[error("the plan {path} cannot be read")]
    #[diagnostic(code(proclint::apply::unreadable), help("check the path given with `--apply`"))]
    Unreadable {
        /// The file.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// A rule hits more than it is likely to.
    #[error(
        "the brake holds: {rule} hits {hit} of the {asked} subjects it reads, {percent:.1} %, and the brake is {brake} %"
    )]
    #[diagnostic(
        code(proclint::apply::brake),
        help(
            "a rule that hits so many is more likely wrong than they are: look at some entries first; then raise the brake, as in `--brake {enough}`, or delete the rule's entries from the plan"
        )
    )]
    Brake {
        /// The rule.
        rule: String,
        /// Subjects it hits.
        hit: usize,
        /// Subjects it reads.
        asked: usize,
        /// The share, in percent.
        percent: f64,
        /// The brake, in percent.
        brake: u8,
        /// The least brake that lets it through, in percent.
        enough: u8,
    },
    /// The plan is old.
    #[error("the plan is {hours} hours old, more than {most}")]
    #[diagnostic(
        code(proclint::apply::stale),
        help("make a new one with `proclint audit SOURCE --plan FILE`, or allow its age with `--max-age`")
    )]
    Old {
        /// Its age, rounded up.
        hours: i64,
        /// The age allowed.
        most: u32,
    },
    /// The plan's moment is none, or lies ahead.
    #[error("the plan says it was made at `{made_at}`, which cannot be")]
    #[diagnostic(
        code(proclint::apply::moment),
        help("check the clock of this machine, or make a new plan with `proclint audit SOURCE --plan FILE`")
    )]
    Moment {
        /// What it says.
        made_at: String,
    },
    /// The plan was made with other rules.
    #[error("the plan was made with other rules or another configuration than these")]
    #[diagnostic(
        code(proclint::apply::rules),
        help(
            "give the same `--rules` and `--config` from the same folder; where the rules have changed, make a new plan with `proclint audit SOURCE --plan FILE`"
        )
    )]
    Rules,
    /// Another run is posting this plan.
    #[error("another run is posting this plan: it holds {path}")]
    #[diagnostic(code(proclint::apply::held), help("wait until it ends; what it posts is not posted again"))]
    Held {
        /// The journal.
        path: String,
    },
    /// A file beside the plan cannot be written.
    #[error("{path} cannot be written, so that nothing may be posted")]
    #[diagnostic(
        code(proclint::apply::journal),
        help(
            "check the folder's permissions and the space on the disk; what was posted stands in the journal"
        )
    )]
    Journal {
        /// The file.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// The journal was changed by hand.
    #[error("{path} is no journal of this plan: line {line}: {reason}")]
    #[diagnostic(
        code(proclint::apply::journal),
        help("put back the file as proclint wrote it; without it nobody knows what was posted")
    )]
    BadJournal {
        /// The file.
        path: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// No server is named.
    #[error("no GitLab server is named")]
    #[diagnostic(
        code(proclint::apply::server),
        help(
            "set CI_API_V4_URL, as in `https://gitlab.example.com/api/v4`, and PROCLINT_TOKEN; a pipeline's job has the first"
        )
    )]
    NoServer,
    /// There is no token that may post.
    #[error("there is no token that may post")]
    #[diagnostic(
        code(proclint::apply::token),
        help(
            "set PROCLINT_TOKEN to an access token with the scope `api`, of a role that may set labels; the job's own token posts nothing"
        )
    )]
    NoToken,
    /// The records are on another server.
    #[error("the plan is for {plan}, and this server's records are at {server}")]
    #[diagnostic(code(proclint::apply::host), help("set CI_API_V4_URL to the API of {plan}"))]
    Host {
        /// The host of the plan's records.
        plan: String,
        /// The host of the server's.
        server: String,
    },
    /// Several entries in a row did not work.
    #[error("{failures} entries in a row could not be posted, so that the rest is left")]
    #[diagnostic(code(proclint::apply::failing), help("mend what they say, and run it again"))]
    Failing {
        /// How many.
        failures: usize,
    },
    /// The API could not be asked.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Gitlab(#[from] GitlabError),
}
