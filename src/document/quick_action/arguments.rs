//! The argument of a label, milestone or user command, cut into tokens with their spans.

use crate::text::Span;

/// One token of an argument list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The whole token: project path, sigil and quotes included.
    pub span: Span,
    /// The name without sigil and quotes.
    pub name: Span,
    /// It carries the sigil asked for.
    pub sigil: bool,
    /// It is quoted with straight double quotes.
    pub quoted: bool,
}

impl Token {
    /// The name as written.
    pub fn text<'t>(&self, text: &'t str) -> &'t str {
        self.name.of(text)
    }
}

/// Cuts the argument at `span` at white space; a quoted name is one token, and so is what is glued to it.
pub fn tokens(text: &str, span: Span, sigil: char) -> Vec<Token> {
    let argument = span.of(text);
    let base = span.start as usize;
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(rest) = argument.get(at..).filter(|rest| !rest.trim_start().is_empty()) {
        let start = at + (rest.len() - rest.trim_start().len());
        let end = token_end(argument, start, sigil);
        tokens.push(token(argument, start, end, sigil, base));
        at = end;
    }
    tokens
}

/// White space ends a token, unless it stands between the quotes that open right after the sigil.
fn token_end(argument: &str, start: usize, sigil: char) -> usize {
    let rest = argument.get(start..).unwrap_or_default();
    let quote = match rest.find(['"', ' ', '\t']) {
        Some(at) if rest.as_bytes().get(at) == Some(&b'"') && (at == 0 || rest[..at].ends_with(sigil)) => {
            Some(at)
        }
        _ => None,
    };
    if let Some(open) = quote
        && let Some(close) = rest.get(open + 1..).and_then(|inner| inner.find('"'))
    {
        let end = start + open + 1 + close + 1;
        let commas = argument.get(end..).map_or(0, |rest| rest.len() - rest.trim_start_matches(',').len());
        return end + commas;
    }
    start + rest.find([' ', '\t']).unwrap_or(rest.len())
}

fn token(argument: &str, start: usize, end: usize, sigil: char, base: usize) -> Token {
    let source = argument.get(start..end).unwrap_or_default();
    let bare = source.trim_end_matches(',');
    let name_start = bare.find(sigil).map_or(0, |at| at + sigil.len_utf8());
    let name = bare.get(name_start..).unwrap_or_default();
    let quoted = name.len() >= 2 && name.starts_with('"') && name.ends_with('"');
    let inner = usize::from(quoted);
    let name_start = start + name_start + inner;
    let name_end = start + bare.len() - inner;
    Token {
        span: Span::new(base + start, base + end),
        name: Span::new(base + name_start.min(name_end), base + name_end),
        sigil: bare.contains(sigil),
        quoted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_keep_a_name_together() {
        let text = r#"~"a b", ~c::d g/p~e f ~"open"#;
        let tokens = tokens(text, Span::new(0, text.len()), '~');
        let names: Vec<_> =
            tokens.iter().map(|token| (token.text(text), token.sigil, token.quoted)).collect();
        assert_eq!(
            names,
            [
                ("a b", true, true),
                ("c::d", true, false),
                ("e", true, false),
                ("f", false, false),
                ("\"open", true, false)
            ]
        );
    }
}
