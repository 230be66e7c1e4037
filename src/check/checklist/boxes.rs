//! The boxes of a list by their bold names, ticked or not, whole or broken.

use crate::document::flat::Flat;
use crate::document::outline::{BlockKind, Item, Outline, Tick};
use crate::text::Span;

/// A named box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NamedBox<'n> {
    /// The name as the rule has it.
    pub(super) name: &'n str,
    /// The brackets.
    pub(super) span: Span,
    /// What they say.
    pub(super) state: State,
    /// Where the line's content starts: at the bullet, or at the brackets without one.
    pub(super) start: u32,
    /// Where the bold name starts, with its marks.
    pub(super) lead: u32,
    /// Number of headings before it.
    section: usize,
}

/// The state of a named box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Still to be ticked.
    Open,
    /// Ticked.
    Done,
    /// Struck out or inapplicable, which is an answer as well.
    Void,
    /// Written so that GitLab shows the brackets as text.
    Broken,
}

/// The boxes called one of `names`, in source order.
pub(super) fn find<'n>(text: &str, outline: &Outline, names: &'n [String]) -> Vec<NamedBox<'n>> {
    let mut found: Vec<_> = outline
        .strong
        .iter()
        .filter_map(|strong| {
            let words = Flat::new(text, outline, *strong, true).text;
            let lead = words.trim().trim_end_matches([':', '.', '?', '：', '？']).trim_end();
            let name = names.iter().find(|name| name.eq_ignore_ascii_case(lead))?;
            named(text, outline, name, *strong)
        })
        .collect();
    found.sort_by_key(|named| named.span);
    found
}

/// Those of the section that has most of the names: a box elsewhere only happens to be called the same.
pub(super) fn list<'n>(text: &str, outline: &Outline, names: &'n [String]) -> Vec<NamedBox<'n>> {
    let all = find(text, outline, names);
    let size = |section: usize| {
        names.iter().filter(|name| all.iter().any(|b| b.section == section && b.name == **name)).count()
    };
    let best = all.iter().map(|named| named.section).rev().max_by_key(|section| size(*section));
    let mut list: Vec<NamedBox<'n>> = Vec::new();
    for named in all.iter().filter(|named| Some(named.section) == best) {
        if !list.iter().any(|earlier| earlier.name == named.name) {
            list.push(*named);
        }
    }
    list
}

/// The box in front of the bold text at `strong`.
fn named<'n>(text: &str, outline: &Outline, name: &'n str, strong: Span) -> Option<NamedBox<'n>> {
    let line_start = text.get(..strong.start as usize)?.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let marks = |c: char| matches!(c, '*' | '_' | '~' | '[');
    let before = text.get(line_start..strong.start as usize)?.trim_end_matches(marks);
    let lead = Span::at(line_start + before.len()).start;
    let section = outline.headings.partition_point(|heading| heading.span.start < strong.start);
    let task = outline.items.iter().rev().find_map(|item| leads(text, item, strong));
    let (span, state) = match task {
        Some((span, tick)) => (span, state(outline, strong, tick)),
        None => (brackets(before)?.shifted(line_start), State::Broken),
    };
    let in_heading = outline.blocks.iter().any(|b| b.kind == BlockKind::Heading && b.span.contains(strong));
    let bullet = before.trim_start_matches([' ', '\t', '>', '\u{feff}']);
    let start = Span::at(line_start + before.len() - bullet.len()).start;
    (!in_heading).then_some(NamedBox { name, span, state, start, lead, section })
}

/// The task box of `item` if nothing but marks stands between it and `strong`.
fn leads(text: &str, item: &Item, strong: Span) -> Option<(Span, Tick)> {
    let task = item.task?;
    let between = text.get(item.content as usize..strong.start as usize)?;
    between.chars().all(|c| c.is_whitespace() || matches!(c, '*' | '_' | '~' | '[')).then_some(task)
}

fn state(outline: &Outline, strong: Span, tick: Tick) -> State {
    let struck = outline.struck.iter().any(|struck| struck.contains(strong) || strong.contains(*struck));
    match tick {
        Tick::Done => State::Done,
        Tick::Open if struck => State::Void,
        Tick::Open => State::Open,
        Tick::Inapplicable => State::Void,
    }
}

/// The brackets that end `before`, the beginning of a line up to a bold name, with at most a bullet in front.
fn brackets(before: &str) -> Option<Span> {
    let before = before.trim_end();
    let open = before.strip_suffix(']')?.rfind('[')?;
    let inside = before.get(open + 1..before.len() - 1)?.trim();
    let lead = before.get(..open)?.trim_matches([' ', '\t', '>', '\u{feff}']);
    let digits = lead.trim_start_matches(|c: char| c.is_ascii_digit());
    let bullet =
        matches!(lead, "" | "-" | "*" | "+") || (digits.len() < lead.len() && matches!(digits, "." | ")"));
    (bullet && inside.chars().count() <= 1).then(|| Span::new(open, before.len()))
}
