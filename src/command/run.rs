//! What a run collects: every subject is checked as soon as it is read, from any thread.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use proclint::engine;
use proclint::finding::{Checked, NotChecked, Report, Source};
use proclint::only_new::OnlyNew;
use proclint::rule::RuleSet;
use proclint::subject::Subject;
use proclint::world::World;

use super::baseline::{List, scope};
use super::fix::{Fixing, Swept};
use super::setup::Setup;
use crate::args::RuleArgs;

/// What the threads of a run share.
pub struct Run<'r> {
    /// The rules that are switched on.
    rules: &'r RuleSet,
    /// The shared facts.
    pub world: &'r World,
    /// What counts as old.
    pub only_new: OnlyNew,
    /// Whether a record with findings keeps its canonical text.
    pub keep_text: bool,
    /// Whether what is waived counts all the same.
    pub ignore_waivers: bool,
    /// What is done with fixes.
    pub fixing: Option<Fixing>,
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

impl<'r> Run<'r> {
    /// A run of the rules of `setup` in which everything counts and nothing is fixed.
    pub fn new(setup: &'r Setup, world: &'r World) -> Self {
        Self {
            rules: &setup.rules,
            world,
            only_new: OnlyNew::default(),
            keep_text: false,
            ignore_waivers: false,
            fixing: None,
            swept: Swept::default(),
            tally: Mutex::default(),
        }
    }

    /// Checks `input`, which was read from `file`, or from elsewhere.
    pub fn take(&self, input: Result<Subject, NotChecked>, file: Option<PathBuf>) {
        match input {
            Ok(subject) => {
                if let Some(file) = file.as_ref().filter(|_| self.fixing.is_some_and(Fixing::writes)) {
                    self.swept.tidy(file);
                }
                let mut checked = engine::check(&subject, self.rules, self.world, self.keep_text);
                if self.ignore_waivers {
                    checked.ignore_waivers();
                }
                self.only_new.sift(&mut checked, &subject.text);
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
    pub fn take_piped(&self, subject: Subject) {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner).piped = Some(subject.text.clone());
        self.take(Ok(subject), None);
    }

    /// What standard input said, where it was one text.
    pub fn piped(&self) -> Option<String> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner).piped.take()
    }

    /// Adds the findings about entries of the baseline that nothing answers to.
    pub fn tell_stale(&self, list: &List, args: &RuleArgs, folders: &[String]) {
        let Some(baseline) = &self.only_new.baseline else { return };
        let mut tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        let stale = list.stale(baseline, &scope(self.rules, args, folders, &tally.not_checked));
        tally.subjects.extend(Some(stale).filter(|stale| !stale.is_silent()));
    }

    /// Whether there was nothing, not even something that could not be checked.
    pub fn is_empty(&self) -> bool {
        let tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        tally.checked == 0 && tally.not_checked.is_empty()
    }

    /// Adds what could not be checked.
    pub fn gaps(&self, gaps: Vec<NotChecked>) {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner).not_checked.extend(gaps);
    }

    /// The outcome so far; it is taken out of the run.
    pub fn report(&self) -> Report {
        let mut tally = std::mem::take(&mut *self.tally.lock().unwrap_or_else(PoisonError::into_inner));
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
