//! Strings that give something away wherever they stand: in text, code, comments or addresses.

mod names;

use serde::Deserialize;

use self::names::Names;

use super::{Hit, Sink, View};
use crate::pattern::Pattern;
use crate::scan::Need;
use crate::subject::Role;
use crate::text::Span;

/// Detectors over the public text of a subject.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Detect {
    /// What is looked for; of overlapping finds the longest counts.
    detectors: Vec<Detector>,
    /// Names that are looked for, too.
    names: Option<Names>,
}

/// One thing to look for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Detector {
    /// The variant that is reported.
    variant: String,
    /// What it looks like.
    #[serde(rename = "match")]
    pattern: Pattern,
    /// What of it is harmless.
    #[serde(default)]
    harmless: Vec<Pattern>,
    /// Its group `host` is one of these, or below one.
    hosts: Option<Vec<String>>,
    /// With one of these hosts it does not count.
    #[serde(default)]
    except_hosts: Vec<String>,
    /// What stands near it where it counts; the finding covers both.
    near: Option<Near>,
}

/// A neighbour.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Near {
    #[serde(rename = "match")]
    pattern: Pattern,
    /// At most so many characters lie between.
    within: usize,
}

impl Detect {
    /// The values that messages may name.
    pub const VALUES: &'static [&'static str] = &["hit"];

    /// The variants the check may report.
    pub fn variants(&self) -> Vec<&str> {
        let own = self.detectors.iter().map(|detector| detector.variant.as_str());
        own.chain(self.names.as_ref().map(|names| names.variant.as_str())).collect()
    }

    /// Patterns have no literals of their own.
    pub fn need(&self) -> Need {
        Need::Nothing
    }

    /// Reports every find in the description and in public comments.
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let text = view.doc.text();
        let description = view.doc.subject.parts.iter().filter(|part| part.role == Role::Body);
        let mut stretches: Vec<Span> = description.map(|part| part.span).collect();
        let notes = view.doc.notes().unwrap_or_default().into_iter();
        stretches.extend(notes.filter(|note| note.internal == Some(false)).map(|note| note.body.span));
        let names = self.names.as_ref().and_then(|names| match names.digests(view) {
            Ok(digests) => Some((digests?, names.variant.as_str())),
            Err(reason) => {
                sink.not_checked(reason);
                None
            }
        });
        for stretch in stretches {
            let mut found: Vec<(Span, &str)> = Vec::new();
            for detector in &self.detectors {
                found.extend(
                    detector
                        .find(stretch.of(text))
                        .map(|span| (span.shifted(stretch.start as usize), detector.variant.as_str())),
                );
            }
            if let Some((digests, variant)) = &names {
                let listed = names::find(stretch.of(text), digests).into_iter();
                found.extend(listed.map(|span| (span.shifted(stretch.start as usize), *variant)));
            }
            found.sort_by_key(|(span, _)| (std::cmp::Reverse(span.len()), *span));
            let mut kept: Vec<(Span, &str)> = Vec::new();
            for (span, variant) in found {
                if kept.iter().all(|(other, _)| span.end <= other.start || other.end <= span.start) {
                    kept.push((span, variant));
                }
            }
            for (span, variant) in kept {
                sink.report(Hit::at(span, &[("hit", span.of(text))]).variant(variant));
            }
        }
    }
}

impl Detector {
    fn find<'t>(&'t self, text: &'t str) -> impl Iterator<Item = Span> + 't {
        let captures = self.pattern.all_captures(text).into_iter();
        captures.filter_map(move |captures| {
            let hit = captures.name("hit").or(captures.get(0))?;
            let host = captures.name("host").map_or(hit.as_str(), |host| host.as_str());
            let among = |hosts: &[String]| hosts.iter().any(|known| belongs(host, known));
            let counts = self.hosts.as_ref().is_none_or(|hosts| among(hosts))
                && !among(&self.except_hosts)
                && !self.harmless.iter().any(|pattern| pattern.is_match(hit.as_str()));
            let span = Span::from(hit.range());
            match &self.near {
                _ if !counts => None,
                None => Some(span),
                Some(near) => near.joined(text, span),
            }
        })
    }
}

impl Near {
    /// The stretch from the first to the last of `span` and its nearest neighbour in the same paragraph.
    fn joined(&self, text: &str, span: Span) -> Option<Span> {
        let neighbours = self.pattern.hits(text).into_iter().map(|hit| Span::from(hit.range()));
        let gap = |other: &Span| {
            let between = Span { start: span.end.min(other.end), end: span.start.max(other.start) };
            let gap = if between.start <= between.end { between.of(text) } else { "" };
            let apart = gap.replace('\r', "").contains("\n\n");
            Some(gap.chars().count()).filter(|count| !apart && *count <= self.within)
        };
        let nearest =
            neighbours.filter_map(|other| Some((gap(&other)?, other))).min_by_key(|(gap, _)| *gap)?;
        Some(Span { start: span.start.min(nearest.1.start), end: span.end.max(nearest.1.end) })
    }
}

/// Whether `host` is `known` or below it.
fn belongs(host: &str, known: &str) -> bool {
    let (host, known) = (host.to_ascii_lowercase(), known.to_ascii_lowercase());
    host == known || host.strip_suffix(&known).is_some_and(|sub| sub.ends_with('.'))
}
