//! A rule's sentence with places for what was found.

use serde::Deserialize;

/// Text with `{name}` placeholders.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "String")]
pub struct Message(String);

impl From<String> for Message {
    fn from(text: String) -> Self {
        Self::new(&text)
    }
}

impl Message {
    /// A message; see [`Message::names`] for its placeholders.
    pub fn new(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The names in braces. `{{` is not an escape: a brace around anything but a name is kept as it is.
    pub fn names(&self) -> Vec<&str> {
        self.pieces().filter_map(|(_, name)| name).collect()
    }

    /// The message with its placeholders replaced; long values are cut so that one line stays readable.
    pub fn fill(&self, values: &[(&str, &str)]) -> String {
        let mut out = String::with_capacity(self.0.len() + 32);
        for (text, name) in self.pieces() {
            out.push_str(text);
            if let Some(name) = name {
                let value = values.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value);
                push_short(&mut out, value);
            }
        }
        out
    }

    /// The message with its placeholders replaced by the whole values; `None` where one is missing or would not stay a
    /// value: a line break starts a quick action, a quote ends a name.
    pub fn complete(&self, values: &[(&str, &str)]) -> Option<String> {
        let mut out = String::with_capacity(self.0.len() + 32);
        for (text, name) in self.pieces() {
            out.push_str(text);
            if let Some(name) = name {
                let (_, value) = values.iter().find(|(key, _)| *key == name)?;
                let value = value.trim();
                if value.is_empty() || value.contains(|c: char| c.is_control() || c == '"') {
                    return None;
                }
                out.push_str(value);
            }
        }
        Some(out)
    }

    fn pieces(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        let mut rest = self.0.as_str();
        std::iter::from_fn(move || {
            if rest.is_empty() {
                return None;
            }
            let mut from = 0;
            while let Some(open) = rest[from..].find('{').map(|at| from + at) {
                let inner = &rest[open + 1..];
                let len = inner.bytes().take_while(|byte| byte.is_ascii_lowercase() || *byte == b'_').count();
                if len > 0 && inner.as_bytes().get(len) == Some(&b'}') {
                    let piece = (&rest[..open], Some(&inner[..len]));
                    rest = &inner[len + 1..];
                    return Some(piece);
                }
                from = open + 1;
            }
            Some((std::mem::take(&mut rest), None))
        })
    }
}

const LONGEST: usize = 80;

fn push_short(out: &mut String, value: &str) {
    let mut blank = false;
    for (count, c) in value.trim().chars().enumerate() {
        if count == LONGEST {
            out.push('…');
            return;
        }
        if !(c.is_whitespace() && blank) {
            out.push(if c.is_whitespace() { ' ' } else { c });
        }
        blank = c.is_whitespace();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_filled_and_other_braces_kept() {
        let message = Message::new("`{hit}` misses {missing}; keep {#id} and {}");
        assert_eq!(message.names(), ["hit", "missing"]);
        assert_eq!(message.fill(&[("hit", "a\n b"), ("missing", "c")]), "`a b` misses c; keep {#id} and {}");
    }
}
