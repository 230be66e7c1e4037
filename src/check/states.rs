//! A state machine of labels, written down in the rule.

mod flaw;
pub mod machine;
mod replay;
pub mod stay;
mod transition;

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, de::Error};

use super::{Hit, Sink, View};
use crate::diagnostic::{Edit, Fix};
use crate::document::Document;
use crate::document::field::{Mark, Presence};
use crate::scan::Need;
use crate::subject::{Detail, Details};
use crate::text::Span;
use crate::yaml::Node;

/// The machine; which of its states a subject is in is said by its labels.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct States {
    /// What is looked for.
    #[serde(default)]
    find: Find,
    /// What the names of the labels have before the name of the state.
    #[serde(default)]
    prefix: String,
    /// The states; where two contradict each other, the one that comes first stands and the other is stale.
    states: Vec<State>,
    /// Of two states the one that comes last stands instead.
    #[serde(default)]
    last_stands: bool,
    /// A sub-state does not stand without the label of its parent.
    #[serde(default)]
    require_parent_label: bool,
    /// Steps beside those of the states.
    #[serde(default)]
    extra: BTreeMap<String, Vec<String>>,
    /// Minutes within which events are one change.
    #[serde(default)]
    fold_minutes: i64,
    /// Days before today in which steps are looked at; all where absent.
    since_days: Option<i64>,
    /// Users whose steps are not looked at.
    #[serde(default)]
    ignore_actors: Vec<String>,
    /// Days of the week without work.
    #[serde(default)]
    weekend: Vec<String>,
    /// Further days without work, `YYYY-MM-DD`.
    #[serde(default)]
    holidays: Vec<String>,
}

/// What is looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Find {
    /// States that contradict each other.
    #[default]
    Contradiction,
    /// Steps from state to state that the machine does not have.
    Transition,
    /// States that last for too long.
    Stay,
}

/// One state; a name alone is one too.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
struct State {
    /// Its name, the label without the prefix.
    name: String,
    /// The state that it is a part of; their labels may stand together.
    parent: Option<String>,
    /// It is an end: only what is reopened leaves it.
    #[serde(default)]
    terminal: bool,
    /// The states that may follow; `assigned*` stands for all whose names begin so.
    #[serde(default)]
    next: Vec<String>,
    /// Business days that it may last.
    stay: Option<i64>,
}

impl<'de> Deserialize<'de> for State {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let node = Node::deserialize(deserializer)?;
        match node.as_str() {
            Some(name) => Ok(Self { name: name.to_owned(), ..Self::default() }),
            None => Self::deserialize(&node).map_err(D::Error::custom),
        }
    }
}

/// A state that a subject is in.
struct Present<'a> {
    state: &'a State,
    mark: &'a Mark<'a>,
}

impl States {
    /// The values that messages may name: the label, and the one that stands or is missing beside it.
    pub const VALUES: &'static [&'static str] = &["hit", "label", "other"];

    /// What the names of the labels have before the name of the state.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The variants the check may report.
    pub fn variants(&self) -> Vec<&str> {
        match self.find {
            Find::Contradiction => vec!["contradiction", "parent-missing"],
            Find::Transition => vec!["step", "reopen"],
            Find::Stay => vec!["stay"],
        }
    }

    /// The details of a record that it looks at.
    pub fn details(&self) -> Details {
        match self.find {
            Find::Contradiction => Details::NONE,
            Find::Transition => Details::from(Detail::LabelEvents).with(Detail::StateEvents),
            Find::Stay => Detail::LabelEvents.into(),
        }
    }

    /// The labels begin with the prefix.
    pub fn need(&self) -> Need {
        if self.prefix.is_empty() { Need::Nothing } else { Need::Any(vec![self.prefix.clone()]) }
    }

    /// Finds it.
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        match self.find {
            Find::Contradiction => self.contradictions(view, sink),
            Find::Transition => self.transitions(view, sink),
            Find::Stay => self.stays(view, sink),
        }
    }

    /// Reports every stale state, and sub-states without their parent where that is asked.
    fn contradictions(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let labels = view.doc.field("labels");
        if labels.presence == Presence::Absent {
            return sink.not_checked("the record has no `labels`");
        }
        let mut present: Vec<_> =
            self.states.iter().filter_map(|state| self.present(state, &labels.values)).collect();
        if self.last_stands {
            present.reverse();
        }
        let mut standing: Vec<&Present<'_>> = Vec::new();
        for candidate in &present {
            match standing.iter().find(|other| !self.agree(candidate.state, other.state)) {
                Some(other) => {
                    let values = [
                        ("hit", candidate.mark.span.of(view.doc.text())),
                        ("label", &candidate.mark.text),
                        ("other", &other.mark.text),
                    ];
                    let hit = Hit::at(candidate.mark.span, &values).variant("contradiction");
                    let hit = hit.related(other.mark.span, "the state that stands");
                    sink.report(hit.fix(removal(view.doc, candidate.mark.span)));
                }
                None => standing.push(candidate),
            }
        }
        for candidate in standing.iter().filter(|_| self.require_parent_label) {
            let Some(parent) = &candidate.state.parent else { continue };
            if !standing.iter().any(|other| other.state.name == *parent) {
                let other = format!("{}{parent}", self.prefix);
                let values = [
                    ("hit", candidate.mark.span.of(view.doc.text())),
                    ("label", &candidate.mark.text),
                    ("other", other.as_str()),
                ];
                sink.report(Hit::at(candidate.mark.span, &values).variant("parent-missing"));
            }
        }
    }

    fn present<'a>(&self, state: &'a State, labels: &'a [Mark<'a>]) -> Option<Present<'a>> {
        let named = |mark: &&Mark<'_>| mark.text.strip_prefix(self.prefix.as_str()) == Some(&state.name);
        labels.iter().find(named).map(|mark| Present { state, mark })
    }

    /// Whether one state is the other, or a part of it.
    fn agree(&self, one: &State, other: &State) -> bool {
        self.is_within(one, other) || self.is_within(other, one)
    }

    fn is_within(&self, inner: &State, outer: &State) -> bool {
        let mut state = Some(inner);
        // As many steps as there are states, so that a machine with a cycle ends too.
        for _ in &self.states {
            match state {
                Some(found) if found.name == outer.name => return true,
                Some(found) => {
                    state =
                        found.parent.as_ref().and_then(|name| self.states.iter().find(|s| s.name == *name));
                }
                None => return false,
            }
        }
        false
    }
}

/// Takes the label at `token` out of the command of a template that sets it.
fn removal(document: &Document<'_>, token: Span) -> Option<Fix> {
    let text = document.text();
    let is_template = document.subject.kind.is_template();
    let line = document.quick_lines().iter().find(|line| is_template && line.argument.contains(token))?;
    let span = if line.argument == token {
        document.lines().line_span(document.lines().line_of(token.start), text)
    } else {
        let rest = Span { start: token.end, end: line.argument.end }.of(text);
        let blank = rest.len() - rest.trim_start_matches([' ', '\t', ',']).len();
        let before = Span { start: line.argument.start, end: token.start }.of(text);
        let before = before.len() - before.trim_end_matches([' ', '\t', ',']).len();
        let start = token.start as usize - if rest.is_empty() { before } else { 0 };
        Span::new(start, token.end as usize + blank)
    };
    let edits = vec![Edit { span, text: String::new() }];
    Some(Fix { title: format!("Remove the stale label `{}`", token.of(text)), safe: true, edits })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::file_subject;
    use crate::subject::{Format, Kind};

    fn without(text: &str, label: &str) -> String {
        let path = ".gitlab/issue_templates/a.md";
        let subject = file_subject(path, text.to_owned(), Kind::IssueTemplate, Format::Markdown);
        let document = Document::new(&subject);
        let labels = document.field("labels");
        let mark = labels.values.iter().find(|mark| mark.text == label).unwrap();
        let fix = removal(&document, mark.span).unwrap();
        let mut text = text.to_owned();
        text.replace_range(fix.edits[0].span.range(), "");
        text
    }

    #[test]
    fn a_stale_label_leaves_its_command() {
        assert_eq!(without("/label ~a ~\"b c\" ~d\n", "b c"), "/label ~a ~d\n");
        assert_eq!(without("/label ~a ~d\n/due\n", "d"), "/label ~a\n/due\n");
        assert_eq!(without("x\n\n/label ~a\r\n/due\r\n", "a"), "x\n\n/due\r\n");
    }
}
