//! The page as HTML, with its normative sentences marked; one file that needs no network.

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::page::{Part, PartKind};
use super::{Counts, Coverage, Verdict};

const STYLE: &str = include_str!("../../templates/coverage.css");
const SCRIPT: &str = include_str!("../../templates/coverage.js");

/// The depth from which items of lists move no further in.
const DEEPEST: u8 = 4;

#[derive(Template)]
#[template(path = "coverage.html")]
struct View<'c> {
    style: &'static str,
    style_hash: String,
    script: &'static str,
    script_hash: String,
    title: &'c str,
    counts: Counts,
    sections: Vec<Section<'c>>,
    rules: Vec<RuleView<'c>>,
}

/// A heading and what stands below it.
struct Section<'c> {
    number: usize,
    /// 2 to 6; the page's title is 1.
    level: u8,
    name: &'c str,
    counts: Counts,
    blocks: Vec<Shown<'c>>,
}

enum Shown<'c> {
    Paragraph(Vec<Run<'c>>),
    List(Vec<Item<'c>>),
    Table(Vec<Row<'c>>),
    Code(&'c str),
}

struct Item<'c> {
    number: u32,
    depth: u8,
    marker: &'static str,
    paragraphs: Vec<Vec<Run<'c>>>,
}

struct Row<'c> {
    /// Its table and its number in it.
    place: (u32, u32),
    head: bool,
    cells: Vec<Vec<Run<'c>>>,
}

/// A sentence; one that is not normative has no state.
#[derive(Default)]
struct Run<'c> {
    text: &'c str,
    number: usize,
    state: &'static str,
    rules: &'c [String],
    missing: String,
    reason: &'c str,
}

struct RuleView<'c> {
    id: &'c str,
    title: &'c str,
    url: &'c str,
    heading: &'c str,
    /// The numbers of the sentences it enforces.
    sentences: Vec<usize>,
}

impl Coverage {
    /// The page called `name` with its sentences marked, as one HTML file.
    pub fn html(&self, name: &str) -> String {
        let view = View {
            style: STYLE,
            style_hash: hash(STYLE),
            script: SCRIPT,
            script_hash: hash(SCRIPT),
            title: self.page.title.as_deref().unwrap_or(name),
            counts: self.counts(),
            sections: self.sections(),
            rules: self.rules(),
        };
        // Writing to memory cannot fail, and the template calls nothing that can.
        view.render().unwrap_or_default()
    }

    fn sections(&self) -> Vec<Section<'_>> {
        let level = |part: &Part| match part.kind {
            PartKind::Heading(level) => Some(level),
            _ => None,
        };
        let highest = self.page.parts.iter().filter_map(level).min().unwrap_or(1);
        let mut sections: Vec<Section<'_>> = Vec::new();
        for (at, part) in self.page.parts.iter().enumerate() {
            let number = part.heading.map_or(0, |heading| heading + 1);
            if sections.last().is_none_or(|last| last.number != number) {
                let name = part
                    .heading
                    .and_then(|at| self.page.headings.get(at))
                    .map_or("Introduction", String::as_str);
                let level = level(part).map_or(2, |level| (level - highest + 2).min(6));
                sections.push(Section { number, level, name, counts: Counts::default(), blocks: Vec::new() });
            }
            let Some(section) = sections.last_mut() else { continue };
            section.counts.add(Counts::of(self.sentences.iter().filter(|sentence| sentence.place.0 == at)));
            section.show(part, self.runs(at, part));
        }
        sections
    }

    fn runs<'c>(&'c self, part: usize, of: &'c Part) -> Vec<Run<'c>> {
        let run = |(at, cut): (usize, &'c super::page::Cut)| {
            let mut run = Run { text: &cut.text, ..Run::default() };
            // The sentences stand in the order of their places.
            if let Ok(number) = self.sentences.binary_search_by_key(&(part, at), |sentence| sentence.place)
                && let Some(sentence) = self.sentences.get(number)
            {
                run.number = number + 1;
                run.state = sentence.verdict.name();
                match &sentence.verdict {
                    Verdict::Enforced { rules, reason } => {
                        run.rules = rules;
                        run.reason = reason.as_deref().unwrap_or_default();
                    }
                    Verdict::Judged { reason } => run.reason = reason,
                    Verdict::Open { missing } => run.missing = missing.join(", "),
                }
            }
            run
        };
        of.sentences.iter().enumerate().map(run).collect()
    }

    /// The rules that enforce a sentence, by id.
    fn rules(&self) -> Vec<RuleView<'_>> {
        let mut views: Vec<RuleView<'_>> = Vec::new();
        for (number, sentence) in self.sentences.iter().enumerate() {
            let Verdict::Enforced { rules, .. } = &sentence.verdict else { continue };
            for id in rules {
                if let Some(view) = views.iter_mut().find(|view| view.id == id) {
                    view.sentences.push(number + 1);
                } else if let Some(rule) = self.rules.iter().find(|rule| rule.citation.rule == *id) {
                    let url = rule.citation.url.as_str();
                    let is_web = url.starts_with("https://") || url.starts_with("http://");
                    views.push(RuleView {
                        id,
                        title: &rule.title,
                        url: if is_web { url } else { "" },
                        heading: &rule.citation.heading,
                        sentences: vec![number + 1],
                    });
                }
            }
        }
        views.sort_by_key(|view| view.id);
        views
    }
}

/// What the policy of the page names `text` by, so that nothing else of its kind runs.
fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text)))
}

impl<'c> Section<'c> {
    /// Adds a part: paragraphs of one item, items of one list and cells of one table stay together.
    fn show(&mut self, part: &'c Part, runs: Vec<Run<'c>>) {
        match &part.kind {
            PartKind::Heading(_) => {}
            PartKind::Paragraph => self.blocks.push(Shown::Paragraph(runs)),
            PartKind::Code(code) => self.blocks.push(Shown::Code(code)),
            PartKind::Item { item: number, depth, numbered } => {
                let marker = if *numbered { "›" } else { "•" };
                let item =
                    Item { number: *number, depth: (*depth).min(DEEPEST), marker, paragraphs: vec![runs] };
                match self.blocks.last_mut() {
                    Some(Shown::List(items)) => match items.last_mut() {
                        Some(last) if last.number == *number => last.paragraphs.extend(item.paragraphs),
                        _ => items.push(item),
                    },
                    _ => self.blocks.push(Shown::List(vec![item])),
                }
            }
            PartKind::Cell { table, row } => {
                let row = Row { place: (*table, *row), head: *row == 0, cells: vec![runs] };
                match self.blocks.last_mut() {
                    Some(Shown::Table(rows))
                        if rows.last().is_some_and(|last| last.place.0 == row.place.0) =>
                    {
                        match rows.last_mut() {
                            Some(last) if last.place == row.place => last.cells.extend(row.cells),
                            _ => rows.push(row),
                        }
                    }
                    _ => self.blocks.push(Shown::Table(vec![row])),
                }
            }
        }
    }
}
