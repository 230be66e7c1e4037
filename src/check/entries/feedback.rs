//! The feedback issue of what an item announces, which the item's text links.

use serde::Deserialize;

use super::route::Entry;
use crate::check::{Hit, Sink, View};
use crate::diagnostic::{Edit, Fix};
use crate::document::Outline;
use crate::document::flat::{Flat, sentence};
use crate::document::outline::BlockKind;
use crate::pattern::Pattern;
use crate::subject::Role;
use crate::text::Span;
use crate::yaml::Node;

/// What [`Feedback`] may report.
pub(super) const VARIANTS: [&str; 1] = ["unlinked"];

/// Where the feedback issue of an item is known from.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Feedback {
    /// The key of an item that names it.
    known: String,
    /// The keys of an item with the address of the work it announces; the first one counts.
    work: Vec<String>,
    /// A file of the checkout with issues and epics as the API gives them, a JSON list.
    issues_file: Option<String>,
    /// Labels of feedback issues.
    labels: Vec<String>,
    /// Titles of feedback issues.
    title_pattern: Pattern,
    /// The address of an issue.
    address: Pattern,
}

impl Feedback {
    /// The keys it looks at.
    pub(super) fn keys(&self) -> Vec<String> {
        self.work.iter().chain([&self.known]).cloned().collect()
    }

    /// Reports the last sentence of an item that does not link its feedback issue.
    pub(super) fn check(&self, entry: &Entry<'_>, view: View<'_>, sink: &mut Sink<'_>) {
        let text = view.doc.text();
        let work = self.work.iter().filter_map(|key| entry.node.entry(key));
        let work = work.filter(|entry| entry.value.as_str().is_some_and(|url| self.address.is_match(url)));
        let work = work.map(|entry| &entry.value).next();
        let given =
            entry.node.get(&self.known).and_then(Node::as_str).filter(|url| self.address.is_match(url));
        let (url, title) = match (given, work.and_then(Node::as_str)) {
            (Some(url), _) => (url.to_owned(), None),
            (None, None) => return,
            (None, Some(work)) => match self.looked_up(work, view) {
                Err(reason) => return sink.not_checked(reason),
                Ok(None) => return,
                Ok(Some(found)) => found,
            },
        };
        let mut outlines = view.doc.outlines().iter().filter(|outline| outline.role == Role::Body);
        let own = entry.node.get("description").map(|node| node.span);
        let of_item = |outline: &&Outline| own.is_none_or(|own| own.contains(outline.span));
        let Some(outline) = outlines.rfind(of_item) else { return };
        let Some(last) = last_sentence(text, outline) else { return };
        if links(outline.span.of(text), &url) {
            return;
        }
        let values = [("hit", last.of(text)), ("entry", entry.key()), ("key", ""), ("other", url.as_str())];
        let title = title.as_deref().unwrap_or("the feedback issue");
        // In a quoted value the sentence could not be added as it is.
        let plain = own.is_none_or(|own| own.of(text).starts_with(['|', '>']) || own == outline.span);
        let fix = plain.then(|| Fix {
            title: "Link the feedback issue".to_owned(),
            safe: false,
            edits: vec![Edit {
                span: Span::at(last.end as usize),
                text: format!(
                    " You can leave feedback in [{}]({url}).",
                    title.replace(['[', ']', '\n'], " ")
                ),
            }],
        });
        let hit = Hit::at(last, &values).variant("unlinked").fix(fix);
        sink.report(match work {
            Some(work) => hit.related(work.span, "what it announces"),
            None => hit,
        });
    }

    /// The address and title of the feedback issue that belongs to `work`, if it has one.
    fn looked_up(&self, work: &str, view: View<'_>) -> Result<Option<(String, Option<String>)>, String> {
        let unknown = "the issues that release post items announce are not known: set `issues_file`";
        let path = self.issues_file.as_deref().ok_or(unknown)?;
        let issues = view.world.tree(path).ok_or_else(|| format!("there is no list of issues in {path}"))?;
        let Some(issue) = at(&issues, work) else {
            return Err(format!("{path} lacks issues that release post items announce"));
        };
        let linked = issue.get("links").map(Node::items).unwrap_or_default();
        if let Some(found) = linked.iter().find(|node| self.is_feedback(node)) {
            return Ok(address(found).map(|url| (url.to_owned(), name(found))));
        }
        let description = issue.get("description").and_then(Node::as_str).unwrap_or_default();
        let named = self.address.hits(description).into_iter().map(|hit| hit.as_str());
        let found = named.filter_map(|url| Some((url, at(&issues, url)?)));
        let feedback = found.into_iter().find(|(_, node)| self.is_feedback(node));
        Ok(feedback.map(|(url, node)| (url.to_owned(), name(node))))
    }

    fn is_feedback(&self, issue: &Node) -> bool {
        let labels = issue.get("labels").map(Node::items).unwrap_or_default();
        let labelled =
            labels.iter().filter_map(Node::as_str).any(|label| self.labels.iter().any(|own| own == label));
        labelled || name(issue).is_some_and(|title| self.title_pattern.is_match(&title))
    }
}

/// The issue of the list with this address.
fn at<'n>(issues: &'n Node, url: &str) -> Option<&'n Node> {
    issues.items().iter().find(|issue| address(issue).is_some_and(|own| place(own) == place(url)))
}

fn address(issue: &Node) -> Option<&str> {
    issue.get("web_url").and_then(Node::as_str)
}

fn name(issue: &Node) -> Option<String> {
    issue.get("title").and_then(Node::as_str).map(str::to_owned)
}

/// An address without scheme, query and anchor, in its plain form.
fn place(url: &str) -> String {
    let url = url.split(['#', '?']).next().unwrap_or_default().trim_end_matches('/');
    plain(url.rsplit("://").next().unwrap_or(url))
}

/// Addresses in the form that all spellings share.
fn plain(text: &str) -> String {
    text.replace("/-/", "/").replace("/work_items/", "/issues/").to_lowercase()
}

/// Whether a text holds the address.
fn links(text: &str, url: &str) -> bool {
    let (text, wanted) = (plain(text), place(url));
    let ends = |at: usize| !text.get(at..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    text.match_indices(wanted.as_str()).any(|(at, _)| ends(at + wanted.len()))
}

/// The last sentence of the prose.
fn last_sentence(text: &str, outline: &Outline) -> Option<Span> {
    let prose = |kind| matches!(kind, BlockKind::Paragraph | BlockKind::ItemText);
    outline.blocks.iter().rev().filter(|block| prose(block.kind)).find_map(|block| {
        let flat = Flat::of_block(text, outline, block, true);
        let end = flat.text.trim_end().len();
        let start = sentence(&flat.text, end.checked_sub(1)?).start;
        let lead = flat.text.get(start..end)?.len() - flat.text.get(start..end)?.trim_start().len();
        // Marks of emphasis behind the last word belong to the sentence.
        let end_of_words = block.span.start as usize + block.span.of(text).trim_end().len();
        let rest = text.get(end_of_words..).unwrap_or_default();
        let last = end_of_words + rest.len() - rest.trim_start_matches(['*', '_']).len();
        Some(Span::new(flat.span(start + lead..end).start as usize, last))
    })
}
