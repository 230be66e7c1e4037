//! The charts of insights: labels that exist, no two that exclude each other, and all values of a scope.

use super::Body;
use super::catalogue::{self, Catalogue, Known};
use crate::check::{Hit, Sink, View};
use crate::diagnostic::{Edit, Fix, Severity};
use crate::document::Document;
use crate::document::outline::Class;
use crate::scan::Need;
use crate::subject::Kind;
use crate::text::Span;
use crate::yaml::{Entry, Node, Value};

/// What [`Charts`] may report.
pub(super) const VARIANTS: [&str; 5] =
    [catalogue::VARIANTS[0], catalogue::VARIANTS[1], "impossible", "incomplete", "report"];

/// Finds charts that stay empty, and links to charts that are not there.
#[derive(Debug)]
pub struct Charts {
    file: String,
    catalogue: Catalogue,
    coverage_min: usize,
}

impl Charts {
    pub(super) fn new(mut body: Body) -> Self {
        let file = std::mem::take(&mut body.file);
        Self { file, coverage_min: body.coverage_min, catalogue: Catalogue::new(body) }
    }

    pub(super) fn need(&self) -> Need {
        Need::Any(["filter_labels", "collection_labels", "/insights"].map(str::to_owned).into())
    }

    pub(super) fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        if view.doc.subject.kind == Kind::Page {
            return self.links(view, sink);
        }
        let path = view.doc.subject.path.as_deref().unwrap_or_default();
        let own = path == self.file || path.ends_with(&format!("/{}", self.file));
        if let Some(root) = view.doc.node().filter(|_| own) {
            let known = self.catalogue.known(view, sink);
            self.queries(root, &known, sink);
        }
    }

    /// Looks at every query below `node`, of the old style and of the new one.
    fn queries(&self, node: &Node, known: &Known<'_>, sink: &mut Sink<'_>) {
        node.items().iter().for_each(|item| self.queries(item, known, sink));
        for entry in node.entries() {
            match entry.key.as_str() {
                "filter_labels" => {
                    self.labels(&entry.value, known, sink);
                    exclusive(&entry.value, sink);
                }
                "collection_labels" => {
                    self.labels(&entry.value, known, sink);
                    self.completeness(entry, known, sink);
                }
                _ => self.queries(&entry.value, known, sink),
            }
        }
    }

    fn labels(&self, list: &Node, known: &Known<'_>, sink: &mut Sink<'_>) {
        of_list(list).into_iter().for_each(|label| known.judge(label, sink));
    }

    fn completeness(&self, entry: &Entry, known: &Known<'_>, sink: &mut Sink<'_>) {
        let listed: Vec<_> = of_list(&entry.value).into_iter().filter_map(Node::as_str).collect();
        for (scope, values) in self.catalogue.sets.scopes().filter(|(scope, _)| known.governs(scope)) {
            let labels: Vec<_> = values.iter().map(|value| format!("{scope}::{value}")).collect();
            let (named, missing): (Vec<_>, Vec<_>) =
                labels.iter().partition(|label| listed.contains(&label.as_str()));
            if named.len() >= self.coverage_min && !missing.is_empty() {
                let names: Vec<&str> = missing.iter().map(|label| label.as_str()).collect();
                let count = missing.len().to_string();
                let values = [
                    ("hit", scope),
                    ("scope", scope),
                    ("members", &*names.join(", ")),
                    ("other", count.as_str()),
                ];
                let fix = addition(&entry.value, &names);
                sink.report(Hit::at(entry.key_span, &values).variant("incomplete").fix(fix));
            }
        }
    }

    /// Reports links of a page to reports that the project's own file does not define.
    fn links(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let Some(project) = &view.world.project else { return };
        let text = view.doc.text();
        let found: Vec<_> =
            targets(view.doc).into_iter().filter_map(|target| report_key(text, target, project)).collect();
        if found.is_empty() {
            return;
        }
        let Some(file) = view.world.tree(&self.file) else { return };
        for span in found.into_iter().filter(|span| file.get(span.of(text)).is_none()) {
            let keys: Vec<_> = file.entries().iter().map(|entry| entry.key.as_str()).collect();
            let values = [("hit", span.of(text)), ("members", &*keys.join(", "))];
            sink.report(Hit::at(span, &values).variant("report"));
        }
    }
}

/// Every address of the page.
fn targets(document: &Document<'_>) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for outline in document.outlines() {
        spans.extend(outline.links.iter().filter_map(|link| link.target_span));
        let bare = outline.pieces.iter().filter(|piece| piece.class == Class::Url).map(|piece| piece.span);
        spans.extend(bare);
    }
    spans.sort();
    spans.dedup();
    spans
}

/// The report that the address at `span` names, where it shows the insights of `project`.
fn report_key(text: &str, span: Span, project: &str) -> Option<Span> {
    let url = span.of(text);
    let (before, key) = url.split_once("/insights/#/").or_else(|| url.split_once("/insights#/"))?;
    let (_, path) = before.split_once("://")?;
    let (_, path) = path.split_once('/')?;
    let path = path.strip_suffix("/-").unwrap_or(path);
    let path = path.strip_prefix("groups/").unwrap_or(path);
    let end = key.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-'))).unwrap_or(key.len());
    let start = span.start as usize + url.len() - key.len();
    (path == project && end > 0).then(|| Span::new(start, start + end))
}

/// Reports labels of one scope, of which an issue has only one.
fn exclusive(list: &Node, sink: &mut Sink<'_>) {
    let labels: Vec<_> = of_list(list)
        .into_iter()
        .filter_map(|node| Some((node, node.as_str()?.rsplit_once("::")?)))
        .collect();
    for (at, (node, (scope, value))) in labels.iter().enumerate() {
        let rival = labels.iter().skip(at + 1).find(|(_, (other, own))| other == scope && own != value);
        if let Some((other, _)) = rival {
            let values =
                [("hit", node.as_str().unwrap_or_default()), ("other", other.as_str().unwrap_or_default())];
            let mut hit =
                Hit::at(node.span, &values).variant("impossible").related(other.span, "excludes it");
            hit.severity = Some(Severity::Error);
            sink.report(hit);
        }
    }
}

/// The missing labels at the end of a list in brackets.
fn addition(list: &Node, names: &[&str]) -> Option<Fix> {
    let Value::List(items) = &list.value else { return None };
    let last = items.last()?;
    // Between the last item and the end of the list nothing but a quote and the bracket has a place.
    let gap = list.span.end.saturating_sub(last.span.end);
    let text: String = names.iter().map(|name| format!(", \"{name}\"")).collect();
    let edits =
        vec![Edit { span: Span { start: list.span.end.checked_sub(1)?, end: list.span.end - 1 }, text }];
    (1..=2).contains(&gap).then(|| Fix { title: "Add the other labels".to_owned(), safe: false, edits })
}

fn of_list(node: &Node) -> Vec<&Node> {
    match &node.value {
        Value::List(items) => items.iter().collect(),
        _ => vec![node],
    }
}
