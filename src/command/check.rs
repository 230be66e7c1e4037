//! `proclint check`: read the subjects, run the rules, print the reports.

use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use proclint::diagnostic::Severity;
use proclint::engine;
use proclint::finding::{Checked, NotChecked, Report};
use proclint::load::{
    KindMap, LoadError, MAX_BYTES, RecordKind, WalkOptions, commit_subject, each_file, each_record,
    file_subject, from_ci, read_text,
};
use proclint::report::{CanonicalFiles, Format, Style, canonical_files, count, render};
use proclint::rule::RuleSet;
use proclint::subject::Subject;
use proclint::world::World;

use super::setup::{Setup, setup, today, world};
use super::terminal::style;
use super::{Fault, Outcome};
use crate::args::{CheckArgs, FailOn, FormatArg};

/// Runs the command.
///
/// # Errors
/// Where nothing can be checked, or a report cannot be written.
pub fn run(args: &CheckArgs) -> Result<Outcome, Fault> {
    let start = Instant::now();
    let today = today(args.today.as_deref())?;
    let setup = setup(&args.rules, &args.paths)?;
    let world = world(&setup, today);
    let formats = args.report.iter().map(|(format, _)| *format).chain(args.format);
    let keep_text = formats.into_iter().any(|format| format == FormatArg::Gitlab);
    let run = Run { rules: &setup.rules, world: &world, keep_text, tally: Mutex::new(Tally::default()) };
    let read = read_all(args, &setup, &run);
    if run.is_empty() {
        read?;
        return Err(Fault::NothingToCheck);
    }
    if let Err(fault) = &read {
        // A report that goes to a program alone must not look complete.
        run.gaps(vec![NotChecked { subject: "the input".to_owned(), rule: None, reason: fault.to_string() }]);
    }
    let report = run.report();
    let style = style(args.color, args.quiet, Some(start.elapsed()));
    write_reports(args, &report, style)?;
    // What was read before the input broke is reported all the same; the run has still failed.
    read?;
    Ok(verdict(args.fail_on, &report))
}

/// What the threads of a run share.
struct Run<'r> {
    rules: &'r RuleSet,
    world: &'r World,
    keep_text: bool,
    tally: Mutex<Tally>,
}

#[derive(Default)]
struct Tally {
    subjects: Vec<Checked>,
    not_checked: Vec<NotChecked>,
    checked: usize,
    bytes: usize,
}

impl Run<'_> {
    fn take(&self, input: Result<Subject, NotChecked>) {
        match input {
            Ok(subject) => {
                let checked = engine::check(&subject, self.rules, self.world, self.keep_text);
                let mut tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
                tally.checked += 1;
                tally.bytes += checked.bytes;
                if !checked.is_silent() {
                    tally.subjects.push(checked);
                }
            }
            Err(gap) => self.gaps(vec![gap]),
        }
    }

    fn is_empty(&self) -> bool {
        let tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        tally.checked == 0 && tally.not_checked.is_empty()
    }

    fn gaps(&self, gaps: Vec<NotChecked>) {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner).not_checked.extend(gaps);
    }

    fn report(self) -> Report {
        let mut tally = self.tally.into_inner().unwrap_or_else(PoisonError::into_inner);
        engine::say_once(&mut tally.subjects);
        tally.subjects.sort_by(|a, b| a.name.cmp(&b.name));
        tally.not_checked.sort();
        let mut report = Report {
            subjects: tally.subjects,
            checked: tally.checked,
            bytes: tally.bytes,
            rules: self.rules.len(),
            today: self.world.today.to_string(),
            not_checked: tally.not_checked,
        };
        engine::distinguish(&mut report);
        report
    }
}

fn read_all(args: &CheckArgs, setup: &Setup, run: &Run<'_>) -> Result<(), Fault> {
    let inputs =
        [args.merge_request.as_deref(), args.issues.as_deref(), args.stdin_filename.as_deref().map(|_| "-")];
    let commit = args.commit_msg.as_deref().filter(|path| *path == Path::new("-")).map(|_| "-");
    if inputs.into_iter().chain([commit]).flatten().filter(|input| *input == "-").count() > 1 {
        return Err(Fault::Stdin);
    }
    let overrides = setup.config.kinds.iter().map(|of| (of.glob.value.as_str(), of.kind));
    let kinds = KindMap::new(overrides)?;
    let project = args.project.as_deref().or(run.world.project.as_deref());
    if let Some(source) = &args.merge_request {
        if source == "env" {
            let (subject, gaps) = from_ci(&|name| std::env::var(name).ok())?;
            run.gaps(gaps);
            run.take(Ok(subject));
        } else {
            records(source, RecordKind::MergeRequest, project, run)?;
        }
    }
    if let Some(source) = &args.issues {
        records(source, RecordKind::IssueOrEpic, project, run)?;
    }
    if let Some(path) = &args.commit_msg {
        let text = if path == Path::new("-") { stdin_text()? } else { read_text(path)? };
        run.take(Ok(commit_subject(&path.to_string_lossy().replace('\\', "/"), text)));
    }
    if let Some(name) = &args.stdin_filename {
        let (kind, format) = kinds.kind_of(name).ok_or_else(|| Fault::UnknownKind { name: name.clone() })?;
        run.take(Ok(file_subject(name, stdin_text()?, kind, format)));
    }
    let records_only = args.merge_request.is_some() || args.issues.is_some();
    let single = args.commit_msg.is_some() || args.stdin_filename.is_some();
    if args.paths.is_empty() && (records_only || single) {
        return Ok(());
    }
    files(args, setup, &kinds, run)
}

fn files(args: &CheckArgs, setup: &Setup, kinds: &KindMap, run: &Run<'_>) -> Result<(), Fault> {
    let roots = if args.paths.is_empty() { vec![setup.root.clone()] } else { args.paths.clone() };
    // What an earlier run wrote for its report is no page of the project.
    let texts = format!("{}/", CanonicalFiles::default().dir);
    let exclude: Vec<String> =
        setup.config.exclude.iter().map(|glob| glob.value.clone()).chain([texts]).collect();
    let options = WalkOptions {
        jobs: args.jobs.map_or(0, usize::from),
        exclude: &exclude,
        kinds,
        base: &setup.root,
        max_bytes: MAX_BYTES,
    };
    let summary = each_file(&roots, &options, &|input| {
        run.take(input.map(|input| {
            let mut subject = input.subject;
            subject.project.clone_from(&run.world.project);
            subject
        }));
    })?;
    if args.verbose > 0 {
        let line = format!(
            "read {}, skipped {}: excluded, binary, or of no kind proclint knows\n",
            count(summary.seen, "file"),
            summary.skipped
        );
        let _ = io::stderr().lock().write_all(line.as_bytes());
    }
    Ok(())
}

fn records(source: &str, kind: RecordKind, project: Option<&str>, run: &Run<'_>) -> Result<(), Fault> {
    let unreadable = |error| LoadError::Unreadable { path: source.to_owned(), source: error };
    let reader: Box<dyn BufRead> = match source {
        "-" => Box::new(io::stdin().lock()),
        path => Box::new(BufReader::with_capacity(1 << 16, File::open(path).map_err(unreadable)?)),
    };
    let name = if source == "-" { "standard input" } else { source };
    each_record(reader, kind, name, project, &mut |record| run.take(record))?;
    Ok(())
}

fn stdin_text() -> Result<String, Fault> {
    let mut bytes = Vec::new();
    let unreadable = |source| LoadError::Unreadable { path: "standard input".to_owned(), source };
    io::stdin().lock().read_to_end(&mut bytes).map_err(unreadable)?;
    String::from_utf8(bytes)
        .map_err(|error| unreadable(io::Error::new(io::ErrorKind::InvalidData, error)).into())
}

fn write_reports(args: &CheckArgs, report: &Report, style: Style) -> Result<(), Fault> {
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
    match render(library(format), report, &style, &mut io::stdout().lock()) {
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
    if report.findings().any(|finding| finding.severity >= threshold) {
        Outcome::Findings
    } else {
        Outcome::Clean
    }
}
