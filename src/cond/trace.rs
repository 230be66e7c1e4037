//! A condition told step by step: what each part of it asks, what stands there, and whether it holds.

use serde::Serialize;

use super::section::titled;
use super::{Cond, Scope, Verdict};
use crate::document::Document;
use crate::document::field::Mark;
use crate::text::{Position, Span};
use crate::world::World;
use crate::yaml::{DecodeError, Entry, Node, from_node};

/// The most values, or entries of a list, that one part of a trace shows.
const SHOWN: usize = 8;

/// The most characters of a value that a trace shows.
const WIDTH: usize = 120;

/// One part of a condition on a subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Trace {
    /// What is asked, as the rule's file says it.
    pub asked: String,
    /// Whether it holds; `None` where the subject does not tell.
    pub holds: Option<bool>,
    /// The key that the subject lacks, where it does not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lacks: Option<String>,
    /// What was worked out from the values, such as a number of days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The values it was asked of.
    pub seen: Vec<Seen>,
    /// How many more values there are.
    pub more: usize,
    /// The conditions it consists of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Trace>,
}

/// A value, or the place where one is missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// The field, where the condition asks for several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The value, long ones cut; `None` where there is none.
    pub text: Option<String>,
    /// Where it stands.
    #[serde(flatten)]
    pub at: Position,
}

impl Trace {
    /// Something that is asked and needs no condition to tell.
    pub fn told(asked: impl Into<String>, verdict: Verdict<'_>) -> Self {
        let (holds, lacks) = match verdict {
            Verdict::True => (Some(true), None),
            Verdict::False => (Some(false), None),
            Verdict::Unknown(field) => (None, Some(field.to_owned())),
        };
        let (note, seen, parts) = (None, Vec::new(), Vec::new());
        Self { asked: asked.into(), holds, lacks, note, seen, more: 0, parts }
    }
}

impl Cond {
    /// Tells each part of the condition `node`, which must be a sound one, on `document`; for people who ask why, so
    /// that what a rule runs carries no words.
    ///
    /// # Errors
    /// Where `node` is no sound condition.
    pub fn trace(node: &Node, document: &Document<'_>, world: &World) -> Result<Vec<Trace>, DecodeError> {
        Tracer { document, world }.condition(node, Scope::Document(document))
    }
}

struct Tracer<'t> {
    document: &'t Document<'t>,
    world: &'t World,
}

impl<'t> Tracer<'t> {
    fn condition(&self, node: &Node, scope: Scope<'t>) -> Result<Vec<Trace>, DecodeError> {
        node.entries().iter().map(|entry| self.entry(entry, node, scope)).collect()
    }

    fn entry(&self, entry: &Entry, of: &Node, scope: Scope<'t>) -> Result<Trace, DecodeError> {
        let alone = Node { span: of.span, value: crate::yaml::Value::Map(vec![entry.clone()]) };
        let cond = Cond::read(&alone, true)?;
        let verdict = cond.holds_in(scope, self.world);
        let value = &entry.value;
        let mut trace = Trace::told(format!("{}: {}", entry.key, worded(value)), verdict);
        match entry.key.as_str() {
            "if" => {}
            "any-of" => {
                entry.key.as_str().clone_into(&mut trace.asked);
                for (number, item) in (1..).zip(value.items()) {
                    let cond = Cond::read(item, true)?;
                    let verdict = cond.holds_in(scope, self.world);
                    let parts = self.condition(item, scope)?;
                    trace.parts.push(Trace { parts, ..Trace::told(format!("choice {number}"), verdict) });
                }
            }
            "not" => {
                entry.key.as_str().clone_into(&mut trace.asked);
                trace.parts = self.condition(value, scope)?;
            }
            "items" => self.items(value, scope, &mut trace)?,
            "days" => self.days(value, scope, &mut trace)?,
            "section" => {
                let named: Vec<_> =
                    titled(self.document).map(|section| (section.name.as_str(), section.lead)).collect();
                trace.seen = self.show(&mut trace.more, named.into_iter());
            }
            "comments" => {
                let notes = self.document.notes();
                let human = notes.map(|notes| notes.iter().filter(|note| note.is_human()).count());
                trace.note = human.map(|human| format!("comments by people: {human}"));
            }
            path => trace.seen = self.field(path, scope, &mut trace.more),
        }
        Ok(trace)
    }

    fn field(&self, path: &str, scope: Scope<'t>, more: &mut usize) -> Vec<Seen> {
        let field = scope.field(path, self.world);
        if field.values.is_empty() {
            return vec![Seen { field: None, text: None, at: self.position(field.place) }];
        }
        self.show(more, field.values.iter().map(|Mark { text, span }| (&**text, *span)))
    }

    /// The days between two dates, and the dates.
    fn days(&self, node: &Node, scope: Scope<'t>, trace: &mut Trace) -> Result<(), DecodeError> {
        let days: super::days::Days = from_node(node)?;
        trace.note = days.between(scope, self.world).ok().map(|days| format!("days between them: {days}"));
        for path in days.fields() {
            let seen = self.field(path, scope, &mut trace.more).into_iter();
            trace.seen.extend(seen.map(|seen| Seen { field: Some(path.to_owned()), ..seen }));
        }
        Ok(())
    }

    /// The entries of a list, and for each whether it counts.
    fn items(&self, node: &Node, scope: Scope<'t>, trace: &mut Trace) -> Result<(), DecodeError> {
        let path = node.get("of").and_then(Node::as_str).unwrap_or_default();
        let Some(list) = scope.node().and_then(|node| node.at(path)) else { return Ok(()) };
        let wanted = node.get("where");
        let mut count = 0;
        for (index, item) in list.node.items().iter().enumerate() {
            let entry = Scope::Entry(item);
            let cond = wanted.map(|cond| Cond::read(cond, true)).transpose()?.unwrap_or_default();
            let verdict = cond.holds_in(entry, self.world);
            count += usize::from(verdict == Verdict::True);
            if index < SHOWN {
                let parts = wanted.map(|cond| self.condition(cond, entry)).transpose()?.unwrap_or_default();
                trace.parts.push(Trace { parts, ..Trace::told(format!("{path}[{index}]"), verdict) });
            } else {
                trace.more += 1;
            }
        }
        trace.note = Some(format!("entries that count: {count}"));
        Ok(())
    }

    fn show<'v>(
        &self,
        more: &mut usize,
        values: impl ExactSizeIterator<Item = (&'v str, Span)>,
    ) -> Vec<Seen> {
        *more += values.len().saturating_sub(SHOWN);
        let seen = |(text, span)| Seen { field: None, text: Some(cut(text)), at: self.position(span) };
        values.take(SHOWN).map(seen).collect()
    }

    fn position(&self, span: Span) -> Position {
        self.document.lines().position(span.start, self.document.text())
    }
}

/// What is asked of a field; a long list is cut.
fn worded(node: &Node) -> String {
    let text = node.as_str().map(str::to_owned).or_else(|| serde_json::to_string(node).ok());
    cut(&text.unwrap_or_default())
}

/// The first characters of `text`.
fn cut(text: &str) -> String {
    match text.char_indices().nth(WIDTH) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default().trim_end()),
        None => text.to_owned(),
    }
}
