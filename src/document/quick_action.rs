//! Lines that look like quick actions, and where they stand: GitLab runs only those in top-level paragraphs.

pub mod arguments;
pub mod command;

use super::outline::{BlockKind, Class, Outline};
use crate::text::Span;

/// Where a candidate line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In column 1 of a top-level paragraph: GitLab runs it if it knows the command.
    Runs,
    /// It continues a list item or quote above it, without a blank line between.
    Continues,
    /// White space stands before the slash.
    Indented,
    /// A bullet, number or task box stands before the slash.
    Bullet,
    /// It reads as a row of the table above it.
    TableRow,
    /// It belongs to the HTML block above it.
    HtmlBlock,
    /// The line below makes it a heading.
    Setext,
    /// In a comment that another `<!--` shows to have been meant to end earlier, or that never ends.
    BrokenComment,
    /// In code, a comment, `>>>`, `<details>` or a quote of its own: deliberate, and not run.
    Inert,
}

/// A line that starts with a slash and a word.
#[derive(Clone, Copy, Debug)]
pub struct QuickLine {
    /// From the slash to the last visible character of the line.
    pub span: Span,
    /// The slash and the command's name.
    pub name: Span,
    /// What follows the name, without surrounding white space; empty where there is nothing.
    pub argument: Span,
    /// The white space before the slash.
    pub indent: Span,
    /// Where the line stands.
    pub place: Place,
}

impl QuickLine {
    /// The command's name as written, without the slash.
    pub fn word<'t>(&self, text: &'t str) -> &'t str {
        Span { start: self.name.start + 1, end: self.name.end }.of(text)
    }

    /// The command, if GitLab knows it.
    pub fn command(&self, text: &str) -> Option<&'static command::Command> {
        command::find(self.word(text))
    }

    /// The known command, if GitLab runs this line.
    pub fn runs(&self, text: &str) -> Option<&'static command::Command> {
        (self.place == Place::Runs).then(|| self.command(text)).flatten()
    }
}

/// Every candidate line of a part, code left out, in source order.
pub fn lines(text: &str, outline: &Outline) -> Vec<QuickLine> {
    each_slash(text, outline.span)
        .filter_map(|candidate| {
            let place = place(text, outline, &candidate)?;
            Some(QuickLine { place, ..candidate.line })
        })
        .collect()
}

/// The lines that start with a known command in column 1, to be masked as no prose.
pub fn known_lines(text: &str, outline: &Outline) -> Vec<(Span, Class)> {
    each_slash(text, outline.span)
        .filter(|candidate| !candidate.bullet && candidate.line.indent.is_empty())
        .filter(|candidate| candidate.line.command(text).is_some())
        .filter(|candidate| {
            let piece = outline.piece_at(candidate.line.span.start as usize);
            piece.is_none_or(|piece| matches!(piece.class, Class::Text | Class::Url))
        })
        .map(|candidate| (candidate.line.span, Class::QuickAction))
        .collect()
}

struct Candidate {
    line: QuickLine,
    bullet: bool,
    line_start: usize,
}

fn each_slash(text: &str, span: Span) -> impl Iterator<Item = Candidate> {
    let part = span.of(text);
    memchr::memchr_iter(b'/', part.as_bytes()).filter_map(move |at| {
        let line_start = part.get(..at)?.rfind(['\n', '\r']).map_or(0, |newline| newline + 1);
        let lead = part.get(line_start..at)?;
        let bullet = !lead.trim_matches([' ', '\t', '\u{feff}']).is_empty();
        if bullet && !is_bullet(lead) {
            return None;
        }
        let rest = part.get(at + 1..)?;
        let rest = rest.split(['\n', '\r']).next()?;
        let name_len = rest.bytes().take_while(|byte| byte.is_ascii_alphabetic() || *byte == b'_').count();
        let after = rest.get(name_len..)?;
        if name_len == 0 || !(after.trim_end().is_empty() || after.starts_with(' ')) {
            return None;
        }
        let base = span.start as usize;
        let name_end = at + 1 + name_len;
        let argument_start = name_end + (after.len() - after.trim_start().len());
        let line_end = at + 1 + rest.trim_end().len();
        let indent_start =
            if bullet { at } else { line_start + (lead.len() - lead.trim_start_matches('\u{feff}').len()) };
        Some(Candidate {
            line: QuickLine {
                span: Span::new(base + at, base + line_end),
                name: Span::new(base + at, base + name_end),
                argument: Span::new(base + argument_start.min(line_end), base + line_end),
                indent: Span::new(base + indent_start, base + at),
                place: Place::Inert,
            },
            bullet,
            line_start: base + line_start,
        })
    })
}

/// A bullet or number with nothing but a task box behind it.
fn is_bullet(lead: &str) -> bool {
    let lead = lead.trim();
    let lead =
        ["[ ]", "[x]", "[X]"].into_iter().find_map(|mark| lead.strip_suffix(mark)).unwrap_or(lead).trim();
    let digits = lead.trim_start_matches(|c: char| c.is_ascii_digit());
    matches!(lead, "-" | "*" | "+") || (digits.len() < lead.len() && matches!(digits, "." | ")"))
}

/// Where a candidate stands; `None` for lines that are no quick action at all (code, text of a link).
fn place(text: &str, outline: &Outline, candidate: &Candidate) -> Option<Place> {
    let slash = candidate.line.span.start;
    if let Some(piece) = outline.piece_at(slash as usize) {
        match piece.class {
            Class::Code | Class::Math | Class::Target => return None,
            Class::Comment => {
                let before = text.get(piece.span.start as usize + 4..slash as usize).unwrap_or_default();
                let broken = before.contains("<!--") || !piece.span.of(text).ends_with("-->");
                return Some(if broken { Place::BrokenComment } else { Place::Inert });
            }
            _ => {}
        }
    }
    let block = outline.blocks.iter().rfind(|block| block.span.start <= slash && slash < block.span.end)?;
    let inside = |spans: &[Span]| spans.iter().any(|span| span.start <= slash && slash < span.end);
    if inside(&outline.details) {
        return Some(Place::Inert);
    }
    let first_line = block.span.start as usize >= candidate.line_start;
    Some(match block.kind {
        BlockKind::Code => return None,
        BlockKind::Html => Place::HtmlBlock,
        BlockKind::Heading => Place::Setext,
        BlockKind::Cell => Place::TableRow,
        BlockKind::Paragraph | BlockKind::ItemText => {
            if candidate.bullet {
                Place::Bullet
            } else if block.top {
                if candidate.line.indent.is_empty() { Place::Runs } else { Place::Indented }
            } else if block.item.is_some() {
                Place::Continues
            } else if first_line || in_fence(text, outline, slash) {
                Place::Inert
            } else {
                Place::Continues
            }
        }
    })
}

/// Whether `offset` lies in a `>>>` fence; its lines carry no `>` of their own.
fn in_fence(text: &str, outline: &Outline, offset: u32) -> bool {
    outline.quotes.iter().any(|quote| {
        quote.start <= offset && offset < quote.end && {
            let source = quote.of(text);
            source.starts_with(">>>") && source.trim_end().ends_with(">>>")
        }
    })
}
