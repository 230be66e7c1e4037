//! Groups without a product manager of their own: what is not expected of them, and what still is.

use serde::Deserialize;

use super::{Hit, Sink, View};
use crate::globs::Globs;
use crate::pattern::Pattern;
use crate::scan::Need;
use crate::subject::{Change, DiffFile, Kind};
use crate::yaml::Node;

/// Work of a group that somebody only takes care of.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Caretaker {
    /// The groups, besides those of the stages file.
    groups: Vec<String>,
    /// What the stages file says of the product manager of such a group.
    life_support_marker: Pattern,
    /// Pages that need no updates.
    discouraged_paths: Globs,
    /// Lines that may change on them.
    harmless: Pattern,
    /// Titles of issues about such updates.
    update_title: Pattern,
    /// The label of features.
    feature_label: String,
    /// The label of a feature with an item for the release post.
    release_post_label: String,
}

/// A group with the names of its categories.
#[derive(Debug, Default)]
struct Group<'w> {
    name: &'w str,
    categories: Vec<&'w str>,
}

impl Caretaker {
    /// The values that messages may name.
    pub const VALUES: &'static [&'static str] = &["hit", "group"];

    /// The variants the check may report.
    pub fn variants(&self) -> Vec<&str> {
        vec!["page", "update", "duty"]
    }

    /// A missing label is found by its absence.
    pub fn need(&self) -> Need {
        Need::Nothing
    }

    /// Looks at merge requests and issues of such groups.
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let groups = self.groups(view);
        if groups.is_empty() {
            return;
        }
        let doc = view.doc;
        let labels = doc.field("labels");
        let labelled = |name: &str| labels.values.iter().any(|label| label.text == name);
        let of_label = |group: &&Group<'_>| {
            labels
                .values
                .iter()
                .any(|label| label.text.strip_prefix("group::").is_some_and(|own| same(own, group.name)))
        };
        let own = groups.iter().find(of_label);
        if let Some(group) = own.filter(|_| doc.subject.kind == Kind::Issue) {
            let title = doc.field("title");
            if let Some(title) = title.first().filter(|title| self.update_title.is_match(&title.text)) {
                let values = [("hit", &*title.text), ("group", group.name)];
                sink.report(Hit::at(title.span, &values).variant("update"));
            }
        }
        if doc.subject.kind != Kind::MergeRequest {
            return;
        }
        let merged = doc.field("state").first().is_some_and(|state| state.text == "merged");
        if let Some(group) = own
            && merged
            && labelled(&self.feature_label)
            && !labelled(&self.release_post_label)
        {
            let values = [("hit", labels.place.of(doc.text())), ("group", group.name)];
            sink.report(Hit::at(labels.place, &values).variant("duty"));
        }
        for file in doc.subject.diffs.iter().flatten() {
            let group = groups
                .iter()
                .find(|group| group.keeps(&file.new_path))
                .or_else(|| own.filter(|_| is_category(&file.new_path)));
            if let Some(group) =
                group.filter(|_| self.discouraged_paths.has(&file.new_path) && self.updates(view, file))
            {
                let values = [("hit", file.new_path.as_str()), ("group", group.name)];
                sink.report(Hit::at(file.path_span, &values).variant("page"));
            }
        }
    }

    /// Whether the change is more than a new date.
    fn updates(&self, view: View<'_>, file: &DiffFile) -> bool {
        let mut changed =
            file.lines.iter().filter(|line| matches!(line.change, Change::Added | Change::Removed));
        file.incomplete
            || changed.any(|line| {
                let text = line.span.of(view.doc.text());
                !text.trim().is_empty() && !self.harmless.is_match(text)
            })
    }

    fn groups<'w>(&'w self, view: View<'w>) -> Vec<Group<'w>> {
        let mut groups: Vec<Group<'w>> = Vec::new();
        let stages = view.world.stages().and_then(|node| node.get("stages"));
        for entry in stages
            .into_iter()
            .flat_map(|stages| stages.entries())
            .filter_map(|stage| stage.value.get("groups"))
            .flat_map(Node::entries)
        {
            let named = self.groups.iter().any(|name| same(name, &entry.key));
            let kept = entry
                .value
                .get("pm")
                .and_then(Node::as_str)
                .is_some_and(|pm| self.life_support_marker.is_match(pm));
            if named || kept {
                let categories = entry.value.get("categories").map(Node::items).unwrap_or_default();
                groups.push(Group {
                    name: &entry.key,
                    categories: categories.iter().filter_map(Node::as_str).collect(),
                });
            }
        }
        for name in &self.groups {
            if !groups.iter().any(|group| same(group.name, name)) {
                groups.push(Group { name, categories: Vec::new() });
            }
        }
        groups
    }
}

impl Group<'_> {
    /// Whether the page at `path` is about the group or one of its categories.
    fn keeps(&self, path: &str) -> bool {
        path.split('/')
            .rev()
            .skip(1)
            .any(|folder| same(folder, self.name) || self.categories.iter().any(|name| same(folder, name)))
    }
}

/// Whether the page lies below the page of a stage: `direction/plan/wiki/index.html.md`.
fn is_category(path: &str) -> bool {
    path.rsplit_once("direction/").is_some_and(|(_, rest)| rest.split('/').count() > 2)
}

/// Names are written with blanks, dashes or underscores.
fn same(one: &str, other: &str) -> bool {
    crate::cond::folded(one) == crate::cond::folded(other)
}
