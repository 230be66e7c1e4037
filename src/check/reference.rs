//! References to issues, merge requests and epics that are a number and nothing else.

mod context;
mod excuse;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use regex::Regex;
use serde::{Deserialize, Deserializer, de::Error};

use super::{Hit, Sink, View};
use crate::diagnostic::{Edit, Fix};
use crate::document::neighbour::{self, Neighbour};
use crate::document::outline::Outline;
use crate::scan::{Need, SIGILS, sigils};
use crate::subject::{Format, Kind, Role};
use crate::text::Span;
use context::Context;

/// Finds bare references; a reference that comes with a title or a description is excused.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// The sigil of each kind of object.
    #[serde(deserialize_with = "known")]
    sigils: BTreeMap<String, char>,
    /// Numbers with fewer digits are ordinals.
    min_digits: usize,
    /// Words that make a title before a trailing reference.
    min_title_words: usize,
    /// The same in a title or a commit's subject.
    min_words_in_title: usize,
    /// Words that make a description after a reference.
    min_description_words: usize,
    /// Verbs that close an issue.
    closing_verbs: Vec<String>,
    /// Kinds on which a title is not enough, because the reference is no link there.
    require_link_on: Vec<Kind>,
    /// Words that announce another system's number.
    foreign_prefixes: Vec<String>,
    /// Words that may stand between such a prefix and its number.
    foreign_nouns: Vec<String>,
    /// How generated lines start.
    generated_lines: Vec<String>,
    /// The word right before a trailing reference, so that the words before it are no title.
    pointer_words: Vec<String>,
    /// What an ordinal counts.
    ordinal_words: Vec<String>,
    /// What a rank is a place on, after "on".
    ranking_words: Vec<String>,
    /// What announces a colour.
    colour_words: Vec<String>,
    /// Whether quotes are somebody else's words.
    skip_blockquotes: bool,
    #[serde(skip)]
    compiled: OnceLock<Option<Regex>>,
}

impl Reference {
    /// The values that messages may name.
    pub const VALUES: &'static [&'static str] = &["hit"];

    /// The variants the check may report.
    pub fn variants(&self) -> Vec<&str> {
        Vec::new()
    }

    /// What a text must contain.
    pub fn need(&self) -> Need {
        Need::Sigil
    }

    /// Finds bare references in the title, the text and the commit messages.
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let kind = view.doc.subject.kind;
        let titles = view.doc.titles().into_iter();
        for title in titles {
            let numbers = self.numbers(view.doc.text(), None, title);
            if !numbers.is_empty() {
                self.judge(view, &Context::title(view.doc, title, kind), &numbers, sink);
            }
        }
        for outline in view.doc.outlines() {
            let kind = match outline.role {
                Role::Note => continue,
                Role::Commit => Kind::Commit,
                Role::Body => kind,
            };
            self.scan_outline(view, outline, kind, sink);
        }
    }

    fn scan_outline(&self, view: View<'_>, outline: &Outline, kind: Kind, sink: &mut Sink<'_>) {
        let text = view.doc.text();
        let mut current: Option<(u32, Context<'_>)> = None;
        for piece in outline.prose().filter(|piece| !piece.link) {
            let Some(block) = outline.block_of(piece).filter(|of| !(self.skip_blockquotes && of.quoted))
            else {
                continue;
            };
            let numbers = self.numbers(text, Some(outline), piece.span);
            if !numbers.is_empty() {
                let known = current.take().filter(|(block, _)| *block == piece.block);
                let here = || (piece.block, Context::prose(view.doc, outline, block, kind));
                let (_, context) = current.insert(known.unwrap_or_else(here));
                self.judge(view, context, &numbers, sink);
            }
        }
    }

    /// The sigils of `piece` with their numbers that stand alone, in order.
    fn numbers(&self, text: &str, outline: Option<&Outline>, piece: Span) -> Vec<Span> {
        let source = piece.of(text);
        let number = |at: usize| {
            let (sigil, rest) = (source.get(at..)?.chars().next()?, source.get(at + 1..)?);
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let span = Span::new(at, at + 1 + digits).shifted(piece.start as usize);
            let counts = digits >= self.min_digits
                && !rest.starts_with('0')
                && self.sigils.values().any(|known| *known == sigil)
                && stands_alone(text, outline, span);
            counts.then_some(span)
        };
        sigils(source).filter_map(number).collect()
    }

    fn judge(&self, view: View<'_>, context: &Context<'_>, numbers: &[Span], sink: &mut Sink<'_>) {
        for span in numbers.iter().copied() {
            if !self.is_excused(context, span) {
                let hit = span.of(context.text);
                sink.report(Hit::at(span, &[("hit", hit)]).fix(self.fix(view, context, span)));
            }
        }
    }

    /// GitLab shows the title of `#12+`; elsewhere it is written out where it is known.
    fn fix(&self, view: View<'_>, context: &Context<'_>, span: Span) -> Option<Fix> {
        let reference = span.of(context.text);
        if context.is_title {
            return None;
        }
        if self.require_link_on.contains(&context.kind) || context.kind == Kind::Commit {
            // A scalar in quotes, or on the line of its key, would have to be escaped once more.
            let plain = view.doc.subject.format != Format::Yaml
                || context.outline.is_some_and(|outline| outline.indent > 0);
            let project = view.doc.subject.project.as_deref().or(view.world.project.as_deref());
            let own = view.doc.subject.path.is_some();
            let link = view.world.titles.find(reference, project).filter(|_| plain && own)?.link()?;
            let title = format!("Link `{reference}` with its title");
            return Some(Fix { title, safe: false, edits: vec![Edit { span, text: link }] });
        }
        Some(Fix {
            title: format!("Write `{reference}+`, which GitLab shows with its title"),
            safe: true,
            edits: vec![Edit { span: Span::at(span.end as usize), text: "+".to_owned() }],
        })
    }
}

/// Refuses sigils that no text is searched for.
fn known<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, char>, D::Error> {
    let sigils = BTreeMap::<String, char>::deserialize(deserializer)?;
    match sigils.values().find(|sigil| !SIGILS.contains(sigil)) {
        Some(other) => {
            Err(D::Error::custom(format!("GitLab knows the sigils `#`, `!` and `&`, not `{other}`")))
        }
        None => Ok(sigils),
    }
}

/// Whether the neighbours of a reference leave it one, after GitLab's own boundaries and a little more caution.
fn stands_alone(text: &str, outline: Option<&Outline>, span: Span) -> bool {
    let before = match neighbour::left(text, outline, span.start as usize) {
        Neighbour::Edge => true,
        Neighbour::Char(c) => c.is_whitespace() || opens(c),
    };
    before
        && match neighbour::right(text, outline, span.end as usize) {
            Neighbour::Edge => true,
            Neighbour::Char(c @ ('.' | '-')) => {
                let next = text.get(span.end as usize..).and_then(|rest| rest.chars().nth(1));
                !next.is_some_and(|next| if c == '.' { next.is_ascii_digit() } else { next.is_alphabetic() })
            }
            Neighbour::Char(c) => !(c.is_ascii_alphanumeric() || matches!(c, '_' | '+' | '%')),
        }
}

/// Characters a reference may follow directly.
fn opens(c: char) -> bool {
    matches!(
        c,
        '(' | '['
            | '"'
            | '\''
            | ','
            | ';'
            | ':'
            | '*'
            | '_'
            | '|'
            | '-'
            | '–'
            | '—'
            | '“'
            | '‘'
            | '„'
            | '‚'
            | '«'
            | '‹'
            | '（'
            | '［'
            | '｛'
            | '「'
            | '『'
            | '【'
            | '〔'
            | '《'
            | '〈'
            | '：'
            | '、'
            | '。'
            | '，'
            | '；'
    )
}
