//! Where checks put what they find; the sink adds the rule's words.

use crate::diagnostic::{Diagnostic, Fix, Related, Severity};
use crate::document::Document;
use crate::text::Span;
use crate::voice::Voice;

/// One finding, as a check says it: where, which variant, and the values its message names.
#[derive(Debug, Default)]
pub struct Hit<'h> {
    /// Where it is.
    pub span: Span,
    /// Which of the rule's variants it is; empty for the rule's own message.
    pub variant: &'h str,
    /// The values of the message's placeholders.
    pub values: &'h [(&'h str, &'h str)],
    /// Other places that belong to it.
    pub related: Vec<Related>,
    /// The edit that would mend it.
    pub fix: Option<Fix>,
    /// A severity that wins over the variant's.
    pub severity: Option<Severity>,
    /// What several subjects share, such as a milestone: only its first finding is kept.
    pub shared: Option<String>,
}

impl<'h> Hit<'h> {
    /// A finding at `span` with the values of its message.
    pub fn at(span: Span, values: &'h [(&'h str, &'h str)]) -> Self {
        Self { span, values, ..Self::default() }
    }

    /// The same finding as `variant` of the rule.
    #[must_use]
    pub fn variant(self, variant: &'h str) -> Self {
        Self { variant, ..self }
    }

    /// The same finding with another place that belongs to it.
    #[must_use]
    pub fn related(mut self, span: Span, message: impl Into<String>) -> Self {
        self.related.push(Related { span, message: message.into() });
        self
    }

    /// The same finding with a fix.
    #[must_use]
    pub fn fix(self, fix: Option<Fix>) -> Self {
        Self { fix, ..self }
    }
}

/// Collects the findings and gaps of one rule in one subject.
pub struct Sink<'a> {
    voice: &'a Voice,
    document: &'a Document<'a>,
    found: &'a mut Vec<Diagnostic>,
    gaps: &'a mut Vec<String>,
    room: usize,
    left_out: usize,
}

impl<'a> Sink<'a> {
    /// A sink for what a rule that speaks as `voice` finds in `document`.
    pub fn new(
        voice: &'a Voice,
        document: &'a Document<'a>,
        found: &'a mut Vec<Diagnostic>,
        gaps: &'a mut Vec<String>,
    ) -> Self {
        Self { voice, document, found, gaps, room: usize::MAX, left_out: 0 }
    }

    /// The same sink, which keeps `room` findings and counts the rest.
    #[must_use]
    pub fn with_room(self, room: usize) -> Self {
        Self { room, ..self }
    }

    /// Number of findings for which there was no room.
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// Takes a finding; variants that are switched off are dropped.
    pub fn report(&mut self, hit: Hit<'_>) {
        let Some(words) = self.voice.words(hit.variant) else { return };
        if self.room == 0 {
            self.left_out += 1;
            return;
        }
        self.room -= 1;
        self.found.push(Diagnostic {
            rule: self.voice.header.clone(),
            severity: hit.severity.filter(|_| !words.severity_fixed).unwrap_or(words.severity),
            span: hit.span,
            message: words.message.fill(hit.values),
            help: words.help.fill(hit.values),
            related: hit.related,
            fix: hit.fix.or_else(|| words.fix.as_ref()?.fix(self.document, hit.span, hit.values)),
            shared: hit.shared,
            grace: false,
        });
    }

    /// Whether findings of `variant` are switched on; a check may spare itself the work.
    pub fn wants(&self, variant: &str) -> bool {
        self.voice.words(variant).is_some()
    }

    /// Says that the subject lacks what the rule needs; the reason completes "not checked: ".
    pub fn not_checked(&mut self, reason: impl Into<String>) {
        self.gaps.push(reason.into());
    }
}
