//! What the diff of a merge request adds, and what has to come with it.

mod circumstance;
mod demand;
mod expectation;
mod files;
pub(super) mod hunk;
mod keys;
mod layout;
mod naming;
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
use demand::Demand;
use expectation::{Expectation, Verdict};
use files::FileTrigger;
use hunk::Hunk;
use keys::KeyTrigger;
use layout::layout_free;
use scope::Scope;
use trigger::{Entry, Trigger};

/// Things that a diff adds or changes, each of which has a name.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Diff {
    #[serde(default)]
    triggers: Vec<Trigger>,
    #[serde(default)]
    extra_triggers: Vec<Trigger>,
    /// Files that are added, deleted or renamed.
    #[serde(default)]
    files: Vec<FileTrigger>,
    /// Keys of YAML files.
    #[serde(default)]
    keys: Vec<KeyTrigger>,
    /// One finding for all of them, at the first.
    #[serde(default)]
    once: bool,
    /// The variant that is reported where nothing is expected.
    #[serde(default)]
    variant: String,
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
    /// What the fields of the record have to say.
    #[serde(default)]
    demand: Vec<Demand>,
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
        let own = Some(self.variant.as_str()).filter(|name| !name.is_empty());
        let demanded = self.demand.iter().map(|demand| demand.variant.as_str());
        own.into_iter()
            .chain(self.expect.iter().map(|expectation| expectation.variant.as_str()))
            .chain(demanded)
            .collect()
    }

    /// What a text must contain: nothing, since a record may lack its diffs, which has to be said.
    pub fn need(&self) -> Need {
        Need::Nothing
    }

    /// Finds it.
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let files = view.doc.subject.diffs.as_deref();
        if self.unless.any(view, files.unwrap_or_default()) {
            return;
        }
        let Some(files) = files else { return sink.not_checked("the record has no diffs") };
        if self.given.as_ref().is_some_and(|given| !given.any(view, files)) {
            return;
        }
        match files.iter().filter(|file| file.incomplete && self.reads(&file.new_path)).count() {
            0 => {}
            1 => sink.not_checked("the diff of 1 file was not in the record"),
            count => sink.not_checked(format!("the diff of {count} files was not in the record")),
        }
        let found = self.found(view.doc.text(), files);
        if self.expect.is_empty() && self.demand.is_empty() {
            if !found.is_empty() && self.unless.lacks_text(view.doc) {
                return sink.not_checked("the record has no `description`");
            }
            for found in found.iter().take(if self.once { 1 } else { found.len() }) {
                sink.report(Hit::at(found.span, &[("hit", found.name)]).variant(&self.variant));
            }
        }
        if !found.is_empty() {
            self.demand.iter().for_each(|demand| demand.check(view, sink));
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

    fn looks_at(&self, path: &str) -> bool {
        !self.exclude_paths.as_ref().is_some_and(|globs| globs.has(path))
    }

    fn reads(&self, path: &str) -> bool {
        self.looks_at(path)
            && (self.all_triggers().any(|trigger| trigger.reads(path))
                || self.keys.iter().any(|trigger| trigger.reads(path)))
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
        for file in files.iter().filter(|file| self.looks_at(&file.new_path)) {
            let own = self.files.iter().filter_map(|trigger| trigger.found(text, file));
            let keys = self.keys.iter().flat_map(|trigger| trigger.found(text, file));
            all.extend(own.chain(keys).map(|span| Found { name: span.of(text), span, trigger: "" }));
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
