//! What a command costs: it runs in a process that does nothing else, and the system tells what its children used.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

/// The cost of one run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Usage {
    /// User and system time, seconds.
    pub cpu: f64,
    /// Seconds on the clock.
    pub wall: f64,
    /// Peak resident memory, MiB; never less than the 3 MiB of the process that starts it.
    pub peak: f64,
}

/// Runs `command` in `folder` with its output in a file, from a small process of this program's own.
pub fn measure(folder: &Path, command: &[String]) -> Usage {
    let own = std::env::current_exe().expect("this program");
    let output = Command::new(own).arg("usage").args(command).current_dir(folder).output().expect("it runs");
    let line = String::from_utf8_lossy(&output.stdout).into_owned();
    let numbers: Vec<f64> = line.split_whitespace().filter_map(|number| number.parse().ok()).collect();
    let [cpu, wall, peak] = numbers[..] else {
        unreachable!("{command:?}: {}", String::from_utf8_lossy(&output.stderr))
    };
    Usage { cpu, wall, peak }
}

/// The small process: runs `command` and prints what it used. A tool that fails at once would look quick, so that is
/// an end: with 2 and more, and for typos, which says 2 where it finds something, with more than that.
pub fn run_alone(command: &[String]) {
    let (program, arguments) = command.split_first().expect("a command");
    let file = std::env::temp_dir().join(format!("proclint-speed-{}", std::process::id()));
    let out = File::create(&file).expect("a file for the output");
    let start = Instant::now();
    let status = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(out.try_clone().expect("a second handle"))
        .stderr(out)
        .status()
        .expect("the command starts");
    let wall = start.elapsed().as_secs_f64();
    let used = getrusage(UsageWho::RUSAGE_CHILDREN).expect("the system tells");
    let cpu = used.user_time() + used.system_time();
    let highest = if program.ends_with("typos") { 2 } else { 1 };
    if !status.code().is_some_and(|code| (0..=highest).contains(&code)) {
        let said: String = std::fs::read_to_string(&file).unwrap_or_default().chars().take(500).collect();
        eprintln!("{program} ended with {status}: {said}");
        std::process::exit(1);
    }
    let _ = std::fs::remove_file(file);
    // Linux counts in KiB, macOS in bytes.
    let unit = if cfg!(target_os = "macos") { 1 << 20 } else { 1 << 10 };
    println!("{} {wall} {}", cpu.num_microseconds() as f64 / 1e6, used.max_rss() as f64 / f64::from(unit));
}

/// The middle of `values`.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
