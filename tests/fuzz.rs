//! The fuzz targets with a stable toolchain: over the saved corpus, and over what a seeded mutator makes of it.
//!
//! `PROCLINT_FUZZ_SECONDS` is how long each target runs, one after the other; without it each takes a few inputs, always
//! the same. What breaks a target is left in `fuzz/artifacts/<target>/`.
#![allow(clippy::expect_used, clippy::panic, reason = "a test says what it expects")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "who fuzzes wants to know how far it came")]

#[path = "fuzz/mutator.rs"]
mod mutator;
#[path = "fuzz/targets.rs"]
mod targets;

use std::fs;
use std::panic::{catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use mutator::Mutator;
use nix::sys::resource::{UsageWho, getrusage};
use targets::Target;

/// Inputs of each target where no time is given, besides the saved ones.
const INPUTS: usize = 40;

/// Bytes of the inputs that are compared to see how the work grows.
const SHORT: usize = 8 << 10;

/// Of so many inputs one is also made longer.
const EACH: usize = 50;

/// CPU time from which on growth can be told from noise.
const MEASURABLE: Duration = Duration::from_millis(500);

/// An input four times as long may take this many times as long; work that grows with the square takes 16 times.
const GROWTH: u32 = 9;

fn folder(name: &str, target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(name).join(target)
}

/// The saved inputs of `target`, in the order of their names.
fn corpus(target: &str) -> Vec<Vec<u8>> {
    let entries = fs::read_dir(folder("corpus", target)).expect("every target has a corpus");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).expect("a saved input")).collect()
}

/// Keeps `input`, which breaks the target called `name`.
fn keep(name: &str, input: &[u8]) {
    let folder = folder("artifacts", name);
    fs::create_dir_all(&folder).expect("a folder for what was found");
    let path = folder.join("crash-stable");
    fs::write(&path, input).expect("room for what was found");
    eprintln!("{name} breaks on {}", path.display());
}

/// Runs `target` on `input`.
fn run(name: &str, target: Target, input: &[u8]) {
    if let Err(panic) = catch_unwind(|| target(input)) {
        keep(name, input);
        resume_unwind(panic);
    }
}

fn cpu_time() -> Duration {
    let usage = getrusage(UsageWho::RUSAGE_THREAD).expect("the kernel tells");
    let time = usage.user_time();
    Duration::new(
        time.tv_sec().unsigned_abs(),
        u32::try_from(time.tv_usec()).expect("less than a second") * 1000,
    )
}

/// CPU time of `target` on `input` repeated to `length` bytes, behind its first byte, which chooses.
fn cost(name: &str, target: Target, input: &[u8], length: usize) -> Duration {
    let (first, rest) = input.split_first().expect("an input with something in it");
    let repeated: Vec<u8> =
        std::iter::once(*first).chain(rest.iter().copied().cycle().take(length)).collect();
    let before = cpu_time();
    run(name, target, &repeated);
    cpu_time() - before
}

/// The work for `input`, the longer it gets, grows with its length and not with its square.
fn grows_with_its_length(name: &str, target: Target, input: &[u8]) {
    // Fixes are tried out, as a whole and then half by half, up to a fixed number of times.
    if input.is_empty() || matches!(name, "fixes" | "reports" | "waivers") {
        return;
    }
    let is_steep = || {
        let (short, long) = (cost(name, target, input, SHORT), cost(name, target, input, 4 * SHORT));
        (long > MEASURABLE && long > short * GROWTH).then_some((short, long))
    };
    // A busy machine may slow one of the two.
    if let (Some(_), Some(_), Some((short, long))) = (is_steep(), is_steep(), is_steep()) {
        keep(name, input);
        panic!("{name} takes {short:?} for it repeated to {SHORT} bytes and {long:?} for four times as many");
    }
}

fn fuzz(name: &str) {
    let (_, target) = targets::ALL.into_iter().find(|(known, _)| *known == name).expect("a target");
    let saved = corpus(name);
    saved.iter().for_each(|input| run(name, target, input));
    let set = |variable: &str| std::env::var(variable).ok().map(|value| value.parse().expect("a number"));
    let seconds = set("PROCLINT_FUZZ_SECONDS").map(Duration::from_secs);
    let seed =
        set("PROCLINT_FUZZ_SEED").unwrap_or_else(|| if seconds.is_some() { fastrand::u64(..) } else { 0 });
    let mut mutator = Mutator::new(seed);
    let Some(seconds) = seconds else {
        return (0..INPUTS).for_each(|_| run(name, target, &mutator.input(&saved)));
    };
    let (began, mut inputs) = (Instant::now(), 0);
    while began.elapsed() < seconds {
        let input = mutator.input(&saved);
        run(name, target, &input);
        inputs += 1;
        if inputs % EACH == 0 {
            grows_with_its_length(name, target, &input);
        }
    }
    println!("{name}: {} saved inputs and {inputs} of the seed {seed}", saved.len());
}

/// One test a target, named like it.
macro_rules! targets {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            fuzz(stringify!($name));
        })*

        #[test]
        fn every_target_is_run_and_has_a_binary() {
            let names: Vec<_> = targets::ALL.iter().map(|(name, _)| *name).collect();
            assert_eq!(names, [$(stringify!($name)),*]);
            for name in names {
                let binary = folder("fuzz_targets", &format!("{name}.rs"));
                let text = fs::read_to_string(&binary).expect("a binary for libFuzzer");
                assert!(text.contains(&format!("proclint_fuzz::{name}(data)")), "{}", binary.display());
            }
        }
    };
}

targets! { audits config diffs document fixes owners pages records reports rules saved waivers }
