//! The argument of a quick action, cut into tokens with their spans.

mod lexer;

use super::command::{self, Command};
use crate::text::Span;

/// One token of an argument list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The whole token: project path, sigil, quotes and the commas behind it included.
    pub span: Span,
    /// What stands before the sigil: a project path, or what is glued between two names.
    pub lead: Span,
    /// The name without sigil and quotes.
    pub name: Span,
    /// It carries the sigil asked for.
    pub sigil: bool,
    /// It is quoted with straight double quotes.
    pub quoted: bool,
    /// A straight double quote that opens the name and that nothing closes.
    pub open_quote: Option<Span>,
    /// Neither white space nor a comma stands between the token before and this one.
    pub glued: bool,
}

impl Token {
    /// The name as written.
    pub fn text<'t>(&self, text: &'t str) -> &'t str {
        self.name.of(text)
    }

    /// The token's span without the commas that separate it from the next.
    pub fn span_without_comma(&self, text: &str) -> Span {
        let source = self.span.of(text);
        let commas = source.len() - source.trim_end_matches(',').len();
        Span::new(self.span.start as usize, self.span.end as usize - commas)
    }
}

/// Cuts the argument at `span` at white space; a quoted name is one token, and so is `<two words>`.
///
/// With one `sigil` in the argument commas separate too, as GitLab then looks for references only; without any, a
/// comma is part of the name.
pub fn tokens(text: &str, span: Span, sigil: char) -> Vec<Token> {
    lexer::Lexer::new(span.of(text), span.start as usize, sigil).collect()
}

/// The character that a command's references start with.
pub fn sigil(command: &Command) -> char {
    match command.canonical {
        "label" | "unlabel" | "relabel" | "board_move" => '~',
        "milestone" => '%',
        "epic" => '&',
        name if name.contains("assign") || name.contains("review") => '@',
        _ => '#',
    }
}

/// The argument up to a comment or a second command on the line, and that command.
pub fn own(text: &str, argument: Span) -> (Span, Option<Span>) {
    let base = argument.start as usize;
    let source = argument.of(text);
    let source = source.get(..source.find("<!--").unwrap_or(source.len())).unwrap_or_default();
    let second = memchr::memchr_iter(b'/', source.as_bytes()).find(|at| {
        let (before, after) = source.split_at(*at);
        let word = after[1..].split_whitespace().next().unwrap_or_default();
        let apart = before.is_empty() || before.ends_with([' ', '\t']);
        let quoted = ['"', '`'].into_iter().any(|mark| before.matches(mark).count() % 2 == 1);
        apart && !quoted && after[1..].starts_with(word) && command::find(word).is_some()
    });
    let end = |source: &str| base + source.trim_end().len();
    match second {
        Some(at) => (Span::new(base, end(&source[..at])), Some(Span::new(base + at, end(source)))),
        None => (Span::new(base, end(source)), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<(&str, bool, bool)> {
        tokens(text, Span::new(0, text.len()), '~')
            .iter()
            .map(|token| (token.text(text), token.sigil, token.quoted))
            .collect()
    }

    #[test]
    fn quotes_keep_a_name_together() {
        assert_eq!(
            names(r#"~"a b", ~c::d g/p~e f ~"open"#),
            [
                ("a b", true, true),
                ("c::d", true, false),
                ("e", true, false),
                ("f", false, false),
                ("\"open", true, false)
            ]
        );
        assert_eq!(names(r#"~"open ~"b" c"#)[..2], [("\"open", true, false), ("b", true, true)]);
        assert_eq!(names("~“a b” ~<your team>"), [("“a b”", true, false), ("<your team>", true, false)]);
    }

    #[test]
    fn commas_separate_references_but_belong_to_bare_names() {
        assert_eq!(names("~a,~b, ~c"), [("a", true, false), ("b", true, false), ("c", true, false)]);
        assert_eq!(names("a,b c"), [("a,b", false, false), ("c", false, false)]);
        assert_eq!(names("a, \"b c\""), [("a", false, false), ("b c", false, true)]);
    }

    #[test]
    fn what_glues_two_references_is_told() {
        let text = r#"~"a"/~"b"~c"#;
        let tokens = tokens(text, Span::new(0, text.len()), '~');
        let glue: Vec<_> = tokens.iter().map(|token| (token.lead.of(text), token.glued)).collect();
        assert_eq!(glue, [("", false), ("/", true), ("", true)]);
    }

    #[test]
    fn a_second_command_and_a_comment_are_no_argument() {
        let parts = |text: &'static str| {
            let (own, second) = own(text, Span::new(0, text.len()));
            (own.of(text), second.map(|second| second.of(text)))
        };
        assert_eq!(parts("~bug /assign @pm"), ("~bug", Some("/assign @pm")));
        assert_eq!(parts("/label ~x <!-- why -->"), ("", Some("/label ~x")));
        assert_eq!(parts("~\"a /close b\" ~c /tmp"), ("~\"a /close b\" ~c /tmp", None));
        assert_eq!(parts("~bug <!-- or /close -->"), ("~bug", None));
    }
}
