//! Tables that score items by factors, such as RICE: the values of the factors and the arithmetic of the score.

mod arithmetic;
mod cell;
mod factor;
mod number;
mod scale;
mod table;
mod unit;

use serde::Deserialize;

use super::{Hit, Sink, View};
use crate::document::outline::may_hold_table;
use crate::scan::Need;
use crate::subject::Role;
use factor::{Factor, Reading, Trouble};
use table::ScoreTable;

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Find {
    /// Values outside the scale of their factor.
    Value,
    /// Scores that do not follow from the factors.
    Arithmetic,
}

/// A scheme of factors whose product, divided by the factors that divide, is the score.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Score {
    find: Find,
    factors: Vec<Factor>,
    /// A table with this many of the factors belongs to the scheme.
    at_least: usize,
    /// Cells that say "not yet".
    blank_values: Vec<String>,
    /// A table without one of the factors is reported.
    #[serde(default)]
    require_all_factors: bool,
    /// What the row or column of the score is called.
    #[serde(default)]
    score_names: Vec<String>,
    /// Numbers outside the scales take part in the arithmetic.
    #[serde(default)]
    allow_custom_scale: bool,
}

impl Score {
    /// The values that messages may name.
    pub const VALUES: &'static [&'static str] = &["hit", "factor", "scale", "unit", "expected"];

    /// The variants the check may report.
    pub fn variants(&self) -> Vec<&str> {
        match self.find {
            Find::Value => vec!["off-scale", "contradiction", "unit", "missing"],
            Find::Arithmetic => vec!["operand", "result"],
        }
    }

    /// What a text must contain: of all factors but the few that may be missing, one at least.
    pub fn need(&self) -> Need {
        let enough = (self.factors.len() + 1).saturating_sub(self.at_least);
        Need::Any(self.factors.iter().take(enough).map(|factor| factor.name.clone()).collect())
    }

    /// Finds it.
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let text = view.doc.text();
        // Many texts speak of reach and impact, and few have a table.
        if !may_hold_table(text) {
            return;
        }
        for outline in view.doc.outlines().iter().filter(|outline| outline.role == Role::Body) {
            for table in &outline.tables {
                let Some(table) = ScoreTable::read(self, text, outline, table) else { continue };
                match self.find {
                    Find::Value => self.values(&table, sink),
                    Find::Arithmetic => self.arithmetic(&table, sink),
                }
            }
        }
    }

    fn values(&self, table: &ScoreTable, sink: &mut Sink<'_>) {
        for factor in table.missing.iter().filter(|_| self.require_all_factors) {
            let values = [("factor", factor.as_str())];
            sink.report(Hit::at(table.first, &values).variant("missing"));
        }
        for item in &table.items {
            for (factor, cell) in self.factors.iter().zip(&item.factors) {
                let Some(cell) = cell else { continue };
                let Reading::Off { at, trouble, .. } = factor.read(cell, &self.blank_values) else {
                    continue;
                };
                let variant = match trouble {
                    Trouble::OffScale => "off-scale",
                    Trouble::Contradiction => "contradiction",
                    Trouble::Unit => "unit",
                };
                let (hit, scale) = (cell.slice(&at).to_owned(), factor.scale());
                let values = [
                    ("hit", hit.as_str()),
                    ("factor", factor.name.as_str()),
                    ("scale", scale.as_str()),
                    ("unit", factor.units.name.as_str()),
                ];
                sink.report(Hit::at(cell.span(&at), &values).variant(variant));
            }
        }
    }
}
