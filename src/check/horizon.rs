//! Labels that say in how many releases something is planned, held against the milestone.

use serde::Deserialize;
use strsim::damerau_levenshtein;

use super::{Hit, Sink, View};
use crate::cond::folded;
use crate::diagnostic::{Edit, Fix};
use crate::document::Document;
use crate::document::flat::without_ticks;
use crate::document::outline::{Class, Outline};
use crate::pattern::Pattern;
use crate::scan::Need;
use crate::subject::Kind;
use crate::text::Span;

/// A scope of labels that each name the first and the last release they mean, counted from the current one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Horizon {
    /// What every label of the scope starts with.
    scope: String,
    /// A whole label, with groups for the first and the last release.
    pattern: Pattern,
    /// The labels that there are.
    known_variants: Vec<String>,
    /// Milestones that are no release and not planned.
    special: Vec<String>,
    /// The current release, where the record does not say it.
    current_release: Option<String>,
    /// Releases until the major version goes up.
    releases_per_year: i64,
}

/// A label of the scope, as written.
struct Named {
    name: String,
    span: Span,
    /// It has no quotes, which a name with blanks needs.
    bare: bool,
}

impl Horizon {
    /// The values that messages may name: the label, the milestone, how far away it is, and the label that fits.
    pub const VALUES: &'static [&'static str] = &["hit", "milestone", "distance", "best"];

    /// The variants the check may report.
    pub fn variants(&self) -> Vec<&str> {
        vec!["far", "special", "form"]
    }

    /// The labels hold their scope.
    pub fn need(&self) -> Need {
        Need::Any(vec![self.scope.clone()])
    }

    /// Looks at the labels of a record or template, and at those that a page names.
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        if view.doc.subject.kind == Kind::Page {
            for outline in view.doc.outlines() {
                for named in self.on_page(view.doc.text(), outline) {
                    self.form(&named, sink);
                }
            }
            return;
        }
        for mark in view.doc.field("labels").values.iter().filter(|mark| self.has(&mark.text)) {
            // In a template the mark has sigil and quotes too.
            let at = mark.span.of(view.doc.text()).find(&*mark.text).unwrap_or(0);
            let start = mark.span.start as usize + at;
            let span = Span::new(start, start + mark.text.len());
            let named = Named {
                name: mark.text.to_string(),
                span: if span.of(view.doc.text()) == mark.text { span } else { mark.span },
                bare: view.doc.text().get(..start + at).is_some_and(|before| before.ends_with('~')),
            };
            if self.form(&named, sink) {
                self.fits(view.doc, &named, sink);
            }
        }
    }

    /// A scope alone, and one with a placeholder behind it, is no label yet.
    fn has(&self, label: &str) -> bool {
        label
            .strip_prefix(&self.scope)
            .is_some_and(|rest| !rest.trim().is_empty() && !rest.contains(['*', '<', '{', '$']))
    }

    /// The first and the last release of a label; `None` where it names no range.
    fn range(&self, label: &str) -> Option<(i64, i64)> {
        let groups = self.pattern.captures(label)?;
        let number = |index| groups.get(index)?.as_str().parse::<i64>().ok();
        number(1).zip(number(2)).filter(|(first, last)| first <= last)
    }

    /// Whether the label names a range; reports one that does not.
    fn form(&self, named: &Named, sink: &mut Sink<'_>) -> bool {
        if self.range(&named.name).is_some() {
            return true;
        }
        let near = self.known_variants.iter().map(|known| (damerau_levenshtein(known, &named.name), known));
        let best = near.filter(|(distance, _)| *distance <= 2).min().map(|(_, known)| known.as_str());
        self.report(named, "form", [("milestone", ""), ("distance", "")], best, sink);
        false
    }

    /// Reports a label whose last release comes before the milestone.
    fn fits(&self, doc: &Document<'_>, named: &Named, sink: &mut Sink<'_>) {
        let milestone = doc.field("milestone");
        let (Some(title), Some((_, last))) = (milestone.first(), self.range(&named.name)) else { return };
        let title = &*title.text;
        if self.special.iter().any(|special| folded(special) == folded(title)) {
            return self.report(named, "special", [("milestone", title), ("distance", "")], None, sink);
        }
        let written = doc.field("current_release");
        let current = written.first().map(|mark| &*mark.text).or(self.current_release.as_deref());
        let Some(distance) = current.and_then(|current| Some(self.index(title)? - self.index(current)?))
        else {
            return;
        };
        if distance > last {
            let best = self.known_variants.iter().find(|known| {
                self.range(known).is_some_and(|(first, last)| (first..=last).contains(&distance))
            });
            let values = [("milestone", title), ("distance", &*distance.to_string())];
            self.report(named, "far", values, best.map(String::as_str), sink);
        }
    }

    /// The place of a release `X.Y` in the row of all.
    fn index(&self, release: &str) -> Option<i64> {
        let (major, minor) = release.trim().trim_start_matches(['%', 'v']).split_once('.')?;
        let number = |digits: &str| {
            let plain = digits.len() <= 3 && digits.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| digits.parse::<i64>().ok()).flatten()
        };
        Some(number(major)? * self.releases_per_year + number(minor)?)
    }

    fn report(
        &self,
        named: &Named,
        variant: &str,
        [milestone, distance]: [(&str, &str); 2],
        best: Option<&str>,
        sink: &mut Sink<'_>,
    ) {
        let fix = best.map(|best| Fix {
            title: format!("Write `{best}`"),
            safe: false,
            edits: vec![Edit {
                span: named.span,
                text: if named.bare { format!("\"{best}\"") } else { best.to_owned() },
            }],
        });
        let known = self.known_variants.join("`, `");
        let values = [("hit", named.name.as_str()), milestone, distance, ("best", best.unwrap_or(&known))];
        sink.report(Hit::at(named.span, &values).variant(variant).fix(fix));
    }

    /// `~"label"` in prose and code, and code spans that are a label as a whole.
    fn on_page(&self, text: &str, outline: &Outline) -> Vec<Named> {
        let mut found = Vec::new();
        for piece in outline.pieces.iter().filter(|piece| matches!(piece.class, Class::Text | Class::Code)) {
            let source = piece.span.of(text);
            let quoted = format!("~\"{}", self.scope);
            for (at, _) in source.match_indices(&quoted) {
                let rest = source.get(at + 2..).unwrap_or_default();
                let name = rest.split(['"', '\n']).next().unwrap_or_default();
                let start = piece.span.start as usize + at + 2;
                found.push(Named {
                    name: name.to_owned(),
                    span: Span::new(start, start + name.len()),
                    bare: false,
                });
            }
            if piece.class == Class::Code && !source.contains(['"', '\n']) {
                let inner = without_ticks(text, piece.span);
                let sigil = usize::from(inner.of(text).starts_with('~'));
                let span = Span::new(inner.start as usize + sigil, inner.end as usize);
                found.push(Named { name: span.of(text).to_owned(), span, bare: false });
            }
        }
        found.retain(|named| self.has(&named.name));
        found
    }
}
