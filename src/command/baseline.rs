//! `proclint baseline update`: take what was mended out of the baseline, and new findings into it where told.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use proclint::baseline::{Baseline, Scope, written};
use proclint::engine::located;
use proclint::finding::{Checked, NotChecked};
use proclint::load::{file_subject, name_of, read_given};
use proclint::report::{Format, count, render};
use proclint::rule::RuleSet;
use proclint::save::{SaveError, create, put, save};
use proclint::split::Split;
use proclint::subject::{Format as TextFormat, Kind};

use super::input::read_all;
use super::run::Run;
use super::setup::{setup, today, world};
use super::terminal::style;
use super::{Fault, Outcome};
use crate::args::{ColorArg, RuleArgs, UpdateArgs};

/// The file of a baseline, read.
pub struct List {
    /// Its path from the root of the repository.
    name: String,
    text: String,
}

impl List {
    /// The file called `name`, repository-relative, with the text `text`.
    pub fn of(name: String, text: String) -> Self {
        Self { name, text }
    }

    /// Reads the file at `path`; `root` is the root of the repository.
    ///
    /// # Errors
    /// Where it cannot be read: without it every finding would be new.
    pub fn read(path: &Path, root: &Path) -> Result<Self, Fault> {
        let fault = |source| Fault::BaselineFile { path: path.display().to_string(), source };
        Ok(Self { name: name_of(root, path), text: read_given(path).map_err(fault)? })
    }

    /// What it says.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The baseline it holds.
    ///
    /// # Errors
    /// Where it holds something else.
    pub fn parsed(&self) -> Result<Baseline, Fault> {
        Ok(Baseline::read(&self.name, &self.text)?)
    }

    /// The file as a subject, with findings about entries that are stale in `scope`.
    pub fn stale(&self, baseline: &Baseline, scope: &Scope<'_>) -> Checked {
        let subject = file_subject(&self.name, self.text.clone(), Kind::DataFile, TextFormat::Lines);
        Checked {
            kind: subject.kind,
            name: subject.name.clone(),
            bytes: subject.text.len(),
            findings: located(&subject, baseline.stale(scope)),
            suppressed: Vec::new(),
            unchanged: 0,
            not_checked: Vec::new(),
            canonical: None,
            source: None,
            repair: None,
        }
    }
}

/// What a run that has read `folders` in full can say about entries.
pub fn scope<'s>(
    rules: &'s RuleSet,
    args: &RuleArgs,
    folders: &'s [String],
    gaps: &'s [NotChecked],
    split: Option<&'s Split>,
) -> Scope<'s> {
    Scope { rules, chosen: !args.select.is_empty() || !args.ignore.is_empty(), folders, gaps, split }
}

/// Runs the command.
///
/// # Errors
/// Where the input or the baseline cannot be read, or not be written.
pub fn run(args: &UpdateArgs) -> Result<Outcome, Fault> {
    let today = today(args.input.today.as_deref())?;
    let setup = setup(&args.rules, &args.input.paths)?;
    let world = world(&setup, today);
    let list = match List::read(&args.file, &setup.root) {
        Err(Fault::BaselineFile { source, .. }) if source.kind() == io::ErrorKind::NotFound => None,
        read => Some(read?),
    };
    let baseline = list.as_ref().map_or_else(|| Ok(Baseline::default()), List::parsed)?;
    let mut run = Run::new(&setup, &world);
    run.only_new.baseline = Some(baseline);
    let read = read_all(&args.input, &setup, &run, false)?;
    let report = run.report();
    let Some(baseline) = &run.only_new.baseline else { return Ok(Outcome::Unchecked) };
    if report.checked == 0 {
        return Err(Fault::NothingToCheck);
    }
    let new = report.findings().count();
    if list.is_some() && new > 0 && !args.accept_new {
        let style = style(ColorArg::Auto, true, None);
        let shown = render(Format::Concise, &report, &style, &mut io::stdout().lock());
        shown.map_err(|source| Fault::Write { path: "standard output".to_owned(), source })?;
        say(&format!(
            "{} left as it is: {} not in it; mend them, or take them in with `--accept-new`",
            args.file.display(),
            if new == 1 { "1 finding is".to_owned() } else { format!("{new} findings are") }
        ));
        return Ok(Outcome::Findings);
    }
    let entries = baseline
        .renewed(&scope(&setup.rules, &args.rules, &read.folders, &report.not_checked, None), &report);
    replace(&args.file, list.as_ref(), &written(&entries))?;
    let after: usize = entries.iter().map(|entry| entry.count).sum();
    let gone = baseline.len() + new - after;
    say(&format!("{}: {}, {new} new, {gone} gone", args.file.display(), count(after, "finding")));
    Ok(Outcome::Clean)
}

/// Puts `text` in the place of the list that was read, or begins one: a baseline cut off half-way would absorb nothing.
fn replace(path: &Path, list: Option<&List>, text: &str) -> Result<(), Fault> {
    let name = || path.display().to_string();
    let fault = |source| Fault::Write { path: name(), source };
    if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        return put(path, text.as_bytes()).map_err(fault);
    }
    match list {
        Some(list) => save(path, list.text(), text).map_err(|error| match error {
            SaveError::Unwritable(source) => fault(source),
            SaveError::Changed => Fault::Overtaken { path: name() },
        }),
        None => create(path, text.as_bytes()).map_err(|source| match source.kind() {
            io::ErrorKind::AlreadyExists => Fault::Overtaken { path: name() },
            _ => fault(source),
        }),
    }
}

fn say(line: &str) {
    // Nobody is left to tell where standard error is closed too.
    let _ = io::stderr().lock().write_all(format!("{line}\n").as_bytes());
}
