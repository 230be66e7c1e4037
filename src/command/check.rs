//! `proclint check`: read the subjects, run the rules, print the reports.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::time::Instant;

use proclint::diagnostic::Severity;
use proclint::finding::{Fixes, NotChecked, Report};
use proclint::load::read_titles;
use proclint::report::{CanonicalFiles, Format, Style, canonical_files, render, render_diffs, summary};
use proclint::world::Titles;

use super::baseline::List;
use super::fix::{self, Fixing};
use super::input::{changes, read_all};
use super::run::Run;
use super::setup::{setup, today, world};
use super::terminal::style;
use super::{Fault, Outcome};
use crate::args::{CheckArgs, FailOn, FormatArg};

/// Runs the command.
///
/// # Errors
/// Where nothing can be checked, or a report cannot be written.
pub fn run(args: &CheckArgs) -> Result<Outcome, Fault> {
    let start = Instant::now();
    let fixing = Fixing::of(&args.fixes)?;
    let today = today(args.input.today.as_deref())?;
    let setup = setup(&args.rules, &args.input.paths)?;
    let mut world = world(&setup, today);
    if let Some(file) = &args.titles {
        let project = args.input.project.as_deref().or(world.project.as_deref());
        world.titles = Titles::new(read_titles(file, project)?);
    }
    let formats = args.report.iter().map(|(format, _)| *format).chain(args.format);
    let keep_text = formats.into_iter().any(|format| format == FormatArg::Gitlab);
    let list = args.new.baseline.as_deref().map(|path| List::read(path, &setup.root)).transpose()?;
    let mut run = Run::new(&setup, &world);
    (run.keep_text, run.ignore_waivers, run.fixing) = (keep_text, args.no_waivers, fixing);
    run.only_new.baseline = list.as_ref().map(List::parsed).transpose()?;
    run.only_new.changes = changes(&args.new, &setup.root)?;
    let read = read_all(&args.input, &setup, &run, args.verbose > 0);
    let idle = read.as_ref().ok().and_then(|read| read.idle.clone());
    if run.is_empty() && idle.is_none() {
        read?;
        return Err(Fault::NothingToCheck);
    }
    if let Err(fault) = &read {
        // A report that goes to a program alone must not look complete.
        run.gaps(vec![NotChecked { subject: "the input".to_owned(), rule: None, reason: fault.to_string() }]);
    }
    if let (Some(list), Ok(read)) = (&list, &read) {
        run.tell_stale(list, &args.rules, &read.folders);
    }
    let piped = run.piped();
    let mut report = run.report();
    let (mut fixed, mut unfixed) = (None, Vec::new());
    if let Some(fixing) = fixing {
        (fixed, unfixed) = fix::run(&mut report, fixing, &setup.rules, &world, args);
    }
    let style = style(args.color, args.quiet, Some(start.elapsed()));
    // Standard input has no file to be written to.
    let piped = piped.filter(|_| fixing.is_some_and(Fixing::writes)).map(|text| fixed.unwrap_or(text));
    write_reports(args, &report, style, piped.as_deref())?;
    // What was read before the input broke is reported all the same; the run has still failed.
    read?;
    if !unfixed.is_empty() {
        return Err(Fault::Unfixed { files: unfixed });
    }
    if let Some(reason) = idle.filter(|_| report.checked == 0 && report.gaps().next().is_none()) {
        if !args.quiet {
            let _ = io::stderr().lock().write_all(format!("nothing to check: {reason}\n").as_bytes());
        }
        return Ok(Outcome::Clean);
    }
    let verdict = verdict(args.fail_on, &report);
    // The process ends here; giving the rules' memory back piece by piece takes longer than reading a small file.
    std::mem::forget(setup);
    Ok(verdict)
}

/// Writes the reports; where standard output is to have the text `piped`, or a diff, people read the rest on standard
/// error.
fn write_reports(args: &CheckArgs, report: &Report, style: Style, piped: Option<&str>) -> Result<(), Fault> {
    for (format, path) in &args.report {
        let folder =
            path.parent().map(|folder| folder.join(CanonicalFiles::default().dir)).unwrap_or_default();
        let dir = folder.to_string_lossy().replace('\\', "/");
        let plain = Style { color: false, links: false, canonical: CanonicalFiles { dir }, ..style.clone() };
        let mut out = Vec::new();
        let fault = |source| Fault::Write { path: path.display().to_string(), source };
        render(library(*format), report, &plain, &mut out).map_err(fault)?;
        std::fs::write(path, out).map_err(fault)?;
        if *format == FormatArg::Gitlab {
            write_texts(report, &plain.canonical.dir)?;
        }
    }
    let default = if io::stdout().is_terminal() { FormatArg::Human } else { FormatArg::Concise };
    let format = args.format.unwrap_or(default);
    if format == FormatArg::Gitlab {
        write_texts(report, &style.canonical.dir)?;
    }
    let mut out = io::stdout().lock();
    let written = match piped {
        Some(text) => {
            let _ = render(library(format), report, &style, &mut io::stderr().lock());
            out.write_all(text.as_bytes())
        }
        None if report.fixes == Some(Fixes::Shown) && args.format.is_none() => {
            let _ = writeln!(io::stderr().lock(), "{}", summary(report, style.elapsed));
            render_diffs(report, &style, &mut out)
        }
        None => render(library(format), report, &style, &mut out),
    };
    match written {
        // The reader has seen enough, as `head` has: the verdict stands.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result.map_err(|source| Fault::Write { path: "standard output".to_owned(), source }),
    }
}

/// Writes the canonical texts that a Code Quality report points at.
fn write_texts(report: &Report, dir: &str) -> Result<(), Fault> {
    for (path, text) in canonical_files(report, dir) {
        let fault = |source| Fault::Write { path: path.clone(), source };
        let path = PathBuf::from(&path);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(fault)?;
        }
        std::fs::write(&path, text).map_err(fault)?;
    }
    Ok(())
}

fn library(format: FormatArg) -> Format {
    match format {
        FormatArg::Human => Format::Human,
        FormatArg::Concise => Format::Concise,
        FormatArg::Json => Format::Json,
        FormatArg::Ndjson => Format::Ndjson,
        FormatArg::Gitlab => Format::Gitlab,
    }
}

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
