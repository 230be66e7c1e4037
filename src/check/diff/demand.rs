//! What the fields of a merge request have to say once its diff sets off a check.

use serde::Deserialize;

use crate::check::{Hit, Sink, View};
use crate::document::field::{Field, Presence};
use crate::pattern::Pattern;
use crate::text::Span;

/// Something that has to stand in the record.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Demand {
    /// The variant that is reported where it does not.
    pub variant: String,
    /// The merge request is in the hands of one of these.
    people: Option<People>,
    /// The description mentions this.
    mention: Option<Pattern>,
}

/// People who can merge.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct People {
    /// Their names; anybody where neither this list nor the record's `maintainers` has one.
    maintainers: Vec<String>,
    /// Whether a reviewer will do.
    reviewers_count: bool,
}

impl Demand {
    /// Reports what is missing.
    pub fn check(&self, view: View<'_>, sink: &mut Sink<'_>) {
        if let Some(people) = &self.people {
            self.handed_over(people, view, sink);
        }
        if let Some(mention) = &self.mention {
            self.mentioned(mention, view, sink);
        }
    }

    fn handed_over(&self, people: &People, view: View<'_>, sink: &mut Sink<'_>) {
        let assignees = view.doc.field("assignees");
        let reviewers = view.doc.field("reviewers");
        let given = view.doc.field("maintainers");
        let is_maintainer = |name: &str| {
            let name = name.trim_start_matches('@');
            let listed = people.maintainers.iter().any(|own| own.trim_start_matches('@') == name);
            let anybody = people.maintainers.is_empty() && given.values.is_empty();
            listed || anybody || given.values.iter().any(|own| own.text.trim_start_matches('@') == name)
        };
        let has = |field: &Field<'_>| field.values.iter().any(|mark| is_maintainer(&mark.text));
        if has(&assignees) || (people.reviewers_count && has(&reviewers)) {
            return;
        }
        if assignees.presence == Presence::Absent {
            return sink.not_checked("the record has no `assignees`");
        }
        let span = match (assignees.values.first(), assignees.values.last()) {
            (Some(first), Some(last)) => Span { start: first.span.start, end: last.span.end },
            _ => assignees.place,
        };
        let hit = span.of(view.doc.text());
        sink.report(Hit::at(span, &[("hit", hit)]).variant(&self.variant));
    }

    fn mentioned(&self, mention: &Pattern, view: View<'_>, sink: &mut Sink<'_>) {
        let field = view.doc.field("description");
        if field.presence == Presence::Absent || field.values.iter().any(|mark| mention.is_match(&mark.text))
        {
            return;
        }
        let span = field.first().map_or(field.place, |mark| {
            let line = mark.text.lines().next().unwrap_or_default().trim_end();
            let start = mark.span.start as usize;
            Span::new(start, start + line.len())
        });
        let hit = span.of(view.doc.text());
        sink.report(Hit::at(span, &[("hit", hit)]).variant(&self.variant));
    }
}
