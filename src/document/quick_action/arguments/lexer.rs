//! Reads one token of an argument after the other.

use super::Token;
use crate::text::Span;

/// Marks that hold words together, with what closes them.
const GROUPS: [(&str, &str); 3] = [("{{", "}}"), ("<", ">"), ("[", "]")];

/// Double, single and angle quotes as a word processor writes them.
const TYPOGRAPHIC: [&[char]; 3] =
    [&['\u{201c}', '\u{201d}', '\u{201e}'], &['\u{2018}', '\u{2019}', '\u{201a}'], &['\u{ab}', '\u{bb}']];

/// The tokens of an argument.
pub(super) struct Lexer<'t> {
    source: &'t str,
    base: usize,
    sigil: char,
    /// The argument holds a sigil, so commas separate.
    listed: bool,
    at: usize,
    /// The last token ended in a comma.
    comma: bool,
}

/// What a token consists of so far; offsets in the argument.
struct Parts {
    mark: Option<usize>,
    end: usize,
    quoted: bool,
    open_quote: Option<usize>,
}

impl<'t> Lexer<'t> {
    pub(super) fn new(source: &'t str, base: usize, sigil: char) -> Self {
        Self { source, base, sigil, listed: source.contains(sigil), at: 0, comma: false }
    }

    fn rest(&self, at: usize) -> &'t str {
        self.source.get(at..).unwrap_or_default()
    }

    fn read(&self, start: usize) -> Parts {
        let mut parts = Parts { mark: None, end: start, quoted: false, open_quote: None };
        while let Some(c) = self.rest(parts.end).chars().next() {
            let at = parts.end;
            let fresh = at == start || parts.mark.is_some_and(|mark| mark + self.sigil.len_utf8() == at);
            let rest = self.rest(at + c.len_utf8());
            if c.is_whitespace() || (c == ',' && self.listed && at > start) {
                break;
            } else if c == self.sigil {
                if parts.mark.is_some() {
                    break;
                }
                parts.mark = Some(at);
            } else if c == '"' && fresh {
                if let Some(length) = self.closing_quote(rest) {
                    parts.quoted = true;
                    parts.end = at + length + 2;
                    break;
                }
                parts.open_quote = Some(at);
                let next = format!(" {}", self.sigil);
                parts.end = at + 1 + rest.find(&next).unwrap_or(rest.len());
                break;
            }
            let group = group(self.rest(at)).or_else(|| fresh.then(|| typographic(self.rest(at)))?);
            parts.end = at + group.unwrap_or(c.len_utf8());
        }
        parts
    }

    /// The length of the quoted name; a quote right after white space and a sigil opens a name of its own.
    fn closing_quote(&self, inner: &str) -> Option<usize> {
        let length = inner.find('"')?;
        let before = inner.get(..length)?;
        let opens = before.strip_suffix(self.sigil).is_some_and(|before| before.ends_with([' ', '\t', ',']));
        (!opens && length > 0).then_some(length)
    }
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let rest = self.rest(self.at);
        let start = self.at + (rest.len() - rest.trim_start().len());
        if start == self.source.len() {
            return None;
        }
        let Parts { mark, mut end, quoted, open_quote } = self.read(start);
        let glued = start == self.at && start > 0 && !self.comma;
        // Without a sigil the commas at the end are no name yet, but they are read with it.
        let bare_end = start + self.source.get(start..end).map_or(0, |s| s.trim_end_matches(',').len());
        let commas = self.rest(end).len() - self.rest(end).trim_start_matches(',').len();
        end += commas;
        self.comma = self.listed && commas > 0;
        self.at = end;
        let quote = usize::from(quoted);
        let name_start = mark.map_or(start, |mark| mark + self.sigil.len_utf8()) + quote;
        let name_end = bare_end.saturating_sub(quote).max(name_start);
        let span = |start: usize, end: usize| Span::new(self.base + start, self.base + end);
        Some(Token {
            span: span(start, end),
            lead: span(start, mark.unwrap_or(start)),
            name: span(name_start, name_end),
            sigil: mark.is_some(),
            quoted,
            open_quote: open_quote.map(|at| span(at, at + 1)),
            glued,
        })
    }
}

/// The length of `<…>`, `{{…}}` or `[…]` at the start of `source`.
fn group(source: &str) -> Option<usize> {
    let (open, close) = GROUPS.into_iter().find(|(open, _)| source.starts_with(open))?;
    let inner = source.get(open.len()..)?;
    let length = inner.find(close).filter(|length| *length > 0)?;
    let words = inner.get(..length)?;
    (!words.contains(['\n', '~', '"', '%', '@']) || open == "{{").then_some(open.len() + length + close.len())
}

/// The length of a name in typographic quotes at the start of `source`.
fn typographic(source: &str) -> Option<usize> {
    let open = source.chars().next()?;
    let kind = TYPOGRAPHIC.into_iter().find(|kind| kind.contains(&open))?;
    let inner = source.get(open.len_utf8()..)?;
    let (at, close) = inner.char_indices().find(|(_, c)| kind.contains(c))?;
    Some(open.len_utf8() + at + close.len_utf8())
}
