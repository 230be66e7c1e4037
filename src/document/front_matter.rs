//! The metadata block at the top of a Markdown file.

use crate::text::Span;

/// The languages front matter is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Between `---` lines.
    Yaml,
    /// Between `+++` lines; masked, not read.
    Toml,
    /// Between `;;;` lines; masked, not read.
    Json,
}

/// A metadata block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrontMatter {
    /// The language of its content.
    pub language: Language,
    /// The content between the fences.
    pub content: Span,
    /// The byte after the closing fence's line.
    pub end: usize,
}

/// The front matter of `text`; `None` where it has none or never closes.
pub fn find(text: &str) -> Option<FrontMatter> {
    let start = text.len() - text.trim_start_matches('\u{feff}').len();
    let mut lines = text.get(start..)?.split_inclusive('\n');
    let first = lines.next()?;
    let fence = first.trim_end();
    let language = match fence {
        "---" | "---yaml" | "---yml" => Language::Yaml,
        "+++" | "---toml" => Language::Toml,
        ";;;" | "---json" => Language::Json,
        _ => return None,
    };
    let open = fence.get(..3)?;
    let content_start = start + first.len();
    let mut at = content_start;
    for line in lines {
        let words = line.trim_end();
        if words == open || (language == Language::Yaml && words == "...") {
            return Some(FrontMatter {
                language,
                content: Span::new(content_start, at),
                end: at + line.len(),
            });
        }
        at += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_needs_both_fences_and_the_very_top() {
        let text = "\u{feff}---\r\ntitle: X\r\n---\r\nBody\n";
        let found = find(text).map(|matter| (matter.content.of(text), &text[matter.end..]));
        assert_eq!(found, Some(("title: X\r\n", "Body\n")));
        assert_eq!(find("---\ntitle: X\n"), None);
        assert_eq!(find("\n---\ntitle: X\n---\n"), None);
        assert_eq!(find("+++\na = 1\n+++\n").map(|matter| matter.language), Some(Language::Toml));
    }
}
