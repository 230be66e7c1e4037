//! What a run collects: every subject is checked as soon as it is read, from any thread.

use std::path::PathBuf;
use std::sync::{Mutex, OnceLock, PoisonError};

use proclint::engine;
use proclint::finding::{Checked, MOST_FINDINGS, NotChecked, Part, Report, Shard, Source};
use proclint::merge::arrange;
use proclint::only_new::OnlyNew;
use proclint::rule::RuleSet;
use proclint::split::{InputHash, Split};
use proclint::subject::Subject;
use proclint::world::World;

use super::baseline::{List, scope};
use super::deadline::Deadline;
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
    /// Which part of the input is checked; all of it where `None`.
    pub shard: Option<Shard>,
    /// When nothing more is looked at.
    pub deadline: Deadline,
    split: OnceLock<Split>,
    input: Mutex<InputHash>,
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
    /// Number of subjects that belong to other shards.
    elsewhere: usize,
    /// Whether records were left unread because the time was used up.
    is_cut_short: bool,
    /// What other shards tell of.
    told_elsewhere: Vec<NotChecked>,
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
            shard: None,
            deadline: Deadline::default(),
            split: OnceLock::new(),
            input: Mutex::default(),
            swept: Swept::default(),
            tally: Mutex::default(),
        }
    }

    /// Checks `input`, which was read from `file`, or from elsewhere.
    pub fn take(&self, input: Result<Subject, NotChecked>, file: Option<PathBuf>) {
        match input {
            Ok(subject) if !self.owns(&subject.name) => self.pass(1),
            Ok(subject) => {
                if let Some(late) = self.deadline.gap(&subject.name) {
                    return self.gaps(vec![late]);
                }
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

    /// Splits the input, once it is known what there is: `first` belong to the first shard, `files` have a size.
    pub fn split(&self, first: Vec<String>, mut files: Vec<(String, u64)>) {
        let Some(shard) = self.shard else { return };
        files.sort();
        for (name, size) in &files {
            self.hash(&format!("{name}\0{size}"));
        }
        self.pass(self.split.get_or_init(|| Split::new(shard, first, files)).elsewhere());
    }

    /// Whether the subject called `name` is checked here.
    pub fn owns(&self, name: &str) -> bool {
        self.split.get().is_none_or(|split| split.owns(name))
    }

    /// Whether there is time to read the file called `name`; where there is none, that is told.
    pub fn has_time(&self, name: &str) -> bool {
        let late = self.deadline.gap(name);
        let has_time = late.is_none();
        self.gaps(late.into_iter().collect());
        has_time
    }

    /// Whether there is time to read on in the records of `source`; where there is none, that is told once.
    pub fn reads_on(&self, source: &str) -> bool {
        let Some(reason) = self.deadline.passed() else { return true };
        let mut tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        if !std::mem::replace(&mut tally.is_cut_short, true) {
            let reason = format!("{reason}: the records that follow are not read");
            tally.not_checked.push(NotChecked { subject: source.to_owned(), rule: None, reason });
        }
        false
    }

    /// Whether records were left unread because the time was used up.
    pub fn is_cut_short(&self) -> bool {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner).is_cut_short
    }

    /// Adds `text` to what must be the same in all shards.
    pub fn hash(&self, text: &str) {
        if self.shard.is_some() {
            self.input.lock().unwrap_or_else(PoisonError::into_inner).add(text);
        }
    }

    /// What the report of this shard says about itself; `None` where it is about all of the input.
    pub fn part(&self, complete: bool, idle: Option<String>) -> Option<Part> {
        let input = || self.input.lock().unwrap_or_else(PoisonError::into_inner).hex();
        self.shard.map(|shard| Part { shard, input: input(), complete, idle })
    }

    /// Number of subjects that other shards check.
    pub fn elsewhere(&self) -> usize {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner).elsewhere
    }

    fn pass(&self, subjects: usize) {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner).elsewhere += subjects;
    }

    /// Checks a record, which every shard reads.
    pub fn take_record(&self, record: Result<Subject, NotChecked>) {
        match &record {
            Ok(subject) => [&subject.name, &subject.text].into_iter().for_each(|text| self.hash(text)),
            Err(gap) => [&gap.subject, &gap.reason].into_iter().for_each(|text| self.hash(text)),
        }
        self.take(record, None);
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
        let gaps: Vec<_> = tally.not_checked.iter().chain(&tally.told_elsewhere).cloned().collect();
        let stale = list.stale(baseline, &scope(self.rules, args, folders, &gaps, self.split.get()));
        tally.subjects.extend(Some(stale).filter(|stale| !stale.is_silent()));
    }

    /// Whether there was nothing, not even something that could not be checked.
    pub fn is_empty(&self) -> bool {
        let tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        tally.checked + tally.elsewhere == 0
            && tally.not_checked.is_empty()
            && tally.told_elsewhere.is_empty()
    }

    /// Adds what could not be checked.
    pub fn gaps(&self, gaps: Vec<NotChecked>) {
        let (own, others): (Vec<_>, Vec<_>) = gaps.into_iter().partition(|gap| self.owns(&gap.subject));
        let mut tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        tally.not_checked.extend(own);
        tally.told_elsewhere.extend(others);
    }

    /// Adds that reading the input ended early, which every shard tells.
    pub fn broke(&self, reason: String) {
        let gap = NotChecked { subject: "the input".to_owned(), rule: None, reason };
        self.tally.lock().unwrap_or_else(PoisonError::into_inner).not_checked.push(gap);
    }

    /// The outcome so far; it is taken out of the run.
    pub fn report(&self) -> Report {
        let mut tally = std::mem::take(&mut *self.tally.lock().unwrap_or_else(PoisonError::into_inner));
        arrange(&mut tally.subjects, &mut tally.not_checked);
        let mut report = Report {
            subjects: tally.subjects,
            checked: tally.checked,
            bytes: tally.bytes,
            rules: self.rules.len(),
            today: self.world.today.to_string(),
            not_checked: tally.not_checked,
            fixes: None,
            part: None,
            preview: None,
        };
        // What is left out when shards are merged must not count here.
        if self.shard.is_none() {
            engine::distinguish(&mut report);
            report.keep_gravest(MOST_FINDINGS);
        }
        report
    }
}
