//! `proclint audit --apply FILE`: shows what a plan would post, and posts it where it is told to.

use std::io::{self, Write};
use std::path::Path;

use proclint::apply::{Applied, ApplyError, Journal, Step, Terms, apply, foretell, paths, steps};
use proclint::audit::remedies::{Entry, Plan, rules_hash};
use proclint::load::gitlab::{Access, Gitlab, SystemClock, TokenKind};
use proclint::load::{read_given, read_small};
use proclint::report::{AppliedStyle, applied_json, write_applied};

use super::setup::setup;
use super::{Fault, Outcome};
use crate::args::{AuditArgs, AuditFormat};

/// The calls that one entry may need: looks before and after, each tried again.
const CALLS: usize = 30;

/// Runs the command.
///
/// # Errors
/// Where the plan is none, does not meet the terms, or could not be posted to its end.
pub fn run(args: &AuditArgs, path: &Path) -> Result<Outcome, Fault> {
    if matches!(args.format, AuditFormat::Markdown | AuditFormat::Csv | AuditFormat::Html) {
        return Err(Fault::ApplyFormat);
    }
    let remedies = &args.remedies;
    let shown = path.display().to_string();
    let unreadable = |source| ApplyError::Unreadable { path: shown.clone(), source };
    let text = read_given(path).map_err(unreadable)?;
    let plan = Plan::read(&shown, &text).map_err(ApplyError::from)?;
    let setup = setup(&args.rules, &[])?;
    let terms = Terms {
        brake: remedies.brake,
        max_age: remedies.max_age,
        rules_hash: rules_hash(&setup.own, &setup.text),
        now: jiff::Timestamp::now(),
    };
    terms.meet(&plan)?;
    let cap = usize::from(remedies.cap);
    let (journal_path, undo_path) = paths(path);
    let mut applied = if remedies.write {
        let gitlab = server(cap)?;
        let mut journal = Journal::open(path, &plan.header)?;
        apply(&gitlab, &plan, &mut journal, cap)
    } else {
        let text = read_small(&journal_path).unwrap_or_default();
        // What a run that was stopped left of the last line says nothing.
        let whole = text.rfind('\n').map_or("", |end| &text[..=end]);
        let known = steps(&journal_path, whole)?;
        foretell(&plan, &|entry: &Entry| -> Option<Step> { known.get(&entry.id).cloned() }, cap)
    };
    let undo = undo_path.display().to_string();
    let style = AppliedStyle { written: remedies.write, plan: &shown, undo: &undo };
    tell(&applied, style, args.format)
        .map_err(|source| Fault::Write { path: "standard output".to_owned(), source })?;
    match applied.stopped.take() {
        Some(stopped) => Err(stopped.into()),
        None => Ok(verdict(&applied, remedies.write)),
    }
}

/// The server that the variables name, with a token that may post.
fn server(cap: usize) -> Result<Gitlab, ApplyError> {
    let env = |name: &str| std::env::var(name).ok();
    let access = Access::from_env(&env)?.ok_or(ApplyError::NoServer)?;
    if access.token.kind() != TokenKind::Access {
        return Err(ApplyError::NoToken);
    }
    let budget = access.budget.max(cap * CALLS);
    Ok(Gitlab::new(Access { budget, ..access }, Box::new(SystemClock))?)
}

fn tell(applied: &Applied, style: AppliedStyle<'_>, format: AuditFormat) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let written = match format {
        AuditFormat::Json => {
            let value = applied_json(applied, style);
            serde_json::to_writer_pretty(&mut out, &value)
                .map_err(io::Error::from)
                .and_then(|()| writeln!(out))
        }
        AuditFormat::Ndjson => writeln!(out, "{}", applied_json(applied, style)),
        AuditFormat::Human | AuditFormat::Markdown | AuditFormat::Csv | AuditFormat::Html => {
            write_applied(applied, style, &mut out)
        }
    };
    match written.and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// Whether something of the plan remains to be done.
fn verdict(applied: &Applied, written: bool) -> Outcome {
    let shown = if written { 0 } else { applied.done.len() };
    let remains = applied.skipped.len() + applied.failed.len() + applied.left + shown;
    if remains > 0 { Outcome::Findings } else { Outcome::Clean }
}
