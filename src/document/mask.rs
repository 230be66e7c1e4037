//! Stretches of text that are no prose although Markdown knows nothing of them: shortcodes, attribute lists, bare URLs.

use std::ops::Range;

use super::outline::Class;

/// The masked stretches of `text` in source order, disjoint. `skip` says which offsets are code or comments already.
pub fn masks(text: &str, skip: &dyn Fn(usize) -> Option<usize>) -> Vec<(Range<usize>, Class)> {
    let bytes = text.as_bytes();
    let mut masks: Vec<(Range<usize>, Class)> = Vec::new();
    let mut ahead = Ahead::default();
    let mut at = 0;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr3(b'{', b'<', b':', rest)) {
        let start = at + found;
        at = start + 1;
        if bytes[start] == b':' {
            if bytes.get(start + 1..start + 3) != Some(b"//") {
                continue;
            }
        } else if bytes[start] == b'<' && bytes.get(start + 1) != Some(&b'%') {
            continue;
        }
        if let Some(end) = skip(start) {
            at = at.max(end);
            continue;
        }
        let mask = match bytes[start] {
            b':' => url(text, start).map(|range| (range, Class::Url)),
            _ => shortcode(text, start, &mut ahead).or_else(|| attribute_list(text, start, &mut ahead)),
        };
        if let Some((range, class)) = mask {
            at = at.max(range.end);
            masks.push((range, class));
        }
    }
    let known = masks.len();
    let mut end = 0;
    for start in memchr::memmem::find_iter(bytes, b"www.") {
        let before = masks[..known].partition_point(|(range, _)| range.end <= start);
        let masked = masks[..known].get(before).is_some_and(|(range, _)| range.start <= start);
        if start >= end && !masked && skip(start).is_none() && bounded(text, start) && text.len() > start + 4
        {
            end = url_end(text, start);
            masks.push((start..end, Class::Url));
        }
    }
    masks.sort_by_key(|(range, _)| range.start);
    masks.dedup_by(|later, earlier| later.0.start < earlier.0.end);
    masks
}

/// What opens a shortcode, and what closes it.
const SHORTCODES: [(&str, &str); 5] =
    [("{{<", ">}}"), ("{{%", "%}}"), ("{{", "}}"), ("{%", "%}"), ("<%", "%>")];

/// Where the next closing marks stand, so that a text full of opening ones is searched once and not once for each.
#[derive(Default)]
struct Ahead {
    closers: [usize; SHORTCODES.len()],
    brace: usize,
}

impl Ahead {
    /// The first `closer` at or after `from`, which never moves back; the end of the text where there is none.
    fn closer(&mut self, text: &str, number: usize, from: usize) -> usize {
        let rest = text.as_bytes().get(from..).unwrap_or_default();
        let find = || memchr::memmem::find(rest, SHORTCODES[number].1.as_bytes());
        if self.closers[number] < from {
            self.closers[number] = find().map_or(text.len(), |at| from + at);
        }
        self.closers[number]
    }

    /// The first `}` or line break at or after `from`, which never moves back.
    fn brace(&mut self, text: &str, from: usize) -> usize {
        let rest = text.as_bytes().get(from..).unwrap_or_default();
        if self.brace < from {
            self.brace = memchr::memchr2(b'}', b'\n', rest).map_or(text.len(), |at| from + at);
        }
        self.brace
    }
}

/// `{{< x >}}`, `{{% x %}}`, `{{ x }}`, `{% x %}` and `<% x %>`, also over several lines.
fn shortcode(text: &str, start: usize, ahead: &mut Ahead) -> Option<(Range<usize>, Class)> {
    let rest = text.get(start..)?;
    let number = SHORTCODES.iter().position(|(open, _)| rest.starts_with(open))?;
    let end = ahead.closer(text, number, start + 2);
    (end < text.len()).then(|| (start..end + SHORTCODES[number].1.len(), Class::Shortcode))
}

/// `{#id}`, `{.class}`, `{: .class}`, `{width=75%}` and GitLab's `%{placeholder}`.
fn attribute_list(text: &str, start: usize, ahead: &mut Ahead) -> Option<(Range<usize>, Class)> {
    let end = ahead.brace(text, start + 1);
    let inner = text.get(start + 1..end).filter(|_| text.as_bytes().get(end) == Some(&b'}'))?;
    let named = |byte: &u8| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-');
    let name = inner.bytes().take_while(named).count();
    let listed = inner.starts_with(['#', '.', ':'])
        || (name > 0 && inner.as_bytes().get(name) == Some(&b'='))
        || (name > 0 && name == inner.len() && text.get(..start)?.ends_with('%'));
    listed.then(|| (start..end + 1, Class::Attribute))
}

/// The URL whose `://` stands at `colon`.
fn url(text: &str, colon: usize) -> Option<Range<usize>> {
    let before = text.get(..colon)?;
    let scheme = ["https", "http", "ftp", "ssh", "git", "file", "slack"].into_iter().find(|scheme| {
        before.len() >= scheme.len()
            && before.is_char_boundary(before.len() - scheme.len())
            && before[before.len() - scheme.len()..].eq_ignore_ascii_case(scheme)
    })?;
    let start = colon - scheme.len();
    bounded(text, start).then(|| start..url_end(text, colon + 3))
}

fn bounded(text: &str, start: usize) -> bool {
    !text
        .get(..start)
        .and_then(|before| before.chars().next_back())
        .is_some_and(|c| c.is_ascii_alphanumeric())
}

/// Where a bare URL ends, after GitHub's autolink rules: trailing punctuation and unbalanced brackets stay outside.
fn url_end(text: &str, from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    let stop = |c: char| {
        c.is_whitespace() || matches!(c, '<' | '>' | '`' | '|' | '"' | '\u{3000}'..='\u{3002}' | '“' | '”')
    };
    let mut url = rest.split(stop).next().unwrap_or_default();
    let mut surplus = surpluses(url);
    loop {
        let before = url.len();
        url = url.trim_end_matches(['?', '!', '.', ',', ':', ';', '*', '_', '~', '\'']);
        for (kind, (open, close)) in BRACKETS.into_iter().enumerate() {
            if surplus[kind] <= 0 {
                continue;
            }
            match url.strip_suffix(close) {
                Some(shorter) => {
                    url = shorter;
                    surplus[kind] -= 1;
                }
                None => {
                    url = cut_at_unbalanced(url, open, close);
                    surplus = surpluses(url);
                    break;
                }
            }
        }
        if url.len() == before {
            return from + url.len();
        }
    }
}

const BRACKETS: [(char, char); 3] = [('(', ')'), ('[', ']'), ('{', '}')];

/// How many more brackets of each kind close than open.
fn surpluses(url: &str) -> [isize; 3] {
    BRACKETS.map(|(open, close)| {
        let count = |bracket| isize::try_from(url.matches(bracket).count()).unwrap_or_default();
        count(close) - count(open)
    })
}

/// `url` up to the first bracket that closes more than was opened, as in `[https://a](https://b)`.
fn cut_at_unbalanced(url: &str, open: char, close: char) -> &str {
    let mut depth = 0_usize;
    for (at, c) in url.char_indices() {
        if c == open {
            depth += 1;
        } else if c == close {
            match depth.checked_sub(1) {
                Some(shallower) => depth = shallower,
                None => return &url[..at],
            }
        }
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str) -> Vec<&str> {
        masks(text, &|_| None).into_iter().map(|(range, _)| &text[range]).collect()
    }

    #[test]
    fn urls_end_where_a_reader_would_end_them() {
        assert_eq!(masked("see (https://a.example/b_(c)), then"), ["https://a.example/b_(c)"]);
        assert_eq!(
            masked("https://a.example/x?label[]=FY23&y=1#12."),
            ["https://a.example/x?label[]=FY23&y=1#12"]
        );
        assert_eq!(
            masked("[https://a.example](https://b.example)"),
            ["https://a.example", "https://b.example"]
        );
        assert_eq!(masked("www.example.org/#1 and xwww.example.org"), ["www.example.org/#1"]);
        assert_eq!(masked("日本https://a.example/b。次"), ["https://a.example/b"]);
    }

    #[test]
    fn shortcodes_and_attribute_lists_are_whole() {
        assert_eq!(masked("{{< a \"#1\" >}} {{% b %}} {{ c }} {% d %} <%= e #1\n %>").len(), 5);
        assert_eq!(
            masked("## Title {#1234}\n{: .no_toc}\n![x](y){width=75%} %{first_commit} {a b}").len(),
            4
        );
    }
}
