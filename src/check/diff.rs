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
mod shortened;
mod trigger;

use std::cell::LazyCell;
use std::collections::HashSet;

use serde::Deserialize;

use super::topics::Agenda;
use super::{Hit, Sink, View};
use crate::document::field::Presence;
use crate::globs::Globs;
use crate::pattern::Pattern;
use crate::scan::Need;
use crate::subject::{Change, DiffFile};
use crate::text::Span;
use circumstance::Circumstance;
use demand::Demand;
use expectation::{Expectation, Verdict};
use files::FileTrigger;
use hunk::Hunk;
use keys::KeyTrigger;
use layout::layout_free;
use scope::Scope;
use shortened::Shortened;
use trigger::{Added, Entry, Trigger};

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
    file_triggers: Vec<FileTrigger>,
    /// Keys of YAML files.
    #[serde(default)]
    keys: Vec<KeyTrigger>,
    /// One finding for all of them, at the first.
    #[serde(default)]
    once: bool,
    /// The variant that is reported; a variant of what has to come with a trigger wins.
    #[serde(default)]
    variant: String,
    /// The names of the files that are looked at; all where it says nothing.
    file_names: Option<Vec<String>>,
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
    /// Files that set off the check by being there.
    files: Option<Files>,
    /// Values that become smaller.
    shortened: Option<Shortened>,
    /// Names that do not count; globs.
    ignore: Option<Globs>,
    /// Entries that make others of their name unnecessary to mention.
    #[serde(default)]
    counterparts: Vec<Trigger>,
    /// What a comment on an entry says where the entry is deliberate.
    mark: Option<String>,
    /// What the description has to address where something sets off the check.
    agenda: Option<Agenda>,
    /// What has to come with a trigger; the trigger itself is reported where there is nothing.
    #[serde(default)]
    expect: Vec<Expectation>,
    /// What the fields of the record have to say.
    #[serde(default)]
    demand: Vec<Demand>,
}

/// Files that set off a check.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Files {
    /// Which ones.
    paths: Globs,
    /// Also files that were there before and that lines are added to.
    #[serde(default)]
    extended: bool,
}

/// Something that a diff adds or changes.
#[derive(Debug)]
struct Found<'d> {
    name: &'d str,
    /// What tells it from others.
    identity: String,
    span: Span,
    trigger: &'d str,
    /// The reason that a comment gives for it.
    deliberate: Option<String>,
}

impl Diff {
    /// The values that messages may name.
    pub const VALUES: &'static [&'static str] = &["hit", "missing", "before", "template", "tasks"];

    /// The variants the check may report.
    pub fn variants(&self) -> Vec<&str> {
        let own = Some(self.variant.as_str()).filter(|variant| !variant.is_empty());
        let expected = self.expect.iter().map(|expectation| expectation.variant.as_str());
        let demanded = self.demand.iter().map(|demand| demand.variant.as_str());
        expected.chain(own).chain(demanded).chain(self.agenda.iter().flat_map(Agenda::variants)).collect()
    }

    /// What a text must contain: nothing, since a record may lack its diffs, which has to be said.
    pub fn need(&self) -> Need {
        Need::Nothing
    }

    /// Finds it.
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let files = view.doc.subject.diffs.as_deref();
        if self.agenda.as_ref().is_some_and(Agenda::is_empty) {
            return;
        }
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
        if let Some(shortened) = &self.shortened {
            let read = files
                .iter()
                .filter(|file| !self.exclude_paths.as_ref().is_some_and(|globs| globs.has(&file.new_path)));
            let hunks: Vec<Hunk> =
                read.flat_map(|file| hunk::of_file(view.doc.text(), file, self.outside.as_ref())).collect();
            return shortened.check(view.doc.text(), &hunks, &self.variant, sink);
        }
        let (marked, found): (Vec<_>, Vec<_>) =
            self.found(view.doc.text(), files).into_iter().partition(|found| found.deliberate.is_some());
        for found in marked {
            let reason = found.deliberate.filter(|reason| !reason.is_empty());
            let reason = reason.unwrap_or_else(|| "no reason given".to_owned());
            sink.not_checked(format!("a comment marks `{}` as deliberate: {reason}", found.identity));
        }
        if let Some(agenda) = self.agenda.as_ref().filter(|_| !found.is_empty()) {
            if view.doc.field("description").presence == Presence::Absent {
                return sink.not_checked("the record has no `description`");
            }
            let missing = agenda.missing(view);
            let count = if agenda.is_together() && !self.once { found.len() } else { 1 };
            for found in found.iter().take(count) {
                agenda.report(&missing, found.span, found.name, sink);
            }
        } else if self.expect.is_empty() && self.demand.is_empty() {
            if !found.is_empty() && self.unless.lacks_text(view.doc) {
                return sink.not_checked("the record has no `description`");
            }
            let template = self.unless.template(view).unwrap_or_default();
            for found in found.iter().take(if self.once { 1 } else { found.len() }) {
                let values = [("hit", found.name), ("template", &*template)];
                sink.report(Hit::at(found.span, &values).variant(&self.variant));
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
        let name = path.rsplit('/').next().unwrap_or(path);
        let is_named = self.file_names.as_ref().is_none_or(|names| names.iter().any(|other| other == name));
        is_named && !self.exclude_paths.as_ref().is_some_and(|globs| globs.has(path))
    }

    fn reads(&self, path: &str) -> bool {
        self.looks_at(path)
            && (self.all_triggers().any(|trigger| trigger.reads(path))
                || self.keys.iter().any(|trigger| trigger.reads(path)))
    }

    /// The names of the counterparts that the diff adds.
    fn counterparts<'h>(&self, hunks: &'h [(&DiffFile, Vec<Hunk>)]) -> HashSet<&'h str> {
        let of = |trigger: &'_ Trigger| {
            let read = hunks.iter().filter(|(file, _)| trigger.reads(&file.new_path));
            let entries = read.flat_map(|(_, hunks)| hunks).flat_map(|hunk| trigger.entries(&hunk.new));
            entries.map(|entry| entry.name).collect::<Vec<_>>()
        };
        self.counterparts.iter().flat_map(of).collect()
    }

    /// What `files` add or change, each name once, where it first stands.
    fn found<'d>(&'d self, text: &'d str, files: &[DiffFile]) -> Vec<Found<'d>> {
        let read = files.iter().filter(|file| self.reads(&file.new_path));
        let hunks: Vec<(&DiffFile, Vec<Hunk>)> =
            read.map(|file| (file, hunk::of_file(text, file, self.outside.as_ref()))).collect();
        let counterparts = LazyCell::new(|| self.counterparts(&hunks));
        let plain = |entry: &Entry<'_>| layout_free(entry.text, self.comments.as_ref());
        let mut all: Vec<Found<'d>> = Vec::new();
        for trigger in self.all_triggers() {
            let read = || hunks.iter().filter(|(file, _)| trigger.reads(&file.new_path));
            // What stood there before; where a change counts too, with its words.
            let words = |entry: &Entry<'_>| if trigger.only_new { String::new() } else { plain(entry) };
            let before = LazyCell::new(|| {
                let old = read().flat_map(|(_, hunks)| hunks).flat_map(|hunk| trigger.entries(&hunk.old));
                old.map(|entry| (entry.name, words(&entry))).collect::<HashSet<_>>()
            });
            let added = read()
                .flat_map(|(_, hunks)| hunks)
                .flat_map(|hunk| trigger.added(&hunk.new, self.mark.as_deref()));
            for Added { entry, place: span, deliberate } in added {
                let counts = !self.ignore.as_ref().is_some_and(|globs| globs.has(entry.name))
                    && !counterparts.contains(entry.name);
                if counts && !before.contains(&(entry.name, words(&entry))) {
                    let (name, identity) = (span.of(text), entry.name.to_owned());
                    let deliberate = deliberate.map(str::to_owned);
                    all.push(Found { name, identity, span, trigger: &trigger.id, deliberate });
                }
            }
        }
        if let Some(new) = &self.files {
            let extended = |file: &DiffFile| file.lines.iter().any(|line| line.change == Change::Added);
            let meant = |file: &&DiffFile| {
                !file.deleted
                    && (file.added || new.extended && extended(file))
                    && new.paths.has(&file.new_path)
            };
            let first = files.iter().find(meant).map(|file| (file.path_span, file.new_path.clone()));
            all.extend(first.map(|(span, identity)| Found {
                name: span.of(text),
                identity,
                span,
                trigger: "",
                deliberate: None,
            }));
        }
        for file in files.iter().filter(|file| self.looks_at(&file.new_path)) {
            let own = self.file_triggers.iter().filter_map(|trigger| trigger.found(text, file));
            let keys = self.keys.iter().flat_map(|trigger| trigger.found(text, file));
            all.extend(own.chain(keys).map(|span| Found {
                name: span.of(text),
                identity: span.of(text).to_owned(),
                span,
                trigger: "",
                deliberate: None,
            }));
        }
        all.sort_by_key(|found| found.span);
        let mut first: Vec<Found<'d>> = Vec::new();
        for found in all {
            if first.iter().all(|earlier| earlier.identity != found.identity) {
                first.push(found);
            }
        }
        first
    }
}
