//! Waivers: directives in comments and front matter by which people allow what a rule finds, with a reason.

mod directive;
mod front;
mod place;

use jiff::civil::Date;

use super::{Document, front_matter};
use crate::document::outline::Class;
use crate::subject::{Format, Role};
use crate::text::Span;
use crate::yaml::{self, Limits};
use directive::Directive;
use place::{Marks, Page};

/// What every waiver contains; a text without it is not looked at.
pub const TAG: &str = "proclint";

/// What a waiver allows, where, and why.
#[derive(Clone, Debug)]
pub struct Waiver {
    /// The whole comment, its marks included, or the entry of the front matter.
    pub span: Span,
    /// How far it reaches.
    pub scope: Scope,
    /// The rules it names.
    pub rules: Vec<Named>,
    /// Why, by whom and until when.
    pub reason: Reason,
    /// The text whose findings it allows; empty where nothing follows it.
    pub covers: Span,
    /// What to delete to be rid of it, in the order of the text; nothing where that takes a person.
    pub removal: Vec<Span>,
}

/// How far a waiver reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Its own line, or the next where it stands alone.
    Line,
    /// To its `end`.
    Block,
    /// The whole subject.
    File,
}

/// A rule's name in a waiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The name as written.
    pub id: String,
    /// Where it stands.
    pub span: Span,
    /// What to delete so that the others stay: the name and one comma.
    pub removal: Option<Span>,
}

/// The words behind the colon.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reason {
    /// Why, on one line; empty where no reason is given.
    pub text: String,
    /// Who answers for it, without `@`.
    pub owner: Option<String>,
    /// The last day it holds, and where that is said.
    pub until: Option<(Date, Span)>,
}

/// Something that looks like a waiver and is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// The part that is at fault.
    pub span: Span,
    /// What is the matter, to complete "Mend the waiver: ".
    pub why: String,
}

/// The waivers of a subject in the order of its text.
#[derive(Clone, Debug, Default)]
pub struct Waivers {
    /// Those that can be read.
    pub waivers: Vec<Waiver>,
    /// Those that cannot.
    pub flaws: Vec<Flaw>,
}

impl Document<'_> {
    /// The waivers of the subject: in comments of its main text and in its front matter. A record's comments and
    /// commits are somebody else's word and allow nothing.
    pub fn waivers(&self) -> Waivers {
        let text = self.text();
        if memchr::memmem::find(text.as_bytes(), TAG.as_bytes()).is_none() {
            return Waivers::default();
        }
        let mut found = Waivers::default();
        if self.subject.format == Format::Lines {
            self.collect(&line_comments(text), Span::new(0, text.len()), Marks::Hash, &mut found);
        }
        if let Some(yaml) = self.yaml() {
            let comments = yaml::comments(yaml.of(text), &Limits::subject());
            let comments: Vec<_> =
                comments.into_iter().map(|span| span.shifted(yaml.start as usize)).collect();
            self.collect(&comments, yaml, Marks::Hash, &mut found);
        }
        if self.subject.path.is_some() && self.subject.format == Format::Markdown {
            front::collect(self, &mut found);
        }
        for outline in self.outlines().iter().filter(|outline| outline.role == Role::Body) {
            let comments = outline.pieces.iter().filter(|piece| piece.class == Class::Comment);
            let comments: Vec<_> = comments.map(|piece| piece.span).collect();
            self.collect(&comments, outline.span, Marks::Html, &mut found);
        }
        found.waivers.sort_by_key(|waiver| waiver.span);
        found.flaws.sort_by_key(|flaw| flaw.span);
        found
    }

    /// Where the subject is YAML: all of a data file, the front matter of a page.
    fn yaml(&self) -> Option<Span> {
        let text = self.text();
        match self.subject.format {
            Format::Yaml => Some(Span::new(0, text.len())),
            Format::Markdown if self.subject.path.is_some() => front_matter::find(text)
                .filter(|matter| matter.language == front_matter::Language::Yaml)
                .map(|matter| matter.content),
            _ => None,
        }
    }

    /// Reads the `comments` of the stretch `within`.
    fn collect(&self, comments: &[Span], within: Span, marks: Marks, found: &mut Waivers) {
        let text = self.text();
        let page = Page::new(text, self.lines(), within, marks);
        let mut lone = Vec::new();
        let mut read = Vec::new();
        for &span in comments {
            match directive::read(text, marks.words(text, span)) {
                None => continue,
                Some(Ok(directive)) => read.push((span, directive)),
                Some(Err(flaw)) => found.flaws.push(flaw),
            }
            if !marks.is_closed(text, span) {
                read.pop();
                let why = "its comment is never closed, write `-->` at its end".to_owned();
                found.flaws.push(Flaw { span: marks.words(text, span), why });
            }
            lone.extend(page.lone(span));
        }
        let landings = page.landings(&lone);
        let mut open: Vec<usize> = Vec::new();
        for (span, directive) in read {
            match directive {
                Directive::Allow { scope, rules, reason } => {
                    let covers = match scope {
                        Scope::Line => page.covers(span, &lone, &landings),
                        Scope::Block => Span::at(span.end as usize),
                        Scope::File => Span::new(0, text.len()),
                    };
                    if scope == Scope::Block {
                        open.push(found.waivers.len());
                    }
                    // That of a block is known at its end.
                    let removal = if scope == Scope::Block { Vec::new() } else { vec![page.removal(span)] };
                    found.waivers.push(Waiver { span, scope, rules, reason, covers, removal });
                }
                Directive::End(words) => match open.pop().and_then(|at| found.waivers.get_mut(at)) {
                    Some(waiver) => {
                        waiver.covers.end = page.line_end(span);
                        waiver.removal = vec![page.removal(waiver.span), page.removal(span)];
                        // Nothing but blanks stands between them.
                        waiver.removal.dedup_by(|end, start| {
                            let touch = end.start <= start.end;
                            if touch {
                                start.end = end.end;
                            }
                            touch
                        });
                    }
                    None => {
                        let why = "no `allow-block` stands before this `end`".to_owned();
                        found.flaws.push(Flaw { span: words, why });
                    }
                },
            }
        }
        for at in open {
            let Some(waiver) = found.waivers.get(at) else { continue };
            let why = "it opens a block that no `<!-- proclint: end -->` closes".to_owned();
            found.flaws.push(Flaw { span: marks.words(text, waiver.span), why });
        }
    }
}

/// The comments of a list file: from a `#` that starts a line or follows white space.
fn line_comments(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let words = line.trim_end();
        let start = memchr::memchr_iter(b'#', words.as_bytes()).find(|hash| {
            words
                .get(..*hash)
                .is_some_and(|before| before.is_empty() || before.ends_with([' ', '\t', '\u{feff}']))
        });
        found.extend(start.map(|hash| Span::new(at + hash, at + words.len())));
        at += line.len();
    }
    found
}

#[cfg(test)]
mod tests;
