//! Which stretches of a subject are Markdown, and how offsets in them lead back to its text.

use super::outline::{Outline, Piece};
use super::{Document, front_matter, markdown};
use crate::subject::{Format, Kind, Part, Role};
use crate::text::Span;
use crate::yaml::{Node, Style, Value};

/// The outlines of all Markdown in the subject.
pub fn outlines(document: &Document<'_>) -> Vec<Outline> {
    let subject = document.subject;
    match subject.format {
        Format::Lines => Vec::new(),
        Format::Yaml => {
            prose_fields(document).into_iter().map(|node| scalar_outline(document, node)).collect()
        }
        Format::Markdown => subject.parts.iter().map(|part| part_outline(document, part)).collect(),
    }
}

fn part_outline(document: &Document<'_>, part: &Part) -> Outline {
    let text = part.span.of(document.text());
    let is_file = document.subject.path.is_some();
    let skip = if is_file { front_matter::find(text).map_or(bom(text), |matter| matter.end) } else { 0 };
    let start = part.span.start as usize + skip;
    let mut outline = markdown::outline(text.get(skip..).unwrap_or_default());
    outline.each_span(&mut |span| *span = span.shifted(start));
    outline.field.clone_from(&part.field);
    outline.role = part.role;
    outline
}

fn bom(text: &str) -> usize {
    text.len() - text.trim_start_matches('\u{feff}').len()
}

/// `name` and `description` of the items of a YAML release post, and what policies write; the rest of a YAML file is
/// no prose.
fn prose_fields<'d>(document: &'d Document<'_>) -> Vec<&'d Node> {
    let mut found = Vec::new();
    match (document.subject.kind, document.node()) {
        (Kind::ReleasePost, Some(node)) => collect(node, &mut found),
        (Kind::DataFile, Some(node)) if document.file_name() == POLICIES => comments(node, &mut found),
        _ => {}
    }
    found
}

/// The file whose rules have gitlab-triage write comments and issues.
const POLICIES: &str = ".triage-policies.yml";

/// What the actions of policies write: `comment`, and the `summary` of `summarize`.
fn comments<'n>(node: &'n Node, found: &mut Vec<&'n Node>) {
    node.items().iter().for_each(|item| comments(item, found));
    for entry in node.entries() {
        if entry.key == "actions" {
            let texts = ["comment", "summarize.summary"].iter().filter_map(|path| entry.value.at(path));
            found.extend(texts.map(|text| text.node).filter(|node| node.as_str().is_some()));
        } else {
            comments(&entry.value, found);
        }
    }
}

fn collect<'n>(node: &'n Node, found: &mut Vec<&'n Node>) {
    for entry in node.entries() {
        match &entry.value.value {
            Value::Scalar(_) if matches!(entry.key.as_str(), "name" | "description") => {
                if entry.value.as_str().is_some() {
                    found.push(&entry.value);
                }
            }
            Value::Scalar(_) => {}
            _ => collect(&entry.value, found),
        }
    }
    for item in node.items() {
        collect(item, found);
    }
}

/// The spans of the titles: a record's `title`, the `name` of YAML items.
pub fn titles(document: &Document<'_>) -> Vec<Span> {
    if document.subject.kind.is_record() {
        let title = document.node().and_then(|node| node.get("title"));
        return title.filter(|title| title.as_str().is_some()).map(|title| title.span).into_iter().collect();
    }
    Vec::new()
}

/// The outline of a scalar: a block's lines lose their indentation before they are read as Markdown.
fn scalar_outline(document: &Document<'_>, node: &Node) -> Outline {
    let text = document.text();
    let source = node.span.of(text);
    let start = node.span.start as usize;
    let block = matches!(&node.value, Value::Scalar(scalar) if scalar.style == Style::Block);
    let indent = if block { column(text, start) } else { 0 };
    let lines = Lines::new(source, start, indent);
    let mut outline = markdown::outline(&lines.content);
    outline.each_span(&mut |span| *span = lines.back(*span));
    outline.role = Role::Body;
    outline.span = node.span;
    outline.indent = indent;
    outline
}

/// The number of bytes before `offset` on its line.
fn column(text: &str, offset: usize) -> usize {
    let before = text.get(..offset).unwrap_or_default();
    before.len() - before.rfind('\n').map_or(0, |newline| newline + 1)
}

/// A text without its indentation, with the way back.
struct Lines {
    content: String,
    /// Start of each line in the content and in the source.
    starts: Vec<(usize, usize)>,
}

impl Lines {
    fn new(source: &str, base: usize, indent: usize) -> Self {
        let mut lines = Self { content: String::with_capacity(source.len()), starts: Vec::new() };
        let mut at = 0;
        for (number, line) in source.split_inclusive('\n').enumerate() {
            let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
            let cut = if number == 0 { 0 } else { blanks.min(indent) };
            lines.starts.push((lines.content.len(), base + at + cut));
            lines.content.push_str(line.get(cut..).unwrap_or_default());
            at += line.len();
        }
        lines
    }

    /// The source span of a content span; its end stays on the line of its last byte.
    fn back(&self, span: Span) -> Span {
        let start = self.offset(span.start as usize);
        if span.is_empty() {
            return Span::at(start);
        }
        Span::new(start, self.offset(span.end as usize - 1) + 1)
    }

    fn offset(&self, at: usize) -> usize {
        let line = self.starts.partition_point(|(content, _)| *content <= at).saturating_sub(1);
        self.starts.get(line).map_or(at, |(content, source)| source + (at - content))
    }
}

impl Outline {
    /// Applies `change` to every span of the outline.
    fn each_span(&mut self, change: &mut dyn FnMut(&mut Span)) {
        change(&mut self.span);
        let Self {
            pieces,
            blocks,
            headings,
            items,
            links,
            tables,
            strong,
            struck,
            quotes,
            details,
            fences,
            ..
        } = self;
        pieces.iter_mut().for_each(|Piece { span, .. }| change(span));
        blocks.iter_mut().for_each(|block| change(&mut block.span));
        for heading in headings {
            change(&mut heading.span);
            change(&mut heading.text);
        }
        for item in items {
            change(&mut item.span);
            if let Some((span, _)) = &mut item.task {
                change(span);
            }
            let mut content = Span { start: item.content, end: item.content };
            change(&mut content);
            item.content = content.start;
        }
        for link in links {
            change(&mut link.span);
            change(&mut link.text);
            link.target_span.as_mut().map(&mut *change);
        }
        for table in tables {
            change(&mut table.span);
            table.rows.iter_mut().flatten().for_each(|cell| change(&mut cell.span));
        }
        [strong, struck, quotes, details, fences].into_iter().flatten().for_each(change);
    }
}
