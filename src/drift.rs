//! Whether the handbook still says what the rules cite: same, moved, changed or gone.

use serde::Serialize;
use similar::{ChangeTag, TextDiff};

use crate::document::Document;
use crate::document::flat::Flat;
use crate::load::file_subject;
use crate::subject::{Format, Kind};
use crate::text::Span;
use crate::words::{fold, position, words};
use crate::yaml::{Limits, Node, parse};

/// What a rule cites.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation {
    /// The rule's id.
    pub rule: String,
    /// The page with its anchor, as a URL.
    pub url: String,
    /// The heading the words stand under.
    pub heading: String,
    /// The handbook's words.
    pub quote: String,
}

impl Citation {
    /// What the rule in a rule file cites; `None` where it cites nothing.
    pub fn read(yaml: &str) -> Option<Self> {
        let node = parse(yaml, &Limits::config()).ok()??;
        let field = |key: &str| node.get(key).and_then(Node::as_str).map(str::to_owned);
        Some(Self {
            rule: field("id")?,
            url: field("from")?,
            heading: field("heading")?,
            quote: field("quote")?,
        })
    }

    /// The folders and the name of the page that is cited.
    pub fn steps(&self) -> Vec<&str> {
        let path = self.url.split('#').next().unwrap_or_default();
        let path = path
            .split_once("://")
            .map_or(path, |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
        path.split('/').filter(|step| !step.is_empty()).collect()
    }
}

/// How a page relates to a citation today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Drift {
    /// The words stand under the heading, or under one below it.
    Same,
    /// The words stand under another heading.
    Moved {
        /// That heading; empty before the first one.
        heading: String,
    },
    /// Most of the words are still there.
    Changed {
        /// The cited words with `[-…-]` around what is gone and `{+…+}` around what is new.
        diff: String,
        /// The line of today's words, from 1.
        line: usize,
    },
    /// Nothing like the words is left.
    Gone,
}

impl Drift {
    /// Whether the rule no longer says what the handbook says.
    pub fn is_alarm(&self) -> bool {
        matches!(self, Self::Changed { .. } | Self::Gone)
    }
}

/// A page of the handbook, cut into sections.
#[derive(Debug)]
pub struct Page {
    sections: Vec<Section>,
}

#[derive(Debug)]
struct Section {
    heading: String,
    /// The headings above, folded, and its own.
    path: Vec<String>,
    /// The words as written, and folded for comparison, with the line each stands on.
    words: Vec<Word>,
}

#[derive(Clone, Debug)]
struct Word {
    shown: String,
    folded: String,
    line: usize,
}

impl AsRef<str> for Word {
    fn as_ref(&self) -> &str {
        &self.folded
    }
}

/// Of the cited words, how many must be left for a passage to count as changed and not as gone.
const KEPT: f32 = 0.6;

impl Page {
    /// Reads a Markdown page; front matter, comments and link targets say nothing.
    pub fn new(text: &str) -> Self {
        let subject = file_subject("page.md", text.to_owned(), Kind::Page, Format::Markdown);
        let document = Document::new(&subject);
        let Some(outline) = document.body() else { return Self { sections: Vec::new() } };
        let starts = outline.headings.iter().map(|heading| heading.span);
        let ends = starts.clone().skip(1).map(|next| next.start).chain([outline.span.end]);
        let mut sections = Vec::new();
        let words = |span: Span| -> Vec<Word> {
            let flat = Flat::new(text, outline, span, true);
            let line = |at: usize| document.lines().line_of(Span::at(flat.offset(at)).start) + 1;
            let word = |(at, shown): (usize, &str)| Word {
                line: line(at),
                folded: shown.to_lowercase(),
                shown: shown.to_owned(),
            };
            words(&flat.text).into_iter().map(word).collect()
        };
        let first = outline.headings.first().map_or(outline.span.end, |heading| heading.span.start);
        let top = Span { start: outline.span.start, end: first };
        sections.push(Section { heading: String::new(), path: Vec::new(), words: words(top) });
        let mut above: Vec<(u8, String)> = Vec::new();
        for (heading, end) in outline.headings.iter().zip(ends) {
            let span = Span { start: heading.span.start, end };
            let name = Flat::new(text, outline, heading.text, true).text;
            above.retain(|(level, _)| *level < heading.level);
            above.push((heading.level, fold(&name)));
            let path = above.iter().map(|(_, name)| name.clone()).collect();
            sections.push(Section { heading: name, path, words: words(span) });
        }
        Self { sections }
    }

    /// Looks the citation up.
    pub fn compare(&self, citation: &Citation) -> Drift {
        let cited: Vec<Word> =
            Self::new(&citation.quote).sections.into_iter().flat_map(|section| section.words).collect();
        let heading = fold(&citation.heading);
        let holds = |section: &&Section| position(&section.words, &cited, 0).is_some();
        let mut with_words = self.sections.iter().filter(holds).peekable();
        if let Some(first) = with_words.peek().map(|section| section.heading.clone()) {
            let same = with_words.any(|section| section.path.contains(&heading));
            return if same { Drift::Same } else { Drift::Moved { heading: first } };
        }
        self.nearest(&cited).unwrap_or(Drift::Gone)
    }

    /// The passage that keeps most of the cited words.
    fn nearest(&self, cited: &[Word]) -> Option<Drift> {
        let folded: Vec<&str> = cited.iter().map(|word| word.folded.as_str()).collect();
        let mut best: Option<(f32, &[Word])> = None;
        for section in &self.sections {
            let length = cited.len().min(section.words.len());
            for window in section.words.windows(length.max(1)) {
                // Cheap before exact: a passage without half of the words is none.
                let shared = window.iter().filter(|word| folded.contains(&word.folded.as_str())).count();
                if (shared as f32) < KEPT * cited.len() as f32 {
                    continue;
                }
                let today: Vec<&str> = window.iter().map(|word| word.folded.as_str()).collect();
                let ratio = TextDiff::from_slices(&folded, &today).ratio();
                if ratio >= KEPT && best.is_none_or(|(best, _)| ratio > best) {
                    best = Some((ratio, window));
                }
            }
        }
        let (_, window) = best?;
        Some(Drift::Changed {
            diff: word_diff(cited, window),
            line: window.first().map_or(1, |word| word.line),
        })
    }
}

fn word_diff(cited: &[Word], today: &[Word]) -> String {
    let old: Vec<&str> = cited.iter().map(|word| word.folded.as_str()).collect();
    let new: Vec<&str> = today.iter().map(|word| word.folded.as_str()).collect();
    let diff = TextDiff::from_slices(&old, &new);
    let mut runs: Vec<(ChangeTag, Vec<&str>)> = Vec::new();
    for change in diff.iter_all_changes() {
        let words =
            change.old_index().map(|at| &cited[at]).or_else(|| change.new_index().map(|at| &today[at]));
        let Some(word) = words else { continue };
        match runs.last_mut() {
            Some((tag, run)) if *tag == change.tag() => run.push(&word.shown),
            _ => runs.push((change.tag(), vec![&word.shown])),
        }
    }
    let show = |(tag, run): &(ChangeTag, Vec<&str>)| match tag {
        ChangeTag::Equal => run.join(" "),
        ChangeTag::Delete => format!("[-{}-]", run.join(" ")),
        ChangeTag::Insert => format!("{{+{}+}}", run.join(" ")),
    };
    runs.iter().map(show).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drift(page: &str) -> Drift {
        Page::new(page).compare(&Citation {
            rule: "x".to_owned(),
            url: String::new(),
            heading: "Limits & more".to_owned(),
            quote: "**Document the limits** on [docs](https://a.example), please".to_owned(),
        })
    }

    #[test]
    fn commas_markup_case_and_targets_do_not_alarm() {
        let page = "---\ntitle: x\n---\n\n## Limits, & more {#l}\n\nNow: document the *limits*\non [docs](https://b.example) – please!\n";
        assert_eq!(drift(page), Drift::Same);
    }

    #[test]
    fn words_under_another_heading_have_moved() {
        let page = "# A\n\n## Other\n\nDocument the limits on docs please.\n";
        assert_eq!(drift(page), Drift::Moved { heading: "Other".to_owned() });
    }

    #[test]
    fn other_wording_is_shown_word_by_word() {
        let page = "## Limits & more\n\nx\n\nDocument all limits on docs please.\n";
        let diff = "Document [-the-] {+all+} limits on docs please".to_owned();
        assert_eq!(drift(page), Drift::Changed { diff, line: 5 });
    }

    #[test]
    fn words_in_a_comment_are_gone() {
        assert_eq!(
            drift("## Limits\n\n<!-- Document the limits on docs, please -->\n\nOther words.\n"),
            Drift::Gone
        );
        assert_eq!(drift(""), Drift::Gone);
    }
}
