//! Fields that belong to another team: who changed them, or would with a template or a comment.

use serde::Deserialize;

use crate::check::{Hit, Sink, View};
use crate::diagnostic::{Edit, Fix};
use crate::document::Document;
use crate::document::event::timestamp;
use crate::document::field::Mark;
use crate::document::metadata::applied_labels;
use crate::document::quick_action::arguments::own;
use crate::document::quick_action::{self, QuickLine};
use crate::globs::Globs;
use crate::pattern::Pattern;
use crate::scan::Need;
use crate::text::Span;
use crate::yaml::Node;

/// Whose issues, which fields, and who leaves them alone.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guarded {
    /// The labels of the issues whose fields are guarded.
    security_labels: Vec<String>,
    /// The guarded labels.
    protected_labels: Globs,
    /// How GitLab notes a changed due date; its group `hit` is the date.
    due_date_notes: Pattern,
    /// The users who leave the fields alone.
    pm_handles: Vec<String>,
}

impl Guarded {
    pub const VARIANTS: &'static [&'static str] = &["command", "template"];

    /// Nothing is guarded without one of the labels.
    pub fn need(&self) -> Need {
        Need::Any(self.security_labels.clone())
    }

    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let (doc, text) = (view.doc, view.doc.text());
        let set =
            doc.quick_lines().iter().filter(|line| line.runs(text).is_some_and(|c| c.canonical == "label"));
        let set = set.flat_map(|line| applied_labels(text, own(text, line.argument).0));
        let labels = doc.field("labels");
        let template = doc.subject.kind.is_template();
        let guarded = |name: &str| self.security_labels.iter().any(|label| label == name);
        let own = labels.values.iter().any(|mark| guarded(&mark.text));
        if !own && (template || !set.map(|mark| mark.text).any(|name| guarded(&name))) {
            return;
        }
        if template {
            return self.commands(text, doc.quick_lines(), "", "template", sink);
        }
        let written = doc.node().and_then(|node| node.get("pm_handles")).map(Node::items).unwrap_or_default();
        let written = written.iter().filter_map(Node::as_str);
        let handles: Vec<&str> = self.pm_handles.iter().map(String::as_str).chain(written).collect();
        if handles.is_empty() {
            return sink.not_checked("the parameter `pm_handles` names no product managers");
        }
        let is_manager = |user: Option<&str>| {
            let handles = handles.iter().map(|handle| handle.trim_start_matches('@'));
            user.is_some_and(|user| handles.into_iter().any(|handle| user.eq_ignore_ascii_case(handle)))
        };
        let author = doc.field("author");
        if let Some(author) = author.first().filter(|author| is_manager(Some(&*author.text))) {
            self.commands(text, doc.quick_lines(), &author.text, "command", sink);
        }
        self.events(doc, &is_manager, sink);
        self.comments(doc, &is_manager, sink);
    }

    /// Changes after the issue became one of the guarded.
    fn events(&self, doc: &Document<'_>, is_manager: &dyn Fn(Option<&str>) -> bool, sink: &mut Sink<'_>) {
        let keys = ["resource_label_events", "label_events", "events"];
        let lists: Vec<_> = keys.iter().filter_map(|key| doc.node()?.get(key)).collect();
        if lists.is_empty() {
            return sink.not_checked("the record has no label events");
        }
        let since = self.since(doc);
        let after = |at: Option<&str>| since.is_none() || at.and_then(timestamp) > since;
        for event in doc.label_events() {
            if self.protected_labels.has(event.label) && is_manager(event.by) && after(Some(event.at)) {
                report(doc, event.span, event.by, "", sink);
            }
        }
        for event in lists.into_iter().flat_map(Node::items) {
            let text = |keys: [&str; 2]| keys.iter().find_map(|key| event.get(key)?.as_str());
            let user = text(["user", "actor"]);
            if text(["action", "field"]) == Some("due_date")
                && is_manager(user)
                && after(text(["at", "created_at"]))
            {
                let date = event.get("value").filter(|value| value.as_str().is_some());
                report(doc, date.unwrap_or(event).span, user, "", sink);
            }
        }
    }

    /// Notes of GitLab about due dates, and commands in comments.
    fn comments(&self, doc: &Document<'_>, is_manager: &dyn Fn(Option<&str>) -> bool, sink: &mut Sink<'_>) {
        let since = self.since(doc);
        for comment in doc.comments().unwrap_or_default() {
            if !is_manager(comment.author) || (since.is_some() && comment.at.and_then(timestamp) <= since) {
                continue;
            }
            if let Some(outline) = comment.outline {
                let lines = quick_action::lines(doc.text(), outline);
                self.commands(doc.text(), &lines, comment.author.unwrap_or_default(), "command", sink);
            } else if let Some(date) =
                self.due_date_notes.hits(comment.body).first().filter(|_| comment.system)
            {
                let span = Span::from(date.range()).shifted(comment.span.start as usize);
                report(doc, span, comment.author, "", sink);
            }
        }
    }

    /// When the first of the security labels was added; unknown where the record does not tell.
    fn since(&self, doc: &Document<'_>) -> Option<jiff::Timestamp> {
        let added = doc.label_events().into_iter().filter(|event| event.added);
        let guarded = added.filter(|event| self.security_labels.iter().any(|label| label == event.label));
        guarded.filter_map(|event| timestamp(event.at)).min()
    }

    /// Reports the commands that change a guarded field.
    fn commands(&self, text: &str, lines: &[QuickLine], user: &str, variant: &str, sink: &mut Sink<'_>) {
        for line in lines {
            let Some(command) = line.runs(text) else { continue };
            let (argument, _) = own(text, line.argument);
            // A scope alone asks the author for a label that is not there.
            let protected = || {
                applied_labels(text, argument)
                    .iter()
                    .any(|mark| self.protected_labels.has(&mark.text) && !mark.text.ends_with("::"))
            };
            let changes = match command.canonical {
                "due" => !argument.is_empty(),
                "remove_due_date" | "relabel" => true,
                "label" => protected(),
                "unlabel" => argument.is_empty() || protected(),
                _ => false,
            };
            if changes {
                let values = [("hit", line.span.of(text)), ("user", user)];
                let fix = (variant == "template").then(|| self.deletion(text, line, argument));
                sink.report(Hit::at(line.span, &values).variant(variant).fix(fix));
            }
        }
    }

    /// Takes the guarded labels out of a command that also names others, else the whole line.
    fn deletion(&self, text: &str, line: &QuickLine, argument: Span) -> Fix {
        let labels = applied_labels(text, argument);
        let (guarded, free): (Vec<_>, Vec<_>) =
            labels.iter().partition(|label| self.protected_labels.has(&label.text));
        let takes_labels = line.runs(text).is_some_and(|command| command.canonical.ends_with("label"));
        if takes_labels && !free.is_empty() && !guarded.is_empty() {
            let without = |label: &&Mark<'_>| {
                let before = text.get(..label.span.start as usize).unwrap_or_default();
                let gap = before.len() - before.trim_end_matches([' ', '\t']).len();
                let span = Span { start: label.span.start - gap as u32, end: label.span.end };
                Edit { span, text: String::new() }
            };
            let edits = guarded.iter().map(without).collect();
            return Fix { title: "Take the label out".to_owned(), safe: true, edits };
        }
        let rest = text.get(line.span.end as usize..).unwrap_or_default();
        let blank = rest.find('\n').map_or(rest.len(), |newline| newline + 1);
        let span = Span::new(line.span.start as usize, line.span.end as usize + blank);
        let edits = vec![Edit { span, text: String::new() }];
        Fix { title: "Delete the command".to_owned(), safe: true, edits }
    }
}

fn report(doc: &Document<'_>, span: Span, user: Option<&str>, variant: &str, sink: &mut Sink<'_>) {
    let values = [("hit", span.of(doc.text())), ("user", user.unwrap_or_default())];
    sink.report(Hit::at(span, &values).variant(variant));
}
