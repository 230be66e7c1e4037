//! The command line: arguments in, exit code out.

mod args;
mod command;

use std::process::ExitCode;

use clap::Parser;

use args::{BaselineCommand, Cli, ColorArg, Command};
use command::Outcome;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let color = match &cli.command {
        Command::Check(args) => args.output.color,
        Command::Merge(args) => args.output.color,
        Command::Ci(args) => args.output.color,
        _ => ColorArg::Auto,
    };
    let outcome = match &cli.command {
        Command::Check(args) => command::check::run(args),
        Command::Merge(args) => command::merge::run(args),
        Command::Ci(args) => command::ci::run(args),
        Command::Doctor(args) => command::doctor::run(args),
        Command::Waivers(args) => command::waivers::run(args),
        Command::Rules(args) => command::list::run(args),
        Command::Explain(args) => command::explain::run(args),
        Command::Audit(args) => command::audit::run(args),
        Command::Simulate(args) => command::simulate::run(args),
        Command::Why(args) => command::why::run(args),
        Command::Test(args) => command::test::run(args),
        Command::Init(args) => command::init::run(args),
        Command::Baseline(BaselineCommand::Update(args)) => command::baseline::run(args),
        Command::Drift(args) => command::drift::run(args),
        Command::Coverage(args) => command::coverage::run(args),
    };
    match outcome {
        Ok(Outcome::Clean) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Ok(Outcome::Unchecked) => ExitCode::from(2),
        Ok(Outcome::NoEvidence) => ExitCode::from(3),
        Err(fault) => {
            command::terminal::show_fault(&fault, color);
            ExitCode::from(2)
        }
    }
}
