//! The edit that a rule declares for its findings: what is replaced or added, and who may do so without asking.

use serde::Deserialize;

use crate::diagnostic::{Edit, Fix};
use crate::document::Document;
use crate::document::quick_action::arguments::tokens;
use crate::message::Message;
use crate::subject::{Kind, Role, Subject};
use crate::text::Span;

/// An edit, as rule files write it.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Raw")]
pub struct Remedy {
    safe: Safe,
    on: Option<Vec<Kind>>,
    /// What stands in the place of the found text of a template.
    replacement: Option<Message>,
    addition: Option<Addition>,
}

#[derive(Clone, Debug)]
enum Addition {
    /// A label, to the last label command of a template that runs, or in a command of its own.
    Label(String),
    /// Lines of their own at the end, with places for what was found.
    Text(Message),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Raw {
    /// Whether the edit can be made without asking.
    #[serde(default)]
    safe: Safe,
    /// The kinds of subject it is offered for; all where it says nothing.
    on: Option<Vec<Kind>>,
    replace: Option<String>,
    add_label: Option<String>,
    append: Option<String>,
}

/// Where an edit can be made without asking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Safe {
    /// Nowhere: the author decides.
    #[default]
    Never,
    /// In templates; in a record it is a suggestion.
    InTemplates,
}

impl TryFrom<Raw> for Remedy {
    type Error = &'static str;

    fn try_from(raw: Raw) -> Result<Self, Self::Error> {
        let addition = match (raw.add_label, raw.append) {
            (Some(label), None) => Some(Addition::Label(label)),
            (None, Some(text)) => Some(Addition::Text(Message::new(&text))),
            (None, None) if raw.replace.is_some() => None,
            _ => return Err("a fix has `replace`, or one of `add-label` and `append`, or both"),
        };
        let replacement = raw.replace.as_deref().map(Message::new);
        Ok(Self { safe: raw.safe, on: raw.on, replacement, addition })
    }
}

impl Remedy {
    /// The fix for a finding at `span` of `document` with its `values`; none where it is not offered or would add nothing.
    pub fn fix(&self, document: &Document<'_>, span: Span, values: &[(&str, &str)]) -> Option<Fix> {
        let kind = document.subject.kind;
        if self.on.as_ref().is_some_and(|on| !on.contains(&kind)) {
            return None;
        }
        let replacement = self.replacement.as_ref().filter(|_| kind.is_template() && !span.is_empty());
        let (title, edit) = match (replacement, self.addition.as_ref()) {
            (Some(text), _) => {
                let text = filled(text, values)?;
                (format!("Write `{text}`"), Edit { span, text })
            }
            (None, None) => return None,
            (None, Some(_)) if self.repeats_a_scope(document) => return None,
            (None, Some(Addition::Label(label))) => {
                (format!("Apply the label `{label}`"), with_label(document, label))
            }
            (None, Some(Addition::Text(text))) => {
                let text = filled(text, values)?;
                let first = text.lines().next().filter(|line| !line.is_empty())?;
                (format!("Add `{first}`"), appended(document, &text))
            }
        };
        Some(Fix { title, safe: self.safe == Safe::InTemplates && kind.is_template(), edits: vec![edit] })
    }
}

/// `text` with its values; none where one of them is not known.
fn filled(text: &Message, values: &[(&str, &str)]) -> Option<String> {
    let known = |name| values.iter().any(|(key, value)| *key == name && !value.is_empty());
    text.names().into_iter().all(known).then(|| text.expand(values))
}

impl Remedy {
    /// Whether it would add a label to a template that has another one of the same scope: an issue has one only.
    fn repeats_a_scope(&self, document: &Document<'_>) -> bool {
        if !document.subject.kind.is_template() {
            return false;
        }
        let added = match &self.addition {
            Some(Addition::Label(label)) => vec![label.clone()],
            Some(Addition::Text(text)) => {
                let text = text.expand(&[]);
                let commands = text.lines().filter_map(|line| line.strip_prefix("/label "));
                let labels = |line: &str| {
                    let names = tokens(line, Span::new(0, line.len()), '~');
                    names.iter().map(|name| name.text(line).to_owned()).collect::<Vec<_>>()
                };
                commands.flat_map(labels).collect()
            }
            None => return false,
        };
        let scope = |label: &str| label.rsplit_once("::").map(|(scope, _)| scope.to_owned());
        let labels = document.field("labels");
        added.iter().any(|new| {
            scope(new).is_some()
                && labels.values.iter().any(|old| scope(&old.text) == scope(new) && old.text != *new)
        })
    }
}

/// `label` in the last label command that runs, or in a command of its own.
fn with_label(document: &Document<'_>, label: &str) -> Edit {
    let is_template = document.subject.kind.is_template();
    // As soon as one label has its `~`, GitLab ignores those without.
    let command = document.metadata().label_command.filter(|_| is_template);
    match command.filter(|argument| argument.of(document.text()).contains('~')) {
        Some(argument) => Edit { span: Span::at(argument.end as usize), text: format!(" ~\"{label}\"") },
        None => appended(document, &format!("/label ~\"{label}\"")),
    }
}

/// `lines` as paragraphs of their own at the end of the main text; words go before the commands that close it.
pub fn appended(document: &Document<'_>, lines: &str) -> Edit {
    let main = main_text(document.subject);
    let text = document.text();
    let commands = if lines.starts_with('/') { main.end } else { closing_commands(document, main) };
    let at = Span::new(main.start as usize, commands as usize);
    let (before, after) = (at.of(text), Span { start: at.end, end: main.end }.of(text));
    let newline = if main.of(text).contains("\r\n") { "\r\n" } else { "\n" };
    let gap = match before.ends_with('\n') {
        _ if before.trim().is_empty() => "",
        _ if before.ends_with("\n\n") || before.ends_with("\n\r\n") => "",
        true => newline,
        false => &newline.repeat(2),
    };
    let lines = lines.lines().collect::<Vec<_>>().join(newline);
    let close = if after.is_empty() { newline } else { &newline.repeat(2) };
    Edit { span: Span { start: at.end, end: at.end }, text: format!("{gap}{lines}{close}") }
}

/// A file's text, a record's description; where it has none, the place for it.
pub fn main_text(subject: &Subject) -> Span {
    let body = subject.parts.iter().find(|part| part.role == Role::Body).map(|part| part.span);
    // The header ends with a line of dashes.
    let behind = |header: Span| Span::at(header.end as usize + "\n---\n".len());
    body.or_else(|| subject.header.as_ref().map(|header| behind(header.span)))
        .unwrap_or(Span::new(0, subject.text.len()))
}

/// Where the commands that run start, if nothing else follows them; else the end.
fn closing_commands(document: &Document<'_>, main: Span) -> u32 {
    let text = document.text();
    let mut end = main.end;
    for line in document.quick_lines().iter().rev().filter(|line| line.runs(text).is_some()) {
        if !(Span { start: line.span.end, end }.of(text)).trim().is_empty() {
            break;
        }
        end = line.span.start;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::{file_subject, record_subject};
    use crate::subject::Format;

    fn template(text: &str) -> Subject {
        file_subject(".gitlab/issue_templates/a.md", text.to_owned(), Kind::IssueTemplate, Format::Markdown)
    }

    fn amended(subject: &Subject, addition: Addition) -> String {
        amended_at(subject, Span::at(0), None, addition)
    }

    fn amended_at(subject: &Subject, span: Span, replacement: Option<&str>, addition: Addition) -> String {
        let replacement = replacement.map(Message::new);
        let remedy = Remedy { safe: Safe::InTemplates, on: None, replacement, addition: Some(addition) };
        let fix = remedy.fix(&Document::new(subject), span, &[("who", "@a")]).unwrap();
        assert_eq!(fix.safe, subject.kind.is_template());
        let mut text = subject.text.clone();
        for edit in &fix.edits {
            text.replace_range(edit.span.range(), &edit.text);
        }
        text
    }

    #[test]
    fn a_label_joins_the_last_command_or_gets_its_own() {
        let labelled = |text: &str| amended(&template(text), Addition::Label("a b".to_owned()));
        assert_eq!(labelled("x\n\n/label ~c\n/due\n"), "x\n\n/label ~c ~\"a b\"\n/due\n");
        assert_eq!(labelled("- x\r\n/label ~c\r\n"), "- x\r\n/label ~c\r\n\r\n/label ~\"a b\"\r\n");
        assert_eq!(labelled("/label c\nx"), "/label c\nx\n\n/label ~\"a b\"\n");
        assert_eq!(labelled(""), "/label ~\"a b\"\n");
    }

    #[test]
    fn what_was_found_in_a_template_is_replaced_and_what_is_missing_is_added() {
        let replaced = |subject: &Subject, span: Span| {
            amended_at(subject, span, Some("%\"{who}\""), Addition::Text(Message::new("/milestone %b")))
        };
        assert_eq!(replaced(&template("/milestone %c\n"), Span::new(11, 13)), "/milestone %\"@a\"\n");
        assert_eq!(replaced(&template("/due\n"), Span::at(5)), "/due\n\n/milestone %b\n");
        let record = serde_json::json!({"iid": 1, "milestone": null, "description": "A"});
        let record = record_subject(&record, Kind::Issue, None);
        assert!(replaced(&record, Span::new(0, 3)).contains("A\n\n/milestone %b\n"));
    }

    #[test]
    fn words_go_before_the_closing_commands() {
        let added =
            |text: &str| amended(&template(text), Addition::Text(Message::new("## B\n\n- [ ] {who}")));
        assert_eq!(added("## A\n\n/label ~c\n\n/due\n"), "## A\n\n## B\n\n- [ ] @a\n\n/label ~c\n\n/due\n");
        assert_eq!(added("/label ~c\r\nx\r\n"), "/label ~c\r\nx\r\n\r\n## B\r\n\r\n- [ ] @a\r\n");
        assert_eq!(added("## A"), "## A\n\n## B\n\n- [ ] @a\n");
    }

    #[test]
    fn a_record_gets_it_in_its_description() {
        let added = |record: serde_json::Value| {
            let subject = record_subject(&record, Kind::Issue, None);
            let text = amended(&subject, Addition::Text(Message::new("/confidential")));
            text.split_once("---\n").unwrap().1.split_once("---\n").unwrap().1.to_owned()
        };
        let notes = [serde_json::json!({"body": "x"})];
        assert_eq!(added(serde_json::json!({"iid": 1, "description": "A"})), "\nA\n\n/confidential\n\n");
        let without = added(serde_json::json!({"iid": 1, "notes": notes}));
        assert!(without.starts_with("/confidential\n\n--- notes[0].body"), "{without}");
    }
}
