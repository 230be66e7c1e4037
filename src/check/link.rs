//! Links to issues, epics and merge requests whose text says nothing about them, and links that open new ones.

mod template;

use std::cell::LazyCell;
use std::collections::HashSet;
use std::sync::LazyLock;

use memchr::memmem;
use regex::Regex;
use serde::Deserialize;

use self::template::TemplateLink;
use super::{Hit, Sink, View};
use crate::diagnostic::{Edit, Fix};
use crate::document::flat::{Flat, Sentences, count_words, unit};
use crate::document::outline::{Block, BlockKind, Link, LinkKind, Outline};
use crate::pattern::{Pattern, alternation};
use crate::scan::Need;
use crate::subject::{Format, Role};
use crate::text::Span;
use crate::world::World;

/// Bytes of a sentence that are read on either side of a link.
const REACH: usize = 1024;

/// What is asked of links.
#[derive(Debug, Deserialize)]
#[serde(from = "Raw")]
pub enum Links {
    /// Links whose whole text is a number, in a sentence with too few words of its own.
    Text(LinkText),
    /// Links to a form whose template is another one than the text says, or none.
    Template(TemplateLink),
}

/// Finds links whose whole text is a number, in a sentence with too few words of its own.
#[derive(Debug)]
pub struct LinkText {
    number: Option<Pattern>,
    generic_text: Vec<String>,
    filler_words: Vec<String>,
    min_content_words: usize,
}

/// The keys of the kind as rule files write them.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Raw {
    /// What is looked for.
    find: Find,
    /// Nouns that may stand before the number.
    nouns: Vec<String>,
    /// Words that describe nothing.
    filler_words: Vec<String>,
    /// Words beside the link that make a description.
    min_content_words: usize,
    /// Texts that say as little as a number.
    generic_text: Vec<String>,
    /// Hosts of GitLab.
    hosts: Vec<String>,
    /// Where the templates of issues and of merge requests stand.
    template_dirs: Vec<String>,
    /// How much alike two names are of which one is meant for the other, from 0 to 1.
    similarity: f64,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Find {
    #[default]
    Text,
    Template,
}

impl From<Raw> for Links {
    fn from(raw: Raw) -> Self {
        match raw.find {
            Find::Text => Self::Text(LinkText::new(raw)),
            Find::Template => Self::Template(TemplateLink::new(raw)),
        }
    }
}

impl Links {
    /// The values that messages may name.
    pub const VALUES: &'static [&'static str] = &["hit", "name", "other"];

    /// The variants the check may report.
    pub fn variants(&self) -> Vec<&str> {
        match self {
            Self::Text(_) => Vec::new(),
            Self::Template(_) => template::VARIANTS.to_vec(),
        }
    }

    /// What a text must contain.
    pub fn need(&self) -> Need {
        match self {
            Self::Text(check) => check.need(),
            Self::Template(check) => check.need(),
        }
    }

    /// Finds such links.
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        match self {
            Self::Text(check) => check.run(view, sink),
            Self::Template(check) => check.run(view, sink),
        }
    }
}

impl LinkText {
    fn new(raw: Raw) -> Self {
        // A project path needs a sigil, so that `FY23-Q2` and `section 2` are no numbers.
        let nouns = alternation(&raw.nouns);
        let number = format!(r"^(?i:(?:{nouns})\s+)?(?:(?:[\w.-]+/)*[\w.-]+[#!&]|[#!&])?[0-9]+(?:\+s?)?$");
        Self {
            number: Pattern::new(&number).ok(),
            generic_text: raw.generic_text.iter().map(|text| text.to_lowercase()).collect(),
            filler_words: raw.filler_words,
            min_content_words: raw.min_content_words,
        }
    }
}

/// The title of what a link leads to as its text, where the title is known. A scalar in quotes, or on the line of its
/// key, would have to be escaped once more.
fn titled(view: View<'_>, outline: &Outline, link: &Link) -> Option<Fix> {
    let plain = view.doc.subject.format != Format::Yaml || outline.indent > 0;
    let title = view.world.titles.at(&link.target).filter(|_| plain && link.kind == LinkKind::Inline)?;
    let edits = vec![Edit { span: link.text, text: title.escaped() }];
    Some(Fix { title: "Use the title as the text of the link".to_owned(), safe: false, edits })
}

impl LinkText {
    /// What a text must contain.
    fn need(&self) -> Need {
        Need::Any(WORK.map(|folder| format!("/{folder}")).into())
    }

    /// Finds such links in the main text; quotes are somebody else's words.
    fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let text = view.doc.text();
        if !may_lead_to_work(text) {
            return;
        }
        for outline in view.doc.outlines().iter().filter(|outline| outline.role == Role::Body) {
            let mut current: Option<Unit> = None;
            for link in &outline.links {
                let Some(block) = outline.blocks.get(link.block as usize).filter(|block| !block.quoted)
                else {
                    continue;
                };
                let written = matches!(link.kind, LinkKind::Inline | LinkKind::Reference | LinkKind::Html);
                if !written || !leads_to_work(&link.target, view.world) {
                    continue;
                }
                let words = Flat::new(text, outline, link.text, true).text;
                let says_nothing =
                    self.is_number(&words) || self.generic_text.contains(&words.trim().to_lowercase());
                if !says_nothing {
                    continue;
                }
                let span = unit(outline, block);
                let known = current.take().filter(|unit| unit.span == span);
                let here = current.insert(known.unwrap_or_else(|| Unit::new(text, outline, span)));
                if self.content_words(text, outline, block, link, here) < self.min_content_words {
                    let hit = link.text.of(text);
                    let fix = titled(view, outline, link);
                    sink.report(Hit::at(link.text, &[("hit", hit)]).fix(fix));
                }
            }
        }
    }

    fn is_number(&self, words: &str) -> bool {
        self.number.as_ref().is_some_and(|number| number.is_match(words.trim()))
    }

    /// The words that describe something around a link: in its sentence, its list item, or its table row.
    fn content_words(&self, text: &str, outline: &Outline, block: &Block, link: &Link, unit: &Unit) -> usize {
        let flat = &unit.flat;
        let (start, end) = (flat.position(link.text.start as usize), flat.position(link.text.end as usize));
        let range = match block.kind {
            BlockKind::Paragraph | BlockKind::Html if block.item.is_none() => {
                unit.sentences.at(&flat.text, start)
            }
            _ => 0..flat.text.len(),
        };
        let (first, last) = (boundary(&flat.text, range.start, start), boundary(&flat.text, range.end, end));
        let mut around = flat.text.get(first..start.max(first)).unwrap_or_default().to_owned();
        around.push(' ');
        around.push_str(flat.text.get(end.min(last)..last).unwrap_or_default());
        let near = Span::new(flat.offset(first), flat.offset(last).max(flat.offset(first)));
        let others = LazyCell::new(|| {
            let next = outline.links.partition_point(|other| other.span.start < near.start);
            let others = outline.links[next..].iter().take_while(|other| other.span.start <= near.end);
            let inside = others.filter(|other| unit.span.contains(other.text));
            inside.map(|other| Flat::new(text, outline, other.text, true).text).collect::<HashSet<_>>()
        });
        around
            .split_whitespace()
            .map(|word| (word, self.weight(word)))
            .filter(|(word, weight)| *weight > 0 && !others.contains(*word))
            .map(|(_, weight)| weight)
            .sum()
    }

    /// How many describing words a word counts: none for a filler or a number, several in scripts without spaces.
    fn weight(&self, word: &str) -> usize {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let lower = bare.to_lowercase();
        let stem = lower.split(['\'', '’']).next().unwrap_or_default();
        let filler = |word: &str| self.filler_words.iter().any(|filler| filler == word);
        let number = word.contains(['#', '!', '&']) || !bare.contains(char::is_alphabetic);
        if number || filler(&lower) || filler(stem) { 0 } else { count_words(bare) }
    }
}

/// What reads as one with a link.
struct Unit {
    span: Span,
    flat: Flat,
    sentences: Sentences,
}

impl Unit {
    fn new(text: &str, outline: &Outline, span: Span) -> Self {
        let flat = Flat::new(text, outline, span, true);
        let sentences = Sentences::new(&flat.text);
        Self { span, flat, sentences }
    }
}

/// The end `to` of a stretch that starts or ends at `from`, brought within reach.
fn boundary(text: &str, to: usize, from: usize) -> usize {
    let near = if to < from { to.max(from.saturating_sub(REACH)) } else { to.min(from + REACH) };
    (near..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(to)
}

/// What stands before the number in the address of an issue, a work item, a merge request and an epic.
const WORK: [&str; 4] = ["issues/", "work_items/", "merge_requests/", "epics/"];

/// Whether such an address may stand in `text`; many more lead to lists.
fn may_lead_to_work(text: &str) -> bool {
    WORK.iter().any(|folder| {
        let bytes = text.as_bytes();
        let numbered = |at: usize| bytes.get(at + folder.len()).is_some_and(u8::is_ascii_digit);
        memmem::find_iter(bytes, folder).any(numbered)
    })
}

/// Whether `target` is the address of an issue, a work item, a merge request or an epic.
pub(super) fn leads_to_work(target: &str, world: &World) -> bool {
    static PATH: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"^(?:(?:https?:)?//([^/?#]+))?[^?#]*?(/-)?/(?:issues|work_items|merge_requests|epics)/[0-9]+(?:[/?#]|$)").ok()
    });
    let relative = |target: &str| !target.contains("://") && !target.starts_with("//");
    let slashed;
    let target = if relative(target) && !target.starts_with('/') {
        slashed = format!("/{target}");
        &slashed
    } else {
        target
    };
    let Some(found) = PATH.as_ref().and_then(|path| path.captures(target)) else { return false };
    let Some(host) = found.get(1) else { return true };
    let host = host.as_str().rsplit('@').next().unwrap_or_default();
    found.get(2).is_some()
        || world.hosts.iter().any(|known| {
            host == known || host.strip_suffix(known.as_str()).is_some_and(|sub| sub.ends_with('.'))
        })
}
