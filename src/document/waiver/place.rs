//! Where a waiver stands on its lines: which of them it covers, and what goes with it.

use crate::text::{LineIndex, Span};

/// The marks of a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marks {
    /// `<!-- … -->`
    Html,
    /// `# …`
    Hash,
}

impl Marks {
    /// The words of the comment at `span`.
    pub(super) fn words(self, text: &str, span: Span) -> Span {
        let source = span.of(text);
        let inner = match self {
            Self::Html => {
                let open = source.strip_prefix("<!--").unwrap_or(source);
                open.strip_suffix("-->").unwrap_or(open)
            }
            Self::Hash => source.trim_start_matches('#'),
        };
        let offset = inner.as_ptr() as usize - source.as_ptr() as usize;
        let start = span.start as usize + offset + (inner.len() - inner.trim_start().len());
        Span::new(start, start + inner.trim().len())
    }

    pub(super) fn is_closed(self, text: &str, span: Span) -> bool {
        self == Self::Hash || span.of(text).ends_with("-->")
    }

    /// Whether `lead` holds no content: white space, and in Markdown the marks of quotes and list items.
    fn is_lead(self, lead: &str) -> bool {
        match self {
            Self::Hash => lead.trim_matches(['\u{feff}']).trim().is_empty(),
            Self::Html => lead.trim_start_matches('\u{feff}').split_whitespace().all(is_mark),
        }
    }
}

/// `>`, `-`, `12.`
fn is_mark(word: &str) -> bool {
    let digits = word.trim_end_matches(['.', ')']);
    let numbered = digits.len() + 1 == word.len() && digits.bytes().all(|byte| byte.is_ascii_digit());
    word.bytes().all(|byte| byte == b'>')
        || matches!(word, "-" | "*" | "+")
        || (numbered && !digits.is_empty())
}

/// The stretch of a text that comments are read in.
pub(super) struct Page<'t> {
    text: &'t str,
    lines: &'t LineIndex,
    within: Span,
    marks: Marks,
}

impl<'t> Page<'t> {
    pub(super) fn new(text: &'t str, lines: &'t LineIndex, within: Span, marks: Marks) -> Self {
        Self { text, lines, within, marks }
    }

    fn line(&self, number: usize) -> Span {
        let line = self.lines.line_span(number, self.text);
        let start = line.start.max(self.within.start);
        Span { start, end: line.end.min(self.within.end).max(start) }
    }

    /// The first and last line of `span`.
    fn lines_of(&self, span: Span) -> (usize, usize) {
        (self.lines.line_of(span.start), self.lines.line_of(span.end.saturating_sub(1).max(span.start)))
    }

    fn before(&self, span: Span) -> &'t str {
        Span { start: self.line(self.lines_of(span).0).start.min(span.start), end: span.start }.of(self.text)
    }

    fn after(&self, span: Span) -> &'t str {
        Span { start: span.end, end: self.line_end(span).max(span.end) }.of(self.text)
    }

    /// The byte after the last line of `span`, its line break included.
    pub(super) fn line_end(&self, span: Span) -> u32 {
        self.line(self.lines_of(span).1).end
    }

    /// The lines of the comment at `span`, where nothing else stands on them.
    pub(super) fn lone(&self, span: Span) -> Option<(usize, usize)> {
        let alone = self.marks.is_lead(self.before(span)) && self.after(span).trim().is_empty();
        alone.then(|| self.lines_of(span))
    }

    /// What the waiver at `span` covers: its own lines, or where one that stands alone lands.
    pub(super) fn covers(&self, span: Span, lone: &[(usize, usize)], landings: &[Span]) -> Span {
        let (first, last) = self.lines_of(span);
        if self.lone(span).is_none() {
            return Span { start: self.line(first).start, end: self.line(last).end };
        }
        self.landing(last + 1, lone, landings)
    }

    /// Where each of the `lone` waivers lands; the last first, so that a run of thousands is walked through once.
    pub(super) fn landings(&self, lone: &[(usize, usize)]) -> Vec<Span> {
        let mut landings = vec![Span::at(self.within.end as usize); lone.len()];
        for (at, (_, last)) in lone.iter().enumerate().rev() {
            landings[at] = self.landing(last + 1, lone, &landings);
        }
        landings
    }

    /// The first line from `next` on that is neither blank nor a waiver.
    fn landing(&self, mut next: usize, lone: &[(usize, usize)], landings: &[Span]) -> Span {
        while next < self.lines.count() && self.line(next).start < self.within.end {
            if let Ok(at) = lone.binary_search_by_key(&next, |(first, _)| *first) {
                return landings[at];
            }
            let line = self.line(next).of(self.text);
            if !line.trim_matches(|c: char| c == '>' || c.is_whitespace()).is_empty() {
                return self.line(next);
            }
            next += 1;
        }
        Span::at(self.within.end as usize)
    }

    /// What to delete so that no trace of the comment at `span` stays.
    pub(super) fn removal(&self, span: Span) -> Span {
        let (before, after) = (self.before(span), self.after(span));
        let blanks = |text: &str| text.len() - text.trim_end_matches([' ', '\t']).len();
        let (first, last) = self.lines_of(span);
        if self.lone(span).is_some() {
            let lead = before.trim_start_matches('\u{feff}');
            if !lead.contains(|c: char| !(c == '>' || c.is_whitespace())) {
                return self.whole_lines(first, last, span.start as usize - lead.len());
            }
            // The list item goes on in the next line, and moves up.
            let next = self.line(last + 1).of(self.text);
            if next.trim().is_empty() || self.line(last + 1).start >= self.within.end {
                return span;
            }
            let indent = next.len() - next.trim_start_matches([' ', '\t', '>']).len();
            return Span::new(span.start as usize, self.line(last + 1).start as usize + indent);
        }
        if before.trim().is_empty() {
            let blanks = after.len() - after.trim_start_matches([' ', '\t']).len();
            return Span::new(span.start as usize, span.end as usize + blanks);
        }
        Span::new(span.start as usize - blanks(before), span.end as usize)
    }

    /// Whole lines, and with them one of two blank lines that would meet.
    fn whole_lines(&self, first: usize, last: usize, start: usize) -> Span {
        let is_blank = |number: usize| {
            let line = self.line(number);
            line.start < self.within.end && line.of(self.text).trim().is_empty()
        };
        let blank_before = first == 0 || self.line(first).start <= self.within.start || is_blank(first - 1);
        let end =
            if blank_before && is_blank(last + 1) { self.line(last + 1).end } else { self.line(last).end };
        Span::new(start, (end as usize).max(start))
    }
}
