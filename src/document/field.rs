//! One way to ask for a value: a record's REST key, a page's front matter, or what a template would set.

pub mod roots;
pub mod said;

use std::borrow::Cow;

use super::Document;
use super::flat::Flat;
use super::outline::Tick;
use super::quick_action::command;
use crate::subject::{Role, Subject};
use crate::text::Span;
use crate::yaml::{Node, Value};

/// A value with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark<'d> {
    /// The value.
    pub text: Cow<'d, str>,
    /// Where it stands.
    pub span: Span,
}

/// Whether a field is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// The record does not carry the key, so nothing can be said about it.
    Absent,
    /// The key is there and empty: null, no item, no text.
    Empty,
    /// It has at least one value.
    Set,
}

impl Presence {
    /// Of a field with `values`, where there is one.
    fn of(values: &[Mark<'_>]) -> Self {
        if values.is_empty() { Self::Empty } else { Self::Set }
    }
}

/// What [`Document::field`] found.
#[derive(Clone, Debug)]
pub struct Field<'d> {
    /// Whether it is there.
    pub presence: Presence,
    /// Where a finding about its absence points: the key, or where the value belongs.
    pub place: Span,
    /// Its values; a scalar has one.
    pub values: Cow<'d, [Mark<'d>]>,
}

/// A [`Field`] whose values are kept elsewhere.
#[derive(Clone, Copy, Debug)]
pub struct Glance<'f> {
    /// Whether it is there.
    pub presence: Presence,
    /// Where a finding about its absence points.
    pub place: Span,
    /// Its values.
    pub values: &'f [Mark<'f>],
}

impl<'f> Glance<'f> {
    fn new(place: Span, values: &'f [Mark<'f>]) -> Self {
        Self { presence: Presence::of(values), place, values }
    }

    /// The first value.
    pub fn first(self) -> Option<&'f Mark<'f>> {
        self.values.first()
    }
}

impl<'d> Field<'d> {
    fn new(place: Span, values: Vec<Mark<'d>>) -> Self {
        Self { presence: Presence::of(&values), place, values: values.into() }
    }

    fn absent(place: Span) -> Self {
        Self { presence: Presence::Absent, place, values: Cow::Borrowed(&[]) }
    }

    /// The field at `path` of a tree.
    pub fn of_node(node: &'d Node, path: &str) -> Self {
        if let Some(found) = node.at(path) {
            let place = found.key.unwrap_or(found.node.span);
            return Self::new(place, values(found.node));
        }
        // `milestone: null` answers for `milestone.title`: the outermost null key is where the value is missing.
        let parent = path.rsplit_once('.').and_then(|(parent, _)| Some((parent, node.at(parent)?)));
        match parent {
            Some((_, found)) if found.node.is_null() => {
                Self::new(found.key.unwrap_or(found.node.span), Vec::new())
            }
            _ => Self::absent(Span::at(node.span.start as usize)),
        }
    }

    /// The field with values that stand nowhere in the text.
    #[must_use]
    pub fn with(self, values: impl IntoIterator<Item = &'d String>) -> Self {
        Self::new(self.place, values.into_iter().map(|value| mark(value, self.place)).collect())
    }

    /// The same field at a glance.
    pub fn glance(&self) -> Glance<'_> {
        Glance { presence: self.presence, place: self.place, values: &self.values }
    }

    /// The first value.
    pub fn first(&self) -> Option<&Mark<'d>> {
        self.values.first()
    }
}

impl<'s> Document<'s> {
    /// The field `key` as [`Document::field`] gives it, where it is kept.
    pub fn kept_field(&self, key: &str) -> Option<Glance<'_>> {
        self.roots.get(key)
    }

    /// The field at `path`: a REST key (`labels`, `milestone.title`), a front-matter key, `path`, `file`, `description`
    /// or `tasks`, the task items of the main text, `tasks.open` and `tasks.done`.
    ///
    /// In a template, metadata is what its quick actions set on a new object.
    pub fn field(&self, path: &str) -> Field<'_> {
        let top = Span::at(0);
        match path {
            "path" => Field::new(top, self.subject.path.iter().map(|p| mark(p, top)).collect()),
            "file" => Field::new(top, vec![mark(self.file_name(), top)]),
            "kind" => Field::new(top, vec![mark(self.subject.kind.name(), top)]),
            "project" if self.subject.project.is_some() => {
                Field::new(top, self.subject.project.iter().map(|p| mark(p, top)).collect())
            }
            "description" => self.description(),
            "headings" => self.headings(),
            "prose" => self.prose(),
            "visible" => self.visible(),
            "references" => self.references(),
            "tasks" => self.tasks(|_| true),
            "tasks.open" => self.tasks(|tick| tick == Tick::Open),
            "tasks.done" => self.tasks(|tick| tick != Tick::Open),
            _ if self.subject.kind.is_template() => self.template_field(path),
            _ => self.tree_field(path),
        }
    }

    fn description(&self) -> Field<'_> {
        if self.subject.header.is_some() {
            return self.tree_field("description");
        }
        match said_in(self.subject) {
            Some(mark) => Field::new(mark.span, vec![mark]),
            None if self.subject.kind.is_record() => self.tree_field("description"),
            None => Field::new(Span::at(self.text().len()), Vec::new()),
        }
    }

    /// The task items of the main text whose box says so, by their own words without nested lists.
    fn tasks(&self, wanted: impl Fn(Tick) -> bool) -> Field<'_> {
        let description = self.description();
        let (Some(outline), false) = (self.body(), description.presence == Presence::Absent) else {
            return description;
        };
        let tasks = (0..).zip(&outline.items).filter_map(|(index, item)| {
            item.task.filter(|(_, tick)| wanted(*tick))?;
            let own = outline.blocks.iter().find(|block| block.item == Some(index));
            let end = own.map_or(item.span.end, |block| block.span.end);
            let span = Span { start: item.span.start, end };
            // A box of `[~]` is text to Markdown.
            let words = Flat::new(self.text(), outline, span, true).text;
            let words = words.trim_start().trim_start_matches("[~]").trim().to_owned();
            Some(Mark { text: words.into(), span })
        });
        Field::new(description.place, tasks.collect())
    }

    fn template_field(&self, path: &str) -> Field<'_> {
        let metadata = self.metadata();
        let key = path.split(['.', '[']).next().unwrap_or_default();
        match key {
            "labels" => {
                let end = Span::at(self.text().len());
                Field::new(metadata.label_command.unwrap_or(end), metadata.labels.clone())
            }
            "milestone" if matches!(path, "milestone" | "milestone.title") => {
                Field::new(metadata.place, metadata.milestone.iter().cloned().collect())
            }
            "assignees" => Field::new(metadata.place, metadata.assignees.clone()),
            "state" => Field::new(metadata.place, vec![mark("opened", metadata.place)]),
            "due_date" => self.single("due"),
            _ if command::find(key).is_some() && key == path => self.single(key),
            _ => Field::absent(metadata.place),
        }
    }

    fn single(&self, command: &str) -> Field<'_> {
        let metadata = self.metadata();
        let found = metadata.single.iter().filter(|(name, _)| *name == command);
        Field::new(metadata.place, found.map(|(_, mark)| mark.clone()).collect())
    }

    fn tree_field(&self, path: &str) -> Field<'_> {
        if let Some(Glance { presence, place, values }) = self.kept_field(path) {
            return Field { presence, place, values: values.into() };
        }
        self.node().map_or_else(|| Field::absent(Span::at(0)), |node| Field::of_node(node, path))
    }
}

/// The main text, where it says anything.
fn said_in(subject: &Subject) -> Option<Mark<'_>> {
    let bodies = subject.parts.iter().filter(|part| part.role == Role::Body);
    let mut marks = bodies.map(|part| mark(part.span.of(&subject.text), part.span));
    marks.find(|mark| !mark.text.trim().is_empty())
}

fn mark(text: &str, span: Span) -> Mark<'_> {
    Mark { text: Cow::Borrowed(text), span }
}

/// The scalars of a node: one for a scalar, all items of a list, the title of an object such as a milestone.
fn values(node: &Node) -> Vec<Mark<'_>> {
    let mut found = Vec::new();
    collect(node, &mut found);
    found
}

fn collect<'n>(node: &'n Node, found: &mut Vec<Mark<'n>>) {
    match &node.value {
        Value::Scalar(_) => {
            let text = node.as_str().filter(|text| !text.trim().is_empty());
            found.extend(text.map(|text| mark(text, node.span)));
        }
        Value::List(items) => {
            found.reserve(items.len());
            items.iter().for_each(|item| collect(item, found));
        }
        Value::Map(entries) => {
            // An iteration of a cadence has no title.
            let title = ["title", "name", "username"].iter().find_map(|key| node.get(key));
            let before = found.len();
            for value in title.into_iter().chain(entries.iter().map(|entry| &entry.value)) {
                collect(value, found);
                if found.len() > before {
                    return;
                }
            }
        }
    }
}
