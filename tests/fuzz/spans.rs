//! What must hold for every place that is told: inside its text, on characters, true to line and column.

use proclint::document::Document;
use proclint::document::outline::Class;
use proclint::finding::Checked;
use proclint::subject::Subject;
use proclint::text::Span;
use proclint::yaml::{Limits, Node, Style, Value, parse};

/// Line and column of every byte of `text` and of its end, counted character by character; a byte inside a character
/// has those of the next one.
pub fn counted(text: &str) -> Vec<(usize, usize)> {
    let mut places = Vec::with_capacity(text.len() + 1);
    let (mut line, mut column, mut marks_only) = (1, 1, true);
    let mut chars = text.chars().peekable();
    places.push((line, column));
    while let Some(c) = chars.next() {
        let lone = c == '\r' && chars.peek() != Some(&'\n');
        match c {
            '\n' => (line, column) = (line + 1, 1),
            _ if lone => (line, column) = (line + 1, 1),
            '\u{feff}' if marks_only => {}
            _ => column += 1,
        }
        marks_only &= c == '\u{feff}';
        places.extend(std::iter::repeat_n((line, column), c.len_utf8()));
    }
    places
}

/// Findings say exactly where they are, in their order, each with a fingerprint of its own.
pub fn exact(subject: &Subject, checked: &Checked) {
    let text = &subject.text;
    let places = counted(text);
    let findings = || checked.findings.iter().chain(checked.suppressed.iter().map(|of| &of.finding));
    for finding in findings() {
        let (start, end) = (finding.start, finding.end);
        let id = &finding.rule.id;
        assert_eq!(text.get(start.byte..end.byte), Some(finding.text.as_str()), "{id}");
        // In a diff, line and column are those of the changed file.
        if finding.path.is_none() == subject.path.is_none() {
            assert_eq!((start.line, start.column), places[start.byte], "{id}");
            assert_eq!((end.line, end.column), places[end.byte], "{id}");
        }
        let (from, to) = finding.excerpt.span;
        assert_eq!(finding.excerpt.text.get(from..to), Some(finding.text.as_str()), "{id}");
        for place in &finding.related {
            assert_eq!(text.get(place.start.byte..place.end.byte), Some(place.text.as_str()), "{id}");
        }
        for edit in finding.fix.iter().flat_map(|fix| &fix.edits) {
            assert!(text.get(edit.span.range()).is_some(), "{id}: {edit:?}");
        }
    }
    let starts: Vec<_> = checked.findings.iter().map(|f| (f.start.byte, &f.rule.id, f.end.byte)).collect();
    assert!(starts.is_sorted(), "{starts:?}");
    let mut prints: Vec<_> = findings().map(|finding| finding.fingerprint.as_str()).collect();
    prints.sort_unstable();
    let all = prints.len();
    prints.dedup();
    assert_eq!(prints.len(), all, "two findings have the same fingerprint");
}

/// The pieces of the parts of `document` are in order and in their parts.
pub fn outlined(document: &Document<'_>) {
    let text = document.subject.text.as_str();
    let fits = |span: Span| text.get(span.range()).is_some();
    for outline in document.outlines() {
        for pair in outline.pieces.windows(2) {
            assert!(pair[0].span.end <= pair[1].span.start, "{pair:?}");
        }
        for pair in outline.blocks.windows(2) {
            assert!(pair[0].span.start <= pair[1].span.start, "{pair:?}");
        }
        for piece in &outline.pieces {
            assert!(outline.span.contains(piece.span) && fits(piece.span), "{piece:?}");
            assert!(piece.class != Class::Text || outline.block_of(piece).is_some(), "{piece:?}");
        }
        let headings = outline.headings.iter().flat_map(|heading| [heading.span, heading.text]);
        let links =
            outline.links.iter().flat_map(|link| [Some(link.span), Some(link.text), link.target_span]);
        let items = outline.items.iter().map(|item| item.span);
        let cells = outline.tables.iter().flat_map(|table| table.rows.iter().flatten()).map(|cell| cell.span);
        let lists = [&outline.strong, &outline.struck, &outline.quotes, &outline.details, &outline.fences];
        let blocks = outline.blocks.iter().map(|block| block.span);
        let others = headings.chain(links.flatten()).chain(items).chain(cells).chain(blocks);
        for span in others.chain(lists.into_iter().flatten().copied()) {
            assert!(outline.span.contains(span) && fits(span), "{span:?} {:?}", text.get(span.range()));
        }
    }
    for line in document.quick_lines() {
        assert!([line.span, line.name, line.argument, line.indent].into_iter().all(fits), "{line:?}");
    }
    if let Some(node) = document.node() {
        visit(node, &mut |span, _| assert!(fits(span), "{span:?}"));
    }
    if let Some(error) = &document.fields().error {
        assert!(fits(error.span), "{error:?}");
    }
}

/// Shows every span of a YAML tree, and the text and style of scalars.
pub fn visit(node: &Node, see: &mut impl FnMut(Span, Option<(&str, Style)>)) {
    match &node.value {
        Value::Scalar(scalar) => see(node.span, Some((&scalar.text, scalar.style))),
        Value::List(items) => {
            see(node.span, None);
            items.iter().for_each(|item| visit(item, see));
        }
        Value::Map(entries) => {
            see(node.span, None);
            for entry in entries {
                see(entry.key_span, None);
                visit(&entry.value, see);
            }
        }
    }
}

/// Every span of `text` as YAML lies in it, and what stands there is the scalar wherever nothing was decoded.
pub fn yaml(text: &str) {
    for limits in [Limits::config(), Limits::subject()] {
        match parse(text, &limits) {
            Ok(None) => {}
            Ok(Some(root)) => visit(&root, &mut |span, scalar| {
                assert!(text.get(span.range()).is_some(), "{span:?} is not in the text");
                let source = span.of(text);
                let Some((decoded, style)) = scalar else { return };
                let verbatim = match style {
                    Style::Plain => !source.contains(['\n', '\r']),
                    Style::Quoted => !source.contains(['\n', '\r', '\\', '\'']),
                    Style::Block => false,
                };
                assert!(!verbatim || source == decoded, "{source:?} is not {decoded:?}");
            }),
            Err(error) => assert!(text.get(error.span.range()).is_some(), "{error:?}"),
        }
    }
}
