//! Stretches of text that are no prose although Markdown knows nothing of them: shortcodes, attribute lists, bare URLs.

use std::ops::Range;

use super::outline::Class;

/// The masked stretches of `text` in source order, disjoint. `skip` says which offsets are code or comments already.
pub fn masks(text: &str, skip: &dyn Fn(usize) -> Option<usize>) -> Vec<(Range<usize>, Class)> {
    let bytes = text.as_bytes();
    let mut masks = Vec::new();
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
            _ => shortcode(text, start).or_else(|| attribute_list(text, start)),
        };
        if let Some((range, class)) = mask {
            at = at.max(range.end);
            masks.push((range, class));
        }
    }
    for start in memchr::memmem::find_iter(bytes, b"www.") {
        if skip(start).is_none() && bounded(text, start) && text.len() > start + 4 {
            masks.push((start..url_end(text, start), Class::Url));
        }
    }
    masks.sort_by_key(|(range, _)| range.start);
    masks.dedup_by(|later, earlier| later.0.start < earlier.0.end);
    masks
}

/// `{{< x >}}`, `{{% x %}}`, `{{ x }}`, `{% x %}` and `<% x %>`, also over several lines.
fn shortcode(text: &str, start: usize) -> Option<(Range<usize>, Class)> {
    let rest = text.get(start..)?;
    let close = [("{{<", ">}}"), ("{{%", "%}}"), ("{{", "}}"), ("{%", "%}"), ("<%", "%>")]
        .into_iter()
        .find(|(open, _)| rest.starts_with(open))?
        .1;
    let end = rest.get(2..)?.find(close)?;
    Some((start..start + 2 + end + close.len(), Class::Shortcode))
}

/// `{#id}`, `{.class}`, `{: .class}`, `{width=75%}` and GitLab's `%{placeholder}`.
fn attribute_list(text: &str, start: usize) -> Option<(Range<usize>, Class)> {
    let line = text.get(start + 1..)?.split('\n').next()?;
    let inner = line.get(..line.find('}')?)?;
    let listed = inner.starts_with(['#', '.', ':'])
        || inner.split_once('=').is_some_and(|(name, _)| is_name(name))
        || (text.get(..start)?.ends_with('%') && is_name(inner));
    listed.then(|| (start..start + inner.len() + 2, Class::Attribute))
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_' || byte == b'-')
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
    loop {
        let trimmed = url.trim_end_matches(['?', '!', '.', ',', ':', ';', '*', '_', '~', '\'']);
        let trimmed = [('(', ')'), ('[', ']'), ('{', '}')].into_iter().fold(trimmed, |url, (open, close)| {
            let unbalanced = url.matches(close).count() > url.matches(open).count();
            if !unbalanced {
                url
            } else if url.ends_with(close) {
                &url[..url.len() - close.len_utf8()]
            } else {
                cut_at_unbalanced(url, open, close)
            }
        });
        if trimmed.len() == url.len() {
            return from + url.len();
        }
        url = trimmed;
    }
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
