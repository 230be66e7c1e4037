//! Reads what the actions of a rule change.

use super::Reader;
use crate::document::metadata::applied_labels;
use crate::document::quick_action::lines_in;
use crate::policy::Resource;
use crate::policy::condition::Effect;
use crate::text::Span;
use crate::yaml::{Entry, suggestion};

const ACTIONS: [&str; 13] = [
    "labels",
    "remove_labels",
    "status",
    "mention",
    "move",
    "comment",
    "comment_type",
    "comment_internal",
    "redact_confidential_resources",
    "summarize",
    "issue",
    "comment_on_summary",
    "delete",
];

impl Reader<'_> {
    /// Adds what the action of `entry` changes to `effect`.
    pub(super) fn action(&mut self, resource: Resource, entry: &Entry, effect: &mut Effect) {
        match entry.key.as_str() {
            "labels" => effect.adds.extend(self.set(entry)),
            "remove_labels" => effect.removes.extend(self.set(entry)),
            "status" => match entry.value.as_str() {
                Some("close") => effect.state = Some(("closed", entry.value.span)),
                Some("reopen") => effect.state = Some(("opened", entry.value.span)),
                value => {
                    let value = value.unwrap_or_default();
                    let help = suggestion(value, &["close", "reopen"]);
                    self.mistake(entry.value.span, &format!("unknown value `{value}`"), &help);
                }
            },
            "comment" if entry.value.as_str().is_some() => self.comment(entry.value.span, effect),
            "delete" if resource != Resource::Branches => {
                let help = "the bot deletes branches only: remove it, or move the rule";
                self.mistake(entry.key_span, &format!("`delete` is no action on {}", resource.words()), help);
            }
            key if ACTIONS.contains(&key) => {}
            _ => self.unknown(entry, "action", &ACTIONS),
        }
    }

    /// The labels of an action; what the bot fills in is left out, nobody knows it before.
    fn set(&mut self, entry: &Entry) -> Vec<(String, Span)> {
        let labels = self.labels(&entry.value);
        let known = labels.into_iter().filter(|(labels, _)| labels.len() == 1);
        let each = known.flat_map(|(labels, span)| labels.into_iter().map(move |label| (label, span)));
        each.filter(|(label, _)| !crate::policy::braces::is_filled_in(label)).collect()
    }

    /// What the quick actions of a comment do; a label in braces, `#{…}` or `{{…}}` is not known before.
    fn comment(&mut self, span: Span, effect: &mut Effect) {
        let lines: Vec<_> = lines_in(self.text(), span).collect();
        for line in lines {
            let Some(command) = line.command(self.text()) else { continue };
            let marks = |reader: &Self| -> Vec<_> {
                let marks = applied_labels(reader.text(), line.argument).into_iter();
                let known = marks.filter(|mark| !mark.text.contains(['{', '}', '#']));
                known.map(|mark| (mark.text.into_owned(), mark.span)).collect()
            };
            match command.canonical {
                "label" => effect.adds.extend(marks(self)),
                "unlabel" => effect.removes.extend(marks(self)),
                "close" => effect.state = Some(("closed", line.name)),
                "reopen" => effect.state = Some(("opened", line.name)),
                _ => {}
            }
        }
    }
}
