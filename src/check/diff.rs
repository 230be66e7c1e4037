//! What the diff of a merge request adds, and what has to come with it.

mod circumstance;
mod expectation;
mod hunk;
mod layout;
mod page;
mod scope;
mod trigger;

use serde::Deserialize;

use super::{Hit, Sink, View};
use crate::globs::Globs;
use crate::pattern::Pattern;
use crate::scan::Need;
use crate::subject::DiffFile;
use crate::text::Span;
use circumstance::Circumstance;
use expectation::{Expectation, Verdict};
use hunk::Hunk;
use layout::layout_free;
use scope::Scope;
use trigger::{Entry, Trigger};

/// Things that a diff adds or changes, each of which has a name.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Diff {
    triggers: Vec<Trigger>,
    #[serde(default)]
    extra_triggers: Vec<Trigger>,
    /// Files that are not looked at.
    exclude_paths: Option<Globs>,
    /// Lines that do not count, such as the way back of a migration.
    outside: Option<Scope>,
    /// What of an entry may change without changing it.
    comments: Option<Pattern>,
    /// The check needs one of these.
    given: Option<Circumstance>,
    /// One of these answers for everything.
    #[serde(default)]
    unless: Circumstance,
    /// What has to come with a trigger; the trigger itself is reported where there is nothing.
    #[serde(default)]
    expect: Vec<Expectation>,
}

/// Something that a diff adds or changes.
#[derive(Debug)]
struct Found<'d> {
    name: &'d str,
    span: Span,
    trigger: &'d str,
}

impl Diff {
    /// The values that messages may name.
    pub const VALUES: &'static [&'static str] = &["hit"];

    /// The variants the check may report.
    pub fn variants(&self) -> Vec<&str> {
        self.expect.iter().map(|expectation| expectation.variant.as_str()).collect()
    }

    /// What a text must contain: nothing, since a record may lack its diffs, which has to be said.
    pub fn need(&self) -> Need {
        Need::Nothing
    }

    /// Finds it.
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let files = view.doc.subject.diffs.as_deref();
        if self.unless.any(view.doc, files.unwrap_or_default()) {
            return;
        }
        let Some(files) = files else { return sink.not_checked("the record has no diffs") };
        if self.given.as_ref().is_some_and(|given| !given.any(view.doc, files)) {
            return;
        }
        match files.iter().filter(|file| file.incomplete && self.reads(&file.new_path)).count() {
            0 => {}
            1 => sink.not_checked("the diff of 1 file was not in the record"),
            count => sink.not_checked(format!("the diff of {count} files was not in the record")),
        }
        let found = self.found(view.doc.text(), files);
        if self.expect.is_empty() {
            for found in &found {
                sink.report(Hit::at(found.span, &[("hit", found.name)]));
            }
        }
        for expectation in &self.expect {
            let concerned = found.iter().find(|found| expectation.concerns(found.trigger, found.name));
            let Some(found) = concerned.filter(|_| sink.wants(&expectation.variant)) else { continue };
            match expectation.verdict(view, files) {
                Verdict::Met => {}
                Verdict::Open => sink.not_checked("the diff of a documentation page was not in the record"),
                Verdict::Missed => {
                    let values = [("hit", found.name)];
                    sink.report(Hit::at(found.span, &values).variant(&expectation.variant));
                }
            }
        }
    }

    fn all_triggers(&self) -> impl Iterator<Item = &Trigger> {
        self.triggers.iter().chain(&self.extra_triggers)
    }

    fn reads(&self, path: &str) -> bool {
        !self.exclude_paths.as_ref().is_some_and(|globs| globs.has(path))
            && self.all_triggers().any(|trigger| trigger.reads(path))
    }

    /// What `files` add or change, each name once, where it first stands.
    fn found<'d>(&'d self, text: &'d str, files: &[DiffFile]) -> Vec<Found<'d>> {
        let read = files.iter().filter(|file| self.reads(&file.new_path));
        let hunks: Vec<(&DiffFile, Vec<Hunk>)> =
            read.map(|file| (file, hunk::of_file(text, file, self.outside.as_ref()))).collect();
        let mut all: Vec<Found<'d>> = Vec::new();
        for trigger in self.all_triggers() {
            let read = || hunks.iter().filter(|(file, _)| trigger.reads(&file.new_path));
            let before: Vec<Entry<'_>> =
                read().flat_map(|(_, hunks)| hunks).flat_map(|hunk| trigger.entries(&hunk.old)).collect();
            let added = read().flat_map(|(_, hunks)| hunks).flat_map(|hunk| trigger.added(&hunk.new));
            for (entry, span) in added {
                let plain = |entry: &Entry<'_>| layout_free(entry.text, self.comments.as_ref());
                let known = |old: &Entry<'_>| {
                    old.name == entry.name && (trigger.only_new || plain(old) == plain(&entry))
                };
                if !before.iter().any(known) {
                    all.push(Found { name: span.of(text), span, trigger: &trigger.id });
                }
            }
        }
        all.sort_by_key(|found| found.span);
        let mut first: Vec<Found<'d>> = Vec::new();
        for found in all {
            if first.iter().all(|earlier| earlier.name != found.name) {
                first.push(found);
            }
        }
        first
    }
}
