//! Calls of one function in code: how many arguments they have, and what these say.

mod syntax;

use serde::Deserialize;

use self::syntax::{Argument, Call, calls};
use super::diff::hunk::{self, Side};
use super::{Hit, Sink, View};
use crate::diagnostic::{Edit, Fix};
use crate::globs::Globs;
use crate::pattern::Pattern;
use crate::scan::Need;
use crate::subject::Kind;
use crate::text::Span;

/// Calls with a title, the name of a page, and its address.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calls {
    /// The files with such calls.
    file_globs: Globs,
    /// The function's name.
    function: String,
    /// The shape of a name.
    alias_pattern: Pattern,
    /// The shape of an older name, which only a new call has to leave.
    short_alias_pattern: Pattern,
    /// Where a new row of charts begins, between two calls.
    row_pattern: Pattern,
    /// Lists of addresses and their names.
    #[serde(default)]
    list_paths: Vec<String>,
}

/// The code that is looked at, with the way back to the subject.
struct Code<'c> {
    text: &'c str,
    /// The lines of a diff; `None` in a file of its own.
    side: Option<&'c Side>,
}

impl Code<'_> {
    fn span(&self, range: &std::ops::Range<usize>) -> Option<Span> {
        match self.side {
            None => Some(range.clone().into()),
            // What spans several lines is shown by its first one.
            Some(side) => {
                let text = self.text.get(range.clone()).unwrap_or_default();
                let line = text.split('\n').next().unwrap_or_default();
                side.span(&(range.start..range.start + line.len()))
            }
        }
    }

    fn concerns(&self, call: &Call) -> bool {
        self.side.is_none_or(|side| side.touches(&call.range))
    }
}

impl Calls {
    /// The values that messages may name.
    pub const VALUES: &'static [&'static str] = &["hit", "other", "count"];

    /// The variants the check may report.
    pub fn variants(&self) -> Vec<&str> {
        vec![
            "count",
            "alias",
            "short-alias",
            "space",
            "address",
            "unlisted",
            "other-address",
            "repeated",
            "title",
        ]
    }

    /// What a text must contain.
    pub fn need(&self) -> Need {
        Need::Nothing
    }

    /// Looks at every call of a file, or at those that a merge request adds or changes.
    pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let subject = view.doc.subject;
        if subject.kind != Kind::MergeRequest {
            if subject.path.as_deref().is_some_and(|path| self.file_globs.has(path)) {
                self.judge(&Code { text: &subject.text, side: None }, view, sink);
            }
            return;
        }
        for file in view.changed_files(&self.file_globs, sink) {
            for hunk in hunk::of_file(&subject.text, file, None) {
                self.judge(&Code { text: &hunk.new.text, side: Some(&hunk.new) }, view, sink);
            }
        }
    }

    fn judge(&self, code: &Code<'_>, view: View<'_>, sink: &mut Sink<'_>) {
        let lists = self.lists(view);
        let mut earlier: Vec<Call> = Vec::new();
        for call in calls(code.text, &self.function) {
            if code.concerns(&call) {
                self.arguments(code, &call, sink);
                if let Some(lists) = &lists {
                    listed(code, &call, lists, sink);
                }
                self.repeated(code, &call, &earlier, sink);
            }
            earlier.push(call);
        }
    }

    fn arguments(&self, code: &Code<'_>, call: &Call, sink: &mut Sink<'_>) {
        let [_, alias, url] = call.arguments.as_slice() else {
            let count = call.arguments.len().to_string();
            return report(code, &call.inside, "count", &[("count", &count)], None, sink);
        };
        if let Some(name) = alias.literal(code.text)
            && !self.alias_pattern.is_match(name)
        {
            let short = self.short_alias_pattern.is_match(name);
            if !short {
                report(code, &alias.content, "alias", &[], None, sink);
            } else if code.side.is_some() {
                report(code, &alias.content, "short-alias", &[], None, sink);
            }
        }
        let Some(address) = url.literal(code.text) else { return };
        let clean: String = unescaped(address).chars().filter(|c| !c.is_whitespace()).collect();
        if !clean.starts_with("https://") {
            report(code, &url.content, "address", &[], None, sink);
        } else if clean != address {
            let edits = vec![Edit { span: url.content.clone().into(), text: clean }];
            let fix = Fix { title: "Remove the white space".to_owned(), safe: true, edits };
            report(code, &url.content, "space", &[], Some(fix), sink);
        }
    }

    fn repeated(&self, code: &Code<'_>, call: &Call, earlier: &[Call], sink: &mut Sink<'_>) {
        let same = |index: usize, other: &Call| {
            let own = call.arguments.get(index).and_then(|argument| argument.literal(code.text));
            own.is_some()
                && other.arguments.get(index).and_then(|argument| argument.literal(code.text)) == own
        };
        if let Some(alias) = call.arguments.get(1)
            && earlier.iter().any(|other| same(1, other))
        {
            report(code, &alias.content, "repeated", &[], None, sink);
        }
        let in_row = |other: &&Call| {
            let between = code.text.get(other.range.end..call.range.start).unwrap_or_default();
            !self.row_pattern.is_match(between)
        };
        if let Some(title) = call.arguments.first()
            && earlier.iter().filter(in_row).any(|other| same(0, other))
        {
            report(code, &title.content, "title", &[], None, sink);
        }
    }

    /// The addresses of the lists by their names; `None` where no list is available.
    fn lists(&self, view: View<'_>) -> Option<Vec<(String, String)>> {
        let pages: Vec<_> = self.list_paths.iter().filter_map(|path| view.world.page(path)).collect();
        let pair = |line: &str| {
            let mut words = line.split_whitespace();
            Some((words.next().filter(|url| url.starts_with("http"))?.to_owned(), words.next()?.to_owned()))
        };
        (!pages.is_empty()).then(|| pages.iter().flat_map(|page| page.lines().filter_map(pair)).collect())
    }
}

/// Reports a name that no list has, or an address that is another one there.
fn listed(code: &Code<'_>, call: &Call, lists: &[(String, String)], sink: &mut Sink<'_>) {
    let [_, alias, url] = call.arguments.as_slice() else { return };
    let (Some(name), Some(address)) = (alias.literal(code.text), url.literal(code.text)) else { return };
    let known: Vec<_> = lists.iter().filter(|(_, known)| known == name).collect();
    match known.first() {
        None => report(code, &alias.content, "unlisted", &[], None, sink),
        Some((first, _)) if known.iter().all(|(known, _)| known != unescaped(address).trim()) => {
            report(code, &url.content, "other-address", &[("other", first)], None, sink);
        }
        Some(_) => {}
    }
}

/// White space that is written with a back-slash, as itself.
fn unescaped(text: &str) -> String {
    text.replace("\\t", "\t").replace("\\n", "\n").replace("\\r", "\r")
}

fn report(
    code: &Code<'_>,
    range: &std::ops::Range<usize>,
    variant: &str,
    values: &[(&str, &str)],
    fix: Option<Fix>,
    sink: &mut Sink<'_>,
) {
    let Some(span) = code.span(range) else { return };
    let hit = code.text.get(range.clone()).unwrap_or_default().trim();
    let all: Vec<_> = values.iter().copied().chain([("hit", hit)]).collect();
    sink.report(Hit::at(span, &all).variant(variant).fix(fix.filter(|_| code.side.is_none())));
}

impl Argument {
    /// The content of a string; `None` for an expression, of which nothing is known.
    fn literal<'t>(&self, text: &'t str) -> Option<&'t str> {
        text.get(self.content.clone()).filter(|_| self.is_string)
    }
}
