//! How the cost grows: 10, 100, 1,000 and 10,000 of one thing, everything else the same.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::corpus::{ENGLISH, issue, page, references, rule, waived};
use crate::inputs::generate;
use crate::usage::{measure, median};
use crate::{GrowthArgs, PROCLINT};

/// Writes an input of a size into a folder, and returns proclint's arguments.
type Write = fn(&Path, usize) -> Vec<&'static str>;

/// What grows, its smallest size, and how it is written.
const SERIES: [(&str, usize, Write); 8] = [
    ("files of 7 KB", 10, |folder, count| {
        generate(folder, count, 7_000, ENGLISH);
        vec!["check", "."]
    }),
    ("bytes of one file", 10_000, |folder, bytes| {
        put(folder, "page.md", &page(1, bytes, ENGLISH));
        vec!["check", "page.md"]
    }),
    ("rules with a literal, 200 KB of pages", 1, |folder, count| {
        generate(&folder.join("pages"), 30, 7_000, ENGLISH);
        fs::create_dir_all(folder.join("rules")).expect("a folder");
        (0..count).for_each(|number| put(folder, &format!("rules/own-{number}.yml"), &rule(number)));
        vec!["check", "--rules", "rules", "pages"]
    }),
    ("findings in one file", 10, |folder, count| {
        put(folder, "page.md", &references(count));
        vec!["check", "--format", "json", "page.md"]
    }),
    ("waivers in one file", 10, |folder, count| {
        put(folder, "page.md", &waived(count));
        vec!["check", "page.md"]
    }),
    ("labels of one issue", 10, |folder, count| {
        put(folder, "issue.json", &issue(1, count).to_string());
        vec!["check", "--issues", "issue.json"]
    }),
    ("issues", 10, |folder, count| {
        issues(folder, count);
        vec!["check", "--issues", "issues.ndjson"]
    }),
    ("issues of an audit", 10, |folder, count| {
        issues(folder, count);
        vec!["audit", "issues.ndjson"]
    }),
];

fn issues(folder: &Path, count: usize) {
    let mut lines = String::new();
    for number in 0..count {
        let _ = writeln!(lines, "{}", issue(number, 4));
    }
    put(folder, "issues.ndjson", &lines);
}

fn put(folder: &Path, file: &str, text: &str) {
    fs::write(folder.join(file), text).expect("written");
}

/// Measures and prints; the exponent is what ten times more costs, as a power of ten, without the start-up.
pub fn run(args: &GrowthArgs) {
    println!("| what grows | size | CPU ms | peak MiB | ten times more costs | exponent |");
    println!("| --- | --: | --: | --: | --: | --: |");
    for (name, least, write) in SERIES {
        if args.only.as_deref().is_some_and(|only| !name.contains(only)) {
            continue;
        }
        let work = tempfile::tempdir().expect("a folder");
        let points: Vec<_> = (0..4)
            .map(|decade| {
                let size = least * 10_usize.pow(decade);
                let folder = work.path().join(decade.to_string());
                fs::create_dir_all(&folder).expect("a folder");
                let arguments = write(&folder, size);
                let command = [PROCLINT].into_iter().chain(arguments).chain(["--jobs", "1"]);
                (size, folder, command.map(str::to_owned).collect::<Vec<_>>())
            })
            .collect();
        let mut costs = vec![Vec::new(); points.len()];
        for _ in 0..args.runs {
            for ((_, folder, command), costs) in points.iter().zip(&mut costs) {
                costs.push(measure(folder, command));
            }
        }
        let cpu: Vec<f64> =
            costs.iter().map(|costs| median(costs.iter().map(|usage| usage.cpu).collect())).collect();
        for (at, (size, ..)) in points.iter().enumerate() {
            let peak = median(costs[at].iter().map(|usage| usage.peak).collect());
            // The smallest size is nearly all start-up; what a step adds on top of it tells the growth.
            let step = if at > 0 { format!("{:.1}x", cpu[at] / cpu[at - 1]) } else { String::new() };
            let exponent = (at > 1 && cpu[at - 1] > cpu[0])
                .then(|| format!("{:.2}", ((cpu[at] - cpu[0]) / (cpu[at - 1] - cpu[0])).log10()));
            println!(
                "| {name} | {size} | {:.1} | {peak:.1} | {step} | {} |",
                cpu[at] * 1e3,
                exponent.unwrap_or_default()
            );
        }
    }
}
