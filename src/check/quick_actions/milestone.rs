//! Milestones that everybody uses, written almost as they are called: GitLab finds none and drops the command.

use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

use super::effective;
use crate::check::labels::url;
use crate::check::{Hit, Sink, View};
use crate::diagnostic::{Edit, Fix};
use crate::document::outline::{Class, Outline};
use crate::document::quick_action::arguments::{own, tokens};
use crate::pattern::holds;
use crate::scan::Need;
use crate::subject::Kind;
use crate::text::Span;
use crate::yaml::Node;

/// A reference to a milestone in prose, with its name.
static REFERENCE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?:^|[\s(\[,;:>|])%(?:"([^"\n]+)"|([A-Za-z0-9_.-]*[A-Za-z0-9_-]))"#).ok());

/// The parameter of a query that holds a milestone.
const TITLE: &str = "milestone_title";

/// The exact names of milestones.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Milestones {
    names: Vec<String>,
    /// Other spellings that there are too.
    aliases: Vec<String>,
    /// A label of that name is reported even where it may exist.
    forbid_as_label: bool,
}

impl Milestones {
    pub const VARIANTS: &'static [&'static str] = &["label"];

    /// The first word of a name stands in every spelling of it.
    pub fn need(&self) -> Need {
        let word = |name: &String| name.split(' ').next().unwrap_or_default().to_owned();
        Need::Any(self.names.iter().map(word).collect())
    }

    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let doc = view.doc;
        let text = doc.text();
        if doc.subject.kind == Kind::Page {
            // A reference starts with the sign, and a query that encodes its keys has it, too.
            if !text.contains('%') && !holds(text, TITLE) {
                return;
            }
            for outline in doc.outlines() {
                self.references(text, outline, sink);
                self.queries(text, outline, sink);
            }
            return;
        }
        for (line, command) in effective(doc) {
            let (argument, _) = own(text, line.argument);
            match command.canonical {
                "milestone" => self.milestone(text, argument, sink),
                "label" => self.labels(view, argument, sink),
                _ => {}
            }
        }
    }

    /// The name as it is, where `written` is almost it.
    fn exact(&self, written: &str) -> Option<&str> {
        let known = self.names.iter().chain(&self.aliases).any(|name| name == written);
        let name = self.names.iter().find(|name| folded(name) == folded(written));
        name.filter(|_| !known).map(String::as_str)
    }

    fn milestone(&self, text: &str, argument: Span, sink: &mut Sink<'_>) {
        let source = argument.of(text);
        let (sigil, name) = source.strip_prefix('%').map_or((0, source), |name| (1, name));
        let quoted = name.strip_prefix('"').and_then(|name| name.split_once('"')).map(|(name, _)| name);
        let (skip, name) = match quoted {
            Some(name) => (1, name),
            // After the sigil a name ends at the first space.
            None if sigil == 1 => (0, name.split_whitespace().next().unwrap_or_default()),
            None => (0, name),
        };
        let start = argument.start as usize + sigil + skip;
        let span = Span::new(start, start + name.len());
        let outer =
            if quoted.is_none() && sigil == 1 { Span { start: argument.start, ..span } } else { span };
        self.judge(text, span, outer, sink);
    }

    /// `outer` is what an edit replaces: the name, or the sigil too where the name needs quotes.
    fn judge(&self, text: &str, span: Span, outer: Span, sink: &mut Sink<'_>) {
        let Some(exact) = self.exact(span.of(text)) else { return };
        let with_sigil = if exact.contains(' ') { format!("%\"{exact}\"") } else { format!("%{exact}") };
        let replacement = if outer == span { exact.to_owned() } else { with_sigil };
        report(text, span, exact, Edit { span: outer, text: replacement }, sink);
    }

    /// A label of that name is meant as the milestone, unless there is such a label.
    fn labels(&self, view: View<'_>, argument: Span, sink: &mut Sink<'_>) {
        let text = view.doc.text();
        let listed = view.doc.node().and_then(|node| node.get("label_catalogue")).map(Node::items);
        let listed = listed.unwrap_or_default();
        let told = !view.world.labels.is_empty() || !listed.is_empty();
        for token in tokens(text, argument, '~') {
            let name = token.text(text);
            let exists =
                view.world.labels.contains(name) || listed.iter().any(|label| label.as_str() == Some(name));
            let meant = self.names.iter().find(|special| folded(special) == folded(name));
            if let Some(exact) = meant.filter(|_| self.forbid_as_label || (told && !exists)) {
                let span = token.span_without_comma(text);
                let values = [("hit", span.of(text)), ("best", exact.as_str())];
                sink.report(Hit::at(span, &values).variant("label"));
            }
        }
    }

    fn references(&self, text: &str, outline: &Outline, sink: &mut Sink<'_>) {
        let Some(reference) = REFERENCE.as_ref() else { return };
        for piece in outline.prose() {
            for found in reference.captures_iter(piece.span.of(text)) {
                let Some(name) = found.get(1).or_else(|| found.get(2)) else { continue };
                let span = Span::from(name.range()).shifted(piece.span.start as usize);
                let bare = found.get(1).is_none();
                self.judge(
                    text,
                    span,
                    if bare { Span { start: span.start - 1, ..span } } else { span },
                    sink,
                );
            }
        }
    }

    fn queries(&self, text: &str, outline: &Outline, sink: &mut Sink<'_>) {
        let bare = outline.pieces.iter().filter(|piece| piece.class == Class::Url).map(|piece| piece.span);
        for url in outline.links.iter().filter_map(|link| link.target_span).chain(bare) {
            for value in url::values(text, url, TITLE) {
                let written = value.of(text);
                if let Some(exact) = self.exact(&url::decoded(written)) {
                    let replacement = url::encoded(exact, written).into_owned();
                    report(text, value, exact, Edit { span: value, text: replacement }, sink);
                }
            }
        }
    }
}

fn report(text: &str, span: Span, exact: &str, edit: Edit, sink: &mut Sink<'_>) {
    let fix = Fix { title: format!("Write `{exact}`"), safe: true, edits: vec![edit] };
    let values = [("hit", span.of(text)), ("best", exact)];
    sink.report(Hit::at(span, &values).fix(Some(fix)));
}

/// `name` in small letters, with one space for each run of blanks, `_` and `-`.
fn folded(name: &str) -> String {
    let words = name.split(|c: char| c.is_whitespace() || matches!(c, '_' | '-'));
    words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}
