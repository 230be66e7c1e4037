//! How the description of a release-post item starts, and what it has besides.

use serde::Deserialize;

use crate::check::{Hit, Sink, View};
use crate::document::Outline;
use crate::document::flat::{Flat, sentence};
use crate::document::outline::BlockKind;
use crate::pattern::Pattern;
use crate::subject::{Format, Role};
use crate::text::Span;
use crate::yaml::Node;

/// What [`Opening`] may report.
pub(super) const VARIANTS: [&str; 3] = ["context", "shipped", "how_to_use"];

/// What a description has.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, from = "Raw")]
pub(super) struct Opening {
    raw: Raw,
    announces: Option<Pattern>,
    problem: Option<Pattern>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    /// The parts that are asked for.
    parts: Vec<String>,
    /// Sections whose items are left out.
    exempt_sections: Vec<String>,
    /// What may stand before an announcement.
    lead: String,
    /// How sentences start that announce.
    announcement_openings: Vec<String>,
    /// Words on what it was like before; patterns.
    problem_markers: Vec<String>,
    /// Words that something is new.
    shipped: Pattern,
    /// Words on how something is used.
    how_to_use: Pattern,
}

impl From<Raw> for Opening {
    fn from(raw: Raw) -> Self {
        let announces = format!(r"(?i)^\W*(?:{})?(?:{})\b", raw.lead, raw.announcement_openings.join("|"));
        let problem = format!(r"(?i)\b(?:{})", raw.problem_markers.join("|"));
        Self { announces: Pattern::new(&announces).ok(), problem: Pattern::new(&problem).ok(), raw }
    }
}

impl Opening {
    /// Looks at every item of the file.
    pub(super) fn check(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let bodies = || view.doc.outlines().iter().filter(|outline| outline.role == Role::Body);
        let Some(root) = view.doc.node() else { return };
        if view.doc.subject.format == Format::Markdown {
            let section = root.get("section").and_then(Node::as_str).unwrap_or_default();
            if !self.is_exempt(section) {
                bodies().for_each(|body| self.item(view, body, root.get("title"), sink));
            }
            return;
        }
        let Some(features) = root.get("features") else { return };
        for entry in features.entries().iter().filter(|entry| !self.is_exempt(&entry.key)) {
            for item in entry.value.items() {
                let description = item.get("description").map(|description| description.span);
                let body = bodies().find(|outline| Some(outline.span) == description);
                if let Some(body) = body {
                    self.item(view, body, item.get("name").or_else(|| item.get("title")), sink);
                }
            }
        }
    }

    fn is_exempt(&self, section: &str) -> bool {
        self.raw.exempt_sections.iter().any(|exempt| exempt == section)
    }

    fn item(&self, view: View<'_>, outline: &Outline, title: Option<&Node>, sink: &mut Sink<'_>) {
        let text = view.doc.text();
        let prose = || {
            outline.blocks.iter().filter(|block| !matches!(block.kind, BlockKind::Heading | BlockKind::Code))
        };
        let flats: Vec<Flat> = prose().map(|block| Flat::of_block(text, outline, block, true)).collect();
        let Some(first) = flats.iter().find(|flat| !flat.text.trim().is_empty()) else { return };
        let matches =
            |pattern: &Option<Pattern>, words: &str| pattern.as_ref().is_some_and(|p| p.is_match(words));
        let all = flats.iter().map(|flat| flat.text.as_str()).collect::<Vec<_>>().join("\n");
        let title = title.filter(|title| title.as_str().is_some()).map(|title| title.span);
        let mut report = |part: &str, place: Option<Span>| {
            if let Some(place) = place.filter(|_| self.raw.parts.iter().any(|asked| asked == part)) {
                sink.report(Hit::at(place, &[("hit", place.of(text))]).variant(part));
            }
        };
        let range = sentence(&first.text, 0);
        let opening = first.text.get(range.clone()).unwrap_or_default();
        if matches(&self.announces, opening) && !matches(&self.problem, &all) {
            let lead = opening.len() - opening.trim_start().len();
            report("context", Some(first.span(range.start + lead..range.start + opening.trim_end().len())));
        }
        if !self.raw.shipped.is_match(&all) {
            report("shipped", title);
        }
        let code = outline.pieces.iter().any(|piece| piece.class == crate::document::outline::Class::Code);
        if !code && !self.raw.how_to_use.is_match(&all) {
            report("how_to_use", title);
        }
    }
}
