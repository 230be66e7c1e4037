//! The calls in a piece of Jsonnet: strings and comments are no code, and hide none.

use std::ops::Range;

/// A call.
#[derive(Debug)]
pub(super) struct Call {
    /// From the function's name to the closing parenthesis.
    pub(super) range: Range<usize>,
    /// What stands between the parentheses.
    pub(super) inside: Range<usize>,
    /// The arguments.
    pub(super) arguments: Vec<Argument>,
}

/// One argument.
#[derive(Debug)]
pub(super) struct Argument {
    /// Its text; a string without its quotes.
    pub(super) content: Range<usize>,
    /// Whether it is one string.
    pub(super) is_string: bool,
}

/// The calls of `function` that end in `text`.
pub(super) fn calls(text: &str, function: &str) -> Vec<Call> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let next = skipped(text, at);
        if next > at {
            at = next;
            continue;
        }
        let rest = bytes.get(at..).unwrap_or_default();
        let alone = at == 0 || !is_word(bytes[at - 1]);
        if alone && rest.starts_with(function.as_bytes()) {
            let after = at + function.len();
            let blank = bytes.iter().skip(after).take_while(|byte| byte.is_ascii_whitespace()).count();
            if bytes.get(after + blank) == Some(&b'(')
                && let Some(call) = call(text, at, after + blank + 1)
            {
                at = call.range.end;
                found.push(call);
                continue;
            }
        }
        at += 1;
    }
    found
}

/// The call whose name starts at `start` and whose arguments start at `open`.
fn call(text: &str, start: usize, open: usize) -> Option<Call> {
    let bytes = text.as_bytes();
    let (mut depth, mut at, mut from) = (0_usize, open, open);
    let mut arguments = Vec::new();
    loop {
        let next = skipped(text, at);
        if next > at {
            at = next;
            continue;
        }
        match bytes.get(at)? {
            b'(' | b'[' | b'{' => depth += 1,
            b')' if depth == 0 => {
                arguments.extend(argument(text, from..at));
                return Some(Call { range: start..at + 1, inside: open..at, arguments });
            }
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => {
                arguments.extend(argument(text, from..at));
                from = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
}

/// The argument in `range`; `None` where there is only white space, as behind a trailing comma.
fn argument(text: &str, range: Range<usize>) -> Option<Argument> {
    let source = text.get(range.clone())?;
    let start = range.start + source.len() - source.trim_start().len();
    let end = start + source.trim().len();
    let quote = text.get(start..)?.chars().next().filter(|c| matches!(c, '\'' | '"'));
    if start == end {
        return None;
    }
    let closed = quote.is_some() && skipped(text, start) == end;
    let content = if closed { start + 1..(end - 1).max(start + 1) } else { start..end };
    Some(Argument { content, is_string: closed })
}

/// The byte behind the string or comment that starts at `at`; `at` itself where none does.
fn skipped(text: &str, at: usize) -> usize {
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    let until = |end: &str, from: usize| {
        let tail = text.get(at + from..).unwrap_or_default();
        tail.find(end).map_or(text.len(), |found| at + from + found + end.len())
    };
    match rest {
        [b'/', b'/', ..] | [b'#', ..] => until("\n", 1),
        [b'/', b'*', ..] => until("*/", 2),
        [b'|', b'|', b'|', ..] => until("|||", 3),
        [quote @ (b'\'' | b'"'), ..] => at + string(rest, *quote),
        _ => at,
    }
}

/// The length of the string that starts with `quote`; a doubled quote goes on.
fn string(bytes: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while let Some(byte) = bytes.get(at) {
        match *byte {
            b'\\' => at += 1,
            byte if byte == quote => {
                if at == 1 || bytes.get(at + 1) != Some(&quote) {
                    return at + 1;
                }
                at += 1;
            }
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_cut_at_commas_of_their_own() {
        let text = "// f('a')\nx.f(1)\nf ('It''s', g(1, 2), \"b,\\\"c\",) + fg() /* f(2) */ f('', 'é', |||\n ) |||) f('open";
        let shown: Vec<Vec<&str>> = calls(text, "f")
            .iter()
            .map(|call| call.arguments.iter().map(|argument| &text[argument.content.clone()]).collect())
            .collect();
        assert_eq!(shown, [vec!["It''s", "g(1, 2)", "b,\\\"c"], vec!["", "é", "|||\n ) |||"]]);
    }
}
