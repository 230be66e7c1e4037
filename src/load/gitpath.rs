//! Paths as git writes them into a diff: prefixed, and quoted where a byte is unusual.

/// The path in a `--- ` or `+++ ` header after its sign; `None` for `/dev/null`.
pub(super) fn header(text: &str) -> Option<String> {
    // Unquoted, a tab ends the path: diff writes the time after it, git nothing.
    let path = if text.starts_with('"') { text } else { text.split('\t').next().unwrap_or(text) };
    let path = unquoted(path.trim_end());
    (path != "/dev/null").then(|| bare(path))
}

/// The two paths of `diff --git a/old b/new`; empty where the line does not tell them apart.
pub(super) fn pair(names: &str) -> (String, String) {
    if names.starts_with('"') {
        let end = closing_quote(names);
        return (bare(unquoted(&names[..end])), bare(unquoted(names[end..].trim_start())));
    }
    // Blanks are not quoted, so the surest sign is that both halves name the same file.
    let middle = names.len() / 2;
    let halves = names.get(..middle).zip(names.get(middle..).and_then(|half| half.strip_prefix(' ')));
    let same = halves.filter(|(old, new)| strip(old) == strip(new));
    let split = || {
        let at = names.find(" b/").or_else(|| names.find(" \"b/"))?;
        Some((&names[..at], &names[at + 1..]))
    };
    same.or_else(split)
        .map_or_else(Default::default, |(old, new)| (bare(old.to_owned()), bare(unquoted(new))))
}

/// `text` without git's quotes and escapes, if it has any.
pub(super) fn unquoted(text: &str) -> String {
    let Some(inner) = text.strip_prefix('"').map(|inner| inner.strip_suffix('"').unwrap_or(inner)) else {
        return text.to_owned();
    };
    let mut bytes = Vec::with_capacity(inner.len());
    let mut rest = inner.bytes().peekable();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        match rest.next() {
            Some(digit @ b'0'..=b'7') => {
                let mut code = u32::from(digit - b'0');
                for _ in 0..2 {
                    let Some(digit) = rest.next_if(|byte| (b'0'..=b'7').contains(byte)) else { break };
                    code = code * 8 + u32::from(digit - b'0');
                }
                bytes.push(code as u8);
            }
            Some(letter) => bytes.push(control(letter)),
            None => {}
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn control(letter: u8) -> u8 {
    match letter {
        b'a' => 7,
        b'b' => 8,
        b't' => b'\t',
        b'n' => b'\n',
        b'v' => 11,
        b'f' => 12,
        b'r' => b'\r',
        other => other,
    }
}

/// The byte after the quote that ends the quoted name at the start of `names`.
fn closing_quote(names: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in names.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    names.len()
}

fn strip(path: &str) -> &str {
    path.strip_prefix("a/").or_else(|| path.strip_prefix("b/")).unwrap_or(path)
}

fn bare(path: String) -> String {
    strip(&path).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_escapes_and_prefixes_are_taken_off() {
        assert_eq!(
            header("\"b/tab\\there \\303\\244 \\\"q\\\".md\"").as_deref(),
            Some("tab\there ä \"q\".md")
        );
        assert_eq!(header("a/with blank.md\t2024-01-01").as_deref(), Some("with blank.md"));
        assert_eq!(header("/dev/null"), None);
    }

    #[test]
    fn the_names_of_a_pair_are_told_apart() {
        let pair = |names: &str| pair(names);
        assert_eq!(pair("a/x b/y b/x b/y"), ("x b/y".to_owned(), "x b/y".to_owned()));
        assert_eq!(pair("a/old b/new"), ("old".to_owned(), "new".to_owned()));
        assert_eq!(pair("\"a/\\303\\244\" b/x"), ("ä".to_owned(), "x".to_owned()));
    }
}
