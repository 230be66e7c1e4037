//! Finds the items of a scoring scheme in a table: one per body row, or one per column of values.

use super::Score;
use super::cell::CellText;
use super::factor::{Factor, Reading};
use crate::document::flat::Flat;
use crate::document::outline::{Cell, Outline, Table};
use crate::text::Span;

/// A table of the scheme.
#[derive(Debug)]
pub struct ScoreTable {
    /// The words of its first cell.
    pub first: Span,
    /// The factors it has no row or column for.
    pub missing: Vec<String>,
    /// What is scored.
    pub items: Vec<Item>,
}

/// One scored item.
#[derive(Debug, Default)]
pub struct Item {
    /// The cell of each factor, in the order of the scheme.
    pub factors: Vec<Option<CellText>>,
    /// The cells of its score.
    pub scores: Vec<CellText>,
}

/// A source with the structure the table belongs to.
#[derive(Clone, Copy)]
struct Reader<'a> {
    score: &'a Score,
    source: &'a str,
    outline: &'a Outline,
}

/// What the first cells of the rows, or the cells of the header, say.
struct Labels {
    /// Of each factor, where it is named.
    factors: Vec<Vec<usize>>,
    /// Where the score is named.
    scores: Vec<usize>,
}

impl ScoreTable {
    /// The table's items; `None` where it does not belong to the scheme.
    pub fn read(score: &Score, source: &str, outline: &Outline, table: &Table) -> Option<Self> {
        let reader = Reader { score, source, outline };
        let header = table.rows.first()?;
        let across = reader.labels(header);
        let (labels, items) = if across.count() >= score.at_least {
            let rows = table.rows.iter().skip(1);
            let items = rows.map(|row| reader.item(&across, |at| row.get(at))).collect();
            (across, items)
        } else {
            let down: Vec<Cell> = table.rows.iter().filter_map(|row| row.first().copied()).collect();
            let labels = reader.labels(&down);
            if labels.count() < score.at_least {
                return None;
            }
            let items = reader.columns(&labels, table);
            (labels, items)
        };
        let first = CellText::new(source, outline, header.first()?);
        let factors = score.factors.iter().zip(&labels.factors);
        let missing =
            factors.filter(|(_, at)| at.is_empty()).map(|(factor, _)| factor.name.clone()).collect();
        Some(Self { first: first.span(&first.words()), missing, items })
    }
}

impl Labels {
    fn count(&self) -> usize {
        self.factors.iter().filter(|at| !at.is_empty()).count()
    }

    /// The labels of the item number `index` of several that stand below each other.
    fn block(&self, index: usize) -> Self {
        let start = |index: usize| self.factors.iter().filter_map(|at| at.get(index)).min().copied();
        let (from, to) = (start(index).unwrap_or_default(), start(index + 1).unwrap_or(usize::MAX));
        let scores = self.scores.iter().copied().filter(|at| index == 0 || *at >= from).filter(|at| *at < to);
        Self {
            factors: self.factors.iter().map(|at| at.get(index).copied().into_iter().collect()).collect(),
            scores: scores.collect(),
        }
    }
}

impl Reader<'_> {
    fn labels(&self, cells: &[Cell]) -> Labels {
        let labels: Vec<String> =
            cells.iter().map(|cell| Flat::new(self.source, self.outline, cell.span, true).text).collect();
        let places = |name: &str| -> Vec<usize> {
            let named = labels.iter().enumerate().filter(|(_, label)| is_called(label, name));
            named.map(|(at, _)| at).collect()
        };
        let factors = self.score.factors.iter().map(|factor| places(&factor.name)).collect();
        let mut scores: Vec<usize> = self.score.score_names.iter().flat_map(|name| places(name)).collect();
        scores.sort_unstable();
        Labels { factors, scores }
    }

    fn text(&self, cell: &Cell) -> CellText {
        CellText::new(self.source, self.outline, cell)
    }

    fn item<'c>(&self, labels: &Labels, cell: impl Fn(usize) -> Option<&'c Cell>) -> Item {
        let text = |at: &usize| cell(*at).map(|cell| self.text(cell));
        let factors = labels.factors.iter().map(|at| at.first().and_then(text)).collect();
        // What stands first names the item, whatever it is called.
        let scores = labels.scores.iter().filter(|at| **at > 0).filter_map(text).collect();
        Item { factors, scores }
    }

    /// The items of a table whose rows are the factors: in the second column, or in the first one with values if that
    /// one only describes; and in every further column that reads like one.
    fn columns(&self, labels: &Labels, table: &Table) -> Vec<Item> {
        let width = table.rows.iter().map(Vec::len).max().unwrap_or_default();
        let blocks = labels.factors.iter().map(Vec::len).max().unwrap_or_default();
        let mut items = Vec::new();
        for block in (0..blocks).map(|index| labels.block(index)) {
            let column = |column: usize| self.item(&block, |row| table.rows.get(row)?.get(column));
            let columns: Vec<Item> = (1..width).map(column).collect();
            let full = |item: &Item| self.says(item, true) >= self.score.at_least;
            // A column that asks (`How many users in 3 months?`) holds a number at most by chance.
            let described = columns.first().is_some_and(|item| self.says(item, true) <= 1);
            let first = columns
                .iter()
                .position(|item| described && full(item))
                .or_else(|| columns.iter().position(|item| columns.len() == 1 || self.says(item, false) > 0));
            let is_item =
                |at: usize, item: &Item| first.is_some_and(|first| at == first || (at > first && full(item)));
            let columns = columns.into_iter().enumerate();
            items.extend(columns.filter(|(at, item)| is_item(*at, item)).map(|(_, item)| item));
        }
        items
    }

    /// How many cells of `item` hold a value of their factor, or, unless `fitting`, anything that may be one.
    fn says(&self, item: &Item, fitting: bool) -> usize {
        let value = |(factor, cell): (&Factor, &Option<CellText>)| {
            let cell = cell.as_ref()?;
            let read = factor.read(cell, &self.score.blank_values);
            let fits = matches!(read, Reading::Value(_) | Reading::Vague);
            let digits = cell.text.contains(|c: char| c.is_ascii_digit());
            (fits || (!fitting && digits)).then_some(())
        };
        self.score.factors.iter().zip(&item.factors).filter_map(value).count()
    }
}

/// Whether `label` is `name`, with a colon or a remark in brackets at most.
fn is_called(label: &str, name: &str) -> bool {
    let label = label.trim();
    let Some((head, rest)) = label.split_at_checked(name.len()) else { return false };
    let rest = rest.trim_start();
    head.eq_ignore_ascii_case(name) && (rest.is_empty() || rest == ":" || rest.starts_with('('))
}
