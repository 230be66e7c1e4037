//! What a page in Markdown shows: its blocks of code, the code in its lines, and where its links lead.

use std::fs;
use std::path::Path;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};

/// A piece of code, or a link.
pub struct Snippet {
    /// `README.md:12`.
    pub place: String,
    pub shown: Shown,
    pub text: String,
}

/// How it is shown.
#[derive(Debug, PartialEq, Eq)]
pub enum Shown {
    /// A block, in this language.
    Block(String),
    /// In a line.
    Code,
    /// The target of a link.
    Link,
}

/// Every snippet of the page at `path` below the root, in its order.
pub fn snippets(path: &str) -> Vec<Snippet> {
    let text = read(path);
    let mut found: Vec<Snippet> = Vec::new();
    let mut in_block = false;
    for (event, range) in Parser::new_ext(&text, Options::ENABLE_TABLES).into_offset_iter() {
        let place = || format!("{path}:{}", text[..range.start].matches('\n').count() + 1);
        let mut add =
            |shown, text: &str| found.push(Snippet { place: place(), shown, text: text.to_owned() });
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let language = match kind {
                    CodeBlockKind::Fenced(language) => language.to_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                add(Shown::Block(language), "");
                in_block = true;
            }
            Event::End(pulldown_cmark::TagEnd::CodeBlock) => in_block = false,
            Event::Text(text) if in_block => {
                if let Some(block) = found.last_mut() {
                    block.text.push_str(&text);
                }
            }
            Event::Code(code) => add(Shown::Code, &code),
            Event::Start(Tag::Link { dest_url, .. }) => add(Shown::Link, &dest_url),
            _ => {}
        }
    }
    found
}

/// The pages of the project, from its root.
pub fn pages() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages = Vec::new();
    for folder in ["", "docs/"] {
        for entry in fs::read_dir(root.join(folder)).expect("a folder") {
            let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
            if name.ends_with(".md") {
                pages.push(format!("{folder}{name}"));
            }
        }
    }
    pages.sort();
    pages
}

/// The file at `path` below the root.
pub fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect(path)
}
