//! The edit that adds to a template what it lacks.

use serde::Deserialize;

use crate::diagnostic::{Edit, Fix};
use crate::document::Document;
use crate::text::Span;

/// What is added.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Amend {
    /// A label, to the last label command that runs, or in a command of its own.
    AddLabel(String),
    /// A line of its own at the end.
    Append(String),
}

impl Amend {
    /// The fix for `document`; none where its text sets nothing.
    pub fn of(&self, document: &Document<'_>) -> Option<Fix> {
        if !document.subject.kind.is_template() {
            return None;
        }
        let text = document.text();
        let label = match self {
            Self::AddLabel(label) => label,
            Self::Append(line) => {
                let edits = vec![Edit { span: Span::at(text.len()), text: paragraph(text, line) }];
                return Some(Fix { title: format!("Add `{line}`"), safe: true, edits });
            }
        };
        // As soon as one label has its `~`, GitLab ignores those without.
        let command = document.metadata().label_command.filter(|argument| argument.of(text).contains('~'));
        let (at, text) = match command {
            Some(argument) => (argument.end as usize, format!(" ~\"{label}\"")),
            None => (text.len(), paragraph(text, &format!("/label ~\"{label}\""))),
        };
        let edits = vec![Edit { span: Span::at(at), text }];
        Some(Fix { title: format!("Apply the label `{label}`"), safe: true, edits })
    }
}

/// `line` as a paragraph of its own at the end of `text`.
fn paragraph(text: &str, line: &str) -> String {
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let gap = match text.ends_with('\n') {
        _ if text.trim().is_empty() => "",
        true => newline,
        false => &newline.repeat(2),
    };
    format!("{gap}{line}{newline}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::file_subject;
    use crate::subject::{Format, Kind};

    fn amended(text: &str) -> String {
        let path = ".gitlab/issue_templates/a.md";
        let subject = file_subject(path, text.to_owned(), Kind::IssueTemplate, Format::Markdown);
        let fix = Amend::AddLabel("a b".to_owned()).of(&Document::new(&subject)).unwrap();
        let mut text = text.to_owned();
        for edit in &fix.edits {
            text.replace_range(edit.span.range(), &edit.text);
        }
        text
    }

    #[test]
    fn a_label_joins_the_last_command_or_gets_its_own() {
        assert_eq!(amended("x\n\n/label ~c\n/due\n"), "x\n\n/label ~c ~\"a b\"\n/due\n");
        assert_eq!(amended("- x\r\n/label ~c\r\n"), "- x\r\n/label ~c\r\n\r\n/label ~\"a b\"\r\n");
        assert_eq!(amended("/label c\nx"), "/label c\nx\n\n/label ~\"a b\"\n");
        assert_eq!(amended(""), "/label ~\"a b\"\n");
    }
}
