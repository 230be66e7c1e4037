//! What a description has to name: places where a change is announced, or the headings of a template.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::Deserialize;

use crate::check::View;
use crate::document::Outline;
use crate::document::flat::Flat;
use crate::subject::Role;

/// Places where a change is announced.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Channels {
    /// Words, and channels with their `#`; one that ends in `_` stands for all channels that start so.
    names: Vec<String>,
    /// So many of them are enough.
    min: usize,
}

/// The headings of a template.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Headings {
    /// The template; the first one that there is.
    templates: Vec<String>,
    /// The headings where there is no template.
    markers: Vec<String>,
    /// So many of them are enough.
    min: usize,
}

impl Channels {
    /// Whether `text` names enough different ones.
    pub fn are_named(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        let mut named = BTreeSet::new();
        for name in self.names.iter().map(|name| name.to_lowercase()) {
            for (at, _) in text.match_indices(&name) {
                let before = text.get(..at).and_then(|before| before.chars().next_back());
                let after = text.get(at + name.len()..).unwrap_or_default();
                let of_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
                let tail = after.split(|c: char| !of_name(c)).next().unwrap_or_default();
                let starts =
                    before.is_none_or(|c| !(c.is_alphanumeric() || (name.starts_with('#') && c == '/')));
                // A word may be joined to another one, a channel's name ends where it ends.
                let ends = match (name.starts_with('#'), name.ends_with('_')) {
                    (true, true) => !tail.is_empty(),
                    (true, false) => tail.is_empty(),
                    (false, _) => !tail.starts_with(|c: char| c.is_alphanumeric() && c != 's'),
                };
                if starts && ends {
                    named.insert(if name.ends_with('_') { format!("{name}{tail}") } else { name.clone() });
                }
            }
        }
        named.len() >= self.min
    }
}

impl Headings {
    /// The text of the template, if there is one.
    pub fn template<'w>(&self, view: View<'w>) -> Option<Cow<'w, str>> {
        self.templates.iter().find_map(|path| view.world.page(path))
    }

    /// Whether the description has enough of them.
    pub fn are_in(&self, view: View<'_>) -> bool {
        let wanted = match &self.template(view) {
            Some(text) => texts(text, &Outline::of(text)),
            None => self.markers.iter().map(|marker| folded(marker)).collect(),
        };
        let bodies = view.doc.outlines().iter().filter(|outline| outline.role == Role::Body);
        let own: BTreeSet<_> = bodies.flat_map(|outline| texts(view.doc.text(), outline)).collect();
        own.intersection(&wanted).count() >= self.min
    }
}

/// The headings of `outline` as they are compared.
fn texts(text: &str, outline: &Outline) -> BTreeSet<String> {
    let words = |heading: &crate::document::outline::Heading| {
        folded(&Flat::new(text, outline, heading.text, true).text)
    };
    outline.headings.iter().map(words).filter(|words| !words.is_empty()).collect()
}

fn folded(words: &str) -> String {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    words.trim_matches(|c: char| !c.is_alphanumeric()).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_count_by_their_full_names() {
        let names = ["#product", "#s_", "blog", "youtu.be"].map(str::to_owned).into();
        let channels = Channels { names, min: 2 };
        for text in [
            "#s_plan `#s_verify`",
            "~~#product~~ a blog post",
            "https://youtu.be/x Blogs",
            "#S_plan,#product.",
        ] {
            assert!(channels.are_named(text), "{text}");
        }
        for text in ["#product #product", "/x#product #s_", "#product-x blogger", "docs/#product #s_plan"] {
            assert!(!channels.are_named(text), "{text}");
        }
    }
}
