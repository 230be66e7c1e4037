//! From text to a tree of nodes.

use std::collections::HashMap;

use compact_str::CompactString;
use granit_parser::{ErrorKind, Event, Options, Parser, ScanError, Tag, options};

use super::anchors::{Anchors, TooLarge};
use super::error::YamlError;
use super::limits::{Duplicates, Limits};
use super::node::{Entry, Node, Style, Value};
use super::pad::Padding;
use super::scalar;
use crate::text::Span;

#[cfg(test)]
mod tests;

/// Parses the first document of `text`; `None` when there is none, as in a text of comments.
///
/// Spans are bytes of `text`. An alias becomes a copy of what it stands for, whose spans stay with the original.
///
/// # Errors
///
/// The first syntax error, refused construct or exceeded limit.
pub fn parse(text: &str, limits: &Limits) -> Result<Option<Node>, YamlError> {
    if text.len() > limits.bytes {
        let message = format!("the text has {} bytes, more than the limit of {}", text.len(), limits.bytes);
        return Err(YamlError::new(Span::default(), message));
    }
    let mut padding = Padding::default();
    loop {
        match build(&padding.apply(text), limits) {
            Ok(mut root) => {
                if let Some(root) = &mut root {
                    padding.restore_node(root);
                }
                return Ok(root);
            }
            Err(stop) if limits.lenient && stop.at_margin && padding.widen(text, stop.error.span) => {}
            Err(stop) => return Err(padding.restore_error(stop.error)),
        }
    }
}

/// Why building a tree ended.
struct Stop {
    error: YamlError,
    /// Quoted text continues with too little indentation, which [`Padding`] may mend.
    at_margin: bool,
}

impl Stop {
    fn scan(error: &ScanError, text: &str) -> Self {
        let at_margin =
            matches!(error.kind(), ErrorKind::InvalidQuotedScalarIndent | ErrorKind::TabInIndentation);
        Self { error: YamlError::from_scan(error, text), at_margin }
    }
}

impl From<YamlError> for Stop {
    fn from(error: YamlError) -> Self {
        Self { error, at_margin: false }
    }
}

fn build(text: &str, limits: &Limits) -> Result<Option<Node>, Stop> {
    let mut options: Options =
        options! { flow_nesting_limit: limits.depth + 1, block_nesting_limit: limits.depth + 1 };
    options.set_emit_comments(false);
    let mut tree = Tree { text, limits, open: Vec::new(), root: None, anchors: Anchors::default(), nodes: 0 };
    let mut documents = 0;
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, place) = event.map_err(|error| Stop::scan(&error, text))?;
        // A parser of a `&str` always knows its bytes.
        let raw = place.byte_range().unwrap_or_default();
        match event {
            Event::DocumentStart(..) if documents == 1 => {
                return Err(YamlError::new(raw.into(), "a second document begins here")
                    .help("keep one document per file")
                    .into());
            }
            Event::DocumentStart(..) => documents += 1,
            Event::DocumentEnd if limits.lenient => break,
            Event::Scalar(decoded, style, anchor, tag) => {
                tree.refuse_tag(tag.as_deref(), raw.clone().into())?;
                let node = scalar::node(text, raw.clone(), &decoded, style, tree.wants_key());
                let end = (node.span.end as usize).max(raw.end);
                tree.complete(node, anchor, end)?;
            }
            Event::SequenceStart(_, anchor, tag) => {
                tree.refuse_tag(tag.as_deref(), raw.clone().into())?;
                let start = tree.list_start(raw.start);
                tree.open(start, anchor, Open::List(Vec::new()))?;
            }
            Event::MappingStart(_, anchor, tag) => {
                tree.refuse_tag(tag.as_deref(), raw.clone().into())?;
                tree.open(raw.start, anchor, Open::Map { entries: Vec::new(), key: None })?;
            }
            Event::SequenceEnd | Event::MappingEnd => tree.close((!raw.is_empty()).then_some(raw.end))?,
            Event::Alias(anchor) => tree.alias(anchor, raw.into())?,
            _ => {}
        }
    }
    Ok(tree.root)
}

/// The tree under construction.
struct Tree<'t> {
    text: &'t str,
    limits: &'t Limits,
    open: Vec<Frame>,
    root: Option<Node>,
    anchors: Anchors,
    nodes: usize,
}

/// A list or map that is still being read.
struct Frame {
    start: usize,
    /// The end of the last child: where a block ends, whose own end the parser places at the next token.
    end: usize,
    anchor: usize,
    content: Open,
}

enum Open {
    List(Vec<Node>),
    Map { entries: Vec<Entry>, key: Option<(CompactString, Span)> },
}

impl Tree<'_> {
    fn wants_key(&self) -> bool {
        matches!(self.open.last(), Some(Frame { content: Open::Map { key: None, .. }, .. }))
    }

    fn refuse_tag(&self, tag: Option<&Tag>, span: Span) -> Result<(), YamlError> {
        match tag {
            Some(tag) if !self.limits.lenient => {
                Err(YamlError::new(span, format!("the tag `{}` is not supported", tag.original()))
                    .help("leave the tag out, or quote the value"))
            }
            _ => Ok(()),
        }
    }

    /// A list at its key's own indentation starts, for the parser, after the first dash.
    fn list_start(&self, start: usize) -> usize {
        let before = self.text.get(..start).unwrap_or_default().trim_end_matches([' ', '\t']);
        let in_map = matches!(self.open.last(), Some(Frame { content: Open::Map { .. }, .. }));
        if in_map && before.ends_with('-') { before.len() - 1 } else { start }
    }

    fn open(&mut self, start: usize, anchor: usize, content: Open) -> Result<(), YamlError> {
        self.check_depth(self.open.len() + 1, Span::at(start))?;
        self.open.push(Frame { start, end: start, anchor, content });
        Ok(())
    }

    fn close(&mut self, bracket: Option<usize>) -> Result<(), YamlError> {
        let Some(frame) = self.open.pop() else { return Ok(()) };
        let end = bracket.unwrap_or(frame.end).max(frame.start);
        let value = match frame.content {
            Open::List(items) => Value::List(items),
            Open::Map { entries, .. } => {
                if self.limits.duplicates == Duplicates::Refuse {
                    refuse_duplicates(&entries)?;
                }
                Value::Map(entries)
            }
        };
        self.complete(Node { span: Span::new(frame.start, end), value }, frame.anchor, end)
    }

    fn complete(&mut self, node: Node, anchor: usize, end: usize) -> Result<(), YamlError> {
        if anchor != 0 {
            let span = node.span;
            self.anchors.define(anchor, &node, self.limits).map_err(|TooLarge| too_large(span))?;
        }
        self.count(1, node.span)?;
        self.place(node, end)
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), YamlError> {
        let expanded = self.anchors.expand(anchor, self.limits).map_err(|TooLarge| too_large(span))?;
        let Some((node, weight)) = expanded else {
            return Err(YamlError::new(span, "an alias cannot stand inside of what it repeats"));
        };
        self.count(weight.nodes, span)?;
        self.check_depth(self.open.len() + weight.height, span)?;
        self.place(node, span.end as usize)
    }

    fn count(&mut self, nodes: usize, span: Span) -> Result<(), YamlError> {
        self.nodes += nodes;
        if self.nodes > self.limits.nodes {
            let message = format!("the text has more than {} values", self.limits.nodes);
            return Err(YamlError::new(span, message));
        }
        Ok(())
    }

    fn check_depth(&self, depth: usize, span: Span) -> Result<(), YamlError> {
        if depth > self.limits.depth {
            let message = format!("lists and maps are nested more than {} deep", self.limits.depth);
            return Err(YamlError::new(span, message));
        }
        Ok(())
    }

    /// Puts a complete node where the innermost open list or map wants it.
    fn place(&mut self, node: Node, end: usize) -> Result<(), YamlError> {
        let key = if self.wants_key() { Some(self.key_text(&node)?) } else { None };
        let Some(frame) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        frame.end = frame.end.max(end);
        match &mut frame.content {
            Open::List(items) => items.push(node),
            Open::Map { entries, key: pending } => match pending.take() {
                Some((key, key_span)) => entries.push(Entry { key, key_span, value: node }),
                None => *pending = key.map(|key| (key, node.span)),
            },
        }
        Ok(())
    }

    fn key_text(&self, node: &Node) -> Result<CompactString, YamlError> {
        match &node.value {
            Value::Scalar(scalar)
                if self.limits.lenient || scalar.text != "<<" || scalar.style != Style::Plain =>
            {
                Ok(scalar.text.clone())
            }
            Value::Scalar(_) => {
                Err(YamlError::new(node.span, "the merge key `<<` is not supported")
                    .help("write the keys out"))
            }
            _ if self.limits.lenient => Ok(node.span.of(self.text).into()),
            _ => Err(YamlError::new(node.span, "a key must be text, not a list or a map")
                .help("quote a value that begins with `{` or `[`")),
        }
    }
}

fn too_large(span: Span) -> YamlError {
    YamlError::new(span, "aliases make the text too large").help("write fewer or smaller aliases")
}

fn refuse_duplicates(entries: &[Entry]) -> Result<(), YamlError> {
    let mut seen = HashMap::with_capacity(entries.len());
    for entry in entries {
        if let Some(first) = seen.insert(entry.key.as_str(), entry.key_span) {
            return Err(YamlError::new(entry.key_span, format!("duplicate key `{}`", entry.key))
                .label("second")
                .help("keep one of the two")
                .related(first, "first"));
        }
    }
    Ok(())
}
