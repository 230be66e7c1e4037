//! The edit that a rule declares for its findings: what is replaced or added, and who may do so without asking.

use serde::Deserialize;

use crate::diagnostic::{Edit, Fix};
use crate::document::Document;
use crate::document::metadata::scope;
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
    /// What stands in the place of the found text; beside an addition in templates alone.
    replacement: Option<Message>,
    addition: Option<Addition>,
}

/// What is added, with places for what was found.
#[derive(Clone, Debug)]
enum Addition {
    /// A label, to the last label command of a template that runs, or in a command of its own.
    Label(Message),
    /// Lines of their own at the end.
    Text(Message),
    /// Lines of their own before the line of the finding; a heading before a heading takes its level.
    Before(Message),
    /// Lines of their own after the line of the finding.
    After(Message),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Raw {
    /// Whether the edit can be made without asking.
    #[serde(default)]
    safe: Safe,
    /// The kinds of subject it is offered for; all where it says nothing.
    on: Option<Vec<Kind>>,
    replace: Option<Message>,
    add_label: Option<Message>,
    append: Option<Message>,
    before: Option<Message>,
    after: Option<Message>,
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
        let additions = [
            raw.add_label.map(Addition::Label),
            raw.append.map(Addition::Text),
            raw.before.map(Addition::Before),
            raw.after.map(Addition::After),
        ];
        let is_empty = |addition: &Addition| {
            let (Addition::Label(text)
            | Addition::Text(text)
            | Addition::Before(text)
            | Addition::After(text)) = addition;
            text.is_empty()
        };
        if additions.iter().flatten().any(is_empty) {
            return Err("what a fix adds is empty");
        }
        let mut additions = additions.into_iter().flatten();
        let addition = additions.next();
        if additions.next().is_some() || (addition.is_none() && raw.replace.is_none()) {
            return Err(
                "a fix has `replace`, or one of `add-label`, `append`, `before` and `after`, or both",
            );
        }
        Ok(Self { safe: raw.safe, on: raw.on, replacement: raw.replace, addition })
    }
}

impl Remedy {
    /// The fix for a finding at `span` of `document` with its `values`; none where it is not offered or would add nothing.
    pub fn fix(&self, document: &Document<'_>, span: Span, values: &[(&str, &str)]) -> Option<Fix> {
        let kind = document.subject.kind;
        if self.on.as_ref().is_some_and(|on| !on.contains(&kind)) {
            return None;
        }
        let in_place = !span.is_empty()
            && main_text(document.subject).contains(span)
            && (kind.is_template() || self.addition.is_none());
        if let Some(text) = self.replacement.as_ref().filter(|_| in_place) {
            let text = text.complete(values)?;
            let title = format!("Write `{text}`");
            return Some(self.of(document, title, Edit { span, text }));
        }
        let addition = self.addition.as_ref()?;
        let (Addition::Label(text) | Addition::Text(text) | Addition::Before(text) | Addition::After(text)) =
            addition;
        let text = text.complete(values)?;
        if repeats_a_scope(document, addition, &text) {
            return None;
        }
        let first = text.lines().next().filter(|line| !line.is_empty())?;
        let title = match addition {
            Addition::Label(_) => format!("Apply the label `{text}`"),
            _ => format!("Add `{first}`"),
        };
        let edit = match addition {
            Addition::Label(_) => with_label(document, &text),
            Addition::Text(_) => appended(document, &text),
            Addition::Before(_) => beside(document, span, &text, true)?,
            Addition::After(_) => beside(document, span, &text, false)?,
        };
        Some(self.of(document, title, edit))
    }

    fn of(&self, document: &Document<'_>, title: String, edit: Edit) -> Fix {
        let safe = self.safe == Safe::InTemplates && document.subject.kind.is_template();
        Fix { title, safe, edits: vec![edit] }
    }
}

/// Whether it would add a label to a template that has another one of the same scope: an issue has one only.
fn repeats_a_scope(document: &Document<'_>, addition: &Addition, text: &str) -> bool {
    if !document.subject.kind.is_template() {
        return false;
    }
    let added: Vec<String> = match addition {
        Addition::Label(_) => vec![text.to_owned()],
        _ => {
            let commands = text.lines().filter_map(|line| line.strip_prefix("/label "));
            let labels = |line: &str| {
                let names = tokens(line, Span::new(0, line.len()), '~');
                names.iter().map(|name| name.text(line).to_owned()).collect::<Vec<_>>()
            };
            commands.flat_map(labels).collect()
        }
    };
    let labels = document.field("labels");
    added.iter().any(|new| {
        scope(new).is_some()
            && labels.values.iter().any(|old| scope(&old.text) == scope(new) && old.text != *new)
    })
}

/// Lines of quick actions at the end of a record's description.
pub fn posted(document: &Document<'_>, commands: &[String]) -> Option<Fix> {
    if commands.is_empty() || !document.subject.kind.is_record() {
        return None;
    }
    let title = format!("Add `{}`", commands.join("`, `"));
    Some(Fix { title, safe: false, edits: vec![appended(document, &commands.join("\n"))] })
}

/// Lines of their own at the end of the main text, for a person to complete.
pub fn offered(document: &Document<'_>, title: String, lines: &str) -> Option<Fix> {
    let edits = vec![appended(document, lines)];
    (!lines.is_empty()).then_some(Fix { title, safe: false, edits })
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

/// `lines` before or after the line of `span`, where that line belongs to the main text and to no list or quote.
fn beside(document: &Document<'_>, span: Span, lines: &str, before: bool) -> Option<Edit> {
    let (text, main) = (document.text(), main_text(document.subject));
    if !main.contains(span) {
        return None;
    }
    let left = Span { start: main.start, end: span.start }.of(text);
    let start = main.start as usize + left.rfind('\n').map_or(0, |at| at + 1);
    let right = Span { start: span.end, end: main.end }.of(text);
    let end = span.end as usize + right.find(['\n', '\r']).unwrap_or(right.len());
    let line = text.get(start..end)?;
    if text.get(start..span.start as usize)?.contains(['>', '-', '*', '+', '|', '.', ')']) {
        return None;
    }
    let newline = if main.of(text).contains("\r\n") { "\r\n" } else { "\n" };
    let level = |line: &str| line.bytes().take_while(|byte| *byte == b'#').count();
    let mut lines = lines.lines().collect::<Vec<_>>().join(newline);
    if level(line) > 0 && level(&lines) > 0 {
        lines.replace_range(..level(&lines), &"#".repeat(level(line)));
    }
    Some(match before {
        true => Edit { span: Span::at(start), text: format!("{lines}{newline}{newline}") },
        false => Edit { span: Span::at(end), text: format!("{newline}{newline}{lines}") },
    })
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
        let labelled = |text: &str| amended(&template(text), Addition::Label(Message::new("a b")));
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

    #[test]
    fn lines_stand_on_their_own_beside_the_line_of_the_finding() {
        let subject = template("a\r\n\r\n## B ##\r\n\r\nc");
        let beside_b = |addition| amended_at(&subject, Span::new(8, 9), None, addition);
        assert_eq!(
            beside_b(Addition::Before(Message::new("#### New\n\ntext"))),
            "a\r\n\r\n## New\r\n\r\ntext\r\n\r\n## B ##\r\n\r\nc"
        );
        assert_eq!(beside_b(Addition::After(Message::new("{who}"))), "a\r\n\r\n## B ##\r\n\r\n@a\r\n\r\nc");
        assert_eq!(beside(&Document::new(&template("> ## B")), Span::at(5), "x", true), None);
    }

    #[test]
    fn a_value_that_would_not_stay_one_gives_no_fix() {
        let addition = Some(Addition::Text(Message::new("/milestone %\"{name}\"")));
        let remedy = Remedy { safe: Safe::Never, on: None, replacement: None, addition };
        let subject = record_subject(&serde_json::json!({"description": "A"}), Kind::Issue, None);
        let document = Document::new(&subject);
        let fix = |name: &str| remedy.fix(&document, Span::at(0), &[("name", name)]);
        assert!(fix("18.1").is_some());
        for name in ["", "a\" /close", "a\n/close", "a\r/close"] {
            assert!(fix(name).is_none(), "{name:?}");
        }
    }
}
