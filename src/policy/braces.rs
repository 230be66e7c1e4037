//! The braces of gitlab-triage: `type::{bug, feature}` and `priority::{1..3}` stand for several labels.

/// The most labels that one text may stand for; what stands for more is a mistake, or an attack.
pub const MOST: usize = 1_000;

/// The labels that `text` stands for, itself where it has no braces; `None` where they are more than [`MOST`].
///
/// What the bot fills in, `{{author}}` and `#{…}`, is no list of labels: such a text stands for itself.
pub fn expand(text: &str) -> Option<Vec<String>> {
    if is_filled_in(text) {
        return Some(vec![text.to_owned()]);
    }
    let mut done = Vec::new();
    let mut open = vec![text.to_owned()];
    while let Some(text) = open.pop() {
        if done.len() + open.len() >= MOST {
            return None;
        }
        let parts = text.split_once('{').and_then(|(before, rest)| {
            let (inner, after) = rest.split_once('}')?;
            Some((before, choices(inner)?, after))
        });
        match parts {
            Some((before, choices, after)) => {
                open.extend(choices.iter().rev().map(|choice| format!("{before}{choice}{after}")));
            }
            None => done.push(text),
        }
    }
    Some(done)
}

/// Whether the bot replaces a part of `text` before it uses it.
pub fn is_filled_in(text: &str) -> bool {
    text.contains("{{") || text.contains("#{")
}

/// What stands between braces: a list with commas or a range of numbers; `None` where it is neither.
fn choices(inner: &str) -> Option<Vec<String>> {
    if let Some((first, last)) = inner.split_once("..") {
        let (first, last) = (first.trim().parse::<u32>().ok()?, last.trim().parse::<u32>().ok()?);
        // One more than allowed is enough to be refused.
        return Some((first..=last).take(MOST + 1).map(|number| number.to_string()).collect());
    }
    Some(inner.split(',').map(|item| item.trim().to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_ranges_multiply() {
        let expanded = |text: &str| expand(text).unwrap();
        assert_eq!(expanded("bug"), ["bug"]);
        assert_eq!(expanded("type::{ bug, feature }"), ["type::bug", "type::feature"]);
        assert_eq!(
            expanded("missed:{10..11}.{0..1}"),
            ["missed:10.0", "missed:10.1", "missed:11.0", "missed:11.1"]
        );
        assert_eq!(expanded("{{author}}'s"), ["{{author}}'s"]);
        assert_eq!(expanded("open { brace"), ["open { brace"]);
        assert_eq!(expand("{1..4000000000}"), None);
        assert_eq!(expand("{1..90}{1..90}"), None);
    }
}
