//! Boxes to tick that Markdown shows as brackets, because they are not written as `[ ]` or `[x]` with blanks around.

use serde::Deserialize;

use crate::check::{Hit, Sink};
use crate::diagnostic::{Edit, Fix};
use crate::document::Outline;
use crate::document::outline::{BlockKind, Class};
use crate::pattern::Pattern;
use crate::text::Span;

/// What people write for a box.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TaskBox {
    /// Pairs of brackets.
    brackets: Vec<String>,
    /// What stands in the brackets of a box that is ticked.
    ticked: Vec<String>,
    /// What stands in the brackets of a box that is open, besides blanks.
    open: Vec<String>,
    /// What starts like a box and is code.
    code: Pattern,
}

/// A box as written, and the one that was meant.
struct Slip {
    span: Span,
    ticked: bool,
}

impl TaskBox {
    /// Opening brackets: without one there is no box.
    pub(super) fn literals(&self) -> Vec<String> {
        self.brackets.iter().filter_map(|pair| Some(pair.chars().next()?.to_string())).collect()
    }

    /// Reports every box that is none.
    pub(super) fn check(&self, text: &str, outline: &Outline, sink: &mut Sink<'_>) {
        let items = outline.items.iter().filter(|item| item.task.is_none());
        let behind_bullets = items.filter_map(|item| self.slip(text, outline, item.content as usize, false));
        let glued = self.glued(text, outline);
        for slip in behind_bullets.chain(glued) {
            let wanted = if slip.ticked { "[x]" } else { "[ ]" };
            let values = [("hit", slip.span.of(text)), ("box", wanted)];
            sink.report(Hit::at(slip.span, &values).fix(Some(repair(text, slip.span, wanted))));
        }
    }

    /// The box that starts at byte `at`. One that is `glued` to its bullet is a slip even if it is well written.
    fn slip(&self, text: &str, outline: &Outline, at: usize, glued: bool) -> Option<Slip> {
        let rest = text.get(at..)?.split(['\n', '\r']).next()?;
        let (open, close) = self.brackets.iter().find_map(|pair| {
            let (open, close) = (pair.chars().next()?, pair.chars().nth(1)?);
            rest.starts_with(open).then_some((open, close))
        })?;
        let inner = rest.get(open.len_utf8()..)?.split(close).next()?;
        let len = open.len_utf8() + inner.len() + close.len_utf8();
        let after = rest.get(len..)?;
        let mark = inner.trim();
        let ticked = self.ticked.iter().any(|tick| tick == mark);
        let is_box = ticked || mark.is_empty() || self.open.iter().any(|open| open == mark);
        let spaced = after.is_empty() || after.starts_with([' ', '\t']);
        let well_written = open == '[' && matches!(inner, " " | "x" | "X") && spaced && !glued;
        if !is_box || well_written || self.means_something(rest, after, mark) {
            return None;
        }
        let span = Span::new(at, at + len);
        let is_link =
            outline.links.iter().any(|link| link.span.start <= span.start && span.start < link.span.end);
        let is_text = outline.piece_at(at).is_some_and(|piece| matches!(piece.class, Class::Text));
        (is_text && !is_link).then_some(Slip { span, ticked })
    }

    /// Whether the brackets belong to a link, a definition or code.
    fn means_something(&self, rest: &str, after: &str, mark: &str) -> bool {
        after.starts_with(['(', '[', '{'])
            || (!mark.is_empty() && after.starts_with(':'))
            || self.code.is_match(rest)
    }

    /// Boxes without a blank between bullet and bracket; Markdown sees no list in their lines.
    fn glued(&self, text: &str, outline: &Outline) -> Vec<Slip> {
        let mut slips = Vec::new();
        let leaves =
            outline.blocks.iter().filter(|b| matches!(b.kind, BlockKind::Paragraph | BlockKind::ItemText));
        for block in leaves {
            let (source, mut at) = (block.span.of(text), block.span.start as usize);
            let has = |byte: &u8| memchr::memchr(*byte, source.as_bytes()).is_some();
            if !self.brackets.iter().filter_map(|pair| pair.as_bytes().first()).any(has) {
                continue;
            }
            for line in source.split_inclusive('\n') {
                let start = at;
                at += line.len();
                let lead = line.len() - line.trim_start_matches([' ', '\t', '>']).len();
                let Some(bullet) = bullet(line.get(lead..).unwrap_or_default()) else { continue };
                // A mark of emphasis is no bullet.
                if outline.piece_at(start + lead).is_some_and(|piece| piece.class == Class::Text) {
                    slips.extend(self.slip(text, outline, start + lead + bullet, true));
                }
            }
        }
        slips
    }
}

/// The length of a bullet or number that a bracket follows at once.
fn bullet(line: &str) -> Option<usize> {
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let mark = line.get(digits..)?.chars().next()?;
    let is_bullet = if digits == 0 { matches!(mark, '-' | '*' | '+') } else { matches!(mark, '.' | ')') };
    let len = digits + mark.len_utf8();
    let bracket = line.get(len..)?.chars().next()?;
    (is_bullet && !bracket.is_whitespace()).then_some(len)
}

/// The box as it was meant, with a blank on either side.
fn repair(text: &str, span: Span, wanted: &str) -> Fix {
    let before = text.get(..span.start as usize).unwrap_or_default();
    let after = text.get(span.end as usize..).unwrap_or_default();
    let left = if before.ends_with([' ', '\t']) { "" } else { " " };
    let right = if after.starts_with([' ', '\t', '\n', '\r']) || after.is_empty() { "" } else { " " };
    let edits = vec![Edit { span, text: format!("{left}{wanted}{right}") }];
    Fix { title: format!("Write the box as `{wanted}`"), safe: true, edits }
}
