//! Conditions on what stands under a name: a heading, or bold words that open a paragraph.

use serde::Deserialize;

use super::{Scope, Verdict};
use crate::document::Document;
use crate::document::field::Presence;
use crate::document::section::{Form, Section};
use crate::pattern::Pattern;
use crate::text::Span;

/// A named section and what is asked of it; one that fits is enough.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Named {
    /// What its name matches.
    named: Pattern,
    /// Plain words before a colon name a section too.
    #[serde(default)]
    or_lead: bool,
    /// It has at least so many words of its own.
    #[serde(default)]
    min_words: usize,
    /// An image, a link or a reference stands for words.
    #[serde(default)]
    or_shows: bool,
    /// In a template a prompt stands for words.
    #[serde(default)]
    or_prompt: bool,
    /// The section of this name, which its own words leave out.
    apart_from: Option<Pattern>,
    /// It stands before the section of this name, where there is one.
    before: Option<Pattern>,
    /// Its source matches this.
    matches: Option<Pattern>,
}

impl Named {
    pub(super) fn holds(&self, scope: Scope<'_>) -> Verdict<'_> {
        let Scope::Document(document) = scope else { return Verdict::False };
        if document.field("description").presence == Presence::Absent {
            return Verdict::Unknown("description");
        }
        let leads = document.sections().iter().filter(|of| self.or_lead && of.form == Form::Lead);
        titled(document).chain(leads).any(|section| self.fits(document, section)).into()
    }

    fn fits(&self, document: &Document<'_>, section: &Section) -> bool {
        let Some(outline) = document.body().filter(|_| self.named.is_match(&section.name)) else {
            return false;
        };
        let text = document.text();
        let (mut words, mut shows, mut prompt) = (0, false, false);
        for stretch in self.stretches(document, section) {
            let own = outline.own_to(text, stretch, self.min_words);
            words += own.words;
            shows |= own.shows;
            prompt |= own.prompt || own.words > 0;
        }
        let first = |name: &Pattern| titled(document).find(|other| name.is_match(&other.name));
        (words >= self.min_words
            || (self.or_shows && shows)
            || (self.or_prompt && prompt && document.subject.kind.is_template()))
            && self.before.as_ref().and_then(first).is_none_or(|other| section.lead.start < other.lead.start)
            && self.matches.as_ref().is_none_or(|pattern| pattern.is_match(section.body.of(text)))
    }

    /// The section's body around those sections inside that are counted on their own.
    fn stretches(&self, document: &Document<'_>, section: &Section) -> Vec<Span> {
        let mut stretches = Vec::new();
        let mut at = section.body.start;
        for inner in titled(document) {
            let apart = self.apart_from.as_ref().is_some_and(|name| name.is_match(&inner.name));
            if apart && section.body.contains(inner.lead) && inner.lead.start >= at {
                stretches.push(Span { start: at, end: inner.lead.start });
                at = inner.body.end.min(section.body.end);
            }
        }
        stretches.push(Span { start: at, end: section.body.end.max(at) });
        stretches
    }
}

/// The sections that a heading or bold words name.
pub(super) fn titled<'d>(document: &'d Document<'_>) -> impl Iterator<Item = &'d Section> {
    document.sections().iter().filter(|section| matches!(section.form, Form::Heading | Form::RunIn))
}
