//! Where labels stand: in a record's field, in lists of data files, in quick actions, code spans and cells.

use crate::document::Document;
use crate::document::flat::without_ticks;
use crate::document::metadata::applied_labels;
use crate::document::outline::{BlockKind, Class, Outline};
use crate::document::quick_action::{QuickLine, lines_in};
use crate::text::Span;
use crate::yaml::{self, Limits, Node, Value};

/// The items of a record's `labels`.
pub(super) fn of_record(node: &Node) -> Vec<&Node> {
    node.get("labels").map(Node::items).unwrap_or_default().iter().collect()
}

/// The lists of labels in a data file: the values of keys whose path ends like one of `lists`.
pub(super) fn listed<'n>(node: &'n Node, lists: &[String]) -> Vec<Vec<&'n Node>> {
    let mut found = Vec::new();
    walk(node, lists, &mut Vec::new(), &mut found);
    found
}

fn walk<'n>(node: &'n Node, lists: &[String], path: &mut Vec<&'n str>, found: &mut Vec<Vec<&'n Node>>) {
    for item in node.items() {
        walk(item, lists, path, found);
    }
    for entry in node.entries() {
        path.push(&entry.key);
        let ends_like = |list: &String| {
            let mut keys = path.iter().rev();
            list.rsplit('.').all(|step| keys.next().is_some_and(|key| *key == step))
        };
        if lists.iter().any(ends_like) {
            found.push(match &entry.value.value {
                Value::List(items) => items.iter().collect(),
                _ => vec![&entry.value],
            });
        } else {
            walk(&entry.value, lists, path, found);
        }
        path.pop();
    }
}

/// The names of the labels that quick actions set, remove or replace, without sigil and quotes.
pub(super) fn quick_actions(document: &Document<'_>) -> Vec<Span> {
    let text = document.text();
    let lines = document.quick_lines().iter().filter(|line| line.runs(text).is_some());
    of_lines(text, lines.copied())
}

/// The same for the comments that a data file has posted.
pub(super) fn posted(text: &str, node: &Node, comments: &[String]) -> Vec<Span> {
    let comments = listed(node, comments).concat();
    of_lines(text, comments.iter().flat_map(|comment| lines_in(text, comment.span)))
}

fn of_lines(text: &str, lines: impl Iterator<Item = QuickLine>) -> Vec<Span> {
    let lines = lines.filter(|line| {
        let command = line.command(text);
        command.is_some_and(|command| matches!(command.canonical, "label" | "unlabel" | "relabel"))
    });
    let marks = lines.flat_map(|line| applied_labels(text, line.argument));
    marks
        .filter_map(|mark| {
            let start = mark.span.start as usize + mark.span.of(text).find(&*mark.text)?;
            Some(Span::new(start, start + mark.text.len()))
        })
        .collect()
}

/// The code spans and table cells of a page, as far as each could be a label as a whole.
pub(super) fn words(text: &str, outline: &Outline) -> Vec<Span> {
    let in_block = |block: u32| outline.blocks.get(block as usize).is_some_and(|b| b.kind == BlockKind::Code);
    let code = outline.pieces.iter().filter(|piece| piece.class == Class::Code && !in_block(piece.block));
    let code = code.map(|piece| without_ticks(text, piece.span));
    let cells = outline.tables.iter().flat_map(|table| table.rows.iter().flatten()).map(|cell| cell.span);
    code.chain(cells).map(|span| bare(text, span)).collect()
}

/// `span` without sigil, quotes and emphasis around the label.
fn bare(text: &str, span: Span) -> Span {
    let marks = |c: char| c.is_whitespace() || matches!(c, '~' | '"' | '\'' | '*' | '`' | ',');
    let source = span.of(text);
    let start = span.start as usize + source.len() - source.trim_start_matches(marks).len();
    Span::new(start, start + source.trim_matches(marks).len())
}

/// The trees of the YAML blocks of a page, with spans in `text`.
pub(super) fn fenced_yaml(text: &str, outline: &Outline) -> Vec<Node> {
    let blocks = outline.blocks.iter().filter(|block| block.kind == BlockKind::Code);
    blocks
        .filter_map(|block| {
            let source = block.span.of(text);
            let (opening, rest) = source.split_once('\n')?;
            let language = opening.trim().trim_start_matches(['`', '~']).trim();
            let content = rest.rsplit_once('\n').map_or("", |(content, _)| content);
            let start = block.span.start as usize + opening.len() + 1;
            matches!(language, "yaml" | "yml")
                .then(|| yaml::parse(content, &Limits::subject()).ok().flatten())
                .flatten()
                .map(|node| node.shifted(start))
        })
        .collect()
}
