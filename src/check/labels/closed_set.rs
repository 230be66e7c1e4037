//! Labels of governed scopes: each is one of the documented values, in the documented spelling.

pub(super) mod drift;

use std::borrow::Cow;

use self::drift::{Drift, Sets};
use super::{Body, has, source, url};
use crate::check::{Hit, Sink, View};
use crate::diagnostic::{Edit, Fix};
use crate::document::Document;
use crate::document::outline::Class;
use crate::globs::Globs;
use crate::scan::Need;
use crate::subject::Kind;
use crate::text::Span;
use crate::yaml::Node;

/// Finds labels that share a governed scope and are none of its values.
#[derive(Debug)]
pub struct ClosedSet {
    lists: Vec<String>,
    comments: Vec<String>,
    sets: Sets,
    projects: Option<Globs>,
    page_globs: Option<Globs>,
}

/// A label as it is read, and where it stands.
struct Found<'l> {
    label: Cow<'l, str>,
    span: Span,
    place: Place,
}

/// What a label stands in.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// A list or a command that holds labels and nothing else.
    Label,
    /// A code span or cell that may as well hold something else.
    Prose,
    /// The query of a URL.
    Query,
}

impl ClosedSet {
    pub(super) fn new(body: Body) -> Self {
        let Body { lists, comments, sets, projects, page_globs, wildcards, allow, .. } = body;
        Self { lists, comments, sets: Sets::new(sets, wildcards, allow), projects, page_globs }
    }

    pub(super) fn need(&self) -> Need {
        Need::Any(self.sets.literals())
    }

    pub(super) fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let subject = view.doc.subject;
        let own = subject.project.as_deref().or(view.world.project.as_deref());
        let governed = match subject.kind {
            Kind::Page => has(self.page_globs.as_ref(), subject.path.as_deref()),
            _ => self.governs(own),
        };
        for found in self.of_urls(view.doc, governed) {
            self.judge(view.doc, &found, sink);
        }
        if governed {
            for found in self.of_subject(view.doc) {
                self.judge(view.doc, &found, sink);
            }
        } else if subject.kind.is_record() && own.is_none() {
            let labels = self.of_subject(view.doc);
            if labels.iter().any(|found| self.sets.drift(&found.label).is_some()) {
                sink.not_checked("the record does not name its project");
            }
        }
    }

    fn governs(&self, project: Option<&str>) -> bool {
        // A group's own pages show the labels of the projects below it.
        has(self.projects.as_ref(), project)
            || project.is_some_and(|group| has(self.projects.as_ref(), Some(&format!("{group}/-"))))
    }

    /// The labels in the subject's own fields, lists, commands, code spans and cells.
    fn of_subject<'d>(&self, doc: &'d Document<'_>) -> Vec<Found<'d>> {
        let text = doc.text();
        let written = |span: Span, place| Found { label: span.of(text).into(), span, place };
        let kind = doc.subject.kind;
        if kind.is_template() {
            return source::quick_actions(doc).into_iter().map(|span| written(span, Place::Label)).collect();
        }
        if kind == Kind::DataFile {
            let node = doc.node();
            let listed = node.map(|node| source::listed(node, &self.lists).concat()).unwrap_or_default();
            let posted = node.map(|node| source::posted(text, node, &self.comments)).unwrap_or_default();
            let posted = posted.into_iter().map(|span| written(span, Place::Label));
            return listed.into_iter().filter_map(of_node).chain(posted).collect();
        }
        if kind != Kind::Page {
            let nodes = doc.node().map(source::of_record);
            return nodes.into_iter().flatten().filter_map(of_node).collect();
        }
        let mut found = Vec::new();
        for outline in doc.outlines() {
            found.extend(source::words(text, outline).into_iter().map(|span| written(span, Place::Prose)));
            for node in source::fenced_yaml(text, outline) {
                let labels = source::listed(&node, &self.lists).concat();
                let owned = |found: Found<'_>| Found { label: found.label.into_owned().into(), ..found };
                found.extend(labels.into_iter().filter_map(of_node).map(owned));
            }
        }
        found
    }

    /// The labels in URLs. A URL that shows a project tells whose labels it names; others speak of the subject's own.
    fn of_urls<'d>(&self, doc: &'d Document<'_>, governed: bool) -> Vec<Found<'d>> {
        let text = doc.text();
        let mut found = Vec::new();
        if !url::may_name_labels(text) {
            return found;
        }
        for outline in doc.outlines() {
            let bare =
                outline.pieces.iter().filter(|piece| piece.class == Class::Url).map(|piece| piece.span);
            for span in outline.links.iter().filter_map(|link| link.target_span).chain(bare) {
                let project = url::project(span.of(text));
                if project.map_or(governed, |project| self.governs(Some(&project))) {
                    found.extend(url::label_names(text, span).into_iter().map(|span| Found {
                        label: url::decoded(span.of(text)).into(),
                        span,
                        place: Place::Query,
                    }));
                }
            }
        }
        found
    }

    fn judge(&self, doc: &Document<'_>, found: &Found<'_>, sink: &mut Sink<'_>) {
        let drift = match found.place {
            Place::Prose => self.sets.drift_in_prose(&found.label),
            _ => self.sets.drift(&found.label),
        };
        let Some(drift) = drift else { return };
        let members = drift.members.join(", ");
        let member = drift.member.unwrap_or_default();
        let values =
            [("hit", &*found.label), ("scope", drift.scope), ("member", member), ("members", &*members)];
        let fix = fix(doc, found, &drift);
        sink.report(Hit::at(found.span, &values).variant(drift.variant).fix(fix));
    }
}

fn of_node(node: &Node) -> Option<Found<'_>> {
    Some(Found { label: node.as_str()?.into(), span: node.span, place: Place::Label })
}

/// The documented spelling in place of the one found; what happened to a record's labels cannot be changed.
fn fix(doc: &Document<'_>, found: &Found<'_>, drift: &Drift<'_>) -> Option<Fix> {
    let member = drift.member?;
    let is_record = doc.subject.kind.is_record();
    if is_record && !doc.node().is_some_and(|node| node.path_to(found.span).starts_with("labels")) {
        return None;
    }
    let text = match found.place {
        Place::Query => url::encoded(member, found.span.of(doc.text())).into_owned(),
        // Without quotes a name ends at its first blank.
        _ if member.contains(' ') && !is_record => return None,
        _ => member.to_owned(),
    };
    let edits = vec![Edit { span: found.span, text }];
    Some(Fix { title: format!("Write `{member}`"), safe: !is_record && drift.variant != drift::TYPO, edits })
}
