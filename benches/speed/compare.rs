//! One table: every tool on every input, in turn, so that whatever else the machine does hits all of them.

use std::path::Path;
use std::process::Command;

use crate::CompareArgs;
use crate::inputs::{self, Input};
use crate::peers::{self, FLOOR, REFERENCE, Tool};
use crate::usage::{Usage, measure, median};

/// CPU seconds above which a tool runs three times only.
const SLOW: f64 = 2.0;

/// Measures and prints.
pub fn run(args: &CompareArgs) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let peers = root.join("target/peers");
    if args.install_peers {
        let script = root.join("benches/install-peers.sh");
        let status = Command::new(script).arg(&peers).status().expect("a shell");
        assert!(status.success(), "the peers cannot be installed");
    }
    let work = tempfile::tempdir().expect("a folder");
    let tools = peers::present(&peers.join("bin"), &work.path().join("pattern"));
    for tool in tools.iter().filter(|tool| tool.name != FLOOR) {
        println!("{}: {}", tool.name, tool.version());
    }
    println!("\n| input | tool | CPU ms | wall ms | peak MiB | MB/s | CPU, x R | wall, x R | CPU, x floor |");
    println!("| --- | --- | --: | --: | --: | --: | --: | --: | --: |");
    for input in inputs::write(work.path(), args.folder.as_deref(), args.only.as_deref()) {
        rows(&input, &tools, args);
    }
}

/// The runs of one tool, in the order of the rounds; `None` where it sat one out.
struct Runs<'t> {
    tool: &'t Tool,
    command: Vec<String>,
    slow: bool,
    runs: Vec<Option<Usage>>,
}

impl Runs<'_> {
    fn median(&self, of: impl Fn(&Usage) -> f64) -> f64 {
        median(self.runs.iter().flatten().map(of).collect())
    }

    /// The median of what each run was in relation to `other` in the same round; a dash without the other.
    fn ratio(&self, other: Option<&Self>, of: impl Fn(&Usage) -> f64) -> String {
        let Some(other) = other else { return "-".to_owned() };
        let pairs =
            self.runs.iter().zip(&other.runs).filter_map(|(a, b)| Some(of(a.as_ref()?) / of(b.as_ref()?)));
        format!("{:.2}", median(pairs.collect()))
    }
}

fn rows(input: &Input, tools: &[Tool], args: &CompareArgs) {
    // What a pathological input does to the peers is known, and takes minutes.
    let tools = tools.iter().filter(|tool| {
        !input.name.starts_with("pathological") || ["proclint", FLOOR, REFERENCE].contains(&tool.name)
    });
    let commands = tools.filter_map(|tool| Some((tool, tool.command(input)?)));
    let mut all: Vec<_> = commands
        .map(|(tool, command)| {
            let slow = measure(&input.folder, &command).cpu > SLOW;
            Runs { tool, command, slow, runs: Vec::new() }
        })
        .filter(|runs| !(runs.slow && args.quick))
        .collect();
    for round in 0..args.pairs {
        for runs in &mut all {
            let takes_part = !runs.slow || round < 3;
            runs.runs.push(takes_part.then(|| measure(&input.folder, &runs.command)));
        }
    }
    let named = |name: &str| all.iter().find(|runs| runs.tool.name == name);
    let (reference, floor) = (named(REFERENCE), named(FLOOR));
    for runs in &all {
        let cpu = runs.median(|usage| usage.cpu);
        println!(
            "| {} | {} | {:.1} | {:.1} | {:.1} | {:.0} | {} | {} | {} |",
            input.name,
            runs.tool.name,
            cpu * 1e3,
            runs.median(|usage| usage.wall) * 1e3,
            runs.median(|usage| usage.peak),
            input.bytes as f64 / 1e6 / cpu,
            runs.ratio(reference, |usage| usage.cpu),
            runs.ratio(reference, |usage| usage.wall),
            runs.ratio(floor, |usage| usage.cpu),
        );
    }
}
