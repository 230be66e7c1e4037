//! From what a check says to a finding with its places, which needs the text no more.

use std::collections::BTreeMap;

use super::fingerprint::{fingerprint, key};
use crate::diagnostic::Diagnostic;
use crate::document::Document;
use crate::finding::{Excerpt, Finding, RelatedPlace};
use crate::subject::Format;
use crate::text::{LineIndex, Position, Positions, Span};

/// What was found, with everything a report shows.
pub(crate) fn resolve(document: &Document<'_>, found: Vec<Diagnostic>) -> Vec<Finding> {
    if found.is_empty() {
        return Vec::new();
    }
    let mut ordinals = BTreeMap::new();
    let mut positions = Positions::new(document.text(), document.lines());
    found.into_iter().map(|diagnostic| finding(document, diagnostic, &mut ordinals, &mut positions)).collect()
}

fn finding(
    document: &Document<'_>,
    found: Diagnostic,
    ordinals: &mut BTreeMap<String, usize>,
    positions: &mut Positions<'_>,
) -> Finding {
    let (text, lines) = (document.text(), document.lines());
    let covered = found.span.of(text).to_owned();
    let (path, field) = place(document, found.span);
    let key = key(&found.rule.id, &document.subject.name, &covered);
    let ordinal = ordinals.get(&key).copied().unwrap_or(0);
    let fingerprint = fingerprint(&key, ordinal);
    ordinals.insert(key, ordinal + 1);
    let in_diff = diff_line(document, found.span);
    // The next finding may start before this one ends.
    let (start, end) = (positions.at(found.span.start), positions.clone().at(found.span.end));
    let (start, end) = match in_diff {
        None => (start, end),
        Some((line, first)) => {
            let before = lines.position(first, text);
            let in_file = |at: Position| {
                // A lone carriage return inside a diff's line is part of the line.
                let inside = || text.get(first as usize..at.byte).map_or(1, |text| text.chars().count() + 1);
                let column = if at.line == before.line { at.column + 1 - before.column } else { inside() };
                Position { line, column, ..at }
            };
            (in_file(start), in_file(end))
        }
    };
    let related = found
        .related
        .into_iter()
        .map(|related| RelatedPlace {
            message: related.message,
            text: related.span.of(text).to_owned(),
            start: lines.position(related.span.start, text),
            end: lines.position(related.span.end, text),
        })
        .collect();
    Finding {
        excerpt: excerpt(text, lines, found.span),
        rule: found.rule,
        severity: found.severity,
        message: found.message,
        help: found.help,
        path,
        field,
        text: covered,
        start,
        end,
        related,
        fix: found.fix,
        shared: found.shared,
        grace: found.grace,
        fingerprint,
    }
}

/// The file and the field a span lies in.
fn place(document: &Document<'_>, span: Span) -> (Option<String>, Option<String>) {
    let subject = document.subject;
    if subject.path.is_some() {
        let front = subject.format == Format::Markdown;
        let field =
            document.node().filter(|_| front).map(|node| node.path_to(span)).filter(|path| !path.is_empty());
        return (subject.path.clone(), field);
    }
    for file in subject.diffs.iter().flatten() {
        let whole = file
            .lines
            .last()
            .map_or(file.path_span, |last| Span { start: file.path_span.start, end: last.span.end });
        if whole.contains(span) {
            return (Some(file.new_path.clone()), Some("diffs".to_owned()));
        }
    }
    if let Some(part) = subject.parts.iter().find(|part| part.span.contains(span)) {
        return (None, Some(part.field.clone()));
    }
    let field = subject.header.as_ref().map(|node| node.path_to(span)).filter(|path| !path.is_empty());
    (None, field)
}

/// For a span in a diff: its line in the new file (1 for the path itself), and where that line's content starts.
fn diff_line(document: &Document<'_>, span: Span) -> Option<(usize, u32)> {
    document.subject.diffs.iter().flatten().find_map(|file| {
        if file.path_span.contains(span) {
            return Some((1, file.path_span.start));
        }
        let next = file.lines.partition_point(|line| line.span.start <= span.start);
        let line = file.lines.get(next.checked_sub(1)?).filter(|line| line.span.contains(span))?;
        Some((if line.new > 0 { line.new } else { line.old } as usize, line.span.start))
    })
}

/// Bytes of a line shown on either side of a span; a line of megabytes must not end up in a report.
const REACH: usize = 240;

fn excerpt(text: &str, lines: &LineIndex, span: Span) -> Excerpt {
    let (first, last) = (lines.line_of(span.start), lines.line_of(span.end));
    let context_start = lines.line_span(first.saturating_sub(1), text).start as usize;
    let context_end = lines.line_span(last + 1, text).end as usize;
    let start = floor(text, context_start.max((span.start as usize).saturating_sub(REACH)));
    let end = floor(text, context_end.min(span.end as usize + REACH)).max(span.end as usize);
    let line = lines.line_of(Span::at(start).start);
    Excerpt {
        text: text.get(start..end).unwrap_or_default().to_owned(),
        first_line: line + 1,
        cut: start - lines.line_span(line, text).range().start,
        span: (span.start as usize - start, span.end as usize - start),
    }
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
