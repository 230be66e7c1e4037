//! Quick actions that a page shows in code.

use crate::document::Document;
use crate::document::outline::{BlockKind, Class};
use crate::document::quick_action::arguments::own;
use crate::document::quick_action::command::{self, Command};
use crate::document::quick_action::{Place, QuickLine, lines_in};
use crate::text::Span;

/// The commands of code spans and fences that start with a slash.
pub fn lines(doc: &Document<'_>) -> Vec<QuickLine> {
    let text = doc.text();
    let bytes = text.as_bytes();
    let opens = |before: &[u8]| [&b"`"[..], b"` ", b"\n"].iter().any(|start| before.ends_with(start));
    let slashes = || memchr::memchr_iter(b'/', bytes);
    if !slashes().any(|slash| opens(&bytes[..slash])) || !slashes().any(|slash| may_command(bytes, slash)) {
        return Vec::new();
    }
    let mut lines = Vec::new();
    for outline in doc.outlines() {
        for piece in outline.pieces.iter().filter(|piece| piece.class == Class::Code) {
            let block = outline.block_of(piece);
            let content = match block.is_some_and(|block| block.kind == BlockKind::Code) {
                true => fenced(text, piece.span),
                false => Some(trimmed(text, piece.span, &['`', ' '])),
            };
            if let Some(content) = content.filter(|content| content.of(text).starts_with('/')) {
                lines.extend(lines_in(text, content));
            }
        }
    }
    lines
}

/// Whether the slash may open a command in code, and no path, which goes on behind its first name.
fn may_command(bytes: &[u8], slash: usize) -> bool {
    let before = bytes[..slash].iter().rev().find(|byte| !matches!(byte, b' ' | b'\t'));
    if !matches!(before, Some(b'`' | b'\n' | b'\r' | 0x80..)) {
        return false;
    }
    let rest = &bytes[slash + 1..];
    let name = rest.iter().take_while(|byte| byte.is_ascii_alphabetic() || **byte == b'_').count();
    let ends = |byte: &u8| matches!(byte, b'`' | b'~' | 0x80..) || byte.is_ascii_whitespace();
    name > 0 && rest.get(name).is_none_or(ends)
}

/// The content of a fence from its first word on; nothing for indented code, which nobody marked.
fn fenced(text: &str, span: Span) -> Option<Span> {
    let source = span.of(text);
    let mark = ["```", "~~~"].into_iter().find(|mark| source.starts_with(mark))?;
    let first = source.find('\n')? + 1;
    let content = Span::new(span.start as usize + first, span.end as usize);
    let mark = mark.chars().next()?;
    Some(trimmed(text, content, &[mark, ' ', '\t', '\r', '\n']))
}

fn trimmed(text: &str, span: Span, marks: &[char]) -> Span {
    let source = span.of(text);
    let start = span.start as usize + (source.len() - source.trim_start_matches(marks).len());
    Span::new(start, (span.start as usize + source.trim_end_matches(marks).len()).max(start))
}

/// A command with its own argument.
#[derive(Clone, Copy, Debug)]
pub struct Action {
    /// What it is.
    pub command: &'static Command,
    /// Its argument, without a second command on the line.
    pub argument: Span,
}

/// The commands of a template that stand where GitLab runs them.
pub fn template(doc: &Document<'_>) -> Vec<Action> {
    let lines = doc.quick_lines().iter().filter(|line| line.place == Place::Runs);
    lines.flat_map(|line| actions(doc.text(), line)).collect()
}

/// The commands of a page that are shown together: those of a fence, and those of a table row.
pub fn groups(doc: &Document<'_>) -> Vec<Vec<Action>> {
    let text = doc.text();
    let mut groups: Vec<(Option<usize>, Vec<Action>)> = Vec::new();
    for outline in doc.outlines() {
        for piece in outline.pieces.iter().filter(|piece| piece.class == Class::Code) {
            let block = outline.block_of(piece);
            let row = match block.is_some_and(|block| block.kind == BlockKind::Code) {
                true => None,
                false => {
                    let line = doc.lines().line_of(piece.span.start);
                    // A row of the handbook that is quoted without its header is no table.
                    let piped = doc.lines().line_span(line, text).of(text).trim_start().starts_with('|');
                    let cell = block.is_some_and(|block| block.kind == BlockKind::Cell);
                    if !piped && !cell {
                        continue;
                    }
                    Some(line)
                }
            };
            let content = match row {
                None => fenced(text, piece.span),
                Some(_) => Some(trimmed(text, piece.span, &['`', ' '])),
            };
            let Some(content) = content else { continue };
            let found = lines_in(text, content).flat_map(|line| actions(text, &line)).collect::<Vec<_>>();
            match groups.last_mut() {
                Some((last, group)) if row.is_some() && *last == row => group.extend(found),
                _ => groups.push((row, found)),
            }
        }
    }
    groups.into_iter().map(|(_, group)| group).filter(|group| !group.is_empty()).collect()
}

/// The command of a line, and those that follow it there.
fn actions(text: &str, line: &QuickLine) -> Vec<Action> {
    let mut found = Vec::new();
    let mut next = Some((line.name, line.argument));
    while let Some((name, argument)) = next {
        let word = name.of(text).trim_start_matches('/');
        let Some(command) = command::find(word) else { break };
        let (argument, second) = own(text, argument);
        found.push(Action { command, argument });
        next = second.map(|second| {
            let source = second.of(text);
            let length = source.find(char::is_whitespace).unwrap_or(source.len());
            let name = Span::new(second.start as usize, second.start as usize + length);
            let rest = &source[length..];
            let start = name.end as usize + (rest.len() - rest.trim_start().len());
            (name, Span::new(start, second.end as usize))
        });
    }
    found
}
