//! Quick actions that belong together: a label that moves an object on, and the commands that go with it.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::code::{self, Action};
use crate::check::{Hit, Sink, View};
use crate::cond::folded;
use crate::diagnostic::{Edit, Fix};
use crate::document::Document;
use crate::document::field::Mark;
use crate::document::metadata::{applied_labels, milestone};
use crate::document::outline::BlockKind;
use crate::remedy::appended;
use crate::scan::Need;
use crate::text::Span;

/// Which commands go with which label.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sets {
    /// What the labels have before the keys of `sets`.
    prefix: String,
    sets: BTreeMap<String, Vec<Companion>>,
    /// The milestones that go with a key, where it is not any.
    #[serde(default)]
    milestones: BTreeMap<String, Vec<String>>,
    team_labels: Vec<String>,
    /// The command that completes the set of a key.
    #[serde(default)]
    completed_by: BTreeMap<String, String>,
    /// Whether these labels ought to be taken away by the sets of `leaving`.
    suggest_unlabel_substates: bool,
    sub_states: Vec<String>,
    leaving: Vec<String>,
}

/// What goes with a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Companion {
    Milestone,
    Assign,
    Close,
    TeamLabel,
}

impl Sets {
    pub const VARIANTS: &'static [&'static str] = &["set", "unlabel"];

    /// A label that moves the object on.
    pub fn need(&self) -> Need {
        Need::Any(vec![self.prefix.clone()])
    }

    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let doc = view.doc;
        if doc.subject.kind.is_template() {
            let group = code::template(doc);
            let labels = &doc.metadata().labels;
            // What is dead in a template cannot go with a label there.
            self.judge(doc, &group, labels, &[Companion::Close], sink);
            return;
        }
        for group in code::groups(doc) {
            let labels: Vec<_> = group
                .iter()
                .filter(|action| matches!(action.command.canonical, "label" | "relabel"))
                .flat_map(|action| applied_labels(doc.text(), action.argument))
                .collect();
            self.judge(doc, &group, &labels, &[], sink);
        }
    }

    fn judge(
        &self,
        doc: &Document<'_>,
        group: &[Action],
        labels: &[Mark<'_>],
        dead: &[Companion],
        sink: &mut Sink<'_>,
    ) {
        let text = doc.text();
        for mark in labels {
            let Some(key) = mark.text.strip_prefix(self.prefix.as_str()) else { continue };
            let Some(companions) = self.sets.get(key) else { continue };
            if companions.iter().any(|companion| dead.contains(companion)) {
                continue;
            }
            let missing: Vec<_> = companions
                .iter()
                .filter(|companion| !self.has(**companion, key, text, group, labels))
                .map(|companion| companion.name())
                .collect();
            let missing = missing.join(" and ");
            let values = [("hit", mark.span.of(text)), ("name", &mark.text), ("other", &missing)];
            if !missing.is_empty() {
                let fix = self.completion(doc, key, mark.span, group);
                sink.report(Hit::at(mark.span, &values).variant("set").fix(fix));
            }
            if self.suggest_unlabel_substates
                && dead.is_empty()
                && self.leaving.iter().any(|leaving| leaving == key)
                && !self.takes_sub_states(text, group)
            {
                sink.report(Hit::at(mark.span, &values).variant("unlabel"));
            }
        }
    }

    fn has(
        &self,
        companion: Companion,
        key: &str,
        text: &str,
        group: &[Action],
        labels: &[Mark<'_>],
    ) -> bool {
        let command = |names: &[&str]| group.iter().any(|action| names.contains(&action.command.canonical));
        match companion {
            Companion::Close => command(&["close"]),
            Companion::Assign => command(&["assign", "reassign"]),
            Companion::TeamLabel => {
                labels.iter().any(|mark| self.team_labels.iter().any(|team| *team == mark.text))
            }
            Companion::Milestone => group
                .iter()
                .filter(|action| action.command.canonical == "milestone")
                .any(|action| self.fits(key, &milestone(text, action.argument).text)),
        }
    }

    /// The command that is missing, at the end of a template, or beside the label at `token` of a page.
    fn completion(&self, doc: &Document<'_>, key: &str, token: Span, group: &[Action]) -> Option<Fix> {
        let line = self.completed_by.get(key)?;
        let word = line.split_whitespace().next()?.trim_start_matches('/');
        // One of the same name with another value is for the author to correct.
        if group.iter().any(|action| action.command.canonical == word) {
            return None;
        }
        let (text, safe) = (doc.text(), doc.subject.kind.is_template());
        let edit = if safe {
            appended(doc, line)
        } else {
            let outline = doc.outlines().iter().find(|outline| outline.span.contains(token))?;
            let piece = outline.pieces.iter().find(|piece| piece.span.contains(token))?;
            match outline.block_of(piece)?.kind {
                BlockKind::Code => {
                    let own = doc.lines().line_span(doc.lines().line_of(token.start), text);
                    let source = own.of(text);
                    let indent = &source[..source.len() - source.trim_start().len()];
                    let end = own.start as usize + source.trim_end_matches(['\r', '\n']).len();
                    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
                    Edit { span: Span::at(end), text: format!("{newline}{indent}{line}") }
                }
                _ => Edit { span: Span::at(piece.span.end as usize), text: format!(" <br> `{line}`") },
            }
        };
        Some(Fix { title: format!("Add `{line}`"), safe, edits: vec![edit] })
    }

    /// Whether a milestone goes with `key`; one that the reader fills in does.
    fn fits(&self, key: &str, title: &str) -> bool {
        let open = title.is_empty() || title.contains(['<', '[', '{', '…']) || title.contains("...");
        let named = |names: &Vec<String>| open || names.iter().any(|name| folded(name) == folded(title));
        self.milestones.get(key).is_none_or(named)
    }

    fn takes_sub_states(&self, text: &str, group: &[Action]) -> bool {
        let taken = group.iter().filter(|action| action.command.canonical == "unlabel");
        let mut taken = taken.flat_map(|action| applied_labels(text, action.argument));
        taken.any(|mark| self.sub_states.iter().any(|state| *state == mark.text))
    }
}

impl Companion {
    fn name(self) -> &'static str {
        match self {
            Self::Milestone => "`/milestone`",
            Self::Assign => "`/assign`",
            Self::Close => "`/close`",
            Self::TeamLabel => "a team label",
        }
    }
}
