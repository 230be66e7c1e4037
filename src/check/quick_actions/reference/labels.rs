//! The argument of a label command: with one `~` GitLab looks for references alone, without any for bare names.

use super::replacement;
use crate::check::{Hit, Sink};
use crate::diagnostic::{Edit, Fix};
use crate::document::quick_action::arguments::{Token, tokens};
use crate::text::Span;

/// Opening and closing quotes of one kind, as a word processor writes them.
const TYPOGRAPHIC: [&[char]; 3] =
    [&['\u{201c}', '\u{201d}', '\u{201e}'], &['\u{2018}', '\u{2019}', '\u{201a}'], &['\u{ab}', '\u{bb}']];

/// Words and marks that people put between labels and GitLab passes over.
const CONNECTORS: [&str; 2] = ["and", "or"];

/// How a label command's argument is read.
pub struct Labels<'t> {
    pub text: &'t str,
    /// Whether a scoped label needs quotes.
    pub scoped: bool,
}

impl Labels<'_> {
    pub fn check(&self, argument: Span, sink: &mut Sink<'_>) {
        let tokens = tokens(self.text, argument, '~');
        let listed = tokens.iter().any(|token| token.sigil);
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            let rest = tokens.get(at + 1..).unwrap_or_default();
            at += 1;
            if self.quotes(token, sink) {
                continue;
            }
            if !listed {
                self.bare(token, sink);
                continue;
            }
            if !token.sigil {
                self.mixed(token, sink);
                continue;
            }
            if token.glued && !token.lead.is_empty() {
                self.glue(token.lead, sink);
            }
            at += if token.quoted { 0 } else { self.unquoted(token, rest, sink) };
        }
    }

    /// An unquoted name and the bare words that were meant to belong to it; says how many they are.
    fn unquoted(&self, token: &Token, rest: &[Token], sink: &mut Sink<'_>) -> usize {
        let ends_in_comma = token.span != token.span_without_comma(self.text);
        let run = rest.iter().take_while(|next| !ends_in_comma && self.is_word(next)).count();
        let words = rest.get(..run).unwrap_or_default();
        let name_words = words.iter().rposition(|word| !self.is_connector(word)).map_or(0, |last| last + 1);
        let words = words.get(..name_words).unwrap_or_default();
        if let Some(last) = words.last() {
            if words.iter().any(|word| !self.quote_marks(word).is_empty()) {
                return 0;
            }
            let start = if token.lead.is_empty() { token.span.start } else { token.name.start - 1 };
            let span = Span { start, end: last.span_without_comma(self.text).end };
            let name = Span { start: token.name.start, ..span }.of(self.text);
            let best = format!("~\"{name}\"");
            let values = [("hit", span.of(self.text)), ("best", best.as_str())];
            sink.report(Hit::at(span, &values).fix(replacement(span, &best, true)));
            return run;
        }
        self.characters(token, rest.first(), sink);
        run
    }

    fn characters(&self, token: &Token, next: Option<&Token>, sink: &mut Sink<'_>) {
        let name = token.text(self.text);
        if name.contains(['<', '{', '[']) {
            return;
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || "_?.&:-".contains(c);
        let clean = name.trim_end_matches(|c| !plain(c));
        let span = token.span_without_comma(self.text);
        let path = token.lead.of(self.text);
        let whole = clean.chars().all(plain) && path.chars().all(|c| plain(c) || c == '/');
        if whole && clean.len() < name.len() && next.is_some_and(|next| next.glued && next.sigil) {
            let start = token.name.start as usize + clean.len();
            self.glue(Span::new(start, token.name.end as usize), sink);
        } else if !whole || clean.len() < name.len() {
            let best = format!("{path}~\"{name}\"");
            let values = [("hit", span.of(self.text)), ("best", best.as_str())];
            sink.report(Hit::at(span, &values).variant("characters").fix(replacement(span, &best, true)));
        } else if self.scoped && name.contains("::") {
            let best = format!("{path}~\"{name}\"");
            let values = [("hit", span.of(self.text)), ("best", best.as_str())];
            sink.report(Hit::at(span, &values).variant("scoped").fix(replacement(span, &best, true)));
        }
    }

    fn glue(&self, span: Span, sink: &mut Sink<'_>) {
        let edits = vec![Edit { span, text: " ".to_owned() }];
        let fix = Fix { title: "Put a space between the labels".to_owned(), safe: true, edits };
        sink.report(Hit::at(span, &[("hit", span.of(self.text))]).variant("glue").fix(Some(fix)));
    }

    fn mixed(&self, token: &Token, sink: &mut Sink<'_>) {
        if self.is_connector(token) {
            return;
        }
        let span = token.span_without_comma(self.text);
        let hit = span.of(self.text);
        let name = hit.trim_matches('"');
        let fix = match name.starts_with(['@', '%', '#', '&']) {
            true => None,
            false => replacement(span, &format!("~\"{name}\""), false),
        };
        sink.report(Hit::at(span, &[("hit", hit)]).variant("mixed").fix(fix));
    }

    fn bare(&self, token: &Token, sink: &mut Sink<'_>) {
        let source = token.span.of(self.text);
        if token.quoted || !source.contains(',') || !source.contains(char::is_alphanumeric) {
            return;
        }
        let best = source.split(',').filter(|name| !name.is_empty()).collect::<Vec<_>>().join(" ");
        let values = [("hit", source), ("best", best.as_str())];
        sink.report(Hit::at(token.span, &values).variant("comma").fix(replacement(token.span, &best, true)));
    }

    /// Reports quotes that are none to GitLab, or that nothing closes.
    fn quotes(&self, token: &Token, sink: &mut Sink<'_>) -> bool {
        let marks = self.quote_marks(token);
        for (span, close) in &marks {
            let fix = close.map(|close| {
                let edits = [*span, close].map(|span| Edit { span, text: "\"".to_owned() }).to_vec();
                Fix { title: "Write straight double quotes".to_owned(), safe: true, edits }
            });
            sink.report(Hit::at(*span, &[("hit", span.of(self.text))]).variant("quote").fix(fix));
        }
        !marks.is_empty()
    }

    /// The opening marks of typographic pairs with their closing ones, and straight quotes without a partner.
    fn quote_marks(&self, token: &Token) -> Vec<(Span, Option<Span>)> {
        if let Some(quote) = token.open_quote {
            return vec![(quote, None)];
        }
        let mut marks = Vec::new();
        if token.quoted {
            return marks;
        }
        let base = token.span.start as usize;
        let span = |at: usize, c: char| Span::new(base + at, base + at + c.len_utf8());
        let mut open: Option<(&[char], Span)> = None;
        for (at, c) in token.span.of(self.text).char_indices() {
            if c == '"' {
                marks.push((span(at, c), None));
            }
            let Some(kind) = TYPOGRAPHIC.into_iter().find(|kind| kind.contains(&c)) else { continue };
            match open {
                Some((other, start)) if other == kind => {
                    marks.push((start, Some(span(at, c))));
                    open = None;
                }
                _ => {
                    marks.extend(open.map(|(_, start)| (start, None)));
                    open = Some((kind, span(at, c)));
                }
            }
        }
        marks.extend(open.map(|(_, start)| (start, None)));
        marks
    }

    /// A bare word that may continue a name: no reference of another kind, not quoted.
    fn is_word(&self, token: &Token) -> bool {
        let source = token.span.of(self.text);
        !token.sigil && !token.quoted && !source.starts_with(['@', '%', '#'])
    }

    /// What people put between two labels, and what the author is to fill in.
    fn is_connector(&self, token: &Token) -> bool {
        let source = token.span.of(self.text);
        CONNECTORS.contains(&source)
            || !source.contains(char::is_alphanumeric)
            || source.starts_with(['<', '{', '['])
    }
}
