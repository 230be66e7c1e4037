//! Where reports go: standard output and files, and the verdict on them.

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use proclint::diagnostic::Severity;
use proclint::finding::{Fixes, Report};
use proclint::report::{CanonicalFiles, Format, Style, canonical_files, render, render_diffs, summary};
use proclint::save::put;

use super::{Fault, Outcome};
use crate::args::{FailOn, FormatArg, OutputArgs};

/// Whether a report is asked for that points into the texts of records.
pub fn needs_texts(args: &OutputArgs) -> bool {
    let mut formats = args.report.iter().map(|(format, _)| *format).chain(args.format);
    formats.any(|FormatArg(format)| format.points_into_files())
}

/// Writes the reports that `args` ask for; those to files first, each whole or not at all. Where standard output is to
/// have the text `piped`, or a diff, people read the rest on standard error.
///
/// # Errors
/// Where a file cannot be written.
pub fn write_reports(
    args: &OutputArgs,
    report: &Report,
    style: Style,
    piped: Option<&str>,
) -> Result<(), Fault> {
    write_files(&args.report, report, &style)?;
    let default = if io::stdout().is_terminal() { Format::Human } else { Format::Concise };
    let format = args.format.map_or(default, |FormatArg(format)| format);
    if format.points_into_files() {
        write_texts(report, &style.canonical.dir)?;
    }
    let mut out = io::stdout().lock();
    let written = match piped {
        Some(text) => {
            let _ = render(format, report, &style, &mut io::stderr().lock());
            out.write_all(text.as_bytes())
        }
        None if report.fixes == Some(Fixes::Shown) && args.format.is_none() => {
            let _ = writeln!(io::stderr().lock(), "{}", summary(report, style.elapsed));
            render_diffs(report, &style, &mut out)
        }
        None => render(format, report, &style, &mut out),
    };
    match written {
        // The reader has seen enough, as `head` has: the verdict stands.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result.map_err(|source| Fault::Write { path: "standard output".to_owned(), source }),
    }
}

/// Writes a report to each of the files, whole or not at all.
///
/// # Errors
/// Where a file cannot be written.
pub fn write_files(files: &[(FormatArg, PathBuf)], report: &Report, style: &Style) -> Result<(), Fault> {
    for (FormatArg(format), path) in files {
        let format = *format;
        let folder =
            path.parent().map(|folder| folder.join(CanonicalFiles::default().dir)).unwrap_or_default();
        let dir = folder.to_string_lossy().replace('\\', "/");
        let plain = Style { color: false, links: false, canonical: CanonicalFiles { dir }, ..style.clone() };
        let mut out = Vec::new();
        let fault = |source| Fault::Write { path: path.display().to_string(), source };
        render(format, report, &plain, &mut out).map_err(fault)?;
        if format.points_into_files() {
            write_texts(report, &plain.canonical.dir)?;
        }
        put(path, &out).map_err(fault)?;
    }
    Ok(())
}

/// Writes the canonical texts that a report points at.
fn write_texts(report: &Report, dir: &str) -> Result<(), Fault> {
    for (path, text) in canonical_files(report, dir) {
        let fault = |source| Fault::Write { path: path.clone(), source };
        let path = PathBuf::from(&path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(fault)?;
        }
        put(&path, text.as_bytes()).map_err(fault)?;
    }
    Ok(())
}

/// How a run with `report` ends, which may have had nothing to check for the reason `idle`.
pub fn conclude(args: &OutputArgs, report: &Report, idle: Option<&str>) -> Outcome {
    match idle.filter(|_| report.checked == 0 && report.gaps().next().is_none()) {
        Some(reason) => {
            if !args.quiet {
                let _ = io::stderr().lock().write_all(format!("nothing to check: {reason}\n").as_bytes());
            }
            Outcome::Clean
        }
        None => verdict(args.fail_on, report),
    }
}

/// How a run with `report` ends.
fn verdict(fail_on: FailOn, report: &Report) -> Outcome {
    if report.checked == 0 {
        return Outcome::Unchecked;
    }
    let threshold = match fail_on {
        FailOn::Error => Severity::Error,
        FailOn::Warning => Severity::Warning,
        FailOn::Info => Severity::Info,
        FailOn::Never => return Outcome::Clean,
    };
    let found = match report.fixes {
        Some(Fixes::Shown) => report.fixed() + report.proposed() > 0,
        _ => report.findings().any(|finding| finding.severity >= threshold),
    };
    if found { Outcome::Findings } else { Outcome::Clean }
}
