//! What each command does, between the arguments and the library.

pub mod apply;
pub mod audit;
pub mod baseline;
pub mod check;
pub mod ci;
pub mod coverage;
pub mod deadline;
pub mod doctor;
pub mod drift;
pub mod explain;
pub mod fault;
pub mod files;
pub mod fix;
pub mod init;
pub mod input;
pub mod list;
pub mod lock;
pub mod merge;
pub mod online;
pub mod origin;
pub mod output;
pub mod plan;
pub mod policies;
pub mod progress;
pub mod rule_file;
pub mod run;
pub mod server;
pub mod setup;
pub mod shard;
pub mod simulate;
pub mod source;
pub mod stock;
pub mod terminal;
pub mod test;
pub mod waivers;
pub mod why;

pub use fault::Fault;

/// How a run ended; the exit code of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing at or above the threshold.
    Clean,
    /// Findings at or above the threshold.
    Findings,
    /// Every input had to be skipped; the report says why.
    Unchecked,
    /// A rule was tried and never applied, so that its silence says nothing.
    NoEvidence,
}
