//! Listed issues whose labels say that nobody has to vote for them, as the record's linked issues tell.

use crate::check::section::content;
use crate::check::{Hit, Sink, View};
use crate::document::flat::Flat;
use crate::document::{Field, Outline};
use crate::pattern::Pattern;
use crate::text::Span;
use crate::yaml::Node;

/// The variant that is reported.
pub(super) const VARIANT: &str = "forced-items";

/// An issue by its project, as far as it is named, and its number.
struct Name<'t> {
    project: Option<&'t str>,
    number: &'t str,
}

/// Reports the issues of `section` that carry one of `labels`; `issue` finds references in its words.
pub(super) fn check(
    view: View<'_>,
    outline: &Outline,
    section: Span,
    issue: &Pattern,
    labels: &[String],
    sink: &mut Sink<'_>,
) {
    if !sink.wants(VARIANT) {
        return;
    }
    let text = view.doc.text();
    let links = content::links(text, outline, section).into_iter().filter(|(link, _)| issue.is_match(link));
    let mut listed: Vec<(&str, Span)> = links.collect();
    let words = Flat::new(text, outline, section, false);
    for hit in issue.hits(&words.text) {
        let blank = hit.as_str().len() - hit.as_str().trim_start_matches([' ', '\n', '(', ',']).len();
        let span = words.span(hit.start() + blank..hit.end());
        if !listed.iter().any(|(_, shown)| shown.contains(span)) {
            listed.push((span.of(text), span));
        }
    }
    let linked = view.doc.node().and_then(|node| node.get("links")).map(Node::items).unwrap_or_default();
    let own = view.doc.subject.project.as_deref();
    let mut unknown = 0;
    for (target, shown) in listed {
        let Some(name) = Name::of(target) else { continue };
        let Some(entry) = linked.iter().find(|entry| name.is(entry, own)) else {
            unknown += 1;
            continue;
        };
        let carried = Field::of_node(entry, "labels");
        if let Some(label) = carried.values.iter().find(|own| labels.iter().any(|label| *label == own.text)) {
            let values = [("hit", shown.of(text)), ("missing", &*label.text)];
            sink.report(Hit::at(shown, &values).variant(VARIANT));
        }
    }
    if unknown > 0 {
        sink.not_checked(format!("the record's `links` lack listed issues ({unknown})"));
    }
}

impl<'t> Name<'t> {
    /// The issue that a URL or a reference names.
    fn of(reference: &'t str) -> Option<Self> {
        let digits = |rest: &'t str| {
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            rest.get(..end).filter(|number| !number.is_empty())
        };
        for kind in ["issues/", "work_items/"] {
            if let Some((before, after)) = reference.split_once(kind) {
                let path = before.split_once("://").map_or(before, |(_, rest)| rest);
                let project = path.split_once('/').map(|(_, rest)| rest.trim_end_matches(['/', '-']));
                return Some(Self { project, number: digits(after)? });
            }
        }
        let (project, after) = reference.rsplit_once('#')?;
        Some(Self { project: Some(project).filter(|name| !name.is_empty()), number: digits(after)? })
    }

    /// Whether `entry` of the record's links is this issue; a bare number belongs to the project `own`.
    fn is(&self, entry: &Node, own: Option<&str>) -> bool {
        let keys = ["references.full", "web_url", "ref", "iid"];
        let said = |key: &&str| entry.at(key).and_then(|found| found.node.as_str());
        let Some(reference) = keys.iter().find_map(said) else { return false };
        let other = Name::of(reference).unwrap_or(Name { project: None, number: reference });
        let same =
            |a: &str, b: &str| a == b || a.ends_with(&format!("/{b}")) || b.ends_with(&format!("/{a}"));
        self.number == other.number
            && match (self.project.or(own), other.project.or(own)) {
                (Some(here), Some(there)) => same(here, there),
                _ => true,
            }
    }
}
