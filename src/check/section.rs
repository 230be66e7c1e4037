//! Sections: which ones a text has, what they hold, and where their headings say that they belong.

pub(super) mod content;
mod horizon;
mod marker;
mod page;
mod session;
pub(super) mod title;
mod topic;

use serde::Deserialize;

use self::horizon::Horizon;
use self::marker::Markers;
use self::session::Session;
use self::topic::Topics;
use super::{Hit, Sink, View};
use crate::document::Outline;
use crate::scan::Need;
use crate::subject::{Detail, Details};

/// One question about the sections of a text.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// What is asked.
    find: Find,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Find {
    /// Headings that nothing follows.
    Bare {},
    /// Topics without a section, or with an empty one.
    Topics(Topics),
    /// A text that has none of a template's headings.
    Markers(Markers),
    /// What is left of a template in a section, and what the section lacks.
    Session(Session),
    /// Links of sections that look further ahead than their targets.
    Horizon(Horizon),
}

impl Section {
    /// The values that messages may name.
    pub const VALUES: &'static [&'static str] = &["hit", "missing", "heading", "number", "sections"];

    /// The variants the check may report.
    pub fn variants(&self) -> Vec<&str> {
        match &self.find {
            Find::Bare {} | Find::Markers(_) | Find::Horizon(_) => Vec::new(),
            Find::Topics(topics) => topics.variants(),
            Find::Session(_) => session::VARIANTS.to_vec(),
        }
    }

    /// The details of a record that it looks at.
    pub fn details(&self) -> Details {
        match &self.find {
            Find::Session(_) => Details::from(Detail::Notes).with(Detail::Links),
            Find::Bare {} | Find::Topics(_) | Find::Markers(_) | Find::Horizon(_) => Details::NONE,
        }
    }

    /// What a text must contain; nothing where a missing section is the finding.
    pub fn need(&self) -> Need {
        match &self.find {
            Find::Topics(_) | Find::Markers(_) => Need::Nothing,
            // One dash under a line makes it a heading.
            Find::Bare {} => Need::Any(["#", "=", "-"].map(str::to_owned).into()),
            Find::Session(session) => session.need(),
            Find::Horizon(horizon) => horizon.need(),
        }
    }

    /// Looks at the sections.
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        match &self.find {
            Find::Bare {} => view.doc.body().into_iter().for_each(|body| bare(view, body, sink)),
            Find::Topics(topics) => topics.check(view, sink),
            Find::Markers(markers) => markers.check(view, sink),
            Find::Session(session) => session.check(view, sink),
            Find::Horizon(horizon) => horizon.check(view, sink),
        }
    }
}

/// Reports headings that another one of their level or above follows at once, or nothing at all.
fn bare(view: View<'_>, outline: &Outline, sink: &mut Sink<'_>) {
    let text = view.doc.text();
    for (index, heading) in outline.headings.iter().enumerate() {
        let end = outline.section_end(index);
        let below = text.get(heading.span.end as usize..end as usize).unwrap_or_default();
        let says_nothing =
            below.lines().all(|line| line.chars().all(|c| c.is_whitespace() || c == '>') || is_rule(line));
        if says_nothing && !outline.is_quoted(heading.span.start) {
            let place = if heading.text.is_empty() { heading.span } else { heading.text };
            sink.report(Hit::at(place, &[("hit", place.of(text))]));
        }
    }
}

/// Whether the line is a line across the page.
fn is_rule(line: &str) -> bool {
    let marks: Vec<char> = line.chars().filter(|c| !c.is_whitespace()).collect();
    marks.len() > 2
        && matches!(marks.first(), Some('-' | '*' | '_'))
        && marks.windows(2).all(|pair| pair[0] == pair[1])
}
