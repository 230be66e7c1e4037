//! A subject as the checks see it: its fields and the structure of its text, worked out on first use and once.

pub mod answers;
pub mod boilerplate;
pub mod comment;
pub mod event;
pub mod field;
pub mod flat;
pub mod front_matter;
mod html;
mod markdown;
mod mask;
pub mod metadata;
pub mod milestone_event;
pub mod neighbour;
pub mod note;
pub mod outline;
pub mod quick_action;
pub mod section;
mod source;
pub mod waiver;

use std::cell::OnceCell;

pub use field::Field;
pub use metadata::Metadata;
pub use outline::Outline;

use self::answers::Answers;
use self::field::roots::Roots;
use crate::scan::Haystack;
use crate::subject::{Format, Role, Subject};
use crate::text::{LineIndex, Span};
use crate::yaml::{self, Limits, Node, YamlError};

/// A subject with everything known about it.
pub struct Document<'s> {
    /// What is looked at.
    pub subject: &'s Subject,
    lines: OnceCell<LineIndex>,
    fields: OnceCell<Fields>,
    outlines: OnceCell<Vec<Outline>>,
    actions: OnceCell<Vec<quick_action::QuickLine>>,
    metadata: OnceCell<Metadata>,
    sections: OnceCell<Vec<section::Section>>,
    words: OnceCell<Vec<flat::Flat>>,
    answers: Answers,
    haystack: OnceCell<Haystack>,
    /// The fields of a record.
    roots: Roots<'s>,
}

/// The fields of a page, an item or a data file.
#[derive(Debug, Default)]
pub struct Fields {
    /// The tree; `None` where there is no YAML or it is broken.
    pub node: Option<Node>,
    /// Why the YAML could not be read.
    pub error: Option<YamlError>,
}

impl<'s> Document<'s> {
    /// A document over `subject`; nothing is parsed yet.
    pub fn new(subject: &'s Subject) -> Self {
        Self {
            subject,
            lines: OnceCell::new(),
            fields: OnceCell::new(),
            outlines: OnceCell::new(),
            actions: OnceCell::new(),
            metadata: OnceCell::new(),
            sections: OnceCell::new(),
            words: OnceCell::new(),
            answers: Answers::default(),
            haystack: OnceCell::new(),
            roots: Roots::of(subject),
        }
    }

    /// The subject's text.
    pub fn text(&self) -> &'s str {
        &self.subject.text
    }

    /// The subject's name and its text, to be searched for literals.
    pub fn haystack(&self) -> &Haystack {
        self.haystack.get_or_init(|| Haystack::of(&[&self.subject.name, self.text()]))
    }

    /// Where the lines start.
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(self.text()))
    }

    /// The fields: a record's header, a page's front matter, a data file's tree.
    pub fn node(&self) -> Option<&Node> {
        self.subject.header.as_ref().or_else(|| self.fields().node.as_ref())
    }

    /// The YAML of a file and what is wrong with it.
    pub fn fields(&self) -> &Fields {
        self.fields.get_or_init(|| {
            let text = self.text();
            let content = match self.subject.format {
                Format::Lines => return Fields::default(),
                Format::Yaml => Span::new(0, text.len()),
                Format::Markdown => match front_matter::find(text) {
                    Some(matter)
                        if self.subject.path.is_some() && matter.language == front_matter::Language::Yaml =>
                    {
                        matter.content
                    }
                    _ => return Fields::default(),
                },
            };
            match yaml::parse(content.of(text), &Limits::subject()) {
                Ok(node) => {
                    let node = node.map(|node| node.shifted(content.start as usize));
                    Fields { node, error: None }
                }
                Err(error) => Fields { node: None, error: Some(error.shifted(content.start as usize)) },
            }
        })
    }

    /// The outlines of the parts, in their order; for a YAML release-post item those of its prose fields.
    pub fn outlines(&self) -> &[Outline] {
        self.outlines.get_or_init(|| source::outlines(self))
    }

    /// The outline of the main text: a file's content, a record's description.
    pub fn body(&self) -> Option<&Outline> {
        self.outlines().iter().find(|outline| outline.role == Role::Body)
    }

    /// The words of each block of the main text, without code, in source order.
    pub fn words(&self) -> &[flat::Flat] {
        let flat = |outline: &Outline| -> Vec<flat::Flat> {
            let blocks = outline.blocks.iter();
            blocks.map(|block| flat::Flat::of_block(self.text(), outline, block, false)).collect()
        };
        self.words.get_or_init(|| self.body().map(flat).unwrap_or_default())
    }

    /// The named parts of the main text, in source order.
    pub fn sections(&self) -> &[section::Section] {
        let named = || self.body().map(|outline| outline.sections(self.text())).unwrap_or_default();
        self.sections.get_or_init(named)
    }

    /// The candidate lines for quick actions of the main text.
    pub fn quick_lines(&self) -> &[quick_action::QuickLine] {
        self.actions.get_or_init(|| {
            let text = self.text();
            if !quick_action::possible(text) {
                return Vec::new();
            }
            let bodies = self.outlines().iter().filter(|outline| outline.role == Role::Body);
            bodies.flat_map(|outline| quick_action::lines(text, outline)).collect()
        })
    }

    /// What conditions asked of it before.
    pub(crate) fn answers(&self) -> &Answers {
        &self.answers
    }

    /// What GitLab would set on a new object made from this template, or what the record says.
    pub fn metadata(&self) -> &Metadata {
        self.metadata.get_or_init(|| Metadata::of(self))
    }

    /// The prose titles of the subject: a record's title, a YAML item's names.
    pub fn titles(&self) -> Vec<Span> {
        source::titles(self)
    }

    /// The file name of the path, without folders.
    pub fn file_name(&self) -> &'s str {
        self.subject.file_name()
    }
}
