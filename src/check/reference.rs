//! References to issues, merge requests and epics that are a number and nothing else.

mod context;
mod excuse;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use regex::Regex;
use serde::Deserialize;

use super::{Hit, Sink, View};
use crate::diagnostic::{Edit, Fix};
use crate::document::neighbour::{self, Neighbour};
use crate::document::outline::Outline;
use crate::scan::Need;
use crate::subject::{Format, Kind, Role};
use crate::text::Span;
use context::Context;

/// Finds bare references; a reference that comes with a title or a description is excused.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// The sigil of each kind of object.
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
        for title in titles.filter(|title| self.sigil_in(title.of(view.doc.text()))) {
            let context = Context::title(view.doc, title, kind);
            self.scan(view, &context, title, sink);
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
        let mut current: Option<(u32, Context<'_>)> = None;
        for piece in outline.prose().filter(|piece| !piece.link) {
            let Some(block) = outline.block_of(piece) else { continue };
            if !(self.skip_blockquotes && block.quoted) && self.sigil_in(piece.span.of(view.doc.text())) {
                let known = current.take().filter(|(block, _)| *block == piece.block);
                let here = || (piece.block, Context::prose(view.doc, outline, block, kind));
                let (_, context) = current.insert(known.unwrap_or_else(here));
                self.scan(view, context, piece.span, sink);
            }
        }
    }

    fn sigil_in(&self, text: &str) -> bool {
        let holds = |sigil: &char| match u8::try_from(*sigil) {
            Ok(byte) if byte.is_ascii() => memchr::memchr(byte, text.as_bytes()).is_some(),
            _ => text.contains(*sigil),
        };
        self.sigils.values().any(holds)
    }

    fn scan(&self, view: View<'_>, context: &Context<'_>, piece: Span, sink: &mut Sink<'_>) {
        let text = context.text;
        let source = piece.of(text);
        let sigils = self.sigils.values().flat_map(|sigil| source.match_indices(*sigil));
        let mut sigils: Vec<_> = sigils.collect();
        sigils.sort_unstable();
        sigils.dedup();
        for (at, sigil) in sigils {
            let digits = source[at + sigil.len()..].bytes().take_while(u8::is_ascii_digit).count();
            let start = piece.start as usize + at;
            let span = Span::new(start, start + sigil.len() + digits);
            let zero = source[at + sigil.len()..].starts_with('0');
            if digits < self.min_digits
                || zero
                || !stands_alone(context, span)
                || self.is_excused(context, span)
            {
                continue;
            }
            let hit = span.of(text);
            sink.report(Hit::at(span, &[("hit", hit)]).fix(self.fix(view, context, span)));
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

/// Whether the neighbours of a reference leave it one, after GitLab's own boundaries and a little more caution.
fn stands_alone(context: &Context<'_>, span: Span) -> bool {
    let (text, outline) = (context.text, context.outline);
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
