//! One line of a list, cut into its fields and the white space around them.

use crate::text::Span;

/// A line that holds more than white space.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::check) struct Line {
    /// The white space before the first field.
    pub(in crate::check) indent: Span,
    /// From the first field to the last.
    pub(in crate::check) content: Span,
    /// The first field.
    pub(in crate::check) first: Span,
    /// The white space after the first field, and the second one.
    pub(in crate::check) second: Option<(Span, Span)>,
    /// What follows the second field, without the white space between.
    pub(in crate::check) extra: Option<Span>,
    /// The white space after the last field.
    pub(in crate::check) trailing: Span,
    /// Where the line ends, before its line break.
    pub(in crate::check) end: usize,
}

impl Line {
    /// Cuts the line at `span`, which may include its line break.
    pub(in crate::check) fn new(text: &str, span: Span) -> Option<Self> {
        let source = span.of(text).trim_end_matches(['\n', '\r']);
        let end = span.start as usize + source.len();
        // Editors put a byte-order mark before the first line; it is no part of it.
        let source = source.trim_start_matches('\u{feff}');
        let base = end - source.len();
        let start = end - source.trim_start().len();
        let stop = base + source.trim_end().len();
        let mut at = start;
        // The next stretch of `text` whose characters are all white space, or all not.
        let mut take = |white: bool| {
            let rest = text.get(at..stop.max(at))?;
            let length = rest.find(|c: char| c.is_whitespace() != white).unwrap_or(rest.len());
            let taken = Span::new(at, at + length);
            at += length;
            (length > 0).then_some(taken)
        };
        let first = take(false)?;
        let second = take(true).zip(take(false));
        let extra = second.and_then(|_| take(true)).map(|gap| Span::new(gap.end as usize, stop));
        Some(Self {
            indent: Span::new(base, start),
            content: Span::new(start, stop),
            first,
            second,
            extra,
            trailing: Span::new(stop, end),
            end,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_falls_into_fields_and_white_space() {
        let text = " u\t a  b c \r\n";
        let line = Line::new(text, Span::new(0, text.len())).expect("not blank");
        assert_eq!(line.indent.of(text), " ");
        assert_eq!(line.second.map(|(gap, alias)| (gap.of(text), alias.of(text))), Some(("\t ", "a")));
        assert_eq!(line.extra.map(|extra| extra.of(text)), Some("b c"));
        assert_eq!((line.trailing.of(text), line.end), (" ", 11));
        assert_eq!(Line::new(" \r\n", Span::new(0, 3)), None);
    }
}
