//! A data file as a merge request leaves it: all of it where the checkout has it, else what the hunks show.

use crate::subject::{Change, DiffFile, DiffLine};
use crate::text::{LineIndex, Span};
use crate::world::World;
use crate::yaml::{self, Limits, Node};

/// A changed file, or a piece of it, with the way back to the diff.
#[derive(Debug)]
pub(super) struct Changed {
    /// Its text.
    pub(super) text: String,
    /// Its tree.
    pub(super) node: Node,
    /// Nothing of the file is missing behind the text.
    whole: bool,
    lines: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    /// Where it starts in the text.
    start: usize,
    /// Where it stands in the diff.
    place: Option<Span>,
    /// The merge request added it.
    added: bool,
    /// The merge request added it, or removed what stood behind it.
    touched: bool,
}

/// Follows removed lines: those of an entry that is gone as a whole touch no other one.
#[derive(Default)]
struct Removal {
    gone: bool,
}

impl Removal {
    /// Whether the removed `line` belonged to the entry of the line before it.
    fn touches(&mut self, line: &str) -> bool {
        let words = line.trim_start();
        self.gone |= words.len() == line.len() || words.starts_with("- ");
        !self.gone && !words.is_empty()
    }
}

impl Changed {
    /// What is to be seen of `file`, which stands in the diff of `text`.
    pub(super) fn of(text: &str, file: &DiffFile, world: &World) -> Vec<Self> {
        if !file.added
            && let Some(page) = world.page(&file.new_path)
            && let Some(whole) = Self::of_page(text, file, &page)
        {
            return vec![whole];
        }
        let hunks = file.lines.split(|line| line.change == Change::Hunk);
        hunks.filter_map(|lines| Self::of_lines(text, lines, file.added)).collect()
    }

    /// The page of the checkout, if the diff leads to it.
    fn of_page(text: &str, file: &DiffFile, page: &str) -> Option<Self> {
        let index = LineIndex::new(page);
        let line = |number: usize| index.line_span(number, page);
        let mut lines: Vec<_> = (0..index.count())
            .map(|number| Line {
                start: line(number).start as usize,
                place: None,
                added: false,
                touched: false,
            })
            .collect();
        let mut last = None;
        let mut removal = Removal::default();
        for changed in &file.lines {
            match changed.change {
                Change::Hunk => {}
                Change::Removed => {
                    let touches = removal.touches(changed.span.of(text));
                    if let Some(line) = last.and_then(|last: usize| lines.get_mut(last)).filter(|_| touches) {
                        line.touched = true;
                    }
                }
                Change::Added | Change::Context => {
                    let number = (changed.new as usize).checked_sub(1)?;
                    if line(number).of(page).trim_end() != changed.span.of(text).trim_end() {
                        return None;
                    }
                    let line = lines.get_mut(number)?;
                    line.place = Some(changed.span);
                    line.added = changed.change == Change::Added;
                    line.touched |= line.added;
                    last = Some(number);
                    removal = Removal::default();
                }
            }
        }
        let node = yaml::parse(page, &Limits::subject()).ok().flatten()?;
        Some(Self { text: page.to_owned(), node, whole: true, lines })
    }

    /// A hunk, from its first line that is not indented deeper than any other: before it an entry ends whose start is
    /// not shown.
    fn of_lines(text: &str, lines: &[DiffLine], whole: bool) -> Option<Self> {
        let indent = |line: &&DiffLine| {
            let content = line.span.of(text);
            let words = content.trim_start();
            (!words.is_empty() && !words.starts_with('#')).then_some(content.len() - words.len())
        };
        let after: Vec<_> = lines.iter().filter(|line| line.change != Change::Removed).collect();
        let least = after.iter().filter_map(&indent).min()?;
        let first = after.iter().find(|line| indent(line) == Some(least))?.span;
        // Lines behind a change are shown unless the file ends with it.
        let last = lines.last().is_some_and(|line| matches!(line.change, Change::Added | Change::Removed));
        let mut changed = Self {
            text: String::new(),
            node: Node::scalar(Span::at(0), "", yaml::Style::Plain),
            whole: whole || last,
            lines: Vec::new(),
        };
        let mut removal = Removal::default();
        for line in lines.iter().filter(|line| line.span.start >= first.start) {
            if line.change == Change::Removed {
                let touches = removal.touches(line.span.of(text));
                if let Some(last) = changed.lines.last_mut().filter(|_| touches) {
                    last.touched = true;
                }
                continue;
            }
            removal = Removal::default();
            let added = line.change == Change::Added;
            let (start, place) = (changed.text.len(), Some(line.span));
            changed.lines.push(Line { start, place, added, touched: added });
            changed.text.extend([line.span.of(text), "\n"]);
        }
        changed.node = yaml::parse(&changed.text, &Limits::subject()).ok().flatten()?;
        Some(changed)
    }

    /// Whether the merge request changed something inside `span`.
    pub(super) fn touches(&self, span: Span) -> bool {
        self.between(span).iter().any(|line| line.touched)
    }

    /// Whether the merge request added the first line of `span`.
    pub(super) fn begins(&self, span: Span) -> bool {
        self.between(span).first().is_some_and(|line| line.added)
    }

    /// Whether nothing of the entry at `span` is missing.
    pub(super) fn ends(&self, span: Span) -> bool {
        let rest = self.text.get(span.end as usize..).unwrap_or_default();
        let rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
        self.whole || rest.lines().any(|line| !line.trim().is_empty() && !line.trim().starts_with('#'))
    }

    /// Where `span` stands in the diff; the first changed line of `within` where the diff does not show it.
    pub(super) fn back(&self, span: Span, within: Span) -> Option<Span> {
        if let Some(line) = self.between(Span { end: span.start, ..span }).first()
            && let Some(place) = line.place
        {
            let start = place.start as usize + (span.start as usize).saturating_sub(line.start);
            let end = (start + span.len()).min(place.end as usize);
            return Some(Span::new(start.min(end), end));
        }
        let changed = self.between(within).iter().filter(|line| line.touched);
        let place = changed.filter_map(|line| line.place).next()?;
        Some(place)
    }

    /// The lines that `span` reaches.
    fn between(&self, span: Span) -> &[Line] {
        let first = self.lines.partition_point(|line| line.start <= span.start as usize).saturating_sub(1);
        let last = self.lines.partition_point(|line| line.start < span.end as usize).max(first + 1);
        self.lines.get(first..last.min(self.lines.len())).unwrap_or_default()
    }
}
