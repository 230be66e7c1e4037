//! How quick proclint is beside what it could be and beside its peers: `cargo bench --bench speed -- --help`.
#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for people who measure"
)]

mod compare;
#[path = "../corpus.rs"]
mod corpus;
mod floor;
mod growth;
mod inputs;
mod instructions;
mod peers;
mod usage;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// The program that is measured, built with the same profile.
const PROCLINT: &str = env!("CARGO_BIN_EXE_proclint");

#[derive(Parser)]
#[command(about = "Measures proclint; figures are medians of runs in alternation.")]
struct Cli {
    #[command(subcommand)]
    what: What,
    /// `cargo bench` adds it.
    #[arg(long, hide = true, global = true)]
    bench: bool,
}

#[derive(Subcommand)]
enum What {
    /// proclint, the floor, ripgrep and the peers on PATH or in target/peers/bin, in one table
    Compare(CompareArgs),
    /// What ten times more files, bytes, rules, findings, waivers, labels and issues cost
    Growth(GrowthArgs),
    /// Instructions that proclint executes on fixed inputs, beside the committed figures
    Instructions(InstructionArgs),
    /// Walks, reads, validates, prefilters and parses FOLDER, and nothing else
    Floor {
        /// The folder, or one file
        folder: PathBuf,
    },
}

#[derive(Args)]
struct CompareArgs {
    /// A folder with Markdown pages; without one they are generated
    folder: Option<PathBuf>,
    /// Runs of each tool after a warm-up; those slower than 2 CPU seconds run three times
    #[arg(long, default_value_t = 9)]
    pairs: usize,
    /// Only inputs whose name holds this
    #[arg(long)]
    only: Option<String>,
    /// Leave out tools that take more than 2 CPU seconds for an input
    #[arg(long)]
    quick: bool,
    /// Install the peers into target/peers first, from their ordinary registries
    #[arg(long)]
    install_peers: bool,
}

#[derive(Args)]
struct GrowthArgs {
    /// Runs of each point
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Only what has this in its name
    #[arg(long)]
    only: Option<String>,
}

#[derive(Args)]
struct InstructionArgs {
    /// Write the figures down as the new ones to hold proclint to
    #[arg(long)]
    update: bool,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(("usage", command)) = arguments.split_first().map(|(first, rest)| (first.as_str(), rest)) {
        return usage::run_alone(command);
    }
    match Cli::parse().what {
        What::Compare(args) => compare::run(&args),
        What::Growth(args) => growth::run(&args),
        What::Instructions(args) => instructions::run(&args),
        What::Floor { folder } => {
            let [files, hits, events] = floor::run(&folder);
            println!("{files} files, {hits} hits, {events} events");
        }
    }
}
