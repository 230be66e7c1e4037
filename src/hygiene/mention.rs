//! Where a file names labels and milestones: quick actions, references in text, policies, charts and other data.

use std::sync::LazyLock;

use regex::Regex;

use super::Thing;
use crate::document::Document;
use crate::document::metadata::{applied_labels, milestone};
use crate::document::outline::{BlockKind, Class, Outline};
use crate::document::quick_action::{QuickLine, lines_in};
use crate::policy::braces;
use crate::subject::{Format, Kind};
use crate::text::Span;
use crate::yaml::{Node, Value};

/// A name in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// What it is the name of.
    pub of: Thing,
    /// The name.
    pub name: String,
    /// Where it stands, without sigil and quotes.
    pub span: Span,
    /// Nothing else can be meant; a bare `~word` of prose may be no label at all.
    pub sure: bool,
}

/// Keys of data files whose lists hold labels.
const LISTS: [&str; 6] =
    ["labels", "forbidden_labels", "remove_labels", "filter_labels", "collection_labels", "label_name"];

/// Values that stand for any label or milestone, or for none.
const SPECIAL: [&str; 6] = ["none", "any", "upcoming", "started", "no label", "no milestone"];

/// Values that stand for whatever the reader fills in.
const WILDCARDS: [&str; 6] = ["x", "xx", "xxx", "xyz", "name", "label"];

/// `~"a name"`, `~name`, `~scope::value`, `%"a title"` and `%17.5`, as GitLab looks for them.
static REFERENCE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let pattern = r#"~"(?<quoted>[^"\n]+)"|~(?<bare>[A-Za-z_][\w\-?.&]*(?::{1,2}[\w\-?.&]+)*)|%"(?<title>[^"\n]+)"|%(?<version>[0-9]+\.[0-9]+)"#;
    Regex::new(pattern).ok()
});

/// What `document` names, in the order of its text.
pub fn mentions(document: &Document<'_>) -> Vec<Mention> {
    let mut found = Vec::new();
    let text = document.text();
    if document.subject.format == Format::Yaml
        && let Some(root) = document.node()
    {
        data(root, document.subject.kind == Kind::DataFile, &mut found);
    }
    let posted = document.subject.format == Format::Yaml;
    for outline in document.outlines() {
        prose(text, outline, &mut found);
        if posted {
            // The bot posts the text as a comment of its own, where each line that is a command runs.
            lines_in(text, outline.span).for_each(|line| action(text, &line, &mut found));
        }
    }
    if !posted {
        let lines = document.quick_lines().iter().filter(|line| line.runs(text).is_some());
        lines.for_each(|line| action(text, line, &mut found));
    }
    found.retain(|mention| is_name(&mention.name));
    found.sort_by(|one, other| (one.span, &one.name).cmp(&(other.span, &other.name)));
    found.dedup();
    found
}

fn is_name(name: &str) -> bool {
    let value = name.rsplit(':').next().unwrap_or_default().trim().to_lowercase();
    let stands_for_any = |c: char| "<>*{}[]$…".contains(c);
    !(value.is_empty()
        || name.contains(stands_for_any)
        || name.contains("...")
        || WILDCARDS.contains(&value.as_str())
        || SPECIAL.contains(&name.to_lowercase().as_str())
        || name.chars().all(|c| c.is_ascii_digit()))
}

/// The names of a quick action.
fn action(text: &str, line: &QuickLine, found: &mut Vec<Mention>) {
    match line.command(text).map(|command| command.canonical) {
        Some("label" | "unlabel" | "relabel") => {
            for mark in applied_labels(text, line.argument) {
                push(text, Thing::Label, &mark.text, mark.span, true, found);
            }
        }
        Some("milestone") => {
            let mark = milestone(text, line.argument);
            push(text, Thing::Milestone, &mark.text, mark.span, true, found);
        }
        _ => {}
    }
}

/// `name`, which stands somewhere in `around`.
fn push(text: &str, of: Thing, name: &str, around: Span, sure: bool, found: &mut Vec<Mention>) {
    if let Some(at) = around.of(text).find(name) {
        let start = around.start as usize + at;
        let span = Span::new(start, start + name.len());
        found.push(Mention { of, name: name.to_owned(), span, sure });
    }
}

/// References in text and code spans; in blocks of code, which may be of any language, only quoted ones.
fn prose(text: &str, outline: &Outline, found: &mut Vec<Mention>) {
    let Some(reference) = REFERENCE.as_ref() else { return };
    for piece in &outline.pieces {
        let block = outline.block_of(piece).is_some_and(|block| block.kind == BlockKind::Code);
        if !matches!(piece.class, Class::Text | Class::Code) {
            continue;
        }
        let base = piece.span.start as usize;
        for captures in reference.captures_iter(piece.span.of(text)) {
            let Some(whole) = captures.get(0) else { continue };
            let before = text.get(..base + whole.start()).and_then(|text| text.chars().next_back());
            let after = text.get(base + whole.end()..).and_then(|text| text.chars().next());
            let of = |group: &str| captures.name(group);
            let (thing, name, quoted) = match (of("quoted"), of("bare"), of("title"), of("version")) {
                (Some(name), ..) => (Thing::Label, name, true),
                (_, Some(name), ..) => (Thing::Label, name, false),
                (_, _, Some(name), _) => (Thing::Milestone, name, true),
                (_, _, _, Some(name)) => (Thing::Milestone, name, false),
                _ => continue,
            };
            let apart = |c: char| !c.is_alphanumeric() && !"~/\\%=!".contains(c);
            let ends = |c: char| !c.is_alphanumeric() && !"/~=(%".contains(c);
            if !before.is_none_or(apart) || (!quoted && (block || !after.is_none_or(ends))) {
                continue;
            }
            // A reference may not end in these, which end the sentence.
            let name = name.as_str().trim_end_matches(|c| !quoted && matches!(c, '.' | '?'));
            let sure = quoted || name.contains("::");
            let around = Span::new(base + whole.start(), base + whole.end());
            push(text, thing, name, around, sure, found);
        }
    }
}

/// The lists of a data file that hold labels, and the milestones that its conditions ask for.
fn data(node: &Node, keyed: bool, found: &mut Vec<Mention>) {
    node.items().iter().for_each(|item| data(item, keyed, found));
    for entry in node.entries() {
        let own = std::slice::from_ref(&entry.value);
        match (entry.key.as_str(), &entry.value.value) {
            (key, Value::Scalar(_) | Value::List(_)) if keyed && LISTS.contains(&key) => {
                let items = if entry.value.items().is_empty() { own } else { entry.value.items() };
                items.iter().for_each(|item| scalar(Thing::Label, item, found));
            }
            ("label", Value::Scalar(_)) if keyed => scalar(Thing::Label, &entry.value, found),
            ("conditions", _) => {
                if let Some(title) = entry.value.get("milestone") {
                    scalar(Thing::Milestone, title, found);
                }
                data(&entry.value, keyed, found);
            }
            _ => data(&entry.value, keyed, found),
        }
    }
}

fn scalar(of: Thing, node: &Node, found: &mut Vec<Mention>) {
    let Some(name) = node.as_str() else { return };
    // Labels of a list in braces stand at one place.
    let names = braces::expand(name).unwrap_or_default().into_iter();
    found.extend(names.map(|name| Mention { of, name, span: node.span, sure: true }));
}
