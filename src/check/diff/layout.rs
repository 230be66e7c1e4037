//! The form of a piece of code that is left when its layout does not matter.

use crate::pattern::Pattern;

/// `code` without comments, white space, brackets of calls, trailing commas and digit separators, with one kind of quotes.
pub fn layout_free(code: &str, comments: Option<&Pattern>) -> String {
    let mut plain = String::with_capacity(code.len());
    for line in code.lines() {
        let end =
            comments.and_then(|pattern| pattern.find(line)).map_or(line.len(), |comment| comment.start());
        let line = line.get(..end).unwrap_or_default();
        let mut chars = line.chars().peekable();
        while let Some(c) = chars.next() {
            let separates = c == '_'
                && plain.ends_with(|c: char| c.is_ascii_digit())
                && chars.peek().is_some_and(char::is_ascii_digit);
            match c {
                '"' => plain.push('\''),
                '(' | ')' => {}
                c if c.is_whitespace() || separates => {}
                '}' | ']' => {
                    plain.truncate(plain.trim_end_matches(',').len());
                    plain.push(c);
                }
                c => plain.push(c),
            }
        }
    }
    plain.truncate(plain.trim_end_matches(',').len());
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_layout_is_lost() {
        let comments = Pattern::new(r"(?:^|\s)#(?:\s.*)?$").ok();
        let plain = |code: &str| layout_free(code, comments.as_ref());
        assert_eq!(plain("  a: {\n    threshold: 1_000, # why\n  },\n"), plain("a: { threshold: 1000 }"));
        assert_eq!(plain("add_column(:a, \"b\")"), plain("add_column :a, 'b'"));
        assert_ne!(plain("threshold: 5"), plain("threshold: 10"));
        assert_eq!(plain("\"#{a}\""), "'#{a}'");
    }
}
