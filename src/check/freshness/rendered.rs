//! A stretch of Markdown as a reader sees it: marks gone, tags as blanks, every byte with its place in the source.

use crate::document::Outline;
use crate::document::flat::without_ticks;
use crate::document::outline::{Class, Piece};
use crate::text::Span;

/// Stands for what a shortcode will put there.
pub(super) const INSERTED: char = '\u{fffc}';

/// The text of one or more stretches.
#[derive(Debug, Default)]
pub(super) struct Rendered {
    /// The text; line breaks are kept.
    pub(super) text: String,
    /// Start of each run in the text and in the source.
    runs: Vec<(usize, usize)>,
}

impl Rendered {
    /// Appends the stretch `span` of `source`.
    pub(super) fn push(&mut self, source: &str, outline: &Outline, span: Span) {
        let mut last = span.start;
        for piece in outline.pieces_in(span) {
            let gap = Span { start: last.min(piece.span.start), end: piece.span.start };
            if gap.of(source).contains('\n') {
                self.run("\n", gap.start);
            }
            self.piece(source, piece);
            last = piece.span.end;
        }
    }

    /// Appends the border between two cells that belong together.
    pub(super) fn border(&mut self, at: u32) {
        self.run(" | ", at);
    }

    fn piece(&mut self, source: &str, piece: &Piece) {
        let words = piece.span.of(source);
        match piece.class {
            Class::Text | Class::Url | Class::Math => self.run(words, piece.span.start),
            Class::Code => {
                let code = without_ticks(source, piece.span);
                self.run(code.of(source), code.start);
            }
            // Without a tag it is what stands inside `<code>`.
            Class::Html if !words.starts_with('<') => self.run(words, piece.span.start),
            Class::Html | Class::Entity => self.run(" ", piece.span.start),
            Class::Shortcode if !is_remark(words) => {
                self.run(INSERTED.encode_utf8(&mut [0; 4]), piece.span.start);
            }
            _ => {}
        }
    }

    fn run(&mut self, words: &str, source: u32) {
        self.runs.push((self.text.len(), source as usize));
        self.text.push_str(words);
    }

    /// The source span of a range of the text.
    pub(super) fn span(&self, range: std::ops::Range<usize>) -> Span {
        let offset = |at: usize| {
            let run = self.runs.partition_point(|(text, _)| *text <= at).saturating_sub(1);
            self.runs.get(run).map_or(0, |(text, source)| source + (at - text))
        };
        let start = offset(range.start);
        Span::new(start, range.end.checked_sub(1).map_or(start, |last| offset(last) + 1).max(start))
    }
}

/// Whether a template tag is a comment of its language.
pub(super) fn is_remark(tag: &str) -> bool {
    let inner = tag.trim_start_matches(['{', '<', '%', '-', ' ']);
    inner.starts_with(['#', '/']) || inner.starts_with("comment")
}
