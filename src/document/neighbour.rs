//! The characters beside a place, as a reader sees them: emphasis marks and invisible characters are no neighbours.

use super::outline::{Class, Outline};

/// What stands beside a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Neighbour {
    /// The edge of the text, or an HTML tag.
    Edge,
    /// A character, as it stands in the source.
    Char(char),
}

/// What stands before byte `at`.
pub fn left(text: &str, outline: Option<&Outline>, mut at: usize) -> Neighbour {
    while let Some(c) = text.get(..at).and_then(|before| before.chars().next_back()) {
        at -= c.len_utf8();
        match look(outline, at, c) {
            Look::Past => {}
            Look::Edge => return Neighbour::Edge,
            Look::Here => return Neighbour::Char(c),
        }
    }
    Neighbour::Edge
}

/// What stands at or after byte `at`.
pub fn right(text: &str, outline: Option<&Outline>, mut at: usize) -> Neighbour {
    while let Some(c) = text.get(at..).and_then(|after| after.chars().next()) {
        match look(outline, at, c) {
            Look::Past => at += c.len_utf8(),
            Look::Edge => return Neighbour::Edge,
            Look::Here => return Neighbour::Char(c),
        }
    }
    Neighbour::Edge
}

enum Look {
    Past,
    Edge,
    Here,
}

fn look(outline: Option<&Outline>, at: usize, c: char) -> Look {
    if is_invisible(c) {
        return Look::Past;
    }
    let Some(outline) = outline else { return Look::Here };
    match outline.piece_at(at).map(|piece| piece.class) {
        None if matches!(c, '*' | '_' | '~') => Look::Past,
        Some(Class::Html | Class::Comment) => Look::Edge,
        _ => Look::Here,
    }
}

/// Zero-width and direction characters.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
