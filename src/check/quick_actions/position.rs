//! Quick actions where GitLab does not look for them, although they are complete.

use serde::Deserialize;

use crate::check::{Hit, Sink, View};
use crate::diagnostic::{Edit, Fix};
use crate::document::Document;
use crate::document::quick_action::arguments::{own, sigil, tokens};
use crate::document::quick_action::command::{Command, Takes};
use crate::document::quick_action::{Place, QuickLine};
use crate::text::Span;

/// What is reported besides the positions that are surely slips.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Positions {
    /// Whether a command alone in a list item of a template counts.
    report_bullets: bool,
}

impl Positions {
    pub const VARIANTS: &'static [&'static str] =
        &["indented", "bullet", "comment", "element", "second", "html", "table", "heading"];

    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let doc = view.doc;
        let text = doc.text();
        let mut above: Option<&QuickLine> = None;
        for line in doc.quick_lines() {
            let Some(command) = line.command(text) else { continue };
            let above = above.replace(line);
            let (argument, second) = own(text, line.argument);
            if line.place == Place::Runs {
                if let Some(second) = second.filter(|_| command.takes != Takes::Text) {
                    second_command(text, argument, second, sink);
                }
                continue;
            }
            if !is_complete(text, command, argument) {
                continue;
            }
            let (variant, fix) = match line.place {
                Place::Continues => ("", moved(doc, line, above, true)),
                Place::Indented => ("indented", unindented(line)),
                Place::Bullet if !self.is_command_item(doc, line, command, argument) => continue,
                Place::Bullet => ("bullet", None),
                Place::BrokenComment => ("comment", None),
                Place::OpenHtml => ("element", None),
                Place::HtmlBlock => ("html", moved(doc, line, above, false)),
                Place::TableRow => ("table", moved(doc, line, above, false)),
                Place::Setext => ("heading", None),
                Place::Runs | Place::Inert => continue,
            };
            let span = if line.place == Place::Indented { line.indent } else { line.span };
            sink.report(Hit::at(span, &[("hit", line.span.of(text))]).variant(variant).fix(fix));
        }
    }

    /// Whether a template has an item that is nothing but the command; with more words it is an instruction.
    fn is_command_item(
        &self,
        doc: &Document<'_>,
        line: &QuickLine,
        command: &Command,
        argument: Span,
    ) -> bool {
        let text = doc.text();
        let ends_here = |item: &crate::document::outline::Item| {
            item.span.contains(line.span) && item.span.end == line.span.end
        };
        self.report_bullets
            && doc.subject.kind.is_template()
            && argument.end == line.argument.end
            && tokens(text, argument, sigil(command)).iter().all(|token| token.sigil)
            && doc.body().is_some_and(|outline| {
                let index = outline.items.partition_point(|item| item.content <= line.span.start);
                index.checked_sub(1).and_then(|last| outline.items.get(last)).is_some_and(ends_here)
            })
    }
}

/// A command that would run elsewhere: it names something, or takes nothing.
fn is_complete(text: &str, command: &Command, argument: Span) -> bool {
    let source = argument.of(text);
    source.starts_with(['~', '%', '@', '&', '#']) || (command.takes == Takes::Nothing && source.is_empty())
}

/// GitLab reads one command a line; what follows it is its argument.
fn second_command(text: &str, first: Span, second: Span, sink: &mut Sink<'_>) {
    let Some(line) = crate::document::quick_action::lines_in(text, second).next() else { return };
    let Some(command) = line.command(text) else { return };
    if !is_complete(text, command, own(text, line.argument).0) {
        return;
    }
    let edits = vec![Edit { span: Span { start: first.end, end: second.start }, text: "\n".to_owned() }];
    let fix = Fix { title: "Put the second command on a line of its own".to_owned(), safe: false, edits };
    sink.report(Hit::at(second, &[("hit", second.of(text))]).variant("second").fix(Some(fix)));
}

fn unindented(line: &QuickLine) -> Option<Fix> {
    let edits = vec![Edit { span: line.indent, text: String::new() }];
    Some(Fix { title: "Remove the indentation".to_owned(), safe: true, edits })
}

/// An empty line above the command; the commands below the first one then follow it.
fn moved(doc: &Document<'_>, line: &QuickLine, above: Option<&QuickLine>, safe: bool) -> Option<Fix> {
    let text = doc.text();
    let lines = doc.lines();
    let line_above = lines.line_span(lines.line_of(line.span.start).checked_sub(1)?, text);
    let after_command =
        above.is_some_and(|above| line_above.contains(above.span) && above.place == line.place);
    if after_command && line.indent.is_empty() {
        return None;
    }
    let blank = match (after_command, line_above.of(text).ends_with("\r\n")) {
        (true, _) => "",
        (false, true) => "\r\n",
        (false, false) => "\n",
    };
    let edits = vec![Edit { span: line.indent, text: blank.to_owned() }];
    Some(Fix { title: "Put an empty line above the command".to_owned(), safe, edits })
}
