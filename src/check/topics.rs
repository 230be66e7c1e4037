//! Topics that a description has to address, in whatever form.

mod evidence;
mod unit;

use serde::Deserialize;

use self::evidence::Evidence;
use self::unit::Units;
use super::require::Place;
use super::{Hit, Sink, View};
use crate::scan::Need;
use crate::text::Span;

/// Topics that a document has to address because of what stands at a place.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topics {
    /// What makes the topics necessary; the first place that there is.
    at: Vec<Place>,
    /// The topics.
    agenda: Agenda,
}

/// Topics, and how missing ones are reported.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agenda {
    /// The names of the topics that are asked for; all where absent.
    asked: Option<Vec<String>>,
    /// The topics.
    topics: Vec<Topic>,
    /// One finding names all that is missing; else each topic has its own, a variant of its name.
    #[serde(default)]
    together: bool,
}

/// A topic.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// What messages and variants call it.
    name: String,
    /// The task that a fix adds for it.
    #[serde(default)]
    task: String,
    /// What addresses it; one is enough.
    #[serde(default)]
    any: Vec<Evidence>,
}

impl Topics {
    /// The values that messages may name.
    pub const VALUES: &'static [&'static str] = &["hit", "missing", "tasks"];

    /// The variants the check may report.
    pub fn variants(&self) -> Vec<&str> {
        self.agenda.variants()
    }

    /// A place that is a value is found only where the text holds it.
    pub fn need(&self) -> Need {
        let literals: Option<Vec<_>> = self.at.iter().map(Place::literals).collect();
        literals.map_or(Need::Nothing, |lists| Need::Any(lists.into_iter().flatten().collect()))
    }

    /// Reports the topics that the text does not address.
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let Some(spot) = self.at.iter().find_map(|place| place.find(view.doc)) else { return };
        let missing = self.agenda.missing(view);
        self.agenda.report(&missing, spot.span, spot.span.of(view.doc.text()), sink);
    }
}

impl Agenda {
    /// The variants it may report.
    pub fn variants(&self) -> Vec<&str> {
        self.topics.iter().map(|topic| topic.name.as_str()).collect()
    }

    /// Whether no topic is asked for.
    pub fn is_empty(&self) -> bool {
        self.asked().next().is_none()
    }

    fn asked(&self) -> impl Iterator<Item = &Topic> {
        let asked = |topic: &&Topic| self.asked.as_ref().is_none_or(|asked| asked.contains(&topic.name));
        self.topics.iter().filter(asked)
    }

    /// Whether one finding names all that is missing.
    pub fn is_together(&self) -> bool {
        self.together
    }

    /// The topics that the description does not address.
    pub fn missing(&self, view: View<'_>) -> Vec<&Topic> {
        let units = Units::of(view.doc);
        let addressed = |topic: &Topic| topic.any.iter().any(|evidence| evidence.is_given(view, &units));
        self.asked().filter(|topic| !addressed(topic)).collect()
    }

    /// Reports the `missing` topics at `span`, where `hit` made them necessary.
    pub fn report(&self, missing: &[&Topic], span: Span, hit: &str, sink: &mut Sink<'_>) {
        let say = |topics: &[&Topic], variant: &str, sink: &mut Sink<'_>| {
            let names: Vec<_> = topics.iter().map(|topic| topic.name.as_str()).collect();
            let tasks = topics.iter().filter(|topic| !topic.task.is_empty());
            let tasks: Vec<_> = tasks.map(|topic| format!("- [ ] {}", topic.task)).collect();
            let (names, tasks) = (names.join(", "), tasks.join("\n"));
            let values = [("hit", hit), ("missing", &*names), ("tasks", &*tasks)];
            sink.report(Hit::at(span, &values).variant(variant));
        };
        if self.together && !missing.is_empty() {
            say(missing, "", sink);
        }
        for topic in missing.iter().filter(|_| !self.together) {
            say(&[*topic], &topic.name, sink);
        }
    }
}
