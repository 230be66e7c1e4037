//! `proclint check`: read the subjects, run the rules, print the reports.

use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use proclint::diagnostic::Severity;
use proclint::engine;
use proclint::finding::{Checked, Fixes, NotChecked, Report, Source};
use proclint::load::{
    KindMap, LoadError, MAX_BYTES, RecordKind, WalkOptions, commit_subject, each_file, each_record,
    file_subject, from_ci, read_text,
};
use proclint::report::{
    CanonicalFiles, Format, Style, canonical_files, count, render, render_diffs, summary,
};
use proclint::rule::RuleSet;
use proclint::subject::Subject;
use proclint::world::World;

use super::fix::{self, Fixing, Swept};
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
    let fixing = Fixing::of(&args.fixes)?;
    let today = today(args.today.as_deref())?;
    let setup = setup(&args.rules, &args.paths)?;
    let world = world(&setup, today);
    let formats = args.report.iter().map(|(format, _)| *format).chain(args.format);
    let keep_text = formats.into_iter().any(|format| format == FormatArg::Gitlab);
    let run = Run {
        rules: &setup.rules,
        world: &world,
        keep_text,
        fixing,
        swept: Swept::default(),
        tally: Mutex::new(Tally::default()),
    };
    let read = read_all(args, &setup, &run);
    if run.is_empty() {
        read?;
        return Err(Fault::NothingToCheck);
    }
    if let Err(fault) = &read {
        // A report that goes to a program alone must not look complete.
        run.gaps(vec![NotChecked { subject: "the input".to_owned(), rule: None, reason: fault.to_string() }]);
    }
    let piped = run.piped();
    let mut report = run.report();
    let (mut fixed, mut unfixed) = (None, Vec::new());
    if let Some(fixing) = fixing {
        (fixed, unfixed) = fix::run(&mut report, fixing, &setup.rules, &world, args.jobs);
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
    Ok(verdict(args.fail_on, &report))
}

/// What the threads of a run share.
struct Run<'r> {
    rules: &'r RuleSet,
    world: &'r World,
    keep_text: bool,
    fixing: Option<Fixing>,
    swept: Swept,
    tally: Mutex<Tally>,
}

#[derive(Default)]
struct Tally {
    subjects: Vec<Checked>,
    not_checked: Vec<NotChecked>,
    checked: usize,
    bytes: usize,
    /// What standard input said.
    piped: Option<String>,
}

impl Run<'_> {
    /// Checks `input`, which was read from `file`, or from elsewhere.
    fn take(&self, input: Result<Subject, NotChecked>, file: Option<PathBuf>) {
        match input {
            Ok(subject) => {
                if let Some(file) = file.as_ref().filter(|_| self.fixing.is_some_and(Fixing::writes)) {
                    self.swept.tidy(file);
                }
                let mut checked = engine::check(&subject, self.rules, self.world, self.keep_text);
                if self.fixing.is_some() && checked.findings.iter().any(|finding| finding.fix.is_some()) {
                    checked.source = Some(Source { subject, file });
                }
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

    /// Checks what standard input says, as `subject`.
    fn take_piped(&self, subject: Subject) {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner).piped = Some(subject.text.clone());
        self.take(Ok(subject), None);
    }

    /// What standard input said, where it was one text.
    fn piped(&self) -> Option<String> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner).piped.take()
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
            fixes: None,
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
            run.take(Ok(subject), None);
        } else {
            records(source, RecordKind::MergeRequest, project, run)?;
        }
    }
    if let Some(source) = &args.issues {
        records(source, RecordKind::IssueOrEpic, project, run)?;
    }
    if let Some(path) = &args.commit_msg {
        let subject = |text| commit_subject(&path.to_string_lossy().replace('\\', "/"), text);
        if path == Path::new("-") {
            run.take_piped(subject(stdin_text()?));
        } else {
            run.take(Ok(subject(read_text(path)?)), Some(path.clone()));
        }
    }
    if let Some(name) = &args.stdin_filename {
        let (kind, format) = kinds.kind_of(name).ok_or_else(|| Fault::UnknownKind { name: name.clone() })?;
        run.take_piped(file_subject(name, stdin_text()?, kind, format));
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
        let (input, file) = match input {
            Ok(input) => {
                let project = run.world.project.clone();
                (Ok(Subject { project, ..input.subject }), Some(input.path))
            }
            Err(gap) => (Err(gap), None),
        };
        run.take(input, file);
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
    each_record(reader, kind, name, project, &mut |record| run.take(record, None))?;
    Ok(())
}

fn stdin_text() -> Result<String, Fault> {
    let mut bytes = Vec::new();
    let unreadable = |source| LoadError::Unreadable { path: "standard input".to_owned(), source };
    io::stdin().lock().read_to_end(&mut bytes).map_err(unreadable)?;
    String::from_utf8(bytes)
        .map_err(|error| unreadable(io::Error::new(io::ErrorKind::InvalidData, error)).into())
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
        Some(Fixes::Shown) => report.fixed() > 0,
        _ => report.findings().any(|finding| finding.severity >= threshold),
    };
    if found { Outcome::Findings } else { Outcome::Clean }
}
