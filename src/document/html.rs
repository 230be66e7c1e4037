//! Where HTML tags and comments stand in a stretch of text; their content stays text.

/// A tag or comment.
#[derive(Debug, PartialEq, Eq)]
pub struct Tag<'t> {
    /// First byte of the tag, relative to the text.
    pub start: usize,
    /// The byte after it; the end of the text where it never closes.
    pub end: usize,
    /// The element's name as written; empty for a comment or declaration.
    pub name: &'t str,
    /// `</…>`
    pub closing: bool,
    /// `<!-- … -->`
    pub comment: bool,
}

/// Elements whose content is no prose.
pub const OPAQUE: [&str; 5] = ["code", "pre", "kbd", "style", "script"];

/// The next tag or comment at or after byte `from`.
pub fn next_tag(text: &str, from: usize) -> Option<Tag<'_>> {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        let start = at + memchr::memchr(b'<', bytes.get(at..)?)?;
        let rest = text.get(start..)?;
        if rest.starts_with("<!--") {
            let end = rest.get(4..)?.find("-->").map_or(text.len(), |close| start + 4 + close + 3);
            return Some(Tag { start, end, name: "", closing: false, comment: true });
        }
        let closing = rest.as_bytes().get(1) == Some(&b'/');
        let name_start = start + 1 + usize::from(closing);
        let name_len =
            bytes.get(name_start..)?.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let lettered = bytes.get(name_start).is_some_and(u8::is_ascii_alphabetic);
        if !lettered && !matches!(bytes.get(name_start), Some(b'!' | b'?')) {
            at = start + 1;
            continue;
        }
        let end = tag_end(bytes, name_start + name_len).unwrap_or(text.len());
        let name = text.get(name_start..name_start + name_len).unwrap_or_default();
        return Some(Tag { start, end, name, closing, comment: false });
    }
}

/// The byte after the `>` that closes a tag, quotes respected.
fn tag_end(bytes: &[u8], from: usize) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in bytes.iter().enumerate().skip(from) {
        match (quote, byte) {
            (None, b'>') => return Some(at + 1),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
    }
    memchr::memchr(b'>', bytes.get(from..)?).map(|close| from + close + 1)
}

/// The value of attribute `name` in the source of one tag, with its offset in that source.
pub fn attribute<'t>(tag: &'t str, name: &str) -> Option<(usize, &'t str)> {
    let lower = tag.to_ascii_lowercase();
    let mut from = 0;
    while let Some(found) = lower.get(from..)?.find(name) {
        let start = from + found;
        from = start + name.len();
        let bounded = lower.as_bytes().get(start.checked_sub(1)?).is_some_and(u8::is_ascii_whitespace);
        let rest = tag.get(from..)?;
        let value = rest.trim_start();
        if !bounded || !value.starts_with('=') {
            continue;
        }
        let value = value.get(1..)?.trim_start();
        let at = tag.len() - value.len();
        return match value.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let inner = value.get(1..)?;
                Some((at + 1, inner.get(..inner.find(quote)?)?))
            }
            _ => Some((at, value.split([' ', '>', '\n', '\t']).next()?)),
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_whose_quote_stays_open_ends_at_its_first_bracket() {
        let text = "Read <a title=\"x>this</a> and <b";
        let first = next_tag(text, 0).unwrap();
        assert_eq!(&text[first.start..first.end], "<a title=\"x>");
        let second = next_tag(text, first.end).unwrap();
        assert_eq!(&text[second.start..second.end], "</a>");
        let third = next_tag(text, second.end).unwrap();
        assert_eq!(&text[third.start..third.end], "<b");
    }

    #[test]
    fn tags_quotes_and_comments_are_found() {
        let text = "a < b <td title=\"x>y\">#12</td><!-- #3";
        let mut tags = Vec::new();
        let mut from = 0;
        while let Some(tag) = next_tag(text, from) {
            from = tag.end;
            tags.push((&text[tag.start..tag.end], tag.name, tag.closing, tag.comment));
        }
        assert_eq!(
            tags,
            [
                ("<td title=\"x>y\">", "td", false, false),
                ("</td>", "td", true, false),
                ("<!-- #3", "", false, true)
            ]
        );
    }

    #[test]
    fn attributes_are_read_with_or_without_quotes() {
        assert_eq!(attribute("<a data-href=x href='/y z'>", "href"), Some((21, "/y z")));
        assert_eq!(attribute("<a HREF=/y>", "href"), Some((8, "/y")));
        assert_eq!(attribute("<a name=x>", "href"), None);
    }
}
