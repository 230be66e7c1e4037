//! What lies over the parser's events: masks, GitLab's `>>>` fences, quick actions.

use memchr::memmem;

use super::Builder;
use super::spans::trimmed;
use crate::document::outline::{Class, Outline, Piece};
use crate::document::{mask, quick_action};
use crate::text::Span;

impl Builder<'_> {
    /// The outline, once all events are in.
    pub(super) fn finish(mut self) -> Outline {
        let text = self.text;
        for open in std::mem::take(&mut self.details) {
            self.out.details.push(Span::new(open, text.len()));
        }
        let mut out = self.out;
        out.links.sort_by_key(|link| link.span.start);
        fenced_quotes(text, &mut out);
        let masks = mask::masks(text, &|at| {
            let piece = out.piece_at(at)?;
            (!matches!(piece.class, Class::Text | Class::Entity)).then_some(piece.span.end as usize)
        });
        let masks = masks.into_iter().map(|(range, class)| (range.into(), class)).collect();
        carve(&mut out, masks);
        let actions = quick_action::known_lines(text, &out);
        carve(&mut out, actions);
        for heading in &mut out.headings {
            let attributes = out
                .pieces
                .get(out.pieces.partition_point(|piece| piece.span.end < heading.text.end))
                .filter(|piece| piece.class == Class::Attribute && piece.span.end == heading.text.end);
            if let Some(attributes) = attributes {
                heading.text = trimmed(text, heading.text.start as usize..attributes.span.start as usize);
            }
        }
        out
    }
}

/// Puts masked spans over the pieces below them; text that sticks out on either side stays.
fn carve(out: &mut Outline, masks: Vec<(Span, Class)>) {
    if masks.is_empty() {
        return;
    }
    let mut blocks = vec![u32::MAX; masks.len()];
    let mut pieces = Vec::with_capacity(out.pieces.len() + masks.len());
    let mut first = 0;
    for piece in &out.pieces {
        first += masks[first..].partition_point(|(mask, _)| mask.end <= piece.span.start);
        let mut start = piece.span.start;
        for (index, (mask, _)) in masks.iter().enumerate().skip(first) {
            if mask.start >= piece.span.end {
                break;
            }
            blocks[index] = blocks[index].min(piece.block);
            if start < mask.start {
                pieces.push(Piece { span: Span { start, end: mask.start }, ..*piece });
            }
            start = start.max(mask.end);
        }
        if start < piece.span.end {
            pieces.push(Piece { span: Span { start, end: piece.span.end }, ..*piece });
        }
    }
    let masked = masks.into_iter().zip(blocks);
    pieces.extend(masked.map(|((span, class), block)| Piece { span, class, block, link: false }));
    pieces.sort_by_key(|piece| piece.span);
    out.pieces = pieces;
}

/// GitLab's `>>>` fences: what lies between two of them is a quote.
fn fenced_quotes(text: &str, out: &mut Outline) {
    if memmem::find(text.as_bytes(), b">>>").is_none() {
        return;
    }
    let mut open = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let words = line.trim_end();
        let fence = words == ">>>" || (words.starts_with(">>> [!") && open.is_none());
        if !fence
            || out.piece_at(start).is_some_and(|piece| matches!(piece.class, Class::Code | Class::Comment))
        {
            continue;
        }
        match open.take() {
            None => open = Some((start, words == ">>>")),
            Some((from, somebody_else)) => {
                let span = Span::new(from, at);
                let first = out.blocks.partition_point(|block| block.span.start < span.start);
                let inside = out.blocks[first..].iter_mut().take_while(|block| block.span.start < span.end);
                for block in inside.filter(|block| span.contains(block.span)) {
                    block.top = false;
                    block.quoted |= somebody_else;
                }
                out.fences.push(span);
                if somebody_else {
                    out.quotes.push(span);
                }
            }
        }
    }
}
