//! The level that a text says it communicates at.

use regex::Captures;

use crate::document::Outline;
use crate::document::flat::Flat;
use crate::document::outline::BlockKind;
use crate::pattern::Pattern;
use crate::text::Span;

/// A declared level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Declaration {
    /// One to three.
    pub(super) level: u8,
    /// The words that declare it.
    pub(super) span: Span,
}

/// The first declaration of the highest level.
pub(super) fn highest(text: &str, outline: &Outline, pattern: &Pattern) -> Option<Declaration> {
    let blocks = outline.blocks.iter().filter(|block| !block.quoted && block.kind != BlockKind::Code);
    let lines = blocks.flat_map(|block| Flat::lines(text, outline, block.span));
    let mut declared: Vec<Declaration> = lines
        .filter_map(|line| {
            pattern.all_captures(&line.text).iter().find_map(|found| declaration(&line, found))
        })
        .collect();
    declared.sort_by_key(|declared| (std::cmp::Reverse(declared.level), declared.span));
    declared.first().copied()
}

/// The declaration of a line: at its start with all of its words, else from the word `level` on.
fn declaration(line: &Flat, found: &Captures<'_>) -> Option<Declaration> {
    let (lead, level) = (found.name("lead")?, found.name("level")?);
    let number = found.name("number")?.as_str().to_ascii_lowercase();
    let before = line.text.get(..lead.start()).unwrap_or_default();
    let at_start = !before.contains(char::is_alphanumeric);
    if !at_start && lead.range().is_empty() {
        return None;
    }
    let start = if at_start { lead.start() } else { level.start() };
    let level_number = match number.as_str() {
        "one" | "1" => 1,
        "two" | "2" => 2,
        _ => 3,
    };
    Some(Declaration { level: level_number, span: line.span(start..level.end()) })
}
