//! The last step of `proclint check` where fixes are asked for: they are made in the files, or shown.

use std::collections::HashSet;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread;

use proclint::engine;
use proclint::finding::{Checked, Fixes, Left, Report, Source};
use proclint::fix::{Mended, Reach, diff, mend, propose};
use proclint::rule::RuleSet;
use proclint::save::{save, sweep};
use proclint::subject::Subject;
use proclint::world::World;

use super::Fault;
use crate::args::{CheckArgs, FixArgs};

/// What is done with fixes.
#[derive(Clone, Copy, Debug)]
pub struct Fixing {
    /// They are made or shown.
    pub fixes: Fixes,
    /// Which of them.
    pub reach: Reach,
}

impl Fixing {
    /// As `args` say; `None` where they ask for no fixes.
    ///
    /// # Errors
    /// Where they ask for unsafe fixes and not for what is to be done with them.
    pub fn of(args: &FixArgs) -> Result<Option<Self>, Fault> {
        let fixes = match (args.diff, args.fix) {
            (true, _) => Fixes::Shown,
            (false, true) => Fixes::Made,
            (false, false) if args.unsafe_fixes => return Err(Fault::UnsafeFixes),
            (false, false) => return Ok(None),
        };
        let reach = if args.unsafe_fixes { Reach::All } else { Reach::Safe };
        Ok(Some(Self { fixes, reach }))
    }

    /// Whether files are written.
    pub fn writes(self) -> bool {
        self.fixes == Fixes::Made
    }
}

/// Folders from which what stopped runs left unfinished was removed.
#[derive(Default)]
pub struct Swept(Mutex<HashSet<PathBuf>>);

impl Swept {
    /// Tidies the folder of `file`, once.
    pub fn tidy(&self, file: &Path) {
        let Some(folder) = file.canonicalize().ok().and_then(|file| file.parent().map(Path::to_path_buf))
        else {
            return;
        };
        let is_new = self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(folder.clone());
        if is_new {
            sweep(&folder);
        }
    }
}

/// Makes or shows the fixes of `report`. Returns the text of standard input as it is now, where that was fixed, and
/// what could not be written.
pub fn run(
    report: &mut Report,
    fixing: Fixing,
    rules: &RuleSet,
    world: &World,
    args: &CheckArgs,
) -> (Option<String>, Vec<String>) {
    report.fixes = Some(fixing.fixes);
    let check = |subject: &Subject| {
        let mut checked = engine::check(subject, rules, world, false);
        if args.no_waivers {
            checked.ignore_waivers();
        }
        checked
    };
    let waiting: Vec<_> = report.subjects.iter_mut().filter(|subject| subject.source.is_some()).collect();
    let threads =
        args.input.jobs.map_or_else(|| thread::available_parallelism().map_or(1, NonZero::get), usize::from);
    let threads = threads.min(waiting.len());
    let waiting = Mutex::new(waiting.into_iter());
    let outcome = Mutex::new((None, Vec::new()));
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
                    let Some(subject) = next else { break };
                    let Some(source) = subject.source.take() else { continue };
                    let (text, failure) = one(subject, &source, fixing, &check);
                    let mut outcome = outcome.lock().unwrap_or_else(PoisonError::into_inner);
                    outcome.0 = outcome.0.take().or(text);
                    outcome.1.extend(failure);
                }
            });
        }
    });
    let (text, mut failures) = outcome.into_inner().unwrap_or_else(PoisonError::into_inner);
    failures.sort();
    (text, failures)
}

/// Makes or shows the fixes of one file.
fn one(
    subject: &mut Checked,
    source: &Source,
    fixing: Fixing,
    check: &dyn Fn(&Subject) -> Checked,
) -> (Option<String>, Option<String>) {
    if source.subject.path.is_none() {
        subject.repair = Some(propose(&source.subject, subject, fixing.reach, check));
        return (None, None);
    }
    let old = &source.subject.text;
    let Mended { subject: mended, checked, mut repair } = mend(&source.subject, subject, fixing.reach, check);
    let new = mended.text;
    if !fixing.writes() {
        repair.diff = diff(&subject.name, old, &new);
        subject.repair = Some(repair);
        return (None, None);
    }
    let written = match &source.file {
        Some(file) if *old != new => save(file, old, &new),
        _ => Ok(()),
    };
    match written {
        Ok(()) => {
            *subject = Checked { repair: Some(repair), canonical: subject.canonical.take(), ..checked };
            (source.file.is_none().then_some(new), None)
        }
        Err(error) => {
            let reason = error.to_string();
            let left = repair.fixed.drain(..).map(|finding| Left { finding, reason: reason.clone() });
            repair.left.splice(0..0, left);
            subject.repair = Some(repair);
            let failure = format!("{} {error}", subject.name);
            (None, Some(failure))
        }
    }
}
