//! Instructions under callgrind: the same on a busy machine, so that a regression shows.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, exit};

use crate::corpus::{ENGLISH, JAPANESE, TEMPLATE, merge_request, page, references};
use crate::inputs::{generate, single};
use crate::{InstructionArgs, PROCLINT};

/// More than this is a regression.
const ALLOWED: f64 = 1.05;

/// Measures, and compares with `benches/instructions.tsv`; fails where an input got dearer by more than 5 %.
pub fn run(args: &InstructionArgs) {
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/instructions.tsv");
    let here = match toolchain() {
        Ok(here) => here,
        Err(missing) => return println!("not checked: {missing}"),
    };
    let text = fs::read_to_string(&committed).unwrap_or_default();
    let (recorded, figures) = parse(&text);
    let same = recorded == here;
    let work = tempfile::tempdir().expect("a folder");
    let (mut table, mut dearer) = (format!("# {here}\n"), Vec::new());
    println!("{here}\n\n| input | instructions | committed | change |\n| --- | --: | --: | --: |");
    for (name, arguments) in inputs(work.path()) {
        let count = count(work.path(), &arguments);
        let _ = writeln!(table, "{name}\t{count}");
        let before = figures.get(name);
        let ratio = before.map(|before| count as f64 / *before as f64);
        let change = ratio.map(|ratio| format!("{:+.1} %", (ratio - 1.0) * 100.0)).unwrap_or_default();
        println!("| {name} | {count} | {} | {change} |", before.map(u64::to_string).unwrap_or_default());
        if ratio.is_none_or(|ratio| ratio > ALLOWED) {
            dearer.push(name);
        }
    }
    if args.update {
        fs::write(&committed, table).expect("written");
        return println!("\nwritten to benches/instructions.tsv");
    }
    if !same {
        return println!("\nnot checked: the committed figures are from {recorded}");
    }
    if !dearer.is_empty() {
        println!("\ndearer by more than 5 %: {}; `--update` accepts it", dearer.join(", "));
        exit(1);
    }
}

/// The toolchain of the committed figures, and the figures by input.
fn parse(text: &str) -> (String, BTreeMap<&str, u64>) {
    let recorded = text.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or("nowhere").to_owned();
    let figure = |line: &'_ str| -> Option<(usize, u64)> {
        Some((line.find('\t')?, line.split_once('\t')?.1.parse().ok()?))
    };
    let figures = text.lines().filter_map(|line| figure(line).map(|(tab, count)| (&line[..tab], count)));
    (recorded, figures.collect())
}

/// What the figures depend on besides the source.
fn toolchain() -> Result<String, String> {
    let version = |program: &str, arguments: &[&str]| {
        let output =
            Command::new(program).args(arguments).output().map_err(|error| format!("{program}: {error}"))?;
        Ok::<_, String>(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let rustc = version("rustc", &["-vV"])?;
    let part = |key: &str| rustc.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_default();
    Ok(format!("rustc {}, {}, {}", part("release: "), part("host: "), version("valgrind", &["--version"])?))
}

fn inputs(work: &Path) -> Vec<(&'static str, Vec<&'static str>)> {
    single("", work, ".gitlab/issue_templates/feature.md", TEMPLATE);
    single("", work, "merge-request.json", &merge_request(300).to_string());
    single("", work, "english.md", &page(1, 200_000, ENGLISH));
    single("", work, "japanese.md", &page(1, 200_000, JAPANESE));
    single("", work, "findings.md", &references(2_000));
    generate(&work.join("many"), 300, 7_000, ENGLISH);
    vec![
        ("no subject: the rules' list", vec!["rules"]),
        ("a template of 1 KB", vec!["check", ".gitlab/issue_templates/feature.md"]),
        ("a merge request, 300 lines of diff", vec!["check", "--merge-request", "merge-request.json"]),
        ("300 pages of 7 KB", vec!["check", "--jobs", "1", "many"]),
        ("an English page of 200 KB", vec!["check", "english.md"]),
        ("a Japanese page of 200 KB", vec!["check", "japanese.md"]),
        ("2,000 findings, human", vec!["check", "findings.md"]),
        ("2,000 findings, JSON", vec!["check", "--format", "json", "findings.md"]),
    ]
}

fn count(folder: &Path, arguments: &[&str]) -> u64 {
    let valgrind = ["--tool=callgrind", "--callgrind-out-file=/dev/null"];
    let output = Command::new("valgrind")
        .args(valgrind)
        .arg(PROCLINT)
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("valgrind runs");
    assert!(matches!(output.status.code(), Some(0 | 1)), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let line = said.lines().find_map(|line| line.split_once("Collected : "));
    line.and_then(|(_, count)| count.trim().parse().ok()).expect("valgrind says what it collected")
}
