//! Values that the table of a page repeats from the data file that owns them.

use serde::Deserialize;

use super::freshness::category::{page_of, site_path};
use super::{Hit, Sink, View};
use crate::diagnostic::{Edit, Fix};
use crate::document::Outline;
use crate::document::flat::Flat;
use crate::document::outline::{Cell, Class};
use crate::scan::Need;
use crate::subject::Role;
use crate::text::Span;
use crate::yaml::Node;

/// Which fields of a category its page repeats.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mirror {
    /// The fields, as the data file calls them.
    fields: Vec<Repeated>,
    /// The values of `maturity`; another word is none.
    levels: Vec<String>,
    /// Other names of stages, and what the data file calls them.
    stage_aliases: std::collections::BTreeMap<String, String>,
    /// So many rows of a page's tables are read.
    max_rows: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Repeated {
    Maturity,
    Stage,
}

impl Mirror {
    /// The values that messages may name.
    pub const VALUES: &'static [&'static str] = &["hit", "key", "entry", "other"];

    /// The variants the check may report.
    pub fn variants(&self) -> Vec<&str> {
        vec!["stage"]
    }

    /// What a text must contain.
    pub fn need(&self) -> Need {
        Need::Any(self.fields.iter().map(|field| field.name().to_owned()).collect())
    }

    /// Compares the values of the page with those of its category.
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let Some(path) = view.doc.subject.path.as_deref() else { return };
        let canonical = view.doc.node().and_then(|node| node.get("canonical_path")?.as_str());
        let Some(page) = canonical.map(|path| site_path(path).to_owned()).or_else(|| page_of(path)) else {
            return;
        };
        let mut rows = 0;
        let mut stated = Vec::new();
        for outline in view.doc.outlines().iter().filter(|outline| outline.role == Role::Body) {
            for table in &outline.tables {
                let left = self.max_rows.saturating_sub(rows).min(table.rows.len());
                rows += left;
                let seen = table.rows.get(..left).unwrap_or_default();
                stated.extend(self.stated(view.doc.text(), outline, seen));
            }
        }
        if stated.is_empty() {
            return;
        }
        let Some(categories) = view.world.categories() else {
            // Tables with a stage stand on many pages, a category's page below `direction`.
            if page.starts_with("direction") {
                sink.not_checked("data/categories.yml is not in the working directory");
            }
            return;
        };
        let Some((name, category)) = category_of(categories, &page) else { return };
        for (field, span) in stated {
            self.judge(field, span, name, category, view, sink);
        }
    }

    /// The values that the rows state: behind a field's name, or below it.
    fn stated(&self, text: &str, outline: &Outline, rows: &[Vec<Cell>]) -> Vec<(Repeated, Span)> {
        let field_of = |cell: &Cell| {
            let words =
                Flat::new(text, outline, cell.span, true).text.trim().trim_end_matches(':').to_lowercase();
            self.fields.iter().copied().find(|field| field.name() == words)
        };
        let names = |row: &Vec<Cell>| row.first().and_then(field_of).is_some();
        let mut found = Vec::new();
        for (number, row) in rows.iter().enumerate() {
            // The head of a table is a row like the others where these start with names of fields, too, or are not there.
            let like_others = number > 0 || rows.len() == 1 || rows.iter().skip(1).any(names);
            if let [first, second] = row.as_slice()
                && let Some(field) = field_of(first)
                && field_of(second).is_none()
                && like_others
            {
                found.extend(value(text, outline, second).map(|span| (field, span)));
            } else if number == 0 {
                for (column, field) in
                    row.iter().enumerate().filter_map(|(at, cell)| Some((at, field_of(cell)?)))
                {
                    let below = rows.get(1).and_then(|row| row.get(column));
                    found.extend(below.and_then(|cell| value(text, outline, cell)).map(|span| (field, span)));
                }
            }
        }
        found
    }

    fn judge(
        &self,
        field: Repeated,
        span: Span,
        name: &str,
        category: &Node,
        view: View<'_>,
        sink: &mut Sink<'_>,
    ) {
        let hit = span.of(view.doc.text());
        let own = category.get(field.name()).and_then(Node::as_str).unwrap_or_default().trim();
        let stages = view.world.tree("data/stages.yml").filter(|_| field == Repeated::Stage);
        let shown = stages.as_deref().and_then(|stages| {
            stages.get("stages").unwrap_or(stages).get(own)?.get("display_name")?.as_str()
        });
        let agrees = match field {
            Repeated::Maturity => {
                let word = hit.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty());
                let level =
                    word.and_then(|word| self.levels.iter().find(|level| level.eq_ignore_ascii_case(word)));
                level.is_none_or(|level| level.eq_ignore_ascii_case(own))
            }
            Repeated::Stage => {
                let alias = self.stage_aliases.iter().find(|(alias, _)| folded(alias) == folded(hit));
                let stated = alias.map_or(hit, |(_, stage)| stage);
                let is_own = |stage: &str| folded(stage) == folded(stated);
                own.is_empty() || is_own(own) || is_own(&format!("{own} stage")) || shown.is_some_and(is_own)
            }
        };
        if agrees {
            return;
        }
        let written = shown.map_or_else(|| titled(own), str::to_owned);
        let fix = (!own.is_empty()).then(|| Fix {
            title: format!("Write `{written}`"),
            safe: false,
            edits: vec![Edit { span, text: written.clone() }],
        });
        let other = if own.is_empty() { "nothing" } else { own };
        let values = [("hit", hit), ("key", field.name()), ("entry", name), ("other", other)];
        let variant = if field == Repeated::Stage { "stage" } else { "" };
        sink.report(Hit::at(span, &values).variant(variant).fix(fix));
    }
}

impl Repeated {
    fn name(self) -> &'static str {
        match self {
            Self::Maturity => "maturity",
            Self::Stage => "stage",
        }
    }
}

/// The one category whose page this is; a page that several lead to is nobody's own.
fn category_of<'n>(categories: &'n Node, page: &str) -> Option<(&'n str, &'n Node)> {
    let direction = |node: &'n Node| node.get("direction").and_then(Node::as_str);
    let mut all = categories.entries().iter().filter(|entry| {
        direction(&entry.value).is_some_and(|link| !page.is_empty() && site_path(link) == page)
    });
    let first = all.next().filter(|_| all.next().is_none())?;
    let whole = direction(&first.value).is_some_and(|link| !link.contains('#'));
    whole.then_some((first.key.as_str(), &first.value))
}

/// The words of a cell; `None` where there are none, or where the page's generator puts them.
fn value(text: &str, outline: &Outline, cell: &Cell) -> Option<Span> {
    let flat = Flat::new(text, outline, cell.span, true);
    let made = outline.pieces_in(cell.span).iter().any(|piece| piece.class == Class::Shortcode);
    let start = flat.text.len() - flat.text.trim_start().len();
    let end = flat.text.trim_end().len();
    (!made && start < end).then(|| flat.span(start..end))
}

/// A key of a data file as pages write it: `data_stores` as `Data Stores`.
fn titled(key: &str) -> String {
    let word = |word: &str| {
        let mut chars = word.chars();
        chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect::<String>()
    };
    key.split('_').map(word).collect::<Vec<_>>().join(" ")
}

fn folded(name: &str) -> String {
    name.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '_'))
        .flat_map(char::to_lowercase)
        .collect()
}
