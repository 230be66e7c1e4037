//! Lines that look like quick actions, and where they stand: GitLab runs only those in top-level paragraphs.

pub mod arguments;
pub mod command;
mod place;

use std::ops::Range;

use super::outline::{Class, Outline};
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
    /// In an HTML element that nothing closes.
    OpenHtml,
    /// In a comment, `>>>`, an HTML element, a table's own row or a quote: deliberate, and not run.
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

/// Whether any line of `text` starts with a slash and a word; most texts have none and need no further look.
pub fn possible(text: &str) -> bool {
    each_slash(text, Span::new(0, text.len()), 0).next().is_some()
}

/// Every candidate line of a part, code left out, in source order.
pub fn lines(text: &str, outline: &Outline) -> Vec<QuickLine> {
    let mut candidates = each_slash(text, outline.span, outline.indent).peekable();
    if candidates.peek().is_none() {
        return Vec::new();
    }
    let mut ground = place::Ground::new(text, outline);
    candidates
        .filter_map(|candidate| Some(QuickLine { place: ground.place(&candidate)?, ..candidate.line }))
        .collect()
}

/// What starts with a slash in `span`, read as lines of their own wherever they stand.
pub fn lines_in(text: &str, span: Span) -> impl Iterator<Item = QuickLine> {
    each_slash(text, span, 0).filter(|candidate| !candidate.bullet).map(|candidate| candidate.line)
}

/// The lines that start with a known command in column 1, to be masked as no prose.
pub fn known_lines(text: &str, outline: &Outline) -> Vec<(Span, Class)> {
    each_slash(text, outline.span, outline.indent)
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
}

/// The candidates in `span`; `indent` is what its lines are indented for another reason than the Markdown's own.
fn each_slash(text: &str, span: Span, indent: usize) -> impl Iterator<Item = Candidate> {
    let part = span.of(text);
    let bytes = part.as_bytes();
    let (mut from, mut at) = (0, 0);
    std::iter::from_fn(move || {
        loop {
            let slash = at + memchr::memchr(b'/', bytes.get(at..)?)?;
            // Most slashes stand in paths and addresses, behind what neither blanks nor a bullet end with.
            let is_inside = |byte: &u8| byte.is_ascii_alphanumeric() || b"/:(<\"`_".contains(byte);
            if slash.checked_sub(1).and_then(|before| bytes.get(before)).is_some_and(is_inside) {
                at = slash + 1;
                continue;
            }
            let start = from + memchr::memrchr2(b'\n', b'\r', &bytes[from..slash]).map_or(0, |at| at + 1);
            let end =
                memchr::memchr2(b'\n', b'\r', &bytes[slash..]).map_or(part.len(), |length| slash + length);
            let blanks = bytes[start..slash].iter().take_while(|byte| **byte == b' ').count();
            let start = if start == 0 { 0 } else { start + blanks.min(indent) };
            // Only the first slash of a line can open it.
            (from, at) = (end, end);
            if let Some(candidate) = candidate(part, start..end, slash, span.start as usize) {
                return Some(candidate);
            }
        }
    })
}

/// The line at `line` of `part` as a candidate; `base` is where the part starts in the text.
fn candidate(part: &str, line: Range<usize>, slash: usize, base: usize) -> Option<Candidate> {
    let lead = part.get(line.start..slash)?;
    let bullet = !lead.trim_matches([' ', '\t', '\u{feff}']).is_empty();
    if bullet && !is_bullet(lead) {
        return None;
    }
    let rest = part.get(slash + 1..line.end)?;
    let name_len = rest.bytes().take_while(|byte| byte.is_ascii_alphabetic() || *byte == b'_').count();
    let after = rest.get(name_len..)?;
    if name_len == 0 || !(after.trim_end().is_empty() || after.starts_with(' ')) {
        return None;
    }
    let name_end = slash + 1 + name_len;
    let line_end = slash + 1 + rest.trim_end().len();
    let argument = line_end.min(name_end + (after.len() - after.trim_start().len()));
    let blanks = if bullet { 0 } else { lead.trim_start_matches('\u{feff}').len() };
    Some(Candidate {
        line: QuickLine {
            span: Span::new(base + slash, base + line_end),
            name: Span::new(base + slash, base + name_end),
            argument: Span::new(base + argument, base + line_end),
            indent: Span::new(base + slash - blanks, base + slash),
            place: Place::Inert,
        },
        bullet,
    })
}

/// A bullet or number with nothing but a task box behind it.
fn is_bullet(lead: &str) -> bool {
    let lead = lead.trim();
    let lead = ["[ ]", "[x]", "[X]", "[~]"]
        .into_iter()
        .find_map(|mark| lead.strip_suffix(mark))
        .unwrap_or(lead)
        .trim();
    let digits = lead.trim_start_matches(|c: char| c.is_ascii_digit());
    matches!(lead, "-" | "*" | "+") || (digits.len() < lead.len() && matches!(digits, "." | ")"))
}

#[cfg(test)]
mod tests;
